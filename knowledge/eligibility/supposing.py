"""Reads 「如果改成全線上呢」 on a finished run: which answers would be others, and which.

Without a word that supposes something it is no supposition, and neither is one that has more in it than answers:
「如果逾期怎麼辦」 asks for the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from knowledge.eligibility.agreeing import says_nothing_of_its_own
from knowledge.eligibility.engine import Facts
from knowledge.eligibility.model import Checklist, Question
from knowledge.eligibility.moments import DAY, write_datetime
from knowledge.eligibility.phrases import LONGEST, NUMERALS, clean, form, form_of
from knowledge.eligibility.picking import options_named, read_several
from knowledge.eligibility.quantities import counted_in, nouns
from knowledge.eligibility.replies import read_reply
from knowledge.eligibility.reply import Reading, beyond
from knowledge.eligibility.tree import Kind, Value

_SUPPOSES = re.compile(
    "如果|假如|假设|假使|要是|若(?!干)|倘若|万一|换成|换作|改成|改为|改采|改用|变成|的话|如若|^那.*呢[?]?$|呢[?]?$"
)
_MARKERS = re.compile(
    "如果|假如|假设|假使|要是|若是|若(?!干)|倘若|万一|换成|换作|换|改成|改为|改采|改用|变成|变为|变|的话|那么|^那|当作|当成"
)
_ASKED_AFTER = re.compile(
    "(?:会?(?:怎样|怎么样|如何|变怎样|变成怎样|有什么(?:不同|差别|影响))"
    "|(?:还|就|这样|那样|那)*(?:可以|能|会|行|符合|过|合格|能不能|可不可以)"
    "(?:申请|通过|过|补助|符合|了)*(?:吗|吧)?|结果(?:会|是)?(?:怎样|如何|什么)?|差多少|补助(?:会|变)?(?:是|变)?多少(?:钱)?)[呢啊]*$"
)
_END = re.compile("[呢啊喔哦呀?!。,~ ]+$")
_AND = re.compile("[,。;]|而且|并且|同时|、|又(?=改|换)")
_TO = re.compile("(?:增加|减少|增|减|升|降|提高|加|变|改|调整|调)(?:到|成|为|至)")
_CHANGE = re.compile(
    rf"(?<![最较至不])(?:再|又)?(?P<verb>增加|减少|多|少|加|减|扣)(?!于|那)(?=[^{NUMERALS}]{{0,6}}[{NUMERALS}]|[^{NUMERALS}]{{0,6}}半)"
)
_LESS = re.compile("少|减|扣|没|缺|除|不办|不排|取消|拿掉|去掉")
_LESS_OR_MORE = re.compile(
    "减少|少了?|扣掉|缺了?|除了?|不办|不排|取消|拿掉|去掉|增加|多了?|再?加上?|也有|也办|没有?|补上|以外"
)
_MONTH_DAY = re.compile(rf"[{NUMERALS}]月|[0-9]/[0-9]")
_NAMED, _BY_UNIT, _BY_VALUE = 100, 10, 1


@dataclass(frozen=True)
class Change:
    """One answer and what it would be instead."""

    question: Question
    before: Value | None
    after: Value


@dataclass(frozen=True)
class Supposition:
    """Exactly one of: changes, candidates (which of these questions is meant?), or a problem to tell."""

    changes: tuple[Change, ...] = ()
    candidates: tuple[Question, ...] = ()
    problem: str = ""
    """One sentence."""

    @property
    def unchanged(self) -> bool:
        """Whether the answers say so already."""
        return bool(self.changes) and all(change.before == change.after for change in self.changes)

    def applied(self, facts: Facts) -> dict[str, Value]:
        """The answers as they would be."""
        return {**facts, **{change.question.key: change.after for change in self.changes}}


@dataclass(frozen=True)
class _Candidate:
    question: Question
    score: int
    reading: Reading


def suppose(checklist: Checklist, facts: Facts, text: str, now: datetime) -> Supposition | None:
    """What a text supposes; None where it supposes nothing about the answers.

    Args:
        facts: the answers of the run.
        now: local wall time, for days such as 「明天」.
    """
    if len(clean(text[: LONGEST * 4])) > LONGEST:
        return None
    formed = form(text)
    if not _SUPPOSES.search(formed):
        return None
    whole = _body(formed)
    found = _one(checklist, facts, whole, now)
    if found is not None or not _AND.search(whole):
        return found
    parts = [_one(checklist, facts, part.strip(), now) for part in _AND.split(whole) if part.strip()]
    return _joined(parts)


def _joined(parts: list[Supposition | None]) -> Supposition | None:
    sure = [part for part in parts if part is not None]
    if len(sure) < len(parts) or not sure:
        return None
    open_ = next((part for part in sure if not part.changes), None)
    if open_ is not None:
        return open_
    changes = tuple(change for part in sure for change in part.changes)
    twice = len({change.question.key for change in changes}) < len(changes)
    return Supposition(problem="同一題說了兩個答案，請一次只改一個。") if twice else Supposition(changes)


def _body(formed: str) -> str:
    """What is supposed, without the words that suppose and that ask what comes of it."""
    body = _END.sub("", formed)
    body = _END.sub("", _ASKED_AFTER.sub("", body))
    return _MARKERS.sub("", body).strip(" ,")


def _one(checklist: Checklist, facts: Facts, body: str, now: datetime) -> Supposition | None:
    if not body:
        return None
    found = [each for question in checklist.questions for each in _candidates(question, facts, body, now)]
    best = max((each.score for each in found), default=0)
    found = [each for each in found if each.score == best]
    answered = [each for each in found if each.question.key in facts]
    found = answered or found
    if not found:
        return None
    if len(found) > 1:
        return Supposition(candidates=tuple(each.question for each in found))
    only = found[0]
    if only.reading.value is None:
        return Supposition(problem=only.reading.problem)
    return Supposition((Change(only.question, facts.get(only.question.key), only.reading.value),))


def _candidates(question: Question, facts: Facts, body: str, now: datetime) -> Iterator[_Candidate]:
    match question.kind:
        case Kind.NUMBER | Kind.HOURS:
            yield from _of_number(question, facts, body, now)
        case Kind.CHOICE:
            named = options_named(question, body)
            if named:
                yield from _if_any(question, _NAMED + _length_of_name(question, body), read_reply(question, body, now))
        case Kind.SEVERAL:
            yield from _of_several(question, facts, body)
        case Kind.YESNO:
            if not says_nothing_of_its_own(body):
                reading = read_reply(question, body, now)
                if reading.value is not None:
                    yield _Candidate(question, _NAMED + len(body), reading)
        case _:
            yield from _of_moment(question, facts, body, now)


def _of_moment(question: Question, facts: Facts, body: str, now: datetime) -> Iterator[_Candidate]:
    at = facts.get(question.key)
    if isinstance(at, int) and _MONTH_DAY.search(body):  # of the year that is answered
        now = datetime.fromordinal(at if question.kind is Kind.DATE else at // DAY)
    reading = read_reply(question, body, now)
    if question.kind is Kind.DATETIME and reading.problem and isinstance(at, int):  # another day, the same hour
        reading = read_reply(question, f"{body} {write_datetime(at)[11:16]}", now)
    if reading.value is not None or "沒有" in reading.problem:
        yield _Candidate(question, _BY_UNIT, reading)


def _if_any(question: Question, score: int, reading: Reading) -> Iterator[_Candidate]:
    if not reading.nothing:
        yield _Candidate(question, score, reading)


def _of_number(question: Question, facts: Facts, body: str, now: datetime) -> Iterator[_Candidate]:
    body = _TO.sub("", body)
    change = _CHANGE.search(body)
    reading = read_reply(question, body, now)
    if change and reading.value is None:
        rest = body[: change.start()] + body[change.end() :]
        down = _LESS.search(change["verb"]) is not None
        reading = _moved(question, facts, read_reply(question, rest, now), down=down)
        body = rest
    if reading.nothing:
        return
    noun = _length_of_name(question, body)
    score = (_NAMED + noun if noun else _BY_VALUE) + (_BY_UNIT if counted_in(question, body) else 0)
    if noun or reading.value is not None or (score > _BY_VALUE and question.key in facts):
        yield _Candidate(question, score, reading)


def _moved(question: Question, facts: Mapping[str, Value], by: Reading, *, down: bool) -> Reading:
    """The answer so much less or more; a problem where there is none to start from."""
    now = facts.get(question.key)
    if not isinstance(by.value, int):
        return by
    if not isinstance(now, int):
        return Reading(problem=f"「{question.title}」還沒有答案，請直接說改成多少。")
    then = now - by.value if down else now + by.value
    return Reading(then) if question.low <= then <= question.high else beyond(question, negative=then < 0)


def _of_several(question: Question, facts: Facts, body: str) -> Iterator[_Candidate]:
    named = options_named(question, body)
    if not named:
        return
    reading = read_several(question, _LESS_OR_MORE.sub("", body))
    if not isinstance(reading.value, frozenset):
        return
    before = facts.get(question.key, frozenset())
    assert isinstance(before, frozenset)
    if _LESS_OR_MORE.search(body):
        after = before - reading.value if _LESS.search(body) else before | reading.value
    else:
        after = reading.value
    yield _Candidate(question, _NAMED + _length_of_name(question, body), Reading(after))


def _length_of_name(question: Question, body: str) -> int:
    """Of the longest wording of this question that stands in the text."""
    names = (question.title, *question.options.values(), *nouns(question))
    return max((len(name) for name in map(form_of, names) if name in body), default=0)
