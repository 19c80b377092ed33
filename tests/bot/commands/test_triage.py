"""`xueban knowledge triage`: proposals of what is open, and a patch of what was decided."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import yaml

from bot.store import curation, migrate
from bot.store.access import unlimited
from bot.store.database import Database
from knowledge.loader import load_base
from knowledge.patching import Kind, Verdict
from tests.bot.shell import run
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW, SLUG

ENTRY = load_base().programme(SLUG).entries[0]
REF = load_base().programme(SLUG).ref(ENTRY)


async def settle(url: str) -> None:
    """Three questions: one open, one rejected, one decided to be an alias."""
    database = Database(url)
    await migrate.to_head(database)
    async with database.write() as tx:
        for text in ("宇宙的終極答案", "明天會下雨嗎", "跨校遠距的火星基地"):
            await asked(tx, "web:a", text)
        for text, verdict in (
            ("明天會下雨嗎", Verdict(Kind.REJECT)),
            ("跨校遠距的火星基地", Verdict(Kind.ALIAS, SLUG, REF)),
        ):
            keys = [each.key for each in await curation.wordings(tx, unlimited()) if each.text == text]
            assert await curation.decide(tx, unlimited(), keys, verdict, NOW)
    await database.close()


@pytest.fixture
def asked_and_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    asyncio.run(settle(url))


@pytest.mark.usefixtures("asked_and_decided")
def test_what_was_decided_is_not_proposed() -> None:
    code, out, _ = run("knowledge", "triage")
    assert code == 0
    assert "宇宙的終極答案" in out
    assert "下雨" not in out
    assert "火星" not in out


@pytest.mark.usefixtures("asked_and_decided")
def test_what_was_decided_is_printed_as_a_patch() -> None:
    code, out, _ = run("knowledge", "triage", "--decided")
    assert code == 0
    assert yaml.safe_load(out)["add_aliases"] == {ENTRY.file: {ENTRY.key: ["跨校遠距的火星基地"]}}
    assert "下雨" not in out


@pytest.mark.usefixtures("asked_and_decided")
def test_only_what_was_decided_since() -> None:
    assert "火星" in run("knowledge", "triage", "--decided", "--since", "2025-11-20")[1]
    assert "火星" not in run("knowledge", "triage", "--since", "2025-11-21")[1]


@pytest.mark.usefixtures("asked_and_decided")
def test_a_day_that_is_none_is_one_sentence() -> None:
    code, out, err = run("knowledge", "triage", "--since", "昨天")
    assert (code, out) == (2, "")
    assert err.strip().startswith("--since 昨天：")
