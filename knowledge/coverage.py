"""Which sections of the sources no entry cites: where knowledge may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.outline import Section, load_outline
from knowledge.schema import Base, Programme


@dataclass(frozen=True)
class Uncited:
    """A section that no entry cites."""

    programme: str
    """`slug/edition`"""
    section: str
    line: int
    """Line of the source text; the first is 1."""
    heading: str
    """How it begins."""


def coverage(base: Base, sources: Path, root: Path | None = None) -> list[Uncited]:
    """Sections that no entry cites, neither itself nor as a part of a cited one.

    A section counts as cited too where one within it is: its own text is then their introduction.

    Args:
        base: the knowledge base.
        sources: folder of the source texts, `<slug>.txt`.
        root: folder of the base, for its `outline.yaml` files; default the packaged one.

    Raises:
        FileNotFoundError, KnowledgeError: as `knowledge.outline.load_outline`.
    """
    return [
        Uncited(programme.id, section.path, section.line, " ".join(section.own)[:40])
        for programme in base.programmes
        for section in load_outline(programme, sources, root).sections()
        if not _cited(section, _citations(programme))
    ]


def _citations(programme: Programme) -> set[str]:
    return {path for entry in programme.entries for path in entry.cite}


def _cited(section: Section, citations: set[str]) -> bool:
    return any(f"{section.path}/".startswith(f"{path}/") or path.startswith(f"{section.path}/") for path in citations)
