"""The facts of a school by chat: asked where something waits for them, shown, and stored only once confirmed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import parse_local
from bot.messages import Card
from handlers.facts import sayings
from tests.handlers.facts.conftest import stored, versions
from tests.handlers.record.conftest import talk_of
from tests.handlers.stage import Playhouse, Talk
from tests.knowledge.facts.samples import LOGS, OTHERS, QUESTIONS, STATED

OPENED = "計畫是哪一天核定的？"


@pytest.mark.parametrize("words", ["設定", "學校資料", "填日期", "計畫資料"])
def test_the_form_asks_only_what_something_waits_for(talk: Talk, words: str) -> None:
    talk.say(words)
    assert "有 2 項資料" in talk.text
    assert OPENED in talk.text
    assert "主管機關" not in talk.text  # the application is over, and nothing else reads it


def test_nothing_is_stored_before_the_card_is_confirmed(talk: Talk, house: Playhouse) -> None:
    talk.say("學校資料")
    talk.say("9/15")
    talk.say("114/9/1")
    card = talk.messages[-1]
    assert isinstance(card, Card)
    assert card.status == sayings.CHECK
    assert "核定日期：2025年9月15日（一）\n開學日：2025年9月1日（一）" in card.text
    assert stored(house) == {}
    talk.press("確認")
    assert stored(house) == {"approved_on": "2025-09-15", "semester_start": "2025-09-01"}
    assert [(each.fact, each.channel) for each in versions(house)] == [
        ("approved_on", "line"),
        ("semester_start", "line"),
    ]
    assert "撤銷計畫備文說明：114/11/15（六）" in talk.text
    assert "開不成課備文說明：114/10/1（三）" in talk.text


def test_what_follows_stands_in_the_list_of_deadlines_at_once(talk: Talk) -> None:
    talk.say("我的期限")
    assert "開不成課備文說明：待確認，要先知道「開學日」才能算" in talk.text
    talk.press("填開學日")
    assert "這學期哪一天開學？" in talk.text
    talk.say("115/2/11")
    talk.press("確認")
    talk.press("我的期限")
    assert "開不成課備文說明：115/3/11（三）到期" in talk.text
    assert "填開學日" not in talk.labels
    assert "填核定日期" in talk.labels


def test_a_button_at_one_fact_asks_for_that_one_only(talk: Talk, house: Playhouse) -> None:
    talk.say("期限")
    talk.press("填核定日期")
    talk.say("9/15")
    assert "請確認" in [getattr(each, "status", "") for each in talk.messages]
    talk.say("確認")
    assert stored(house) == {"approved_on": "2025-09-15"}
    assert "填開學日" in talk.labels


def test_unsure_is_an_answer_and_stores_nothing(talk: Talk, house: Playhouse) -> None:
    talk.say("學校資料")
    talk.say("不確定")
    assert "看國教署核定公文上的日期。" in talk.text
    talk.say("不確定")
    assert sayings.NOTHING_TO_STORE in talk.text
    assert stored(house) == {}


@pytest.mark.parametrize("word", ["取消", "不要", "算了"])
def test_a_card_can_be_given_up(talk: Talk, house: Playhouse, word: str) -> None:
    talk.say("核定日期是 9/15")
    talk.say(word)
    assert sayings.DROPPED in talk.text
    assert stored(house) == {}
    assert versions(house) == []


def test_a_line_is_a_card_first(talk: Talk, house: Playhouse) -> None:
    talk.say("第二學期 2/11 開學")
    assert "開學日：2026年2月11日（三）" in talk.text
    assert stored(house) == {}
    talk.press("確認")
    assert stored(house) == {"semester_start": "2026-02-11"}


def test_several_in_one_message_are_one_card(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期 9/15，開學 9/1")
    talk.press("確認")
    assert stored(house) == {"approved_on": "2025-09-15", "semester_start": "2025-09-01"}


def test_the_card_can_be_changed_by_words_and_by_another_line(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期是 9/15")
    talk.say("改成 9/16")
    assert "核定日期：2025年9月16日（二）" in talk.text
    talk.say("開學日是 9/1")
    talk.say("確認")
    assert stored(house) == {"approved_on": "2025-09-16", "semester_start": "2025-09-01"}


def test_another_day_typed_under_the_card_is_the_new_one(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期是 9/15")
    talk.say("修改")
    talk.say("9/16")
    assert "核定日期：2025年9月16日（二）" in talk.text
    talk.say("1")
    assert stored(house) == {"approved_on": "2025-09-16"}


def test_a_line_answers_a_later_question_of_the_form(talk: Talk, house: Playhouse) -> None:
    talk.say("學校資料")
    talk.say("開學日是 9/1")
    assert "好，已記下：開學日 2025年9月1日（一）" in talk.text
    assert OPENED in talk.text
    talk.say("9/15")
    talk.say("確認")
    assert stored(house).keys() == {"approved_on", "semester_start"}


@pytest.mark.parametrize(
    ("line", "because"),
    [("核定日期是 2/30", "沒有 2 月 30 日"), ("核定日期是 2019/9/15", "才和這一期計畫有關")],
)
def test_what_cant_be_right_is_told_and_makes_no_card(talk: Talk, house: Playhouse, line: str, because: str) -> None:
    talk.say(line)
    assert because in talk.text
    assert "確認" not in talk.labels
    talk.say("確認")
    assert stored(house) == {}


def test_a_deadline_before_its_programme_is_asked_about(talk: Talk) -> None:
    talk.say("核定日期是 2025/4/1")
    assert "比計畫開始的 2025年8月1日（五）還早" in talk.text
    assert "確認" in talk.labels


def test_what_is_known_is_shown_and_can_be_changed_and_taken_back(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期 9/15，開學 9/1")
    talk.press("確認")
    talk.say("學校資料")
    assert "核定日期：2025年9月15日（一）" in talk.text
    talk.press("修改核定日期")
    assert "目前的答案：2025年9月15日（一）" in talk.text
    talk.say("不確定")
    assert "核定日期：改回待確認（原本是 2025年9月15日（一））" in talk.text
    talk.press("確認")
    assert stored(house) == {"semester_start": "2025-09-01"}
    assert versions(house)[0].value is None
    talk.say("修改")
    assert "開學日：2025年9月1日（一）" in talk.labels


def test_a_question_in_between_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    talk.say("學校資料")
    talk.say("今天天氣怎麼樣？")
    assert "這個問題我查不到依據。" in talk.text
    assert OPENED in talk.text


@pytest.mark.parametrize("line", [*QUESTIONS, *OTHERS])
def test_an_ordinary_question_stays_one(talk: Talk, house: Playhouse, line: str) -> None:
    talk.say(line or " ")
    assert "請確認" not in [getattr(each, "status", "") for each in talk.messages]
    assert stored(house) == {}


@pytest.mark.parametrize("line", LOGS[:5])
def test_a_line_of_log_stays_one(talk: Talk, house: Playhouse, line: str) -> None:
    talk.say(line)
    assert talk.state.run
    assert "學校資料" not in talk.text
    assert any(said in talk.text for said in ("這樣記對嗎？", "〔記錄〕")) or isinstance(talk.messages[-1], Card)
    talk.say("確認")
    assert versions(house) == []


def test_a_line_of_log_while_the_form_asks_begins_a_record(talk: Talk, house: Playhouse) -> None:
    talk.say("學校資料")
    talk.say("11/18 14:00-16:00 社群會議 5人")
    talk.press("確認")
    assert len(house.records()) == 1
    assert stored(house) == {}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [line for line, _, _ in STATED]
            + [
                "學校資料",
                "9/15",
                "有",
                "8",
                "不確定",
                "上一題",
                "為什麼",
                "改成 9/16",
                "進度",
                "我的期限",
                "2",
                "天氣",
            ]
        ),
        max_size=5,
    )
)
def test_nothing_but_a_confirmation_stores_a_fact(migrated_sqlite: Path, tmp_path: Path, said: list[str]) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "many.db")
    with Playhouse(tmp_path / "many.db") as house:
        house.join("line:wang", "distance-teaching")
        house.join("line:wang", "onsite-mentoring")
        talk = talk_of(house, "line:wang")
        for words in said:
            talk.say(words)
        assert versions(house) == []


def test_an_old_card_stores_nothing(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期是 9/15")
    old = next(choice.action for choice in talk.offered if choice.label == "確認")
    talk.say("改成 9/16")
    talk.tap(old)
    assert sayings.STALE in talk.text
    assert stored(house) == {}
    talk.press("確認")
    assert stored(house) == {"approved_on": "2025-09-16"}
    talk.tap(old)
    assert sayings.ALREADY_SAVED in talk.text
    assert len(versions(house)) == 1


def test_who_comes_second_is_told_and_decides(talk: Talk, house: Playhouse) -> None:
    house.join("line:lin", "distance-teaching", name="林主任")
    other = talk_of(house, "line:lin")
    talk.say("核定日期是 9/15")
    other.say("核定日期是 9/16")
    other.press("確認")
    talk.press("確認")
    assert "現在是核定日期 2025年9月16日（二）" in talk.text
    assert stored(house) == {"approved_on": "2025-09-16"}
    talk.press("確認")
    assert stored(house) == {"approved_on": "2025-09-15"}


def test_two_who_say_the_same_have_said_it_once(talk: Talk, house: Playhouse) -> None:
    house.join("line:lin", "distance-teaching")
    other = talk_of(house, "line:lin")
    talk.say("核定日期是 9/15")
    other.say("核定日期是 9/15")
    other.press("確認")
    talk.press("確認")
    assert sayings.ALREADY_SAVED in talk.text
    assert len(versions(house)) == 1


@pytest.mark.parametrize("role", ["teacher", "mentor"])
def test_who_doesnt_manage_may_look(house: Playhouse, role: str) -> None:
    place = house.join("line:lee", "distance-teaching", role=role)
    talk = talk_of(house, "line:lee")
    talk.say("核定日期是 9/15")
    assert sayings.NOT_ALLOWED in talk.text
    talk.say("學校資料")
    assert "核定日期：待確認" in talk.text
    assert not [label for label in talk.labels if label.startswith("填")]
    talk.tap(f"s:ask:{place}:approved_on")
    assert sayings.NOT_ALLOWED in talk.text
    talk.tap(f's:put:{place}:approved_on="2025-09-15"')
    assert sayings.NOT_ALLOWED in talk.text
    assert stored(house) == {}
    talk.say("我的期限")
    assert not [label for label in talk.labels if label.startswith("填")]


def test_who_was_removed_before_confirming_stores_nothing(talk: Talk, house: Playhouse) -> None:
    talk.say("核定日期是 9/15")
    house.dismiss("line:wang")
    talk.press("確認")
    assert sayings.GONE in talk.text
    assert stored(house) == {}


def test_a_stranger_who_states_something_asks_a_question(house: Playhouse) -> None:
    talk = talk_of(house, "line:who")
    talk.say("核定日期是 9/15")
    assert "確認" not in talk.labels
    talk.say("學校資料")
    assert sayings.NOT_MEMBER in talk.text


def test_another_school_can_be_neither_seen_nor_changed(talk: Talk, house: Playhouse) -> None:
    theirs = house.join("line:lin", "distance-teaching", school="乙校")
    for action in (
        f"s:show:{theirs}",
        f"s:fill:{theirs}",
        f"s:ask:{theirs}:approved_on",
        f"s:put:{theirs}:approved_on=1",
    ):
        talk.tap(action)
        assert talk.text == sayings.GONE
    other = talk_of(house, "line:lin")
    other.say("核定日期是 9/15")
    save = next(choice.action for choice in other.offered if choice.label == "確認")
    talk.tap(save)
    assert talk.text == sayings.GONE
    assert stored(house, theirs) == {}


@pytest.mark.parametrize(
    "action", ["s:", "s:show", "s:put::", "s:put:x:{", "s:save", "s:drop:x", "s:ask:x:y:z", "s:ask:x"]
)
def test_a_made_up_button_does_no_harm(talk: Talk, house: Playhouse, action: str) -> None:
    talk.tap(action)
    assert talk.messages
    assert stored(house) == {}


@pytest.mark.parametrize("value", ["NaN", "true", '"9/15"', "1e999", "[1]", '"2025-02-30"', "null"])
def test_a_made_up_value_is_refused(talk: Talk, house: Playhouse, value: str) -> None:
    talk.say("學校資料")
    place = house.join("line:wang", "distance-teaching")
    talk.tap(f"s:put:{place}:approved_on={value}")
    talk.say("確認")
    assert stored(house) == {}


def test_with_several_schools_it_is_asked_which(house: Playhouse) -> None:
    first = house.join("line:wang", "distance-teaching", school="甲校")
    second = house.join("line:wang", "distance-teaching", school="乙校")
    talk = talk_of(house, "line:wang")
    talk.say("核定日期是 9/15")
    assert sayings.WHICH_OF_LINE in talk.text
    talk.say("2")
    talk.press("確認")
    assert (stored(house, first), stored(house, second)) == ({}, {"approved_on": "2025-09-15"})
    talk.say("甲校開學日是 9/1")
    talk.press("確認")
    assert stored(house, first) == {"semester_start": "2025-09-01"}
    talk.say("核定日期 9/15，開學 9/1")
    assert sayings.ONE_AT_A_TIME in talk.text
    talk.say("學校資料")
    talk.press("甲校・跨校遠距教學")
    assert OPENED in talk.text


def test_a_programme_that_needs_nothing_says_so(house: Playhouse) -> None:
    house.join("line:wang", "urban-rural-partner")
    talk = talk_of(house, "line:wang")
    talk.say("學校資料")
    assert "都不用另外填資料" in talk.text


def visit(talk: Talk, day: str) -> None:
    talk.say(f"{day} 9:00-14:00 入校陪伴 實體 領航教師")
    talk.press("確認")


def test_what_records_tell_is_not_asked_and_a_stated_day_wins(house: Playhouse) -> None:
    house.join("line:wang", "onsite-mentoring")
    talk = talk_of(house, "line:wang")
    talk.now = parse_local("2025-09-20T10:00")
    visit(talk, "9/1")
    talk.say("我的期限")
    assert "完成入校陪伴：114/12/1（一）到期" in talk.text
    assert "經費結報：最晚 114/12/15（一）到期" in talk.text
    assert "填「最後入校日」就知道確切的日期" in talk.text
    visit(talk, "9/8")
    visit(talk, "9/15")
    talk.say("學校資料")
    assert "第一次入校日：2025年9月1日（一）（依紀錄推算" in talk.text
    assert "最後入校日：2025年9月15日（一）（依紀錄推算" in talk.text
    talk.say("最後入校日 9/10")
    assert "紀錄上是 2025年9月15日（一）；期限照填的算。" in talk.text
    talk.press("確認")
    assert "經費結報：114/11/10（一）" in talk.text
    talk.press("我的期限")
    assert "經費結報：114/11/10（一）到期" in talk.text


def test_a_duty_is_counted_once_the_number_is_known(house: Playhouse) -> None:
    house.join("line:wang", "mobile-learning")
    talk = talk_of(house, "line:wang")
    talk.now = parse_local("2017-09-20T10:00")
    talk.say("進度")
    assert "待確認　核心教師參加分區交流：要先知道「核心教師人數」才能算。" in talk.text
    assert "⏳ 尚可補　核心教師參加分區交流" not in talk.text
    talk.press("填核心教師人數")
    talk.say("8 位")
    talk.press("確認")
    assert "「核心教師參加分區交流」開始列入進度" in talk.text
    talk.press("進度")
    assert "⏳ 尚可補　核心教師參加分區交流：0／2 場" in talk.text
    talk.say("校長往年受訓過：有")
    talk.press("確認")
    assert "「校長科技領導培訓」不再列入進度" in talk.text
    assert stored(house) == {"core_teachers": 8, "principal_trained": True}


def test_in_a_group_nothing_of_a_school_is_told(house: Playhouse) -> None:
    house.join("line:wang", "distance-teaching")
    talk = talk_of(house, "line:wang")
    talk.in_group = True
    talk.say("核定日期是 9/15", addressed=True)
    assert "確認" not in talk.labels
    assert stored(house) == {}
