"""A database with one coordinator's talk about the real programmes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import parse_local
from tests.handlers.stage import Playhouse, Prompter, Talk, real_checklists

THURSDAY = parse_local("2025-11-20T10:00")


def talk_of(house: Playhouse, conversation: str) -> Talk:
    """Somebody who talks about the real programmes; questions about rules are answered by nobody."""
    asks = Prompter()
    asks.base = real_checklists().base
    return Talk(asks, house=house, conversation=conversation, now=THURSDAY)


@pytest.fixture
def house(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Playhouse]:
    """A database of the test's own."""
    shutil.copy(migrated_sqlite, tmp_path / "stage.db")
    with Playhouse(tmp_path / "stage.db") as found:
        yield found


@pytest.fixture
def talk(house: Playhouse) -> Talk:
    """王老師, coordinator of one school."""
    house.join("line:wang", "distance-teaching", name="王老師")
    return talk_of(house, "line:wang")
