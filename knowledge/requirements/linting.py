"""Holds requirements against the rules of their edition and, where they are at hand, against the sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.lint import lint
from knowledge.requirements.loader import available, load_requirements
from knowledge.requirements.model import Requirement, Requirements
from knowledge.schema import Base, Entry, Problem, Programme


def lint_requirements(base: Base, sources: Path | None = None) -> list[Problem]:
    """What can't be right in the packaged requirements.

    Args:
        base: the knowledge base; what a requirement cites, some rule of its edition must cite too.
        sources: folder of the source texts, `<slug>.txt`; with it every citation must exist, and the sections
            cited must hold the figures of `mend`.

    Raises:
        KnowledgeError: a file can't be right in itself; it lists every problem found.
        FileNotFoundError: there is a programme whose source text is not in `sources`.
    """
    found: list[Problem] = []
    for slug, edition in available():
        requirements = load_requirements(slug, edition)
        programme = next((each for each in base.programmes if (each.slug, each.edition) == (slug, edition)), None)
        if programme is None:
            found.append(Problem(requirements.file, 1, f"there is no programme {slug}/{edition} in the base"))
            continue
        found += uncited(requirements, programme)
        told = replace(programme, entries=tuple(map(_as_entry, requirements.items)), gaps=())
        found += lint(Base((told,), ()), sources)
    return sorted(found)


def uncited(requirements: Requirements, programme: Programme) -> Iterator[Problem]:
    """Citations that no rule of the edition knows."""
    known = {path for entry in programme.entries for path in entry.cite}
    for item in requirements.items:
        for path in item.cite:
            if path not in known:
                message = f"{item.key}: no rule of the edition cites {path!r}; expected a section that one does"
                yield Problem(item.file, item.line, message)


def _as_entry(item: Requirement) -> Entry:
    return Entry(item.key, item.title, item.mend, item.cite, (), (), item.file, item.line)
