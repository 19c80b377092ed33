"""From a message with a file to the file on disk, whatever the platforms and the process do in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.evidence import fetch, sentences
from bot.store import conversations, evidence
from bot.store.evidence import GONE, REFUSED, STORED, WAITING
from tests.bot.evidence import in_hand
from tests.bot.evidence.depot import LIMIT, Depot
from tests.bot.store.school_house import logged
from tests.fakes.contents import Content


async def later(depot: Depot, **much: float) -> None:
    depot.clock.move_to(depot.clock.now() + timedelta(**much))


async def test_a_photo_is_fetched_and_kept_without_its_position(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    await depot.send("501")
    await depot.fetch()
    file = await depot.file()
    kept = await depot.folder.get(file.sha256)
    assert kept is not None
    assert (file.state, file.name, file.media_type, file.size) == (STORED, "照片.jpg", "image/jpeg", len(kept))
    assert not in_hand.position(kept)


async def test_a_picture_that_is_not_ready_is_fetched_again_after_a_while(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo(), refusals=[202, 202])
    await depot.send("501")
    assert await depot.fetch() == 1
    assert (await depot.file()).state == WAITING
    assert await depot.fetch() == 0
    await later(depot, seconds=1)
    assert await depot.fetch() == 1
    await later(depot, seconds=2)
    assert await depot.fetch() == 1
    assert (await depot.file()).state == STORED
    assert await depot.told() == []


async def test_a_platform_that_is_away_is_asked_again_and_given_up_after_a_day(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(refusals=[503] * 500)
    await depot.send("501")
    for _ in range(200):
        await depot.fetch()
        if (await depot.file()).state != WAITING:
            break
        await later(depot, minutes=16)
    assert (await depot.file()).state == GONE
    assert len(depot.line.platform.asked) < 110
    (told,) = await depot.told()
    assert sentences.GONE in str(told)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (in_hand.bomb(210 * in_hand.MB), "報告.docx", sentences.BOMB),
        (in_hand.FILM, "photo.jpg", sentences.VIDEO),
        (b"<script>", "會議.pdf", sentences.NOT_ACCEPTED),
        (b"\0" * (LIMIT + 1), "大.pdf", sentences.too_large(LIMIT)),
    ],
)
async def test_a_refused_file_is_told_to_its_sender_once(
    depot: Depot, content: bytes, name: str, sentence: str
) -> None:
    for source in ("501", "502"):
        depot.line.platform.contents[source] = Content(content)
        await depot.send(source, name=name)
    await depot.fetch()
    assert [(file.state, file.problem) for file in await depot.files()] == [(REFUSED, sentence)] * 2
    (told,) = await depot.told()
    assert sentence in str(told)
    assert name in str(told)
    assert depot.stored_files() == []


async def test_a_path_in_a_name_leads_nowhere(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.PDF)
    await depot.send("501", name="../../../../etc/cron.d/evil.sh")
    await depot.fetch()
    assert (await depot.file()).name == "evil.pdf"
    (kept,) = depot.stored_files()
    assert kept.name == (await depot.file()).sha256


async def test_a_file_of_telegram_comes_the_same_way(depot: Depot) -> None:
    depot.telegram.platform.files["AgAC"] = {"file_path": "documents/file_1.docx"}
    depot.telegram.platform.contents["documents/file_1.docx"] = Content(in_hand.docx())
    await depot.send("AgAC", name="紀錄.docx", channel="telegram", message="70001:5")
    await depot.fetch()
    assert ((await depot.file()).state, (await depot.file()).name) == (STORED, "紀錄.docx")


async def test_a_process_that_dies_while_fetching_holds_nothing_up(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(b"", size=200 * in_hand.MB, pause_seconds=0.05)
    await depot.send("501")
    dying = asyncio.create_task(depot.fetcher.step())
    while not depot.line.platform.asked:
        await asyncio.sleep(0.01)
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    assert await depot.another().step() is False
    await later(depot, milliseconds=fetch.LEASE_MS)
    assert await depot.another().step() is True
    assert (await depot.file()).state == STORED


async def test_many_fetchers_fetch_each_file_once(depot: Depot) -> None:
    for number in range(12):
        depot.line.platform.contents[str(number)] = Content(in_hand.photo(size=(30 + number, 20)))
        await depot.send(str(number))
    others = [depot.fetcher, depot.another(), depot.another()]
    for _ in range(12):
        await asyncio.gather(*(each.step() for each in others))
    assert [file.state for file in await depot.files()] == [STORED] * 12
    assert len(depot.line.platform.asked) == 12


async def test_a_file_that_was_attached_meanwhile_stays_attached(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    await depot.send("501")
    async with depot.database.write() as tx:
        record = await logged(tx, depot.scope, depot.place)
        assert await evidence.attach(tx, depot.scope, [(await depot.file()).id], record.id) == 1
    await depot.fetch()
    file = await depot.file()
    assert (file.state, file.record_id) == (STORED, record.id)


async def test_a_message_taken_back_takes_its_file_along(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    await depot.send("501")
    await depot.fetch()
    async with depot.database.write() as tx:
        await conversations.unsend(tx, "line", "501", depot.now)
    assert await depot.files() == []
    assert await depot.row("name") == ""
    assert await depot.fetcher.sweep() == 1
    assert depot.stored_files() == []


async def test_a_message_taken_back_while_its_file_is_fetched_leaves_nothing_behind(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo(), refusals=[202])
    await depot.send("501")
    errand_began, taken_back = asyncio.Event(), asyncio.Event()
    fetched = depot.sources["line"].fetch

    async def slowly(source: str) -> bytes:
        errand_began.set()
        await taken_back.wait()
        depot.line.platform.contents["501"].refusals.clear()
        return await fetched(source)

    depot.sources["line"].fetch = slowly  # type: ignore[method-assign]
    fetching = asyncio.create_task(depot.another().step())
    await errand_began.wait()
    async with depot.database.write() as tx:
        await conversations.unsend(tx, "line", "501", depot.now)
    taken_back.set()
    await fetching
    assert await depot.files() == []
    assert len(depot.stored_files()) == 1
    assert await depot.fetcher.sweep() == 1
    assert depot.stored_files() == []


async def test_bytes_that_two_files_share_stay_until_the_second_is_deleted(depot: Depot) -> None:
    for source in ("501", "502"):
        depot.line.platform.contents[source] = Content(in_hand.PDF)
        await depot.send(source)
    await depot.fetch()
    assert len(depot.stored_files()) == 1
    first, second = await depot.files()
    async with depot.database.write() as tx:
        assert await evidence.remove(tx, depot.scope, first.id)
    assert await depot.fetcher.sweep() == 0
    assert await depot.folder.get(second.sha256) == in_hand.PDF
    async with depot.database.write() as tx:
        assert await evidence.remove(tx, depot.scope, second.id)
    assert await depot.fetcher.sweep() == 1
    assert depot.stored_files() == []
    assert await depot.fetcher.sweep() == 0


async def test_what_was_never_attached_is_forgotten_in_time(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.PDF)
    await depot.send("501")
    await depot.fetch()
    async with depot.database.write() as tx:
        assert await evidence.forget(tx, depot.now) == 0
        assert await evidence.forget(tx, depot.now + 1) == 1
    assert await depot.fetcher.sweep() == 1
    assert depot.stored_files() == []


async def test_it_runs_until_it_is_told_to_stop(depot: Depot) -> None:
    depot.line.platform.contents["501"] = Content(in_hand.photo())
    stopping = asyncio.Event()
    running = asyncio.create_task(depot.fetcher.run(stopping, poll_seconds=0.02))
    await depot.send("501")
    depot.fetcher.wake()
    while (await depot.file()).state == WAITING:
        await asyncio.sleep(0.01)
    stopping.set()
    await asyncio.wait_for(running, 60)
