"""「我們學校可以申請哪些計畫」: asked once, ranked, and gone into with what is known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.store.runs import Run
from handlers.checklist.survey import NAME, Survey
from tests.handlers.checklist.test_eligibility import talk_in
from tests.handlers.stage import Playhouse, Talk, real_checklists

SURVEY = Survey(real_checklists())


@pytest.fixture
def talk(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Talk]:
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as house:
        yield talk_in(house)


def after(talk: Talk, *texts: str) -> Talk:
    talk.say("我們學校可以申請哪些計畫")
    for text in texts:
        talk.say(text)
    return talk


def test_current_programmes_come_first_and_past_ones_say_so(talk: Talk) -> None:
    after(talk, "高中職", "國立", "是")
    lines = talk.text.splitlines()
    assert lines[1].startswith("1. 跨校遠距教學")
    assert "該年度已結束" not in lines[1]
    assert any(line.startswith("3. 高中職均質化") and "該年度已結束" in line for line in lines)
    assert talk.labels[:3] == ["檢核跨校遠距教學", "檢核入校陪伴", "檢核高中職均質化"]


def test_what_fails_says_why_and_is_not_offered(talk: Talk) -> None:
    after(talk, "高中職", "國立", "是")
    assert "✗ 行動學習：不符合。" in talk.text
    assert "檢核行動學習" not in talk.labels


def test_unsure_keeps_programmes_possible(talk: Talk) -> None:
    after(talk)
    while "〔可以申請哪些計畫〕" in talk.text:
        talk.say("不確定")
    assert "還有機會" in talk.text
    assert "✗" not in talk.text


def test_the_answers_are_carried_into_the_checklist(talk: Talk) -> None:
    after(talk, "高中職", "國立", "是", "2")
    assert "我帶過來了" in talk.text
    assert "主管機關「教育部主管（國立、私立）」" in talk.text


def test_a_corrected_answer_ranks_anew(talk: Talk) -> None:
    after(talk, "高中職", "國立", "是", "修改", "1", "國小")
    for _ in range(4):
        if "第 " not in talk.text:
            break
        talk.say("不確定")
    assert "已把「學校階段」從「高中職」改成「國小」" in talk.text or "✗ 入校陪伴" in talk.text
    assert "檢核入校陪伴" not in talk.labels


def test_a_run_of_an_edited_file_keeps_what_fits() -> None:
    run = Run("r", "p", NAME, "", "", "old", "c", {"nothing": 1}, order=("nothing",))
    renewed, note = SURVEY.renewed(run, SURVEY.form)
    assert (renewed.answers, renewed.order) == ({}, ())
    assert "1 題" in note
    assert SURVEY.renewed(renewed, SURVEY.form) == (renewed, "")
    assert SURVEY.renewed(replace(renewed, fingerprint="old"), SURVEY.form)[1].endswith("都還適用。")
