"""Holds deadlines against the rest of the base and, where they are at hand, against the sources they cite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from knowledge.deadlines.dates import Fixed
from knowledge.deadlines.loader import available, load_deadlines
from knowledge.deadlines.model import Deadline, Deadlines
from knowledge.deadlines.workdays import FILE, read_overrides
from knowledge.figures import ROC
from knowledge.lint import lint
from knowledge.schema import Base, Entry, Problem, Programme


def lint_deadlines(base: Base, sources: Path | None = None, root: Path | None = None) -> list[Problem]:
    """What can't be right in any deadlines.yaml, or in workdays.yaml.

    Args:
        base: the knowledge base, whose programmes name the days of an edition too.
        sources: folder of the source texts, `<slug>.txt`; with it every citation must exist, and the sections
            cited must hold the dates and figures.
        root: folder of the base; default the packaged one.

    Raises:
        KnowledgeError: a file that can't even be read as deadlines.
        FileNotFoundError: there is a programme whose source text is not in `sources`.
    """
    read_overrides(FILE.read_bytes())
    problems: list[Problem] = []
    folders = {} if root is None else {"root": root / "programmes"}
    for slug, edition in available(**folders):
        deadlines, programme = load_deadlines(slug, edition, **folders), base.programme(slug, edition)
        problems += _other_days(deadlines, programme)
        told = replace(programme, entries=tuple(map(_as_entry, deadlines.deadlines)), gaps=())
        problems += lint(Base((told,), ()), sources, root)
    return sorted(problems)


def _other_days(deadlines: Deadlines, programme: Programme) -> Iterator[Problem]:
    for name, ours, theirs in (
        ("from", deadlines.valid_from, programme.valid_from),
        ("until", deadlines.valid_until, programme.valid_until),
    ):
        if ours != theirs:
            file = deadlines.deadlines[0].file
            yield Problem(file, 1, f"`{name}` is {ours}, but programme.yaml has {theirs}; expected the same day")


def _as_entry(deadline: Deadline) -> Entry:
    """A deadline as an answer, so that it is judged like one. Titles may be shared here, places are not."""
    place = f"{deadline.file}:{deadline.line}"
    told = f"{_figures(deadline)}。{deadline.note}"
    return Entry(deadline.key, place, told, deadline.cite, (), (), deadline.file, deadline.line)


def _figures(deadline: Deadline) -> str:
    if isinstance(deadline.due, Fixed):
        return _day(deadline.due.at, deadline.note)
    said = [f"{deadline.due.months} 個月"] if deadline.due.months else []
    said += [f"{deadline.due.days} 日"] if deadline.due.days else []
    said += [_day(deadline.due.cap, deadline.note)] if deadline.due.cap else []
    return "、".join(said)


def _day(moment: datetime, note: str) -> str:
    """The day as sources write it; the last of a month as its month, where the note says so (2月底)."""
    month = f"{moment.year - ROC}年{moment.month}月"
    by_month = f"{month}底" in note and (moment + timedelta(days=1)).day == 1
    return month if by_month else f"{month}{moment.day}日"
