"""kill -9 at every step of the inbox while a record is confirmed: after a restart it is stored exactly once."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import pytest
from sqlalchemy import text

from bot.store import enrolments, people
from bot.store.access import unlimited
from bot.store.database import Database, insert_or_ignore
from bot.store.tables import conversations
from knowledge.loader import load_base
from tests.fakes import line_events
from tests.fakes.line import FakeLine
from tests.kill.faults import STEPS
from tests.kill.service import Service

INBOX_STEPS = [
    step for step in STEPS if step.startswith(("event", "state", "answer about to be stored", "answer stored"))
]
RECORD = "昨天 14:00-16:00 社群會議 6人"
COUNTS = (
    "SELECT (SELECT count(*) FROM records), (SELECT count(*) FROM record_versions),"
    " (SELECT count(*) FROM runs WHERE outcome = 'saved')"
)


def on(database_url: str, *statements: str, member: bool = False) -> tuple[int, ...]:
    """Let LINE's user in at a school where wanted; the last statement's one row."""

    async def work() -> tuple[int, ...]:
        database = Database(database_url)
        try:
            async with database.write() as tx:
                if member:
                    await _join(tx)
                row: tuple[int, ...] = ()
                for statement in statements:
                    row = tuple((await tx.execute(text(statement))).one())
                return row
        finally:
            await database.close()

    return asyncio.run(work())


async def _join(tx: Any) -> None:
    conversation = f"line:{line_events.USER}"
    row = {"id": conversation, "channel": "line", "address": line_events.USER, "created_at": 1, "updated_at": 1}
    await tx.execute(insert_or_ignore(conversations, tx.dialect), row)
    person = await people.of_conversation(tx, conversation, 1)
    programme = load_base().programme("distance-teaching", "114")
    place = await enrolments.enrol(tx, unlimited(), "示範高中", programme, 1)
    assert place is not None
    invited = {"role": "coordinator", "enrolment": place.id, "programme": programme.slug, "edition": programme.edition}
    await enrolments.join(tx, person, invited, 1)


@pytest.mark.parametrize("step", INBOX_STEPS)
def test_a_confirmed_record_is_stored_once_wherever_we_die(
    service: Service, database_url: str, line: FakeLine, step: str
) -> None:
    on(database_url, member=True)
    service.start(step=step, call=2)  # the first is the record's own message
    assert service.line(line_events.text(RECORD))
    service.settle()
    assert on(database_url, COUNTS) == (0, 0, 0)
    event = line_events.text("確認")
    acknowledged = service.line(event)
    assert service.ended() == -signal.SIGKILL
    service.start()
    if not acknowledged:
        assert service.line({**event, "deliveryContext": {"isRedelivery": True}})
    service.settle()
    assert on(database_url, COUNTS) == (1, 1, 1)

    assert service.line(event)  # and once more, as LINE may
    assert service.line(line_events.text("確認"))
    service.settle()
    assert on(database_url, COUNTS) == (1, 1, 1)
    assert "已存好" in "".join(str(call.body) for call in line.accepted)
