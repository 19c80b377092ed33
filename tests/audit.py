"""`make audit`: asks whether anything in constraints.txt has a known hole, and says in one line what came of it.

`pip-audit` fails alike for a hole and for a network that is away, so its answer is read: a hole ends with 1. What an
index does not know (a mirror without advisories) could not be looked at, and is counted, not a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 25
CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
SKIPPED = "pip-audit: skipped, {why}"
FOUND = "pip-audit: {holes} known holes in {looked} packages"
CLEAN = "pip-audit: no known hole in {looked} packages; {unknown} could not be looked at here"


def verdict(answer: str) -> tuple[int, list[str]]:
    """Exit code and lines for what `pip-audit --format json` wrote; nothing readable means that it reached nobody."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 0, [SKIPPED.format(why="no answer from the index")]
    looked = [each for each in packages if "skip_reason" not in each]
    holes = [f"{each['name']} {each['version']}: {hole['id']}" for each in looked for hole in each.get("vulns", ())]
    if holes:
        return 1, [*holes, FOUND.format(holes=len(holes), looked=len(looked))]
    if not looked:
        return 0, [SKIPPED.format(why=f"the index knows nothing of the {len(packages)} packages")]
    return 0, [CLEAN.format(looked=len(looked), unknown=len(packages) - len(looked))]


def main() -> int:
    """Run it with the interpreter's own environment."""
    options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json", "--timeout", "5"]
    command = [sys.executable, "-m", "pip_audit", "-r", str(CONSTRAINTS), *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        print(SKIPPED.format(why=f"no answer within {SECONDS} s"))
        return 0
    code, lines = verdict(done.stdout)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
