"""Turns questions that were not answered well into proposals, as YAML for a person to edit.

Nothing here changes the base. A proposal is one of
- `alias`: the nearest entry is near enough that the wording probably belongs to it;
- `entry`: the question is of a programme we hold and near to an entry, but asks for something else;
- `gap`: nothing is near; the document probably does not say, which is worth saying too.
An entry whose answer was disliked is never offered the same wording as an alias.
A curator checks each against the source, fills in what is empty and moves it to `rules/` or `gaps/`; the
loader refuses a skeleton that was moved unfilled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml
from rapidfuzz import fuzz

SAME = 85.0
"""`rapidfuzz.fuzz.ratio` of two folded questions, 0 to 100, from which they are one."""
ALIAS = 0.6
"""Nearness, 0 to 1, from which a wording probably belongs to the nearest entry."""
ENTRY = 0.3
"""Nearness from which the question is probably of the nearest entry's theme."""

_TAIPEI = timedelta(hours=8)
_HEAD = """\
# Proposals from questions that were refused, unsure or disliked; most askers first.
# `askers` counts a person once a wording. Check each against the source before anything is moved.
"""


@dataclass(frozen=True)
class Nearest:
    """The entry nearest to a question."""

    ref: str
    """`slug/edition/key`"""
    title: str
    nearness: float
    """0 to 1."""


Find = Callable[[str], Nearest | None]
"""Finds the entry nearest to a question as it was asked."""
Row = Mapping[str, Any]
"""`folded`, `text`, `status`, `programme`, `entry`, `askers`, `disliked`, `last_asked_at` (epoch ms)."""


@dataclass
class Cluster:
    """Wordings of one question, the most asked first."""

    rows: list[Row] = field(default_factory=list)

    @property
    def askers(self) -> int:
        """Distinct askers, added over the wordings."""
        return sum(int(row["askers"]) for row in self.rows)

    @property
    def disliked(self) -> int:
        """How often an answer to it was disliked."""
        return sum(int(row["disliked"] or 0) for row in self.rows)

    def fits(self, row: Row) -> bool:
        """Whether a row asks the same of the same programme."""
        head = self.rows[0]
        if (head["programme"] or "") != (row["programme"] or ""):
            return False
        return bool(fuzz.ratio(head["folded"], row["folded"], score_cutoff=SAME))


def propose(rows: Iterable[Row], find: Find | None = None) -> str:
    """Proposals as YAML, most askers first.

    Args:
        rows: as `bot.store.questions.for_curation` gives them.
        find: finds the nearest entry; without it the entry that each row names is taken, if it names one.
    """
    proposals = [_proposal(cluster, find) for cluster in clusters(rows)]
    body = yaml.safe_dump({"proposals": proposals}, allow_unicode=True, sort_keys=False, width=110)
    return _HEAD + body


def clusters(rows: Iterable[Row]) -> list[Cluster]:
    """Rows that ask the same, most askers first."""
    found: list[Cluster] = []
    for row in sorted(rows, key=lambda row: -int(row["askers"])):
        cluster = next((cluster for cluster in found if cluster.fits(row)), None)
        if cluster is None:
            cluster = Cluster()
            found.append(cluster)
        cluster.rows.append(row)
    return sorted(found, key=lambda cluster: (-cluster.askers, -cluster.disliked))


def _proposal(cluster: Cluster, find: Find | None) -> dict[str, Any]:
    head = cluster.rows[0]
    texts = list(dict.fromkeys(str(row["text"]) for row in cluster.rows))
    nearest = find(head["text"]) if find else _named(head)
    return {
        "askers": cluster.askers,
        "disliked": cluster.disliked,
        "last_asked": _day(max(int(row["last_asked_at"]) for row in cluster.rows)),
        "was": str(head["status"]),
        **_mend(texts, str(head["programme"] or ""), nearest, _disliked_entries(cluster)),
    }


def _disliked_entries(cluster: Cluster) -> set[str]:
    return {str(row["entry"]) for row in cluster.rows if row["disliked"] and row["entry"]}


def _mend(texts: list[str], programme: str, nearest: Nearest | None, disliked: set[str]) -> dict[str, Any]:
    if nearest is None or nearest.nearness < ENTRY:
        return {"do": "gap", "programme": programme, "gaps": [_skeleton(texts, cited=False)]}
    near = {"ref": nearest.ref, "title": nearest.title, "nearness": round(nearest.nearness, 2)}
    if nearest.nearness >= ALIAS and nearest.ref not in disliked:
        return {"do": "alias", "nearest": near, "add_aliases": texts}
    owner = nearest.ref.rpartition("/")[0]
    return {"do": "entry", "programme": owner, "nearest": near, "entries": [_skeleton(texts, cited=True)]}


def _skeleton(texts: list[str], *, cited: bool) -> dict[str, Any]:
    cite: dict[str, Any] = {"cite": []} if cited else {}
    return {"key": "", "title": texts[0][:40], "answer": "", **cite, "topic": [], "aliases": texts}


def _named(row: Row) -> Nearest | None:
    """The entry that was answered or suggested; its nearness is not known, so that a person looks at it."""
    return Nearest(str(row["entry"]), "", ALIAS) if row["entry"] else None


def _day(milliseconds: int) -> str:
    return (datetime.fromtimestamp(milliseconds / 1000, UTC) + _TAIPEI).date().isoformat()
