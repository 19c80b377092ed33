"""`xueban doctor`: what is configured, what of it works, and how to mend what does not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot import logs, settings
from bot.clock import epoch_ms
from bot.commands.failures import first_line
from bot.probe import ProbeError, ask_provider
from bot.settings import Settings, SettingsError
from bot.store import migrate, outbox, undelivered
from bot.store.database import Database, is_missing
from knowledge.loader import load_base
from knowledge.schema import KnowledgeError

DATABASE_SECONDS = 10.0
SHORTEST_PASSWORD = 12
LATELY = timedelta(days=7)
"""What was given up within this time is a problem to look into."""
HASHED = "$argon2"
"""What a password begins with that was hashed before."""


class State(Enum):
    """How it stands with one thing; the word is what is printed."""

    OK = "正常"
    OFF = "未設定"
    PROBLEM = "有問題"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said about one thing."""

    name: str
    state: State
    text: str
    mend: str = ""
    """What to do about a problem, or to switch on what is off."""


def doctor() -> int:
    """Print every finding; exit code 1 where something that is configured does not work."""
    logs.configure("critical", "text")
    findings = [_python()]
    try:
        found = settings.load()
    except SettingsError as error:
        mend = "改好環境變數，再執行一次 xueban doctor"
        findings += [Finding("設定", State.PROBLEM, line, mend) for line in str(error).splitlines()]
    else:
        findings += asyncio.run(examine(found))
    print(as_table(findings))
    return int(any(finding.state is State.PROBLEM for finding in findings))


async def examine(found: Settings) -> list[Finding]:
    """Look at everything that settings name; what is slow is looked at side by side."""
    looks: list[Awaitable[list[Finding]]] = [_database(found), _line(found), _telegram(found)]
    database, line, telegram = await asyncio.gather(*looks)
    return [*_settings(found), *database, _knowledge(), *line, *telegram, _public_url(found), _admin(found)]


def as_table(findings: Sequence[Finding]) -> str:
    """One line each, and its mend below it."""
    width = max(_width(finding.name) for finding in findings)
    lines = []
    for finding in findings:
        name = finding.name + " " * (width - _width(finding.name))
        state = finding.state.value + " " * (6 - _width(finding.state.value))
        lines.append(f"{state}  {name}  {finding.text}")
        if finding.mend:
            lines.append(f"        → {finding.mend}")
    return "\n".join(lines)


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return Finding("Python", State.OK, version)
    return Finding("Python", State.PROBLEM, version, "請用 Python 3.11、3.12 或 3.13")


def _settings(found: Settings) -> list[Finding]:
    shifted = f"；時鐘被 XUEBAN_NOW 調到 {found.xueban_now}，只適合示範與測試" if found.xueban_now else ""
    return [Finding("設定", State.OK, f"工作：{'、'.join(found.roles)}{shifted}")]


def _knowledge() -> Finding:
    try:
        base = load_base()
    except KnowledgeError as error:
        text = f"有 {len(error.problems)} 個錯誤，第一個：{error.problems[0]}"
        return Finding("知識庫", State.PROBLEM, text, "執行 xueban knowledge lint，照列出的檔案和行號修正")
    rules = sum(len(programme.entries) for programme in base.programmes)
    gaps = sum(len(programme.gaps) for programme in base.programmes)
    text = f"{len(base.programmes)} 個計畫、{rules} 條規定、{gaps} 個已知缺口"
    return Finding("知識庫", State.OK, text)


async def _database(found: Settings) -> list[Finding]:
    where = make_url(found.database_url)
    shown = where.database if found.is_sqlite else f"{where.host or '本機'}/{where.database}"
    name = f"{'SQLite' if found.is_sqlite else 'PostgreSQL'}（{shown}）"
    if is_missing(found.database_url):
        return [Finding("資料庫", State.PROBLEM, f"{name}還沒有建立", "執行 xueban migrate")]
    database, head = Database(found.database_url), migrate.head()
    try:
        current = await asyncio.wait_for(migrate.current(database), DATABASE_SECONDS)
        waiting = [await asyncio.wait_for(_outbox(database, found), DATABASE_SECONDS)] if current == head else []
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        cause = first_line(getattr(error, "orig", None) or error)
        mend = "確認資料庫已啟動，且 DATABASE_URL 的主機、帳號、密碼都對"
        return [Finding("資料庫", State.PROBLEM, f"{name}連不上：{cause}", mend)]
    finally:
        await database.close()
    if current != head:
        text = f"{name}的結構是 {current or '空的'}，應該是 {head}"
        return [Finding("資料庫", State.PROBLEM, text, "執行 xueban migrate")]
    return [Finding("資料庫", State.OK, f"{name}，結構 {head}"), *waiting]


async def _outbox(database: Database, found: Settings) -> Finding:
    """What waits, and what was given up: all of it counted, a problem where it was lately."""
    since = epoch_ms(found.clock().now() - LATELY)
    async with database.read() as tx:
        states = await outbox.count_by_state(tx)
        lately = sum(each.count for each in await undelivered.ended(tx, since))
    kept = "、".join(f"{word} {states.get(state, 0)} 則" for state, word in _OUTBOX_WORDS.items())
    if not lately:
        return Finding("寄件匣", State.OK, kept)
    mend = "在服務的紀錄裡找 outbox.given_up，看對方說了什麼；多半是被封鎖、權杖失效或網路斷過"
    return Finding("寄件匣", State.PROBLEM, f"{kept}；最近 {LATELY.days} 天有 {lately} 則送不出去", mend)


_OUTBOX_WORDS = {"queued": "等著送", "dead": "對方不收", "unknown": "不知道到了沒有"}


