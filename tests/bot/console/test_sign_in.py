"""The ways into the console, and out of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from bot.clock import epoch_ms
from bot.console import sign_in
from bot.console.guard import NOT_OUR_PAGE
from bot.store import console_log, console_sessions, enrolments, forgetting
from bot.store.access import Role, Scope, scope_of, unlimited
from bot.store.console_sessions import ENTRY_MS, WRONG_ANYWHERE, WRONG_HERE
from bot.store.console_tables import console_sessions as sessions
from bot.store.console_tables import sign_in_attempts
from bot.store.tables import one_time_codes
from tests.bot.console.console_house import HOST, PASSWORD, START, Console, Desk, console_house, said

COOKIE = "xueban-admin"


async def sign(browser: httpx.AsyncClient, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await browser.post("/admin/sign-in", data={"password": password, **more})


async def entry(house: Console, scope: Scope) -> str:
    """The path of a link that signs somebody in."""
    token = await house.do(lambda tx: console_sessions.make_entry(tx, scope.person, epoch_ms(house.clock.now())))
    return f"/admin/enter/{token}"


@pytest.fixture
async def closed(database_url: str, tmp_path: Path) -> AsyncIterator[Console]:
    """A console without a password."""
    async with console_house(database_url, tmp_path / "evidence", password="") as made:
        yield made


async def test_the_right_password_opens_the_console_as_an_admin(house: Console) -> None:
    browser = house.browser()
    sent = await sign(browser)
    assert (sent.status_code, sent.headers["location"]) == (303, "/admin")
    cookie = sent.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/"))
    assert "今天" in await Desk(browser).read()
    (entry_,) = await house.do(lambda tx: console_log.entries(tx, unlimited()))
    scope = await house.do(lambda tx: scope_of(tx, entry_.person))
    assert (entry_.action, dict(entry_.data)) == ("sign_in", {"way": "password"})
    assert [each.role for each in scope.memberships] == [Role.ADMIN]


async def test_whoever_signs_in_by_password_is_always_the_same_person(house: Console) -> None:
    for _ in range(2):
        await sign(house.browser())
    people = {each.person for each in await house.do(lambda tx: console_log.entries(tx, unlimited()))}
    assert len(people) == 1


async def test_who_has_the_password_is_an_admin_again_after_losing_that(house: Console) -> None:
    await sign(house.browser())
    (first,) = await house.do(lambda tx: console_log.entries(tx, unlimited()))
    scope = await house.do(lambda tx: scope_of(tx, first.person))
    await house.do(lambda tx: enrolments.leave(tx, scope, 1))
    browser = house.browser()
    await sign(browser)
    assert (await browser.get("/admin")).status_code == 200


async def test_over_https_the_cookie_is_of_this_host_alone(database_url: str, tmp_path: Path) -> None:
    async with console_house(database_url, tmp_path, secure=True) as house:
        cookie = (await sign(house.browser())).headers["set-cookie"]
    assert cookie.startswith("__Host-xueban-admin=")
    assert "Secure" in cookie


async def test_a_wrong_password_opens_nothing(house: Console) -> None:
    browser = house.browser()
    sent = await sign(browser, "wrong")
    assert (sent.status_code, COOKIE in browser.cookies) == (403, False)
    assert sign_in.WRONG in said(sent)
    assert (await browser.get("/admin")).headers["location"] == "/admin/sign-in"


@pytest.mark.parametrize("password", ["", "anything"])
async def test_without_a_password_set_none_is_right_and_the_page_says_so(closed: Console, password: str) -> None:
    page = await closed.browser().get("/admin/sign-in")
    assert "沒有設定系統管理者的密碼" in said(page)
    assert 'type="password"' not in page.text
    assert (await sign(closed.browser(), password)).status_code == 403


async def test_the_password_may_be_set_as_a_hash(database_url: str, tmp_path: Path) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("long enough")
    async with console_house(database_url, tmp_path, password=hashed) as house:
        assert (await sign(house.browser(), "long enough")).status_code == 303
        assert (await sign(house.browser(), hashed)).status_code == 403


async def test_after_wrong_ones_not_even_the_right_one_is_looked_at_for_a_while(house: Console) -> None:
    browser = house.browser("10.0.0.1")
    for _ in range(WRONG_HERE):
        assert (await sign(browser, "wrong")).status_code == 403
    refused = await sign(browser)
    assert (refused.status_code, sign_in.TOO_MANY in said(refused)) == (429, True)
    assert (await sign(house.browser("10.0.0.2"))).status_code == 303
    house.clock.move_to(START + timedelta(minutes=15, seconds=1))
    assert (await sign(browser)).status_code == 303


async def test_one_network_of_many_addresses_counts_as_one(house: Console) -> None:
    for number in range(WRONG_HERE):
        await sign(house.browser(f"2001:db8:1:2::{number}"), "wrong")
    assert (await sign(house.browser("2001:db8:1:2:ffff::1"))).status_code == 429
    assert (await sign(house.browser("2001:db8:1:3::1"))).status_code == 303


async def test_many_addresses_together_are_stopped_too(house: Console) -> None:
    async def fill() -> None:
        for number in range(WRONG_ANYWHERE):
            await house.do(partial(console_sessions.may_try, address=f"10.1.0.{number}", now=epoch_ms(START)))

    await fill()
    assert (await sign(house.browser("10.2.0.1"))).status_code == 429


async def test_the_right_password_forgives_the_wrong_ones_before(house: Console) -> None:
    browser = house.browser()
    for _ in range(WRONG_HERE - 1):
        await sign(browser, "wrong")
    await sign(browser)
    assert (await sign(house.browser(), "wrong")).status_code == 403
    async with house.database.read() as tx:
        rows = (await tx.execute(select(sign_in_attempts.c.address))).scalars().all()
    assert len(rows) == 1
    assert "10.0.0.1" not in rows[0]


async def test_signing_in_never_keeps_a_session_that_the_browser_brought(house: Console) -> None:
    admin = await house.admin()
    planted = await house.session(admin)
    browser = house.browser()
    browser.cookies.set(COOKIE, planted, domain="console.test")
    await sign(browser)
    assert browser.cookies[COOKIE] != planted
    async with house.database.read() as tx:
        assert await console_sessions.find(tx, planted, epoch_ms(START)) is None


async def test_a_session_that_nobody_handed_out_opens_nothing(house: Console) -> None:
    browser = house.browser()
    browser.cookies.set(COOKIE, "A" * 43, domain="console.test")
    assert (await browser.get("/admin")).status_code == 303
    await sign(browser)
    assert browser.cookies[COOKIE] != "A" * 43


async def test_the_database_holds_neither_session_nor_link(house: Console) -> None:
    admin = await house.admin()
    token, link = await house.session(admin), await entry(house, admin)
    async with house.database.read() as tx:
        kept = [*(await tx.execute(select(sessions.c.token_hash))).scalars()]
        kept += [*(await tx.execute(select(one_time_codes.c.code_hash))).scalars()]
    assert len(kept) == 2
    assert not {token, link.rpartition("/")[2]} & set(kept)


async def test_a_link_signs_in_once_by_its_button(house: Console) -> None:
    path, browser = await entry(house, await house.office()), house.browser()
    sent = await browser.post(path)
    assert (sent.status_code, sent.headers["location"]) == (303, "/admin")
    assert "今天" in await Desk(browser).read()
    again = await house.browser().post(path)
    assert (again.status_code, sign_in.LINK_OVER in said(again)) == (410, True)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_preview_of_a_link_uses_nothing_up(house: Console, method: str) -> None:
    path = await entry(house, await house.office())
    for _ in range(3):
        seen = await house.browser().request(method, path)
        assert (seen.status_code, "set-cookie" in seen.headers) == (200, False)
    assert (await house.browser().post(path)).status_code == 303


async def test_a_link_that_is_none_looks_the_same_until_it_is_used(house: Console) -> None:
    real = await house.browser().get(await entry(house, await house.office()))
    none = await house.browser().get("/admin/enter/nothing")
    assert (none.status_code, none.text) == (real.status_code, real.text)
    assert (await house.browser().post("/admin/enter/nothing")).status_code == 410


async def test_a_link_ends_after_a_quarter_of_an_hour(house: Console) -> None:
    path = await entry(house, await house.office())
    house.clock.move_to(START + timedelta(milliseconds=ENTRY_MS))
    assert (await house.browser().post(path)).status_code == 410


async def test_a_newer_link_voids_the_one_before(house: Console) -> None:
    office = await house.office()
    first, second = await entry(house, office), await entry(house, office)
    assert (await house.browser().post(first)).status_code == 410
    assert (await house.browser().post(second)).status_code == 303


async def test_a_link_of_somebody_who_lost_the_role_opens_nothing(house: Console) -> None:
    office = await house.office()
    path = await entry(house, office)
    await house.do(lambda tx: enrolments.leave(tx, office, 1))
    assert (await house.browser().post(path)).status_code == 410
    async with house.database.read() as tx:
        assert (await tx.execute(select(func.count()).select_from(sessions))).scalar_one() == 0


async def test_a_link_for_a_coordinator_opens_nothing(house: Console) -> None:
    coordinator = await house.member("c", await house.school("甲校"))
    assert (await house.browser().post(await entry(house, coordinator))).status_code == 410


async def test_signing_out_ends_the_session_and_takes_the_cookie(house: Console) -> None:
    desk = await house.at(await house.office())
    token = desk.browser.cookies[COOKIE]
    sent = await desk.send("/admin/sign-out")
    assert sent.headers["location"] == "/admin/sign-in?out=1"
    assert f'{COOKIE}=""; HttpOnly; Max-Age=0' in sent.headers["set-cookie"]
    assert "已經登出" in said(await house.browser().get(sent.headers["location"]))
    thief = house.browser()
    thief.cookies.set(COOKIE, token)
    assert (await thief.get("/admin")).status_code == 303


async def test_signing_out_is_not_done_by_a_link(house: Console) -> None:
    desk = await house.at(await house.office())
    assert (await desk.see("/admin/sign-out")).status_code == 404
    assert (await desk.see("/admin")).status_code == 200


async def test_signing_in_leads_to_the_page_that_was_wanted(house: Console) -> None:
    browser = house.browser()
    wanted = (await browser.get("/admin/schools?county=臺中市&page=2")).headers["location"]
    assert wanted.startswith("/admin/sign-in?next=%2Fadmin%2Fschools%3F")
    page = await browser.get(wanted)
    assert 'name="next" value="/admin/schools?county=%E8%87%BA%E4%B8%AD%E5%B8%82&amp;page=2"' in page.text
    sent = await sign(browser, next="/admin/schools?page=2")
    assert sent.headers["location"] == "/admin/schools?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/admin//evil.example",
        "/administrator",
        "/admin/\r\nX: 1",
        "/admin\\x",
    ],
)
async def test_signing_in_never_leads_elsewhere(house: Console, elsewhere: str) -> None:
    assert (await sign(house.browser(), next=elsewhere)).headers["location"] == "/admin"


async def test_who_is_signed_in_already_goes_on(house: Console) -> None:
    desk = await house.at(await house.office())
    assert (await desk.see("/admin/sign-in")).headers["location"] == "/admin"


@pytest.mark.parametrize("path", ["/admin/sign-in", "/admin/enter/x"])
@pytest.mark.parametrize("header", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
async def test_another_sites_page_signs_nobody_in(house: Console, path: str, header: dict[str, str]) -> None:
    sent = await house.browser().post(path, data={"password": PASSWORD}, headers={"host": "console.test", **header})
    assert (sent.status_code, NOT_OUR_PAGE in said(sent)) == (403, True)
    assert "set-cookie" not in sent.headers


async def test_the_form_of_our_own_page_is_taken(house: Console) -> None:
    headers = {"origin": HOST, "sec-fetch-site": "same-origin"}
    sent = await house.browser().post("/admin/sign-in", data={"password": PASSWORD}, headers=headers)
    assert sent.status_code == 303


async def test_who_is_forgotten_is_signed_out(house: Console) -> None:
    office = await house.office()
    desk = await house.at(office)
    await house.do(lambda tx: forgetting.forget(tx, "web:office", 1))
    assert (await desk.see("/admin")).status_code == 303


async def test_a_body_without_end_is_not_read(house: Console) -> None:
    sent = await house.browser().post("/admin/sign-in", data={"password": "x" * 300_000})
    assert sent.status_code == 413
