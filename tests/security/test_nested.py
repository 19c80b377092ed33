"""Oversized and deeply nested JSON, signed as if a provider's secret had leaked: refused, and nothing falls over."""

from __future__ import annotations

import pytest

from bot.web.webhooks import LARGEST_BODY
from tests.fakes import line_events, telegram_events
from tests.security.town import LINE_SECRET, ON_SQLITE, Town

pytestmark = [pytest.mark.asyncio(loop_scope="package"), ON_SQLITE]
DEEP = 100_000
BODIES = {
    "lists": b"[" * DEEP + b"]" * DEEP,
    "objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a list that never ends": b"[" * DEEP,
    "within an event": b'{"destination":"U","events":[{"type":"message","message":'
    + b"[" * DEEP
    + b"]" * DEEP
    + b"}]}",
    "within an update": b'{"update_id":1,"message":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "a number of a million digits": b'{"update_id":' + b"9" * 900_000 + b',"events":' + b"9" * 100_000 + b"}",
    "many keys": b"{" + b",".join(b'"%d":1' % number for number in range(80_000)) + b"}",
    "the same key": b"{" + b",".join([b'"events":[]'] * 80_000) + b"}",
    "too large": b" " * (LARGEST_BODY + 1),
}


@pytest.mark.parametrize("kind", BODIES)
async def test_no_signed_body_whatever_is_stored_or_breaks_anything(made: Town, kind: str) -> None:
    raw, browser = BODIES[kind], made.browser()
    before = await made.everything()
    secret = {"x-telegram-bot-api-secret-token": telegram_events.SECRET}
    for path, headers in (
        ("/webhooks/line", line_events.headers(LINE_SECRET, raw)),
        ("/webhooks/telegram", secret),
    ):
        sent = await browser.post(path, content=raw, headers=headers)
        assert sent.status_code in (200, 400, 413), (path, kind)
        assert sent.status_code != 200 or kind in ("many keys", "the same key"), (path, kind)
    assert await made.everything() == before
    assert (await browser.get("/livez")).status_code == 200


async def test_a_form_of_any_depth_is_only_words(made: Town) -> None:
    browser = made.browser(visitor=made.teacher)
    for content in (b"[" * 200_000, b"a[b][c]" * 20_000, b"&" * 200_000, b"%" * 200_000, b"text=" + b"%f0" * 60_000):
        kind = {"content-type": "application/x-www-form-urlencoded"}
        sent = await browser.post("/chat", content=content, headers=kind)
        assert sent.status_code in (303, 400, 413, 422)
