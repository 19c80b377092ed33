"""What a follow-up means: the same of somebody else, or something else of the same."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.answering.asked import PARTIES
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Focus
from knowledge.loader import load_base

NOW = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)


@cache
def answerer() -> Answerer:
    return Answerer(load_base())


def refs(*questions: str) -> list[str]:
    found: list[str] = []
    focus: Focus | None = None
    for question in questions:
        answer = answerer().answer(question, focus, NOW)
        found.append(answer.ref)
        focus = answer.focus or focus
    return found


@pytest.mark.parametrize("first", ["跨校遠距補助多少錢", "遠距教學的開課學校可以拿多少經費"])
def test_and_somebody_else_is_asked_the_same(first: str) -> None:
    assert refs(first, "那合作學校呢？")[1] == refs("跨校遠距的合作學校補助多少錢")[0]


def test_and_something_else_is_another_question() -> None:
    assert refs("跨校遠距補助多少錢", "那申請期限呢？")[1] == refs("跨校遠距的申請期限")[0]


def test_who_is_asked_about_is_in_the_vocabulary() -> None:
    concepts = yaml.safe_load((Path(knowledge.__file__).parent / "vocabulary.yaml").read_text(encoding="utf-8"))[
        "concepts"
    ]
    assert {party.removeprefix("#") for party in PARTIES} <= set(concepts)
