"""What stands in a calendar: a school's deadlines by its own facts, what it held and plans, and no people."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import TAIPEI, from_epoch_ms
from bot.papers.agenda import look, whole
from bot.papers.calendar import Entry, calendar_file
from bot.store import deadline_marks, deadline_moves, facts, records
from bot.store.access import Enrolment, Scope, scope_of, unlimited
from bot.store.database import Database
from bot.store.stored_record import PLANNED, StoredRecord
from tests.bot.store.school_house import NOW, logged, member, school
from tests.real import real_base

BASE = real_base()
PRESENT = from_epoch_ms(NOW)


async def house(database: Database, slug: str = "distance-teaching") -> tuple[Scope, Enrolment]:
    """A coordinator of a school."""
    async with database.write() as tx:
        place = await school(tx, "國立某某高中", slug)
        return await member(tx, "ann", place), place


async def told(database: Database, scope: Scope, now: datetime = PRESENT) -> dict[str, Entry]:
    """Everything in the calendar: deadlines by the first parts of their uid, activities by their title."""
    async with database.read() as tx:
        scope = await scope_of(tx, scope.person)
        agenda = await look(tx, scope, scope.writable, base=BASE, now=now)
    entries = await whole(database, agenda, [place.id for place in scope.writable], now)
    assert len({entry.uid for entry in entries}) == len(entries)
    return {_name(entry): entry for entry in entries}


def _name(entry: Entry) -> str:
    kind, key, *_ = entry.uid.split("-")  # no key of a deadline has a dash
    return f"{kind}-{key}" if kind == "deadline" else entry.title


async def test_a_deadline_is_told_with_school_programme_source_and_note(database: Database) -> None:
    scope, place = await house(database)
    found = await told(database, scope)
    report = found["deadline-final_report"]
    assert report.title == "期限：成果報告｜國立某某高中・跨校遠距教學"
    assert report.starts == date(2026, 7, 31)
    assert "依據：跨校遠距教學（114 學年度）陸/二" in report.details
    assert "別等到最後一天" in report.details
    assert report.uid == f"deadline-final_report-{place.id}@xueban"
    assert (report.sequence, report.changed_at, report.alarms) == (0, NOW, True)


async def test_a_date_that_a_fact_would_tell_waits_for_the_fact_and_follows_it(database: Database) -> None:
    scope, place = await house(database)
    assert "deadline-cannot_open_notice" not in await told(database, scope)
    for number, day in enumerate(("2026-02-11", "2026-02-23")):
        async with database.write() as tx:
            assert await facts.set_fact(tx, scope, place.id, "semester_start", day, channel="web", now=NOW)
        later = PRESENT + timedelta(days=number)
        notice = (await told(database, scope, later))["deadline-cannot_open_notice"]
        assert isinstance(notice.starts, date)
        assert notice.starts.day == int(day[-2:])
        assert (notice.sequence, notice.changed_at) == (number, NOW + number * 86_400_000)


async def test_a_date_that_waits_for_a_fact_stands_on_the_last_day_that_it_can_be(database: Database) -> None:
    scope, place = await house(database, "onsite-mentoring")
    now = datetime(2025, 9, 1, 9, tzinfo=TAIPEI)
    entry = (await told(database, scope, now))["deadline-settlement"]
    assert (entry.title, entry.starts) == ("最晚：經費結報｜國立某某高中・入校陪伴", date(2025, 12, 15))
    assert "確切的日期要先填「最後入校日」" in entry.details
    async with database.write() as tx:
        assert await facts.set_fact(tx, scope, place.id, "last_visit_on", "2025-09-10", channel="web", now=NOW)
    entry = (await told(database, scope, now))["deadline-settlement"]
    assert (entry.title, entry.starts) == ("期限：經費結報｜國立某某高中・入校陪伴", date(2025, 11, 10))


async def test_a_moved_deadline_keeps_its_uid_and_counts_up(database: Database) -> None:
    scope, _ = await house(database)
    before = (await told(database, scope))["deadline-final_report"]
    async with database.write() as tx:
        moved = (unlimited(), "distance-teaching", "114", "final_report", datetime(2026, 8, 14, 17), "颱風停班", NOW)
        assert await deadline_moves.move(tx, *moved) == 1
    after = (await told(database, scope, PRESENT + timedelta(hours=1)))["deadline-final_report"]
    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.starts == datetime(2026, 8, 14, 17)
    assert "（17:00 前）" in after.title
    assert "原訂 115/7/31（五），已改期：颱風停班。" in after.details


async def test_a_deadline_of_an_hour_is_at_that_hour(database: Database) -> None:
    scope, _ = await house(database, "mobile-learning")
    found = await told(database, scope, datetime(2016, 10, 20, 9, tzinfo=TAIPEI))
    assert found["deadline-apply"].starts == datetime(2016, 10, 28, 17)


async def test_what_is_seen_to_says_so_and_rings_no_more(database: Database) -> None:
    scope, place = await house(database)
    await told(database, scope)
    async with database.write() as tx:
        assert await deadline_marks.mark(tx, scope, place.id, "final_report", None, NOW)
    report = (await told(database, scope))["deadline-final_report"]
    assert report.title.startswith("已完成：成果報告")
    assert (report.sequence, report.alarms) == (1, False)


async def test_what_was_held_and_what_is_planned_are_told_without_people(database: Database) -> None:
    scope, place = await house(database)
    async with database.write() as tx:
        held = await logged(tx, scope, place, topic="差異化教學\n第二行", host="王大明")
        await logged(tx, scope, place, topic="期末分享", starts_at=datetime(2025, 12, 5), day_only=True, state=PLANNED)
        changed = await records.change(tx, scope, held.id, 1, {"minutes": 90}, channel="web", now=NOW + 5)
        assert isinstance(changed, StoredRecord)
    found = await told(database, scope)
    meeting = found["社群活動：差異化教學 第二行｜國立某某高中・跨校遠距教學"]
    assert (meeting.starts, meeting.minutes, meeting.firm) == (datetime(2025, 11, 18, 14), 90, True)
    assert (meeting.uid, meeting.sequence, meeting.changed_at) == (f"record-{held.id}@xueban", 1, NOW + 5)
    plan = found["預定：社群活動：期末分享｜國立某某高中・跨校遠距教學"]
    assert (plan.starts, plan.firm) == (date(2025, 12, 5), False)
    content = calendar_file("x", found.values()).decode().replace("\r\n ", "")
    assert "王大明" not in content
    assert "老師ann" not in content


async def test_what_was_deleted_or_is_long_ago_has_left(database: Database) -> None:
    scope, place = await house(database)
    async with database.write() as tx:
        gone = await logged(tx, scope, place, topic="刪掉的")
        await records.delete(tx, scope, gone.id, 1, channel="web", now=NOW)
        await logged(tx, scope, place, topic="兩年前的", starts_at=datetime(2023, 11, 18, 14))
    assert [title for title in await told(database, scope) if "活動" in title] == []


async def test_a_very_long_topic_is_short_in_the_title_and_whole_below(database: Database) -> None:
    scope, place = await house(database)
    async with database.write() as tx:
        await logged(tx, scope, place, topic="長" * 2000)
    (meeting,) = [each for each in (await told(database, scope)).values() if each.category == "活動"]
    assert "長" * 39 + "…｜" in meeting.title
    assert "長" * 2000 in meeting.details


async def test_the_calendar_is_the_same_to_the_byte_until_something_changes(database: Database) -> None:
    scope, place = await house(database)
    async with database.write() as tx:
        await logged(tx, scope, place)
    first = calendar_file("x", (await told(database, scope)).values())
    assert calendar_file("x", (await told(database, scope, PRESENT + timedelta(days=40))).values()) == first
    async with database.write() as tx:
        await logged(tx, scope, place, topic="又一次")
    assert calendar_file("x", (await told(database, scope)).values()) != first
