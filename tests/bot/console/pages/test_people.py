"""People and invitations: who is in, letting in, letting out; each office its own programme's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.store import console_log, people
from bot.store.access import Role, scope_of
from tests.bot.console.console_house import OTHER_SLUG, SLUG, Console, said
from tests.bot.store.school_house import NOW

WANTED = {"role": "coordinator", "edition": f"{SLUG}@114", "school": "示範高中", "county": "臺中市"}


async def test_an_office_invites_a_coordinator_to_a_new_school(house: Console) -> None:
    office = await house.office()
    desk = await house.at(office)
    shown = await desk.send("/admin/people/invite", WANTED)
    assert shown.status_code == 200
    found = re.search(r"加入 ([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", said(shown))
    assert found is not None
    used = await house.do(lambda tx: people.use_code(tx, people.INVITE, found[1], NOW))
    assert used is not None
    assert used[1]["school"] == "示範高中"
    log = await house.do(lambda tx: console_log.entries(tx, office))
    assert [(each.action, each.data) for each in log] == [("invite", {"role": "coordinator"})]
    assert found[1] not in str(log)


async def test_a_code_that_is_unused_is_listed_without_itself_and_can_be_taken_back(house: Console) -> None:
    desk = await house.at(await house.office())
    await desk.send("/admin/people/invite", WANTED)
    page = await desk.see("/admin/people")
    assert "示範高中" in said(page)
    path = re.search(r"/admin/people/invited/[0-9a-f]+/withdraw", page.text)
    assert path is not None
    other = await house.at(await house.office(OTHER_SLUG, "o2"))
    assert (await other.send(path[0])).status_code == 404
    assert "沒有還沒用的邀請碼" in await desk.done(path[0])
    assert (await desk.send(path[0])).status_code == 404


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"school": ""}, "學校要寫"),
        ({"school": "校" * 81}, "學校要寫"),
        ({"county": "縣" * 17}, "學校要寫"),
        ({"edition": f"{OTHER_SLUG}@106"}, "請選計畫"),
        ({"edition": "x"}, "請選計畫"),
        ({"role": "admin"}, "請選身分"),
        ({"role": "king"}, "請選身分"),
    ],
)
async def test_a_mistake_is_said_and_nothing_typed_is_lost(
    house: Console, change: dict[str, Any], problem: str
) -> None:
    desk = await house.at(await house.office())
    shown = await desk.send("/admin/people/invite", WANTED | change)
    assert shown.status_code == 422
    assert problem in said(shown)
    assert f'value="{(WANTED | change)["school"]}"' in shown.text
    assert "沒有還沒用的邀請碼" in await desk.read("/admin/people")


async def test_people_are_found_by_name_school_and_role(house: Console) -> None:
    place = await house.school("示範高中", county="臺中市")
    await house.member("alpha", place)
    await house.member("beta", place, Role.TEACHER)
    await house.member("theirs", await house.school("乙校", OTHER_SLUG))
    desk = await house.at(await house.office())
    text = await desk.read("/admin/people")
    assert "老師alpha" in text
    assert "老師theirs" not in text
    assert "老師beta" not in await desk.read("/admin/people", words="alpha")
    assert "老師alpha 召集人 示範高中" in await desk.read("/admin/people", words="臺中")
    assert "老師alpha" not in await desk.read("/admin/people", role="teacher")
    assert "沒有符合的人" in await desk.read("/admin/people", words="%_'")


async def test_a_member_is_removed_at_once(house: Console) -> None:
    place = await house.school("示範高中")
    member = await house.member("alpha", place)
    desk = await house.at(await house.office())
    path = re.search(r"/admin/people/\d+", (await desk.see("/admin/people", words="alpha")).text)
    assert path is not None
    other = await house.at(await house.office(OTHER_SLUG, "o2"))
    assert (await other.see(path[0])).status_code == 404
    assert (await other.send(f"{path[0]}/remove")).status_code == 404
    assert "已移除老師alpha" in await desk.done(f"{path[0]}/remove")
    assert (await house.do(lambda tx: scope_of(tx, member.person))).memberships == ()


async def test_only_an_admin_ends_an_office_and_nobody_themselves(house: Console) -> None:
    office, second = await house.office(), await house.office(SLUG, "office2")
    desk = await house.at(office)
    path = re.search(r"/admin/people/\d+", (await desk.see("/admin/people", words="office2")).text)
    assert path is not None
    assert (await desk.send(f"{path[0]}/remove")).status_code == 409
    theirs = await house.at(second)
    admin = await house.at(await house.admin())
    await admin.done(f"{path[0]}/remove")
    assert (await theirs.see()).status_code == 303  # signed out
    own = re.search(r"/admin/people/\d+", (await admin.see("/admin/people", words="admin")).text)
    assert own is not None
    assert (await admin.send(f"{own[0]}/remove")).status_code == 409


async def test_an_admin_gives_an_office_a_link_to_sign_in_with(house: Console) -> None:
    await house.office()
    admin = await house.at(await house.admin())
    path = re.search(r"/admin/people/\d+", (await admin.see("/admin/people", words="office")).text)
    assert path is not None
    given = await admin.send(f"{path[0]}/entry")
    link = re.search(r"/admin/enter/[\w-]+", given.text)
    assert link is not None
    browser = house.browser()
    entered = await browser.post(link[0])
    assert entered.status_code == 303
    assert (await browser.get("/admin")).status_code == 200
    office = await house.at(await house.office(SLUG, "o2"))
    assert (await office.send(f"{path[0]}/entry")).status_code == 404
