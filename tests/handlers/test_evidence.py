"""What is said about files, from the message to the record, with a real database and the platforms' own events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.channels.terminal import TerminalChannel
from bot.clock import ShiftedClock, epoch_ms
from bot.evidence import sentences
from bot.messages import Channel, Choice
from bot.store import evidence, file_links, records
from bot.store.access import Enrolment, Role, Scope, scope_of
from bot.store.database import Database, insert_or_ignore
from bot.store.evidence import STORED, NewEvidence
from bot.store.stored_record import StoredRecord
from bot.store.tables import conversations
from bot.store.work_tables import evidence as table
from bot.store.work_tables import memberships
from handlers import evidence as said
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.evidence import EvidenceDesk
from tests.bot.store.school_house import enter, logged, member, person, school
from tests.fakes import line_events, telegram_events

CHANNELS: dict[str, Channel] = {
    "line": LineChannel("s"),
    "telegram": TelegramChannel("s"),
    "terminal": TerminalChannel(),
}
ALBUM = {"id": "E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855", "total": 3}


@dataclass
class Teacher:
    """Somebody who sends files and taps buttons, in one chat."""

    database: Database
    clock: ShiftedClock
    name: str
    chat: str
    desk: EvidenceDesk = field(default_factory=lambda: EvidenceDesk("https://x.test"))
    turn: Turn | None = None

    async def send(self, event: Mapping[str, Any], channel: str = "line") -> str:
        """One event; returns the words of the reply."""
        incoming = CHANNELS[channel].parse(event)
        assert incoming is not None
        async with self.database.write() as tx:
            desk = Desk(tx, self.chat, self.clock.now())
            self.turn = await self.desk.received(State(), incoming, desk)
        return self.text

    async def tap(self, action: str) -> str:
        """A button by what it carries; returns the words of the reply."""
        assert action.startswith("v:")
        async with self.database.write() as tx:
            desk = Desk(tx, self.chat, self.clock.now())
            self.turn = await self.desk.act(State(), action.removeprefix("v:"), desk)
        return self.text

    async def press(self, label: str) -> str:
        """A button of the last reply by its label."""
        return await self.tap(next(choice.action for choice in self.offered if choice.label == label))

    @property
    def text(self) -> str:
        """All words of the last reply."""
        return "\n".join(message.text for message in self.turn.messages) if self.turn else ""

    @property
    def offered(self) -> list[Choice]:
        """The buttons of the last reply."""
        return [choice for message in self.turn.messages for choice in message.choices] if self.turn else []

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [choice.label for choice in self.offered]

    async def attached(self, record: StoredRecord) -> int:
        """How many files are attached to a record."""
        async with self.database.read() as connection:
            return len(await evidence.of_record(connection, await scope_of(connection, self.name), record.id))


@dataclass
class Town:
    """Two schools; a teacher and a coordinator at the first, a teacher at the second."""

    database: Database
    clock: ShiftedClock
    first: Enrolment
    second: Enrolment
    people: dict[str, Teacher]
    scopes: dict[str, Scope]

    def __getitem__(self, name: str) -> Teacher:
        return self.people[name]

    async def log(self, name: str, **fields: Any) -> StoredRecord:
        """A record that somebody logged; each a second after the one before."""
        self.clock.move_to(self.clock.now() + timedelta(seconds=1))
        place = self.second if name == "stranger" else self.first
        async with self.database.write() as tx:
            return await logged(tx, self.scopes[name], place, now=epoch_ms(self.clock.now()), **fields)

    async def join_chat(self, tx: Any, name: str, channel: str) -> None:
        """A private chat of somebody's."""
        row = {"id": f"{channel}:{name}", "channel": channel, "address": name, "person_id": name}
        await tx.execute(insert_or_ignore(conversations, tx.dialect), {**row, "created_at": 1, "updated_at": 1})


@pytest.fixture
async def town(database: Database, clock: ShiftedClock) -> Town:
    people: dict[str, Teacher] = {}
    scopes: dict[str, Scope] = {}
    async with database.write() as tx:
        first, second = await school(tx, "甲校"), await school(tx, "乙校")
        for name, role, place in (
            ("teacher", Role.TEACHER, first),
            ("lead", Role.COORDINATOR, first),
            ("stranger", Role.COORDINATOR, second),
        ):
            scopes[name] = await member(tx, name, place, role)
        await enter(tx, await person(tx, "office"), Role.OFFICE, programme=first.programme)
        await person(tx, "guest")
        made = Town(database, clock, first, second, people, scopes)
        for name in ("teacher", "lead", "stranger", "office", "guest"):
            await made.join_chat(tx, name, "line")
            people[name] = Teacher(database, clock, name, f"line:{name}")
    return made


