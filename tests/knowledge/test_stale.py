"""knowledge.stale: what has to be held against its source again, and what has outlived itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge.loader import load_base
from knowledge.schema import Base
from knowledge.stale import stale
from tests.knowledge.small_base import PROGRAMME, RULES, write_base

VERIFIED = date(2025, 9, 1)


def base(root: Path, *, programme: str = PROGRAMME, first: str = "") -> Base:
    """The small base; `first` stands in the first rule."""
    rules = RULES.replace("    topic: [補助]\n", f"    topic: [補助]\n{first}")
    return load_base(write_base(root / "kb", programme=programme, rules=rules))


def refs(base: Base, today: date, days: int | None = None) -> list[str]:
    return [each.ref.rpartition("/")[2] for each in stale(base, today, days)]


def test_nothing_is_due_until_the_programmes_days_are_over(tmp_path: Path) -> None:
    held = base(tmp_path, programme=PROGRAMME + "verify_every: 30\n")
    assert refs(held, date(2025, 10, 1)) == []
    assert refs(held, date(2025, 10, 2)) == ["gap-tools", "ceiling", "apply-by"]


def test_without_any_said_a_verification_lasts_half_a_year(tmp_path: Path) -> None:
    held = base(tmp_path)
    assert refs(held, date(2026, 2, 28)) == []
    assert len(refs(held, date(2026, 3, 1))) == 3


def test_other_days_may_be_asked_for(tmp_path: Path) -> None:
    assert len(refs(base(tmp_path), date(2025, 9, 3), days=1)) == 3


def test_an_entry_verified_since_is_not_due_and_names_its_own_owner(tmp_path: Path) -> None:
    held = base(tmp_path, first="    verified_on: 2026-02-01\n    owner: 會計\n")
    assert refs(held, date(2026, 3, 2)) == ["gap-tools", "apply-by"]
    last = stale(held, date(2026, 12, 1))[-1]
    assert (last.owner, last.verified_on, last.age) == ("會計", date(2026, 2, 1), 303)


def test_what_nobody_verified_comes_first(tmp_path: Path) -> None:
    bare = PROGRAMME.replace("verified_on: 2025-09-01\n", "")
    held = base(tmp_path, programme=bare, first="    verified_on: 2025-01-01\n")
    found = stale(held, date(2025, 9, 2))
    assert [(each.ref.rpartition("/")[2], each.age) for each in found] == [
        ("gap-tools", None),
        ("apply-by", None),
        ("ceiling", 244),
    ]


def test_an_entry_that_holds_no_more_is_listed_however_lately_it_was_verified(tmp_path: Path) -> None:
    held = base(tmp_path, first="    valid_until: 2025-09-30\n")
    assert refs(held, date(2025, 9, 30)) == []
    [only] = stale(held, date(2025, 10, 1))
    assert (only.lapsed_on, only.file.rpartition("/")[2], only.line) == (date(2025, 9, 30), "money.yaml", 2)
