"""Loads the knowledge base: a folder of YAML to frozen objects, or a refusal with file and line.

    <root>/programmes/<slug>/<edition>/programme.yaml, rules/*.yaml, gaps/*.yaml
    <root>/other_programmes.yaml

Parsing is slow, so the result is kept (`knowledge.cache`) under a digest of the files' *contents*: an edited
file is never served stale, however fast or however backdated the edit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from knowledge import cache
from knowledge.schema import Base, Entry, Gap, OtherProgramme, Programme

_CACHE_NAME = "knowledge-base"
_HERE = Path(__file__).parent
PLAIN_FIELDS = 8
"""Fields of an entry that names neither owner nor day of its own."""
_CODE = ("schema.py", "loader.py", "reading.py", "parsing.py")
"""A check that became stricter must meet the YAML again, so these count for the fingerprint too."""


def load_base(root: Path | None = None, cache_folders: Iterable[Path] | None = None) -> Base:
    """Load the base that comes with the package, or the one under `root`.

    Args:
        root: the folder that holds `programmes/` and `other_programmes.yaml`.
        cache_folders: where to keep the parsed result, best first. Default: beside the package or the user's
            cache folder for the packaged base, nowhere for another root.

    Raises:
        KnowledgeError: something in the YAML can't be right; it lists every problem found.
    """
    if cache_folders is None:
        cache_folders = cache.default_folders() if root is None else ()
    folders = list(cache_folders)
    root = (root or _HERE).resolve()
    files = _read_files(root)
    fingerprint = cache.digest(*_code(), *(part for name, data in files.items() for part in (name.encode(), data)))
    for folder in folders:
        base = _unpack(cache.read(folder, _CACHE_NAME, fingerprint), fingerprint)
        if base is not None:
            return base
    from knowledge.parsing import parse  # only where it is needed: the YAML library costs a cold start 20 ms

    base = parse(files, root.name, fingerprint)
    any(cache.write(folder, _CACHE_NAME, fingerprint, _pack(base)) for folder in folders)
    return base


def _read_files(root: Path) -> dict[str, bytes]:
    """Contents by path from the root's own name on: `knowledge/programmes/…`."""
    edition = "programmes/*/*"
    patterns = (f"{edition}/programme.yaml", f"{edition}/rules/*.yaml", f"{edition}/gaps/*.yaml")
    paths = sorted(path for pattern in patterns for path in root.glob(pattern))
    others = root / "other_programmes.yaml"
    paths += [others] if others.is_file() else []
    return {path.relative_to(root.parent).as_posix(): path.read_bytes() for path in paths}


def _code() -> list[bytes]:
    return [path.read_bytes() for path in (_HERE / name for name in _CODE) if path.is_file()]


def _pack(base: Base) -> dict[str, Any]:
    return {
        "programmes": [
            {
                "head": [p.slug, p.edition, p.name, p.short_name, p.year_label, p.names, p.office, p.source],
                "valid": [p.valid_from.isoformat(), p.valid_until.isoformat()],
                "entries": [
                    [e.key, e.title, e.answer, e.cite, e.topic, e.aliases, e.file, e.line, *_care(e)] for e in p.entries
                ],
                "gaps": [
                    [g.key, g.title, g.answer, g.topic, g.aliases, g.cite, g.file, g.line, *_care(g)] for g in p.gaps
                ],
                "care": [p.owner, _iso(p.verified_on), p.verify_every],
            }
            for p in base.programmes
        ],
        "others": [[o.name, o.names, o.office, o.note] for o in base.others],
    }


def _unpack(kept: Any, fingerprint: str) -> Base | None:
    if kept is None:
        return None
    try:
        programmes = tuple(_unpack_programme(**programme) for programme in kept["programmes"])
        return Base(programmes, tuple(OtherProgramme(*_frozen(row)) for row in kept["others"]), fingerprint)
    except (LookupError, TypeError, ValueError):  # written by another release of ours
        return None


def _unpack_programme(
    head: list[Any], valid: list[str], entries: list[Any], gaps: list[Any], care: list[Any]
) -> Programme:
    days = map(date.fromisoformat, valid)
    items = (tuple(Entry(*_item(row)) for row in entries), tuple(Gap(*_item(row)) for row in gaps))
    owner, verified_on, every = care
    cared = {"owner": owner, "verified_on": _day(verified_on), "verify_every": every}
    return Programme(*(*_frozen(head), *days, *items), **cared)


def _care(item: Entry | Gap) -> list[str]:
    """What few entries say, as few values as it takes."""
    said = [item.owner, _iso(item.verified_on), _iso(item.valid_until)]
    return said if any(said) else []


def _item(row: list[Any]) -> list[Any]:
    *fields, owner, verified_on, valid_until = row if len(row) > PLAIN_FIELDS else (*row, "", "", "")
    return [*_frozen(fields), owner, _day(verified_on), _day(valid_until)]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _frozen(row: list[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]
