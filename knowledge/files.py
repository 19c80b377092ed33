"""Where the files of each programme's editions lie: `programmes/<slug>/<edition>/<name>`."""

from __future__ import annotations

from pathlib import Path

PROGRAMMES = Path(__file__).parent / "programmes"


class UnknownProgrammeError(LookupError):
    """There is no such file of this programme or edition; `known` are the programmes that have one."""

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.known = known
        super().__init__(slug)


def editions(name: str, root: Path = PROGRAMMES) -> tuple[tuple[str, str], ...]:
    """Programme and edition of every file of this name, in order."""
    return tuple(sorted((path.parts[-3], path.parts[-2]) for path in root.glob(f"*/*/{name}")))


def find(name: str, slug: str, edition: str | None = None, root: Path = PROGRAMMES) -> Path:
    """The file of an edition, or of the newest that has one.

    Raises:
        UnknownProgrammeError: there is none.
    """
    known = editions(name, root)
    found = [each for programme, each in known if programme == slug and edition in (None, each)]
    if not found:
        raise UnknownProgrammeError(slug, tuple(dict.fromkeys(programme for programme, _ in known)))
    return root / slug / max(found, key=lambda each: (len(each), each)) / name


def label(path: Path) -> str:
    """How a refusal names a file, whatever machine it lies on: `knowledge/programmes/<slug>/<edition>/<name>`."""
    return "/".join(("knowledge", "programmes", *path.resolve().parts[-3:]))
