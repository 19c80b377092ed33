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

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import yaml

from knowledge.answering.nearest import Nearest
from knowledge.clusters import Cluster, Wording, clusters

ALIAS = 0.6
"""Nearness, 0 to 1, from which a wording probably belongs to the nearest entry."""
ENTRY = 0.3
"""Nearness from which the question is probably of the nearest entry's theme."""

_TAIPEI = timedelta(hours=8)
_HEAD = """\
# Proposals from questions that were refused, unsure or disliked; most askers first.
# `askers` counts people, however they put it. Check each against the source before anything is moved.
"""

Find = Callable[[str, str], Nearest | None]
"""Finds the entry nearest to a question as it was asked, of a programme where that is known (its slug, or empty)."""


def propose(wordings: Iterable[Wording], find: Find | None = None) -> str:
    """Proposals as YAML, most askers first.

    Args:
        wordings: as `bot.store.curation.wordings` gives them.
        find: finds the nearest entry; without it an entry that was shown or suggested is taken, if there is one.
    """
    proposals = [_proposal(cluster, find) for cluster in clusters(wordings)]
    body = yaml.safe_dump({"proposals": proposals}, allow_unicode=True, sort_keys=False, width=110)
    return _HEAD + body


def _proposal(cluster: Cluster, find: Find | None) -> dict[str, Any]:
    nearest = find(cluster.text, cluster.programme) if find else _named(cluster.wordings[0])
    return {
        "askers": cluster.askers,
        "disliked": cluster.disliked,
        "last_asked": _day(cluster.last_asked_at),
        "was": cluster.status,
        **_mend(cluster, nearest),
    }


def what_to_do(cluster: Cluster, nearest: Nearest | None) -> str:
    """`alias`, `entry` or `gap`: what most probably mends it."""
    if nearest is None or nearest.nearness < ENTRY:
        return "gap"
    return "alias" if nearest.nearness >= ALIAS and nearest.ref not in cluster.shown else "entry"


def _mend(cluster: Cluster, nearest: Nearest | None) -> dict[str, Any]:
    do, texts = what_to_do(cluster, nearest), list(cluster.texts)
    if nearest is None or do == "gap":
        return {"do": do, "programme": cluster.programme, "gaps": [_skeleton(texts, cited=False)]}
    near = {"ref": nearest.ref, "title": nearest.title, "nearness": round(nearest.nearness, 2)}
    if do == "alias":
        return {"do": do, "nearest": near, "add_aliases": texts}
    owner = nearest.ref.rpartition("/")[0]
    return {"do": do, "programme": owner, "nearest": near, "entries": [_skeleton(texts, cited=True)]}


def _skeleton(texts: list[str], *, cited: bool) -> dict[str, Any]:
    cite: dict[str, Any] = {"cite": []} if cited else {}
    return {"key": "", "title": texts[0][:40], "answer": "", **cite, "topic": [], "aliases": texts}


def _named(wording: Wording) -> Nearest | None:
    """What was answered or suggested; its nearness is not known, so that a person looks at it."""
    ref = min(wording.shown or wording.suggested, default="")
    return Nearest(ref, "", ALIAS) if ref else None


def _day(milliseconds: int) -> str:
    return (datetime.fromtimestamp(milliseconds / 1000, UTC) + _TAIPEI).date().isoformat()
