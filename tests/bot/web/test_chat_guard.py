"""The chat page against strangers: sessions, foreign sites, markup, other hosts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from bot.store.tables import conversations, inbox
from bot.web.page import STATIC
from tests.bot.rehearsal import FORM, HOST, Stage, stage
from tests.bot.web.reading import events, say, words


@pytest.mark.parametrize("secure", [False, True])
async def test_the_session_cookie_is_long_random_and_out_of_reach_of_scripts(url: str, secure: bool) -> None:
    async with stage(url, secure=secure) as house, house.browser() as one, house.browser() as two:
        cookies = [(await browser.get("/")).headers["set-cookie"] for browser in (one, two)]
    for cookie in cookies:
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "max-age=31536000", "path=/"} <= parts
        assert ("secure" in parts) is secure
        assert len(cookie.split("=", 1)[1].split(";")[0]) >= 22  # 128 bits in base64
    assert cookies[0] != cookies[1]


async def test_the_cookie_itself_is_not_in_the_database(house: Stage, browser: httpx.AsyncClient) -> None:
    await say(browser, "祕密")
    [secret] = browser.cookies.values()
    async with house.database.read() as connection:
        rows = [str(row) for table in (conversations, inbox) for row in await connection.execute(select(table))]
    assert rows
    assert not any(secret in row for row in rows)


async def test_two_people_may_hold_the_same_one_time_id(house: Stage, browser: httpx.AsyncClient) -> None:
    async with house.browser() as other:
        for someone in (browser, other):
            await someone.get("/")
            await someone.post("/chat", data={"id": "same", "text": "同一題"})
            assert "回答：同一題" in (await someone.get("/")).text


async def test_what_a_person_types_is_shown_as_text_on_the_page_and_in_fragments(
    browser: httpx.AsyncClient,
) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;"
    page = await say(browser, nasty)
    news = (await browser.get("/chat/messages?after=0")).json()["html"]
    for html in (page, news):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "您： " + nasty in words(html)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "http://chat.test.evil.test"},
        {"origin": "null"},
        {"origin": HOST, "sec-fetch-site": "cross-site"},
    ],
)
async def test_another_site_cannot_speak_for_the_visitor(
    house: Stage, browser: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    await browser.get("/")
    before = await events(house)
    refused = await browser.post("/chat", data={"id": "a", "text": "冒名"}, headers=headers)
    assert refused.status_code == 403
    assert "不是從本頁送出的" in refused.text
    assert await events(house) == before


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": HOST}, {}])
async def test_our_own_page_may_speak(browser: httpx.AsyncClient, headers: dict[str, str]) -> None:
    await browser.get("/")
    await browser.post("/chat", data={"id": "a", "text": "自己人"}, headers=headers)
    assert "回答：自己人" in (await browser.get("/")).text


async def test_nobody_reads_another_ones_conversation(house: Stage, browser: httpx.AsyncClient) -> None:
    await say(browser, "我的祕密")
    async with house.browser() as other:
        await other.get("/")
        assert "我的祕密" not in (await other.get("/")).text
        assert "我的祕密" not in (await other.get("/chat/messages?after=0")).json()["html"]


async def test_a_cookie_that_we_never_gave_opens_nothing(browser: httpx.AsyncClient) -> None:
    chosen = {"cookie": "xueban=" + "A" * 32}
    assert (await browser.get("/chat/messages?after=0", headers=chosen)).status_code == 401
    given = (await browser.get("/", headers=chosen)).headers["set-cookie"]
    assert given.startswith("xueban=")
    assert "A" * 32 not in given


async def test_a_browser_without_cookies_is_told_so(house: Stage) -> None:
    async with house.browser() as browser:
        sent = await browser.post("/chat", data={"id": "a", "text": "您好"})
    async with house.browser() as forgetful:
        page = await forgetful.get(sent.headers["location"])
    assert "沒有保存 Cookie" in page.text


async def test_only_forms_of_a_sane_size_are_read(browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    as_json = await browser.post("/chat", json={"text": "?"})
    huge = await browser.post("/chat", content=urlencode({"text": "長" * 100_000}), headers=FORM)
    many = await browser.post("/chat", content="&".join(["a=1"] * 50), headers=FORM)
    action = await browser.post("/chat", data={"action": "x" * 65})
    assert [r.status_code for r in (as_json, huge, many, action)] == [415, 413, 400, 400]


async def test_looking_at_the_head_begins_no_conversation(house: Stage, browser: httpx.AsyncClient) -> None:
    assert (await browser.head("/")).status_code == 200
    assert await events(house) == 0


async def test_every_response_forbids_foreign_content(browser: httpx.AsyncClient) -> None:
    responses = [
        await browser.get("/"),
        await browser.get("/chat/messages"),
        await browser.post("/chat", data={"text": "a"}),
        await browser.post("/chat", data={"text": "a"}, headers={"sec-fetch-site": "cross-site"}),
    ]
    for response in responses:
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cache-control"] == "no-store"


async def test_the_page_needs_nothing_inline_and_no_other_host(browser: httpx.AsyncClient) -> None:
    page = await say(browser, "看看頁面")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith(("/static/", "#")) for address in addresses)
    for file in STATIC.iterdir():
        found = re.findall(r"https?://[^\s\"')]+", file.read_text("utf-8"))
        assert set(found) <= {"http://www.w3.org/2000/svg"}, file.name


async def test_the_files_that_the_page_names_are_served(browser: httpx.AsyncClient) -> None:
    for address in set(re.findall(r'"(/static/[^"]+)"', (await browser.get("/")).text)):
        file = await browser.get(address)
        assert file.status_code == 200
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "max-age" in file.headers["cache-control"]
    assert (await browser.get("/static/../chat.py")).status_code == 404


def test_the_package_carries_templates_and_static_files() -> None:
    assert {file.name for file in STATIC.iterdir()} == {"avatar.svg", "chat.css", "chat.js"}
    assert (Path(STATIC).parent / "templates" / "chat.html").is_file()
