"""Fits the weights of ranking to labelled questions; prints them beside those in use.

    python -m tests.bench.fit FILE.jsonl [...]

The files have the form of `tests/knowledge/questions`, but must not be those: a set that weights were fitted to says
nothing of them any more. Maximum likelihood of a multinomial logit by gradient ascent; a question's right candidates
are those whose answer matches, or every known gap and "none" where nothing in the base answers it.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.answering.asked import understand
from knowledge.answering.engine import Answerer
from knowledge.answering.naming import Names
from knowledge.answering.ranking import FEATURES, NONE, NONE_WHERE_NO_PROGRAMME_IS_NAMED, WEIGHTS, Candidate, candidates
from knowledge.answering.words import load_vocabulary
from knowledge.loader import load_base

Matrix = npt.NDArray[np.float64]

NAMES = (*FEATURES, "none", "none, no programme named")
ROUNDS, STEP, MOMENTUM, SHRINK = 800, 0.6, 0.9, 2e-4
NEAR_COUNTS = 3.0
"""Weight of a question out of scope: they are few, and a wrong assertion there costs most."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidates, one row each with "none" as the last, and which of them are right."""

    rows: Matrix
    right: Matrix
    weight: float


def examples(paths: Sequence[Path]) -> Iterator[Example]:
    """Single questions of the files; dialogues are left out."""
    answerer, vocabulary = Answerer(load_base()), load_vocabulary()
    names = Names(answerer.base)
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            if "turns" in row:
                continue
            folded = vocabulary.read(row["q"])
            named = names.find(folded)
            asked = understand(named, folded, None, slugs=answerer.editions.slugs, vocabulary=vocabulary)
            found = [c for slug, q in asked.questions.items() for c in candidates(answerer.editions.choose(slug), q)]
            yield _example(found, tuple(row.get("must", ())), is_open=asked.open)


def _example(found: Sequence[Candidate], must: tuple[str, ...], *, is_open: bool) -> Example:
    rows = np.zeros((len(found) + 1, len(NAMES)))
    for number, candidate in enumerate(found):
        rows[number, : len(FEATURES)] = candidate.features
    rows[-1, -2:] = 1.0, float(is_open)
    right = [_is_right(candidate, must) for candidate in found]
    return Example(rows, np.array([*right, not must], dtype=float), 1.0 if must else NEAR_COUNTS)


def _is_right(candidate: Candidate, must: tuple[str, ...]) -> bool:
    if candidate.is_gap or not must:
        return candidate.is_gap and not must
    text = unicodedata.normalize("NFKC", candidate.shelf.items[candidate.number].answer)
    return all(re.search(unicodedata.normalize("NFKC", pattern), text) for pattern in must)


def in_use() -> Matrix:
    """The weights that ranking has now."""
    return np.array([*(WEIGHTS[name] for name in FEATURES), NONE, NONE_WHERE_NO_PROGRAMME_IS_NAMED - NONE])


def fit(data: Sequence[Example], start: Matrix) -> Matrix:
    """Weights under which the right candidates are most probable."""
    weights, speed = start.copy(), np.zeros_like(start)
    usable = [example for example in data if example.right.any()]
    total = sum(example.weight for example in usable)
    for _ in range(ROUNDS):
        slope = np.zeros_like(weights)
        for example in usable:
            probable = _softmax(example.rows @ weights)
            wanted = probable * example.right
            slope += example.weight * (example.rows.T @ (wanted / wanted.sum() - probable))
        speed = MOMENTUM * speed + slope / total - SHRINK * weights
        weights += STEP * speed
    return weights


def _softmax(scores: Matrix) -> Matrix:
    powers: Matrix = np.exp(scores - scores.max())
    shares: Matrix = powers / powers.sum()
    return shares


def main(arguments: Sequence[str]) -> None:
    """Print a table of weights."""
    data = list(examples([Path(argument) for argument in arguments]))
    fitted = fit(data, in_use())
    print(f"{'weight':28}{'in use':>10}{'fitted':>10}   ({len(data)} questions)")
    for name, old, new in zip(NAMES, in_use(), fitted, strict=True):
        print(f"{name:28}{old:10.2f}{new:10.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
