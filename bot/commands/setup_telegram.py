"""`xueban telegram setup`: the command menu and the webhook, made to be as they should be.

Telegram does not tell the secret that a webhook was set with, so the webhook is set each time, which disturbs nothing;
all else is left alone where it is so already.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from bot import logs, settings
from bot.channels.telegram.admin import TelegramAdmin, TelegramAdminError
from bot.channels.telegram.api import Fate
from bot.channels.telegram.commands import COMMAND_MENU
from bot.channels.telegram.poller import ALLOWED_UPDATES
from bot.commands.failures import BadInputError
from bot.settings import Settings

HOOK_PATH = "/webhooks/telegram"


def setup_telegram(*, dry_run: bool = False) -> None:
    """Set Telegram up and say what was done. A dry run asks how things are and changes nothing.

    Raises:
        BadInputError: a setting is missing, Telegram refused, or it can't reach the webhook.
    """
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    if found.telegram_bot_token is None:
        raise BadInputError("TELEGRAM_BOT_TOKEN：沒有設定；向 @BotFather 取得權杖，設好再執行一次。")
    if found.public_url and urlsplit(found.public_url).scheme != "https":
        raise BadInputError("PUBLIC_URL：要是 https:// 網址 Telegram 才接受；不設的話，學伴會自己去輪詢。")
    asyncio.run(_run(found, found.telegram_bot_token.get_secret_value(), dry_run=dry_run))


async def _run(found: Settings, token: str, *, dry_run: bool) -> None:
    telegram = TelegramAdmin(token, found.telegram_api_base_url)
    try:
        await _commands(telegram, dry_run=dry_run)
        if found.public_url:
            await _webhook(telegram, found, dry_run=dry_run)
        else:
            await _no_webhook(telegram, dry_run=dry_run)
    except TelegramAdminError as error:
        raise BadInputError(_sentence(error)) from None
    finally:
        await telegram.close()


async def _commands(telegram: TelegramAdmin, *, dry_run: bool) -> None:
    """The words are Chinese for everybody: there is no other language, and a phone may be set to any."""
    wanted = [dict(each) for each in COMMAND_MENU]
    if await telegram.commands() == wanted:
        _say("指令選單：沒有變。", dry_run=dry_run)
        return
    _say(f"指令選單：設成 {'、'.join('/' + each['command'] for each in wanted)}。", dry_run=dry_run)
    if not dry_run:
        await telegram.set_commands(wanted)


async def _webhook(telegram: TelegramAdmin, found: Settings, *, dry_run: bool) -> None:
    secret = found.telegram_webhook_secret
    assert secret is not None  # the settings demand it beside PUBLIC_URL
    wanted = f"{found.public_url}{HOOK_PATH}"
    _say(f"webhook：設成 {wanted}。", dry_run=dry_run)
    if dry_run:
        return
    before = await telegram.webhook()
    await telegram.set_webhook(wanted, secret.get_secret_value(), list(ALLOWED_UPDATES))
    after = await telegram.webhook()
    if after.get("url") != wanted:
        raise BadInputError(f"Telegram 記下的 webhook 是 {after.get('url') or '空的'}，不是 {wanted}。請再執行一次。")
    if trouble := _new_trouble(before, after, wanted):
        raise BadInputError(
            f"webhook 設好了，但 Telegram 上次送不進來：{trouble}。請確認服務正在執行，而且從外面連得到 PUBLIC_URL。"
        )
    waiting = int(after.get("pending_update_count", 0))
    _say(f"webhook：Telegram 已經記下{f'，有 {waiting} 則在等' if waiting else ''}。", dry_run=dry_run)


def _new_trouble(before: dict[str, Any], after: dict[str, Any], wanted: str) -> str:
    """Why Telegram could not deliver to this address; what happened at another one is of no concern."""
    if before.get("url") != wanted or not after.get("pending_update_count"):
        return ""
    return str(after.get("last_error_message", ""))


async def _no_webhook(telegram: TelegramAdmin, *, dry_run: bool) -> None:
    if not (await telegram.webhook()).get("url"):
        _say("webhook：沒有 PUBLIC_URL，學伴會自己去輪詢。", dry_run=dry_run)
        return
    _say("webhook：沒有 PUBLIC_URL，拿掉 webhook，學伴會自己去輪詢。", dry_run=dry_run)
    if not dry_run:
        await telegram.delete_webhook()


def _say(done: str, *, dry_run: bool) -> None:
    print(f"（試跑）{done}" if dry_run else done)


def _sentence(error: TelegramAdminError) -> str:
    match error.fate:
        case Fate.TOKEN_REFUSED:
            return "Telegram 不接受這個權杖。請向 @BotFather 重新取得，設到 TELEGRAM_BOT_TOKEN。"
        case Fate.REFUSED:
            return f"Telegram 不接受：{error.reason}。PUBLIC_URL 要是外面連得到、憑證有效的 https:// 網址。"
        case Fate.FLOODED:
            return "Telegram 說太頻繁。請過一分鐘再執行。"
        case _:
            return "連不上 Telegram，或它現在有問題。請確認這台機器連得到外面，再執行一次。"
