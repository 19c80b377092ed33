"""Words beside a time of the clock that say what it is."""

from __future__ import annotations

import pytest

from knowledge.spoken import hour_words


def at(text: str) -> tuple[int, int]:
    """Where the time in brackets stands."""
    start = text.index("[")
    return start, text.index("]") - 1


def plain(text: str) -> str:
    return text.replace("[", "").replace("]", "")


@pytest.mark.parametrize("text", ["[8:30]報到", "集合[13:30]"])
def test_people_arrive(text: str) -> None:
    assert hour_words.is_arrival(plain(text), at(text))


@pytest.mark.parametrize("text", ["[14:00]社群", "[14:00]簽到單", "社群[14:00]"])
def test_nobody_arrives(text: str) -> None:
    assert not hour_words.is_arrival(plain(text), at(text))


@pytest.mark.parametrize("text", ["到[16:00]", "[四點]結束", "[16:00]前結束", "簽退[16:00]"])
def test_it_ends(text: str) -> None:
    assert hour_words.ends(plain(text), at(text))


@pytest.mark.parametrize("text", ["延到[16:00]", "簽到[14:00]", "[14:00]開始"])
def test_it_does_not_end(text: str) -> None:
    assert not hour_words.ends(plain(text), at(text))


@pytest.mark.parametrize("text", ["[三點]多", "[14:00]以後", "[三點]出頭"])
def test_it_is_meant_loosely(text: str) -> None:
    assert hour_words.is_loose(plain(text), at(text))


def test_more_people_are_no_loose_time() -> None:
    assert not hour_words.is_loose("14:00多8人", (0, 5))


def test_it_is_one_of_two() -> None:
    assert hour_words.is_one_of_two("三點或四點", (0, 2))
    assert not hour_words.is_one_of_two("三點或許", (0, 2))


def spans(text: str) -> tuple[str, tuple[int, int], tuple[int, int]]:
    """The text, and where its first and its second time stand, 「14:00」 each."""
    first, second = text.index(":") - 2, text.rindex(":") - 2
    return text, (first, first + 5), (second, second + 5)


@pytest.mark.parametrize("text", ["|14:00 | 16:00|", "14:00 16:00", ",14:00,16:00,", "14:00;16:00。"])
def test_times_stand_in_columns(text: str) -> None:
    assert hour_words.are_columns(*spans(text))


@pytest.mark.parametrize(
    "text", ["兩場 14:00,16:00", "社群14:00,16:00", "14:00,16:00再來", "14:00、16:00", "14:00或16:00"]
)
def test_times_stand_in_no_columns(text: str) -> None:
    assert not hour_words.are_columns(*spans(text))


def test_a_sum_and_a_point_made_are_no_times() -> None:
    assert hour_words.is_sum("2000 元", 4)
    assert not hour_words.is_sum("2000 開始", 4)
    assert hour_words.counts("共")
    assert not hour_words.counts("放學後")
