"""`xueban demo`: invented data in a database of its own, and the service over it on this machine alone."""

from __future__ import annotations

import asyncio
import re
import secrets
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot import logs, settings
from bot.commands.failures import BadInputError
from bot.conversation import make_router
from bot.demo.building import MARK, WHOLE, Demo, Recipe, build
from bot.demo.when import NOW
from bot.evidence.storage import Folder
from bot.settings import Settings
from bot.store import migrate
from bot.store.database import Database
from handlers.checklist.checklists import Checklists
from knowledge.loader import load_base

ADDRESS = "127.0.0.1"
PASSWORD_BYTES = 12
_HASHED = re.compile(r"[0-9a-f]{64}")


def demo_command(
    file: Path, *, again: bool = False, fill_only: bool = False, port: int | None = None, recipe: Recipe = WHOLE
) -> None:
    """Fill a fresh database and serve it until stopped.

    Args:
        file: where the demo's SQLite file lies; its photos lie in a folder of the same name beside it.
        again: delete an earlier demo first, and nothing but a demo.
        fill_only: end once it is filled.
        recipe: how large, and by which dice.

    Raises:
        BadInputError: there is something at `file` already.
    """
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    found = _settings(file, password, port)
    _make_room(file, found.evidence_dir, again=again)
    logs.configure("critical", "text", found.secrets)
    print("正在填示範資料，約需半分鐘……", flush=True)
    begun = time.monotonic()
    made = asyncio.run(_fill(found, recipe))
    print(_told(file, made, time.monotonic() - begun), flush=True)
    if fill_only:
        return
    from bot.commands.serve import serve_with

    print(_where(found, password), flush=True)
    serve_with(found)


def _settings(file: Path, password: str, port: int | None) -> Settings:
    """Whatever the environment says: no platform is called, and nobody but this machine gets in."""
    given: dict[str, object] = {"port": port} if port else {}
    nothing = ("line_channel_secret", "line_channel_access_token", "telegram_bot_token", "telegram_webhook_secret")
    return settings.load(
        **given,
        **dict.fromkeys(nothing),
        database_url=f"sqlite:///{file}",
        xueban_now=NOW.isoformat(timespec="minutes"),
        xueban_data_dir=file.with_suffix(""),
        xueban_admin_password=password,
        public_url="",
        host=ADDRESS,
        roles="web,worker,scheduler",
        log_level="warning",
        log_format="text",
    )


def _make_room(file: Path, photos: Path, *, again: bool) -> None:
    if not file.exists() or not file.stat().st_size:
        return
    if not again:
        raise BadInputError(f"{file} 已經有資料。要刪掉之前的示範重做一份，請加 --again；或用 --file 換一個檔。")
    if not _is_demo(file):
        raise BadInputError(f"{file} 不是示範的資料庫，沒有動它。請用 --file 換一個檔。")
    for ending in ("", "-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    for folder in photos.glob("??"):
        if folder.is_dir() and all(_HASHED.fullmatch(each.name) for each in folder.iterdir()):
            shutil.rmtree(folder)


def _is_demo(file: Path) -> bool:
    """Whether it was filled by us and holds nothing else."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as found:
            return found.execute("SELECT 1 FROM secrets WHERE name = ?", (MARK,)).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


async def _fill(found: Settings, recipe: Recipe) -> Demo:
    database, base = Database(found.database_url), load_base()
    try:
        await migrate.to_head(database)
        router = make_router(found, Checklists(base))
        return await build(database, Folder(found.evidence_dir), base, router, recipe)
    finally:
        await database.close()


def _told(file: Path, made: Demo, seconds: float) -> str:
    count = len({team.school.number for team in made.teams})
    return (
        f"填好了（{seconds:.0f} 秒）：{file}，{count} 所學校、{len(made.teams)} 份計畫、{made.questions} 個問題。\n"
        "學校、辦理情形、公告與訊息全是虛構的，人只有身分、沒有名字；照片是程式畫的。"
    )


def _where(found: Settings, password: str) -> str:
    root = f"http://{ADDRESS}:{found.port}"
    return (
        f"\n時鐘撥到臺北時間 {NOW:%Y-%m-%d %H:%M}，從這裡往下走；"
        "只有這台機器連得到，什麼都不會送到 LINE 或 Telegram。\n"
        f"  後台　　{root}/admin　密碼 {password}（每次重做都換）\n"
        f"  聊天頁　{root}/\n"
        f"  健康　　{root}/metrics\n"
        "跨校遠距教學與入校陪伴（114）正在辦，另外三個計畫是辦完的一年。按 Ctrl-C 結束。\n"
    )
