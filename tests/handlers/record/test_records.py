"""From the card to the store: nothing before it is confirmed, once, and never over somebody else's change silently."""

from __future__ import annotations

import pytest

from bot.messages import Card
from tests.handlers.record.conftest import talk_of
from tests.handlers.stage import Playhouse, Talk

LINE = "11/18 14:00-16:00 社群會議"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "改成三點",
        "人數 8 人",
        "取消",
        "不要",
        "謝謝",
        "補助多少？",
        "繼續",
        "重新開始",
        "11/19 10:00-12:00 觀課",
        "選單",
    ],
)
def test_nothing_is_stored_before_it_is_confirmed(house: Playhouse, talk: Talk, words: str) -> None:
    talk.say(LINE)
    if words:
        talk.say(words)
    assert house.records() == []


@pytest.mark.parametrize("word", ["確認", "好", "對", "OK", "儲存", "沒錯"])
def test_a_word_confirms_the_card_that_is_shown(house: Playhouse, talk: Talk, word: str) -> None:
    talk.say(LINE)
    talk.say(word)
    assert len(house.records()) == 1
    assert "已存好" in talk.text


@pytest.mark.parametrize("word", ["好", "對", "可以", "不要", "算了"])
def test_a_vague_word_after_something_else_is_not_about_the_card(house: Playhouse, talk: Talk, word: str) -> None:
    talk.say(LINE)
    talk.say("刪掉上一筆")
    talk.say("哪個")
    talk.say(word)
    assert house.records() == []
    talk.say("確認")
    assert len(house.records()) == 1


