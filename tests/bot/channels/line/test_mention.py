"""Our own mention is found in any unit, and taken out of the text."""

from typing import Any

import pytest

from bot.channels.line.mention import without_own_mention
from tests.fakes.line_events import mentionee


def message(text: str, *mentionees: dict[str, Any]) -> dict[str, Any]:
    return {"text": text, "mention": {"mentionees": list(mentionees)}}


def test_without_any_mention_the_text_is_as_it_was() -> None:
    assert without_own_mention({"text": " 鐘點費 "}) == (" 鐘點費 ", False)


@pytest.mark.parametrize(
    ("text", "index", "rest"),
    [
        ("@學伴 鐘點費多少", 0, "鐘點費多少"),
        ("鐘點費多少 @學伴", 6, "鐘點費多少"),
        ("請問 @學伴 鐘點費", 3, "請問 鐘點費"),
        ("😀 @學伴 鐘點費", 3, "😀 鐘點費"),  # counted in UTF-16 units
        ("😀 @學伴 鐘點費", 2, "😀 鐘點費"),  # counted in code points
        ("＠學伴 鐘點費", 0, "鐘點費"),
        ("@學伴", 0, ""),
    ],
)
def test_our_mention_is_taken_out(text: str, index: int, rest: str) -> None:
    assert without_own_mention(message(text, mentionee(index, 3))) == (rest, True)


def test_a_name_with_a_blank_goes_as_a_whole() -> None:
    assert without_own_mention(message("@學伴 小幫手 鐘點費", mentionee(0, 7))) == ("鐘點費", True)


@pytest.mark.parametrize("index", [3, 2], ids=["utf-16", "code points"])
def test_a_name_with_a_blank_goes_as_a_whole_in_either_unit(index: int) -> None:
    assert without_own_mention(message("😀 @學伴 小幫手 鐘點費", mentionee(index, 7))) == ("😀 鐘點費", True)


def test_others_stay_mentioned() -> None:
    found = without_own_mention(
        message("@王老師 @學伴 鐘點費", mentionee(0, 4, is_self=False, user="U2"), mentionee(5, 3))
    )
    assert found == ("@王老師 鐘點費", True)


def test_a_mention_of_others_is_none_of_us() -> None:
    found = without_own_mention(message("@王老師 鐘點費", mentionee(0, 4, is_self=False, user="U2")))
    assert found == ("@王老師 鐘點費", False)


def test_everybody_is_not_us() -> None:
    found = without_own_mention(message("@All 開會", {"type": "all", "index": 0, "length": 4}))
    assert found == ("@All 開會", False)


def test_being_mentioned_twice_leaves_nothing_of_us() -> None:
    found = without_own_mention(message("@學伴 你好 @學伴 鐘點費", mentionee(0, 3), mentionee(7, 3)))
    assert found == ("你好 鐘點費", True)


@pytest.mark.parametrize("index", [5, -4, 400, None, "0"])
def test_a_wrong_place_falls_back_to_the_name_that_stands_there(index: Any) -> None:
    assert without_own_mention(message("@學伴 鐘點費", mentionee(index, 3))) == ("鐘點費", True)


def test_a_mention_that_is_nowhere_leaves_the_text() -> None:
    assert without_own_mention(message("鐘點費", mentionee(0, 3))) == ("鐘點費", True)
