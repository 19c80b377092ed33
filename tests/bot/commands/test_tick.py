"""`xueban tick`: one pass for whoever prefers cron."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.tick import Done, in_words
from bot.store import curation, migrate
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.tables import outbox
from knowledge.loader import load_base
from knowledge.patching import Kind, Verdict
from tests.bot.shell import run
from tests.bot.store.asking import asked, conversation
from tests.bot.store.school_house import NOW, SLUG
from tests.scheduler.reminding import Town


async def settle(url: str) -> None:
    """A school with a coordinator who uses the web page."""
    town = Town(Database(url))
    await migrate.to_head(town.database)
    await town.person("ann", await town.school())
    await town.database.close()


async def keys(url: str) -> list[str]:
    """What is in the outbox."""
    database = Database(url)
    async with database.read() as tx:
        found = list((await tx.execute(select(outbox.c.dedupe_key))).scalars())
    await database.close()
    return found


def test_two_passes_make_one_digest_and_each_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    asyncio.run(settle(url))
    said = []
    for _ in range(2):
        code, out, _ = run("tick", "--now", "2026-07-24T09:00")
        assert code == 0
        said.append(out.strip().splitlines()[-1])
    assert said == ["做好 1 份提醒，其中 1 份放在網頁上，對方打開就看得到。", "現在沒有要送的訊息。"]
    assert asyncio.run(keys(url)) == ["digest:ann:2026-07-24"]


@pytest.mark.parametrize(
    ("done", "lines"),
    [
        (Done(0, 0, 0, 0), ["現在沒有要送的訊息。"]),
        (Done(3, 1, 2, 2), ["做好 3 份提醒，其中 1 份放在網頁上，對方打開就看得到。", "送出 2 則。"]),
        (Done(0, 0, 0, 2), ["有 2 次沒有送成，之後再試；原因寫在紀錄裡，也可以執行 xueban doctor。"]),
    ],
)
def test_what_was_made_sent_and_tried_in_vain_is_told_apart(done: Done, lines: list[str]) -> None:
    assert in_words(done) == lines


async def decide(url: str) -> None:
    """A question that was asked in vain, decided about, and answered by the base as it is."""
    database = Database(url)
    await migrate.to_head(database)
    programme = load_base().programme(SLUG)
    text = f"{programme.short_name}{programme.entries[0].aliases[0]}"
    verdict = Verdict(Kind.ALIAS, SLUG, programme.ref(programme.entries[0]))
    async with database.write() as tx:
        await conversation(tx, "web:ann")
        await asked(tx, "web:ann", text)
        keys = [each.key for each in await curation.wordings(tx, unlimited())]
        assert await curation.decide(tx, unlimited(), keys, verdict, NOW)
    await database.close()


def test_a_pass_tells_whose_question_is_answered_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    asyncio.run(decide(url))
    assert run("tick", "--now", "2025-11-21T22:00")[0] == 0
    assert asyncio.run(keys(url)) == []
    for _ in range(2):
        assert run("tick", "--now", "2025-11-22T09:00")[0] == 0
    assert [key.split(":")[0] for key in asyncio.run(keys(url))] == ["answered"]
