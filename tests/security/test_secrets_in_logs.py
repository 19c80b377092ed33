"""A real `xueban serve` with every secret set, in which everything goes wrong: its log, at the level of most words,
holds no secret, no address that is one, no code, and no words of a person. Slow clients stand around it meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.clock import epoch_ms, parse_local
from bot.store import calendars, console_sessions, enrolments, file_links, people
from bot.store.access import Role, unlimited
from bot.store.database import Database
from handlers.account import privacy
from tests.bot.store.school_house import enter, member, person, school
from tests.fakes import line_events, telegram_events
from tests.fakes.line import FakeLine
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.fakes.telegram import FakeTelegram

NOW = "2025-11-20T10:00"
WORDS = "這是只有學伴該看到的一句話"
LINE_SECRET, LINE_TOKEN = "line-secret-0123456789abcdef", "line-token-of-this-test+/="
PASSWORD, WRONG = "正確的管理密碼-zQ9", "打錯的管理密碼-kW4"
SLOW = 20
PATIENCE_SECONDS = 60.0


@dataclass
class Running:
    """The service as a process."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]
    kept: dict[str, str] = field(default_factory=dict)
    """What must not be in the log, by what it is."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> httpx.Client:
        # A connection each: after an answer of 500 uvicorn closes it.
        alone = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=self.address, timeout=PATIENCE_SECONDS, limits=alone)


def test_a_service_in_which_everything_fails_tells_no_secret(hostile_url: str, tmp_path: Path) -> None:
    with FakeLine() as line, FakeTelegram() as telegram:
        line.fail("reply", *["401"] * 20)
        line.fail("push", *["401"] * 20)
        telegram.fail(*["401"] * 20)
        kept = asyncio.run(filled(hostile_url))
        running = start(hostile_url, tmp_path, line.url, telegram.url)
        running.kept = kept
        try:
            with contextlib.ExitStack() as open_ones:
                slow = [open_ones.enter_context(trickler(running.port, number)) for number in range(SLOW)]
                provoke(running, Path(hostile_url.removeprefix("sqlite:///")))
                until("slow clients are cut off", lambda: all(map(is_over, slow)))
        finally:
            running.process.kill()  # the log is written line by line; to end well takes longer
            running.process.wait(PATIENCE_SECONDS)
    judge(running)


async def filled(url: str) -> dict[str, str]:
    """People with every kind of secret that we hand out."""
    now, database = epoch_ms(parse_local(NOW)), Database(url)
    async with database.write() as tx:
        admin = await enter(tx, await person(tx, "admin"), Role.ADMIN)
        who = await member(tx, "teacher", place := await school(tx, "甲校"))
        made = {
            "session": await console_sessions.begin(tx, admin.person, now),
            "entry": await console_sessions.make_entry(tx, admin.person, now),
            "calendar": await calendars.make(tx, who.person, now),
            "file": await file_links.make(tx, who.person, privacy.NAME, {"until": now + privacy.HOUR_MS}, now),
            "invitation": await enrolments.invite(tx, unlimited(), Role.TEACHER, now, enrolment_id=place.id),
            "link code": await people.make_code(tx, people.LINK, who.person, expires_at=now + people.LINK_LIFE_MS),
        }
    await database.close()
    return {name: value for name, value in made.items() if value}


def start(url: str, folder: Path, line: str, telegram: str) -> Running:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    ours = ("LINE_", "TELEGRAM_", "XUEBAN_", "PUBLIC_URL", "PORT")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    given = {
        "DATABASE_URL": url, "XUEBAN_DATA_DIR": str(folder / "data"), "XUEBAN_NOW": NOW, "XUEBAN_LOG_LEVEL": "debug",
        "LINE_CHANNEL_SECRET": LINE_SECRET, "LINE_CHANNEL_ACCESS_TOKEN": LINE_TOKEN, "LINE_API_BASE_URL": line,
        "LINE_DATA_API_BASE_URL": line, "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN, "TELEGRAM_API_BASE_URL": telegram,
        "TELEGRAM_WEBHOOK_SECRET": telegram_events.SECRET, "XUEBAN_ADMIN_PASSWORD": PASSWORD,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    log = folder / "service.log"
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment | given)
    running = Running(port, log, process)
    until("the service is ready", lambda: _is_ready(running))
    return running


def _is_ready(running: Running) -> bool:
    assert running.process.poll() is None, running.log.read_text()[-3000:]
    try:
        return httpx.get(f"{running.address}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def until(what: str, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.05)


def trickler(port: int, number: int) -> socket.socket:
    """Somebody who begins a request, in its head or its body, and does not go on."""
    client = socket.create_connection(("127.0.0.1", port))
    client.setblocking(False)
    more = b"Content-Length: 100000\r\n\r\n" if number % 2 else b""
    client.sendall(b"POST /webhooks/line HTTP/1.1\r\nHost: x\r\n" + more)
    return client


def is_over(client: socket.socket) -> bool:
    try:
        client.send(b"a")
        return client.recv(1000) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def provoke(running: Running, path: Path) -> None:
    """Everything that a visitor can do wrong; then the same while tables are missing."""
    with running.client() as browser:
        running.kept["chat cookie"] = talk(browser)
        webhooks(browser)
        console(browser, running.kept)
        database = sqlite3.connect(path, timeout=30)
        for table in (
            "file_links",
            "calendars",
            "console_sessions",
            "evidence",
            "one_time_codes",
            "questions",
            "inbox",
        ):
            database.execute(f"ALTER TABLE {table} RENAME TO away_{table}")
        database.commit()
        database.close()
        webhooks(browser)
        console(browser, running.kept)
        talk(browser)


def talk(browser: httpx.Client) -> str:
    """Words, a code, a link; returns the cookie."""
    browser.get("/")
    for text in (WORDS, "加入 ABCD-EFGH-JKMN", "後台", "行事曆"):
        browser.post("/chat", data={"text": text, "id": secrets.token_hex(8)}, headers={"accept": "application/json"})
    browser.get("/evidence/x")
    return browser.cookies.get("xueban") or ""


def webhooks(browser: httpx.Client) -> None:
    event = line_events.text(WORDS)
    raw = line_events.body(event)
    browser.post("/webhooks/line", content=raw, headers=line_events.headers(LINE_SECRET, raw))
    browser.post("/webhooks/line", content=raw, headers={"x-line-signature": LINE_SECRET})
    photo = line_events.body(line_events.file())
    browser.post("/webhooks/line", content=photo, headers=line_events.headers(LINE_SECRET, photo))
    update = json.dumps(telegram_events.text(WORDS)).encode()
    for secret in (telegram_events.SECRET, telegram_events.SECRET + "x"):
        browser.post("/webhooks/telegram", content=update, headers={"x-telegram-bot-api-secret-token": secret})


def console(browser: httpx.Client, kept: dict[str, str]) -> None:
    for path in ("/admin/enter/{entry}", "/files/{file}", "/calendar/{calendar}.ics", "/admin/people?words={entry}"):
        browser.get(path.format_map(kept))
    browser.post("/admin/sign-in", data={"password": WRONG})
    signed = {"Cookie": f"xueban-admin={kept['session']}"}
    for path in ("/admin", "/admin/people", "/admin/questions", "/admin/no-such-page"):
        httpx.get(f"{browser.base_url}{path}".replace("//admin", "/admin"), headers=signed, timeout=PATIENCE_SECONDS)
    browser.post("/admin/sign-in", data={"password": PASSWORD})
    browser.post(f"/admin/enter/{kept['entry']}")


def judge(running: Running) -> None:
    log = running.log.read_text("utf-8")
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    names = {event["event"] for event in events}
    for wanted in ("webhook.not_authentic", "webhook.not_stored", "console.database_away", "app.channel"):
        assert wanted in names, (wanted, names)
    assert any("exception" in event or "exc_info" in event for event in events), "nothing failed loudly"
    assert any("401" in json.dumps(event) for event in events), "no platform refused us"
    code = running.kept["invitation"]
    hidden: dict[str, Any] = running.kept | {
        "line secret": LINE_SECRET, "line token": LINE_TOKEN, "telegram token": TELEGRAM_TOKEN,
        "telegram secret": telegram_events.SECRET, "password": PASSWORD, "wrong password": WRONG, "words": WORDS,
        "typed code": "ABCD-EFGH-JKMN", "grouped code": people.grouped(code), "line user": line_events.USER,
    }  # fmt: skip
    found = {name: line[:600] for name, value in hidden.items() for line in log.splitlines() if value in line}
    assert not found
