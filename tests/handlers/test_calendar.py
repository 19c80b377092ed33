"""「行事曆」: an address for members, shown once; a new one, and none any more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import from_epoch_ms
from bot.messages import Choice
from bot.store import calendars, enrolments
from bot.store.access import Role, scope_of
from bot.store.calendars import MOST
from bot.store.database import Database
from handlers.calendar import HELD, NONE_TO_STOP, NOT_MEMBER, RENEWED, STOPPED, TOO_MANY, Calendar, Wish, read
from handlers.choices import LONGEST_ACTION, LONGEST_LABEL
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from tests.bot.store.school_house import NOW, enter, member, person, school
from tests.handlers.stage import Playhouse, Talk

ADDRESS = re.compile(r"https://x\.test/calendar/([A-Za-z0-9_-]{43})\.ics")


@dataclass
class Chat:
    """One person's talk about the calendar."""

    database: Database
    name: str = "ann"
    turn: Turn | None = None
    calendar: Calendar = field(default_factory=lambda: Calendar("https://x.test"))

    async def say(self, text: str) -> str:
        """Type something; the words of the reply, empty where it is not ours."""
        async with self.database.write() as tx:
            self.turn = await self.calendar.wanted(State(), text, Desk(tx, f"web:{self.name}", from_epoch_ms(NOW)))
        return self.text

    async def press(self, label: str) -> str:
        """Tap a button of the last reply by its label."""
        action = next(choice.action for choice in self.offered if choice.label == label)
        async with self.database.write() as tx:
            desk = Desk(tx, f"web:{self.name}", from_epoch_ms(NOW))
            self.turn = await self.calendar.act(State(), action.removeprefix("k:"), desk)
        return self.text

    async def owner(self, secret: str) -> str | None:
        """Whose calendar an address is."""
        async with self.database.read() as tx:
            return await calendars.owner(tx, secret)

    @property
    def text(self) -> str:
        """All words of the last reply."""
        return "\n".join(message.text for message in self.turn.messages) if self.turn else ""

    @property
    def secret(self) -> str:
        """The secret part of the address in it."""
        found = ADDRESS.search(self.text)
        assert found is not None, self.text
        return found[1]

    @property
    def offered(self) -> list[Choice]:
        """All buttons of the last reply."""
        return [choice for message in self.turn.messages for choice in message.choices] if self.turn else []


async def teacher(database: Database) -> Chat:
    """Somebody at a school."""
    async with database.write() as tx:
        await member(tx, "ann", await school(tx, "甲校"))
    return Chat(database)


async def test_a_member_gets_an_address_of_their_own_and_how_to_use_it(database: Database) -> None:
    chat = await teacher(database)
    said = await chat.say("行事曆")
    assert await chat.owner(chat.secret) == "ann"
    for word in ("Google", "iPhone", "Outlook", "不要轉傳", "仍以這裡的提醒為準"):
        assert word in said


async def test_it_is_shown_once_and_another_one_is_given_beside_it(database: Database) -> None:
    chat = await teacher(database)
    await chat.say("訂閱行事曆")
    first = chat.secret
    assert await chat.say("ICS") == HELD.format(count=1)
    await chat.press("再給我一個")
    assert [await chat.owner(each) for each in (first, chat.secret)] == ["ann", "ann"]


async def test_a_new_one_ends_all_old_ones(database: Database) -> None:
    chat = await teacher(database)
    await chat.say("行事曆")
    first = chat.secret
    assert RENEWED in await chat.say("換一個網址")
    assert [await chat.owner(each) for each in (first, chat.secret)] == [None, "ann"]


async def test_of_too_many_only_a_new_one_helps(database: Database) -> None:
    chat = await teacher(database)
    await chat.say("行事曆")
    for _ in range(MOST - 1):
        await chat.say("行事曆")
        await chat.press("再給我一個")
    await chat.say("行事曆")
    assert await chat.press("再給我一個") == TOO_MANY.format(count=MOST)
    await chat.press("換一個網址")
    assert await chat.owner(chat.secret) == "ann"


async def test_stopping_leaves_none(database: Database) -> None:
    chat = await teacher(database)
    assert await chat.say("停用行事曆") == NONE_TO_STOP
    await chat.say("行事曆")
    secret = chat.secret
    assert await chat.say("停用行事曆") == STOPPED
    assert await chat.owner(secret) is None


async def test_who_is_at_no_school_gets_none(database: Database) -> None:
    async with database.write() as tx:
        await person(tx, "ann")
        await enter(tx, await person(tx, "office"), Role.OFFICE, programme="distance-teaching")
    for name in ("ann", "office", "nobody"):
        assert await Chat(database, name).say("行事曆") == NOT_MEMBER


async def test_who_left_may_still_end_it_but_gets_no_other(database: Database) -> None:
    chat = await teacher(database)
    await chat.say("行事曆")
    secret = chat.secret
    async with database.write() as tx:
        await enrolments.leave(tx, await scope_of(tx, "ann"), NOW)
    assert await chat.say("換一個網址") == f"{RENEWED}\n{NOT_MEMBER}"
    assert await chat.owner(secret) is None


async def test_another_address_is_not_ours_to_change(database: Database) -> None:
    chat = await teacher(database)
    assert await chat.say("換一個網址") == ""
    assert ADDRESS.search(await chat.say("換一個行事曆網址"))


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("行事曆", Wish.SHOW),
        ("日曆", Wish.SHOW),
        ("我要訂閱行事曆", Wish.SHOW),
        ("給我行事曆網址", Wish.SHOW),
        ("ics", Wish.SHOW),
        ("ＩＣＳ 檔", Wish.SHOW),
        ("iCal", Wish.SHOW),
        ("匯出行事曆。", Wish.SHOW),
        ("訂閱期限", Wish.SHOW),
        ("換一個網址", Wish.RENEW),
        ("更換行事曆網址", Wish.RENEW),
        ("重設行事曆的訂閱網址", Wish.RENEW),
        ("停用行事曆", Wish.STOP),
        ("取消訂閱行事曆", Wish.STOP),
        ("不要行事曆了", None),
        ("行事曆要附在計畫書裡嗎", None),
        ("學校行事曆", None),
        ("換網址列", None),
        ("取消", None),
        ("訂閱", None),
        ("", None),
    ],
)
def test_whole_messages_are_read_and_questions_are_not(text: str, wish: Wish | None) -> None:
    assert read(text) == wish


@given(st.text())
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    read(text)


@pytest.mark.parametrize("rest", ["", "x", "show:1", "SHOW"])
async def test_a_button_that_was_never_made_does_nothing(database: Database, rest: str) -> None:
    async with database.write() as tx:
        desk = Desk(tx, "web:ann", from_epoch_ms(NOW))
        assert await Calendar("https://x.test").act(State(), rest, desk) is None


async def test_every_button_fits_every_channel(database: Database) -> None:
    chat = await teacher(database)
    for text in ("行事曆", "行事曆", "停用行事曆"):
        await chat.say(text)
        assert chat.offered
        assert all(len(each.label) <= LONGEST_LABEL for each in chat.offered)
        assert all(len(each.action.encode()) <= LONGEST_ACTION for each in chat.offered)


def test_the_router_knows_the_words_and_the_buttons(house: Playhouse) -> None:
    talk = Talk(house=house)
    house.join(talk.conversation, "distance-teaching")
    talk.say("行事曆")
    assert "/calendar/" in talk.text
    talk.press("換一個網址")
    assert RENEWED in talk.text
