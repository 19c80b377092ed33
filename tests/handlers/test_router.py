"""Who answers what."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Card, Kind, Text
from handlers import choices, feedback, router
from handlers.dialogue import State
from handlers.menu import GROUP_GREETING
from tests.handlers.stage import REF, Playhouse, Prompter, Talk
from tests.thorough import examples


def test_a_question_is_asked_as_it_was_typed() -> None:
    talk = Talk(asks := Prompter())
    talk.say(" 補助，多少？ ")
    assert asks.asked == [("補助，多少？", None)]


def test_the_next_question_refers_to_the_last() -> None:
    talk = Talk(asks := Prompter())
    talk.say("補助")
    talk.say("那合作學校呢")
    focus = asks.asked[1][1]
    assert focus is not None
    assert focus.entry == REF


@pytest.mark.parametrize("text", ["2", "２", "二", "2.", "(2)", "第二個", "2️⃣", "夜間學校：補助多少錢？"])
def test_a_number_or_label_chooses_what_was_offered(text: str) -> None:
    talk = Talk(asks := Prompter())
    talk.say("哪個")
    talk.say(text)
    expected = "失效" if "補助" not in text else "最多 5 萬元"
    assert expected in talk.text  # the second entry is gone from the base
    assert len(asks.asked) == 1


def test_the_name_of_a_programme_chooses_its_entry() -> None:
    talk = Talk(Prompter())
    talk.say("哪個")
    talk.say("夜間學校的")
    assert talk.text == "最多 5 萬元。"


def test_numbers_keep_their_meaning_through_small_talk() -> None:
    talk = Talk()
    talk.say("哪個")
    talk.say("謝謝")
    talk.say("1")
    assert talk.text == "最多 5 萬元。"


def test_the_other_suggestions_can_be_chosen_after_the_first() -> None:
    talk = Talk()
    talk.say("哪個")
    talk.say("2")
    talk.say("1")
    assert talk.text == "最多 5 萬元。"


def test_a_new_question_ends_the_old_numbers() -> None:
    talk = Talk()
    talk.say("哪個")
    talk.say("補助")
    talk.say("1")
    assert talk.text == choices.NOTHING_OFFERED


def test_a_number_that_was_not_offered_is_answered_kindly() -> None:
    talk = Talk()
    talk.say("5")
    assert talk.text == choices.NOTHING_OFFERED
    talk.say("哪個")
    talk.say("5")
    assert talk.text == choices.NO_SUCH_NUMBER.format(count=2)
    talk.say("1")
    assert talk.text == "最多 5 萬元。"


def test_a_year_is_no_number_of_a_choice() -> None:
    talk = Talk(asks := Prompter())
    talk.say("114")
    assert asks.asked == [("114", None)]


@pytest.mark.parametrize(
    "action", ["", "e:", "e:gone/1/x", "zz:1", "m:", "m:nothing", "fb:q1:loved", "fb:", "none:", "q:", "舊的"]
)
def test_a_stale_or_unknown_button_is_answered_kindly_and_does_nothing(action: str) -> None:
    talk = Talk(asks := Prompter())
    turn = talk.tap(action)
    assert "失效" in talk.text
    assert not turn.effects
    assert not asks.asked


def test_a_sample_question_is_asked() -> None:
    talk = Talk(asks := Prompter())
    talk.tap("q:補助")
    assert asks.asked == [("補助", None)]


def test_in_a_group_nothing_is_said_unless_somebody_speaks_to_us() -> None:
    talk = Talk(in_group=True)
    for kind in (Kind.TEXT, Kind.FILE):
        turn = talk.event(kind, text="補助", addressed=False)
        assert not turn.messages
        assert not turn.effects


def test_a_group_is_greeted_in_three_lines() -> None:
    talk = Talk(in_group=True)
    talk.event(Kind.JOIN, addressed=False)
    assert talk.text == GROUP_GREETING
    assert len(talk.text.splitlines()) == 3


def test_our_name_alone_in_a_group_is_answered() -> None:
    talk = Talk(in_group=True)
    talk.say("  ")
    assert talk.text == router.ONLY_NAME


def test_who_leaves_is_told_nothing_and_forgotten() -> None:
    talk = Talk(state=State(welcomed=True, question_id="q9"))
    turn = talk.event(Kind.LEAVE)
    assert not turn.messages
    assert turn.state == State()


def test_a_message_taken_back_is_not_answered() -> None:
    assert not Talk().event(Kind.UNSEND).messages


def test_a_picture_is_declined_kindly() -> None:
    talk = Talk()
    talk.event(Kind.FILE)
    assert talk.text == router.FILE


def test_words_beside_a_picture_are_answered() -> None:
    talk = Talk()
    talk.event(Kind.FILE, text="補助")
    assert [type(message) for message in talk.messages] == [Text, Card]
    assert talk.messages[0].text == router.FILE_BESIDE


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "🎉🎉", "？？？", "\u202e\u200f", "Привет", "補" * 10_000])
def test_what_holds_no_question_is_answered_kindly_and_not_kept(text: str) -> None:
    talk = Talk(asks := Prompter())
    turn = talk.say(text)
    assert talk.text
    assert not turn.effects
    assert not asks.asked


def test_a_typed_opinion_counts_without_its_button() -> None:
    talk = Talk()
    talk.say("補助")
    talk.say("選單")
    turn = talk.say("沒幫助")
    assert [effect.question_id for effect in turn.effects] == ["q1"]
    assert talk.text == feedback.THANKS["other"]


ANYTHING = st.text(max_size=60) | st.sampled_from(["補助", "哪個", "1", "選單", "取消", "有幫助", "都不是"])


@settings(deadline=None, max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(st.tuples(st.sampled_from(Kind), ANYTHING, st.booleans()), max_size=8))
def test_whoever_speaks_to_us_is_answered_whatever_they_send(
    house: Playhouse, events: list[tuple[Kind, str, bool]]
) -> None:
    talk = Talk(house=house)
    for kind, text, in_group in events:
        talk.event(kind, text=text, action=text, in_group=in_group)
        silent = kind in (Kind.LEAVE, Kind.UNSEND)
        assert bool(talk.text.strip()) != silent
        assert all(len(choice.action.encode()) <= 64 for choice in talk.offered)
