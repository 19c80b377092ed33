"""The result as cards: conclusion first, what mends it, where it is written; short enough for every channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.limits import utf16_units
from bot.channels.line.bubble import fits
from bot.channels.line.render import message_objects
from bot.channels.telegram.render import LONGEST_TEXT, render
from bot.messages import Card, Choice, Incoming
from handlers.checklist import phrases
from handlers.checklist.result import (
    READABLE,
    KeptRun,
    detail_card,
    difference_card,
    result_card,
    run_line,
)
from knowledge.deadlines.engine import Due, load_deadlines, resolve
from knowledge.deadlines.loader import UnknownProgrammeError
from knowledge.eligibility.engine import Facts, State, Verdict, check
from knowledge.eligibility.facts import read_facts
from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Checklist, Example
from knowledge.eligibility.whatif import VERDICT_WORDS, nearest
from tests.real import real_base, real_checklist

BASE = real_base()
NOW = datetime(2025, 11, 21, 13, 0)
CHECKLISTS = [real_checklist(slug, edition) for slug, edition in available()]
EVERY = [
    pytest.param(checklist, example, id=f"{checklist.programme}-{example.name}")
    for checklist in CHECKLISTS
    for example in checklist.examples
]
EACH = pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda each: each.programme)
EXAMPLES = pytest.mark.parametrize(("checklist", "example"), EVERY)
MENTORING = real_checklist("onsite-mentoring", "114")
MOBILE = real_checklist("mobile-learning", "106")


def dues_of(checklist: Checklist, example: Example | None = None, now: datetime = NOW) -> tuple[Due, ...]:
    try:
        deadlines = load_deadlines(checklist.programme, checklist.edition)
    except UnknownProgrammeError:
        return ()
    return resolve(deadlines, example.facts if example else {}, now, strict=False)


def shown(checklist: Checklist, facts: Facts, unsure: frozenset[str] = frozenset(), now: datetime = NOW) -> Card:
    return result_card(BASE, checklist, facts, unsure, dues_of(checklist, now=phrases.local(now)), now)


def facts_of(checklist: Checklist, name: str) -> Facts:
    return read_facts(checklist, next(each.facts for each in checklist.examples if each.name == name))


def within_all_channels(card: Card) -> None:
    """One call or message each, with every word of the card in it."""
    assert fits(status=card.status, title=card.title, text=card.text, source=card.source)
    incoming = Incoming("telegram", "1", "7", "7", 0)
    calls = render(incoming, [card]).payload["calls"]
    assert [call["method"] for call in calls] == ["sendMessage"]
    assert utf16_units(calls[0]["params"]["text"]) <= LONGEST_TEXT
    (message,) = message_objects([card])
    assert message["type"] == "flex"


@EXAMPLES
def test_every_example_is_told_conclusion_first(checklist: Checklist, example: Example) -> None:
    facts = read_facts(checklist, example.facts)
    result = check(checklist, facts)
    card = result_card(BASE, checklist, facts, frozenset(), dues_of(checklist, example), NOW)
    assert card.status == VERDICT_WORDS[Verdict(example.verdict)]
    assert card.text.startswith(f"{card.status}：")
    for finding in phrases.of_state(result, State.FAIL):
        assert finding.title in card.text
        mend = nearest(checklist, facts, finding.key)
        assert mend is None or mend.text.rstrip("。") in card.text
        assert finding.cite[0].split("/")[0] in card.source
    for each in result.sums:
        assert f"{each.title}：{each.low:,}" in card.text
        assert not each.known or each.text in card.text
    for key in result.missing:
        assert checklist.question(key).title in card.text
    assert card.source.startswith("依據：")


@EXAMPLES
def test_every_example_fits_a_phone_and_every_channel(checklist: Checklist, example: Example) -> None:
    facts = read_facts(checklist, example.facts)
    card = result_card(BASE, checklist, facts, frozenset(), dues_of(checklist, example), NOW)
    assert len(card.text) <= READABLE
    within_all_channels(card)


@EACH
def test_when_nothing_is_known_it_still_fits_and_says_where_to_ask(checklist: Checklist) -> None:
    for unsure in (frozenset[str](), frozenset(checklist.by_key)):
        card = shown(checklist, {}, unsure)
        assert card.text.startswith("待確認：")
        first = checklist.question(check(checklist, {}).missing[0])
        assert first.unsure in card.text
        within_all_channels(card)


@EACH
def test_rule_by_rule_shows_all_that_the_card_folds_away(checklist: Checklist) -> None:
    for example in checklist.examples:
        facts = read_facts(checklist, example.facts)
        card = detail_card(BASE, checklist, facts)
        for finding in check(checklist, facts).findings:
            assert finding.text in card.text
            assert phrases.cited(finding.cite) in card.text
        assert all("…" not in str(message) for message in message_objects([card]) if message["type"] == "text")


def test_one_number_that_mends_is_said_beside_what_fails() -> None:
    card = shown(MENTORING, {**facts_of(MENTORING, MENTORING.examples[0].name), "potential_teachers": 0})
    line = next(line for line in card.text.splitlines() if line.startswith("✗ 潛力教師人數"))
    assert "再增加" in line
    assert line.endswith("〔陸/一〕")


def test_what_passes_is_a_number_with_titles_and_not_applicable_is_left_out() -> None:
    facts = read_facts(MOBILE, MOBILE.examples[0].facts)
    text = shown(MOBILE, facts).text
    passing = phrases.of_state(check(MOBILE, facts), State.PASS)
    assert f"【符合的】{len(passing)} 項：{phrases.titles(passing)}" in text
    absent = phrases.of_state(check(MOBILE, facts), State.NOT_APPLICABLE)
    assert absent
    assert all(finding.title not in text for finding in absent)


def test_a_past_edition_is_said_to_be_past_and_a_present_one_is_not() -> None:
    facts = read_facts(MOBILE, MOBILE.examples[0].facts)
    assert "這是 106 年的規定，該年度已結束" in shown(MOBILE, facts).text
    assert "已結束" not in shown(MOBILE, facts, now=datetime(2017, 12, 31, 23, 0)).text


def test_the_day_is_that_of_taipei() -> None:
    facts = read_facts(MOBILE, MOBILE.examples[0].facts)
    evening_in_utc = datetime(2017, 12, 31, 17, 0, tzinfo=UTC)
    assert "已結束" in shown(MOBILE, facts, now=evening_in_utc).text


def test_a_window_that_has_closed_is_said_right_after_the_verdict() -> None:
    facts = read_facts(MENTORING, MENTORING.examples[0].facts)
    lines = shown(MENTORING, facts).text.splitlines()
    assert lines[1].startswith("申請期限（2025年6月20日（五））已過")
    assert "已過" not in shown(MENTORING, facts, now=datetime(2025, 6, 20, 12, 0)).text


def test_who_was_unsure_is_told_where_to_ask_even_after_a_fail() -> None:
    failing = {**facts_of(MENTORING, MENTORING.examples[0].name), "potential_teachers": 0}
    del failing["applied_on"]
    question = MENTORING.question("applied_on")
    sure, unsure = shown(MENTORING, failing), shown(MENTORING, failing, frozenset({"applied_on"}))
    assert question.unsure not in sure.text
    assert question.unsure in unsure.text


def test_an_unanswered_question_is_told_from_one_that_nobody_knew() -> None:
    given_facts = dict(facts_of(MENTORING, MENTORING.examples[0].name))
    del given_facts["applied_on"]
    title = MENTORING.question("applied_on").title
    assert f"？ {title}（還沒回答）：" in shown(MENTORING, given_facts).text
    assert f"？ {title}：" in shown(MENTORING, given_facts, frozenset({"applied_on"})).text


def test_deadlines_that_follow_have_their_day_and_what_they_wait_for() -> None:
    deadlines = load_deadlines("onsite-mentoring", "114")
    facts = read_facts(MENTORING, MENTORING.examples[0].facts)
    dues = resolve(deadlines, {}, NOW)
    text = result_card(BASE, MENTORING, facts, frozenset(), dues, NOW, due_facts=deadlines.by_fact).text
    assert "計畫結束：2025年12月31日（三）。" in text
    assert f"日期要看{deadlines.by_fact['first_visit_on'].title}，待確認" in text
    assert "已過：填寫申請表 2025年6月20日（五）。" in text


def test_what_is_done_needs_no_line() -> None:
    deadlines = load_deadlines("onsite-mentoring", "114")
    dues = resolve(deadlines, {}, NOW, frozenset({"programme_end"}))
    assert "計畫結束" not in result_card(BASE, MENTORING, {}, frozenset(), dues, NOW).text


def test_a_difference_says_the_answer_and_what_it_turns() -> None:
    after = facts_of(MENTORING, MENTORING.examples[0].name)
    before = {**after, "potential_teachers": 0}
    card = difference_card(MENTORING, before, after, title="如果改成")
    assert card.title == "如果改成"
    assert card.text.splitlines()[0].startswith("潛力教師人數：0 ")
    assert "▪ 結論：不符合 → 符合" in card.text
    assert (card.source, card.status) == ("依據：陸/一", "符合")


def test_no_difference_is_said_too() -> None:
    facts = facts_of(MENTORING, MENTORING.examples[0].name)
    card = difference_card(MENTORING, facts, facts)
    assert card.text == "結論、條件和金額都沒有改變。"
    assert card.source == ""


def test_a_kept_run_is_one_line() -> None:
    mentoring = KeptRun("入校陪伴", "114 年度第 2 次徵件", Verdict.INCOMPLETE, date(2025, 11, 21), 3)
    assert run_line(mentoring) == "入校陪伴（114 年度第 2 次徵件）：待確認，還有 3 題沒有答案，2025年11月21日（五）"
    learning = KeptRun("行動學習", "106 年", Verdict.ELIGIBLE, date(2025, 11, 20), 0)
    assert run_line(learning) == "行動學習（106 年）：符合，2025年11月20日（四）"
    assert run_line(replace(learning, half_way=True)) == "行動學習（106 年）：做到一半，2025年11月20日（四）"


def test_choices_are_passed_on() -> None:
    choice = Choice("逐條看", "x")
    assert result_card(BASE, MENTORING, {}, frozenset(), (), NOW, choices=(choice,)).choices == (choice,)


@given(st.data())
def test_whatever_was_answered_the_card_fits_every_channel(data: st.DataObject) -> None:
    checklist = data.draw(st.sampled_from(CHECKLISTS))
    examples = [read_facts(checklist, example.facts) for example in checklist.examples]
    facts = {}
    for question in checklist.questions:
        answers = [example[question.key] for example in examples if question.key in example]
        answer = data.draw(st.sampled_from([None, *dict.fromkeys(answers)]))
        if answer is not None:
            facts[question.key] = answer
    unsure = frozenset(data.draw(st.sets(st.sampled_from(sorted(checklist.by_key))))) - facts.keys()
    card = shown(checklist, facts, unsure)
    assert card.status == VERDICT_WORDS[check(checklist, facts).verdict]
    within_all_channels(card)
