"""Finds and loads deadlines, one edition at a time: read, checked, or refused with file and line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from knowledge.deadlines.model import Deadlines
from knowledge.deadlines.reading import read_deadlines

_ROOT = Path(__file__).parent.parent / "programmes"


class UnknownProgrammeError(LookupError):
    """There are no deadlines of this programme or edition; `known` are the programmes that there are."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(slug)


def available(root: Path = _ROOT) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every deadlines.yaml, in order."""
    return tuple(sorted((path.parts[-3], path.parts[-2]) for path in root.glob("*/*/deadlines.yaml")))


def load_deadlines(slug: str, edition: str | None = None, root: Path = _ROOT) -> Deadlines:
    """The deadlines of an edition, or of the newest.

    Raises:
        UnknownProgrammeError: there are none.
        KnowledgeError: the file can't be right; it lists every problem found.
    """
    known = available(root)
    editions = [each for programme, each in known if programme == slug and edition in (None, each)]
    if not editions:
        raise UnknownProgrammeError(slug, tuple(dict.fromkeys(programme for programme, _ in known)))
    return load_file(root / slug / max(editions, key=lambda each: (len(each), each)) / "deadlines.yaml")


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

    *_, slug, edition, name = path.parts
    deadlines = read_deadlines(content, f"knowledge/programmes/{slug}/{edition}/{name}", slug, edition)
    problems = problems_of(deadlines)
    if problems:
        raise KnowledgeError(problems)
    return deadlines
