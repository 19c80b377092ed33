"""`xueban check`: may a school apply, and for how much. Imports no SDK, no database and no web server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from bot.commands.facts_file import read_json
from bot.commands.failures import BadInputError
from handlers.checklist import phrases
from knowledge.eligibility.engine import Finding, Result, check
from knowledge.eligibility.facts import FactsError, read_facts
from knowledge.eligibility.loader import UnknownProgrammeError, load_checklist
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.tree import Value
from knowledge.eligibility.whatif import VERDICT_WORDS
from knowledge.loader import load_base


def check_command(slug: str, facts: str, *, as_json: bool) -> None:
    """Print the verdict on the answers of a facts file (`-` is standard input).

    Raises:
        BadInputError: no such programme, or a facts file that can't be right.
    """
    try:
        checklist = load_checklist(slug)
    except UnknownProgrammeError as error:
        raise BadInputError(f"沒有「{slug}」這個計畫的檢核表；有的是：{'、'.join(error.known)}。") from None
    try:
        given = read_facts(checklist, read_json(facts))
    except FactsError as error:
        raise BadInputError(str(error)) from None
    result = check(checklist, given)
    text = json.dumps(as_data(result), ensure_ascii=False) if as_json else card(checklist, given, result)
    sys.stdout.buffer.write(f"{text}\n".encode())  # UTF-8, whatever the terminal's own encoding is


def as_data(result: Result) -> dict[str, Any]:
    """The JSON of the contract."""
    return {
        "programme": result.programme,
        "edition": result.edition,
        "verdict": result.verdict.value,
        "findings": [_finding(finding) for finding in result.findings],
        "missing": list(result.missing),
        "amounts": result.amounts,
    }


def card(checklist: Checklist, facts: dict[str, Value], result: Result) -> str:
    """The same for people: conclusion first, then what fails and what mends it, what is open, the sums."""
    programme = load_base().programme(checklist.programme, checklist.edition)
    head = f"{programme.name}（{programme.year_label}）：{VERDICT_WORDS[result.verdict]}"
    return "\n".join(
        [head, *_rules(checklist, facts, result), *_open(checklist, result), *_sums(result), *_told(result)]
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "state": finding.state.value,
        "text": finding.text,
        "citations": [{"section": section} for section in finding.cite],
    }


def _rules(checklist: Checklist, facts: dict[str, Value], result: Result) -> Iterator[str]:
    for finding in phrases.by_state(result):
        mend = phrases.advice(checklist, facts, finding)
        yield phrases.rule_line(finding, finding.text, mend, phrases.cited(finding.cite))


def _open(checklist: Checklist, result: Result) -> Iterator[str]:
    if result.missing:
        yield "還要知道："
    for key in result.missing:
        question = checklist.question(key)
        yield f"  {question.title}（{key}）：{question.unsure}"


def _sums(result: Result) -> Iterator[str]:
    if result.sums:
        yield "金額與數量："
    yield from (f"  {phrases.sum_line(each, phrases.cited(each.cite))}" for each in result.sums)


def _told(result: Result) -> Iterator[str]:
    yield from (phrases.told_line(told, phrases.cited(told.cite)) for told in result.priorities)
