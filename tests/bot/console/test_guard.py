"""Who gets in, for how long, and what every response carries."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from bot.console.console import PAGES
from bot.console.guard import NOT_FOUND, NOT_OUR_PAGE, UNREADABLE
from bot.store import enrolments
from bot.store.access import Role
from bot.store.database import Database
from tests.bot.console.console_house import OTHER_SLUG, SLUG, START, Console, Desk, said

HOUR = timedelta(hours=1)
PATHS = [page.path for page in PAGES]


async def is_in(desk: Desk) -> bool:
    return (await desk.see("/admin")).status_code == 200


async def test_nobody_who_is_not_signed_in_sees_any_page(house: Console) -> None:
    for path in PATHS:
        seen = await house.browser().get(path)
        assert (seen.status_code, seen.headers["location"].partition("?")[0]) == (303, "/admin/sign-in"), path


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TEACHER, Role.MENTOR])
async def test_who_has_a_role_at_a_school_alone_gets_nothing(house: Console, role: Role) -> None:
    member = await house.member("m", await house.school("甲校"), role)
    desk = await house.at(member)
    for path in PATHS:
        assert (await desk.see(path)).status_code == 303, path


async def test_the_session_of_who_left_the_office_opens_nothing_at_once(house: Console) -> None:
    office = await house.office()
    desk = await house.at(office)
    assert await is_in(desk)
    await house.do(lambda tx: enrolments.leave(tx, office, 1))
    assert not await is_in(desk)


async def test_an_office_sees_the_pages_that_are_for_all_and_an_admin_every_one(house: Console) -> None:
    office, admin = await house.at(await house.office()), await house.at(await house.admin())
    for page in PAGES:
        shown = await office.see(page.path)
        assert shown.status_code == (404 if page.admin_only else 200), page.path
        assert (f'href="{page.path}"' in (await office.see("/admin")).text) is not page.admin_only
        assert (await admin.see(page.path)).status_code == 200, page.path


async def test_a_session_ends_after_an_hour_of_nothing(house: Console) -> None:
    desk = await house.at(await house.office())
    house.clock.move_to(START + HOUR - timedelta(seconds=1))
    assert await is_in(desk)
    house.clock.move_to(START + 2 * HOUR - timedelta(seconds=2))
    assert await is_in(desk)
    house.clock.move_to(START + 3 * HOUR - timedelta(seconds=2))
    assert not await is_in(desk)


async def test_a_session_ends_after_half_a_day_however_busy(house: Console) -> None:
    desk = await house.at(await house.office())
    for minutes in range(30, 12 * 60, 30):
        house.clock.move_to(START + timedelta(minutes=minutes))
        assert await is_in(desk)
    house.clock.move_to(START + 12 * HOUR)
    assert not await is_in(desk)


@pytest.mark.parametrize("field", ["", "wrong", "ünïcode"])
async def test_a_form_without_the_hidden_field_is_not_done(house: Console, field: str) -> None:
    desk = await house.at(await house.office())
    sent = await desk.browser.post("/admin/sign-out", data={"csrf": field})
    assert (sent.status_code, NOT_OUR_PAGE in said(sent)) == (403, True)
    assert await is_in(desk)


async def test_the_hidden_field_of_another_session_is_not_taken(house: Console) -> None:
    office = await house.office()
    mine, other = await house.at(office), await house.at(office)
    sent = await mine.browser.post("/admin/sign-out", data={"csrf": await other.csrf()})
    assert sent.status_code == 403
    assert await is_in(mine)


@pytest.mark.parametrize(
    "header", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}]
)
async def test_another_sites_form_is_not_done_even_with_the_field(house: Console, header: dict[str, str]) -> None:
    desk = await house.at(await house.office())
    sent = await desk.browser.post("/admin/sign-out", data={"csrf": await desk.csrf()}, headers=header)
    assert sent.status_code == 403
    assert await is_in(desk)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
async def test_what_is_no_form_is_refused(house: Console, kind: str) -> None:
    desk = await house.at(await house.office())
    sent = await desk.browser.post("/admin/sign-out", content=b'{"csrf": []}', headers={"content-type": kind})
    assert (sent.status_code, UNREADABLE in said(sent)) == (400, True)


async def test_a_form_of_thousands_of_fields_is_refused(house: Console) -> None:
    desk = await house.at(await house.office())
    content = b"&".join(b"a=1" for _ in range(5_000))
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert (await desk.browser.post("/admin/sign-out", content=content, headers=headers)).status_code == 400


async def test_what_is_not_there_is_said_within_the_console(house: Console) -> None:
    desk = await house.at(await house.office())
    for path in ("/admin/nothing", "/admin/nothing/below", "/admin/%00", "/admin/..%2f..%2fetc"):
        seen = await desk.see(path)
        assert (seen.status_code, NOT_FOUND in said(seen)) == (404, True), path
    assert (await desk.send("/admin/nothing")).status_code == 404


async def test_everything_that_leaves_has_the_headers(house: Console) -> None:
    desk, nobody = await house.at(await house.office()), house.browser()
    responses = [
        await desk.see("/admin"),
        await desk.see("/admin/nothing"),
        await desk.send("/admin/sign-out"),
        await nobody.get("/admin"),
        await nobody.get("/admin/sign-in"),
        await nobody.get("/admin/enter/x"),
        await nobody.post("/admin/sign-in", data={"password": "wrong"}),
        await nobody.post("/admin/sign-in", content=b"x"),
        await nobody.head("/admin/sign-in"),
    ]
    for each in responses:
        assert_guarded(each)


def assert_guarded(response: httpx.Response) -> None:
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    wanted = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
    }
    assert {name: response.headers.get(name) for name in wanted} == wanted
    assert "camera=()" in response.headers["permissions-policy"]


async def test_no_page_has_a_style_or_script_of_its_own(house: Console) -> None:
    desk = await house.at(await house.admin())
    for path in PATHS:
        text = (await desk.see(path)).text
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"<[^>]+\son[a-z]+=", text)
        assert text.count("<script") == text.count('<script src="/admin/static/')


async def test_static_files_are_there_and_may_be_kept(house: Console) -> None:
    page = (await house.browser().get("/admin/sign-in")).text
    for kind, start in (("text/css", 'stylesheet" href="'), ("text/javascript", 'script src="')):
        path = page.partition(start)[2].partition('"')[0]
        assert "?v=" in path
        file = await house.browser().get(path)
        assert (file.status_code, file.headers["content-type"].partition(";")[0]) == (200, kind)
        assert "max-age" in file.headers["cache-control"]
    assert (await house.browser().get("/admin/static/%2e%2e/page.py")).status_code == 404


async def test_a_script_whose_session_is_over_is_sent_to_sign_in(house: Console) -> None:
    seen = await house.browser().get("/admin", headers={"hx-request": "true"})
    assert (seen.status_code, seen.headers["hx-redirect"]) == (401, "/admin/sign-in")


async def test_without_the_database_it_is_said_that_nothing_was_done(house: Console) -> None:
    desk = await house.at(await house.office())
    await house.database.close()
    house.database.engine = Database("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1").engine
    seen = await desk.see("/admin")
    assert (seen.status_code, "連不上資料庫" in said(seen)) == (503, True)
    assert_guarded(seen)


async def test_an_office_has_no_rights_in_another_programme(house: Console) -> None:
    one, two = await house.office(SLUG), await house.office(OTHER_SLUG, "office2")
    assert (one.may_oversee(SLUG), one.may_oversee(OTHER_SLUG)) == (True, False)
    assert (two.may_oversee(SLUG), two.may_oversee(OTHER_SLUG)) == (False, True)
