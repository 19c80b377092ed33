"""「進度」: what is done, what is missing and until when, in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import parse_local
from bot.messages import Card
from handlers.progress import _WORDS, MARKS
from knowledge.requirements.engine import State
from tests.handlers.record.conftest import talk_of
from tests.handlers.stage import Playhouse, Talk
from tests.real import real_base


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Playhouse]:
    """A database of the test's own."""
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as found:
        yield found


@pytest.fixture
def talk(house: Playhouse) -> Talk:
    """A coordinator of one school."""
    house.join("line:me", "distance-teaching")
    return talk_of(house, "line:me")


@pytest.mark.parametrize(
    "words", ["進度", "看進度", "我們的進度", "目前進度如何？", "還缺什麼", "還差多少", "還要做什麼？"]
)
def test_words_that_ask_for_it(talk: Talk, words: str) -> None:
    talk.say(words)
    assert isinstance(talk.messages[0], Card)
    assert "示範高中・跨校遠距教學的進度" in talk.messages[0].title


@pytest.mark.parametrize("words", ["進度表要怎麼填？", "補助", "教學進度落後怎麼辦", "經費還缺多少可以追加嗎"])
def test_words_that_ask_for_something_else(words: str) -> None:
    assert not _WORDS.fullmatch(words)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_fails(text: str) -> None:
    _WORDS.fullmatch(text)


def test_every_state_has_a_word_beside_its_sign() -> None:
    assert MARKS.keys() == set(State)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in mark) for mark in MARKS.values())


def test_what_is_done_missing_and_late_is_said_with_its_day(talk: Talk) -> None:
    talk.say("11/18 14:00-16:00 社群會議")
    talk.press("確認")
    talk.press("進度")
    card = talk.messages[0]
    assert isinstance(card, Card)
    lines = card.text.splitlines()
    assert "（114/11/20（四） 為止）" in lines[0]
    assert "✅ 已達　教師社群活動（11 月）：1／1 次" in lines
    late = lines.index("❗已逾　教師社群活動（10 月）：0／1 次")
    assert lines[late + 1].startswith("　114/10/31（五） 已過。")
    missing = lines.index("⏳ 尚可補　公開觀課：0／1 次")
    assert lines[missing + 1].startswith("　最晚 115/7/31（五）。")
    assert card.source.startswith("依據：跨校遠距教學（114 學年度）")
    assert card.status == "有項目已逾期"


def test_what_is_deleted_counts_no_more(talk: Talk) -> None:
    talk.say("11/18 14:00-16:00 社群會議")
    talk.press("確認")
    talk.say("刪掉上一筆")
    talk.press("確定刪除")
    talk.say("進度")
    assert "⏳ 尚可補　教師社群活動（11 月）：0／1 次" in talk.text


def test_a_plan_is_named_and_not_counted(talk: Talk) -> None:
    talk.say("11/26 14:00-16:00 預計開社群會議")
    talk.press("確認")
    talk.say("進度")
    assert "教師社群活動（11 月）：0／1 次，另有預定 1" in talk.text
    talk.now = parse_local("2025-11-28T09:00")
    talk.say("進度")
    assert "另有預定" not in talk.text  # over, and nobody has said that it was held


@pytest.mark.parametrize("programme", real_base().programmes, ids=lambda each: each.slug)
def test_every_programme_has_a_card(house: Playhouse, programme: object) -> None:
    house.join("line:any", programme.slug)  # type: ignore[attr-defined] # of load_base
    talk = talk_of(house, "line:any")
    talk.say("進度")
    assert isinstance(talk.messages[0], Card)
    assert "項已達" in talk.text


def test_of_several_schools_one_is_picked(house: Playhouse, talk: Talk) -> None:
    house.join("line:me", "onsite-mentoring", role="mentor")
    talk.say("進度")
    assert [choice.label for choice in talk.offered if not choice.aside] == [
        "示範高中・跨校遠距教學",
        "示範高中・入校陪伴",
    ]
    talk.press("示範高中・入校陪伴")
    assert "陪伴時數" in talk.text


def test_another_school_is_as_if_it_were_not_there(house: Playhouse, talk: Talk) -> None:
    other = house.join("line:other", "distance-teaching", school="別校高中")
    talk.tap(f"p:show:{other}")
    assert "別校高中" not in talk.text
    assert "邀請碼" in talk.text
