"""Events become durable together, each is judged by itself, and nobody is told 200 for what is not stored."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from bot.clock import ShiftedClock
from bot.inbox import ingest as module
from bot.inbox.encoding import DEEPEST
from bot.inbox.ingest import Ingest, OverloadedError, new_events
from bot.store import database as store_database
from bot.store.database import Database
from bot.store.inbox import NewEvent
from bot.store.tables import conversations
from bot.store.tables import inbox as table
from tests.parrot import ParrotChannel, events, said


class Bell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> None:
        self.rung += 1


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def ingest(database: Database, clock: ShiftedClock, bell: Bell) -> Ingest:
    return Ingest(database, clock, on_stored=bell)


async def stored(database: Database) -> list[str]:
    async with database.read() as connection:
        return sorted((await connection.execute(select(table.c.event_id))).scalars())


def ids(new: list[NewEvent]) -> list[str]:
    return [one.event_id for one in new]


def count_commits(database: Database) -> Callable[[], int]:
    commits: list[object] = []
    event.listen(database.engine.sync_engine, "commit", commits.append)
    return lambda: len(commits)


async def test_an_event_is_on_disk_when_put_returns(ingest: Ingest, database: Database, bell: Bell) -> None:
    new = events(said("ann"))
    await ingest.put(new)
    assert await stored(database) == ids(new)
    assert bell.rung == 1


async def test_nothing_to_store_is_no_work(ingest: Ingest, bell: Bell) -> None:
    await ingest.put([])
    assert bell.rung == 0


async def test_all_that_arrive_at_the_same_time_share_few_commits(ingest: Ingest, database: Database) -> None:
    new = [events(said(f"p{n}")) for n in range(100)]
    commits = count_commits(database)
    await asyncio.gather(*(ingest.put(one) for one in new))
    assert commits() <= 3
    assert len(await stored(database)) == 100


async def test_a_webhook_of_many_events_is_stored_whole(ingest: Ingest, database: Database) -> None:
    await ingest.put(events(*(said(f"p{n}") for n in range(module.LARGEST_COMMIT * 2))))
    assert len(await stored(database)) == module.LARGEST_COMMIT * 2


async def test_when_the_database_fails_every_sender_is_told(ingest: Ingest, database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME TO elsewhere"))
    puts = [ingest.put(events(said(f"p{n}"))) for n in range(5)]
    outcomes = await asyncio.gather(*puts, return_exceptions=True)
    assert all(isinstance(outcome, Exception) for outcome in outcomes)
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE elsewhere RENAME TO inbox"))
    await ingest.put(events(said("later")))
    assert len(await stored(database)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_one_event_that_can_not_be_stored_does_not_take_the_others_down(
    ingest: Ingest, database: Database
) -> None:
    async with database.write() as tx:
        await tx.execute(
            text(
                "CREATE TRIGGER refuse BEFORE INSERT ON inbox WHEN NEW.message_id = 'bad' "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        )
    good, bad, fine = (events(said("ann", message=message)) for message in ("a", "bad", "b"))
    outcomes = await asyncio.gather(*(ingest.put(one) for one in (good, bad, fine)), return_exceptions=True)
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
    assert await stored(database) == sorted(ids(good + fine))


async def test_memory_is_bounded_while_the_database_hangs(
    ingest: Ingest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 10)
    async with database.write() as tx:
        if not database.is_sqlite:
            await tx.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        waiting = [asyncio.create_task(ingest.put(events(said(f"p{n}")))) for n in range(10)]
        await asyncio.sleep(0.05)
        with pytest.raises(OverloadedError):
            await ingest.put(events(said("one too many")))
    await asyncio.gather(*waiting)
    await ingest.put(events(said("now there is room")))
    assert len(await stored(database)) == 11


async def test_a_writer_that_is_stopped_leaves_no_sender_waiting(ingest: Ingest, database: Database) -> None:
    async with database.write() as tx:
        if not database.is_sqlite:
            await tx.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        put = asyncio.create_task(ingest.put(events(said("ann"))))
        await asyncio.sleep(0.05)
        assert ingest._writer is not None
        ingest._writer.cancel()
        with pytest.raises(asyncio.CancelledError):
            await put


async def test_any_text_that_json_can_hold_can_be_stored_and_read_again(ingest: Ingest, database: Database) -> None:
    strange = "\x00 \ud800 \U0001f468‍\U0001f469 \u202e \u2028"
    await ingest.put(events(said("ann", strange)))
    async with database.read() as connection:
        payload = (await connection.execute(select(table.c.payload))).scalar_one()
    assert payload["text"] == strange


def nested(levels: int) -> Any:
    return json.loads("[" * levels + "]" * levels)


@pytest.mark.parametrize(
    "broken",
    [
        "no object",
        None,
        7,
        [],
        {},
        {"id": "x"},
        said("ann", at="no number"),  # type: ignore[arg-type]
        said("ann", kind="no such kind"),
        said("a" * 129),
        said("ann", message="m\x00"),
        {**said("ann"), "id": "\ud800"},
        said("ann", extra=float("nan")),
        said("ann", extra=float("inf")),
        said("ann", extra=nested(DEEPEST)),
    ],
    ids=str,
)
def test_a_broken_event_is_left_out_and_the_others_go_on(broken: Any) -> None:
    before, after = said("ann"), said("bob")
    assert ids(new_events(ParrotChannel(), [before, broken, after])) == [before["id"], after["id"]]


def test_an_event_as_deep_as_real_ones_is_taken() -> None:
    assert len(events(said("ann", extra=nested(20), list=[{} for _ in range(100)]))) == 1


def test_what_is_said_in_a_group_to_others_is_not_kept() -> None:
    group: dict[str, Any] = {"in_group": True, "addressed": False}
    kept = events(
        said("ann", "to a friend", **group),
        said("ann", "a picture", kind="file", **group),
        said("ann", "", kind="unsend", message="m", **group),
        said("ann", "", kind="leave", **group),
        said("ann", "to us", in_group=True),
    )
    assert [(one.kind, one.payload["text"]) for one in kept] == [("unsend", ""), ("leave", ""), ("text", "to us")]


async def test_a_redelivery_is_stored_once_even_within_one_commit(ingest: Ingest, database: Database) -> None:
    new = events(said("ann"))
    await asyncio.gather(*(ingest.put(new) for _ in range(20)))
    async with database.read() as connection:
        assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == 1


async def test_a_conversation_that_vanished_meanwhile_is_made_again(ingest: Ingest, database: Database) -> None:
    await ingest.put(events(said("ann")))
    async with database.write() as tx:
        await tx.execute(table.delete())
        await tx.execute(conversations.delete())
    await asyncio.gather(*(ingest.put(events(said(who))) for who in ("ann", "bob")))
    assert len(await stored(database)) == 2


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_a_connection_that_was_cut_is_opened_anew(ingest: Ingest, database: Database) -> None:
    """As after a restart of the database: nobody has to send again."""
    await ingest.put(events(said("ann")))
    async with database.write() as tx:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        await tx.execute(text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
    await asyncio.gather(*(ingest.put(events(said(who))) for who in ("ann", "bob")))
    assert len(await stored(database)) == 3


async def test_a_rush_lets_patient_writers_wait_but_not_for_ever(
    ingest: Ingest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_database, "RUSH_SECONDS", 0.5)  # a busy machine may need more than the 20 ms of a rush
    await ingest.put(events(*(said(f"p{n}") for n in range(module.RUSH))))
    order: list[str] = []

    async def write(name: str, patient: bool) -> None:
        async with database.write(patient=patient):
            order.append(name)

    await asyncio.gather(write("worker", True), write("webhook", False))
    assert order == ["webhook", "worker"]
