"""What people type as an answer: read as one value, told as a problem, or left for somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.facts import read_answer, say_answer, write_answer
from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Question
from knowledge.eligibility.moments import DAY
from knowledge.eligibility.possible import OneOfThese, Picks, Span
from knowledge.eligibility.replies import Reading, read_reply
from knowledge.eligibility.tree import Kind, Value
from tests.knowledge.eligibility.said import CHOICES, NUMBERS, PLAIN
from tests.knowledge.eligibility.toy import toy
from tests.real import real_checklist

NOW = datetime(2025, 6, 10, 9, 0)
CHECKLISTS = [real_checklist(*each) for each in available()]
BY_SLUG = {checklist.programme: checklist for checklist in CHECKLISTS}
QUESTIONS = [question for checklist in CHECKLISTS for question in checklist.questions]
ALL_QUESTIONS = [*QUESTIONS, *toy().questions]


def question(path: str) -> Question:
    slug, key = path.split(".")
    return BY_SLUG[slug].question(key)


def read(path: str, text: str) -> Reading:
    return read_reply(question(path), text, NOW)


def each(table: dict[str, dict[object, list[str]]]) -> list[tuple[str, str, object]]:
    return [(path, text, value) for path, rows in table.items() for value, texts in rows.items() for text in texts]


@pytest.mark.parametrize(("path", "text", "value"), each(NUMBERS))
def test_a_number_is_read_however_it_is_written(path: str, text: str, value: int) -> None:
    assert read(path, text) == Reading(value)


@pytest.mark.parametrize(("path", "text", "value"), each(PLAIN))
def test_yes_and_no_are_read_also_in_the_words_of_the_question(path: str, text: str, value: bool) -> None:
    found = read(path, text).value
    assert found is value


@pytest.mark.parametrize(("path", "text", "value"), each(CHOICES))
def test_an_option_is_known_by_its_number_label_part_or_nickname(path: str, text: str, value: str) -> None:
    assert read(path, text) == Reading(value)


ITEMS = tuple(question("equalization.covered_items").options)
PICKS = {
    "1、3、5": {1, 3, 5}, "1 3": {1, 3}, "1跟3": {1, 3}, "１，３": {1, 3}, "一、三": {1, 3}, "1.3.5": {1, 3, 5},
        "1-4": {1, 2, 3, 4},
    "1到4": {1, 2, 3, 4}, "全部": set(range(1, 13)), "全部都有": set(range(1, 13)), "都沒有": set(), "（沒有）": set(),
    "除了2以外都有": set(range(1, 13)) - {2}, "除了2、3都排了": set(range(1, 13)) - {2, 3},
        "只差2": set(range(1, 13)) - {2},
    "1沒有，其他都有": set(range(2, 13)), "資源共享、試探活動": {7, 11}, "夥伴優質1": {1}, "1、2、3都有": {1, 2, 3},
        "社群": {1},
}  # fmt: skip


@pytest.mark.parametrize("text", PICKS)
def test_several_options_are_a_set(text: str) -> None:
    assert read("equalization.covered_items", text) == Reading(frozenset(ITEMS[nth - 1] for nth in PICKS[text]))


DAYS = {
    "114/6/15": (6, 15), "6月15日": (6, 15), "６月１５日": (6, 15), "六月十五日": (6, 15),
    "明天": (6, 11), "昨天送出了": (6, 9),
    "今天": (6, 10), "2025-06-30": (6, 30), "6/30": (6, 30),
    "預計6月15日": (6, 15), "2025年6月30日（一）": (6, 30),
    "20250615": (6, 15),
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_any_form(text: str) -> None:
    assert read("onsite-mentoring.applied_on", text) == Reading(date(2025, *DAYS[text]).toordinal())


@pytest.mark.parametrize(
    "text", ["2016/10/28 17:00", "105/10/28 下午5點", "2016-10-28T17:00", "105年10月28日十七時", "105.10.28 17:00"]
)
def test_a_point_in_time_is_a_day_and_a_clock(text: str) -> None:
    expected = date(2016, 10, 28).toordinal() * DAY + 17 * 3600
    assert read("mobile-learning.submitted_at", text) == Reading(expected)


PROBLEMS = [
    ("distance-teaching.fiscal_tier", "6", "1 到 5 級"),
    ("distance-teaching.fiscal_tier", "0", "1 到 5 級"),
    ("distance-teaching.students_total", "-3", "不能是負數"),
    ("distance-teaching.students_total", "負三人", "不能是負數"),
    ("distance-teaching.students_total", "12.5", "整數"),
    ("distance-teaching.students_total", "½", "整數"),
    ("distance-teaching.host_course_count", "半門", "整數"),
    ("distance-teaching.students_total", "1 2", "一次只要一個數字"),
    ("distance-teaching.students_total", "12-15人", "一次只要一個數字"),
    ("distance-teaching.students_total", "10幾個", "一次只要一個數字"),
    ("distance-teaching.students_total", "十二三個", "一次只要一個數字"),
    ("distance-teaching.students_total", "12人以上", "一次只要一個數字"),
    ("distance-teaching.students_total", "很多", "一次只要一個數字"),
    ("distance-teaching.students_total", "6+6", "算好的數字"),
    ("distance-teaching.students_total", "12小時", "單位是人"),
    ("distance-teaching.students_total", "10^30", "10,000 人"),
    ("distance-teaching.students_total", "10³⁰", "10,000 人"),
    ("distance-teaching.students_total", "1e30", "10,000 人"),
    ("distance-teaching.students_total", "∞", "10,000 人"),
    ("distance-teaching.students_total", "9" * 5000, "10,000 人"),
    ("onsite-mentoring.visit_hours", "7小時20分", "半小時"),
    ("onsite-mentoring.visit_hours", "12-15小時", "一次只要一個數字"),
    ("onsite-mentoring.applied_on", "2月30日", "沒有 2 月 30 日"),
    ("onsite-mentoring.applied_on", "6/15或6/16", "一個日期"),
    ("onsite-mentoring.applied_on", "下週", "一個日期"),
    ("onsite-mentoring.applied_on", "1800-01-01", "1990"),
    ("mobile-learning.submitted_at", "10月28日", "時間"),
    ("mobile-learning.submitted_at", "17:00", "日期"),
    ("distance-teaching.mode", "3", "1 到 2"),
    ("distance-teaching.mode", "線上", "還是"),
    ("distance-teaching.mode", "都可以", "只能選一個"),
    ("distance-teaching.mode", "不是全線上", "哪一個"),
    ("onsite-mentoring.plan_form", "入校", "還是"),
    ("urban-rural-partner.group", "兩個都要報", "只能選一個"),
    ("urban-rural-partner.virtual_and_physical", "有實體互訪", "「是」或「否」"),
    ("distance-teaching.guidance_approved", "是，不是", "「是」或「否」"),
    ("distance-teaching.guidance_approved", "可能有", "「是」或「否」"),
    ("equalization.exam_free_area_funded", "有申請", "「是」或「否」"),
    ("equalization.covered_items", "13", "1 到 12"),
    ("equalization.covered_items", "適性發展", "5 項"),
    ("equalization.covered_items", "優質1、3", "編號"),
    ("equalization.covered_items", "1,3,abc", "abc"),
]


@pytest.mark.parametrize(("path", "text", "says"), PROBLEMS)
def test_what_can_not_be_taken_is_told_in_one_sentence(path: str, text: str, says: str) -> None:
    found = read(path, text)
    assert found.value is None
    assert says in found.problem
    assert found.problem.endswith(("。", "？"))


NO_ANSWERS = [
    *(("distance-teaching.students_total", text) for text in ("一定要12人嗎？", "學生人數要幾人", "12人可以嗎",
        "12人的規定", "學生人數", "")),
    *(("distance-teaching.mode", text) for text in ("可以全線上嗎", "全線上的規定", "混合遠距要幾人", "資本門上限",
        "謝謝")),
    *(("distance-teaching.subject_kind", text) for text in ("雙語課程鐘點費", "英語課程", "哪些課程可以")),
    *(("distance-teaching.guidance_approved", text) for text in ("核准了嗎", "對，那要幾人？", "資本門上限",
        "核准公文要附嗎", "不確定")),
    *(("distance-teaching.special_guidance_school", text) for text in ("專案輔導學校是什麼", "不是沒有核准",
        "專案輔導學校", "有12")),
    *(("onsite-mentoring.applied_on", text) for text in ("截止日是6月20日嗎", "什麼時候截止", "6/20 的規定", "好")),
    *(("equalization.covered_items", text) for text in ("資源共享要做什麼", "必辦項目有幾項", "資源共享經費")),
    ("urban-rural-partner.budget_total", "資本門5萬"),
    ("urban-rural-partner.budget_total", "可以編25萬嗎"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text"), NO_ANSWERS)
def test_a_text_that_answers_nothing_is_left_alone(path: str, text: str) -> None:
    assert read(path, text).nothing


def samples(question: Question) -> Iterator[Value]:
    match question.possible:
        case OneOfThese():
            yield from question.options
        case Picks(_, every):
            yield from (frozenset(), every, *(frozenset({key}) for key in every), *(every - {key} for key in every))
        case Span(low, high):
            yield from {low, low + 1, (low + high) // 2, low + (high - low) // 3, high}
        case _:
            yield from (True, False)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.file.split('/')[2]}.{q.key}")
def test_an_answer_typed_as_it_is_shown_is_the_same_answer(question: Question) -> None:
    for value in samples(question):
        assert read_reply(question, say_answer(question, value), NOW) == Reading(value)
    for nth, (key, label) in enumerate(question.options.items(), 1):
        expected = Reading(key if question.kind is Kind.CHOICE else frozenset({key}))
        assert read_reply(question, label, NOW) == read_reply(question, str(nth), NOW) == expected


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.file.split('/')[2]}.{q.key}")
def test_every_wording_of_the_file_is_read_as_what_it_stands_for(question: Question) -> None:
    for key, wordings in question.words.items():
        for wording in wordings:
            value = {Kind.YESNO: key == "是", Kind.CHOICE: key, Kind.SEVERAL: frozenset({key})}.get(question.kind)
            assert value is None or read_reply(question, wording, NOW).value == value, wording


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: f"{q.file.split('/')[2]}.{q.key}")
def test_the_question_itself_answers_nothing(question: Question) -> None:
    assert read_reply(question, question.ask, NOW).nothing


bits = st.sampled_from([
    "12", "三", "十", "萬", "個", "人", "小時", "-", "~", "、", "，", "是", "不", "沒有", "全線上", "嗎", "半", ".",
    "%", "月", "日", "/6/", "17:00", "除了", "以外", "都有", "10^30", "½", "∞", "👌", "\u202e", "３", "1e9", "第",
    "級", "分", "0", "9999999999999", "兩", "多", "億", "國", "\ud800", "教育部", "1", "學年",
])  # fmt: skip


@given(st.sampled_from(ALL_QUESTIONS), st.lists(bits, max_size=12).map("".join) | st.text(max_size=300))
def test_nothing_that_is_typed_raises_and_no_value_is_impossible(question: Question, text: str) -> None:
    found = read_reply(question, text, NOW)
    assert found.value is None or not found.problem
    if found.value is not None:
        assert read_answer(question, write_answer(question, found.value)) == found.value


@pytest.mark.parametrize(
    "text", ["a" * 5000, "一" * 5000, "1、" * 2500, "👌" * 5000, "是" * 5000, "\u202e\u200f", "\x00", "\ud800"]
)
def test_monsters_are_survived(text: str) -> None:
    for question in ALL_QUESTIONS:
        read_reply(question, text, NOW)
