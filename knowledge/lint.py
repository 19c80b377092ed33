"""Refuses what can't be right in the knowledge base, beyond what the loader already refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from knowledge import figures
from knowledge.answering.normalise import squash
from knowledge.outline import Outline, load_outline
from knowledge.schema import Base, Entry, Gap, Problem, Programme


def lint(base: Base, sources: Path | None = None, root: Path | None = None, today: date | None = None) -> list[Problem]:
    """What can't be right.

    Args:
        base: the knowledge base.
        sources: folder of the source texts, `<slug>.txt`; with it every figure and every weekday of an answer
            is held against the sections it cites.
        root: folder of the base, for its `outline.yaml` files; default the packaged one.
        today: the local day; with it no entry may have been verified on a later one.

    Raises:
        FileNotFoundError: there is a programme whose source text is not in `sources`.
        KnowledgeError: an outline.yaml is wrong.
    """
    problems = [*_shared_names(base)]
    for programme in base.programmes:
        problems += _shared_phrasings(programme)
        problems += _without_citation(programme)
        problems += _wrong_weekdays(programme)
        problems += _without_care(programme, today)
        if sources is not None:
            problems += _against_source(programme, load_outline(programme, sources, root))
    return sorted(problems)


def _shared_phrasings(programme: Programme) -> Iterator[Problem]:
    """A wording that stands in two entries names neither; `fold` decides what is the same wording."""
    owners: dict[str, tuple[Entry | Gap, str]] = {}
    for item in programme.items:
        for text in (item.title, *item.aliases):
            key = squash(text)
            owner, wording = owners.setdefault(key, (item, text))
            if not key:
                yield _problem(item, f"{text!r} has no character that is compared; expected words")
            elif owner is not item:
                where = f"{owner.key} ({owner.file}:{owner.line})"
                yield _problem(item, f"{text!r} is the same as {wording!r} of {where}; expected in one only")


def _without_citation(programme: Programme) -> Iterator[Problem]:
    for entry in programme.entries:
        if not entry.cite:
            yield _problem(entry, "no citation; expected the sections that the answer stands in")


def _without_care(programme: Programme, today: date | None) -> Iterator[Problem]:
    """Everything has an owner and a day on which it was held against its source, which can't lie ahead."""
    file = _head_file(programme)
    for name, value in (("owner", programme.owner), ("verified_on", programme.verified_on)):
        lacking = [item for item in programme.items if not (value or getattr(item, name))]
        if lacking:
            yield Problem(file, 1, f"no `{name}`, and {lacking[0].key} has none of its own; expected one for all")
    if today and programme.verified_on and programme.verified_on > today:
        yield Problem(file, 1, f"`verified_on` is {programme.verified_on}, after {today}; expected a day that was")
    for item in programme.items:
        if today and item.verified_on and item.verified_on > today:
            yield _problem(item, f"`verified_on` is {item.verified_on}, after {today}; expected a day that was")
        if item.valid_until and item.valid_until < programme.valid_from:
            yield _problem(item, f"`valid_until` is {item.valid_until}, before the edition; expected a later day")


def _head_file(programme: Programme) -> str:
    if not programme.items:
        return programme.id
    return f"{programme.items[0].file.rsplit('/', 2)[0]}/programme.yaml"


def _shared_names(base: Base) -> Iterator[Problem]:
    """A name belongs to one programme; the editions of a programme share theirs."""
    owners: dict[str, str] = {}
    for programme in base.programmes:
        file = _head_file(programme)
        for name in programme.names:
            if owners.setdefault(squash(name), programme.slug) != programme.slug:
                yield Problem(file, 1, f"the name {name!r} belongs to {owners[squash(name)]} too; expected one owner")
    for other in base.others:
        for name in other.names:
            if owners.setdefault(squash(name), other.name) != other.name:
                message = f"the name {name!r} belongs to {owners[squash(name)]} too; expected one owner"
                yield Problem("other_programmes.yaml", 1, f"{other.name}: {message}")


def _wrong_weekdays(programme: Programme) -> Iterator[Problem]:
    for item in programme.items:
        for day, weekday in figures.weekdays(item.answer):
            if day.year and day.weekday() != weekday:
                right = f"星期{day.weekday()}" if day.weekday() else "no such day"
                yield _problem(item, f"{day.text} is not 星期{weekday}; expected {right}")


def _against_source(programme: Programme, outline: Outline) -> Iterator[Problem]:
    for item in programme.items:
        missing = [path for path in item.cite if outline.find(path) is None]
        for path in missing:
            yield _problem(item, f"the source has no section {path!r}; expected one of its labels")
        if not missing:
            for message in unsupported(figures.in_answer(item.answer), item.cite, programme, outline):
                yield _problem(item, message)


def unsupported(
    stated: figures.Figures, cite: tuple[str, ...], programme: Programme, outline: Outline
) -> Iterator[str]:
    """Figures stated that none of the cited sections hold, as messages. The sections must be there.

    A year may stand on the title page: 「自即日起至 5 月 5 日」 of a document of 114 is 「114年5月5日」.
    「共 5 項」 may count the sections cited, or those within one. What cites nothing is held against the whole source.
    """
    cited = [outline.context(path) or "" for path in cite] or [outline.root.full_text()]
    held = figures.in_source("\n".join(cited))
    title = figures.in_source(f"{outline.opening}\n{programme.source}\n{programme.year_label}")
    years = held.years | title.years
    listed = _list_lengths(cite, outline)
    where = "、".join(cite) or "the source"
    for figure in sorted(stated.counts, key=lambda f: f.text):
        by_year = figure.family == "年" and figure.value in years
        by_list = not figure.family and figure.value in listed
        if figure.text and not (held.hold(figure) or by_year or by_list):
            yield f"{figure.text!r} stands nowhere in {where}; expected a figure of the cited sections"
    for day in sorted(stated.days, key=lambda d: d.text):
        if not held.hold_day(day, years):
            yield f"{day.text!r} stands nowhere in {where}; expected a day of the cited sections"


def _list_lengths(cited: tuple[str, ...], outline: Outline) -> set[int]:
    sections = [section for path in cited if (section := outline.find(path))]
    beside = Counter(path.rpartition("/")[0] for path in set(cited))
    return {len(section.children) for section in sections} | set(beside.values())


def _problem(item: Entry | Gap, message: str) -> Problem:
    return Problem(item.file, item.line, f"{item.key}: {message}")
