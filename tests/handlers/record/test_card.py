"""The card and the lines of a list."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from bot.messages import Card
from bot.store.history import Likeness, Similar
from handlers.record import card, draft, sayings
from handlers.record.card import line, warning
from knowledge.spoken.model import Reason
from tests.handlers.record.samples import PLACES, form, run, stored

ANSWERS: dict[str, Any] = {
    "_schools": {"e1": PLACES["e1"]},
    "school": "e1",
    "kind": "community_meeting",
    "day": "2025-11-18",
    "time": {"start": "14:00", "minutes": 120},
}


def shown(slug: str = "distance-teaching", *, planned: bool = False, **answers: Any) -> Card:
    given = {**ANSWERS, **answers}
    decisive = ("mode",) if slug == "onsite-mentoring" else ()
    return card.draft_card(
        run(**given), form(slug, **given), planned=planned, decisive=decisive, notes=("※ 注意",), choices=()
    )


def test_a_card_says_every_field_and_its_status_in_words() -> None:
    found = shown(headcount=6)
    assert found.status == "請確認"
    assert found.text.splitlines() == [
        "類別：社群活動", "日期：114/11/18（二）", "時間：14:00–16:00，2 小時", "人數：6 人",
        "學校：甲高中・跨校遠距教學", "※ 注意",
    ]  # fmt: skip


def test_of_several_schools_the_school_leads() -> None:
    assert shown(_schools=PLACES).text.startswith("學校：甲高中・跨校遠距教學")


def test_what_counting_depends_on_is_named_where_it_is_missing() -> None:
    assert "方式：（沒有填；計畫要看這一項才知道算不算）" in shown("onsite-mentoring").text


@pytest.mark.parametrize(("more", "status"), [({"_record": "r1"}, "請確認修改"), ({}, "請確認（預定）")])
def test_a_change_and_a_plan_are_called_so(more: dict[str, Any], status: str) -> None:
    found = shown(planned=True, **more)
    assert found.status == status
    assert card.PLANNED_NOTE in found.text


def test_a_text_that_was_cut_is_said_to_be_cut() -> None:
    assert "只記到 500 個字" in shown(topic="字" * draft.LONGEST["topic"]).text
    assert "只記到" not in shown(topic="字").text


def test_markup_in_a_topic_stays_words() -> None:
    assert "主題：<b>x</b> & y" in shown(topic="<b>x</b> & y").text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "114/11/18（二） 14:00 社群活動 2 小時，差異化教學"),
        ({"day_only": True, "topic": ""}, "114/11/18（二） 社群活動 2 小時"),
        ({"state": "planned", "topic": ""}, "114/11/18（二） 14:00 社群活動 2 小時（預定）"),
        (
            {"kind": "deliverable", "deliverable": "module", "day_only": True, "minutes": 0, "topic": ""},
            "114/11/18（二） 成果或表單「課程模組」",
        ),
    ],
)
def test_a_record_in_one_line(changes: dict[str, Any], expected: str) -> None:
    assert line(stored(**changes)) == expected


def test_a_line_keeps_only_the_beginning_of_a_long_topic() -> None:
    assert len(line(stored(topic="字" * 500))) < 80


def test_the_warning_names_whose_it_is_and_offers_only_what_can_be_done() -> None:
    likely = Similar(stored(), Likeness.DUPLICATE)
    assert "王老師記的" in warning(likely, "li")
    assert "併入這一筆" in warning(likely, "li")
    assert "您已經記過" in warning(likely, "wang")
    assert "併入這一筆" not in warning(likely, "wang")
    assert "同校夥伴記的" in warning(Similar(stored(creator=""), Likeness.DUPLICATE), "li")
    assert "重疊" in warning(Similar(stored(), Likeness.OVERLAP), "wang")


def test_differences_are_told_field_by_field() -> None:
    now = draft.of_record(stored(headcount=5))
    mine = {**draft.of_record(stored(headcount=9)), "mode": "onsite"}
    del mine["topic"]
    assert card.differences(form(**ANSWERS), now, mine) == [
        "・主題：現在是「差異化教學」，您要存的是「沒有填」",
        "・方式：現在是「線上」，您要存的是「實體」",
        "・人數：現在是「5 人」，您要存的是「9 人」",
    ]
    assert card.differences(form(**ANSWERS), now, now) == [sayings.SAME_AS_YOURS]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_to_ask_back_has_a_sentence(reason: str) -> None:
    assert sayings.REASONS[reason][-1] in "。？"
    assert card.doubts([reason, reason]) == ([] if reason in card.PLAIN_REASONS else [sayings.REASONS[reason]])
