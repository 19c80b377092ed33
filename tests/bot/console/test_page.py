"""What pages share: the sentence after a change, the navigation, names, days and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from bot.clock import epoch_ms, parse_local
from bot.console import console, formats
from bot.console.guard import Guard
from bot.console.page import NavEntry, Renderer
from bot.console.sessions import LONGEST_SAID, Cookies
from bot.console.visit import Visit
from bot.store.access import Scope, unlimited
from tests.bot.console.console_house import START, Console, Desk, said

DONE = "已移到 <b>3/5</b>，會通知 12 人。"


@pytest.fixture
async def desk(house: Console) -> Desk:
    """An office at a console that has a page which says what it is told to say."""
    cookies = Cookies(secure=False)
    page = Renderer(house.base, [NavEntry("/admin/look", "看"), NavEntry("/admin/keys", "鑰匙", True)], cookies)
    guard = Guard(house.database, house.clock, cookies, page)

    async def change(_request: Request, visit: Visit) -> Response:
        return page.see_other(visit, "/admin/look", visit.form.get("say"))

    async def look(_request: Request, visit: Visit) -> Response:
        return page.render("refused.html", visit, sentence="頁面")

    routes = [
        guard.post("/admin/change", change),
        guard.get("/admin/look", look),
        guard.get("/admin/keys", look, admin_only=True),
        guard.post("/admin/keys", change, admin_only=True),
        guard.get("/admin/{rest:path}", look),
    ]
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://console.test")
    browser.cookies.set("xueban-admin", await house.session(await house.office()), domain="console.test")
    return Desk(browser)


async def test_what_was_done_is_said_once_and_escaped(desk: Desk) -> None:
    sent = await desk.send("/admin/change", {"say": DONE})
    assert (sent.status_code, sent.headers["location"]) == (303, "/admin/look")
    first, second = await desk.see("/admin/look"), await desk.see("/admin/look")
    assert "已移到 &lt;b&gt;3/5&lt;/b&gt;，會通知 12 人。" in first.text
    assert "已移到" not in second.text


async def test_nobody_else_can_make_a_page_say_something(desk: Desk, house: Console) -> None:
    await desk.send("/admin/change", {"say": DONE})
    value = desk.browser.cookies["xueban-said"]
    desk.browser.cookies.set("xueban-said", value[:-4] + "AAAA", domain="console.test")
    assert 'role="status"' not in (await desk.see("/admin/look")).text
    desk.browser.cookies.set("xueban-said", value, domain="console.test")
    desk.browser.cookies.set("xueban-admin", await house.session(await house.admin()), domain="console.test")
    assert "已移到" not in (await desk.see("/admin/look")).text


async def test_what_is_for_admins_is_not_there_for_an_office(desk: Desk, house: Console) -> None:
    assert "鑰匙" not in (await desk.see("/admin/look")).text
    assert (await desk.see("/admin/keys")).status_code == 404
    assert (await desk.send("/admin/keys", {"say": DONE})).status_code == 404
    desk.browser.cookies.set("xueban-admin", await house.session(await house.admin()), domain="console.test")
    assert "鑰匙" in (await desk.see("/admin/look")).text
    assert (await desk.see("/admin/keys")).status_code == 200
    assert (await desk.send("/admin/keys", {"say": DONE})).status_code == 303


@pytest.mark.parametrize("value", ["x", ".", "é.é", "a.b.c", "=" * 50])
async def test_a_sentence_that_is_none_does_no_harm(desk: Desk, value: str) -> None:
    shown = await desk.browser.get("/admin/look", headers=[(b"cookie", f"xueban-said={value}".encode())])
    assert shown.status_code in (200, 303)
    cookie = f"xueban-said={value}; xueban-admin={desk.browser.cookies['xueban-admin']}"
    shown = await desk.browser.get("/admin/look", headers=[(b"cookie", cookie.encode())])
    assert (shown.status_code, "頁面" in said(shown)) == (200, True)


async def test_a_long_sentence_fits_into_a_cookie(desk: Desk) -> None:
    sent = await desk.send("/admin/change", {"say": "長" * 3_000})
    assert len(sent.headers["set-cookie"]) < 4_000
    assert "長" * LONGEST_SAID in (await desk.see("/admin/look")).text


@pytest.mark.parametrize(
    ("path", "current"),
    [("/admin/schools", True), ("/admin/schools/abc", True), ("/admin/schoolsx", False), ("/admin", False)],
)
def test_a_page_is_current_with_all_that_lies_below_it(path: str, current: bool) -> None:
    assert NavEntry("/admin/schools", "學校").is_current(path) is current
    assert NavEntry("/admin", "今天").is_current(path) is (path == "/admin")


def test_programmes_are_called_by_their_short_names_even_when_they_are_gone(house: Console) -> None:
    page = console.renderer(house.base, Cookies(secure=False))
    known = house.base.programmes[0]
    assert page.programme(known.slug) == known.short_name
    assert page.programme(known.slug, known.edition) == f"{known.short_name}（{known.year_label}）"
    assert page.programme("old", "99") == "old 99"
    assert page.programme("") == "不分計畫"


def test_days_and_moments_are_written_as_people_here_write_them() -> None:
    assert formats.day("2025-11-18") == formats.day(date(2025, 11, 18)) == "2025/11/18（二）"
    assert formats.roc("2025-11-18") == "114/11/18"
    assert formats.moment(epoch_ms(parse_local("2026-01-02T03:04"))) == "2026/1/2（五）03:04"
    assert formats.moment(datetime(2026, 1, 2, 3, 4)) == formats.moment("2026-01-02T03:04") == "2026/1/2（五）03:04"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(-1, "0 秒"), (999, "0 秒"), (59_999, "59 秒"), (60_000, "1 分鐘"), (7_199_999, "1 小時"), (172_800_000, "2 天")],
)
def test_lengths_of_time_are_told_in_their_largest_unit(milliseconds: int, words: str) -> None:
    assert formats.lasting(milliseconds) == words


@pytest.mark.parametrize(("day", "words"), [(19, "已過 1 天"), (20, "今天"), (21, "還有 1 天")])
def test_days_are_counted_from_today(day: int, words: str) -> None:
    assert formats.days_from(date(2025, 11, day), date(2025, 11, 20)) == words


def test_the_secret_of_a_session_shows_in_no_representation() -> None:
    visit = Visit(unlimited(), START, token="very-secret")
    assert "very-secret" not in repr(visit)
    assert visit.csrf != replace(visit, token="other").csrf
    assert "very-secret" not in visit.csrf


def test_the_local_day_begins_at_midnight_in_taipei() -> None:
    assert Visit(Scope("p"), parse_local("2025-11-20T00:00")).today == date(2025, 11, 20)
