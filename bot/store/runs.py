"""Forms that people fill in: what was answered so far, kept until they finish, and after."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import runs

OPEN, FINISHED, LEFT = "open", "finished", "left"


@dataclass(frozen=True, slots=True)
class Run:
    """One form of one person. There is no position in it: what comes next follows from the answers."""

    id: str
    person: str
    form: str
    programme: str
    edition: str
    fingerprint: str
    touched_by: str
    """The conversation that changed it last."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """By question, as JSON."""
    unsure: tuple[str, ...] = ()
    """Questions answered with 「不確定」."""
    order: tuple[str, ...] = ()
    """Questions in the order in which they were first dealt with."""
    asked: str = ""
    """A question that is asked out of turn: to be corrected. Empty: the next one."""
    picked: tuple[str, ...] = ()
    """Options ticked so far of the question that takes several."""
    go_on: bool = False
    """Whether to ask on although the verdict is clear."""
    state: str = OPEN
    outcome: str = ""
    revision: int = 0
    created_at: int = 0
    updated_at: int = 0


def new_id() -> str:
    """A random id, short enough for a button beside question and option."""
    return secrets.token_urlsafe(6)


async def save(tx: AsyncConnection, run: Run, now: int) -> int:
    """Store a run, new or changed; returns its new revision. The caller has read it in the same transaction."""
    values = {
        "fingerprint": run.fingerprint,
        "data": {
            "answers": dict(run.answers),
            "unsure": run.unsure,
            "order": run.order,
            "asked": run.asked,
            "picked": run.picked,
            "go_on": run.go_on,
        },
        "state": run.state,
        "outcome": run.outcome,
        "revision": run.revision + 1,
        "touched_by": run.touched_by,
        "updated_at": now,
    }
    if run.revision == 0:
        fixed = {"id": run.id, "person_id": run.person, "form": run.form, "created_at": now}
        await tx.execute(insert(runs).values(**fixed, programme=run.programme, edition=run.edition, **values))
    else:
        await tx.execute(update(runs).where(runs.c.id == run.id, runs.c.person_id == run.person).values(**values))
    return run.revision + 1


async def get(tx: AsyncConnection, run_id: str, person: str) -> Run | None:
    """A person's own run, held until the end of the transaction; None for another's, as for one that is not there."""
    found = await tx.execute(select(runs).where(runs.c.id == run_id, runs.c.person_id == person).with_for_update())
    row = found.first()
    return None if row is None else _run(row)


async def of_person(
    tx: AsyncConnection, person: str, *, state: str = "", form: str = "", programme: str = "", limit: int = 10
) -> list[Run]:
    """A person's runs, the last changed first; of one state, form and programme where they are given."""
    wanted = [runs.c.person_id == person]
    wanted += [
        column == value
        for column, value in ((runs.c.state, state), (runs.c.form, form), (runs.c.programme, programme))
        if value
    ]
    rows = await tx.execute(select(runs).where(*wanted).order_by(runs.c.updated_at.desc(), runs.c.id).limit(limit))
    return [_run(row) for row in rows]


async def forget_of(tx: AsyncConnection, person: str) -> int:
    """Delete all that a person filled in; returns how many."""
    result = await tx.execute(delete(runs).where(runs.c.person_id == person))
    return int(result.rowcount)


def _run(row: Row[Any]) -> Run:
    data = row.data
    return Run(
        id=row.id,
        person=row.person_id,
        form=row.form,
        programme=row.programme,
        edition=row.edition,
        fingerprint=row.fingerprint,
        touched_by=row.touched_by,
        answers=data["answers"],
        unsure=tuple(data["unsure"]),
        order=tuple(data["order"]),
        asked=data["asked"],
        picked=tuple(data["picked"]),
        go_on=data["go_on"],
        state=row.state,
        outcome=row.outcome,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
