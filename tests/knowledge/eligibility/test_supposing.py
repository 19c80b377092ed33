"""「如果…呢」 on a finished run: which answer would be another, and which."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.eligibility.facts import read_facts, write_answer
from knowledge.eligibility.loader import available
from knowledge.eligibility.supposing import Supposition, suppose
from knowledge.eligibility.tree import Value
from knowledge.eligibility.whatif import difference
from tests.real import real_checklist

NOW = datetime(2025, 6, 10, 9, 0)
CHECKLISTS = {slug: real_checklist(slug, edition) for slug, edition in available()}


def finished(slug: str) -> dict[str, Value]:
    checklist = CHECKLISTS[slug]
    return read_facts(checklist, checklist.examples[0].facts)


def supposed(slug: str, text: str) -> Supposition | None:
    return suppose(CHECKLISTS[slug], finished(slug), text, NOW)


CHANGES: list[tuple[str, str, dict[str, object]]] = [
    ("distance-teaching", "如果改成全線上呢", {"mode": "remote"}),
    ("distance-teaching", "那如果學生有15人呢", {"students_total": 15}),
    ("distance-teaching", "要是只辦一學期", {"duration": "semester"}),
    ("distance-teaching", "那一學期呢", {"duration": "semester"}),
    ("distance-teaching", "學生少3個呢", {"students_total": 9}),
    ("distance-teaching", "多開一門的話", {"host_course_count": 2}),
    ("distance-teaching", "開課門數增加到3門的話", {"host_course_count": 3}),
    ("distance-teaching", "如果合作學校變成三所", {"partner_school_count": 3}),
    ("distance-teaching", "如果合作學校多兩所會怎樣", {"partner_school_count": 4}),
    ("distance-teaching", "那10人呢", {"students_total": 10}),
    ("distance-teaching", "如果學生只有11人可以申請嗎", {"students_total": 11}),
    ("distance-teaching", "換成外聘老師", {"teacher_status": "external_part_time"}),
    ("distance-teaching", "假如是雙語", {"subject_kind": "bilingual"}),
    ("distance-teaching", "如果不是選修呢", {"partner_course_elective": False}),
    ("distance-teaching", "如果有另外申請", {"funded_elsewhere": True}),
    ("distance-teaching", "改成地方政府", {"authority": "local"}),
    ("distance-teaching", "如果改成全線上而且合作學校一所呢", {"mode": "remote", "partner_school_count": 1}),
    ("equalization", "如果我們是私立呢", {"public": False}),
    ("equalization", "如果合作學校少一所", {"cooperating_schools": 11}),
    ("equalization", "多申請一次的話", {"applications_this_year": 2}),
    ("equalization", "如果計畫書變兩份", {"plan_count": 2}),
    ("mobile-learning", "如果載具經費多5萬", {"device_budget": 100_000}),
    ("mobile-learning", "改成國中", {"level": "junior_high"}),
    ("mobile-learning", "如果沒有平板呢", {"has_devices": False}),
    ("mobile-learning", "如果10月29日才上傳呢", {"submitted_at": "2016-10-29T17:00"}),
    ("onsite-mentoring", "如果入校時數多兩小時", {"visit_hours": 17}),
    ("onsite-mentoring", "如果入校變成五次", {"visit_count": 5}),
    ("onsite-mentoring", "要是6月21日才申請呢", {"applied_on": "2025-06-21"}),
    ("urban-rural-partner", "如果有一所私立呢", {"all_public": False}),
    ("urban-rural-partner", "如果資本門多一萬", {"budget_capital": 60_000}),
    ("urban-rural-partner", "如果多一所偏鄉學校", {"remote_school_count": 2}),
]


@pytest.mark.parametrize(("slug", "text", "expected"), CHANGES)
def test_a_supposition_names_what_would_change(slug: str, text: str, expected: dict[str, object]) -> None:
    found = supposed(slug, text)
    assert found is not None
    assert {each.question.key: write_answer(each.question, each.after) for each in found.changes} == expected
    assert not found.unchanged


def test_an_item_that_is_left_out_is_taken_from_the_set() -> None:
    found = supposed("equalization", "如果少了資源共享呢")
    assert found is not None
    (change,) = found.changes
    assert isinstance(change.before, frozenset)
    assert change.after == change.before - {"resource_sharing"}


@pytest.mark.parametrize(
    ("slug", "text"),
    [
        ("distance-teaching", "換成兩所合作學校"),
        ("distance-teaching", "如果改成混合呢"),
        ("distance-teaching", "那改辦一學年呢"),
        ("equalization", "如果我們是公立"),
        ("urban-rural-partner", "如果我們是公立"),
    ],
)
def test_what_the_answers_say_already_is_told_as_unchanged(slug: str, text: str) -> None:
    found = supposed(slug, text)
    assert found is not None
    assert found.unchanged


@pytest.mark.parametrize(
    ("slug", "text", "keys"),
    [
        ("urban-rural-partner", "如果沒有共學呢", {"teaching_team_plan", "student_plan"}),
        ("distance-teaching", "如果是3呢", {"host_course_count", "partner_school_count", "students_total"}),
    ],
)
def test_where_two_questions_may_be_meant_both_are_named(slug: str, text: str, keys: set[str]) -> None:
    found = supposed(slug, text)
    assert found is not None
    assert {question.key for question in found.candidates} == keys
    assert not found.changes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("如果學生有-3人呢", "負數"),
        ("如果少15人", "負數"),
        ("如果學生有10^30人", "10,000"),
        ("如果財力多一級", "還沒有答案"),
    ],
)
def test_an_impossible_supposition_is_told(text: str, says: str) -> None:
    found = supposed("distance-teaching", text)
    assert found is not None
    assert says in found.problem


@pytest.mark.parametrize(
    "text",
    [
        "可以全線上嗎",
        "全線上",
        "如果逾期怎麼辦",
        "如果經費沒用完呢",
        "學生人數呢",
        "一定要12人嗎？",
        "12",
        "謝謝",
        "",
        "若干",
        "那呢",
        "如果",
    ],
)
def test_a_question_about_the_rules_supposes_nothing(text: str) -> None:
    assert supposed("distance-teaching", text) is None


def test_the_difference_of_a_supposition_can_be_told() -> None:
    checklist, facts = CHECKLISTS["distance-teaching"], finished("distance-teaching")
    found = supposed("distance-teaching", "如果學生有11人呢")
    assert found is not None
    assert difference(checklist, facts, found.applied(facts)).lines[0] == "結論：符合 → 不符合"


words = st.sampled_from([
    "如果", "改成", "全線上", "學生", "少", "多", "3", "人", "呢", "的話", "那", "兩所", "合作學校", "而且", "，",
    "一門", "10^30", "-", "不", "是", "半", "資源共享", "6月", "\ud800",
])  # fmt: skip


@given(
    st.sampled_from(sorted(CHECKLISTS)),
    st.lists(words, max_size=9).map("".join) | st.text(max_size=120).map("如果{}呢".format),
)
def test_nothing_raises_and_no_answer_is_impossible(slug: str, text: str) -> None:
    checklist, facts = CHECKLISTS[slug], finished(slug)
    found = suppose(checklist, facts, text, NOW)
    if found is not None:
        assert bool(found.changes) + bool(found.candidates) + bool(found.problem) == 1
        after = found.applied(facts)
        given = {key: write_answer(checklist.question(key), value) for key, value in after.items()}
        assert read_facts(checklist, given) == after
