"""How much one person may ask."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.inbox.allowance import CAPACITY, NOTICE_EVERY_MS, REFILL_PER_SECOND, spend

pauses = st.lists(st.integers(min_value=0, max_value=120_000), min_size=1, max_size=200)
NOON = 1_763_604_000_000


def moments(gaps: list[int]) -> list[int]:
    at, found = NOON, []
    for gap in gaps:
        at += gap
        found.append(at)
    return found


@given(pauses)
def test_no_more_passes_than_a_burst_and_the_refill_since(gaps: list[int]) -> None:
    bucket: dict[str, object] = {}
    passed = 0
    for now in moments(gaps):
        verdict = spend(bucket, now)
        bucket, passed = verdict.bucket, passed + verdict.allowed
        refill = (now - NOON - gaps[0]) / 1000 * REFILL_PER_SECOND
        assert passed <= CAPACITY + refill + 1e-6


@given(pauses)
def test_a_flooding_person_is_told_at_most_once_a_minute(gaps: list[int]) -> None:
    bucket: dict[str, object] = {}
    told = []
    for now in moments(gaps):
        verdict = spend(bucket, now)
        bucket = verdict.bucket
        assert not (verdict.allowed and verdict.notify)
        if verdict.notify:
            told.append(now)
    assert all(later - earlier >= NOTICE_EVERY_MS for earlier, later in pairwise(told))


@given(st.integers(min_value=int(1000 / REFILL_PER_SECOND), max_value=10**9))
def test_whoever_waits_is_never_held_back(pause: int) -> None:
    bucket: dict[str, object] = {}
    for step in range(60):
        verdict = spend(bucket, NOON + step * pause)
        assert verdict.allowed
        bucket = verdict.bucket


def test_the_first_message_beyond_a_burst_is_held_back_and_said_so() -> None:
    bucket: dict[str, object] = {}
    for _ in range(int(CAPACITY)):
        verdict = spend(bucket, NOON)
        assert verdict.allowed
        bucket = verdict.bucket
    verdict = spend(bucket, NOON)
    assert (verdict.allowed, verdict.notify) == (False, True)


@given(st.integers(min_value=0, max_value=10**12))
def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing(back: int) -> None:
    first = spend({}, NOON)
    second = spend(first.bucket, NOON - back)
    assert second.bucket["tokens"] == CAPACITY - 2
