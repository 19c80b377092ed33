"""Saving a record by chat, end to end, beside a bare insert on the same SQLite database.

Two messages save a record: the line, which is answered with a card, and 「確認」, which stores record and version, the
run, the reply and the state of the conversation in one transaction. Each is stored and worked off as in `turns`.
"""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import text

from bot.clock import epoch_ms
from bot.store import enrolments, people
from bot.store.access import unlimited
from bot.store.database import Database, insert_or_ignore
from bot.store.tables import conversations
from knowledge.loader import load_base
from tests.bench.turns import Stage, Times, drop, times_of

PEOPLE = 40
RECORDS = 12
"""Of each person."""
_WARM = 3
"""People whose records are not counted."""
_EDITION = ("distance-teaching", "114")


@dataclass(frozen=True, slots=True)
class Found:
    """All of one run, measured in turn."""

    line: Times
    """A line to its card."""
    confirm: Times
    """「確認」 to the stored record."""
    whole: Times
    """Both."""
    insert: Times
    count: int


def run() -> Found:
    """Measure on a new SQLite file."""
    structlog.configure(processors=[drop])
    try:
        with tempfile.TemporaryDirectory(prefix="xueban-bench-") as folder:
            return asyncio.run(_measure(Path(folder) / "xueban.db"))
    finally:
        structlog.reset_defaults()


async def _measure(path: Path) -> Found:
    database = Database(f"sqlite:///{path}")
    stage = Stage(database)
    lines, confirms, bare = list[float](), list[float](), list[float]()
    try:
        await stage.prepare()
        for person in range(PEOPLE + _WARM):
            await _join(database, f"person-{person}", epoch_ms(stage.clock.now()))
            for number in range(RECORDS):
                day = stage.clock.now().date() - timedelta(days=number + 1)
                said = f"{day.month}/{day.day} 14:00-16:00 社群會議，討論差異化教學，{number + 3}人"
                lines.append(await stage.turn(f"person-{person}", 2 * number, said))
                confirms.append(await stage.turn(f"person-{person}", 2 * number + 1, "確認"))
                bare.append(await stage.insert(len(bare)))
        await stage.check(2 * len(lines))
        await _check(database, len(lines))
    finally:
        await database.close()
    warm = _WARM * RECORDS
    whole = [line + confirm for line, confirm in zip(lines, confirms, strict=True)]
    line, confirm, both, insert = (times_of(each[warm:]) for each in (lines, confirms, whole, bare))
    return Found(line, confirm, both, insert, len(lines) - warm)


async def _join(database: Database, session: str, now: int) -> None:
    """A school of the person's own."""
    async with database.write() as tx:
        row = {"id": f"web:{session}", "channel": "web", "address": session, "created_at": now, "updated_at": now}
        await tx.execute(insert_or_ignore(conversations, tx.dialect), row)
        person = await people.of_conversation(tx, f"web:{session}", now)
        place = await enrolments.enrol(tx, unlimited(), f"{session}高中", load_base().programme(*_EDITION), now)
        if place is None:
            raise RuntimeError("the machine itself may enrol")
        invited = {"role": "coordinator", "enrolment": place.id, "programme": _EDITION[0], "edition": _EDITION[1]}
        await enrolments.join(tx, person, invited, now)


async def _check(database: Database, count: int) -> None:
    """Every record is there once.

    Raises:
        RuntimeError: not so, and the times mean nothing.
    """
    async with database.read() as connection:
        stored = (await connection.execute(text("SELECT count(*) FROM records"))).scalar_one()
    if stored != count:
        raise RuntimeError(f"{count} records were confirmed, {stored} are stored")


def show(found: Found) -> None:
    """Print the table."""
    print(f"\nA record by chat on SQLite, end to end; {found.count} records of {PEOPLE} schools")
    print(f"{'milliseconds':38}{'p50':>9}{'p99':>9}{'p50 ratio':>12}{'p99 ratio':>12}")
    rows = (
        ("bare insert and commit", found.insert),
        ("xueban, a line to its card", found.line),
        ("xueban, confirmed to stored", found.confirm),
        ("xueban, both", found.whole),
    )
    for name, times in rows:
        ratios = f"{times.p50 / found.insert.p50:12.1f}{times.p99 / found.insert.p99:12.1f}"
        print(f"{name:38}{times.p50:9.2f}{times.p99:9.2f}{ratios}")


if __name__ == "__main__":
    show(run())
