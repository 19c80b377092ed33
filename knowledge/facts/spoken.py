"""One line that states a fact: 「核定日期是 9/15」, 「核心教師 8 人」, 「第二學期 2/11 開學」.

Strict: the line must name one fact, and all the rest of it must be the answer. A question, a line of log, or words
about anything else state nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge.eligibility.facts import write_answer
from knowledge.eligibility.phrases import asks, form
from knowledge.eligibility.replies import read_reply
from knowledge.facts.model import Fact
from knowledge.spoken import intent, letters
from knowledge.spoken.line import parse_line

LONGEST = 60
"""Characters of one fact that is stated."""
MOST = 6
_SEMESTER = re.compile(
    r"(?:\d{2,3}\s*(?:學年度?|年度?)?\s*)?(?:第\s*[一二12]\s*學期|[上下這本]一?個?學期|\d{3}-[12](?!\d))\s*的?"
)
_WHOSE = re.compile(r"\A\s*(?:我們|我|本校|我校|敝校)?(?:學校|這邊|這次|今年)?的?\s*")
_IS = re.compile(
    r"\A\s*(?:的?(?:日期|時間|日子))?\s*(?:已經|應該|就)?\s*(?:改成|改為|改到|訂在|訂為|定在|定為|是在|是|為|在|於|:|=|,)\s*"
)
_ENDS = re.compile(r"[\s。.!~,]*(?:了|喔|哦|唷|謝謝)?[\s。.!~]*\Z")
_SAYS_ITS_KIND = ("日", "日期", "人數")
"""How a name ends that can't be an activity."""
_PARTS = re.compile(r"[,，;；。\n]+")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a line states of a fact."""

    key: str
    value: Any = None
    """As JSON has it; None where there is a problem."""
    problem: str = ""
    """One sentence: what is wrong with the answer, and how to give it."""


def read_facts(facts: Sequence[Fact], text: str, now: datetime) -> tuple[Stated, ...]:
    """The facts that a message states, each once; nothing where any of it is about something else.

    Args:
        facts: that may be meant.
        now: local wall time; for days such as 「昨天」, and the year of 「9/15」.
    """
    if len(text) > LONGEST * MOST:
        return ()
    whole = read_line(facts, text, now)
    if whole is not None:
        return (whole,)
    parts = [part for part in _PARTS.split(text) if part.strip()]
    found = [read_line(facts, part, now) for part in parts] if 1 < len(parts) <= MOST else []
    stated = [each for each in found if each is not None]
    return tuple(stated) if len(stated) == len(parts) == len({each.key for each in stated}) else ()


def read_line(facts: Sequence[Fact], text: str, now: datetime) -> Stated | None:
    """The fact that one line states; None where it states none, or it is open which."""
    folded = letters.fold(text)
    if not 0 < len(folded.strip()) <= LONGEST or intent.is_question(folded, whole=False) or asks(form(text)):
        return None
    named = _named(facts, folded)
    if named is None:
        return None
    fact, (start, end) = named
    if _is_log(text, folded[start:end], now):
        return None
    before, behind = _WHOSE.sub("", _SEMESTER.sub("", folded[:start]), count=1), folded[end:]
    rest = f"{before.strip()} {_IS.sub('', _SEMESTER.sub('', behind), count=1)}"
    answer = _ENDS.sub("", rest).strip(" :=,")
    if not answer or intent.names_a_meeting(answer):
        return None
    found = read_reply(fact, answer, now)
    if found.problem:
        # A slip of the day is told only to whoever clearly began to state the fact.
        return Stated(fact.key, problem=found.problem) if not before.strip() else None
    return None if found.value is None else Stated(fact.key, write_answer(fact, found.value))


def _is_log(text: str, name: str, now: datetime) -> bool:
    """Whether it is rather a line of log: 「9/10 第一次入校」 is one, 「第一次入校日是 9/10」 states the day."""
    log = parse_line(text, now)
    return log.is_log and (log.draft.minutes is not None or not name.endswith(_SAYS_ITS_KIND))


def _named(facts: Iterable[Fact], folded: str) -> tuple[Fact, tuple[int, int]] | None:
    """The one fact that a text names, and where: the longest name that fits; None where it names two, or none."""
    found: dict[str, tuple[Fact, tuple[int, int]]] = {}
    for fact in facts:
        places = [
            (place, place + len(name))
            for name in map(letters.fold, (fact.title, *fact.names))
            if (place := folded.find(name)) >= 0
        ]
        if places:
            found[fact.key] = (fact, max(places, key=lambda span: span[1] - span[0]))
    if not found:
        return None
    best, (start, end) = max(found.values(), key=lambda each: each[1][1] - each[1][0])
    others = [span for fact, span in found.values() if fact.key != best.key]
    return (best, (start, end)) if all(start <= first and last <= end for first, last in others) else None
