"""Reads `school.yaml`: YAML to frozen objects, held against the checklists, or problems with file and line.

questions: as in a checklist
programmes:
  - programme: onsite-mentoring
    facts:                        # what its checklist learns
      - fact: level               # a question of the checklist
        from: level               # a shared question
        values: {complete: senior_high, special_education: null, …}   # every answer; null leaves it open
        when: public              # optional: else the fact stays open
      - {fact: authority, from: authority}                            # no values: the same value
    rules: …                      # optional, as in a checklist, over the shared questions
    notes: …                      # optional, as a checklist's priorities
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from knowledge import cache
from knowledge.eligibility.engine import world_of
from knowledge.eligibility.expression import parse_condition
from knowledge.eligibility.facts import FactsError, read_answer
from knowledge.eligibility.fields import PRIORITY, QUESTION, RULE, FieldReader
from knowledge.eligibility.loader import available, load_checklist
from knowledge.eligibility.model import Checklist, Priority, Question, Rule
from knowledge.eligibility.reading import _Builder
from knowledge.eligibility.school import Giving, SchoolQuestions, Share, sheet_of
from knowledge.eligibility.search import can_be_true
from knowledge.eligibility.tree import Kind, Value, names
from knowledge.eligibility.wording import unknown_placeholder
from knowledge.reading import Field, Reader, Record
from knowledge.schema import KnowledgeError, Problem

_ROOT = Path(__file__).parent.parent
_TEXT, _RECORDS = Field("text"), Field("records")
_MAYBE, _MAYBE_RECORDS = Field("text", required=False), Field("records", required=False)
_TOP = {"questions": _RECORDS, "programmes": _RECORDS}
_PROGRAMME = {"programme": _TEXT, "facts": _MAYBE_RECORDS, "rules": _MAYBE_RECORDS, "notes": _MAYBE_RECORDS}
_FACT = {"fact": _TEXT, "from": _TEXT, "values": Field(cast(Any, "facts"), required=False), "when": _MAYBE}
_TRUTHS = {"true": True, "false": False}


def load_school(root: Path = _ROOT) -> SchoolQuestions:
    """The shared questions of this knowledge folder, held against the newest checklist of every programme.

    Raises:
        KnowledgeError: school.yaml or a checklist can't be right, or there is none; it lists every problem found.
    """
    programmes = root / "programmes"
    slugs = dict.fromkeys(slug for slug, _ in available(programmes))
    checklists = {slug: load_checklist(slug, root=programmes) for slug in slugs}
    path, file = root / "school.yaml", "knowledge/school.yaml"
    if not path.is_file():
        raise KnowledgeError([Problem(file, 1, "no such file; expected the shared questions about a school")])
    content = path.read_bytes()
    return read_school(content, file, checklists, cache.digest(content))


def read_school(
    content: bytes, file: str, checklists: Mapping[str, Checklist], fingerprint: str = ""
) -> SchoolQuestions:
    """The shared questions that this file says.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    reader = FieldReader(file, problems)
    top = reader.document(content, _TOP)
    if top is None:
        raise KnowledgeError(problems)
    builder = _SchoolBuilder(reader, checklists)
    questions = builder.each(top, "questions", QUESTION, builder.question)
    builder.asked = sheet_of(questions)
    shares = dict(builder.each(top, "programmes", _PROGRAMME, builder.share))
    if not problems:
        problems += _left_out(file, checklists, shares)
        problems += _unread(questions, shares.values())
    if problems:
        raise KnowledgeError(problems)
    return SchoolQuestions(questions, shares, fingerprint)


