"""Time: stored in UTC, read and shown in Taipei."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import TAIPEI, ShiftedClock, SystemClock, epoch_ms, from_epoch_ms, parse_local

AFTERNOON = datetime(2025, 9, 5, 14, 0, tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-09-05T14:00", AFTERNOON),
        ("2025-09-05 14:00:00", AFTERNOON),
        ("2025-09-05T06:00Z", AFTERNOON),
        ("2025-09-05T06:00:00+00:00", AFTERNOON),
        ("2025-09-05", AFTERNOON.replace(hour=0)),
    ],
)
def test_a_moment_without_a_zone_is_taipei_wall_time(text: str, moment: datetime) -> None:
    assert parse_local(text) == moment


@pytest.mark.parametrize("text", ["", "tomorrow", "2025-02-30", "114-09-05", "0001-01-01", "9999-12-31"])
def test_what_is_no_moment_of_our_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_local(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        moment = parse_local(text)
    except ValueError:
        return
    assert from_epoch_ms(epoch_ms(moment)).tzinfo is UTC


@given(st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1)))
def test_milliseconds_lead_back_to_the_moment(moment: datetime) -> None:
    local = moment.replace(tzinfo=TAIPEI)
    assert timedelta() <= local - from_epoch_ms(epoch_ms(local)) < timedelta(milliseconds=1)


def test_taipei_has_no_summer_time() -> None:
    summer, winter = parse_local("2025-07-01T00:00"), parse_local("2025-01-01T00:00")
    assert summer.utcoffset() == winter.utcoffset() == timedelta(hours=8)


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_shifted_clock_runs_on_from_its_start() -> None:
    clock = ShiftedClock(AFTERNOON)
    first, second = clock.now(), clock.now()
    assert AFTERNOON <= first <= second < AFTERNOON + timedelta(hours=1)
    assert first.tzinfo is UTC


def test_a_clock_that_stands_still_stands_still() -> None:
    clock = ShiftedClock(AFTERNOON, running=False)
    assert clock.now() == clock.now() == AFTERNOON


def test_a_shifted_clock_can_be_set() -> None:
    clock = ShiftedClock(AFTERNOON, running=False)
    clock.move_to(AFTERNOON + timedelta(days=1))
    assert clock.now() == AFTERNOON + timedelta(days=1)