async def _line(found: Settings) -> list[Finding]:
    token = found.line_channel_access_token
    if token is None:
        mend = "要用 LINE，請設定 LINE_CHANNEL_SECRET 和 LINE_CHANNEL_ACCESS_TOKEN"
        return [Finding("LINE", State.OFF, "未啟用", mend)]
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
    try:
        info = await ask_provider(f"{found.line_api_base_url}/v2/bot/info", headers)
    except ProbeError as error:
        return [Finding("LINE", State.PROBLEM, error.sentence, _mend_token(error, "LINE_CHANNEL_ACCESS_TOKEN"))]
    account = Finding("LINE", State.OK, f"權杖有效，帳號：{info.get('displayName', '')}")
    return [account, await _line_webhook(found, headers)]


async def _line_webhook(found: Settings, headers: dict[str, str]) -> Finding:
    name = "LINE webhook"
    wanted = f"{found.public_url}/webhooks/line" if found.public_url else ""
    mend = f"在 LINE Developers 的 Messaging API 頁，把 Webhook URL 設成 {wanted or 'https://您的網址/webhooks/line'}"
    try:
        hook = await ask_provider(f"{found.line_api_base_url}/v2/bot/channel/webhook/endpoint", headers)
    except ProbeError as error:
        text = "還沒有設定" if error.status == 404 else error.sentence
        return Finding(name, State.PROBLEM, text, mend)
    address = str(hook.get("endpoint", ""))
    if wanted and address != wanted:
        return Finding(name, State.PROBLEM, f"設的是 {address or '空的'}，不是 {wanted}", mend)
    if not hook.get("active"):
        return Finding(name, State.PROBLEM, f"{address} 沒有開啟", "在同一頁打開 Use webhook")
    return Finding(name, State.OK, address)


async def _telegram(found: Settings) -> list[Finding]:
    token = found.telegram_bot_token
    if token is None:
        return [Finding("Telegram", State.OFF, "未啟用", "要用 Telegram，請設定 TELEGRAM_BOT_TOKEN")]
    root = f"{found.telegram_api_base_url}/bot{token.get_secret_value()}"
    try:
        me = _result(await ask_provider(f"{root}/getMe"))
        hook = _result(await ask_provider(f"{root}/getWebhookInfo"))
    except ProbeError as error:
        # Telegram says 404 to a token that has not even the form of one.
        return [Finding("Telegram", State.PROBLEM, error.sentence, _mend_token(error, "TELEGRAM_BOT_TOKEN"))]
    account = Finding("Telegram", State.OK, f"權杖有效，帳號：@{me.get('username', '')}")
    return [account, _telegram_webhook(found, hook)]


def _telegram_webhook(found: Settings, hook: dict[str, Any]) -> Finding:
    name = "Telegram webhook"
    address = str(hook.get("url", ""))
    if not found.public_url:
        return Finding(name, State.OK, "沒有 PUBLIC_URL，改用輪詢收訊息")
    wanted = f"{found.public_url}/webhooks/telegram"
    if address != wanted:
        mend = f"以 Telegram 的 setWebhook 設成 {wanted}，secret_token 用 TELEGRAM_WEBHOOK_SECRET 的值"
        return Finding(name, State.PROBLEM, f"設的是 {address or '空的'}，不是 {wanted}", mend)
    if trouble := hook.get("last_error_message"):
        mend = "確認服務正在執行，而且從外面連得到 PUBLIC_URL"
        return Finding(name, State.PROBLEM, f"{address} 上次送不進來：{trouble}", mend)
    return Finding(name, State.OK, address)


def _result(body: dict[str, Any]) -> dict[str, Any]:
    result = body.get("result")
    return result if isinstance(result, dict) else {}


def _mend_token(error: ProbeError, variable: str) -> str:
    if error.status in (401, 403, 404):
        return f"重新發行權杖，設到 {variable}"
    return "確認這台機器連得到對方，過一會兒再試"


def _public_url(found: Settings) -> Finding:
    if not found.public_url:
        return Finding("PUBLIC_URL", State.OFF, "沒有對外網址，LINE 要有它才收得到訊息" if found.line_on else "未設定")
    if urlsplit(found.public_url).scheme != "https" and (found.line_on or found.telegram_on):
        mend = "換成有憑證的 https:// 網址"
        return Finding("PUBLIC_URL", State.PROBLEM, f"{found.public_url} 不是 https，LINE 和 Telegram 都不收", mend)
    return Finding("PUBLIC_URL", State.OK, found.public_url)


def _admin(found: Settings) -> Finding:
    password = found.xueban_admin_password
    if password is None:
        text = "後台不能用密碼登入，只能用聊天裡打「後台」拿到的連結"
        return Finding("管理密碼", State.OFF, text, "第一位系統管理者要用密碼登入，請設定 XUEBAN_ADMIN_PASSWORD")
    if password.get_secret_value().startswith(HASHED):
        return _hashed(password.get_secret_value())
    if len(password.get_secret_value()) < SHORTEST_PASSWORD:
        mend = f"把 XUEBAN_ADMIN_PASSWORD 換成 {SHORTEST_PASSWORD} 個字以上"
        return Finding("管理密碼", State.PROBLEM, "太短，容易被猜到", mend)
    return Finding("管理密碼", State.OK, f"已設定，後台在 {found.address}/admin")


def _hashed(value: str) -> Finding:
    try:
        extract_parameters(value)
    except InvalidHashError:
        mend = "重新產生 argon2 雜湊，或直接填密碼；在 shell 裡要用單引號包住，否則 $ 後面的字會不見"
        return Finding("管理密碼", State.PROBLEM, "不是完整的 argon2 雜湊，沒有人登入得了", mend)
    return Finding("管理密碼", State.OK, "已設定（argon2 雜湊）")
