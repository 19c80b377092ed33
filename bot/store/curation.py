"""From questions to knowledge: what was asked in vain, and what curators decided about it.

Who may what: a question that was asked of a programme is its office's and the admins'; one of which no programme is
known is the admins' alone. To decide, one must also oversee the programme whose knowledge is to change. What an admin
decided for a programme may be read by its office, which has to write it down, and taken back by admins alone.

A question was asked in vain where it was refused without a known gap, where we were not sure, or where the answer was
disliked. A decision settles its wordings for good (`reject`), or until the askers were told: whoever asks in vain after
that opens the question anew.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, distinct, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.console_tables import question_decisions as decided
from bot.store.database import insert_or_ignore
from bot.store.questions import DISLIKED
from bot.store.tables import questions
from knowledge.clusters import Cluster, Wording, clusters
from knowledge.patching import Change, Kind, Verdict

MOST = 2_000
"""Wordings that are looked at, the most asked."""

IN_VAIN: ColumnElement[bool] = or_(
    questions.c.feedback.in_(DISLIKED),
    questions.c.status == "unsure",
    and_(questions.c.status == "refused", questions.c.entry == ""),
)
"""True of the questions that were not answered well. A known gap is an answer, unless it was disliked."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One wording of a decision."""

    key: str
    """See `knowledge.clusters.wording_key`."""
    folded: str
    text: str
    told_at: int | None
    """When its askers were told that it is answered now, epoch ms; None: not yet."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a curator decided about the wordings of one question."""

    id: str
    verdict: Verdict
    asked_of: str
    """Slug of the programme that it was asked of, or empty."""
    person: str
    """Who decided; empty: nobody who is known any more."""
    at: int
    """Epoch milliseconds."""
    wordings: tuple[Decided, ...]

    @property
    def change(self) -> Change:
        """What it changes, for `knowledge.patching.patch`."""
        return Change(self.verdict, tuple(wording.text for wording in self.wordings))

    @property
    def told(self) -> bool:
        """Whether everybody was told who is to be told."""
        return all(wording.told_at is not None for wording in self.wordings)


async def open_clusters(tx: AsyncConnection, scope: Scope, *, programme: str | None = None) -> list[Cluster]:
    """Questions that wait for a decision, those first that most people asked.

    Args:
        programme: asked of this one alone (a slug; empty: of which no programme is known). None: of all.
    """
    return clusters(await wordings(tx, scope, programme=programme))


async def wordings(
    tx: AsyncConnection, scope: Scope, *, programme: str | None = None, limit: int = MOST
) -> list[Wording]:
    """The wordings that wait for a decision, at most `limit`, the most asked."""
    conditions = [IN_VAIN, questions.c.folded != "", scope.oversees(questions.c.programme), _unsettled()]
    if programme is not None:
        conditions.append(questions.c.programme == programme)
    same = (questions.c.folded, questions.c.programme)
    order = (func.count(distinct(questions.c.person)).desc(), func.max(questions.c.asked_at).desc(), *same)
    top = _with_decisions(select(*same)).where(*conditions).group_by(*same).order_by(*order).limit(limit).subquery()
    both = and_(top.c.folded == questions.c.folded, top.c.programme == questions.c.programme)
    rows = await tx.execute(
        select(questions)
        .select_from(questions.join(top, both).outerjoin(decided, _SAME))
        .where(*conditions)
        .order_by(questions.c.asked_at, questions.c.id)
    )
    found: dict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.programme, row.folded].append(row)
    return [_wording(each) for each in found.values()]


_SAME = and_(decided.c.folded == questions.c.folded, decided.c.asked_of == questions.c.programme)


def _with_decisions(statement: Select[Any]) -> Select[Any]:
    # A join rather than EXISTS: long wordings can't be indexed, and both engines join them by hash.
    return statement.select_from(questions.outerjoin(decided, _SAME))


def _unsettled() -> ColumnElement[bool]:
    told_before = and_(decided.c.kind != Kind.REJECT, decided.c.told_at < questions.c.asked_at)
    return or_(decided.c.folded_hash.is_(None), told_before)


def _wording(rows: Sequence[Row[Any]]) -> Wording:
    """One wording from all that asked it in vain, the oldest first."""
    last = rows[-1]
    return Wording(
        folded=last.folded,
        text=last.text,
        programme=last.programme,
        status=last.status,
        askers=frozenset(row.person for row in rows),
        times=len(rows),
        disliked=sum(row.feedback in DISLIKED for row in rows),
        outdated=sum(row.feedback == "outdated" for row in rows),
        shown=frozenset(row.entry for row in rows if row.entry),
        suggested=frozenset(ref for row in rows for ref in row.candidates or ()),
        last_asked_at=last.asked_at,
    )


