"""Where records begin and are found again."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.record.conftest import talk_of
from tests.handlers.stage import Playhouse, Talk
from tests.thorough import examples

LINE = "11/18 14:00-16:00 社群會議"


def log(talk: Talk, *lines: str) -> None:
    """Log and confirm."""
    for line in lines:
        talk.say(line)
        talk.press("確認")


@pytest.mark.parametrize("words", [LINE, "記錄", "11月的紀錄", "刪掉上一筆", "進度"])
def test_who_is_no_member_is_told_how_to_become_one(house: Playhouse, words: str) -> None:
    stranger = talk_of(house, "line:nobody")
    stranger.say(words)
    assert "邀請碼" in stranger.text
    assert house.records() == []


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("1911/10/10 社群會議2小時", "離現在太遠"),
        ("2/30 社群會議2小時", "沒有這個日期或時間"),
        ("上週 社群會議2小時", "還不知道是哪一天"),
        ("11/18 社群會議 25小時", "0 到 24 小時"),
        ("11/18 社群會議 0小時", "0 到 24 小時"),
        ("11/18 社群會議兩節", "一節課的分鐘數不同"),
        ("11/18（三）社群會議2小時", "對不起來"),
        ("11/25 14:00-16:00 社群會議", "還沒到"),
    ],
)
def test_what_is_not_sure_is_asked_with_its_reason(house: Playhouse, talk: Talk, words: str, asked: str) -> None:
    talk.say(words)
    assert asked in talk.text
    assert "〔記錄〕" in talk.text
    assert house.records() == []


@pytest.mark.parametrize("slug", ["distance-teaching", "equalization", "mobile-learning", "onsite-mentoring"])
def test_a_line_of_any_programme_comes_to_a_card(house: Playhouse, slug: str) -> None:
    house.join("line:any", slug)
    talk = talk_of(house, "line:any")
    talk.say("11/18 9:00-12:00 辦理研習 20人，線上")
    for _ in range(3):
        if "確認" not in talk.labels:
            talk.say("略過")
    talk.press("確認")
    assert [each.minutes for each in house.records()] == [180]


def test_a_month_is_listed_with_its_hours_and_its_neighbours(talk: Talk) -> None:
    log(talk, LINE, "10/30 9:00-10:00 觀課")
    talk.say("11月的紀錄")
    assert "114 年 11 月的紀錄，共 1 筆、2 小時" in talk.text
    talk.press("上個月")
    assert "114 年 10 月的紀錄，共 1 筆、1 小時" in talk.text
    talk.tap("r:month:2025-1")
    assert {"r:month:2024-12", "r:month:2025-2"} <= {choice.action for choice in talk.offered}


@pytest.mark.parametrize(
    "action", ["r:month:2025-13", "r:month:x", "r:month:99999-1", "r:month:٢٠٢٥-1", "r:nothing:x", "r"]
)
def test_buttons_that_were_never_made_are_told_so(talk: Talk, action: str) -> None:
    talk.tap(action)
    assert "找不到" in talk.text or "失效" in talk.text


@given(
    st.from_regex(
        r"r:(save|drop|join|card|month|show|edit|copy|delete!?|restore|held|unheld|new)(:[a-z0-9!-]{0,9}){0,3}"
    ),
)
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_button_fails_or_stores(house: Playhouse, talk: Talk, action: str) -> None:
    talk.tap(action)
    assert house.records() == []


def test_of_several_on_a_day_one_is_picked(house: Playhouse, talk: Talk) -> None:
    log(talk, LINE, "11/18 9:00-10:00 觀課")
    talk.say("刪除 11/18 那筆")
    assert "是哪一筆" in talk.text
    talk.press("114/11/18（二） 09:00 公開觀課或教學演示 1 小時")
    assert "要刪掉這一筆嗎" in talk.text
    assert len(house.records()) == 2
    talk.press("確定刪除")
    assert [each.kind for each in house.records()] == ["community_meeting"]
    talk.say("刪除 11/17 那筆")
    assert "114/11/17（一）沒有紀錄" in talk.text


def test_a_second_tap_on_delete_deletes_nothing_else(house: Playhouse, talk: Talk) -> None:
    log(talk, LINE)
    talk.say("刪掉上一筆")
    sure = talk.offered[0].action
    talk.tap(sure)
    talk.press("復原")
    talk.tap(sure)
    assert "剛才改過" in talk.text
    assert len(house.records()) == 1


def test_deletion_is_a_mark_and_the_past_stays(house: Playhouse, talk: Talk) -> None:
    log(talk, LINE)
    (stored,) = house.records()
    talk.say("刪掉上一筆")
    talk.press("確定刪除")
    talk.press("復原")
    assert [each.action for each in house.versions(stored.id)] == ["create", "delete", "restore"]


def test_other_words_in_several_are_not_lost(talk: Talk) -> None:
    talk.say("昨天社群2小時\n下週二觀課")
    assert "沒有記：「下週二觀課」" in talk.text


def test_a_card_begun_elsewhere_is_shown_before_it_is_stored(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    house.link("line:wang", "telegram:wang")
    phone = talk_of(house, "telegram:wang")
    phone.say("確認")
    assert house.records() == []
    phone.say("確認")
    (stored,) = house.records()
    assert [each.channel for each in house.versions(stored.id)] == ["telegram"]


def test_the_school_that_a_line_names_is_taken(house: Playhouse) -> None:
    for school in ("甲高中", "乙高中"):
        house.join("line:mentor", "distance-teaching", school=school, role="mentor")
    mentor = talk_of(house, "line:mentor")
    mentor.say(f"乙高中 {LINE}")
    assert "學校：乙高中・跨校遠距教學" in mentor.text
    mentor.say("取消")
    mentor.say(LINE)
    assert "哪一個學校" in mentor.text


def test_what_was_planned_is_asked_about_the_day_after_and_not_before(house: Playhouse, talk: Talk) -> None:
    log(talk, "11/21 14:00-16:00 預計開社群會議")
    talk.wait(34 * 60)  # 20:00 of that day
    talk.say("11月的紀錄")
    assert "有開成嗎" not in talk.text
    talk.wait(12 * 60)
    talk.say("11月的紀錄")
    assert "114/11/21（五）的社群活動有開成嗎？" in talk.text
    talk.say("沒有")
    assert house.records() == []
