"""What became of each answer: how often it was given, and what the askers thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.access import Scope
from bot.store.questions import DISLIKED
from bot.store.tables import questions
from knowledge.schema import Base, Gap
from knowledge.stale import Stale, look


@dataclass(frozen=True, slots=True)
class AnswerStats:
    """An entry or known gap, and what was thought of it."""

    ref: str
    """`slug/edition/key`"""
    title: str
    programme: str
    is_gap: bool
    asked: int
    """How often it was answered; 0: never, as far as questions are kept."""
    askers: int
    """How many people it was answered to."""
    helpful: int
    disliked: int
    """How often somebody said that it is not what they asked for, or out of date."""
    outdated: int
    """How often of these it was said to be out of date."""
    last_asked_at: int | None
    """Epoch milliseconds."""
    care: Stale
    """Its owner, when it was verified, where it stands."""
    is_due: bool
    """Whether it is due to be held against its source again, or has outlived itself."""

    @property
    def helpful_share(self) -> float | None:
        """Of those who said something, how many said that it helped, 0 to 1; None where nobody did."""
        said = self.helpful + self.disliked
        return self.helpful / said if said else None


async def answer_stats(
    tx: AsyncConnection, scope: Scope, base: Base, today: date, *, programme: str = "", since: int = 0
) -> list[AnswerStats]:
    """Each entry and known gap of the programmes that the person oversees: the most asked first, never asked last.

    What was asked of entries that are not in the base any more is left out.

    Args:
        today: the local day, which decides what is due.
        programme: slug of the only programme; empty: all.
        since: epoch ms, inclusive; 0: all questions that are kept.
    """
    counts = await _counts(tx, scope, since)
    found = []
    for each in base.programmes:
        if not scope.may_oversee(each.slug) or programme not in ("", each.slug):
            continue
        for item in each.items:
            care = look(each, item, today)
            due = care.lapsed_on is not None or care.age is None or care.age > each.verify_every
            told = counts.get(each.ref(item), _NEVER)
            found.append(AnswerStats(each.ref(item), item.title, each.slug, isinstance(item, Gap), *told, care, due))
    return sorted(found, key=lambda stats: (-stats.asked, -stats.disliked, stats.ref))


_Counts = tuple[int, int, int, int, int, int | None]
_NEVER: _Counts = (0, 0, 0, 0, 0, None)


async def _counts(tx: AsyncConnection, scope: Scope, since: int) -> dict[str, _Counts]:
    """By entry: asked, askers, helpful, disliked, outdated, last asked."""

    def said(*words: str) -> ColumnElement[int]:
        return func.sum(case((questions.c.feedback.in_(words), 1), else_=0))

    rows = await tx.execute(
        select(
            questions.c.entry,
            func.count(),
            func.count(distinct(questions.c.person)),
            said("helpful"),
            said(*DISLIKED),
            said("outdated"),
            func.max(questions.c.asked_at),
        )
        .where(
            questions.c.entry != "",
            questions.c.status != "unsure",
            questions.c.asked_at >= since,
            scope.oversees(questions.c.programme),
        )
        .group_by(questions.c.entry)
    )
    return {entry: (*map(int, numbers), last) for entry, *numbers, last in rows}