def test_taps_on_confirm_store_once(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    confirm = talk.offered[0].action
    for _ in range(3):
        talk.tap(confirm)
    assert "已經存好了" in talk.text
    (stored,) = house.records()
    assert (stored.version, stored.creator) == (1, "王老師")


def test_a_tap_and_a_word_store_once(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    talk.press("確認")
    talk.say("確認")
    talk.say("確認")
    assert len(house.records()) == 1


def test_what_is_changed_after_it_was_stored_stays_one_record(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    talk.press("確認")
    talk.say("修改")
    talk.say("3")
    talk.say("10:00-12:00")
    assert isinstance(talk.messages[-1], Card)
    assert talk.messages[-1].status == "請確認修改"
    assert house.records()[0].starts_at.hour == 14
    talk.press("確認")
    (stored,) = house.records()
    assert (stored.starts_at.hour, stored.version) == (10, 2)
    assert [(each.action, each.name, each.channel) for each in house.versions(stored.id)] == [
        ("create", "王老師", "line"),
        ("change", "王老師", "line"),
    ]


def test_a_card_of_a_record_that_changed_meanwhile_overwrites_nothing(house: Playhouse, talk: Talk) -> None:
    house.join("line:li", "distance-teaching", role="teacher", name="李老師")
    other = talk_of(house, "line:li")
    talk.say(LINE)
    talk.press("確認")
    talk.say("人數改 5 人")
    other.say("修改 11/18 那筆")
    other.say("人數改 9 人")
    other.press("確認")
    talk.press("確認")
    assert "李老師改過" in talk.text
    assert "現在是「9 人」，您要存的是「5 人」" in talk.text
    assert house.records()[0].headcount == 9
    talk.press("確認")
    assert house.records()[0].headcount == 5
    assert [each.data["headcount"] for each in house.versions(house.records()[0].id)] == [None, 9, 5]


def test_a_card_of_a_record_that_was_deleted_meanwhile_offers_to_restore_it(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    talk.press("確認")
    edit = next(choice.action for choice in talk.offered if choice.label == "修改這筆")
    talk.say("人數改 5 人")
    confirm = talk.offered[0].action
    talk.say("刪掉上一筆")
    talk.press("確定刪除")
    talk.tap(confirm)
    assert "已經刪除" in talk.text
    talk.tap(edit)
    assert "已經刪除" in talk.text
    assert house.records() == []
    talk.press("復原")
    assert house.records()[0].headcount is None


def test_another_schools_record_is_as_if_it_were_not_there(house: Playhouse, talk: Talk) -> None:
    house.join("line:lin", "distance-teaching", school="別校高中")
    stranger = talk_of(house, "line:lin")
    talk.say(LINE)
    confirm, drop = talk.offered[0].action, talk.offered[-1].action
    for action in (confirm, drop):
        stranger.tap(action)
        assert "找不到" in stranger.text
    talk.press("確認")
    (stored,) = house.records()
    for verb in ("show", "edit", "copy", "delete", "delete!", "restore", "held", "unheld"):
        stranger.tap(f"r:{verb}:{stored.id}:1")
        assert "找不到" in stranger.text, verb
        assert "社群" not in stranger.text, verb
    stranger.say(LINE)
    assert "看起來是同一場" not in stranger.text
    run = stranger.offered[0].action.split(":")[2]
    stranger.tap(f"r:join:{run}:{stored.id}")
    assert "找不到" in stranger.text
    assert house.records() == [stored]


@pytest.mark.parametrize(
    "words", ["社群會議一次要幾小時？", "可以線上辦嗎", "昨天的會議要記嗎？", "改期需要報備嗎？", "為什麼要調整時間呢"]
)
def test_a_question_changes_nothing_on_the_card(house: Playhouse, talk: Talk, words: str) -> None:
    talk.say(LINE)
    talk.say(words)
    talk.say("確認")
    (stored,) = house.records()
    assert (stored.mode, stored.minutes, stored.day.day, stored.kind) == ("", 120, 18, "community_meeting")


def test_a_change_keeps_what_it_does_not_name(talk: Talk) -> None:
    talk.say("14:00-16:00 社群會議")  # no day yet
    assert "是哪一天" in talk.text
    talk.say("人數改 8 人")
    assert "已記下：人數 8 人" in talk.text
    talk.say("昨天")
    assert "14:00–16:00" in talk.text
    assert "8 人" in talk.text


def test_a_card_that_turns_into_another_kind_is_asked_for_what_that_needs(house: Playhouse, talk: Talk) -> None:
    talk.say("昨天繳交課程模組")
    talk.say("改成觀課")
    assert "幾點到幾點" in talk.text
    talk.say("2小時")
    talk.say("確認")
    (stored,) = house.records()
    assert (stored.kind, stored.deliverable, stored.minutes) == ("open_class", "", 120)


def test_markup_and_very_long_topics_are_only_words(house: Playhouse, talk: Talk) -> None:
    talk.say(LINE)
    talk.say("修改")
    talk.press("主題：（未填）")
    talk.say("甲乙" * 2500)
    assert "最多 500 個字" in talk.text
    talk.say("<script>alert(1)</script> & 'x'")
    talk.say("確認")
    (stored,) = house.records()
    assert "script" in stored.topic or "alert(1)" in stored.topic
    assert len(stored.topic) < 500


def test_starting_over_knows_the_school_still(house: Playhouse, talk: Talk) -> None:
    talk.say("記錄")
    talk.press("社群活動")
    talk.say("重新開始")
    for words in ("社群活動", "昨天", "2小時", "略過", "略過", "確認"):
        talk.say(words)
    assert len(house.records()) == 1


def test_what_follows_in_the_queue_comes_once(house: Playhouse, talk: Talk) -> None:
    talk.say("昨天社群2小時\n前天觀課1小時")
    dropped = talk.offered[-1].action
    revive = talk.offered[1].action
    talk.tap(dropped)
    assert "接著是下一筆" in talk.text
    talk.press("確認")
    talk.tap(revive)
    talk.press("時間：2 小時")
    talk.say("3小時")
    talk.press("確認")
    assert "接著是下一筆" not in talk.text
    assert sorted(each.minutes for each in house.records()) == [60, 180]
