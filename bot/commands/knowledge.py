"""`xueban knowledge lint`, `coverage` and `stale`: what a curator runs before a change goes out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bot import settings
from bot.clock import TAIPEI, Clock
from bot.commands.failures import BadInputError
from knowledge.coverage import coverage as find_uncited
from knowledge.deadlines.linting import lint_deadlines
from knowledge.eligibility.citations import lint_checklists
from knowledge.eligibility.school_reading import load_school
from knowledge.forms.linting import lint_forms
from knowledge.lint import lint as find_problems
from knowledge.loader import load_base
from knowledge.requirements.linting import lint_requirements
from knowledge.schema import KnowledgeError
from knowledge.stale import Stale
from knowledge.stale import stale as find_stale


def lint(sources: Path | None = None) -> int:
    """Print each problem as `file:line: message`; exit code 1 where there is any."""
    _must_be_folder(sources)
    try:
        base = load_base()
        # Not against this machine's day: knowledge that is right must not become wrong where a clock is.
        problems = [*find_problems(base, sources), *lint_deadlines(base, sources)]
        problems += lint_checklists(base, sources)
        problems += lint_requirements(base, sources)
        problems += lint_forms(base, sources)
        load_school()
    except KnowledgeError as error:
        problems = list(error.problems)
    except FileNotFoundError as error:
        raise BadInputError(_missing(error)) from None
    for problem in problems:
        print(problem)
    if problems:
        print(f"共 {len(problems)} 個問題。", file=sys.stderr)
        return 1
    rules = sum(len(programme.entries) for programme in base.programmes)
    gaps = sum(len(programme.gaps) for programme in base.programmes)
    checked = "，數字和日期都與原文相符" if sources else ""
    print(f"沒有問題：{len(base.programmes)} 個計畫、{rules} 條規定、{gaps} 個已知缺口{checked}。")
    return 0


def coverage(sources: Path) -> None:
    """Print the sections of the sources that no entry cites, one a line."""
    _must_be_folder(sources)
    try:
        uncited = find_uncited(load_base(), sources)
    except FileNotFoundError as error:
        raise BadInputError(_missing(error)) from None
    for section in uncited:
        print(f"{section.programme} {section.section} (line {section.line}): {section.heading}")
    print(f"沒有條目引用的章節：{len(uncited)}。" if uncited else "每一節都有條目引用。")


def stale(days: int | None = None, *, as_json: bool = False) -> None:
    """Print what is due to be held against its source again, or has outlived itself, the longest due first.

    Args:
        days: how long a verification lasts; None: as each programme says.
        as_json: one JSON object a line instead of a sentence.
    """
    found = find_stale(load_base(), _day(settings.load().clock()), days)
    for each in found:
        print(json.dumps(_as_json(each), ensure_ascii=False) if as_json else _as_line(each))
    if not as_json:
        print(f"該重新核對的：{len(found)} 條。" if found else "沒有該重新核對的條目。")


def _as_json(each: Stale) -> dict[str, object]:
    days = {"verified_on": each.verified_on, "lapsed_on": each.lapsed_on}
    return {**asdict(each), **{name: day.isoformat() if day else None for name, day in days.items()}}


def _as_line(each: Stale) -> str:
    when = f"{each.verified_on}（{each.age} 天前）" if each.verified_on else "沒有核對過"
    lapsed = f"，適用到 {each.lapsed_on}，已過" if each.lapsed_on else ""
    return f"{each.file}:{each.line}: {each.ref} {each.title}：{each.owner or '沒有負責的人'}，{when}{lapsed}"


def _day(clock: Clock) -> date:
    return clock.now().astimezone(TAIPEI).date()


def _must_be_folder(sources: Path | None) -> None:
    if sources is not None and not sources.is_dir():
        raise BadInputError(f"--sources：沒有 {sources} 這個資料夾。")


def _missing(error: FileNotFoundError) -> str:
    return f"--sources：找不到 {error.filename or error}。"
