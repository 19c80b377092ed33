"""Finds and loads checklists, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge import cache
from knowledge.eligibility.checking import problems_of
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.reading import read_checklist
from knowledge.files import PROGRAMMES, UnknownProgrammeError, editions, find, label
from knowledge.schema import KnowledgeError

__all__ = ["UnknownProgrammeError", "available", "load_checklist", "load_file"]


def available(root: Path = PROGRAMMES) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every checklist, in order."""
    return editions("checklist.yaml", root)


def load_checklist(slug: str, edition: str | None = None, root: Path = PROGRAMMES) -> Checklist:
    """The checklist of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there is none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    return load_file(find("checklist.yaml", slug, edition, root))


def load_file(path: Path) -> Checklist:
    """The checklist of this file, read and checked.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    content = path.read_bytes()
    *_, slug, edition, _ = path.resolve().parts
    checklist = read_checklist(content, label(path), slug, edition, cache.digest(content))
    problems = problems_of(checklist)
    if problems:
        raise KnowledgeError(problems)
    return checklist
