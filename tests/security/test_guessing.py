"""Brute force: how often one may guess, and what a guesser can't change about that."""

from __future__ import annotations

import math

import pytest

from bot.console.sign_in import TOO_MANY
from bot.store import calendars, console_sessions, file_links, people
from tests.bot.web.reading import words
from tests.security.town import ON_SQLITE, PASSWORD, Town

pytestmark = [pytest.mark.asyncio(loop_scope="package"), ON_SQLITE]
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "X-Client-IP")


async def test_no_header_makes_a_guesser_somebody_else(made: Town) -> None:
    """Leaves this address locked out."""
    browser = made.browser()
    for attempt in range(console_sessions.WRONG_HERE):
        headers = dict.fromkeys(FORWARDED, f"203.0.113.{attempt}")
        sent = await browser.post("/admin/sign-in", data={"password": f"guess {attempt}"}, headers=headers)
        assert sent.status_code == 403
    headers = dict.fromkeys(FORWARDED, "198.51.100.7")
    sent = await browser.post("/admin/sign-in", data={"password": PASSWORD}, headers=headers)
    assert (sent.status_code, TOO_MANY in words(sent.text)) == (429, True)


async def test_what_nobody_counts_is_too_long_to_be_guessed(made: Town) -> None:
    """Addresses that are secrets: a thousand million guesses a second would take longer than the world has been."""
    secrets = [
        made.mine["calendar"],
        made.mine["file"],
        await made.token(made.admin),
        await made.do(lambda tx: console_sessions.make_entry(tx, made.admin.person, made.now)),
        made.teacher.cookie,
    ]
    assert min(map(len, secrets)) * math.log2(64) >= 190
    assert {calendars.SECRET_BYTES * 8, 256} == {256}
    assert file_links.LIFE_MS <= 7 * 24 * 3600 * 1000


async def test_codes_that_are_typed_are_long_enough_for_all_guesses_that_are_let_through(made: Town) -> None:
    """Five an hour from one conversation; new conversations cost nothing on the page, so the codes must carry it."""
    per_second = 1_000
    lives = {people.LINK: people.LINK_LIFE_MS / 1000, people.INVITE: 30 * 24 * 3600}
    for purpose, seconds in lives.items():
        possible = len(people.CODE_LETTERS) ** people.CODE_LENGTHS[purpose]
        assert per_second * seconds / possible < 1e-6, purpose
