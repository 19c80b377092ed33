"""`xueban move-deadline`: what it would do is said first, and nothing is done without a yes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.clock import parse_local
from bot.store import deadline_moves, migrate
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.deadline_moves import Move
from tests.bot.shell import refused, run
from tests.scheduler.reminding import Town

SLUG = "distance-teaching"
ASKED = ("move-deadline", SLUG, "settlement", "2026-10-15", "--reason", "颱風")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A school whose coordinator was told that the settlement is due, a month ago."""
    found = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.setenv("DATABASE_URL", found)
    monkeypatch.setenv("XUEBAN_NOW", "2026-09-01T10:00")
    asyncio.run(settle(found))
    return found


async def settle(url: str) -> None:
    town = Town(Database(url))
    await migrate.to_head(town.database)
    await town.person("ann", await town.school(SLUG))
    await town.planner(town.database, parse_local("2026-08-31T09:00"))
    await town.database.close()


def moves(url: str) -> list[Move]:
    async def look() -> list[Move]:
        database = Database(url)
        async with database.read() as tx:
            found = await deadline_moves.history(tx, unlimited(), SLUG, "114")
        await database.close()
        return found

    return asyncio.run(look())


def test_it_says_what_it_would_do_and_does_it_after_a_yes(url: str) -> None:
    code, said, _ = run(*ASKED, given="y\n")
    assert code == 0
    for line in (
        "經費結報：115/9/30（三） → 115/10/15（四），原因：颱風",
        "還沒完成的學校：1 所（已完成 0 所，不通知）",
        "下一則彙整會通知改期：1 人次",
        "某某高中 老師ann",
        "115/10/8（四）09:00（T-7）1 人次",
        "改好了，這是第 1 次改期。",
    ):
        assert line in said
    assert [(each.key, each.revision, each.reason) for each in moves(url)] == [("settlement", 1, "颱風")]


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_without_a_yes_nothing_is_changed(url: str, answer: str) -> None:
    code, said, _ = run(*ASKED, given=answer)
    assert (code, said.strip().splitlines()[-1][-4:]) == (1, "沒有改。")
    assert moves(url) == []


def test_it_can_be_told_not_to_ask_and_be_taken_back(url: str) -> None:
    assert run(*ASKED, "--yes")[0] == 0
    code, said, _ = run("move-deadline", SLUG, "settlement", "document", "--reason", "沒來", "--yes")
    assert code == 0
    assert "115/10/15（四） → 115/9/30（三）" in said
    assert [(each.revision, each.due is None) for each in moves(url)] == [(2, True), (1, False)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such", "settlement", "2026-10-15"), "沒有「no-such」這個計畫的期限"),
        ((SLUG, "no_such", "2026-10-15"), "沒有「no_such」這個期限"),
        ((SLUG, "settlement", "2026-02-30"), "沒有「2026-02-30」這一天"),
        ((SLUG, "settlement", "2062-10-15"), "不像是這一期的日期"),
    ],
)
def test_what_can_not_be_meant_is_refused_in_one_sentence(url: str, words: tuple[str, ...], said: str) -> None:
    assert said in refused(run("move-deadline", *words, "--reason", "颱風", "--yes"))
    assert moves(url) == []
