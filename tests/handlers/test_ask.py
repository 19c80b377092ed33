"""How an answer is laid out and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages import Card
from handlers.ask import ANSWERED, REFUSED, UNSURE, new_question_id, source_line
from handlers.choices import LONGEST_LABEL
from handlers.dialogue import KeepQuestion
from knowledge.answering.model import Citation
from knowledge.loader import load_base
from tests.handlers.stage import BASE, REF, SURE, UNHEARD, Prompter, Talk


def card_of(talk: Talk) -> Card:
    """The one card of the last reply."""
    (message,) = talk.messages
    assert isinstance(message, Card)
    return message


def test_an_answer_is_a_card_with_its_source() -> None:
    talk = Talk()
    talk.say("補助")
    card = card_of(talk)
    assert (card.status, card.title, card.text) == (ANSWERED, "補助多少錢？", "最多 5 萬元。")
    assert card.source == "依據：夜間學校（114 學年度）參/一、參/二/(一)"
    assert [(c.label, c.action) for c in card.choices] == [
        ("有幫助", "fb:q1:helpful"),
        ("不是我要問的", "fb:q1:other"),
        ("內容過期", "fb:q1:outdated"),
        ("選單", "m:menu"),
    ]
    assert all(choice.aside for choice in card.choices)


def test_a_doubtful_question_offers_suggestions_and_none_of_them() -> None:
    talk = Talk()
    talk.say("哪個")
    card = card_of(talk)
    assert (card.status, card.source) == (UNSURE, "")
    assert [c.label for c in card.choices if not c.aside] == [
        "夜間學校：補助多少錢？",
        "日間學校：這一個標題比按鈕放得下的還要…",
    ]
    assert [(c.label, c.action) for c in card.choices if c.aside] == [("都不是", "none:q1"), ("選單", "m:menu")]
    assert max(map(len, talk.labels)) == LONGEST_LABEL


def test_a_refusal_says_so_and_asks_for_no_opinion() -> None:
    talk = Talk()
    talk.say("天氣")
    card = card_of(talk)
    assert (card.status, card.text, card.source) == (REFUSED, "這個問題我查不到依據。", "")
    assert talk.labels == ["選單"]


def test_a_known_gap_names_what_comes_nearest_and_takes_opinions() -> None:
    talk = Talk()
    talk.say("費用")
    assert card_of(talk).status == REFUSED
    assert card_of(talk).source.startswith("相關條文：")
    assert "內容過期" in talk.labels


def test_in_a_group_an_answer_is_short() -> None:
    talk = Talk(in_group=True)
    talk.say("補助")
    assert talk.labels == ["選單"]
    talk.say("哪個")
    assert talk.labels[-1] == "選單"
    assert "都不是" not in talk.labels


@pytest.mark.parametrize(("question", "status"), [("補助", "answered"), ("哪個", "unsure"), ("天氣", "refused")])
def test_every_question_is_kept(question: str, status: str) -> None:
    (effect,) = Talk().say(question).effects
    assert isinstance(effect, KeepQuestion)
    assert (effect.question_id, effect.text, effect.status) == ("q1", question, status)
    assert effect.folded


def test_a_refusal_belongs_to_the_programme_that_was_talked_about() -> None:
    talk = Talk(Prompter(雨=replace(UNHEARD, focus=SURE.focus)))
    kept = []
    for question in ("天氣", "雨"):
        (effect,) = talk.say(question).effects
        assert isinstance(effect, KeepQuestion)
        kept.append(effect.programme)
    assert kept == ["", "night-school"]


def test_what_was_suggested_is_kept() -> None:
    (effect,) = Talk().say("哪個").effects
    assert isinstance(effect, KeepQuestion)
    assert effect.candidates == (REF, "day-school/114/money")


def test_a_tapped_suggestion_is_answered_and_becomes_the_topic() -> None:
    talk = Talk()
    talk.say("哪個")
    talk.press("夜間學校：補助多少錢？")
    (effect,) = talk.turn.effects
    assert isinstance(effect, KeepQuestion)
    assert (effect.question_id, effect.entry, effect.text) == ("q2", REF, "補助多少錢？")
    assert talk.state.focus is not None
    assert talk.state.focus.entry == REF


def test_sources_of_two_programmes_are_named_apart() -> None:
    citations = [Citation("night-school", "114", "參/一"), Citation("day-school", "114", "肆")]
    expected = "依據：夜間學校（114 學年度）參/一；日間學校（114 學年度）肆"
    assert source_line(BASE, citations) == expected


def test_no_source_is_no_line() -> None:
    assert source_line(BASE, ()) == ""


def test_ids_are_short_enough_for_a_button_and_differ() -> None:
    ids = {new_question_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(f"fb:{each}:outdated".encode()) <= 64 for each in ids)


def test_every_entry_of_the_base_can_be_named_by_a_button() -> None:
    base = load_base()
    refs = [p.ref(item) for p in base.programmes for items in (p.entries, p.gaps) for item in items]
    assert refs
    assert [ref for ref in refs if len(f"e:{ref}".encode()) > 64] == []


def test_an_answer_without_a_topic_ends_the_old_one() -> None:
    talk = Talk(Prompter(換題=replace(SURE, focus=None)))
    talk.say("補助")
    talk.say("換題")
    assert talk.state.focus is None
