"""The demo: invented, whole, the same each time, and with something to see on every page."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bot.clock import epoch_ms
from bot.conversation import make_router
from bot.demo.building import WHOLE, Demo, Recipe, build
from bot.demo.schools import PROGRAMMES
from bot.demo.when import NOW
from bot.evidence.storage import Folder
from bot.settings import load
from bot.store import console_log, curation, deadline_moves, quota, reminders, tallies
from bot.store import evidence as evidence_store
from bot.store.access import unlimited
from bot.store.database import Database
from bot.store.tables import inbox, outbox, questions
from bot.store.work_tables import evidence, record_versions, records, schools
from handlers.checklist.checklists import Checklists
from knowledge.loader import load_base
from knowledge.requirements.engine import State
from knowledge.requirements.loader import load_requirements

SMALL = Recipe(schools=10, questions=16)
OUTBOX = {"queued", "sending", "sent", "unknown", "dead", "cancelled", "expired"}
BASE = load_base()


@dataclass
class Shown:
    """A demo that was built."""

    database: Database
    files: Folder
    made: Demo

    async def distinct(self, column: Any) -> set[Any]:
        """Its different values."""
        async with self.database.read() as tx:
            return set((await tx.execute(select(column).distinct())).scalars())

    async def count(self, *wanted: Any) -> int:
        """How many rows there are."""
        async with self.database.read() as tx:
            return int((await tx.execute(select(func.count()).select_from(wanted[0]).where(*wanted[1:]))).scalar_one())


@asynccontextmanager
async def shown(migrated: Path, folder: Path, recipe: Recipe) -> AsyncIterator[Shown]:
    """A demo in a folder."""
    folder.mkdir()
    shutil.copy(migrated, folder / "demo.db")
    database, files = Database(f"sqlite:///{folder}/demo.db"), Folder(folder / "evidence")
    router = make_router(load(database_url="sqlite:///unused.db"), Checklists(BASE))
    try:
        yield Shown(database, files, await build(database, files, BASE, router, recipe))
    finally:
        await database.close()


async def states_of(demo: Shown) -> dict[str, set[State]]:
    """Where the requirements stand, by programme, over all of its schools."""
    found: dict[str, set[State]] = {}
    async with demo.database.read() as tx:
        for slug in PROGRAMMES:
            requirements = load_requirements(slug)
            standings = await tallies.standings(tx, unlimited(), requirements, NOW)
            found[slug] = {each.state for standing in standings for each in standing.progress}
    return found


async def check_everything(demo: Shown) -> None:
    """What must be there, however large the demo is."""
    await check_work(demo)
    await check_messages(demo)
    await check_office(demo)


async def check_work(demo: Shown) -> None:
    """Records of all fates, and photos whose bytes are there."""
    states = await states_of(demo)
    assert set(states) == set(PROGRAMMES)
    assert {State.MET, State.OPEN, State.MISSED} <= set().union(*states.values())
    assert all(State.MET in each for each in states.values())
    assert await demo.distinct(records.c.state) == {"done", "planned", "deleted"}
    assert {"create", "change", "delete", "join"} <= await demo.distinct(record_versions.c.action)
    assert await demo.distinct(evidence.c.state) == {"stored", "waiting", "refused"}
    for sha256 in await demo.distinct(evidence.c.sha256) - {""}:
        assert await demo.files.has(sha256)
    async with demo.database.read() as tx:
        assert (await tx.execute(text("PRAGMA foreign_key_check"))).all() == []
        assert (await tx.execute(select(func.max(records.c.created_at)))).scalar_one() <= epoch_ms(NOW)
        one = (
            await tx.execute(select(evidence.c.record_id).where(evidence.c.record_id.is_not(None)).limit(1))
        ).scalar_one()
        assert await evidence_store.of_record(tx, unlimited(), str(one))


async def check_messages(demo: Shown) -> None:
    """Questions of all zones, messages of all fates, reminders, a quota."""
    assert {"sent"} <= await demo.distinct(outbox.c.state) <= OUTBOX
    assert await demo.distinct(questions.c.status) == {"answered", "unsure", "refused"}
    assert {"", "helpful"} < await demo.distinct(questions.c.feedback)
    assert await demo.distinct(inbox.c.state) == {"done"}
    async with demo.database.read() as tx:
        assert await reminders.last_pass(tx) is not None
        ledger = await quota.ledger(tx, "line", "2025-11")
        assert ledger is not None
        assert ledger.warned == 80


async def check_office(demo: Shown) -> None:
    """Something in the log, for an admin and for an office, and a date that was moved."""
    async with demo.database.read() as tx:
        assert {"deadline_move", "invite"} <= {
            each.action for each in await console_log.entries(tx, demo.made.admin.scope)
        }
        office = demo.made.offices[PROGRAMMES.index("distance-teaching")]
        assert await console_log.entries(tx, office.scope)
        assert await deadline_moves.history(tx, office.scope, "distance-teaching", "114")
        assert {each.verdict.kind for each in await curation.decisions(tx, demo.made.admin.scope)} == {"gap", "reject"}
        assert await curation.open_clusters(tx, demo.made.admin.scope)


async def test_a_small_one_has_something_of_everything(migrated_sqlite: Path, tmp_path: Path) -> None:
    async with shown(migrated_sqlite, tmp_path / "demo", SMALL) as demo:
        await check_everything(demo)


@pytest.mark.torture  # half a minute
async def test_the_whole_one_has_forty_schools_in_twelve_counties(migrated_sqlite: Path, tmp_path: Path) -> None:
    async with shown(migrated_sqlite, tmp_path / "demo", WHOLE) as demo:
        await check_everything(demo)
        assert len(await demo.distinct(schools.c.name)) == 40
        assert len(await demo.distinct(schools.c.county)) == 12
        assert await demo.count(records) > 400
        assert await demo.distinct(outbox.c.state) == OUTBOX
        assert {State.MET, State.OPEN, State.MISSED} <= (await states_of(demo))["distance-teaching"]


async def contents(demo: Shown) -> list[Any]:
    """What stands in it beside numbers that are drawn anew each time."""
    async with demo.database.read() as tx:
        held = select(records.c.day, records.c.starts_at, records.c.topic, records.c.headcount, records.c.state)
        asked = select(questions.c.text, questions.c.status, questions.c.feedback, questions.c.asked_at)
        kept = select(evidence.c.sha256, evidence.c.created_at)
        return [sorted(tuple(row) for row in await tx.execute(each)) for each in (held, asked, kept)]


@pytest.mark.torture
async def test_the_same_dice_make_the_same_demo_and_others_another(migrated_sqlite: Path, tmp_path: Path) -> None:
    found = []
    for number, seed in enumerate((1, 1, 2)):
        recipe = Recipe(seed, schools=2, questions=6)
        async with shown(migrated_sqlite, tmp_path / str(number), recipe) as demo:
            found.append(await contents(demo))
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_nobody_in_it_has_a_name() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in Path(build.__code__.co_filename).parent.glob("*.py"))
    called = re.findall(r'"([^"]*(?:老師|召集人|教師)[^"]*)"', source)
    parts = re.compile(r"(示範)?([甲乙丙]老師|召集人|領航教師[一二三四])?|.*(教師|老師)(共備|.*可以當召集人嗎)")
    assert [name for name in called if not parts.fullmatch(name)] == []