class _SchoolBuilder(_Builder):
    """Also turns the records of programmes into shares."""

    def __init__(self, reader: Reader, checklists: Mapping[str, Checklist]) -> None:
        super().__init__(reader)
        self.checklists = checklists
        self.asked = sheet_of(())

    def share(self, record: Record) -> tuple[str, Share] | None:
        slug = record.values["programme"]
        target = self.checklists.get(slug)
        if target is None:
            known = ", ".join(self.checklists)
            self.reader.report(record.lines["programme"], f"no checklist of {slug!r}; expected one of {known}")
            return None
        self._once(record, "programme", "programme", slug)
        givings = self.each(record, "facts", _FACT, lambda fact: self.giving(target, fact))
        rules = self.each(record, "rules", RULE, self.rule)
        notes = self.each(record, "notes", PRIORITY, self.priority)
        own = replace(self.asked, programme=slug, edition=target.edition, rules=rules, priorities=notes)
        self.reader.problems += _senseless(own)
        return slug, Share(givings, own)

    def giving(self, target: Checklist, record: Record) -> Giving | None:
        values = record.values
        self._once(record, "fact", f"fact of {target.programme}", values["fact"])
        fact = target.by_key.get(values["fact"])
        source = self.asked.by_key.get(values["from"])
        for name, found, where in (("fact", fact, target.by_key), ("from", source, self.asked.by_key)):
            if found is None:
                self.reader.report(record.lines[name], f"no question {values[name]!r}; known are {', '.join(where)}")
        when = self._expression(record, "when", parse_condition)
        if fact is None or source is None:
            return None
        if "values" not in values:
            if not _as_is(source, fact):
                self.reader.report(record.line, f"`{source.key}` is no answer to `{fact.key}`; expected `values`")
            return Giving(fact.key, source.key, None, when)
        return Giving(fact.key, source.key, self._images(record, source, fact), when)

    def _images(self, record: Record, source: Question, fact: Question) -> dict[Value, Value | None]:
        line, given = record.lines["values"], record.values["values"]
        possible: dict[str, Value] = (
            dict(_TRUTHS) if source.kind is Kind.YESNO else {key: key for key in source.options}
        )
        if source.kind not in (Kind.YESNO, Kind.CHOICE):
            self.reader.report(line, f"`values` of a {source.kind}; expected none, or a yesno or choice to map")
            return {}
        for key in given:
            if key not in possible:
                self.reader.report(line, f"`{source.key}` has no answer {key!r}; known are {', '.join(possible)}")
        for key in possible:
            if key not in given:
                self.reader.report(line, f"answer `{key}` is not mapped; map it, or leave it open with `{key}: null`")
        if all(value is None for value in given.values()):
            self.reader.report(line, f"`{fact.key}` is never given; expected an answer that gives it")
        return {value: self._image(line, fact, given.get(key)) for key, value in possible.items()}

    def _image(self, line: int, fact: Question, given: Any) -> Value | None:
        try:
            return None if given is None else read_answer(fact, given)
        except FactsError as error:
            self.reader.report(line, f"{given!r} is no answer to `{fact.key}`: {error}")
            return None

    def _once(self, record: Record, name: str, space: str, key: str) -> None:
        first = self.seen.setdefault((space, key), record.line)
        if first != record.line:
            self.reader.report(record.lines[name], f"{key!r} stands in line {first} too; keep one")


def _as_is(source: Question, fact: Question) -> bool:
    """Whether every answer to the one is an answer to the other."""
    if source.kind is not fact.kind:
        return False
    return set(source.options) <= set(fact.options) and fact.low <= source.low and source.high <= fact.high


def _senseless(own: Checklist) -> Iterator[Problem]:
    """Rules and notes that decide nothing, or whose texts can't be filled."""
    world = world_of(own, {})
    for rule in own.rules:
        for node, what in ((rule.fails, "fail"), (rule.needs, "pass")):
            if not can_be_true(node, world):
                yield Problem(rule.file, rule.line, f"rule `{rule.key}` can never {what}")
    for note in own.priorities:
        if not can_be_true(note.when, world):
            yield Problem(note.file, note.line, f"note `{note.key}` can never be told")
    for rule in own.rules:
        yield from _unfilled(own, rule, rule.fail, rule.passed, rule.caution)
    for note in own.priorities:
        yield from _unfilled(own, note, note.text)


def _unfilled(own: Checklist, owner: Rule | Priority, *texts: str) -> Iterator[Problem]:
    for text in texts:
        unknown = unknown_placeholder(text, own)
        if unknown is not None:
            yield Problem(owner.file, owner.line, f"placeholder {{{unknown}}} is no shared question")


def _left_out(file: str, checklists: Mapping[str, Checklist], shares: Mapping[str, Share]) -> Iterator[Problem]:
    for slug in checklists:
        if slug not in shares:
            yield Problem(file, 1, f"nothing of `{slug}`; expected `- programme: {slug}` and the facts it is given")


def _unread(questions: tuple[Question, ...], shares: Iterable[Share]) -> Iterator[Problem]:
    read: set[str] = set()
    for share in shares:
        read |= {giving.source for giving in share.givings} | names(*(giving.when for giving in share.givings))
        read |= names(*(rule.holds for rule in share.own.rules))
    read |= names(*(question.only_if for question in questions if question.key in read))
    for question in questions:
        if question.key not in read:
            yield Problem(question.file, question.line, f"no programme is given or ruled out by `{question.key}`")
