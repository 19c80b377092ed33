"""What `forms.yaml` may say, and how it is refused: file, line, and what was expected."""

from __future__ import annotations

import pytest

from knowledge.forms.loader import available, load_forms
from knowledge.forms.model import Chosen, Forms, Is, PartIs, What
from knowledge.forms.reading import read_forms
from knowledge.loader import load_base
from knowledge.requirements.records import Deliverable, Kind, read_record
from knowledge.schema import KnowledgeError

LOG = """
forms:
  - what: community
    title: 社群紀錄
    short: 社群紀錄
    cite: [壹/一]
    records: [community_meeting]
    rows:
      - {label: 主題, is: topic}
      - {label: 方式, is: ticks, options: [到校, 線上]}
      - {label: 內容, is: write, lines: 6, hint: 寫重點}
    signatures: [紀錄, 校長]
"""
REPORT = """
forms:
  - what: report
    title: 成果報告
    short: 成果報告
    cite: [貳]
    parts:
      - {title: 模組, is: table, cite: [貳/一], records: [deliverable], deliverable: [module],
         columns: [{label: 名稱, is: topic}]}
      - {title: 心得, is: write, cite: [貳/二]}
    signatures: [校長]
"""


def read(text: str) -> Forms:
    return read_forms(text.encode(), "forms.yaml", "toy", "1")


def refusal(text: str) -> str:
    with pytest.raises(KnowledgeError) as caught:
        read(text)
    return str(caught.value)


def test_a_log_has_its_rows_in_order() -> None:
    form = read(LOG).form(What.COMMUNITY)
    assert form is not None
    assert [(row.label, row.what) for row in form.rows] == [
        ("主題", Is.TOPIC),
        ("方式", Is.TICKS),
        ("內容", Is.WRITE),
    ]
    assert form.rows[1].options == ("到校", "線上")
    assert (form.rows[2].lines, form.rows[2].hint) == (6, "寫重點")
    assert read(LOG).form("report") is None


def test_a_report_has_parts_that_choose_their_records() -> None:
    form = read(REPORT).form("report")
    assert form is not None
    assert [part.what for part in form.parts] == [PartIs.TABLE, PartIs.WRITE]
    module, material = (
        read_record({"id": "1", "kind": "deliverable", "starts_at": "2025-09-01", "deliverable": each})
        for each in ("module", "material")
    )
    assert form.parts[0].chosen.fits(module)
    assert not form.parts[0].chosen.fits(material)


def test_without_a_deliverable_named_every_one_is_taken() -> None:
    report = read_record(
        {"id": "1", "kind": "deliverable", "starts_at": "2025-09-01", "deliverable": Deliverable.FINAL_REPORT.value}
    )
    assert Chosen(frozenset({Kind.DELIVERABLE}), frozenset()).fits(report)
    assert not Chosen(frozenset({Kind.WORKSHOP}), frozenset()).fits(report)


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (LOG, "community\n", "club\n", "forms.yaml:3: `what` has 'club'; expected one of community"),
        (LOG, "is: topic", "is: colour", "forms.yaml:9: `is` has 'colour'"),
        (LOG, "[community_meeting]", "[party]", "`records` has 'party'"),
        (LOG, ", options: [到校, 線上]", "", "`options` go with `is: ticks`"),
        (LOG, "short: 社群紀錄", "short: 社群紀錄社群紀錄社群紀錄社群", "`short` is long"),
        (LOG, "    records: [community_meeting]\n", "", "a community has rows; expected records and rows"),
        (LOG, "signatures: [紀錄, 校長]", "stamp: 校長", "unknown field `stamp`"),
        (REPORT, "records: [deliverable], ", "", "`deliverable` without the kind"),
        (REPORT, "is: table", "is: write", "`columns` go with `is: table`"),
        (REPORT, "is: topic", "is: photos", "a column is photos"),
        (REPORT, "what: report", "what: community", "expected records and rows"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(text: str, old: str, new: str, said: str) -> None:
    assert old in text
    assert said in refusal(text.replace(old, new))


def test_two_forms_of_one_kind_are_refused() -> None:
    assert "`community` stands twice" in refusal(LOG + LOG.removeprefix("\nforms:\n"))


def test_every_programme_has_forms_and_a_report() -> None:
    assert available() == tuple(sorted((each.slug, each.edition) for each in load_base().programmes))
    for slug, edition in available():
        assert load_forms(slug, edition).form(What.REPORT) is not None


def test_an_edition_without_a_file_has_none() -> None:
    assert load_forms("distance-teaching", "99").forms == ()
