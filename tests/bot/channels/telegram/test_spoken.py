"""Our name in what a person says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.spoken import Spoken, listen
from tests.fakes.telegram import USERNAME
from tests.fakes.telegram_events import mention


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (f"@{USERNAME} 何時截止？", "何時截止？"),
        (f"@{USERNAME}，何時截止？", "何時截止？"),
        (f"請問 @{USERNAME} 何時截止？", "請問 何時截止？"),
        (f"👩‍🏫 何時截止？@{USERNAME}", "👩‍🏫 何時截止？"),
        (f"@{USERNAME}", ""),
    ],
)
def test_our_name_is_heard_and_taken_out(said: str, heard: str) -> None:
    assert listen(said, mention(said), USERNAME) == Spoken(heard, mentions_us=True)


def test_our_name_is_known_in_any_case() -> None:
    said = f"@{USERNAME.upper()} 選單"
    assert listen(said, mention(said, USERNAME.upper()), USERNAME).mentions_us


def test_another_name_stays_and_does_not_call_us() -> None:
    said = "@other_bot 何時截止？"
    assert listen(said, mention(said, "other_bot"), USERNAME) == Spoken(said, mentions_us=False)


def test_without_a_name_of_our_own_nobody_can_call_us() -> None:
    said = "@ 何時截止？"
    entities = [{"type": "mention", "offset": 0, "length": 1}]
    assert not listen(said, entities, "").mentions_us


def test_words_without_a_mention_keep_their_gaps() -> None:
    assert listen("甲  乙", [], USERNAME).text == "甲  乙"


@given(st.text(), st.integers(0, 40), st.integers(0, 40))
def test_an_entity_anywhere_breaks_nothing(said: str, offset: int, length: int) -> None:
    heard = listen(said, [{"type": "mention", "offset": offset, "length": length}], USERNAME)
    assert len(heard.text.encode()) <= 4 * len(said)


@given(st.text(), st.text())
def test_wherever_our_name_stands_it_is_taken_out(before: str, after: str) -> None:
    said = f"{before}@{USERNAME}{after}"
    heard = listen(said, mention(said), USERNAME)
    assert heard.mentions_us
    assert USERNAME not in heard.text
