"""`{"user", "file"}` of `xueban chat --json`: the path is read at once and the file attached."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import insert, select

from bot.commands.chat import chat_command
from bot.evidence import sentences
from bot.settings import Settings
from bot.store import migrate
from bot.store.access import Role
from bot.store.database import Database
from bot.store.tables import conversations
from bot.store.work_tables import evidence as table
from handlers import evidence as said
from handlers.router import Router
from tests.bot.evidence import in_hand
from tests.bot.store.school_house import logged, member, school
from tests.bot.web.evidence_house import Clerk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(database_url=f"sqlite:///{tmp_path / 'xueban.db'}", xueban_data_dir=tmp_path / "data")

    async def people() -> None:
        database = Database(made.database_url)
        await migrate.to_head(database)
        async with database.write() as tx:
            place = await school(tx, "甲校")
            scope = await member(tx, "teacher", place, Role.TEACHER)
            await logged(tx, scope, place)
            row = {"id": "terminal:老師", "channel": "terminal", "address": "老師", "person_id": "teacher"}
            await tx.execute(insert(conversations).values(**row, created_at=1, updated_at=1))
        await database.close()

    asyncio.run(people())
    return made


def send(settings: Settings, path: Path | str, user: str = "老師") -> dict[str, Any]:
    source, target = io.StringIO(json.dumps({"user": user, "file": str(path)})), io.StringIO()
    router = cast(Router, Clerk())
    assert chat_command(settings, router, as_json=True, now="2025-11-20T10:00", source=source, target=target) == 0
    (message,) = json.loads(target.getvalue())["messages"]
    return cast(dict[str, Any], message)


async def stored(settings: Settings) -> list[tuple[str, str]]:
    database = Database(settings.database_url)
    async with database.read() as connection:
        rows = await connection.execute(select(table.c.name, table.c.state))
        found = [(row.name, row.state) for row in rows]
    await database.close()
    return found


def test_a_photo_is_kept_without_its_position(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "會議.jpg").write_bytes(in_hand.photo())
    assert send(settings, tmp_path / "會議.jpg") == {
        "text": "收到 1 個檔案。要附到哪一筆紀錄？",
        "choices": ["11/18 社群活動", "先放著"],
    }
    assert asyncio.run(stored(settings)) == [("會議.jpg", "stored")]
    (kept,) = (path for path in settings.evidence_dir.rglob("*") if path.is_file())
    assert not in_hand.position(kept.read_bytes())


@pytest.mark.parametrize("path", ["/nowhere/a.jpg", "/", "a\0b"])
def test_a_path_that_cannot_be_read_is_said(settings: Settings, path: str) -> None:
    assert sentences.UNREADABLE in send(settings, path)["text"]


def test_a_path_without_an_end_is_read_no_further_than_needed(settings: Settings) -> None:
    assert sentences.too_large(settings.largest_evidence) in send(settings, "/dev/zero")["text"]


def test_a_guest_is_told_to_join_first(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(in_hand.PDF)
    assert send(settings, tmp_path / "a.pdf", user="訪客")["text"] == said.JOIN_FIRST
    assert asyncio.run(stored(settings)) == []
