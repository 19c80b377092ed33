"""IDOR: whatever stands in an address in place of an id, nobody reaches what is not theirs, and nothing breaks.

Every route of the application that has a parameter is in `CASES`; a test fails where one is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bot.console.page import ROOT
from tests.bot.store.school_house import SLUG
from tests.security.town import OTHER_SLUG, Town

pytestmark = pytest.mark.asyncio(loop_scope="package")

JUNK = (
    "x", "-1", "9" * 25, "9" * 5000, "１２", "%00", "%0d%0aX-Evil:%201", "a" * 5000, "%ff", "%2e%2e",
    "..%2f..%2f..%2fetc%2fpasswd", "'%20OR%20'1'='1",
)  # fmt: skip
"""In place of an id, as it stands in an address."""


@dataclass(frozen=True)
class Case:
    """How a route is tried.

    subject: what its parameters stand for, see `Town.mine`; empty for an address that is a secret itself, which
    belongs to whoever has it.
    who: `office` or `admin` of the console, `teacher` at the chat page.
    """

    subject: str = ""
    who: str = "office"
    form: dict[str, Any] = field(default_factory=dict)
    refusal: int = 404
    works: int = 200


CASES = {
    "GET /files/{token}": Case(),
    "GET /calendar/{secret}.ics": Case(),
    "GET /evidence/{identity}": Case("evidence", who="teacher"),
    "GET /admin/enter/{token}": Case(refusal=200),  # it looks the same for every token, and uses none up
    "POST /admin/enter/{token}": Case(refusal=410),
    "GET /admin/schools/records/{id}": Case("record"),
    "GET /admin/schools/evidence/{id}": Case("evidence"),
    "GET /admin/schools/{id}": Case("school"),
    "POST /admin/schools/{id}/export": Case("school", form={"what": "records"}),
    "GET /admin/deadlines/{slug}/{edition}/{key}": Case("deadline"),
    "POST /admin/deadlines/{slug}/{edition}/{key}/move": Case(
        "deadline", form={"due": "2025-12-01", "reason": "颱風"}, works=303
    ),
    "GET /admin/answers/{slug}/{edition}/{key}": Case("answer"),
    "GET /admin/questions/{key}": Case("question"),
    "GET /admin/questions/{key}/near": Case("question"),
    "POST /admin/questions/{key}": Case("question", form={"kind": "reject"}, works=422),
    "POST /admin/questions/decided/{id}/undo": Case("decision", works=303),
    "GET /admin/deliveries/{id}": Case("delivery"),
    "POST /admin/deliveries/{id}/retry": Case("delivery", works=303),
    "POST /admin/people/invited/{key}/withdraw": Case("invitation", works=303),
    "GET /admin/people/{id:number}": Case("teacher"),
    "POST /admin/people/{id:number}/entry": Case("officer", who="admin"),
    "POST /admin/people/{id:number}/remove": Case("teacher", works=303),
    "GET /admin/{rest:path}": Case(),
    "POST /admin/{rest:path}": Case(),
}


def address(name: str, *values: str) -> str:
    """A route's path with values in place of its parameters; one value may fill several that follow each other."""
    parts, left = [], list(values)
    for part in name.split("/"):
        if not part.startswith("{"):
            parts.append(part)
        elif left:
            parts.append(left.pop(0) + part.partition("}")[2])
    return "/".join(parts)


async def ask(made: Town, browser: httpx.AsyncClient, name: str, path: str) -> httpx.Response:
    method = name.partition(" ")[0]
    if method == "GET":
        return await browser.get(path)
    form = {"csrf": await made.csrf(browser), **CASES[name].form}
    return await browser.post(path, data=form)


async def visitor(made: Town, who: str) -> httpx.AsyncClient:
    if who == "teacher":
        return made.browser(visitor=made.teacher)
    return made.browser(session=await made.token(made.admin if who == "admin" else made.office))


