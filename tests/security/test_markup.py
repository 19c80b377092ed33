"""XSS: every column that a person fills holds markup, and every page that there is shows it as words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import yaml
from sqlalchemy import update

from bot.store.tables import inbox
from tests.security import markup
from tests.security.markup import NAMES, hostile, mark, read
from tests.security.test_ids import CASES, address
from tests.security.town import Town, town

QUERY = hostile("questions.text")
ASKED = (
    "words", "q", "county", "state", "sort", "programme", "role", "due", "reason", "edition", "kind", "show", "of",
    "ref", "after", "before", "page", "channel", "action", "next", "sent", "out", "back",
)  # fmt: skip
NOWHERE = {
    "question_decisions.section": "only in the patch, which is a download of YAML",
    "question_decisions.text": "the same",
    "question_decisions.wording": "what `questions.text` was",
}


@pytest.fixture
async def hostile_town(hostile_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Everything is called something bad."""
    async with town(hostile_url, tmp_path / "files", hostile=hostile) as running:
        yield running


def test_every_column_for_text_is_judged() -> None:
    assert not markup.unjudged(), "say in tests/security/markup.py whether people fill it: TYPED, else MADE"


def test_the_reader_finds_what_it_is_for() -> None:
    assert read("<p onclick=a()>").problems
    assert read('<a href="javascript:a()">').problems
    assert read("<xss3>").problems
    assert read("<script>a()</script>").problems
    assert not read("&lt;script&gt;<a href='/x'>").problems


async def pages(made: Town) -> list[tuple[str, httpx.AsyncClient]]:
    """The address of every page, with who looks at it."""
    admin, teacher, found = made.browser(session=await made.token(made.admin)), made.browser(visitor=made.teacher), []
    for path in made.paths("GET"):
        case = CASES.get(f"GET {path}")
        at = teacher if case and case.who == "teacher" else admin
        if case is None:
            found.append((path, teacher if path in ("/", "/chat/messages") else at))
        elif case.subject:
            found.append((address(path, made.mine[case.subject]), at))
    found.append((f"/files/{made.mine['file']}", admin))
    return found


async def test_no_words_of_anybody_become_markup_on_any_page(hostile_town: Town) -> None:
    made, seen = hostile_town, ""
    writer = made.browser(visitor=made.teacher)
    form = {"text": hostile("inbox.payload")}
    script = {"accept": "application/json"}
    assert (await writer.post("/chat", data=form, headers=script)).status_code == 200
    await made.do(lambda tx: tx.execute(update(inbox).values(state="done")))  # nobody works here: no page shall wait
    for path, browser in await pages(made):
        plain = await browser.get(path)
        asked = await browser.get(path, params=dict.fromkeys(ASKED, QUERY))
        for shown in (plain, asked):
            assert shown.status_code in (200, 303, 422), (path, shown.status_code)
            assert "<xss" not in shown.headers.get("location", "")
            kind = shown.headers.get("content-type", "")
            if kind.startswith("image/svg"):
                assert not any(each in shown.text for each in ("<xss", "<script", "onerror=", "onclick=")), path
            elif kind.startswith("application/json"):
                seen += "".join(_read(path, shown.json().get("html", "")))
            elif kind.startswith("text/html"):
                seen += "".join(_read(path, shown.text))
    unseen = [name for name in NAMES if f"<{mark(name)}>" not in seen and name not in NOWHERE]
    assert not unseen, "no page showed it, so nothing was proved"
    await _look_at_patch(made)


def _read(path: str, html: str) -> list[str]:
    found = read(html)
    assert not found.problems, (path, found.problems[:3])
    return found.words


async def _look_at_patch(made: Town) -> None:
    """A download that a browser does not show, of YAML that holds words alone."""
    browser = made.browser(session=await made.token(made.admin))
    sent = await browser.post("/admin/questions/patch.yaml", data={"csrf": await made.csrf(browser)})
    assert sent.headers["content-disposition"].startswith("attachment;")
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert all(f"<{mark(name)}>" in str(yaml.safe_load(sent.text)) for name in list(NOWHERE)[:2])


async def test_answers_to_forms_show_what_was_typed_as_words(hostile_town: Town) -> None:
    made = hostile_town
    browser = made.browser(session=await made.token(made.admin))
    csrf = await made.csrf(browser)
    fields = ("school", "county", "name", "title", "text", "section", "reason", "due", "what", "next", "password", "id")
    choices = {"role": "coordinator", "edition": "distance-teaching@114", "kind": "entry", "csrf": csrf}
    for path in made.paths("POST"):
        if path == "/chat":
            continue  # what is said there is on the page above
        case = CASES.get(f"POST {path}")
        given = address(path, made.mine[case.subject] if case and case.subject else "x")
        for more in (choices, {"csrf": csrf}):
            sent = await browser.post(given, data={**dict.fromkeys(fields, QUERY), **more})
            assert sent.status_code < 500, given
            if sent.headers.get("content-type", "").startswith("text/html"):
                _read(given, sent.text)
            if sent.status_code == 303 and path != "/admin/sign-out":
                following = await browser.get(sent.headers["location"])
                _read(given, following.text)
