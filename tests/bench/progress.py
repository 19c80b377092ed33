"""Progress from the database, with no peer: what a school asks for, and what an office asks for.

One school with 1,000 records is read and judged as a person's own question is. For the office 4,000 schools have
400,000 records of all kinds in one programme; the time is all of it, from the first statement to the last state.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms
from bot.store import records, tallies
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.stored_record import WORDS
from knowledge.loader import load_base
from knowledge.requirements.engine import progress
from knowledge.requirements.loader import available, load_requirements
from knowledge.schema import Programme
from tests.databases import postgres_server

SCHOOLS, RECORDS_A_SCHOOL = 4_000, 100
BUSY = 1_000
"""Records of the one school."""
ROUNDS = 3
ALLOWED_SECONDS = 2.0
_BUSY_SCHOOL = "busy"
_SCHOOLS = """
INSERT INTO schools (id, name, created_at)
SELECT id, id, 0 FROM (SELECT 's' || n AS id FROM generate_series(0, :schools - 1) n UNION ALL SELECT :busy) every
"""
_ENROLMENTS = """
INSERT INTO enrolments (id, school_id, programme, edition, starts_on, ends_on, facts, created_at)
SELECT id, id, :programme, :edition, :first, :last, '{}', 0 FROM schools
"""
_ONE_OF = "(CAST(:{0} AS text[]))[1 + floor(random() * cardinality(CAST(:{0} AS text[])))]"
_RECORDS = f"""
INSERT INTO records (id, enrolment_id, kind, day, starts_at, minutes, mode, topic, headcount, group_name, mentor_kind,
                     meeting, deliverable, topic_kind, state, created_by, created_at, updated_at)
SELECT :school || '-' || n, CASE :school WHEN :busy THEN :busy ELSE 's' || n % :schools END, kind,
       to_char(day, 'YYYY-MM-DD'),
       CAST(extract(epoch FROM (day + interval '9 hours') AT TIME ZONE 'Asia/Taipei') * 1000 AS bigint),
       60 * (1 + floor(random() * 6)), mode, '跨校共備與觀課，討論下次的教學活動設計', floor(random() * 40), group_name,
       mentor_kind, meeting, CASE kind WHEN 'deliverable' THEN deliverable ELSE '' END, topic_kind, 'done',
       'somebody', n, n
FROM (SELECT n, CAST(:first AS date) + CAST(floor(random() * :days) AS integer) AS day,
             {_ONE_OF.format("kind")} AS kind, {_ONE_OF.format("mode")} AS mode,
             {_ONE_OF.format("groups")} AS group_name, {_ONE_OF.format("mentor_kind")} AS mentor_kind,
             {_ONE_OF.format("meeting")} AS meeting, {_ONE_OF.format("deliverable")} AS deliverable,
             {_ONE_OF.format("topic_kind")} AS topic_kind
      FROM generate_series(1, :count) n) chosen
"""


@dataclass(frozen=True, slots=True)
class Took:
    """The best of some rounds."""

    programme: str
    what: str
    rows: int
    """States that came of it."""
    seconds: float


def run() -> list[Took]:
    """Measure every programme on a PostgreSQL that waits for its disk, as in production."""
    found = []
    with postgres_server(durable=True) as server:
        for slug, edition in available():
            with server.fresh() as url:
                found += asyncio.run(_measure(url, load_base().programme(slug, edition)))
    return found


def show(found: list[Took]) -> None:
    """Print them as a table."""
    size = f"{SCHOOLS:,} schools with {SCHOOLS * RECORDS_A_SCHOOL:,} records, and one with {BUSY:,}"
    print(f"Progress on PostgreSQL, {size}; allowed for an office: {ALLOWED_SECONDS:g} s")
    for each in found:
        print(f"  {each.programme:22} {each.what:12} {each.rows:7,} states  {each.seconds * 1000:8.1f} ms")


async def _measure(url: str, programme: Programme) -> list[Took]:
    database = Database(url)
    now = datetime.combine(_middle(programme), datetime.min.time(), TAIPEI).astimezone(UTC)
    try:
        async with database.write() as tx:
            await _fill(tx, programme)
        async with database.write() as tx:
            await tx.execute(text("ANALYZE"))

        async def office(tx: AsyncConnection) -> int:
            requirements = load_requirements(programme.slug, programme.edition)
            return sum(len(each.progress) for each in await tallies.standings(tx, unlimited(), requirements, now))

        async def school(tx: AsyncConnection) -> int:
            requirements = load_requirements(programme.slug, programme.edition)
            held = await records.counting(tx, unlimited(), _BUSY_SCHOOL, epoch_ms(now))
            span = programme.valid_from, programme.valid_until
            return len(progress(requirements, held, *span, now.astimezone(TAIPEI).replace(tzinfo=None)))

        return [
            Took(programme.slug, "an office", *await _best(database, office)),
            Took(programme.slug, "one school", *await _best(database, school)),
        ]
    finally:
        await database.close()


async def _best(database: Database, look: Callable[[AsyncConnection], Awaitable[int]]) -> tuple[int, float]:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        async with database.read() as tx:
            rows = await look(tx)
        times.append(time.perf_counter() - begin)
    return rows, min(times)


async def _fill(tx: AsyncConnection, programme: Programme) -> None:
    """Made by the server itself: half a million rows sent from here would take minutes."""
    span = {"first": programme.valid_from, "last": programme.valid_until, "days": _days(programme)}
    part = {"programme": programme.slug, "edition": programme.edition, "schools": SCHOOLS}
    await tx.execute(text(_SCHOOLS), {"schools": SCHOOLS, "busy": _BUSY_SCHOOL})
    await tx.execute(text(_ENROLMENTS), part | {key: str(span[key]) for key in ("first", "last")})
    await tx.execute(text("SELECT setseed(0.4)"))
    for school, count in (("s", SCHOOLS * RECORDS_A_SCHOOL), (_BUSY_SCHOOL, BUSY)):
        given = {"school": school, "schools": SCHOOLS, "count": count, "busy": _BUSY_SCHOOL}
        await tx.execute(text(_RECORDS), given | span | _choices())


def _choices() -> dict[str, list[str]]:
    words = {name: [word.value for word in of] for name, of in WORDS.items()}
    return words | {"groups": ["甲社群", "乙社群", "丙社群"]}


def _days(programme: Programme) -> int:
    return (programme.valid_until - programme.valid_from).days + 1


def _middle(programme: Programme) -> date:
    return programme.valid_from + (programme.valid_until - programme.valid_from) / 2


if __name__ == "__main__":
    show(run())
