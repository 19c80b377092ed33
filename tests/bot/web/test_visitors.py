"""Cookies of the chat page, and requests that another site's page makes."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from bot.web.visitors import Cookies, Visitor, from_elsewhere


def request(**headers: str) -> Request:
    pairs = {"host": "chat.test:8080", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in pairs.items()]
    return Request({"type": "http", "method": "POST", "path": "/chat", "headers": raw})


def test_sessions_differ_and_are_not_the_cookie() -> None:
    visitors = [Cookies(secure=False).new() for _ in range(50)]
    assert len({visitor.session for visitor in visitors}) == 50
    assert not any(visitor.cookie in visitor.conversation_id for visitor in visitors)


def test_the_same_cookie_is_the_same_conversation() -> None:
    cookies = Cookies(secure=False)
    visitor = cookies.new()
    assert cookies.read(request(cookie=f"xueban={visitor.cookie}")) == visitor


def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    assert Cookies(secure=True).name.startswith("__Host-")


@pytest.mark.parametrize(
    "value", ["", "short", "A" * 33, "A" * 31 + "/", "../../../../../../../../../../etc", "長" * 32]
)
def test_a_cookie_that_cannot_be_ours_is_not_read(value: str) -> None:
    assert Cookies(secure=False).read(request(cookie=f"xueban={value}")) is None


def test_a_conversation_id_fits_its_column() -> None:
    assert len(Visitor("A" * 32).conversation_id) <= 160


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"origin": "http://chat.test:8080"}, False),
        ({"origin": "http://chat.test"}, True),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        # Behind a proxy that rewrites the host, what the browser itself says counts.
        ({"origin": "https://chat.example", "sec_fetch_site": "same-origin"}, False),
    ],
)
def test_a_request_is_foreign_by_what_the_browser_says_of_its_page(headers: dict[str, str], foreign: bool) -> None:
    assert from_elsewhere(request(**headers)) is foreign
