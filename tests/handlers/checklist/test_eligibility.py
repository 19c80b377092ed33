"""Checklists in conversation, where a script says too little: edited files, carried answers, kept lists, strangers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.checklist import checklists
from handlers.checklist.checklists import ChecklistForm, Checklists
from handlers.router import Router
from knowledge.eligibility.model import Checklist
from tests.handlers.stage import Playhouse, Prompter, Talk
from tests.real import real_base


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Playhouse]:
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as opened:
        yield opened


class RealNames(Prompter):
    """Knows nothing but the names of the real programmes."""

    def __init__(self) -> None:
        super().__init__()
        self.base = real_base()


def talk_in(house: Playhouse, conversation: str = "line:a") -> Talk:
    return Talk(RealNames(), house=house, conversation=conversation)


def edited(slug: str, **most: int) -> Checklists:
    """The checklists after a release in which the file of one programme was changed. `most`: new bounds."""
    known = Checklists(real_base())

    def changed(checklist: Checklist) -> Checklist:
        questions = tuple(replace(q, high=most[q.key]) if q.key in most else q for q in checklist.questions)
        return replace(checklist, fingerprint="new", questions=questions)

    for key, form in known._forms.items():
        if key[0] == slug:
            known._forms[key] = ChecklistForm(changed(form.checklist), form.heading)
    return known


def released(talk: Talk, known: Checklists) -> None:
    """Go on talking to the next release."""
    talk.router = Router(talk.asks, checklists=known, new_id=lambda: "q")


def test_an_open_run_goes_on_under_the_edited_file_and_that_is_said_once(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("國立")
    released(talk, edited("onsite-mentoring"))
    talk.say("高中")
    assert "規則在您上次作答後更新過" in talk.text
    assert "都還適用" in talk.text
    assert "第 3 題" in talk.text
    talk.say("上一題")
    assert "更新過" not in talk.text


def test_an_answer_that_fits_no_more_is_asked_again(house: Playhouse) -> None:
    talk = talk_in(house)
    for text in ("檢核跨校遠距", "國立", "一學年", "3", "2"):
        talk.say(text)
    assert "第 5 題" in talk.text
    released(talk, edited("distance-teaching", host_course_count=2))
    talk.say("選單")
    assert "1 題要請您再答一次" in talk.text
    talk.say("繼續作答")
    assert "遠距課程有幾門" in talk.text
    talk.say("2")
    assert "課程" in talk.text


def test_a_kept_result_is_judged_by_the_edited_file_and_that_is_said(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("縣市立")
    assert "不符合" in talk.text
    released(talk, edited("onsite-mentoring"))
    talk.say("我的檢核")
    talk.say("1")
    assert "更新過" in talk.text
    assert "不符合" in talk.text
    talk.say("逐條看")
    assert "更新過" not in talk.text


@pytest.mark.parametrize("words", [("繼續作答",), ("我的檢核", "1"), ("檢核入校陪伴", "1")])
def test_whoever_takes_a_run_up_again_is_told_at_once(house: Playhouse, words: tuple[str, ...]) -> None:
    talk = talk_in(house)
    for text in ("檢核入校陪伴", "國立", "取消"):
        talk.say(text)
    released(talk, edited("onsite-mentoring"))
    for text in words:
        talk.say(text)
    assert "更新過" in talk.text
    assert "第 2 題" in talk.text
    talk.say("高中")
    assert "更新過" not in talk.text


def test_an_edition_keeps_its_own_rules_when_a_newer_one_comes(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("國立")
    known = Checklists(real_base())
    ours = known._forms["onsite-mentoring", "114"]
    newer = replace(ours.checklist, edition="115", fingerprint="115")
    known._forms["onsite-mentoring", "115"] = ChecklistForm(newer, "明年的")
    released(talk, known)
    talk.say("高中")
    assert "〔入校陪伴（114 年度第 2 次徵件）〕第 3 題" in talk.text
    assert "更新過" not in talk.text


def test_an_edition_that_is_gone_is_said_and_loses_nothing(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    action = talk.offered[0].action
    talk.say("國立")
    known = Checklists(real_base())
    gone = known._forms.pop(("onsite-mentoring", "114"))
    released(talk, known)
    talk.tap(action)
    assert "找不到" in talk.text
    known._forms["onsite-mentoring", "114"] = gone
    talk.say("繼續作答")
    assert "第 2 題" in talk.text


def test_what_one_programme_learned_the_next_is_told(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("縣市立")
    talk.say("檢核跨校遠距")
    assert "主管機關「直轄市、縣（市）政府主管」" in talk.text
    assert "財力級次" in talk.text


def test_a_run_is_its_persons_alone(house: Playhouse) -> None:
    ours, theirs = talk_in(house), talk_in(house, "line:b")
    ours.say("檢核入校陪伴")
    action, run = ours.offered[0].action, ours.state.run
    for made_up in (
        action,
        f"f:{run}:e",
        f"f:{run}:x",
        f"f:{run}:r",
        f"c:show:{run}",
        f"c:detail:{run}",
        f"c:paper:{run}",
    ):
        theirs.tap(made_up)
        assert "找不到" in theirs.text, made_up
    theirs.say("我的檢核")
    assert "還沒有檢核紀錄" in theirs.text
    theirs.say("繼續作答")
    assert "沒有做到一半" in theirs.text


def test_numbers_of_a_list_are_not_taken_for_answers(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("國立")
    talk.tap("c:mine")
    talk.say("1")
    assert "第 2 題" in talk.text
    assert "已把" not in talk.text
    talk.tap("c:choose")
    talk.say("1")
    assert "跨校遠距教學" in talk.text


def test_an_answer_counts_after_something_else_was_shown_a_number_does_not(house: Playhouse) -> None:
    talk = talk_in(house)
    for text in ("檢核跨校遠距", "選單", "國立", "一學年"):
        talk.say(text)
    assert "第 3 題" in talk.text
    talk.say("選單")
    talk.say("8")
    assert "第 4 題" not in talk.text
    talk.say("選單")
    talk.say("共三門")
    assert "第 4 題" in talk.text


@pytest.mark.parametrize("text", ["哈囉", "今天天氣好", "我想想", "👍", "資料在學校", "1,2", "…", "貓", "x" * 3000])
def test_no_words_are_swallowed(house: Playhouse, text: str) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    run = talk.state.run
    talk.say(text)
    assert talk.messages
    assert "第 1 題" in talk.text
    assert talk.state.run == run
    talk.say("修改")
    assert "還沒有答過任何一題" in talk.text


def test_starting_again_is_asked_where_one_was_left_half_way(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("國立")
    talk.say("取消")
    talk.say("我們可以申請入校陪伴嗎")
    assert talk.labels[:2] == ["接著做", "重新開始"]
    talk.say("2")
    assert "第 1 題" in talk.text
    assert checklists.RULES_CHANGED[:4] not in talk.text


def test_restart_long_after_the_result_means_the_talk(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.say("縣市立")
    talk.say("選單")
    talk.say("重新開始")
    assert "前面的話題我先放下" in talk.text


def test_unfinished_paper_is_refused_kindly(house: Playhouse) -> None:
    talk = talk_in(house)
    talk.say("檢核入校陪伴")
    talk.tap(f"c:paper:{talk.state.run}")
    assert "還沒做完" in talk.text
