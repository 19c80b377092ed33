"""Finds and loads checklists, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from pathlib import Path

from knowledge import cache
from knowledge.eligibility.checking import problems_of
from knowledge.eligibility.model import Checklist
from knowledge.eligibility.reading import read_checklist
from knowledge.schema import KnowledgeError

_ROOT = Path(__file__).parent.parent / "programmes"


class UnknownProgrammeError(LookupError):
    """There is no checklist of this programme or edition; `known` are those that there are."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(slug)


def available(root: Path = _ROOT) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every checklist, in order."""
    return tuple(sorted((path.parts[-3], path.parts[-2]) for path in root.glob("*/*/checklist.yaml")))


def load_checklist(slug: str, edition: str | None = None, root: Path = _ROOT) -> Checklist:
    """The checklist of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there is none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    known = available(root)
    editions = [each for programme, each in known if programme == slug and edition in (None, each)]
    if not editions:
        raise UnknownProgrammeError(slug, tuple(dict.fromkeys(programme for programme, _ in known)))
    return load_file(root / slug / max(editions, key=lambda each: (len(each), each)) / "checklist.yaml")


def load_file(path: Path) -> Checklist:
    """The checklist of this file, read and checked.

    Raises:
        KnowledgeError: it can't be right; it lists every problem found.
    """
    content = path.read_bytes()
    *_, slug, edition, name = path.resolve().parts
    label = f"knowledge/programmes/{slug}/{edition}/{name}"
    checklist = read_checklist(content, label, slug, edition, cache.digest(content))
    problems = problems_of(checklist)
    if problems:
        raise KnowledgeError(problems)
    return checklist
