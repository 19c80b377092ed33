"""A database with one coordinator's talk, and what is stored of a school's facts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store import enrolments, facts
from bot.store.access import unlimited
from bot.store.facts import FactVersion
from tests.handlers.record.conftest import talk_of
from tests.handlers.stage import Playhouse, Talk


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Playhouse]:
    """A database of the test's own."""
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as found:
        yield found


@pytest.fixture
def talk(house: Playhouse) -> Talk:
    """王老師, coordinator of one school in distance teaching, on 20 November 2025."""
    house.join("line:wang", "distance-teaching", name="王老師")
    return talk_of(house, "line:wang")


def stored(house: Playhouse, place: str = "") -> dict[str, Any]:
    """The facts of the one school there is, or of this one."""

    async def work() -> dict[str, Any]:
        async with house._database.read() as tx:
            places = await enrolments.visible(tx, unlimited())
            return dict(next(each.facts for each in places if place in ("", each.id)))

    return house.run(work())


def versions(house: Playhouse) -> list[FactVersion]:
    """All that was ever stated, the latest first."""

    async def work() -> list[FactVersion]:
        async with house._database.read() as tx:
            places = await enrolments.visible(tx, unlimited())
            return [each for place in places for each in await facts.history_of_facts(tx, unlimited(), place.id)]

    return house.run(work())
