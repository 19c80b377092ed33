"""`python -m knowledge.eligibility FILE…`: what a curator runs while writing a checklist."""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge.eligibility.checking import uncovered
from knowledge.eligibility.loader import load_file
from knowledge.schema import KnowledgeError


def main(paths: list[str]) -> int:
    """Print each problem as `file:line: message`; 1 where there is any."""
    wrong = 0
    for path in paths:
        try:
            checklist = load_file(Path(path))
        except KnowledgeError as error:
            print(error)
            wrong += 1
            continue
        bare = uncovered(checklist)
        print(*bare, sep="\n" if bare else "")
        wrong += bool(bare)
        print(f"{path}: {len(checklist.questions)} questions, {len(checklist.rules)} rules, "
              f"{len(checklist.amounts)} amounts, {len(checklist.examples)} examples")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
