"""What is due, told beside an answer: a reply costs no push, so whoever writes to us hears it there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Message
from bot.store import outbox, people, preferences, reminders
from bot.store.preferences import Wishes
from handlers.desk import Desk
from handlers.record.listing import held_question
from knowledge.schema import Base
from scheduler import digest, matters
from scheduler.digest import Item
from scheduler.matters import Status

COUNTED = "line"
"""The channel in which a push costs what a reply does not."""


async def beside(desk: Desk, event_id: str, base: Base) -> Sequence[Message]:
    """The person's digest where it waits to be told; it is noted as told by the reply to this event."""
    person = await people.find(desk.tx, desk.conversation_id)
    rows = await reminders.waiting(desk.tx, person, desk.local.date().isoformat()) if person else []
    if not person or not rows:
        return ()
    wishes = (await preferences.of_people(desk.tx, [person])).get(person, Wishes())
    minute = desk.local.hour * 60 + desk.local.minute
    if minute < wishes.at_minute or wishes.is_quiet(minute):
        return ()
    found = await matters.of(desk.tx, sorted({row.key.enrolment for row in rows}), desk.now)
    about = {(m.place.id, m.subject, m.revision): m for many in found.values() for m in many}
    items: dict[tuple[str, str, str], Item] = {}
    for row in rows:  # the nearest last, which stays
        place = (row.key.enrolment, row.key.subject, row.key.revision)
        if place in about and about[place].status is Status.OPEN:
            items[place] = Item(row, about[place])
    if not items:
        return ()
    told = outbox.identity_of(f"inbox:{desk.channel}:{event_id}")
    await reminders.enqueue(desk.tx, dict.fromkeys((item.id for item in items.values()), told), desk.at)
    return digest.compose(tuple(items.values()), desk.local, base, held_question)
