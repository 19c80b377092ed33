"""CSRF: every route of the application that changes something, tried from another site's page."""

from __future__ import annotations

from typing import Any

import pytest

from bot.console.page import ROOT
from tests.security.test_ids import CASES, address
from tests.security.town import HOST, ON_SQLITE, Town

pytestmark = [pytest.mark.asyncio(loop_scope="package"), ON_SQLITE]

WITHOUT_SESSION = {f"{ROOT}/sign-in", f"{ROOT}/enter/{{token}}", "/chat"}
"""They work for who is not signed in, so there is no session to bind a hidden field to: where the request comes from
decides, and the cookies are `SameSite`."""
ELSEWHERE: tuple[dict[str, str], ...] = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://xueban.test.evil.example"},
    {"origin": "https://evil.example", "host": "xueban.test"},
)


def targets(made: Town) -> list[tuple[str, str]]:
    """Every route of POST: as it is written down, and an address that would work."""
    found = []
    for path in made.paths("POST"):
        case = CASES.get(f"POST {path}")
        subject = made.mine[case.subject] if case and case.subject else "x"
        found.append((path, address(path, subject)))
    return found


def filled(path: str) -> dict[str, Any]:
    """A form that would be done."""
    more: dict[str, Any] = {
        "text": "有人叫我說的",
        "password": "correct horse battery",
        "role": "office",
        "twice": "yes",
    }
    case = CASES.get(f"POST {path}")
    return more | (case.form if case else {})


async def test_no_method_but_post_changes_anything(made: Town) -> None:
    methods = {method for route in made.routes for method in getattr(route, "methods", None) or ()}
    assert methods == {"GET", "HEAD", "POST"}


async def test_another_sites_page_changes_nothing_even_with_all_secrets(made: Town) -> None:
    browser = made.browser(session=await made.token(made.admin), visitor=made.teacher)
    csrf, before = await made.csrf(browser), await made.everything()
    for path, given in targets(made):
        for header in ELSEWHERE:
            sent = await browser.post(given, data={**filled(path), "csrf": csrf}, headers=header)
            assert sent.status_code == 403, (given, header)
            assert "set-cookie" not in sent.headers, (given, header)
    assert await made.everything() == before


async def test_a_form_without_its_hidden_field_changes_nothing(made: Town) -> None:
    browser = made.browser(session=await made.token(made.admin))
    other = made.browser(session=await made.token(made.admin))
    fields = ("", "x", await made.csrf(other), (await made.csrf(browser)).upper())
    before = await made.everything()
    for path, given in targets(made):
        if path in WITHOUT_SESSION:
            continue
        for csrf in fields:
            data = {**filled(path), **({"csrf": csrf} if csrf else {})}
            sent = await browser.post(given, data=data, headers={"origin": HOST, "sec-fetch-site": "same-origin"})
            assert sent.status_code == 403, (given, csrf)
    assert await made.everything() == before


async def test_what_no_form_can_send_is_not_taken_for_one(made: Town) -> None:
    """A page elsewhere may send JSON or plain text without asking first."""
    browser = made.browser(session=await made.token(made.admin), visitor=made.teacher)
    before = await made.everything()
    for path, given in targets(made):
        for kind in ("text/plain", "application/json"):
            sent = await browser.post(given, content=b'{"csrf":"x"}', headers={"content-type": kind})
            assert sent.status_code in (400, 403, 410, 415), (path, kind)
    assert await made.everything() == before


async def test_webhooks_ask_for_no_cookie_and_are_proved_by_a_secret_instead(made: Town) -> None:
    browser = made.browser(session=await made.token(made.admin), visitor=made.teacher)
    assert set(made.hooks) == {"/webhooks/line", "/webhooks/telegram"}
    for path in made.hooks:
        assert (await browser.post(path, content=b'{"events":[]}')).status_code == 401
