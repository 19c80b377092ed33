"""The statement by which a process takes what is due from the outbox: one for both engines, made once."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningUpdate

from bot.store.database import database_ms
from bot.store.tables import outbox

LOST = "lost"
"""`Delivery.previous` of an attempt whose process died before it wrote down the outcome."""
PENDING: ColumnElement[bool] = outbox.c.state.in_((literal_column("'queued'"), literal_column("'sending'")))
"""Literals, not parameters: only then do both engines use the index over what is pending."""
ORDER_PATIENCE_MS = 5_000
"""A message waits for an earlier one whose next attempt is this near; beyond that, order matters less than time."""

IN_ORDER = select(
    *(
        func.set_config(literal_column(f"'enable_{way}'"), literal_column("'off'"), literal_column("true"))
        for way in ("sort", "seqscan", "bitmapscan", "hashjoin", "mergejoin")
    )
)
"""For one transaction, PostgreSQL goes through `ix_outbox_due` until it has enough. Left to its statistics, which know
nothing of the thousands of digests of this morning, it looks at all that is pending for each handful that it takes."""


@functools.cache
def claiming(engine: str) -> ReturningUpdate[Any]:
    """Takes `owner`, `channels`, `now`, `soon` (epoch ms), `lease_ms` and `most`; gives the rows that were taken."""
    clock = database_ms(sqlite.dialect() if engine == "sqlite" else postgresql.dialect())  # type: ignore[no-untyped-call]
    due = _due(clock)
    return (
        update(outbox)
        .where(outbox.c.id.in_(select(due.c.id)))
        .values(
            last_status=case((outbox.c.state == "sending", LOST), else_=outbox.c.last_status),
            state="sending",
            lease_owner=bindparam("owner"),
            lease_until=clock + bindparam("lease_ms"),
            attempts=outbox.c.attempts + 1,
            first_attempt_at=func.coalesce(outbox.c.first_attempt_at, bindparam("now")),
        )
        .returning(*outbox.c)
    )


def _due(clock: ColumnElement[int]) -> CTE:
    """The ids to take. A CTE: PostgreSQL may run a subquery of IN more than once, and lock beyond the limit."""
    earlier, now = outbox.alias(), bindparam("now", type_=BigInteger)
    same = earlier.c.conversation_id == outbox.c.conversation_id
    before = or_(earlier.c.seq < outbox.c.seq, and_(earlier.c.seq == outbox.c.seq, earlier.c.id < outbox.c.id))
    tried = and_(
        earlier.c.state == "queued",
        earlier.c.attempts > 0,
        earlier.c.not_before <= bindparam("soon", type_=BigInteger),
    )
    blocked = exists().where(same, before, or_(_is_due(earlier, now), tried, earlier.c.state == "sending"))
    abandoned = and_(outbox.c.state == "sending", outbox.c.lease_until < clock)
    channels = outbox.c.channel.in_(bindparam("channels", expanding=True))
    return (
        select(outbox.c.id)
        .where(PENDING, channels, or_(_is_due(outbox, now), abandoned), ~blocked)
        .order_by(outbox.c.not_before, outbox.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )


def _is_due(of: FromClause, now: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(of.c.state == "queued", of.c.not_before <= now, or_(of.c.expires_at == 0, of.c.expires_at > now))
