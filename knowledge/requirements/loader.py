"""Finds and loads requirements, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge.requirements.checking import problems_of
from knowledge.requirements.model import Requirements
from knowledge.requirements.reading import read_requirements
from knowledge.schema import KnowledgeError

_ROOT = Path(__file__).parent.parent / "programmes"


class UnknownProgrammeError(LookupError):
    """There are no requirements of this programme or edition; `known` are the programmes that have some."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(slug)


def available(root: Path = _ROOT) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every requirements file, in order."""
    return tuple(sorted((path.parts[-3], path.parts[-2]) for path in root.glob("*/*/requirements.yaml")))


def load_requirements(slug: str, edition: str | None = None, root: Path = _ROOT) -> Requirements:
    """The requirements of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there are none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    known = available(root)
    editions = [each for programme, each in known if programme == slug and edition in (None, each)]
    if not editions:
        raise UnknownProgrammeError(slug, tuple(dict.fromkeys(programme for programme, _ in known)))
    return load_file(root / slug / max(editions, key=lambda each: (len(each), each)) / "requirements.yaml")


def load_file(path: Path) -> Requirements:
    """The requirements of this file, read and checked.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    *_, slug, edition, name = path.resolve().parts
    label = f"knowledge/programmes/{slug}/{edition}/{name}"
    requirements = read_requirements(path.read_bytes(), label, slug, edition)
    problems = problems_of(requirements)
    if problems:
        raise KnowledgeError(problems)
    return requirements
