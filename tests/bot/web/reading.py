"""A browser without a script, and what its page says."""

from __future__ import annotations

import re
from html import unescape

import httpx
from sqlalchemy import func, select

from bot.store.tables import inbox
from tests.bot.rehearsal import Stage


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def once_of(page: str) -> str:
    found = re.search(r'id="composer".*?name="id" value="([^"]+)"', page, re.DOTALL)
    assert found
    return found.group(1)


async def say(browser: httpx.AsyncClient, text: str, **more: str) -> str:
    """Type into the form of the page, send it and follow to the page again."""
    page = await browser.get("/")
    sent = await browser.post("/chat", data={"id": once_of(page.text), "text": text, **more})
    assert (sent.status_code, sent.headers["location"]) == (303, "/")
    return (await browser.get("/")).text


async def events(house: Stage) -> int:
    async with house.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())
