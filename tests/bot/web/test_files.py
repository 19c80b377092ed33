"""Links to files: made once, good for days, for whoever has the address and nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.applications import Starlette

from bot.clock import Clock, ShiftedClock, epoch_ms
from bot.store import file_links, people
from bot.store.database import Database, insert_or_ignore
from bot.store.file_links import FileLink
from bot.store.tables import conversations
from bot.store.tables import file_links as table
from bot.web.files import GONE, Files, Made
from bot.web.visitors import AWAY
from tests.handlers.stage import row_of


class Letters:
    """Makes a file of what the link stands for; nothing where that is empty."""

    async def __call__(self, connection: AsyncConnection, link: FileLink, clock: Clock) -> Made | None:
        """A text."""
        words = link.data["words"]
        return Made("給 校長/信.txt", "text/plain", words.encode()) if words else None


@pytest.fixture
async def browser(database: Database, clock: ShiftedClock) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Files(database, clock, {"letter": Letters()}).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as client:
        yield client


async def link(database: Database, clock: ShiftedClock, words: str = "您好", kind: str = "letter") -> str:
    """The address of a new link."""
    async with database.write() as tx:
        await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of("line:a"))
        person = await people.of_conversation(tx, "line:a", 1)
        return "/files/" + await file_links.make(tx, person, kind, {"words": words}, epoch_ms(clock.now()))


async def test_a_link_hands_its_file_out_as_often_as_wanted(
    database: Database, clock: ShiftedClock, browser: httpx.AsyncClient
) -> None:
    address = await link(database, clock)
    for _ in range(2):
        response = await browser.get(address)
        assert (response.status_code, response.text) == (200, "您好")
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('給 校長/信.txt', safe='')}"


async def test_nobody_between_keeps_or_guesses_a_file(
    database: Database, clock: ShiftedClock, browser: httpx.AsyncClient
) -> None:
    response = await browser.get(await link(database, clock))
    assert "no-store" in response.headers["cache-control"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] in ("no-referrer", "same-origin")


async def test_after_seven_days_it_is_over(database: Database, clock: ShiftedClock, browser: httpx.AsyncClient) -> None:
    address = await link(database, clock)
    clock.move_to(clock.now() + timedelta(days=7) - timedelta(seconds=1))
    assert (await browser.get(address)).status_code == 200
    clock.move_to(clock.now() + timedelta(seconds=1))
    response = await browser.get(address)
    assert (response.status_code, response.text) == (404, GONE)


@pytest.mark.parametrize("token", ["x", "%00", "..%2f..%2fetc", "a" * 3000, "😀"])
async def test_a_guessed_address_is_no_file(browser: httpx.AsyncClient, token: str) -> None:
    response = await browser.get(f"/files/{token}")
    assert response.status_code == 404


@pytest.mark.parametrize(("words", "kind"), [("", "letter"), ("您好", "unknown")])
async def test_what_is_gone_or_unknown_is_said(
    database: Database, clock: ShiftedClock, browser: httpx.AsyncClient, words: str, kind: str
) -> None:
    response = await browser.get(await link(database, clock, words, kind))
    assert (response.status_code, response.text) == (404, GONE)


async def test_the_address_itself_is_not_stored(database: Database, clock: ShiftedClock) -> None:
    token = (await link(database, clock)).removeprefix("/files/")
    async with database.read() as connection:
        rows = (await connection.execute(select(table))).all()
    assert len(rows) == 1
    assert token not in str(rows)


async def test_expired_links_are_forgotten(database: Database, clock: ShiftedClock) -> None:
    await link(database, clock)
    async with database.write() as tx:
        assert await file_links.forget(tx, epoch_ms(clock.now())) == 0
        assert await file_links.forget(tx, epoch_ms(clock.now() + timedelta(days=8))) == 1


async def test_while_the_database_is_away_that_is_said(database: Database, browser: httpx.AsyncClient) -> None:
    async with database.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE file_links RENAME TO away")
    response = await browser.get("/files/x")
    async with database.write() as tx:
        await tx.exec_driver_sql("ALTER TABLE away RENAME TO file_links")
    assert (response.status_code, response.text) == (503, AWAY)
    assert response.headers["x-content-type-options"] == "nosniff"
