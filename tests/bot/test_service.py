"""What one beat of the clock does in a whole process."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select

from bot.clock import epoch_ms
from bot.service import Service
from bot.settings import Settings
from bot.store import console_sessions
from bot.store.console_tables import console_sessions as table
from tests.bot.store.school_house import person


async def test_a_beat_forgets_sessions_of_the_console_that_are_over(migrated_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "xueban.db"
    shutil.copy(migrated_sqlite, path)
    service = Service(Settings.model_validate({"database_url": f"sqlite:///{path}", "xueban_data_dir": tmp_path}))
    now = epoch_ms(service.clock.now())
    try:
        async with service.database.write() as tx:
            who = await person(tx, "p")
            for at in (now - console_sessions.IDLE_MS, now):
                await console_sessions.begin(tx, who, at)
        await service.tick()
        async with service.database.read() as tx:
            assert (await tx.execute(select(table.c.created_at))).scalars().all() == [now]
    finally:
        await service.database.close()
