"""Finds and loads requirements, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge.files import PROGRAMMES, UnknownProgrammeError, editions, find, label
from knowledge.requirements.checking import problems_of
from knowledge.requirements.model import Requirements
from knowledge.requirements.reading import read_requirements
from knowledge.schema import KnowledgeError

__all__ = ["UnknownProgrammeError", "available", "load_file", "load_requirements"]


def available(root: Path = PROGRAMMES) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every requirements file, in order."""
    return editions("requirements.yaml", root)


def load_requirements(slug: str, edition: str | None = None, root: Path = PROGRAMMES) -> Requirements:
    """The requirements of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there are none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    return load_file(find("requirements.yaml", slug, edition, root))


def load_file(path: Path) -> Requirements:
    """The requirements of this file, read and checked.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    *_, slug, edition, _ = path.resolve().parts
    requirements = read_requirements(path.read_bytes(), label(path), slug, edition)
    problems = problems_of(requirements)
    if problems:
        raise KnowledgeError(problems)
    return requirements