async def test_who_belongs_to_no_school_is_told_how_to_keep_files(town: Town) -> None:
    assert await town["guest"].send(line_events.file()) == said.JOIN_FIRST
    async with town.database.read() as connection:
        assert (await connection.execute(select(table.c.id))).first() is None


async def test_who_only_oversees_is_told_that_schools_send_files(town: Town) -> None:
    assert await town["office"].send(line_events.file()) == said.ONLY_READS


async def test_a_sticker_is_no_file(town: Town) -> None:
    await town["teacher"].send(line_events.sticker())
    assert town["teacher"].turn is None


async def test_a_picture_on_somebody_elses_server_is_not_ours_to_fetch(town: Town) -> None:
    elsewhere = {"contentProvider": {"type": "external", "originalContentUrl": "http://169.254.169.254/"}}
    await town["teacher"].send(line_events.file(more=elsewhere))
    assert town["teacher"].turn is None


async def test_a_photo_is_attached_to_a_record_before_its_content_is_there(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    assert await teacher.send(line_events.file()) == "收到 1 個檔案。要附到哪一筆紀錄？"
    assert teacher.labels == ["11/18 社群活動", "先放著"]
    assert await teacher.press("11/18 社群活動") == "\n".join(
        ["1 個檔案附到「11/18 社群活動」了。", said.STILL_COMING.format(count=1)]
    )
    assert await teacher.attached(record) == 1


async def test_photos_sent_one_after_the_other_are_attached_together(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    assert await teacher.send(line_events.file()) == "收到 2 個檔案。要附到哪一筆紀錄？"
    await teacher.press("11/18 社群活動")
    assert await teacher.attached(record) == 2
    town.clock.move_to(town.clock.now() + timedelta(minutes=3))
    assert await teacher.send(line_events.file()) == "收到 1 個檔案。要附到哪一筆紀錄？"


async def test_an_album_of_line_is_asked_about_once(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    assert (await teacher.send(line_events.file(more={"imageSet": {**ALBUM, "index": 2}}))).startswith(
        "收到 3 個檔案。"
    )
    offered = teacher.offered
    assert await teacher.send(line_events.file(more={"imageSet": {**ALBUM, "index": 1}})) == ""
    await teacher.tap(offered[0].action)
    assert await teacher.send(line_events.file(more={"imageSet": {**ALBUM, "index": 3}})) == ""
    assert await teacher.attached(record) == 3


async def test_an_album_of_telegram_is_asked_about_once(town: Town) -> None:
    async with town.database.write() as tx:
        await town.join_chat(tx, "teacher", "telegram")
    record = await town.log("teacher")
    teacher = Teacher(town.database, town.clock, "teacher", "telegram:teacher")
    sizes = [{"file_id": "small", "width": 90, "height": 60}, {"file_id": "large", "width": 1280, "height": 853}]
    photo: dict[str, Any] = {"photo": sizes, "media_group_id": "13579"}
    assert (
        await teacher.send(telegram_events.update(message=telegram_events.message(**photo)), "telegram")
    ).startswith("收到這一批檔案。")
    offered = teacher.offered
    assert await teacher.send(telegram_events.update(message=telegram_events.message(**photo)), "telegram") == ""
    await teacher.tap(offered[0].action)
    assert await teacher.attached(record) == 2
    async with town.database.read() as connection:
        assert set((await connection.execute(select(table.c.source))).scalars()) == {"large"}


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (line_events.file("video"), sentences.VIDEO),
        (line_events.file("audio"), sentences.SOUND),
        (
            line_events.file("file", more={"fileName": "影片.pdf", "fileSize": 500 * 1024 * 1024}),
            sentences.too_large(10 * 1024 * 1024),
        ),
    ],
)
async def test_what_cannot_be_kept_is_refused_at_once(town: Town, event: dict[str, Any], sentence: str) -> None:
    await town.log("teacher")
    assert sentence in await town["teacher"].send(event)
    assert town["teacher"].offered == []
    async with town.database.read() as connection:
        assert (await connection.execute(select(table.c.id))).first() is None


async def test_a_path_in_a_name_is_not_kept(town: Town) -> None:
    await town["teacher"].send(line_events.file("file", more={"fileName": "../../etc/passwd", "fileSize": 5}))
    async with town.database.read() as connection:
        assert (await connection.execute(select(table.c.name))).scalar_one() == "passwd"


async def test_without_a_record_files_wait_for_one(town: Town) -> None:
    teacher = town["teacher"]
    assert await teacher.send(line_events.file()) == said.NO_RECORD_YET.format(received="收到 1 個檔案。")
    record = await town.log("teacher")
    async with town.database.write() as tx:
        (offer,) = await teacher.desk.offered_for(record.id, Desk(tx, teacher.chat, town.clock.now()))
    assert offer.label == "附上剛才的檔案"
    assert (await teacher.tap(offer.action)).startswith("1 個檔案附到「11/18 社群活動」了。")
    async with town.database.write() as tx:
        assert await teacher.desk.offered_for(record.id, Desk(tx, teacher.chat, town.clock.now())) == ()


async def test_what_was_put_aside_is_offered_for_a_day(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    assert await teacher.press("先放著") == said.KEPT
    town.clock.move_to(town.clock.now() + timedelta(hours=24, minutes=1))
    async with town.database.write() as tx:
        assert await teacher.desk.offered_for(record.id, Desk(tx, teacher.chat, town.clock.now())) == ()
    assert await teacher.tap(f"v:add:{record.id}") == said.NOTHING_LOOSE


async def test_ones_own_records_come_first_and_six_are_offered(town: Town) -> None:
    await town.log("lead", topic="別人的", kind="open_class")
    for day in range(1, 8):
        await town.log("teacher", starts_at=records_day(day))
    await town["teacher"].send(line_events.file())
    assert town["teacher"].labels == [f"11/{day} 社群活動" for day in (7, 6, 5, 4, 3, 2)] + ["先放著"]


async def test_a_colleagues_record_is_offered_too(town: Town) -> None:
    record = await town.log("lead")
    await town["teacher"].send(line_events.file())
    await town["teacher"].press("11/18 社群活動")
    assert await town["teacher"].attached(record) == 1


async def test_records_that_look_alike_can_be_told_apart(town: Town) -> None:
    for hour in (9, 14):
        await town.log("teacher", starts_at=records_day(18).replace(hour=hour))
    await town["teacher"].send(line_events.file())
    assert town["teacher"].labels[:2] == ["14:00 11/18 社群活動", "09:00 11/18 社群活動"]


async def test_a_record_of_another_school_is_as_if_it_were_not_there(town: Town) -> None:
    await town.log("teacher")
    theirs = await town.log("stranger")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    batch = teacher.offered[0].action.split(":")[2]
    unknown = await teacher.tap(f"v:to:{batch}:nosuchrecord")
    assert await teacher.tap(f"v:to:{batch}:{theirs.id}") == unknown == said.NO_RECORD
    assert await teacher.tap(f"v:add:{theirs.id}") == await teacher.tap(f"v:show:{theirs.id}") == said.NO_RECORD
    assert await town["stranger"].attached(theirs) == 0


async def test_a_deleted_record_takes_no_files(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    async with town.database.write() as tx:
        await records.delete(tx, town.scopes["teacher"], record.id, 1, channel="line", now=1)
    assert await teacher.press("11/18 社群活動") == said.NO_RECORD


async def test_nobody_attaches_what_somebody_else_sent(town: Town) -> None:
    record = await town.log("teacher")
    await town["teacher"].send(line_events.file())
    action = town["teacher"].offered[0].action
    assert await town["lead"].tap(action) == said.NO_LONGER
    assert await town["lead"].attached(record) == 0


async def test_a_second_tap_says_that_it_was_done(town: Town) -> None:
    await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    action = teacher.offered[0].action
    await teacher.tap(action)
    assert await teacher.tap(action) == said.ALREADY


async def test_the_list_says_what_is_there_with_links_for_this_person(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file("file", more={"fileName": "紀錄.pdf", "fileSize": 5}))
    await teacher.press("11/18 社群活動")
    assert "1. 紀錄.pdf（內容還在下載）" in await teacher.press("看附件")
    async with town.database.write() as tx:
        await tx.execute(update(table).values(state=STORED, sha256="a" * 64, size=3 * 1024 * 1024))
    shown = await teacher.tap(f"v:show:{record.id}")
    assert "1. 紀錄.pdf（3.0 MB）" in shown
    token = shown.partition("https://x.test/files/")[2].split()[0]
    async with town.database.read() as connection:
        link = await file_links.find(connection, token, epoch_ms(town.clock.now()))
    assert link is not None
    assert (link.person, link.kind) == ("teacher", "evidence")
    assert "刪除第 1 個" in teacher.labels


async def test_a_file_is_deleted_after_a_second_thought(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file("file", more={"fileName": "紀錄.pdf", "fileSize": 5}))
    await teacher.press("11/18 社群活動")
    await teacher.press("看附件")
    assert await teacher.press("刪除第 1 個") == "要刪除「紀錄.pdf」嗎？刪了就救不回來。"
    assert await teacher.attached(record) == 1
    assert await teacher.press("刪除") == "「紀錄.pdf」已經刪除。"
    assert await teacher.attached(record) == 0


async def test_a_coordinator_deletes_any_file_of_the_school_a_teacher_only_their_own(town: Town) -> None:
    record = await town.log("lead")
    await town["lead"].send(line_events.file())
    await town["lead"].press("11/18 社群活動")
    async with town.database.read() as connection:
        (identity,) = (await connection.execute(select(table.c.id))).scalars()
    assert await town["teacher"].tap(f"v:erase:{identity}") == said.NOT_YOURS
    assert await town["stranger"].tap(f"v:erase:{identity}") == said.NO_FILE
    assert await town["stranger"].tap(f"v:drop:{identity}") == said.NO_FILE
    assert await town["teacher"].attached(record) == 1
    await town["teacher"].send(line_events.file())
    await town["teacher"].press("11/18 社群活動")
    async with town.database.read() as connection:
        mine = (await connection.execute(select(table.c.id).where(table.c.person_id == "teacher"))).scalar_one()
    assert (await town["lead"].tap(f"v:erase:{mine}")).endswith("已經刪除。")


async def test_who_left_the_school_sees_nothing_of_it_any_more(town: Town) -> None:
    record = await town.log("teacher")
    teacher = town["teacher"]
    await teacher.send(line_events.file())
    await teacher.press("11/18 社群活動")
    async with town.database.write() as tx:
        await tx.execute(update(memberships).where(memberships.c.person_id == "teacher").values(ended_at=1))
    assert await teacher.tap(f"v:show:{record.id}") == said.NO_RECORD
    assert await teacher.send(line_events.file()) == said.JOIN_FIRST


async def test_a_file_that_came_with_its_bytes_is_asked_about_like_any_other(town: Town) -> None:
    await town.log("teacher")
    async with town.database.write() as tx:
        await town.join_chat(tx, "teacher", "terminal")
        new = NewEvidence("terminal", "e1", "e1:0", "a.jpg", "image/jpeg", 5, "a" * 64)
        now = epoch_ms(town.clock.now())
        await evidence.add(tx, new, person="teacher", conversation_id="terminal:teacher", batch="", now=now)
    teacher = Teacher(town.database, town.clock, "teacher", "terminal:teacher")
    kept = {"source": "e1:0", "name": "a.jpg", "media_type": "image", "size": 5}
    refused = {"source": "e1:1", "name": "b.mp4", "problem": sentences.VIDEO}
    event = {"id": "e1", "user": "teacher", "at": 1, "kind": "file", "files": [kept, refused]}
    reply = await teacher.send(event, "terminal")
    assert reply == f"沒有收下「b.mp4」：{sentences.VIDEO}\n收到 1 個檔案。要附到哪一筆紀錄？"
    assert (await teacher.press("11/18 社群活動")).startswith("1 個檔案附到「11/18 社群活動」了。")


@pytest.mark.parametrize(
    "action",
    [
        "v:",
        "v:to",
        "v:to::",
        "v:to:x",
        "v:add:",
        "v:show:",
        "v:drop:",
        "v:erase:",
        "v:nonsense",
        "v:to:a:b:c",
        "v:show:\0",
    ],
)
async def test_a_button_that_somebody_made_up_breaks_nothing(town: Town, action: str) -> None:
    await town.log("teacher")
    await town["teacher"].send(line_events.file())
    await town["teacher"].tap(action)


def records_day(day: int) -> datetime:
    """A day of November at noon."""
    return datetime(2025, 11, day, 12, 0)