async def test_every_route_with_a_parameter_is_tried(made: Town) -> None:
    found = {f"{method} {path}" for method in ("GET", "POST") for path in made.paths(method) if "{" in path}
    missing = sorted(found - CASES.keys())
    assert not missing, f"a route takes something from its address: say in CASES who may reach what by {missing}"
    assert CASES.keys() <= found


async def test_what_is_anothers_is_as_if_it_were_not_there(made: Town) -> None:
    before = await made.everything()
    for name, case in CASES.items():
        if case.subject and case.who != "admin":
            browser = await visitor(made, case.who)
            theirs = await ask(made, browser, name, address(name.partition(" ")[2], made.theirs[case.subject]))
            never = await ask(made, browser, name, address(name.partition(" ")[2], *["never-was"] * 3))
            assert theirs.status_code == 404, (name, theirs.text[:500])
            if "{id:number}" not in name:
                assert theirs.text == never.text, f"{name} tells what is there from what is not"
    after = await made.everything()
    del before["console_sessions"], after["console_sessions"]
    assert after == before


async def test_an_office_reaches_nothing_that_is_for_admins(made: Town) -> None:
    browser = await visitor(made, "office")
    for name, case in CASES.items():
        if case.who == "admin":
            path = address(name.partition(" ")[2], made.mine[case.subject])
            assert (await ask(made, browser, name, path)).status_code == 404, name


async def test_nobody_reaches_anything(made: Town) -> None:
    nobody = made.browser()
    for name, case in CASES.items():
        if case.subject:
            method, _, path = name.partition(" ")
            seen = await nobody.request(method, address(path, made.mine[case.subject]), data=case.form or None)
            allowed = (303,) if path.startswith(ROOT) else (404,)
            assert seen.status_code in allowed, name
            assert "sign-in" in seen.headers.get("location", "sign-in"), name


async def test_junk_in_an_address_finds_nothing_and_breaks_nothing(made: Town) -> None:
    """As an admin, before whom nothing else stands in the way."""
    admin, teacher = await visitor(made, "admin"), await visitor(made, "teacher")
    form = {"csrf": await made.csrf(admin)}
    before = await made.everything()
    for name, case in CASES.items():
        method, _, path = name.partition(" ")
        browser = teacher if case.who == "teacher" else admin
        for junk in JUNK:
            for values in _in_each_place(path, junk):
                given = address(path, *values)
                seen = await browser.request(method, given, data={**form, **case.form} if method == "POST" else None)
                assert seen.status_code in (case.refusal, 404), (seen.status_code, method, given[:200])
                assert "set-cookie" not in seen.headers, given
                assert "x-evil" not in seen.headers, given
    assert await made.everything() == before


def _in_each_place(path: str, junk: str) -> list[tuple[str, ...]]:
    """The junk in place of each parameter in turn, the others being right."""
    count = path.count("{")
    if count == 1:
        return [(junk,)]
    good = (SLUG, "114", "apply")
    return [(*good[:at], junk, *good[at + 1 :]) for at in range(count)]


async def test_another_programme_in_place_of_ones_own_is_not_there(made: Town) -> None:
    """Addresses that name a programme in clear need no guessing."""
    browser = await visitor(made, "office")
    for page in ("deadlines", "answers", "schools", "people", "questions", "log"):
        for field_name in ("programme", "edition", "slug"):
            value = f"{OTHER_SLUG}@106" if field_name == "edition" else OTHER_SLUG
            shown = await browser.get(f"/admin/{page}", params={field_name: value})
            assert shown.status_code == 200
            for mark in ("office2", f"teacher-{OTHER_SLUG}"[:24], made.theirs["school"], made.theirs["question"]):
                assert mark not in shown.text, (page, field_name, mark)


async def test_ones_own_is_reached(made: Town) -> None:
    """Comes last: of what is here, some is gone afterwards."""
    for name, case in CASES.items():
        if case.subject:
            browser = await visitor(made, case.who)
            shown = await ask(made, browser, name, address(name.partition(" ")[2], made.mine[case.subject]))
            assert shown.status_code == case.works, (name, shown.text[:500])
