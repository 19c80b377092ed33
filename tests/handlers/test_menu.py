"""Menu, help, greetings, cancel and restart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Kind
from handlers import menu
from handlers.menu import sample_questions
from handlers.router import Router
from knowledge.answering.engine import Answerer
from knowledge.answering.model import Status
from knowledge.loader import load_base
from tests.handlers.stage import BASE, MONDAY, SURE, Prompter, Talk, real_checklists


def test_the_welcome_says_what_it_is_what_not_and_what_is_stored() -> None:
    talk = Talk()
    talk.event(Kind.FOLLOW)
    for words in ("我是學伴", "不是教育部的官方管道", "90 天"):
        assert words in talk.text
    assert all(choice.action.startswith("q:") for choice in talk.offered)


def test_the_welcome_is_said_once() -> None:
    talk = Talk()
    talk.event(Kind.FOLLOW)
    talk.event(Kind.FOLLOW)
    assert talk.text == menu.WELCOME_BACK
    talk.event(Kind.LEAVE)
    talk.event(Kind.FOLLOW)
    assert "官方" in talk.text


def test_the_days_of_retention_are_those_of_the_installation() -> None:
    talk = Talk()
    talk.router = Router(Prompter(), checklists=real_checklists(), retention_days=30)
    talk.event(Kind.FOLLOW)
    assert "存 30 天" in talk.text
    talk.say("隱私")
    assert "30 天後刪除" in talk.text


def test_a_sample_can_be_chosen_by_its_number() -> None:
    talk = Talk(asks := Prompter())
    talk.event(Kind.FOLLOW)
    talk.say("1")
    assert asks.asked[0][0] == "夜間學校補助多少錢？"


@pytest.mark.parametrize(
    ("word", "title"),
    [
        ("選單", "選單"),
        ("MENU", "選單"),
        ("/menu", "選單"),
        ("有哪些計畫？", "選單"),
        ("換計畫", "選單"),
        ("說明", "怎麼使用"),
        ("help", "怎麼使用"),
        ("你是誰？", "關於學伴"),
        ("關於", "關於學伴"),
        ("你是真人嗎", "關於學伴"),
        ("隱私", "隱私"),
    ],
)
def test_global_words_open_their_card(word: str, title: str) -> None:
    talk = Talk()
    talk.say(word)
    assert getattr(talk.messages[0], "title", "") == title


def test_the_menu_names_what_is_held() -> None:
    talk = Talk()
    talk.say("選單")
    assert "夜間學校（114 學年度）" in talk.text
    assert talk.labels[-4:] == ["使用說明", "關於學伴", "隱私", "重新開始"]


@pytest.mark.parametrize("label", ["使用說明", "關於學伴", "隱私", "重新開始"])
def test_every_button_of_the_menu_works_tapped_and_typed(label: str) -> None:
    talk = Talk()
    talk.say("選單")
    tapped = talk.press(label).messages
    talk.say("選單")
    assert talk.say(label).messages == tapped
    assert "失效" not in talk.text


@pytest.mark.parametrize("word", ["取消", "重新開始"])
def test_cancel_and_restart_let_go_of_topic_and_choices(word: str) -> None:
    talk = Talk()
    talk.event(Kind.FOLLOW)
    talk.say("補助")
    talk.say("哪個")
    talk.state = replace(talk.state, focus=SURE.focus)
    talk.say(word)
    assert talk.state.focus is None
    assert not [choice for choice in talk.state.offered if choice.action.startswith("e:")]
    assert talk.state.welcomed


def test_cancel_without_anything_to_cancel_says_so() -> None:
    talk = Talk()
    talk.say("取消")
    assert talk.text == menu.NOTHING_TO_CANCEL
    talk.say("補助")
    talk.say("取消")
    assert talk.text == menu.CANCELLED


class TestAProgrammeThatIsOnlyNamed:
    """「夜間學校」 and nothing else."""

    def test_is_asked_what_of_it_with_its_own_samples(self) -> None:
        talk = Talk(asks := Prompter())
        talk.say("夜間學校")
        assert "夜間學校" in talk.text
        assert talk.labels == ["夜間學校補助多少錢？", "夜間學校怎麼申請？", "夜間學校的目的是什麼？", "選單"]
        assert not asks.asked

    def test_is_what_the_next_question_is_about(self) -> None:
        talk = Talk(asks := Prompter())
        talk.say("日間學校呢")
        talk.say("補助")
        _, focus = asks.asked[0]
        assert focus is not None
        assert focus.programme == "day-school"

    def test_asks_the_same_of_it_while_a_question_is_under_way(self) -> None:
        talk = Talk(asks := Prompter())
        talk.say("補助")
        talk.say("日間學校")
        assert [question for question, _ in asks.asked] == ["補助", "日間學校"]

    def test_is_named_alone_again_once_that_question_is_long_past(self) -> None:
        talk = Talk(asks := Prompter())
        talk.say("補助")
        talk.wait(minutes=11)
        talk.say("日間學校")
        assert len(asks.asked) == 1

    def test_chooses_its_entry_where_one_is_offered(self) -> None:
        talk = Talk()
        talk.say("哪個")
        talk.say("夜間學校")
        assert talk.text == "最多 5 萬元。"


def test_samples_come_from_the_base() -> None:
    assert [choice.label for choice in sample_questions(BASE)] == ["夜間學校補助多少錢？", "日間學校怎麼申請？"]


def test_the_samples_of_the_packaged_base_are_three_and_answered() -> None:
    answerer = Answerer(base := load_base())
    samples = [choice.label for choice in sample_questions(base)]
    assert len(samples) == 3
    assert [s for s in samples if answerer.answer(s, None, MONDAY).status is not Status.ANSWERED] == []
