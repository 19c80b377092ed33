"""The paper for the principal: everything that decides is on it, on one A4 page, whatever was answered or typed."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Drawing
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.papers import checklist as paper
from bot.papers.checklist import FOOTNOTE, PLANS, SIGNATURES, checklist_paper
from bot.papers.sheet import EAST_ASIAN, HEIGHT, Cell, Grid, Line, height
from handlers.checklist import phrases
from knowledge.deadlines.engine import Due, load_deadlines, resolve
from knowledge.deadlines.loader import UnknownProgrammeError
from knowledge.eligibility.engine import State, check
from knowledge.eligibility.facts import read_facts
from knowledge.eligibility.loader import available
from knowledge.eligibility.model import Checklist, Example
from knowledge.eligibility.tree import Value
from knowledge.eligibility.whatif import VERDICT_WORDS, nearest
from tests.bot.papers.dossiers import SOFFICE, soffice
from tests.real import real_base, real_checklist
from tests.thorough import examples

BASE = real_base()
NOW = datetime(2025, 11, 21, 13, 0)
CHECKLISTS = [real_checklist(slug, edition) for slug, edition in available()]
EACH = pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda each: each.programme)
EXAMPLES = pytest.mark.parametrize(
    ("checklist", "example"),
    [
        pytest.param(checklist, example, id=f"{checklist.programme}-{example.name}")
        for checklist in CHECKLISTS
        for example in checklist.examples
    ],
)
SCHOOL = "國立某某高級中等學校"
SMALLEST = 7
"""Points; nobody reads less."""


def dues_of(checklist: Checklist, now: datetime = NOW) -> tuple[Due, ...]:
    try:
        return resolve(load_deadlines(checklist.programme, checklist.edition), {}, now, strict=False)
    except UnknownProgrammeError:
        return ()


def made(
    checklist: Checklist, facts: dict[str, Value], unsure: frozenset[str] = frozenset(), school: str = SCHOOL
) -> Drawing:
    return Document(BytesIO(checklist_paper(BASE, checklist, facts, unsure, dues_of(checklist), NOW, school)))


def words(drawing: Drawing) -> str:
    """Every cell once and every paragraph, a line each."""
    texts = [paragraph.text for paragraph in drawing.paragraphs]
    for table in drawing.tables:
        texts += [cell.text for row in table.rows for cell in dict.fromkeys(row.cells)]
    return "\n".join(texts)


@EXAMPLES
def test_every_example_is_on_the_paper_in_letters_that_can_be_read(checklist: Checklist, example: Example) -> None:
    facts = read_facts(checklist, example.facts)
    result = check(checklist, facts)
    drawing = made(checklist, facts)
    size = drawing.styles["Normal"].font.size
    assert size is not None
    assert size >= Pt(8)
    text = words(drawing)
    programme = BASE.programme(checklist.programme, checklist.edition)
    for said in (programme.name, programme.year_label, SCHOOL, "檢核日期：中華民國 114 年 11 月 21 日", FOOTNOTE):
        assert said in text
    assert f"檢核結果　{VERDICT_WORDS[result.verdict]}：" in text
    for finding in result.findings:
        assert finding.title in text
    for finding in phrases.of_state(result, State.FAIL):
        mend = nearest(checklist, facts, finding.key)
        assert mend is None or mend.text in text
        assert "、".join(finding.cite) in text
    for each in result.sums:
        assert f"{each.low:,}" in text
        assert "、".join(each.cite) in text
        assert not each.known or each.text in text
    for key in result.missing:
        assert checklist.question(key).title in text
    for due in dues_of(checklist):
        assert due.title in text


@EACH
def test_answers_are_listed_and_signatures_have_room(checklist: Checklist) -> None:
    facts = read_facts(checklist, checklist.examples[0].facts)
    drawing = made(checklist, facts)
    text = words(drawing)
    for question, answer in phrases.given(checklist, facts):
        assert question.title in text
        assert answer in text
    signatures = drawing.tables[-1]
    assert [cell.text for cell in signatures.rows[0].cells] == [
        word for name in SIGNATURES for word in (f"{name}核章", "")
    ]
    assert signatures.rows[0].height is not None
    assert signatures.rows[0].height >= Mm(10)


@EACH
def test_it_is_a4_without_macros_and_in_a_chinese_font(checklist: Checklist) -> None:
    content = checklist_paper(BASE, checklist, {}, frozenset(), (), NOW)
    assert not [name for name in ZipFile(BytesIO(content)).namelist() if "vba" in name.lower()]
    drawing = made(checklist, read_facts(checklist, checklist.examples[0].facts))
    section = drawing.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert abs(section.page_width - Mm(210)) < Mm(0.2)
    assert abs(section.page_height - Mm(297)) < Mm(0.2)
    fonts = drawing.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == EAST_ASIAN
    assert fonts.get(qn("w:eastAsiaTheme")) is None
    headed = [bool(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")) for table in drawing.tables]
    assert headed == [False, False, *[True] * (len(headed) - 3), False]  # verdict, answers …, signatures
    assert drawing.core_properties.author == "學伴"


def test_a_past_edition_is_said_to_be_past() -> None:
    checklist = real_checklist("urban-rural-partner", "105")
    assert "這是 105 學年度的規定，該年度已結束" in words(made(checklist, {}))


def test_no_school_is_no_empty_label() -> None:
    text = words(made(CHECKLISTS[0], {}, school=" \n\x00"))
    assert "學校：" not in text


def test_a_school_is_only_text() -> None:
    typed = "<w:p/>&amp; {MERGEFIELD x}\x00\x0b\x1b\u202e\ufffe=1+1\n\n第二行"
    assert "學校：<w:p/>&amp; {MERGEFIELD x} =1+1 第二行　" in words(made(CHECKLISTS[0], {}, school=typed))


def test_a_very_long_school_is_shortened() -> None:
    text = words(made(CHECKLISTS[0], {}, school="長" * 5000))
    assert "長" * 40 + "…" in text
    assert "長" * 41 not in text


@settings(max_examples=examples(12), deadline=None)
@given(st.data())
def test_whatever_was_answered_and_typed_it_is_taken_to_fit(data: st.DataObject) -> None:
    checklist = data.draw(st.sampled_from(CHECKLISTS))
    examples = [read_facts(checklist, example.facts) for example in checklist.examples]
    facts: dict[str, Value] = {}
    for question in checklist.questions:
        answers = [example[question.key] for example in examples if question.key in example]
        answer = data.draw(st.sampled_from([None, *dict.fromkeys(answers)]))
        if answer is not None:
            facts[question.key] = answer
    unsure = frozenset(data.draw(st.sets(st.sampled_from(sorted(checklist.by_key))))) - facts.keys()
    school = data.draw(st.text())
    programme = BASE.programme(checklist.programme, checklist.edition)
    result = check(checklist, facts)
    content = paper._Content(programme, checklist, facts, unsure, dues_of(checklist), {}, result, NOW.date(), school)
    plan, blocks = paper._fitting(content)
    assert height(blocks, plan.size) <= HEIGHT
    assert made(checklist, facts, unsure, school).tables


def test_plans_end_with_the_shortest() -> None:
    last = PLANS[-1]
    assert (last.size, last.passing, last.notes, last.unknown, last.opened) == (SMALLEST, *[False] * 4)


def test_a_longer_text_is_measured_higher() -> None:
    short, long = (height([Line("字" * count)], 10) for count in (40, 400))
    assert long > 7 * short
    narrow = Grid((1, 9), ((Cell("字" * 30), Cell("")),))
    wide = Grid((9, 1), ((Cell("字" * 30), Cell("")),))
    assert height([narrow], 10) > 3 * height([wide], 10)


@EACH
@pytest.mark.parametrize("most", [3, pytest.param(1000, marks=pytest.mark.torture)], ids=["the longest", "all"])
@SOFFICE
def test_libreoffice_finds_one_page(checklist: Checklist, most: int, tmp_path: Path) -> None:
    everything = frozenset(checklist.by_key)
    cases = [(read_facts(checklist, example.facts), frozenset[str]()) for example in checklist.examples]
    papers = [
        checklist_paper(BASE, checklist, facts, unsure, dues_of(checklist), NOW, SCHOOL)
        for facts, unsure in [*cases, ({}, everything)]
    ]
    papers.sort(key=len, reverse=True)
    for number, content in enumerate(papers[:most]):
        (tmp_path / f"{number}.docx").write_bytes(content)
    soffice("--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, sorted(tmp_path.glob("*.docx"))))
    for pdf in tmp_path.glob("*.pdf"):
        assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1, pdf.name
    assert len(list(tmp_path.glob("*.pdf"))) == min(most, len(papers))
