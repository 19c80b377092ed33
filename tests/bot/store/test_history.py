"""What a record may be a double of, or overlaps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import history, records
from bot.store.access import Role
from bot.store.database import Database
from bot.store.history import Likeness, _meets
from bot.store.stored_record import StoredRecord
from tests.bot.store.school_house import MEETING, NOW, logged, member, school

DUPLICATE, OVERLAP = Likeness.DUPLICATE, Likeness.OVERLAP
AT_TWO = datetime(2025, 11, 18, 14)


@pytest.mark.parametrize(
    ("fields", "likeness"),
    [
        ({}, DUPLICATE),
        ({"starts_at": AT_TWO + timedelta(minutes=119)}, DUPLICATE),
        ({"starts_at": AT_TWO + timedelta(minutes=120)}, None),
        ({"starts_at": AT_TWO - timedelta(minutes=120)}, None),
        ({"starts_at": AT_TWO, "minutes": 0}, DUPLICATE),
        ({"starts_at": datetime(2025, 11, 17, 23), "minutes": 20 * 60}, DUPLICATE),
        ({"starts_at": datetime(2025, 11, 18, 9), "day_only": True}, DUPLICATE),
        ({"starts_at": datetime(2025, 11, 19, 14)}, None),
        ({"kind": "workshop"}, OVERLAP),
        ({"kind": "workshop", "starts_at": AT_TWO + timedelta(hours=3)}, None),
        ({"kind": "workshop", "day_only": True}, None),
        ({"group": "乙社群"}, OVERLAP),
        ({"group": "甲社群"}, DUPLICATE),
        ({"group": "乙社群", "starts_at": datetime(2025, 11, 18, 9), "day_only": True}, None),
    ],
)
async def test_a_record_is_like_one_that_is_there(
    database: Database, fields: dict[str, Any], likeness: Likeness | None
) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        record = await logged(tx, ann, place, group="甲社群")
        found = await history.similar(tx, ann, place.id, {**MEETING, **fields})
        assert [(each.record, each.likeness) for each in found] == ([(record, likeness)] if likeness else [])


async def test_a_colleagues_meeting_is_a_double_and_their_other_work_is_not(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        record = await logged(tx, await member(tx, "ann", place), place)
        bob = await member(tx, "bob", place, Role.TEACHER)
        (found,) = await history.similar(tx, bob, place.id, MEETING)
        assert (found.record.id, found.record.creator, found.likeness) == (record.id, "老師ann", DUPLICATE)
        assert await history.similar(tx, bob, place.id, {**MEETING, "kind": "workshop"}) == []


async def test_what_is_deleted_and_the_record_itself_are_no_doubles(database: Database) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        record = await logged(tx, ann, place)
        assert await history.similar(tx, ann, place.id, MEETING, but_not=record.id) == []
        await records.delete(tx, ann, record.id, 1, channel="web", now=NOW)
        assert await history.similar(tx, ann, place.id, MEETING) == []


async def test_two_things_handed_in_on_one_day_are_not_one(database: Database) -> None:
    report: dict[str, Any] = {"kind": "deliverable", "deliverable": "final_report", "day_only": True, "minutes": 0}
    async with database.write() as tx:
        place = await school(tx, "甲校")
        ann = await member(tx, "ann", place)
        await logged(tx, ann, place, **report)
        assert await history.similar(tx, ann, place.id, {**MEETING, **report, "deliverable": "module"}) == []
        (same,) = await history.similar(tx, ann, place.id, {**MEETING, **report})
        assert same.likeness is DUPLICATE


SPANS = st.tuples(st.integers(0, 600), st.integers(0, 300))


def span(begin: int, minutes: int) -> StoredRecord:
    begins = AT_TWO + timedelta(minutes=begin)
    words: Any = ("", "", "", None, "", "", "", "", "", "done", 1, "", "", 0, 0)
    return StoredRecord("id", "place", "workshop", begins, False, minutes, *words)


@given(SPANS, SPANS)
def test_who_meets_whom_is_mutual(one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = span(*one), span(*other)
    meets = _meets(first, second.starts_at, second.ends_at)
    assert meets == _meets(second, first.starts_at, first.ends_at)
    shared = set(range(one[0], sum(one))) & set(range(other[0], sum(other)))
    assert meets or not shared
