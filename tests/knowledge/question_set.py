"""The project's own questions: written by people who had not seen the base, and never turned into aliases.

One JSON object a line: `q` and `must` (regular expressions that a right answer matches, all of them), or `oos`
(`near`, `far`: nothing in the base answers it), or `turns` (a dialogue, of which the last turn is judged).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Answer, Status

FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True, slots=True)
class Case:
    """One question or dialogue, and what a right answer holds."""

    programme: str
    turns: tuple[str, ...]
    must: tuple[str, ...]
    """Empty where the base does not answer it."""

    @property
    def in_scope(self) -> bool:
        """Whether the base answers it."""
        return bool(self.must)

    @property
    def is_dialogue(self) -> bool:
        """Whether it leans on what was said before."""
        return len(self.turns) > 1

    def ask(self, answerer: Answerer) -> Answer:
        """The answer to the last turn."""
        answer, focus = None, None
        for turn in self.turns:
            answer = answerer.answer(turn, focus)
            focus = answer.focus
        assert answer is not None
        return answer

    def hit(self, answer: Answer) -> bool:
        """Whether an answer is asserted and right."""
        text = unicodedata.normalize("NFKC", answer.text)
        return answer.status is Status.ANSWERED and all(
            re.search(unicodedata.normalize("NFKC", must), text) for must in self.must
        )


def cases() -> Iterator[Case]:
    """All questions of the set."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            if "turns" in row:
                turns = tuple(turn["q"] for turn in row["turns"])
                yield Case(file.stem, turns, tuple(row["turns"][-1].get("must", ())))
            else:
                yield Case(file.stem, (row["q"],), tuple(row.get("must", ())))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of the questions in scope (`hit`, `wrong`) and out of it (`refused`)."""

    hit: float
    wrong: float
    refused: float
    count: int


def measure(answerer: Answerer, asked: list[Case]) -> Figures:
    """Ask all and count."""
    seen: Counter[str] = Counter()
    for case in asked:
        answer = case.ask(answerer)
        asserted = answer.status is Status.ANSWERED
        if case.in_scope:
            seen["in"] += 1
            seen["hit"] += case.hit(answer)
            seen["wrong"] += asserted and not case.hit(answer)
        else:
            seen["out"] += 1
            seen["refused"] += not asserted
    share = {name: seen[name] / (seen["in"] or 1) for name in ("hit", "wrong")}
    return Figures(share["hit"], share["wrong"], seen["refused"] / (seen["out"] or 1), len(asked))
