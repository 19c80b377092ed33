"""`xueban knowledge stale`: what is due to be held against its source again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from knowledge.loader import load_base
from tests.bot.shell import run

BASE = load_base()
NEWEST = max(day for p in BASE.programmes for item in p.items if (day := p.verified(item)))
ITEMS = sum(len(programme.items) for programme in BASE.programmes)


@pytest.fixture(autouse=True)
def much_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred days after the last verification."""
    monkeypatch.setenv("XUEBAN_NOW", f"{NEWEST + timedelta(days=100)}T10:00")


def test_each_is_a_line_with_its_place_its_owner_and_its_age() -> None:
    code, out, _ = run("knowledge", "stale", "--days", "99")
    *lines, last = out.splitlines()
    assert (code, len(lines), last) == (0, ITEMS, f"該重新核對的：{ITEMS} 條。")
    assert all(".yaml:" in line and "知識維護" in line and "天前）" in line for line in lines)


def test_as_json_a_program_reads_it() -> None:
    code, out, _ = run("knowledge", "stale", "--days", "99", "--json")
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, len(found)) == (0, ITEMS)
    assert {"ref", "title", "owner", "verified_on", "age", "lapsed_on", "file", "line"} == set(found[0])
    assert found[0]["age"] >= 100


def test_what_is_fresh_enough_is_not_listed() -> None:
    assert run("knowledge", "stale", "--days", "9999")[1] == "沒有該重新核對的條目。\n"
