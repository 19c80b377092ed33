"""How people want to be reminded: the narrowest wish wins, and nothing impossible is stored."""

from __future__ import annotations

from typing import Any

import pytest

from bot.store import preferences
from bot.store.database import Database
from bot.store.preferences import OFFSETS, Preference, Wishes

SLUG, PLACE, REPORT = "distance-teaching", "abc", "deadline:final_report"


def test_without_a_wish_everybody_gets_the_same() -> None:
    nobody = Wishes()
    assert nobody.offsets(SLUG, PLACE, REPORT) == (OFFSETS, 0)
    assert (nobody.at_minute, nobody.quiet) == (540, (1260, 480))
    assert [minute for minute in (0, 479, 480, 1259, 1260) if nobody.is_quiet(minute)] == [0, 479, 1260]


def test_the_narrowest_wish_wins() -> None:
    wishes = Wishes(
        (
            Preference(offsets=(9,), updated_at=1),
            Preference(SLUG, offsets=(8,), updated_at=2),
            Preference(PLACE, offsets=(7,), updated_at=3),
            Preference("", REPORT, offsets=(6,), updated_at=4),
        )
    )
    assert wishes.offsets(SLUG, PLACE, REPORT) == ((6,), 4)
    assert wishes.offsets(SLUG, PLACE, "deadline:other") == ((7,), 3)
    assert wishes.offsets(SLUG, "elsewhere", "deadline:other") == ((8,), 2)
    assert wishes.offsets("another", "elsewhere", "deadline:other") == ((9,), 1)


def test_an_hour_within_the_quiet_hours_becomes_their_end() -> None:
    assert Wishes((Preference(at_minute=23 * 60),)).at_minute == 8 * 60


def test_quiet_hours_may_lie_within_a_day_or_be_none() -> None:
    noon = Wishes((Preference(quiet_from=720, quiet_until=780),))
    assert [noon.is_quiet(minute) for minute in (719, 720, 779, 780)] == [False, True, True, False]
    assert not Wishes((Preference(quiet_from=0, quiet_until=0),)).is_quiet(0)


async def test_what_is_set_is_read_again_and_the_rest_stays(database: Database) -> None:
    async with database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, offsets=(3, 10, 3))
        await preferences.set_wish(tx, "ann", 2, at_minute=600)
        await preferences.set_wish(tx, "ann", 3, place=SLUG, muted=True)
        found = await preferences.of_person(tx, "ann")
    assert found.offsets("", "", "")[0] == (10, 3)
    assert found.at_minute == 600
    assert found.is_muted(SLUG, PLACE, REPORT)
    assert not found.is_paused


async def test_muted_can_be_heard_again_and_all_cleared(database: Database) -> None:
    async with database.write() as tx:
        await preferences.set_wish(tx, "ann", 1, muted=True, offsets=(5,))
        await preferences.unmute(tx, "ann", 2)
        assert not (await preferences.of_person(tx, "ann")).is_paused
        await preferences.clear(tx, "ann")
        assert await preferences.of_person(tx, "ann") == Wishes()


@pytest.mark.parametrize(
    "wish",
    [{"offsets": (-1,)}, {"offsets": (366,)}, {"offsets": tuple(range(11))}, {"at_minute": 1440}, {"colour": 1}],
)
async def test_what_can_not_be_is_refused(database: Database, wish: dict[str, Any]) -> None:
    async with database.write() as tx:
        with pytest.raises(ValueError, match="of"):
            await preferences.set_wish(tx, "ann", 1, **wish)
