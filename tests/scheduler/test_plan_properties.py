"""Whatever the clock does and however often it is run: told once, once a day, never after the date, none lost."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms, parse_local
from bot.store import deadline_marks, deadline_moves, reminders
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.stored_record import local
from tests.scheduler.reminding import Town, planner, words
from tests.thorough import examples

SLUG = "urban-rural-partner"
DUE = datetime(2017, 7, 31, 23, 59)
moments = st.builds(
    lambda day, minute: DUE.replace(hour=0, minute=0) + timedelta(days=day, minutes=minute),
    st.integers(-45, 25),
    st.integers(0, 24 * 60 - 1),
)
happenings = st.one_of(moments, st.sampled_from(["done", "undone", "moved"]))


class Told(NamedTuple):
    """A digest: its local moment and its words."""

    at: datetime
    text: str


class Row(NamedTuple):
    """What became of a reminder."""

    subject: str
    revision: str
    rule: str
    state: str
    expires_at: int


async def live(path: Path, story: Sequence[datetime | str], replicas: int) -> tuple[list[Told], list[Row]]:
    """Run a story."""
    database = Database(f"sqlite:///{path}")
    town = Town(database)
    place = await town.school(SLUG)
    ann = await town.person("ann", place)
    now = parse_local("2017-06-01")
    for each in story:
        if isinstance(each, datetime):
            now = parse_local(each.isoformat())
            await asyncio.gather(*(planner()(database, now) for _ in range(replicas)))
            continue
        async with database.write() as tx:
            if each == "done":
                await deadline_marks.mark(tx, ann, place.id, "final_report", DUE, 1)
            elif each == "undone":
                await deadline_marks.unmark(tx, ann, place.id, "final_report")
            else:
                await shift(tx, epoch_ms(now))
    digests = [Told(local(row.created_at), words(row.payload["messages"])) for row in await town.digests()]
    rows = [Row(row.subject, row.revision, row.rule, row.state, row.expires_at) for row in await town.rows()]
    await database.close()
    return digests, rows


async def shift(tx: AsyncConnection, at: int) -> None:
    """The office moves the date by a day, or takes that back."""
    what = (tx, unlimited(), SLUG, "105", "final_report")
    moved = (await deadline_moves.moved(tx)).get((SLUG, "105"), {}).get("final_report")
    if moved is None or moved.due is None:
        await deadline_moves.move(*what, DUE + timedelta(days=1), "延期", at)
    else:
        await deadline_moves.take_back(*what, "取消延期", at)


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(happenings, max_size=12), st.integers(1, 3))
def test_any_story_keeps_the_promises(migrated_sqlite: Path, story: list[datetime | str], replicas: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        shutil.copy(migrated_sqlite, path)
        digests, rows = asyncio.run(live(path, story, replicas))
    days = Counter(at.date() for at, _ in digests)
    assert all(count <= 2 for count in days.values())
    for at, text in digests:
        assert 8 * 60 <= at.hour * 60 + at.minute < 21 * 60
        if at > DUE + timedelta(days=1):
            assert "期末成果報告：106/7/31（一）到期，還有" not in text
        assert text.count("期限改了") <= 1
    keys = [row[:3] for row in rows]
    assert len(keys) == len(set(keys))
    assert {row.state for row in rows} <= {each.value for each in reminders.State}


@settings(max_examples=examples(8), deadline=None)
@given(st.lists(moments, min_size=1, max_size=6))
def test_running_again_at_the_end_changes_nothing(migrated_sqlite: Path, story: list[datetime]) -> None:
    last = max(story)
    with tempfile.TemporaryDirectory() as folder:
        once, twice = Path(folder) / "once.db", Path(folder) / "twice.db"
        shutil.copy(migrated_sqlite, once)
        shutil.copy(migrated_sqlite, twice)
        first = asyncio.run(live(once, [*story, last], 1))
        second = asyncio.run(live(twice, [*story, last, last, last], 2))
    assert first == second
    planned = [
        row for row in second[1] if row.state == "planned" and row.expires_at <= epoch_ms(parse_local(last.isoformat()))
    ]
    assert planned == []
