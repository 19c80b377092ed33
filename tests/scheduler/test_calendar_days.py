"""Days that trip up calendars: hours that come twice or not at all, the end of the year, the 29th of February."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clock import from_epoch_ms, parse_local
from bot.store.database import Database
from scheduler import reconcile
from scheduler.due import LAST, occasions
from scheduler.reconcile import moment
from scheduler.wording import say_day
from tests.scheduler.reminding import Town, planner
from tests.scheduler.test_due import due


@pytest.mark.parametrize(
    ("day", "minute", "utc"),
    [
        (date(2018, 10, 27), 9 * 60, "2018-10-27T06:00"),
        (date(2018, 10, 28), 9 * 60, "2018-10-28T07:00"),  # three o'clock came twice
        (date(2018, 10, 28), 3 * 60 + 30, "2018-10-28T00:30"),  # the first of the two
        (date(2018, 3, 24), 9 * 60, "2018-03-24T07:00"),
        (date(2018, 3, 25), 9 * 60, "2018-03-25T06:00"),  # three o'clock never came
    ],
)
def test_nine_is_nine_on_the_wall_where_summer_time_comes_and_goes(
    monkeypatch: pytest.MonkeyPatch, day: date, minute: int, utc: str
) -> None:
    """Taipei has none today; nobody may write +8 all the same."""
    monkeypatch.setattr(reconcile, "TAIPEI", ZoneInfo("Europe/Riga"))
    assert from_epoch_ms(moment(day, minute)) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    leap = due(datetime.combine(date(2024, 2, 29), LAST))
    assert [(each.rule, each.day.isoformat()) for each in occasions(leap, (7, 1, 0), date(2024, 2, 29))] == [
        ("T-7", "2024-02-22"),
        ("T-1", "2024-02-27"),
        ("T-0", "2024-02-29"),
    ], "the 28th is a holiday"
    assert say_day(date(2024, 2, 29)) == "113/2/29（四）"


async def test_the_year_changes_between_two_reminders_of_the_same_date(database: Database) -> None:
    town = Town(database)
    await town.person("ann", await town.school("mobile-learning"))
    for day in ("2017-12-29", "2018-01-02", "2018-01-29", "2018-02-27"):
        await town.at(f"{day}T09:00")
    told = await town.texts()
    assert "計畫結束：106/12/31（日）到期，還有 2 天" in told[0], "among more requirements than are told one by one"
    assert "還有 " in told[0].splitlines()[-1]
    assert "經費結報：107/2/28（三）到期，還有 30 天" in told[-2]
    assert "經費結報：107/2/28（三）到期，就是明天" in told[-1], "the day itself is a holiday"


async def test_replicas_whose_clocks_differ_by_minutes_make_one_digest(database: Database) -> None:
    town = Town(database)
    await town.person("ann", await town.school("urban-rural-partner"))
    slow, fast = timedelta(minutes=-5), timedelta(minutes=5)
    for moment_ in ("2017-07-24T08:57", "2017-07-24T09:01", "2017-07-24T20:58", "2017-07-25T00:01", "2017-07-25T09:00"):
        for skew in (fast, slow, timedelta()):
            await planner()(database, parse_local(moment_) + skew)
    days = [datetime.fromisoformat(row.dedupe_key.rpartition(":")[2]).date() for row in await town.digests()]
    assert days == sorted(set(days)), "one a day"
    assert len([text for text in await town.texts() if "還有 7 天" in text]) == 1
