"""handlers.answered_words: what somebody is told whose question is answered now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers.answered_words import answered
from knowledge.answering.model import Status
from tests.handlers.stage import BASE, SURE

DAY = date(2025, 11, 3)


def test_the_question_its_answer_and_where_it_stands() -> None:
    said = answered(BASE, "夜間學校 有多少錢\n可以拿", DAY, date(2025, 11, 20), SURE).text
    assert said == (
        "您 11/3 問的「夜間學校 有多少錢 可以拿」現在有答案了：\n最多 5 萬元。\n"
        "（依據：夜間學校（114 學年度）參/一、參/二/(一)）"
    )


def test_another_year_is_named() -> None:
    assert answered(BASE, "錢", DAY, date(2026, 1, 2), SURE).text.startswith("您 2025/11/3 問的「錢」")


def test_a_known_gap_was_looked_up_and_names_what_is_nearest() -> None:
    gap = replace(SURE, status=Status.REFUSED, text="文件沒有寫。")
    said = answered(BASE, "有獎狀嗎", DAY, DAY, gap).text
    assert said.startswith("您 11/3 問的「有獎狀嗎」我們查過了：\n文件沒有寫。\n（相關條文：")
    assert answered(BASE, "有獎狀嗎", DAY, DAY, replace(gap, citations=())).text.endswith("文件沒有寫。")


def test_a_long_question_is_cut_and_braces_are_only_characters() -> None:
    assert f"「{'長' * 39}…」" in answered(BASE, "長" * 41, DAY, DAY, SURE).text
    assert f"「{'長' * 40}」" in answered(BASE, "長" * 40, DAY, DAY, SURE).text
    assert "「{answer}{0}」" in answered(BASE, "{answer}{0}", DAY, DAY, SURE).text
