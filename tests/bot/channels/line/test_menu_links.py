"""Who sees which menu: it follows joining and leaving, and no failure of LINE's reaches anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import update

from bot.channels.line.admin_api import LineAdmin
from bot.channels.line.menu_links import PAUSE_SECONDS, RoleMenus
from bot.channels.line.menu_links import place as put
from bot.store import enrolments
from bot.store.access import Enrolment, Role, scope_of
from bot.store.database import Database
from bot.store.tables import conversations
from tests.bot.store.line_people import line_person
from tests.bot.store.school_house import NOW, enter, school
from tests.fakes.line import FakeLine
from tests.fakes.line_menus import Office

THEIRS = "richmenu-theirs"


@pytest.fixture
def line() -> Iterator[FakeLine]:
    """A LINE on which the menus were set up."""
    with FakeLine() as fake:
        office = fake.platform.office
        office.menus[THEIRS], office.pictures[THEIRS] = {"name": "xueban/coordinator/x"}, b""
        office.aliases["xueban-coordinator"] = THEIRS
        yield fake


@pytest.fixture
def office(line: FakeLine) -> Office:
    return line.platform.office


@pytest.fixture
async def admin(line: FakeLine) -> AsyncIterator[LineAdmin]:
    async with LineAdmin("t", line.url, line.url) as opened:
        yield opened


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def menus(admin: LineAdmin, hands: Hands) -> RoleMenus:
    return RoleMenus(admin, monotonic=hands)


@pytest.fixture
async def place(database: Database) -> Enrolment:
    """A school with the coordinator Ua, the teacher Ub, and Uc who was one."""
    async with database.write() as tx:
        made = await school(tx, "示範高中")
        await line_person(tx, "Ua", made)
        await line_person(tx, "Ub", made, coordinates=False)
        await line_person(tx, "Uc", made, left=True)
        return made


async def test_a_role_is_linked_once_and_taken_away_once(admin: LineAdmin, office: Office) -> None:
    assert [await put(admin, "Ua", THEIRS, ours=(THEIRS,)) for _ in range(2)] == [True, False]
    assert office.links == {"Ua": THEIRS}
    assert [await put(admin, "Ua", "", ours=(THEIRS,)) for _ in range(2)] == [True, False]
    assert office.links == {}
    assert office.changes == ["linkRichMenuIdToUser", "unlinkRichMenuIdFromUser"]


async def test_a_menu_that_was_linked_by_hand_stays(admin: LineAdmin, office: Office) -> None:
    office.links["Ub"] = "by-hand"
    assert not await put(admin, "Ub", "", ours=(THEIRS,))
    assert office.links == {"Ub": "by-hand"}


async def test_a_pass_links_coordinators_and_the_next_asks_nothing(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office
) -> None:
    office.links["Uc"] = THEIRS
    assert await menus.tick(database) == 2
    assert office.links == {"Ua": THEIRS}
    office.operations.clear()
    assert await menus.tick(database) == 0
    assert office.operations == []


async def test_who_joins_and_who_leaves_is_noticed(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office
) -> None:
    await menus.tick(database)
    async with database.write() as tx:
        await enter(tx, "Ub", Role.COORDINATOR, place)
        await enrolments.leave(tx, await scope_of(tx, "Ua"), NOW + 1)
    assert await menus.tick(database) == 2
    assert office.links == {"Ub": THEIRS}


async def test_who_is_still_coordinator_elsewhere_keeps_the_menu(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office
) -> None:
    async with database.write() as tx:
        await enter(tx, "Ua", Role.COORDINATOR, await school(tx, "另一所高中"))
        await enrolments.leave(tx, await scope_of(tx, "Ua"), NOW + 1, enrolment_id=place.id)
    await menus.tick(database)
    assert office.links == {"Ua": THEIRS}


async def test_who_is_forgotten_loses_the_menu(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office
) -> None:
    await menus.tick(database)
    async with database.write() as tx:
        await tx.execute(update(conversations).where(conversations.c.address == "Ua").values(person_id=None))
    assert await menus.tick(database) == 1
    assert office.links == {}


async def test_somebody_to_whom_nothing_can_be_linked_holds_nobody_up(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office
) -> None:
    async with database.write() as tx:
        await line_person(tx, "Ud", place)
    office.strangers = {"Ua"}
    assert await menus.tick(database) == 1
    assert office.links == {"Ud": THEIRS}
    office.operations.clear()
    await menus.tick(database)
    assert office.operations == []


@pytest.mark.parametrize(("operation", "status"), [("linkRichMenuIdToUser", 500), ("getRichMenuAliasList", 401)])
async def test_a_failure_is_tried_again_after_a_pause(
    database: Database, place: Enrolment, menus: RoleMenus, office: Office, hands: Hands, operation: str, status: int
) -> None:
    office.refuse(operation, status)
    assert await menus.tick(database) == 0
    hands.now += PAUSE_SECONDS - 1
    calls = len(office.operations)
    assert await menus.tick(database) == 0
    assert len(office.operations) == calls
    hands.now += 1
    assert await menus.tick(database) == 1
    assert office.links == {"Ua": THEIRS}


async def test_nothing_is_asked_of_line_where_there_is_no_coordinator(
    database: Database, menus: RoleMenus, office: Office
) -> None:
    assert await menus.tick(database) == 0
    assert office.operations == []
