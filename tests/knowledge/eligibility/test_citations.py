"""knowledge.eligibility.citations: a checklist is held against the sections that it cites."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.eligibility.citations import against_source, lint_checklists, uncited_labels
from knowledge.loader import load_base
from knowledge.outline import load_outline
from knowledge.schema import KnowledgeError
from tests.knowledge.eligibility.toy import toy
from tests.knowledge.small_base import EDITION, write_base, write_source

SHARED = Path(os.environ.get("XUEBAN_SHARED", ""))
FILE = "toy/1/checklist.yaml"

SOURCE = """\
114學年度校園菜園計畫
壹、目的
種菜。
貳、補助
一、每校補助三十萬元為上限，其餘減半。
二、自即日起至5月5日止。
三、每校學生應達十二人，種菜累計7.5小時，至多二至四日。
"""
CHECKLIST = """\
questions:
  - {key: students, title: 人數, ask: 幾位？, type: number, min: 0, max: 99, unit: 人, why: 要 12 人。, unsure: 填 0。}
  - {key: spent, title: 時數, ask: 幾小時？, type: hours, min: 0, max: 99, why: 有門檻。, unsure: 加起來。}
  - {key: visits, title: 次數, ask: 幾次？, type: number, min: 0, max: 99, unit: 次, why: 有上限。, unsure: 數一數。}
  - {key: sent_on, title: 送件日, ask: 何時？, type: date, why: 有期限。, unsure: 看郵戳。}
  - {key: half, title: 減半, ask: 減半嗎？, type: yesno, why: 金額不同。, unsure: 問主計。}
amounts:
  - {key: ceiling, title: 上限, unit: 元, is: 150000 if half else 300000, cite: [貳/一], explain: "上限 30 萬元。"}
  - {key: twice, title: 合計, unit: 元, is: 2 * ceiling, cite: [貳/三], explain: "兩倍的 {ceiling} 元。"}
rules:
  - {key: enough, title: 人數, needs: students >= 12, cite: [貳/三], fail: "要 12 人，您填 {students}。", pass: 夠了。}
  - {key: long, title: 時數, needs: spent >= hours('7.5'), cite: [貳/三], fail: 不夠。, pass: 夠了。}
  - {key: few, title: 次數, needs: visits <= 4, cite: [貳/三], fail: 至多 4 日。, pass: 可以。}
  - {key: timely, title: 期限, needs: sent_on <= date('2025-05-05'), cite: [貳/二], fail: 太晚。, pass: 來得及。}
priorities:
  - {key: keen, title: 優先, when: students >= 12, cite: [貳/三], text: 12 人以上優先。}
examples:
  - name: 好
    facts: {students: 12, spent: 7.5, visits: 4, sent_on: 2025-05-05, half: false}
    verdict: eligible
