"""What is said to a question: the right rule with its source, a question back, or an honest refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.answering.engine import Answerer
from knowledge.answering.model import Citation, Status
from knowledge.answering.wording import LONGEST_ANSWER, lapsed_note, past_note
from knowledge.schema import Base
from tests.knowledge.answering.two_gardens import GARDEN, TWO_GARDENS, entry
from tests.thorough import examples

NOW = datetime(2025, 9, 1, 2, 0, tzinfo=UTC)
ANSWERER = Answerer(TWO_GARDENS)


def test_a_rule_is_asserted_with_its_source() -> None:
    answer = ANSWERER.answer("校園菜園的鋤頭可以報嗎", now=NOW)
    assert (answer.status, answer.text) == (Status.ANSWERED, "可以，列物品費。")
    assert answer.citations == (Citation("school-garden", "114", "貳/一"),)
    assert answer.ref == "school-garden/114/tools"


def test_a_known_gap_refuses_with_the_offices_name() -> None:
    answer = ANSWERER.answer("校園菜園的鋤頭要哪個廠牌", now=NOW)
    assert (answer.status, answer.text) == (Status.REFUSED, "文件沒有指定廠牌，請洽校園菜園辦公室。")


def test_what_two_programmes_answer_is_asked_back_and_never_guessed() -> None:
    answer = ANSWERER.answer("補助上限", now=NOW)
    assert answer.status is Status.UNSURE
    assert {s.title.split("：")[0] for s in answer.suggestions} == {"校園菜園", "校園果園"}
    assert "萬" not in answer.text


def test_naming_the_programme_settles_it() -> None:
    assert "20 萬" in ANSWERER.answer("校園果園補助上限", now=NOW).text
    assert "30 萬" in ANSWERER.answer("校園菜園補助上限", now=NOW).text


def test_a_question_that_fits_one_programme_only_needs_no_name() -> None:
    assert ANSWERER.answer("種四棵樹可以嗎", now=NOW).text == "至少 5 棵。"


@pytest.mark.parametrize("question", ["台積電股價", "明天會下雨嗎", "xyz", "", "😀", "\u202e", "？？？"])
def test_what_the_base_does_not_know_is_refused(question: str) -> None:
    answer = ANSWERER.answer(question, now=NOW)
    assert answer.status is not Status.ANSWERED


def test_a_programme_that_is_not_held_is_refused_by_name() -> None:
    answer = ANSWERER.answer("食農教育補助上限多少", now=NOW)
    assert answer.status is Status.REFUSED
    assert "食農教育" in answer.text
    assert "農糧單位" in answer.text


def test_another_year_is_refused_with_the_edition_that_is_held() -> None:
    answer = ANSWERER.answer("116學年度校園菜園補助上限", now=NOW)
    assert answer.status is Status.REFUSED
    assert "114 學年度" in answer.text
    assert "116" in answer.text


def test_another_year_is_noticed_where_the_programme_is_not_named() -> None:
    answer = ANSWERER.answer("116學年度要種哪些葉菜", now=NOW)
    assert answer.status is Status.REFUSED
    assert "116" in answer.text


def test_a_date_of_an_edition_that_is_over_says_so() -> None:
    question = "校園菜園什麼時候截止"
    assert "已經過了" not in ANSWERER.answer(question, now=NOW).text
    assert "已經過了" in ANSWERER.answer(question, now=NOW + timedelta(days=400)).text


class TestTwoAnswersSideBySide:
    """Two rules of one programme, neither likely enough alone."""

    QUESTION = "校園菜園補助截止"

    def test_each_stands_under_its_own_title_and_the_whole_has_none(self) -> None:
        answer = ANSWERER.answer(self.QUESTION, now=NOW)
        assert answer.text.count("▪") == 2
        assert answer.title == ""

    def test_a_date_that_is_past_is_said_to_be(self) -> None:
        answer = ANSWERER.answer(self.QUESTION, now=NOW + timedelta(days=400))
        assert answer.text.count("▪") == 2
        assert answer.text.endswith("已經過了。）")


def test_the_note_on_a_past_date_is_short_where_there_is_little_room_and_never_too_long() -> None:
    over = NOW.date() + timedelta(days=400)
    notes = [past_note(GARDEN, "5月5日" + "字" * length, over) for length in range(LONGEST_ANSWER)]
    assert len(set(notes)) == 3
    assert all(len(note) + 4 + length <= LONGEST_ANSWER for length, note in enumerate(notes) if note)


class TestAnEntryWhoseOwnTimeIsOver:
    """It says so, whether it names a day or not."""

    UNTIL = date(2025, 9, 1)

    def answerer(self) -> Answerer:
        first = tuple(replace(item, valid_until=self.UNTIL) for item in GARDEN.entries[:2])
        gaps = tuple(replace(item, valid_until=self.UNTIL) for item in GARDEN.gaps)
        return Answerer(Base((replace(GARDEN, entries=(*first, *GARDEN.entries[2:]), gaps=gaps),), ()))

    @pytest.mark.parametrize("question", ["校園菜園補助上限", "校園菜園什麼時候截止", "校園菜園的鋤頭要哪個廠牌"])
    def test_the_day_after_its_last(self, question: str) -> None:
        note = "（提醒：這一條的適用期間到 114年9月1日，已過。）"
        assert note not in self.answerer().answer(question, now=NOW).text
        assert self.answerer().answer(question, now=NOW + timedelta(days=1)).text.endswith(note)

    def test_the_entrys_own_end_is_told_rather_than_the_editions(self) -> None:
        text = self.answerer().answer("校園菜園什麼時候截止", now=NOW + timedelta(days=400)).text
        assert text.endswith("已過。）")
        assert "日期，已經過了" not in text

    def test_of_two_side_by_side_each_says_it(self) -> None:
        text = self.answerer().answer("校園菜園補助截止", now=NOW + timedelta(days=1)).text
        assert text.count("▪") == text.count("已過。）") == 2

    def test_the_note_never_makes_an_answer_too_long(self) -> None:
        item = replace(GARDEN.entries[0], valid_until=self.UNTIL)
        notes = [lapsed_note(item, date(2026, 1, 1), room=room) for room in range(40)]
        assert len(set(notes)) == 4
        assert all(len(note) <= room for room, note in enumerate(notes))

    @pytest.mark.parametrize("length", [360, 380, 395, 400])
    def test_nor_does_it_in_an_answer(self, length: int) -> None:
        item = replace(GARDEN.entries[0], valid_until=self.UNTIL, answer="字" * length)
        held = Answerer(Base((replace(GARDEN, entries=(item, *GARDEN.entries[1:])),), ()))
        text = held.answer("校園菜園補助上限", now=NOW + timedelta(days=1)).text
        assert length <= len(text) <= LONGEST_ANSWER


def test_one_suggestion_is_not_offered_as_a_choice_among_several() -> None:
    only = Base((replace(GARDEN, entries=GARDEN.entries[:1], gaps=()),), ())
    answer = Answerer(only).answer("校園菜園補助對象", now=NOW)
    assert (answer.status, len(answer.suggestions)) == (Status.UNSURE, 1)
    assert "哪一個" not in answer.text


class TestFollowingUp:
    """A question that leans on the one before."""

    def test_it_stays_with_the_programme(self) -> None:
        opener = ANSWERER.answer("校園菜園要種哪些菜", now=NOW)
        assert "30 萬" in ANSWERER.answer("那補助上限呢", opener.focus, NOW).text

    def test_a_new_programme_keeps_the_topic(self) -> None:
        opener = ANSWERER.answer("校園菜園補助上限", now=NOW)
        assert "20 萬" in ANSWERER.answer("那校園果園呢", opener.focus, NOW).text

    @pytest.mark.parametrize("question", ["校園果園", "那校園果園呢", "校園果園多少"])
    def test_a_new_programme_and_no_topic_is_asked_the_same(self, question: str) -> None:
        focus = ANSWERER.answer("校園菜園補助上限", now=NOW).focus
        assert "20 萬" in ANSWERER.answer(question, focus, NOW).text

    def test_a_new_programme_with_a_short_topic_is_not_asked_the_old_one(self) -> None:
        focus = ANSWERER.answer("校園果園補助上限", now=NOW).focus
        assert ANSWERER.answer("校園菜園截止", focus, NOW).ref == "school-garden/114/deadline"

    def test_it_is_forgotten_after_ten_minutes(self) -> None:
        opener = ANSWERER.answer("校園菜園要種哪些菜", now=NOW)
        later = ANSWERER.answer("補助上限", opener.focus, NOW + timedelta(minutes=11))
        assert later.status is Status.UNSURE

    def test_a_tapped_suggestion_is_answered_and_followed_up(self) -> None:
        tapped = ANSWERER.entry("school-orchard/114/trees", NOW)
        assert tapped is not None
        assert tapped.text == "至少 5 棵。"
        assert "20 萬" in ANSWERER.answer("那補助上限呢", tapped.focus, NOW).text

    def test_a_button_of_an_entry_that_is_gone_is_no_answer(self) -> None:
        assert ANSWERER.entry("school-orchard/114/felled", NOW) is None


def test_the_reasons_name_the_winner_and_what_it_won_by() -> None:
    reasons = ANSWERER.answer("校園菜園的鋤頭可以報嗎", now=NOW).reasons
    assert any("school-garden/114/tools" in reason and "spelling" in reason for reason in reasons)


@given(st.text(max_size=60))
@settings(max_examples=examples(100))
def test_any_text_gets_an_answer_that_asserts_only_what_stands_in_the_base(text: str) -> None:
    answer = ANSWERER.answer(text, now=NOW)
    assert 0 < len(answer.text) <= LONGEST_ANSWER
    if answer.status is Status.ANSWERED:
        assert answer.citations


@given(st.text(alphabet="校園菜果補助上限多少錢鋤頭樹截止那呢114學年度", max_size=20))
def test_the_same_question_gets_the_same_answer(text: str) -> None:
    assert ANSWERER.answer(text, now=NOW) == Answerer(TWO_GARDENS).answer(text, now=NOW)


class TestSeveralEditions:
    """The same programme of two years."""

    OLDER = replace(
        GARDEN,
        edition="113",
        year_label="113 學年度",
        valid_from=date(2024, 8, 1),
        valid_until=date(2025, 7, 31),
        entries=(entry("ceiling", "最多補助多少？", "每校最多 25 萬元。", "補助上限", "可以拿多少錢"),),
    )
    ANSWERER = Answerer(Base((OLDER, *TWO_GARDENS.programmes), ()))

    def test_the_newest_answers_where_no_year_is_named(self) -> None:
        assert "30 萬" in self.ANSWERER.answer("校園菜園補助上限", now=NOW).text

    def test_a_year_that_is_named_is_answered_from_its_own_edition(self) -> None:
        answer = self.ANSWERER.answer("113學年度校園菜園補助上限", now=NOW)
        assert "25 萬" in answer.text
        assert answer.citations[0].edition == "113"

    def test_a_year_that_neither_holds_is_refused_with_the_newest(self) -> None:
        answer = self.ANSWERER.answer("118學年度校園菜園補助上限", now=NOW)
        assert answer.status is Status.REFUSED
        assert "114 學年度" in answer.text
