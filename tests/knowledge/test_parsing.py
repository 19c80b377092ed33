"""knowledge.parsing: what is refused, each with its file, its line and what was expected instead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.loader import load_base
from knowledge.schema import Entry, Gap, KnowledgeError
from tests.knowledge.small_base import EDITION, GAPS, OTHERS, PROGRAMME, RULES, write_base

HEAD = f"kb/{EDITION}/programme.yaml"
MONEY = f"kb/{EDITION}/rules/money.yaml"
TOOLS = f"kb/{EDITION}/gaps/tools.yaml"


def problems_of(root: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_base(root)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("    topic: [補助]\n", "    topc: [補助]\n", 6, "unknown field `topc`"),
        ("    cite: [貳/一]\n", "", 2, "no `cite`"),
        ("    topic: [補助]\n", "    topic: []\n", 6, "`topic` is an empty list"),
        ("    topic: [補助]\n", "    topic: 補助\n", 6, "`topic` is text; expected a list"),
        (
            "      - 補助上限\n",
            "      - 114\n",
            8,
            "`aliases` is a number; expected text; put quotes around it",
        ),
        ("      - 補助上限\n", "      - 2025-05-05\n", 8, "`aliases` is a date; expected text"),
        ("      - 補助上限\n", "      - yes\n", 8, "`aliases` is yes or no; expected text"),
        ("      - 補助上限\n", "      -\n", 8, "`aliases` is nothing; expected text"),
        ("      - 補助上限\n", "      - ' '\n", 8, "`aliases` is empty; expected text"),
        ("      - 補助上限\n", "      - {a: b}\n", 8, "`aliases` is a mapping; expected text"),
        ("    answer: 每校", "    title: 又一個\n    answer: 每校", 4, "`title` stands twice"),
        ("key: ceiling", "key: Ceiling_1", 2, "`key` is 'Ceiling_1'; expected a-z, 0-9"),
        ("key: ceiling", "key: apply-by", 10, f"`key` 'apply-by' stands at {MONEY}:2 too"),
        ("key: ceiling", f"key: {'k' * 45}", 2, "has 65 bytes; expected at most 64"),
        ("每校最多 30 萬元。", "很" * 401, 4, "`answer` has 401 characters; expected at most 400"),
        ("最多補助多少？", "多" * 41, 3, "`title` has 41 characters; expected at most 40"),
        ("  - key: ceiling", "  - 補助\n  - key: ceiling", 2, "text; expected the fields key, title"),
        ("    answer: 每校最多", "   answer: 每校最多", 4, "not YAML"),
        ("entries:", "rules:", 1, "unknown field `rules`; known are entries"),
    ],
)
def test_a_rule_that_is_not_right_is_refused(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in RULES
    problems = problems_of(write_base(tmp_path / "kb", rules=RULES.replace(old, new, 1)))
    assert any(problem.startswith(f"{MONEY}:{line}: ") and message in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            'edition: "114"',
            "edition: 114",
            2,
            "`edition` is a number; expected text; put quotes around it: '114'",
        ),
        ('edition: "114"', 'edition: "113"', 2, "`edition` is '113'; expected '114', the folder's name"),
        ("slug: school-garden", "slug: garden", 1, "`slug` is 'garden'; expected 'school-garden'"),
        ("2025-08-01", "2025-02-30", 11, "`valid_from` is '2025-02-30'; expected a day that exists"),
        ("2025-08-01", "[1]", 11, "`valid_from` is a list; expected a day"),
        ("2025-08-01", "114", 11, "`valid_from` is a number; expected a day"),
        ("2026-07-31", "2025-07-31", 12, "`valid_until` lies before `valid_from`"),
        ("short_name: 校園菜園", f"short_name: {'菜' * 21}", 4, "`short_name` is long; expected at most 20"),
        ("office: 菜園辦公室\n", "", 1, "no `office`"),
    ],
)
def test_a_programme_that_is_not_right_is_refused(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in PROGRAMME
    problems = problems_of(write_base(tmp_path / "kb", programme=PROGRAMME.replace(old, new, 1)))
    assert any(problem.startswith(f"{HEAD}:{line}: ") and message in problem for problem in problems), problems


def test_a_rule_and_a_gap_may_not_share_a_key(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", gaps=GAPS.replace("gap-tools", "ceiling"))
    assert problems_of(root) == [f"{TOOLS}:2: `key` 'ceiling' stands at {MONEY}:2 too; expected one of its own"]


def test_a_gap_that_cites_must_cite_something(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", gaps=GAPS.replace("    topic", "    cite: []\n    topic"))
    assert problems_of(root) == [f"{TOOLS}:5: `cite` is an empty list; expected at least one item"]


def test_an_edition_needs_its_head(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb")
    (root / EDITION / "programme.yaml").unlink()
    assert problems_of(root) == [f"{HEAD}:1: no such file; every edition needs its programme.yaml"]


def test_other_programmes_are_checked_too(tmp_path: Path) -> None:
    root = write_base(tmp_path / "kb", others=OTHERS.replace("office", "offices"))
    assert problems_of(root)[0].startswith("kb/other_programmes.yaml:2: unknown field `offices`")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", f"{MONEY}:1: the file is empty; expected entries"),
        (b"entries:\n  - \xa4\xa4\n", f"{MONEY}:2: bytes that are not UTF-8; save it as UTF-8"),
        (b"- a\n", f"{MONEY}:1: a list; expected the fields entries"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, problem: str) -> None:
    root = write_base(tmp_path / "kb")
    (root / EDITION / "rules/money.yaml").write_bytes(content)
    assert problems_of(root) == [problem]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    root = write_base(
        tmp_path / "kb",
        programme=PROGRAMME.replace("2026-07-31", "2026-07-32"),
        rules=RULES.replace("key: ceiling", "key: Ceiling").replace("    topic: [期限]\n", ""),
        gaps=GAPS.replace("[廠牌]", "廠牌"),
        others="programmes: 3\n",
    )
    told = problems_of(root)
    assert [line.split(": ")[0] for line in told] == [
        "kb/other_programmes.yaml:1",
        f"{TOOLS}:5",
        f"{HEAD}:12",
        f"{MONEY}:2",
        f"{MONEY}:10",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("verify_every: soon", "`verify_every` is text; expected a number of days from 1 to 9999"),
        ("verify_every: 0", "`verify_every` is a number; expected a number of days from 1 to 9999"),
        ("verify_every: 1_0", "`verify_every` is a number; expected a number of days from 1 to 9999"),
        ("verify_every: [1]", "`verify_every` is a list; expected a number of days"),
    ],
)
def test_days_are_a_plain_number(tmp_path: Path, line: str, message: str) -> None:
    [problem] = problems_of(write_base(tmp_path / "kb", programme=f"{PROGRAMME}{line}\n"))
    assert problem.startswith(f"{HEAD}:{len(PROGRAMME.splitlines()) + 1}: {message}")


def test_an_entry_and_a_gap_may_name_owner_and_days_of_their_own(tmp_path: Path) -> None:
    own = "    owner: 會計\n    verified_on: 2025-08-31\n    valid_until: 2026-01-31\n    aliases:"
    texts = {"rules": RULES.replace("    aliases:", own, 1), "gaps": GAPS.replace("    aliases:", own)}
    [held] = load_base(write_base(tmp_path / "kb", programme=f"{PROGRAMME}verify_every: 90\n", **texts)).programmes
    first, second = held.entries
    of_their_own: tuple[Entry | Gap, ...] = (first, *held.gaps)
    for item in of_their_own:
        assert (held.owner_of(item), held.verified(item)) == ("會計", date(2025, 8, 31))
        assert item.valid_until == date(2026, 1, 31)
    assert (held.owner_of(second), held.verified(second)) == ("知識維護", date(2025, 9, 1))
    assert (second.valid_until, held.verify_every) == (None, 90)
