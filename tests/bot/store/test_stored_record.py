"""What a record may hold: bounds, words, texts that every database can keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.database import Database
from bot.store.stored_record import WORDS, columns_of, fields_of, local
from tests.bot.store.school_house import MEETING, logged, member, school

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    "wrong",
    [
        {"headcount": -3}, {"headcount": 10**9}, {"headcount": True}, {"headcount": 2.5}, {"minutes": -1},
        {"minutes": 24 * 60 + 1}, {"minutes": "60"}, {"starts_at": None}, {"starts_at": "2025-11-18"},
        {"starts_at": datetime(1989, 12, 31)}, {"starts_at": datetime(2200, 1, 1)},
        {"starts_at": datetime(2025, 1, 1, tzinfo=UTC)}, {"kind": None}, {"kind": "party"}, {"mode": "Onsite"},
        {"mode": ["onsite"]}, {"topic": "題" * 2001}, {"topic": "甲\0乙"}, {"topic": "\ud83d"}, {"host": "師" * 81},
        {"group": 3}, {"deliverable": "module"}, {"state": "done"}, {"day": "2025-11-18"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        columns_of({**MEETING, **wrong})


@pytest.mark.parametrize(
    "right",
    [
        {"headcount": 0}, {"headcount": 100_000}, {"minutes": 0}, {"minutes": 24 * 60}, {"topic": "題" * 2000},
        {"starts_at": datetime(1990, 1, 1)}, {"starts_at": datetime(2199, 12, 31, 23, 59)}, {"topic": None},
        {"kind": "deliverable", "deliverable": "module"},
    ],
)  # fmt: skip
def test_what_lies_on_the_bounds_is_taken(right: dict[str, Any]) -> None:
    assert columns_of({**MEETING, **right})


@given(st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31)))
def test_a_moment_in_taipei_comes_back_to_the_minute(moment: datetime) -> None:
    columns = columns_of({**MEETING, "starts_at": moment})
    assert local(columns["starts_at"]) == moment.replace(second=0, microsecond=0)
    assert columns["day"] == moment.date().isoformat()
    assert local(columns["starts_at"]).utcoffset() is None
    assert (
        columns["starts_at"] / 1000
        == (moment - timedelta(hours=8)).replace(second=0, microsecond=0, tzinfo=UTC).timestamp()
    )


@given(
    st.fixed_dictionaries(
        {"kind": st.just("deliverable"), "starts_at": st.datetimes(datetime(1990, 1, 1), datetime(2199, 12, 31))},
        optional={
            **{name: st.sampled_from([*words, None]) for name, words in WORDS.items() if name != "kind"},
            **dict.fromkeys(("topic", "host", "group"), TEXT),
            "minutes": st.integers(0, 1440),
            "headcount": st.none() | st.integers(0, 100_000),
            "day_only": st.booleans(),
        },
    )
)
def test_whatever_may_be_said_is_taken(fields: dict[str, Any]) -> None:
    columns = columns_of(fields)
    assert columns["kind"] == "deliverable"
    assert all(isinstance(columns[name], str) for name in (*WORDS, "topic", "host", "group_name"))


async def test_what_was_stored_can_be_stored_again(database: Database) -> None:
    given: dict[str, Any] = {
        "topic": "'; DROP TABLE records; --",
        "host": "ＡＢＣ 😀",
        "group": "甲\n乙",
        "headcount": 0,
    }
    async with database.write() as tx:
        place = await school(tx, "甲校")
        scope = await member(tx, "ann", place)
        record = await logged(tx, scope, place, **given)
        again = await logged(tx, scope, place, **fields_of(record))
        assert fields_of(again) == fields_of(record)
        assert {name: getattr(again, name) for name in given} == given
