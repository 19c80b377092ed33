"""Finds and loads deadlines, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from knowledge.deadlines.model import Deadlines
from knowledge.deadlines.reading import read_deadlines
from knowledge.files import PROGRAMMES, UnknownProgrammeError, editions, find, label

__all__ = ["UnknownProgrammeError", "available", "load_deadlines", "load_file"]


def available(root: Path = PROGRAMMES) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every deadlines.yaml, in order."""
    return editions("deadlines.yaml", root)


def load_deadlines(slug: str, edition: str | None = None, root: Path = PROGRAMMES) -> Deadlines:
    """The deadlines of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there are none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    return load_file(find("deadlines.yaml", slug, edition, root))


def load_file(path: Path) -> Deadlines:
    """The deadlines of this file, read and checked, its examples included.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    return _load(path.resolve(), path.read_bytes())


@lru_cache(maxsize=64)
def _load(path: Path, content: bytes) -> Deadlines:
    """Kept by content, so that planning for many schools reads a file once and an edit is never missed."""
    from knowledge.deadlines.checking import problems_of
    from knowledge.schema import KnowledgeError

    *_, slug, edition, _ = path.parts
    deadlines = read_deadlines(content, label(path), slug, edition)
    problems = problems_of(deadlines)
    if problems:
        raise KnowledgeError(problems)
    return deadlines
