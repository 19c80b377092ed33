"""knowledge.figures: which figures a text states, however they are written."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.figures import Day, Figure, in_answer, in_source, weekdays


def states(text: str) -> set[tuple[Fraction, str]]:
    return {(figure.value, figure.family) for figure in in_answer(text).counts}


def holds(source: str, answer: str) -> bool:
    held = in_source(source)
    stated = in_answer(answer)
    return all(map(held.hold, stated.counts)) and all(held.hold_day(day, ()) for day in stated.days)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("最高補助比率為百分之五十", "最多 50%"),
        ("補助金額二分之一", "補助 1/2（一半）"),
        ("2分之1以上", "一半以上"),
        ("須累積十五小時", "至少 15 小時"),
        ("300,000元", "30 萬元"),
        ("資本門5萬。", "資本門 5 萬元"),
        ("單價萬元以下", "單價 1 萬元以下"),
        ("兩所以上學校", "2 所以上"),
        ("超過二十所", "超過 20 校"),
        ("頒發獎狀乙紙", "獎狀 1 紙"),
        ("10~14 萬元", "10 到 14 萬元"),
        ("2 至\n4 日", "2～4 天"),
        ("3至 5 次", "3 到 5 次"),
        ("約有 6 千多筆", "6 千多筆"),
        ("超過 18萬筆", "18 萬筆"),
        ("一〇五學年度", "105 學年度"),
        ("至少2梯次", "至少 2 場"),
        ("114 年 12月 31 日", "114年12月31日"),
        ("106 年 1月 1日至 12 月 31 日", "12月31日"),
        ("2025年5月5日", "114年5月5日"),
        ("107 年 2月底前", "107年2月底"),
        ("至少一次", "至少 1 次"),
    ],
)
def test_the_same_figure_in_two_ways(source: str, answer: str) -> None:
    assert holds(source, answer)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("最高補助比率為百分之五十", "最多 60%"),
        ("補助金額二分之一", "補助 1/3"),
        ("須累積十五小時", "至少 15 次"),
        ("300,000元", "3 萬元"),
        ("5 日內", "5 萬元"),
        ("114 年 12月 31 日", "114年12月30日"),
        ("114 年 12月 31 日", "115年12月31日"),
        ("114 年 12月 31 日", "114年11月"),
        ("10~14 萬元", "12 萬元"),
        ("一般科目", "3 科"),
        ("https://example.org/77", "77 所"),
    ],
)
def test_another_figure_is_not_the_same(source: str, answer: str) -> None:
    assert not holds(source, answer)


@pytest.mark.parametrize(
    "text", ["一般來說", "統一辦理", "三、申請", "①種菜②澆水", "A4 紙", "https://a.tw/12", "三思而後行"]
)
def test_what_states_no_figure(text: str) -> None:
    assert states(text) == set()


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert states("10～14 萬元") == {(Fraction(100_000), "元"), (Fraction(140_000), "元")}


def test_a_day_without_a_year_takes_one_that_stands_around_it() -> None:
    held = in_source("自即日起至5月5日止")
    assert held.hold_day(Day(114, 5, 5), {114})
    assert not held.hold_day(Day(114, 5, 5), {113})


def test_a_unit_that_is_not_known_fits_every_family() -> None:
    assert in_source("3 株").hold(Figure(Fraction(3), "校"))


@pytest.mark.parametrize(
    ("text", "weekday"),
    [("114年5月5日（星期一）", "一"), ("114 年 5 月 4 日（日）", "日"), ("114年5月4日(週天)", "日")],
)
def test_a_weekday_after_a_day(text: str, weekday: str) -> None:
    [(day, found)] = weekdays(text)
    assert found == day.weekday() == weekday


def test_a_day_without_a_year_has_that_of_the_day_before_it() -> None:
    [(day, found)] = weekdays("105年9月到10月14日（星期五）")
    assert (day.year, day.weekday(), found) == (105, "五", "五")


def test_a_day_that_does_not_exist_has_no_weekday() -> None:
    assert Day(114, 2, 29).weekday() is None


@given(st.text(alphabet="0123456789,./%年月日（）()星期一二三十百千萬元兩至~-①乙半分之 \n校", max_size=40))
def test_no_text_is_too_odd_and_every_source_holds_itself(text: str) -> None:
    held = in_source(text)
    assert all(map(held.hold, held.counts))
    in_answer(text)
    weekdays(text)
