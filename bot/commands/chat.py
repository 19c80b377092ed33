"""`xueban chat`: a conversation in the terminal over the same inbox, engine and outbox, without a server."""

from __future__ import annotations

import asyncio
import io
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from bot import logs
from bot.channels.limits import clean
from bot.channels.terminal import TerminalChannel, lay_out
from bot.clock import ShiftedClock, epoch_ms
from bot.commands.chat_lines import MalformedLineError, as_line, read_line, read_moment, read_name
from bot.evidence import sentences
from bot.evidence.intake import Intake, Upload
from bot.evidence.preparing import Preparing
from bot.evidence.storage import Folder
from bot.inbox.ingest import Ingest, new_events
from bot.inbox.worker import Worker
from bot.messages import Kind, Message
from bot.settings import Settings
from bot.store import migrate, terminal, transcript
from bot.store.database import Database
from handlers.router import Router

USER = "me"
"""Who speaks at the prompt unless `--user` says otherwise."""
LOOK_AGAIN_SECONDS = 0.05
INTRODUCTION = "學伴：直接打字提問，或輸入選項的號碼。按 Ctrl-D 結束。\n"
Planner = Callable[[Database, datetime], Awaitable[object]]
"""Whatever puts into the outbox the reminders that fell due by a moment."""


class Terminal:
    """One process's conversations: each thing said is stored, worked off and read back before the next."""

    def __init__(
        self, database: Database, router: Router, clock: ShiftedClock, intake: Intake, *, plan: Planner | None = None
    ) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock
        self._plan = plan
        self._channel = TerminalChannel()
        self._ingest = Ingest(database, clock, on_stored=lambda: None)
        self._worker = Worker(database, {"terminal": self._channel}, router, clock, on_outgoing=lambda: None)

    async def open(self) -> None:
        """Bring the database to the newest schema."""
        await migrate.to_head(self._database)

    async def close(self) -> None:
        """Give the database back."""
        await self._database.close()

    async def is_new(self, user: str) -> bool:
        """Whether this person has never been here."""
        async with self._database.read() as connection:
            return not await transcript.exists_conversation(connection, _conversation_id(user))

    async def say(self, user: str, text: str = "", kind: Kind = Kind.TEXT, file: str = "") -> list[Message]:
        """What a person is shown in answer to one thing that they say; nothing in answer to nothing.

        `file`: the path of what they send with `Kind.FILE`.
        """
        text = clean(text).strip()
        if kind is Kind.TEXT and not text:
            return []
        identity = str(uuid.uuid4())
        raw: dict[str, Any] = {"id": identity, "user": user, "text": text, "kind": kind.value, "at": self._now()}
        if file:
            upload = await asyncio.to_thread(_read, file, self._intake.limit)
            raw["files"] = await self._intake.take("terminal", _conversation_id(user), identity, [upload])
        await self._ingest.put(new_events(self._channel, [raw]))
        async with self._database.write() as tx:
            await terminal.refill(tx, _conversation_id(user))
        await self._work_off(user)
        shown = await self._print(lambda row: row.event_id == identity and row.address == user)
        return [message for _, messages in shown for message in messages]

    async def pushes(self) -> list[tuple[str, list[Message]]]:
        """What people were shown without having asked, by name, the oldest first."""
        if self._plan:
            await self._plan(self._database, self._clock.now())
        return await self._print(lambda row: True)

    def move_to(self, moment: datetime) -> None:
        """Set the clock; it runs on from there."""
        self._clock.move_to(moment)

    async def _work_off(self, user: str) -> None:
        while await self._is_waiting(user):
            # Nothing done and still waiting: the event failed and is tried again in some seconds.
            if not await self._worker.step():
                await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _is_waiting(self, user: str) -> bool:
        async with self._database.read() as connection:
            return await transcript.is_waiting(connection, _conversation_id(user))

    async def _print(self, wanted: Callable[[terminal.Shown], bool]) -> list[tuple[str, list[Message]]]:
        now = self._now()
        async with self._database.write() as tx:
            rows = [row for row in await terminal.unprinted(tx, "terminal", now=now) if wanted(row)]
            await terminal.note_printed(tx, rows, now)
        return [(row.address, list(row.messages)) for row in rows]

    def _now(self) -> int:
        return epoch_ms(self._clock.now())


def chat_command(
    settings: Settings,
    router: Router,
    *,
    as_json: bool = False,
    user: str = "",
    now: str = "",
    plan: Planner | None = None,
    source: TextIO | None = None,
    target: TextIO | None = None,
) -> int:
    """Converse until the input ends; returns the exit code, 2 for input that cannot be read.

    `now` is an ISO date or date-time, Taipei wall time where it has no zone. `plan` is called before each
    look for pushes. `source` and `target` stand in for standard input and output.
    """
    logs.configure("warning", settings.log_format)
    source, target = source or _utf8(sys.stdin), target or _utf8(sys.stdout)
    try:
        start = read_moment(now, "--now") if now else settings.clock().now()
        user = read_name(user, "--user") if user else ""
    except MalformedLineError as error:
        return _complain(str(error))
    # The runner waits for no input: a Ctrl-C at the prompt ends the command at once.
    with asyncio.Runner() as runner:
        here = _terminal(settings, router, ShiftedClock(start), plan)
        converse = _converse_in_json if as_json else _converse
        try:
            runner.run(here.open())
            converse(runner, here, source, target, user)
        except MalformedLineError as error:
            return _complain(str(error))
        except KeyboardInterrupt:
            return 130
        finally:
            runner.run(here.close())
    return 0


def _converse_in_json(runner: asyncio.Runner, here: Terminal, source: Iterable[str], target: TextIO, user: str) -> None:
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        said = read_line(line, number, user)
        if said.now:
            here.move_to(said.now)
        if said.kind:
            answers = runner.run(here.say(said.user, said.text, said.kind, said.file))
            print(as_line(said.user, answers), file=target, flush=True)
        for person, messages in runner.run(here.pushes()):
            print(as_line(person, messages, push=True), file=target, flush=True)


def _converse(runner: asyncio.Runner, here: Terminal, source: TextIO, target: TextIO, user: str) -> None:
    user = user or USER
    prompt = "您：" if source.isatty() else ""

    def show(messages: list[Message], head: str = "") -> None:
        if messages:
            print(f"\n{head}{lay_out(messages)}\n", file=target, flush=True)

    def show_pushes() -> None:
        for person, messages in runner.run(here.pushes()):
            show(messages, "〔通知〕" if person == user else f"〔給 {person} 的通知〕")

    if prompt:
        print(INTRODUCTION, file=target)
    if runner.run(here.is_new(user)):
        show(runner.run(here.say(user, kind=Kind.FOLLOW)))
    show_pushes()
    while True:
        print(prompt, end="", file=target, flush=True)
        line = source.readline()
        if not line:
            return
        show(runner.run(here.say(user, line)))
        show_pushes()


def _terminal(settings: Settings, router: Router, clock: ShiftedClock, plan: Planner | None) -> Terminal:
    database = Database(settings.database_url)
    intake = Intake(database, Folder(settings.evidence_dir), Preparing(settings.largest_evidence), clock)
    return Terminal(database, router, clock, intake, plan=plan)


def _read(path: str, limit: int) -> Upload:
    """A file, and no more of it than tells that it is too large."""
    name = Path(path).name
    try:
        with Path(path).open("rb") as file:
            return Upload(name, file.read(limit + 1))
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return Upload(name, problem=sentences.UNREADABLE)


def _utf8(stream: TextIO) -> TextIO:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")
    return stream


def _conversation_id(user: str) -> str:
    return f"terminal:{user}"


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2
