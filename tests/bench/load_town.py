"""What the load meets: a year of the demo's schools, hundreds more of one programme, and people who chat.

The demo's builder makes the pages of the console worth looking at. The further schools of one programme make them
long; the first of their coordinators chat, the others want their reminders at one minute after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bot.clock import epoch_ms
from bot.conversation import make_router
from bot.demo.building import Recipe, build
from bot.demo.schools import DISTANCE
from bot.demo.when import NOW
from bot.evidence.storage import Folder
from bot.settings import Settings
from bot.store import preferences, runs
from bot.store.database import Database
from bot.store.runs import Run
from handlers.checklist import checklists
from handlers.checklist.checklists import ChecklistForm, Checklists
from handlers.forms.form import Field
from handlers.forms.words import Verb
from knowledge.loader import load_base
from tests.bench.towns import fill

SCHOOLS = 500
"""Beside the demo's."""
CHATTING = 200
"""Of their coordinators; the others are reminded."""
FACTS = {"authority": "local", "approved_on": "2025-07-15", "semester_start": "2025-09-01"}
MOST_TAPS = 40


@dataclass(frozen=True, slots=True)
class Chatter:
    """Somebody who chats."""

    address: str
    taps: Sequence[str]
    """What the buttons of their checklist carry, in the order in which they would be tapped."""


@dataclass(frozen=True, slots=True)
class Town:
    """Who is there, and what may be asked."""

    chatters: Sequence[Chatter]
    questions: Sequence[str]


async def settle(url: str, folder: Path, minutes: int) -> Town:
    """Fill a database; takes half a minute.

    Args:
        url: of a database at the newest schema.
        folder: for photos.
        minutes: over how many the reminders are spread, from the demo's moment on.
    """
    base, database = load_base(), Database(url)
    known = Checklists(base)
    try:
        await build(database, Folder(folder), base, make_router(Settings(), known), Recipe())
        await fill(database, SCHOOLS, channel="line", facts=FACTS)
        chatters = [await _begin_checklist(database, known, f"n{number:06}", number) for number in range(CHATTING)]
        await _spread(database, [f"n{number:06}" for number in range(CHATTING, SCHOOLS)], minutes)
    finally:
        await database.close()
    return Town(chatters, [item.title for programme in base.programmes for item in programme.items])


async def _begin_checklist(database: Database, known: Checklists, person: str, number: int) -> Chatter:
    checklist = known.newest[DISTANCE]
    run = Run(
        f"bench{number:03}", person, checklists.NAME, DISTANCE, checklist.edition, checklist.fingerprint,
        f"line:{person}",
    )  # fmt: skip
    form = known.form_of(run)
    assert form is not None
    async with database.write() as tx:
        await runs.save(tx, run, epoch_ms(NOW))
    return Chatter(person, _taps(form, run))


def _taps(form: ChecklistForm, run: Run) -> list[str]:
    """The way through the checklist on which the most is asked."""
    found: list[str] = []
    while (ahead := form.ahead(run)) and len(found) < MOST_TAPS:
        ways = list(_ways(form, run, ahead[0]))
        if not ways:
            break
        action, run = max(ways, key=lambda way: len(form.ahead(way[1])))
        found.append(action)
    return found


def _ways(form: ChecklistForm, run: Run, field: Field) -> list[tuple[str, Run]]:
    """What can be tapped at a question, and the run after that."""
    order = (*run.order, field.key)
    ways = []
    for option in () if field.several else field.options:
        value = form.accept(field.key, option).value
        after = replace(run, answers={**run.answers, field.key: value}, order=order)
        ways.append((f"f:{run.id}:{Verb.ANSWER}:{field.key}:{option}", after))
    if field.unsure:
        unsure = replace(run, unsure=(*run.unsure, field.key), order=order)
        ways.append((f"f:{run.id}:{Verb.UNSURE}:{field.key}", unsure))
    return ways


async def _spread(database: Database, persons: Sequence[str], minutes: int) -> None:
    """Let them be told in equal parts: at once, and after each minute."""
    first = NOW.hour * 60 + NOW.minute
    before = epoch_ms(NOW - timedelta(days=30))
    async with database.write() as tx:
        for part in range(minutes + 1):
            for person in islice(persons, part, None, minutes + 1):
                await preferences.set_wish(tx, person, before, at_minute=first + part)
