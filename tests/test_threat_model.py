"""docs/threat-model.md names defences and tests that are there, and every threat has a test."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
TEST = re.compile(r"`((?:[a-z_]+/)*test_[a-z_]+\.py)(?:::(test_\w+))?`")
FILE = re.compile(r"`((?:bot|handlers|knowledge|scheduler)/[\w/]+\.py)`")


def test_every_test_that_is_named_is_there() -> None:
    named = TEST.findall(PAGE)
    assert len(named) >= 30
    for path, function in named:
        text = (ROOT / "tests" / path).read_text("utf-8")
        assert re.search(rf"^(?:async )?def {function or 'test_'}", text, re.MULTILINE), (path, function)
        if function:
            assert re.search(rf"^(?:async )?def {function}\(", text, re.MULTILINE), (path, function)


def test_every_threat_has_a_defence_and_a_test() -> None:
    assert len(ROWS) >= 15
    for row in ROWS:
        threat, defence, tests = (cell.strip() for cell in row.strip("|").split("|"))
        assert threat
        assert defence
        assert TEST.search(tests), threat


def test_every_file_that_defends_is_there() -> None:
    for path in FILE.findall(PAGE):
        assert (ROOT / path).is_file(), path


def test_every_attack_that_is_tried_is_on_the_page() -> None:
    tried = {f"security/{path.name}" for path in (ROOT / "tests" / "security").glob("test_*.py")}
    assert tried <= {path for path, _ in TEST.findall(PAGE)}