"""


def problems(tmp_path: Path, old: str = "", new: str = "") -> list[str]:
    assert old in CHECKLIST
    root = write_base(tmp_path / "kb")
    sources = write_source(tmp_path / "sources", SOURCE)
    programme = load_base(root).programmes[0]
    checklist = toy(CHECKLIST.replace(old, new, 1) if old else CHECKLIST)
    return sorted(map(str, against_source(checklist, programme, load_outline(programme, sources, root))))


def line_of(key: str) -> int:
    return next(n for n, line in enumerate(CHECKLIST.splitlines(), 1) if f"key: {key}," in line)


def test_a_checklist_that_its_source_bears_out_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "old", "new", "message"),
    [
        ("long", "('7.5'), cite: [貳/三]", "('7.5'), cite: [貳/九]", "the source has no section '貳/九'"),
        ("keen", "cite: [貳/三], text", "cite: [參], text", "the source has no section '參'"),
        ("ceiling", "cite: [貳/一], explain", "cite: [貳/八], explain", "the source has no section '貳/八'"),
        ("enough", '"要 12 人', '"要 13 人', "'13人' stands nowhere in 貳/三"),
        ("enough", "needs: students >= 12", "needs: students >= 13", "'13人' stands nowhere in 貳/三"),
        ("long", "hours('7.5')", "hours(8)", "'8小時' stands nowhere in 貳/三"),
        ("few", "visits <= 4", "visits <= 5", "'5次' stands nowhere in 貳/三"),
        ("timely", "date('2025-05-05')", "date('2025-05-06')", "'2025年5月6日' stands nowhere in 貳/二"),
        ("ceiling", "else 300000", "else 310000", "310,000 stands nowhere in 貳/一"),
        ("ceiling", "is: 150000", "is: 140000", "140,000 stands nowhere in 貳/一"),
        ("ceiling", "上限 30 萬元。", "上限 31 萬元。", "'31萬元' stands nowhere in 貳/一"),
        ("keen", "text: 12 人", "text: 11 人", "'11人' stands nowhere in 貳/三"),
        ("keen", "when: students >= 12", "when: students >= 11", "'11人' stands nowhere in 貳/三"),
        ("students", "why: 要 12 人", "why: 要 13 人", "'13人' stands nowhere in the source"),
    ],
)
def test_a_wrong_label_or_figure_is_told_where_it_stands(
    tmp_path: Path, key: str, old: str, new: str, message: str
) -> None:
    [problem] = problems(tmp_path, old, new)
    assert problem.startswith(f"{FILE}:{line_of(key)}: {key}: {message}")


def test_a_figure_is_wrong_where_another_section_is_cited(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "hours('7.5'), cite: [貳/三]", "hours('7.5'), cite: [貳/二]")
    assert problem.startswith(f"{FILE}:{line_of('long')}: long: '7.5小時' stands nowhere in 貳/二")


def test_without_a_source_a_label_must_be_one_of_the_editions_entries(tmp_path: Path) -> None:
    programme = load_base(write_base(tmp_path / "kb")).programmes[0]
    told = [str(problem) for problem in uncited_labels(toy(CHECKLIST), programme)]
    assert len(told) == CHECKLIST.count("cite: [貳/三]")
    assert told[0].startswith(f"{FILE}:{line_of('twice')}: twice: no entry of school-garden/114 cites '貳/三'")


def test_the_checklists_of_a_base_are_found_and_held_against_their_sources(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb")
    sources = write_source(tmp_path / "sources", SOURCE)
    path = root / EDITION / "checklist.yaml"
    path.write_text(CHECKLIST, "utf-8")
    assert lint_checklists(load_base(root), sources, root) == []
    path.write_text(CHECKLIST.replace("is: 150000", "is: 140000"), "utf-8")
    [problem] = lint_checklists(load_base(root), sources, root)
    assert str(problem).startswith(f"knowledge/{EDITION}/checklist.yaml:{line_of('ceiling')}: ceiling: 140,000")


def test_a_checklist_without_its_programme_is_told(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb")
    (root / EDITION / "checklist.yaml").write_text(CHECKLIST, "utf-8")
    base = load_base(root)
    [problem] = lint_checklists(replace(base, programmes=()), None, root)
    assert str(problem).endswith("the base has no programme school-garden/114")


def test_a_checklist_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb")
    (root / EDITION / "checklist.yaml").write_text("questions: 1\n", "utf-8")
    with pytest.raises(KnowledgeError):
        lint_checklists(load_base(root), None, root)


def test_every_label_of_our_checklists_is_one_of_their_rules() -> None:
    assert list(map(str, lint_checklists(load_base()))) == []


@pytest.mark.skipif(
    "XUEBAN_SHARED" not in os.environ or not (SHARED / "sources").is_dir(),
    reason="XUEBAN_SHARED names no folder with the source texts",
)
def test_every_figure_of_our_checklists_stands_in_a_cited_section() -> None:
    assert list(map(str, lint_checklists(load_base(), SHARED / "sources"))) == []
