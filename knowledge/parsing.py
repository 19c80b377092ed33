"""The files of the base to frozen objects: which fields there are, and what one field owes to another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.reading import Field, Reader, Record
from knowledge.schema import Base, Entry, Gap, KnowledgeError, OtherProgramme, Problem, Programme

ANSWER_LIMIT = 400
"""Characters of an answer."""
TITLE_LIMIT = 40
"""Characters of a title."""
SHORT_NAME_LIMIT = 20
"""Characters of a programme's short name, which stands on buttons."""
BUTTON_LIMIT = 64
"""Bytes of `e:slug/edition/key`, the callback data of a Telegram button."""

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TEXT, _TEXTS, _DATE, _RECORDS = Field("text"), Field("texts"), Field("date"), Field("records")
_MAYBE, _MAYBE_DATE = Field("text", required=False), Field("date", required=False)

_PROGRAMME = {
    "slug": _TEXT,
    "edition": _TEXT,
    "name": _TEXT,
    "short_name": _TEXT,
    "year_label": _TEXT,
    "names": _TEXTS,
    "office": _TEXT,
    "source": _TEXT,
    "valid_from": _DATE,
    "valid_until": _DATE,
    "owner": _MAYBE,
    "verified_on": _MAYBE_DATE,
    "verify_every": Field("days", required=False),
}
_ENTRY = {
    "key": _TEXT,
    "title": _TEXT,
    "answer": _TEXT,
    "cite": _TEXTS,
    "topic": _TEXTS,
    "aliases": _TEXTS,
    "owner": _MAYBE,
    "verified_on": _MAYBE_DATE,
    "valid_until": _MAYBE_DATE,
}
_GAP = {**_ENTRY, "cite": Field("texts", required=False)}
_OTHER = {
    "name": _TEXT,
    "names": _TEXTS,
    "office": _MAYBE,
    "note": _MAYBE,
}


def parse(files: Mapping[str, bytes], root: str, fingerprint: str = "") -> Base:
    """The base that these files say.

    Args:
        files: contents by path, beginning with the root's name.
        root: the name of the root folder.
        fingerprint: handed on to `Base.fingerprint`.

    Raises:
        KnowledgeError: something can't be right; it lists every problem found.
    """
    problems: list[Problem] = []
    folders = sorted({_edition_folder(name) for name in files if name.startswith(f"{root}/programmes/")})
    programmes = [_programme(folder, files, problems) for folder in folders]
    if not folders:
        problems.append(Problem(f"{root}/programmes", 1, "no programme; expected <slug>/<edition>/programme.yaml"))
    others = _others(f"{root}/other_programmes.yaml", files, problems)
    if problems:
        raise KnowledgeError(problems)
    return Base(tuple(p for p in programmes if p is not None), others, fingerprint)


def _edition_folder(name: str) -> str:
    root, programmes, slug, edition = name.split("/")[:4]
    return f"{root}/{programmes}/{slug}/{edition}"


def _programme(folder: str, files: Mapping[str, bytes], problems: list[Problem]) -> Programme | None:
    reader = Reader(f"{folder}/programme.yaml", problems)
    head = None
    if reader.file in files:
        head = reader.document(files[reader.file], _PROGRAMME)
    else:
        reader.report(1, "no such file; every edition needs its programme.yaml")
    slug, edition = folder.split("/")[-2:]
    items = [*_items(folder, "rules", files, problems), *_items(folder, "gaps", files, problems)]
    _check_keys(f"{slug}/{edition}", items, problems)
    if head is None:
        return None
    _check_programme(reader, head, slug, edition)
    entries = tuple(item for item in items if isinstance(item, Entry))
    gaps = tuple(item for item in items if isinstance(item, Gap))
    return Programme(**head.values, entries=entries, gaps=gaps)


def _check_programme(reader: Reader, head: Record, slug: str, edition: str) -> None:
    values, lines = head.values, head.lines
    for name, folder in (("slug", slug), ("edition", edition)):
        if values[name] != folder:
            reader.report(lines[name], f"`{name}` is {values[name]!r}; expected {folder!r}, the folder's name")
        if not _KEY.fullmatch(values[name]):
            reader.report(lines[name], f"`{name}` is {values[name]!r}; expected a-z, 0-9 and single hyphens")
    if values["valid_until"] < values["valid_from"]:
        reader.report(lines["valid_until"], "`valid_until` lies before `valid_from`; expected the same day or later")
    if len(values["short_name"]) > SHORT_NAME_LIMIT:
        reader.report(lines["short_name"], f"`short_name` is long; expected at most {SHORT_NAME_LIMIT} characters")


def _items(folder: str, kind: str, files: Mapping[str, bytes], problems: list[Problem]) -> list[Entry | Gap]:
    """The entries of `rules/` or the gaps of `gaps/`, in the order of files and lines."""
    of_rules = kind == "rules"
    items: list[Entry | Gap] = []
    for name in sorted(name for name in files if name.startswith(f"{folder}/{kind}/")):
        reader = Reader(name, problems)
        for record in _list(reader, files[name], "entries" if of_rules else "gaps", _ENTRY if of_rules else _GAP):
            _check_item(reader, record)
            values: dict[str, Any] = {"cite": (), **record.values, "file": name, "line": record.line}
            items.append(Entry(**values) if of_rules else Gap(**values))
    return items


def _list(reader: Reader, content: bytes, name: str, fields: Mapping[str, Field]) -> Iterable[Record]:
    document = reader.document(content, {name: _RECORDS})
    return () if document is None else reader.records(document.values[name], fields)


def _check_item(reader: Reader, record: Record) -> None:
    for name, limit in (("title", TITLE_LIMIT), ("answer", ANSWER_LIMIT)):
        length = len(record.values[name])
        if length > limit:
            reader.report(record.lines[name], f"`{name}` has {length} characters; expected at most {limit}")
    key = record.values["key"]
    if not _KEY.fullmatch(key):
        reader.report(record.lines["key"], f"`key` is {key!r}; expected a-z, 0-9 and single hyphens")


def _check_keys(owner: str, items: Iterable[Entry | Gap], problems: list[Problem]) -> None:
    seen: dict[str, Entry | Gap] = {}
    for item in items:
        length = len(f"e:{owner}/{item.key}".encode())
        if length > BUTTON_LIMIT:
            message = f"'e:{owner}/{item.key}' has {length} bytes; expected at most {BUTTON_LIMIT}, a button's data"
            problems.append(Problem(item.file, item.line, message))
        first = seen.setdefault(item.key, item)
        if first is not item:
            message = f"`key` {item.key!r} stands at {first.file}:{first.line} too; expected one of its own"
            problems.append(Problem(item.file, item.line, message))


def _others(name: str, files: Mapping[str, bytes], problems: list[Problem]) -> tuple[OtherProgramme, ...]:
    if name not in files:
        return ()
    records = _list(Reader(name, problems), files[name], "programmes", _OTHER)
    return tuple(OtherProgramme(**record.values) for record in records)
