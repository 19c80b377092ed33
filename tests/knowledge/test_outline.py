"""knowledge.outline: which sections a source has, whatever its layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.loader import load_base
from knowledge.outline import Anchor, Layout, Outline, load_layout, load_outline
from knowledge.schema import KnowledgeError
from tests.knowledge.small_base import EDITION, write_base, write_source


def paths(text: str, *anchors: Anchor, opening: str = "標題") -> list[str]:
    return [section.path for section in Outline(text, Layout(opening, anchors)).sections()][1:]


def own(text: str, path: str, *anchors: Anchor) -> str:
    section = Outline(text, Layout("標題", anchors)).find(path)
    assert section is not None
    return " ".join(section.own)


def test_labels_nest_by_their_kind() -> None:
    text = "壹、目的\n一、甲\n(一) 乙\n1. 丙\n(1) 丁\n甲、戊\n2. 己\n二、庚\n貳、辛\n"
    deep = ["壹/一/(一)/1", "壹/一/(一)/1/(1)", "壹/一/(一)/1/(1)/甲", "壹/一/(一)/2"]
    assert paths(text) == ["壹", "壹/一", "壹/一/(一)", *deep, "壹/二", "貳"]


def test_marks_of_a_layout_are_no_part_of_a_label() -> None:
    text = "## 壹、目的\n- 一、甲\n  - （一）乙\n•**二、**丙\n拾壹、丁\n"
    assert paths(text) == ["壹", "壹/一", "壹/一/(一)", "壹/二", "拾壹"]


def test_a_document_may_begin_with_the_second_kind() -> None:
    assert paths("一、依據\n(一) 甲\n二、緣起\n") == ["一", "一/(一)", "二"]


def test_what_stands_before_the_first_label_is_the_title() -> None:
    outline = Outline("114學年度\n菜園\n一、甲\n", Layout())
    assert outline.opening == "114學年度\n菜園"


def test_text_belongs_to_the_label_above_it() -> None:
    assert own("壹、目的\n種菜。\n一、甲\n乙\n", "壹") == "目的 種菜。"


@pytest.mark.parametrize("line", ["1.5 公頃", "106 年", "12 月 31 日", "(五)下午", "一般"])
def test_a_line_that_only_looks_like_a_label(line: str) -> None:
    expected = ["壹", "壹/(五)"] if line.startswith("(五)") else ["壹"]
    assert paths(f"壹、甲\n{line}\n") == expected


def test_a_line_of_a_table_of_contents_is_no_section() -> None:
    assert paths("壹、甲 ..... 1\n貳、乙 .....\t2\n參、丙\n") == ["參"]


def test_a_heading_that_comes_again_goes_on_with_its_section() -> None:
    text = "壹、甲\n一、乙\n壹、甲(續)\n二、丙\n"
    assert paths(text) == ["壹", "壹/一", "壹/二"]


def test_cells_and_paragraphs_of_a_table_have_labels_too() -> None:
    text = "壹、甲\n(一) 乙\t<p>1、丙三所。</p><p>2、丁</p>\n(二) 戊\t<ol>1.己。2.庚</ol>\n"
    assert paths(text) == ["壹", "壹/(一)", "壹/(一)/1", "壹/(一)/2", "壹/(二)", "壹/(二)/1", "壹/(二)/2"]


def test_figures_of_neighbouring_cells_stay_apart() -> None:
    assert own("壹、甲\n114年12月\t2小時\n", "壹") == "甲 114年12月| 2小時|"


def test_an_anchor_opens_what_the_layout_hides() -> None:
    text = "壹、甲\n合作 同意書\n一校一張\n備註：\n一、乙\n"
    anchors = (Anchor("同意書", line="合作同意書"), Anchor("同意書/備註", begins="備註"))
    assert paths(text, *anchors) == ["壹", "同意書", "同意書/備註", "同意書/備註/一"]


def test_an_anchor_holds_only_within_its_section() -> None:
    text = "重點\n菜園\n壹、甲\n菜園\n"
    anchors = (
        Anchor("重點", line="重點"),
        Anchor("重點/菜園", line="菜園", within="重點"),
        Anchor("壹", line="壹、甲"),
    )
    assert paths(text, *anchors) == ["重點", "重點/菜園", "壹"]


def test_an_anchor_can_close_all_sections() -> None:
    text = "附件\n目錄\n壹、甲\n"
    assert paths(text, Anchor("附件", line="附件"), Anchor("/", line="目錄")) == ["附件", "壹"]


def test_an_anchor_can_say_that_a_line_is_no_heading() -> None:
    text = "壹、甲\n貳、乙（參考\n壹、甲/三）\n一、丙\n"
    assert paths(text, Anchor(".", begins="壹、甲/三")) == ["壹", "貳", "貳/一"]


def test_a_citation_vouches_for_all_within_and_the_introductions_around() -> None:
    text = "壹、甲\n一、乙\n(一) 丙\n(二) 丁\n二、戊\n"
    outline = Outline(text, Layout())
    assert (outline.context("壹/一") or "").split() == ["甲", "乙", "丙", "丁"]
    assert (outline.context("壹/一/(二)") or "").split() == ["甲", "乙", "丁"]
    assert outline.context("壹/三") is None


@pytest.mark.parametrize("path", ["", "貳", "壹/", "壹//一", "/壹"])
def test_a_citation_of_nothing_finds_nothing(path: str) -> None:
    assert Outline("壹、甲\n", Layout()).find(path) is None


def test_the_layout_of_a_source_lies_beside_its_rules(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb")
    (root / EDITION / "outline.yaml").write_text("opening: 封面\nanchors:\n  - {line: 種菜。, at: 附件}\n", "utf-8")
    outline = load_outline(load_base(root).programmes[0], write_source(tmp_path / "sources"), root)
    assert outline.opening == "114學年度校園菜園計畫"
    assert outline.find("附件/貳/一")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("anchors:\n  - {at: 附件}\n", "outline.yaml:2: an anchor has either `line` or `begins`"),
        ("anchors:\n  - {at: 附件, line: 甲, begins: 乙}\n", "outline.yaml:2: an anchor has either"),
        ("anchors:\n  - {line: 甲}\n", "outline.yaml:2: no `at`"),
        ("anchor: []\n", "outline.yaml:1: unknown field `anchor`"),
    ],
)
def test_a_layout_that_is_not_right_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "outline.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_layout(path)
    assert problem in str(caught.value)
