# Everything lives in .venv; only Python (>= 3.11, < 3.14) and make are assumed.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PORT ?= 8080

.PHONY: install run demo test check audit bench torture format clean

install: .venv/.installed

.venv/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

run: install
	$(BIN)/xueban migrate
	$(BIN)/xueban serve --port $(PORT)

# Invented data in data/demo.db, made anew each time; only this machine reaches it.
demo: install
	$(BIN)/xueban demo --again --port $(PORT)

# Three at once on two cores: much of the time is spent waiting for disks, servers and browsers.
test: install
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/xueban knowledge lint
	$(BIN)/bandit -q -r bot handlers knowledge scheduler -c pyproject.toml
	@$(MAKE) --no-print-directory audit

# Known holes in what we depend on. Fails where one is found; without a network it says so and is no failure.
audit: install
	$(BIN)/python -m tests.audit

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m tests.bench

torture: install
	$(BIN)/python -m pytest -m torture
	XUEBAN_EXAMPLES=20 $(BIN)/python -m pytest -n 3 --dist worksteal -m "hypothesis and not torture"

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