async def decide(
    tx: AsyncConnection, scope: Scope, keys: Collection[str], verdict: Verdict, now: int
) -> Decision | None:
    """Decide about wordings that are open.

    Args:
        keys: of the wordings, all of them asked of the same programme; those that are not open (any more), or not
            the person's to decide, are left out.
        verdict: what to do; see `knowledge.patching.problems` for what a form has to check before.
        now: epoch milliseconds.

    Returns:
        the decision as it was stored; None where nothing was left to decide, or the person may not.
    """
    if not await _may_change(tx, scope, verdict):
        return None
    found = [each for each in await wordings(tx, scope) if each.key in keys]
    if not found:
        return None
    decision_id = secrets.token_hex(8)
    rows = [_row(each, verdict.named(decision_id), decision_id, scope.person, now) for each in found]
    reopened = (decided.c.folded_hash.in_([each.key for each in found]), decided.c.told_at.is_not(None))
    await tx.execute(delete(decided).where(*reopened))
    await tx.execute(insert_or_ignore(decided, tx.dialect), rows)  # somebody else may be quicker
    return await one(tx, scope, decision_id)


async def _may_change(tx: AsyncConnection, scope: Scope, verdict: Verdict) -> bool:
    if verdict.kind is Kind.REJECT:
        return True
    programme: ColumnElement[str] = literal(verdict.programme)
    return (await tx.execute(select(programme).where(programme != "", scope.oversees(programme)))).first() is not None


def _row(wording: Wording, verdict: Verdict, decision_id: str, person: str, now: int) -> dict[str, Any]:
    return {
        "folded_hash": wording.key,
        "folded": wording.folded,
        "asked_of": wording.programme,
        "wording": wording.text,
        "decision_id": decision_id,
        "kind": verdict.kind,
        "programme": verdict.programme,
        "entry": verdict.ref,
        "title": verdict.title,
        "text": verdict.text,
        "section": verdict.section,
        "person_id": person,
        "at": now,
    }


async def take_back(tx: AsyncConnection, scope: Scope, decision_id: str) -> int:
    """Open the wordings of a decision again, but for those whose askers were told; returns how many."""
    theirs = (decided.c.decision_id == decision_id, decided.c.told_at.is_(None), scope.oversees(decided.c.asked_of))
    return int((await tx.execute(delete(decided).where(*theirs))).rowcount)


async def one(tx: AsyncConnection, scope: Scope, decision_id: str) -> Decision | None:
    """A decision; None where there is none that the person may see."""
    return next(iter(await _read(tx, scope, decided.c.decision_id == decision_id)), None)


async def decisions(
    tx: AsyncConnection,
    scope: Scope,
    *,
    since: int = 0,
    programme: str = "",
    kind: Kind | None = None,
    untold: bool = False,
) -> list[Decision]:
    """What was decided, the newest first.

    Args:
        since: epoch ms, inclusive.
        programme: slug of the only programme whose knowledge changes; empty: of all.
        kind: of this kind alone.
        untold: only what has wordings whose askers were not told, and those wordings alone.
    """
    conditions = [decided.c.at >= since]
    if programme:
        conditions.append(decided.c.programme == programme)
    if kind is not None:
        conditions.append(decided.c.kind == kind)
    if untold:
        conditions += [decided.c.told_at.is_(None), decided.c.kind != Kind.REJECT]
    return await _read(tx, scope, *conditions)


async def _read(tx: AsyncConnection, scope: Scope, *conditions: ColumnElement[bool]) -> list[Decision]:
    target = and_(decided.c.programme != "", scope.oversees(decided.c.programme))
    rows = await tx.execute(
        select(decided)
        .where(or_(scope.oversees(decided.c.asked_of), target), *conditions)
        .order_by(decided.c.at.desc(), decided.c.decision_id, decided.c.folded)
    )
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.decision_id].append(row)
    return [_decision(each) for each in found.values()]


def _decision(rows: Sequence[Row[Any]]) -> Decision:
    head = rows[0]
    said = tuple(Decided(row.folded_hash, row.folded, row.wording, row.told_at) for row in rows)
    verdict = Verdict(Kind(head.kind), head.programme, head.entry, head.title, head.text, head.section)
    return Decision(head.decision_id, verdict, head.asked_of, head.person_id, head.at, said)
