"""Records for tests, and requirements of a toy programme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from knowledge.requirements.model import Requirements
from knowledge.requirements.reading import read_requirements
from knowledge.requirements.records import Kind, Record

FIRST, LAST = date(2025, 8, 1), date(2026, 7, 31)
"""The school year in which the tests look."""
ITEM = """\
  - key: {key}
    title: 社群活動
    per: {per}
    kind: [{kind}]
    needed: {needed}
    unit: 次
    cite: [壹]
    mend: 請補辦。
{more}"""
EXAMPLES = """\
examples:
  - {name: 空的, from: 2025-08-01, to: 2026-07-31, now: 2025-08-01T09:00, records: [], expect: []}
"""


def item(
    key: str = "meeting", per: str = "total", needed: int = 1, kind: str = "community_meeting", **more: object
) -> str:
    """One requirement as YAML; `more` are further fields."""
    further = "".join(f"    {name}: {value}\n" for name, value in more.items())
    return ITEM.format(key=key, per=per, kind=kind, needed=needed, more=further)


def written(*items: str, before: str = "", examples: str = EXAMPLES) -> bytes:
    """A requirements.yaml."""
    return f"{before}requirements:\n{''.join(items)}{examples}".encode()


def toy(*items: str, before: str = "") -> Requirements:
    """The requirements of a toy programme."""
    return read_requirements(written(*items, before=before), "toy.yaml", "toy", "114")


def record(at: str = "2025-09-10T14:00", kind: Kind = Kind.COMMUNITY_MEETING, hours: float = 2, **more: Any) -> Record:
    """A record; its id is made of what it says."""
    name = f"{at} {kind.value} {hours} {sorted(more.items())}"
    return Record(id=name, kind=kind, starts_at=datetime.fromisoformat(at), minutes=round(hours * 60), **more)


def moment(text: str) -> datetime:
    """Wall time."""
    return datetime.fromisoformat(text)
