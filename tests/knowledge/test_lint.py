"""knowledge.lint: what can't be right, told with its file and line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.lint import lint
from knowledge.loader import load_base
from knowledge.schema import Base
from tests.knowledge.small_base import EDITION, GAPS, OTHERS, PROGRAMME, RULES, SOURCE, write_base, write_source

MONEY = f"kb/{EDITION}/rules/money.yaml"
TOOLS = f"kb/{EDITION}/gaps/tools.yaml"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_source(tmp_path / "sources")


def problems_of(root: Path, sources: Path | None = None) -> list[str]:
    return list(map(str, lint(load_base(root), sources, root)))


def test_a_base_that_is_right_has_no_problems(tmp_path: Path, sources: Path) -> None:
    assert problems_of(write_base(tmp_path / "kb"), sources) == []


@pytest.mark.parametrize(
    ("alias", "same_as"),
    [
        ("截止日", "截止日"),
        ("「截止日」！", "截止日"),
        ("什麼時候截止", "什麼時候截止？"),
        ("ＤＥＡＤＬＩＮＥ", "deadline"),
    ],
)
def test_a_wording_may_stand_in_one_entry_only(tmp_path: Path, alias: str, same_as: str) -> None:
    root = write_base(tmp_path / "kb", rules=RULES.replace("補助上限", alias))
    [problem] = problems_of(root)
    assert problem.startswith(f"{MONEY}:10: apply-by: {same_as!r} is the same as {alias!r} of ceiling ({MONEY}:2)")


def test_a_gap_may_not_take_an_entrys_wording(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", gaps=GAPS.replace("鋤頭廠牌", "補助上限"))
    [problem] = problems_of(root)
    assert problem.startswith(f"{TOOLS}:2: gap-tools: '補助上限' is the same as '補助上限' of ceiling")


def test_a_wording_may_come_again_in_its_own_entry(tmp_path: Path) -> None:
    assert problems_of(write_base(tmp_path / "kb", rules=RULES.replace("補助上限", "最多補助多少"))) == []


def test_a_wording_without_words_is_told(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", rules=RULES.replace("- 補助上限", "- '？！'"))
    assert problems_of(root) == [f"{MONEY}:2: ceiling: '？！' has no character that is compared; expected words"]


def test_an_entry_without_citation_is_told(tmp_path: Path) -> None:
    base = load_base(write_base(tmp_path / "kb"))
    programme = base.programmes[0]
    bare = replace(programme, entries=(replace(programme.entries[0], cite=()),))
    [problem] = lint(replace(base, programmes=(bare,)))
    assert str(problem).startswith(f"{MONEY}:2: ceiling: no citation")


def test_a_name_belongs_to_one_programme(tmp_path: Path) -> None:
    base = load_base(write_base(tmp_path / "kb"))
    first = base.programmes[0]
    second = replace(first, slug="rooftop-garden")
    [problem] = [p for p in lint(replace(base, programmes=(first, second))) if "'菜園'" in p.message]
    assert problem.message == "the name '菜園' belongs to school-garden too; expected one owner"


def test_editions_of_a_programme_share_their_names(tmp_path: Path) -> None:
    base = load_base(write_base(tmp_path / "kb"))
    first = base.programmes[0]
    assert lint(replace(base, programmes=(first, replace(first, edition="115")))) == []


def test_a_programme_that_is_not_held_may_not_take_a_name_of_ours(tmp_path: Path) -> None:
    [problem] = problems_of(write_base(tmp_path / "kb", others=OTHERS.replace("食農計畫", "菜園")))
    assert problem.endswith("the name '菜園' belongs to school-garden too; expected one owner")


@pytest.mark.parametrize(
    ("weekday", "right"),
    [("星期一", None), ("一", None), ("星期二", "星期一"), ("週日", "星期一"), ("三", "星期一")],
)
def test_a_weekday_is_checked_by_the_calendar(tmp_path: Path, weekday: str, right: str | None) -> None:
    told = problems_of(write_base(tmp_path / "kb", rules=RULES.replace("星期一", weekday)))
    assert told == ([f"{MONEY}:10: apply-by: 114年5月5日 is not 星期{weekday[-1]}; expected {right}"] if right else [])


def test_a_day_that_does_not_exist_is_told_without_a_source(tmp_path: Path) -> None:
    [problem] = problems_of(write_base(tmp_path / "kb", rules=RULES.replace("5月5日", "2月30日")))
    assert problem.endswith("114年2月30日 is not 星期一; expected no such day")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("30 萬元", "35 萬元", 2, "ceiling: '35萬元' stands nowhere in 貳/一"),
        ("30 萬元", "30 萬元，經常門 50%", 2, "ceiling: '50%' stands nowhere in 貳/一"),
        ("114年5月5日（星期一）", "114年5月6日", 10, "apply-by: '114年5月6日' stands nowhere in 貳/二"),
        ("114年5月5日（星期一）", "115年5月5日", 10, "apply-by: '115年5月5日' stands nowhere in 貳/二"),
        ("cite: [貳/一]", "cite: [貳/二]", 2, "ceiling: '30萬元' stands nowhere in 貳/二"),
        ("cite: [貳/一]", "cite: [貳/三]", 2, "ceiling: the source has no section '貳/三'"),
    ],
)
def test_an_answer_is_held_against_what_it_cites(
    tmp_path: Path, sources: Path, old: str, new: str, line: int, message: str
) -> None:
    [problem] = problems_of(write_base(tmp_path / "kb", rules=RULES.replace(old, new)), sources)
    assert problem.startswith(f"{MONEY}:{line}: {message}")


@pytest.mark.parametrize("cite", ["貳", "貳/一, 貳/二"])
def test_a_figure_may_stand_in_any_cited_section_or_within_it(tmp_path: Path, sources: Path, cite: str) -> None:
    rules = RULES.replace("每校最多 30 萬元。", "每校最多 30 萬元，5月5日截止，共 2 項。").replace(
        "[貳/一]", f"[{cite}]"
    )
    assert problems_of(write_base(tmp_path / "kb", rules=rules), sources) == []


def test_a_count_that_is_not_the_length_of_the_list_is_told(tmp_path: Path, sources: Path) -> None:
    rules = RULES.replace("每校最多 30 萬元。", "共 3 項。").replace("[貳/一]", "[貳]")
    [problem] = problems_of(write_base(tmp_path / "kb", rules=rules), sources)
    assert "'3' stands nowhere in 貳" in problem


def test_a_gap_without_citation_is_held_against_the_whole_source(tmp_path: Path, sources: Path) -> None:
    stated = GAPS.replace("廠牌，請", "廠牌，只寫每校 30 萬元，請")
    assert problems_of(write_base(tmp_path / "kb", gaps=stated), sources) == []
    made_up = GAPS.replace("廠牌，請", "廠牌，只寫每支 300 元，請")
    [problem] = problems_of(write_base(tmp_path / "kb2", gaps=made_up), sources)
    assert problem.endswith("gap-tools: '300元' stands nowhere in the source; expected a figure of the cited sections")


def test_a_source_that_is_missing_is_not_passed_over(tmp_path: Path) -> None:
    base: Base = load_base(write_base(tmp_path / "kb"))
    with pytest.raises(FileNotFoundError, match=r"school-garden\.txt"):
        lint(base, tmp_path)


def test_the_source_of_the_small_base_is_the_one_that_is_meant() -> None:
    assert "三十萬元" in SOURCE


HEAD = f"kb/{EDITION}/programme.yaml"
TODAY = date(2025, 9, 1)


def dated(root: Path, old: str = "", new: str = "", *, programme: str = PROGRAMME) -> list[str]:
    """Problems of the small base on the day of its verification, with something else in its rules."""
    base = load_base(write_base(root / "kb", programme=programme, rules=RULES.replace(old, new, 1) if old else RULES))
    return list(map(str, lint(base, today=TODAY)))


@pytest.mark.parametrize("name", ["owner: 知識維護", "verified_on: 2025-09-01"])
def test_everything_has_an_owner_and_was_verified_one_day(tmp_path: Path, name: str) -> None:
    [problem] = dated(tmp_path, programme=PROGRAMME.replace(f"{name}\n", ""))
    assert problem.startswith(f"{HEAD}:1: no `{name.split(':')[0]}`, and ceiling has none of its own")


def test_an_entry_may_have_what_its_programme_lacks(tmp_path: Path) -> None:
    own = "    owner: 會計\n    verified_on: 2025-08-31\n"
    root = write_base(
        tmp_path / "kb",
        programme=PROGRAMME.replace("owner: 知識維護\nverified_on: 2025-09-01\n", ""),
        rules=RULES.replace("    aliases:", f"{own}    aliases:"),
        gaps=GAPS.replace("    aliases:", f"{own}    aliases:"),
    )
    assert list(map(str, lint(load_base(root), today=TODAY))) == []


def test_nothing_was_verified_tomorrow(tmp_path: Path) -> None:
    assert dated(tmp_path) == []
    ahead = PROGRAMME.replace("2025-09-01", "2025-09-02")
    assert dated(tmp_path, programme=ahead) == [
        f"{HEAD}:1: `verified_on` is 2025-09-02, after 2025-09-01; expected a day that was"
    ]
    [problem] = dated(tmp_path, "    topic", "    verified_on: 2025-09-02\n    topic")
    assert problem.startswith(f"{MONEY}:2: ceiling: `verified_on` is 2025-09-02")


def test_without_a_day_given_none_lies_ahead(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", programme=PROGRAMME.replace("2025-09-01", "2999-01-01"))
    assert problems_of(root) == []


def test_an_entry_cant_have_ended_before_its_edition_began(tmp_path: Path) -> None:
    assert dated(tmp_path, "    topic", "    valid_until: 2025-08-01\n    topic") == []
    [problem] = dated(tmp_path, "    topic", "    valid_until: 2025-07-31\n    topic")
    assert problem.startswith(f"{MONEY}:2: ceiling: `valid_until` is 2025-07-31, before the edition")
