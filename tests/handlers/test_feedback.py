"""What askers think of answers."""

from __future__ import annotations

from bot.messages import Choice
from handlers.dialogue import GiveFeedback, State
from handlers.feedback import ALREADY, ANY_OFFICE, REMEMBERED, THANKS, typed
from tests.handlers.stage import Prompter, Talk


def test_a_tap_is_noted_and_thanked_for_in_one_line() -> None:
    talk = Talk()
    talk.say("補助")
    turn = talk.press("有幫助")
    assert turn.effects == (GiveFeedback("q1", "helpful"),)
    assert talk.text == THANKS["helpful"]
    assert "\n" not in talk.text


def test_the_same_tap_again_is_not_noted_twice() -> None:
    talk = Talk()
    talk.say("補助")
    talk.press("有幫助")
    turn = talk.say("有幫助")
    assert turn.effects == ()
    assert talk.text == ALREADY


def test_a_changed_mind_is_noted() -> None:
    talk = Talk()
    talk.say("補助")
    talk.tap("fb:q1:helpful")
    assert talk.tap("fb:q1:outdated").effects == (GiveFeedback("q1", "outdated"),)
    assert talk.tap("fb:q1:helpful").effects == (GiveFeedback("q1", "helpful"),)


def test_an_outdated_answer_names_the_office_of_its_programme() -> None:
    talk = Talk()
    talk.say("補助")
    talk.press("內容過期")
    assert "夜間學校辦公室" in talk.text


def test_none_of_these_is_kept_for_the_curators() -> None:
    talk = Talk()
    talk.say("哪個")
    turn = talk.say("都不是")
    assert turn.effects == (GiveFeedback("q1", "none_of_these"),)
    assert "交給維護內容的人" in talk.text
    assert ANY_OFFICE in talk.text


def test_a_plain_no_after_suggestions_means_none_of_these() -> None:
    talk = Talk()
    talk.say("哪個")
    assert talk.say("不是").effects == (GiveFeedback("q1", "none_of_these"),)


def test_none_of_these_under_an_answer_means_that_it_was_not_what_was_asked() -> None:
    talk = Talk(asks := Prompter())
    talk.say("補助")
    assert talk.say("都不是").effects == (GiveFeedback("q1", "other"),)
    assert len(asks.asked) == 1


def test_a_no_that_answers_nothing_is_no_question() -> None:
    talk = Talk(asks := Prompter())
    for word in ("都不是", "不是", "沒有"):
        talk.say(word)
        assert "\n" not in talk.text
    assert not asks.asked


def test_feedback_about_an_unknown_question_does_no_harm() -> None:
    talk = Talk()
    assert talk.tap("fb:abc:helpful").effects == (GiveFeedback("abc", "helpful"),)
    assert not talk.tap("fb:'; drop table:helpful").effects
    assert not talk.tap(f"fb:{'x' * 27}:helpful").effects


def test_words_of_opinion_need_a_question() -> None:
    assert typed(State(), "沒幫助") is None
    assert typed(State(question_id="q1"), "不是") is None
    assert typed(State(question_id="q1"), "答非所問！") == ("q1", "other")
    assert typed(State(offered=(Choice("都不是", "none:q2", aside=True),)), "都不對") == ("q2", "none_of_these")


def test_what_is_remembered_stays_small() -> None:
    talk = Talk()
    for number in range(3 * REMEMBERED):
        talk.tap(f"fb:q{number}:helpful")
    assert len(talk.state.noted) == REMEMBERED
