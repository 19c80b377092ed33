"""`xueban knowledge lint` and `coverage`: what a curator runs before a change goes out."""

from __future__ import annotations

import sys
from pathlib import Path

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


def lint(sources: Path | None = None) -> int:
    """Print each problem as `file:line: message`; exit code 1 where there is any."""
    _must_be_folder(sources)
    try:
        base = load_base()
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


def _must_be_folder(sources: Path | None) -> None:
    if sources is not None and not sources.is_dir():
        raise BadInputError(f"--sources：沒有 {sources} 這個資料夾。")


def _missing(error: FileNotFoundError) -> str:
    return f"--sources：找不到 {error.filename or error}。"
