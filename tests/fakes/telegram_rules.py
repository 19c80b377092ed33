"""What Telegram refuses, as far as Xueban could do it wrong, in the words that Telegram has for it."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 4096
LONGEST_DATA = 64
MOST_BUTTONS = 100
WIDEST_ROW = 8

_TAG = re.compile(r"<(/?)([^<>\s/]*)[^<>]*>?")
_FORMATS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class RefusedError(Exception):
    """A call that Telegram answers with 400 and this description."""


def check(method: str, params: Mapping[str, Any]) -> None:
    """Raise `RefusedError` for a call that Telegram would not take."""
    if method == "sendMessage":
        _check_message(params)
    if method == "setWebhook":
        _check_webhook(params)
    if method == "setMyCommands":
        _check_commands(params.get("commands"))
    if method == "answerCallbackQuery" and not params.get("callback_query_id"):
        raise RefusedError('parameter "callback_query_id" is required')


def visible(text: str) -> str:
    """A text of parse mode HTML without its entities. Raises `RefusedError` where tags are not balanced."""
    opened: list[str] = []
    for found in _TAG.finditer(text):
        closing, name = found.groups()
        if not found.group().endswith(">") or name not in _FORMATS:
            raise RefusedError(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {found.start()}')
        if not closing:
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise RefusedError(f"can't parse entities: Unmatched end tag at byte offset {found.start()}")
    if opened:
        raise RefusedError(f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1]}\"")
    return html.unescape(_TAG.sub("", text))


def _check_message(params: Mapping[str, Any]) -> None:
    if not re.fullmatch(r"-?\d+", str(params.get("chat_id", ""))):
        raise RefusedError("chat not found")
    text = str(params.get("text", ""))
    shown = visible(text) if params.get("parse_mode") == "HTML" else text
    if not shown.strip():
        raise RefusedError("message text is empty")
    if len(shown.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        raise RefusedError("message is too long")
    reply = params.get("reply_parameters")
    if reply is not None and not isinstance(reply.get("message_id"), int):
        raise RefusedError("can't parse reply parameters: message_id is required")
    if "reply_markup" in params:
        _check_keyboard(params["reply_markup"]["inline_keyboard"])


def _check_webhook(params: Mapping[str, Any]) -> None:
    if not str(params.get("url", "")).startswith("https://"):
        raise RefusedError("bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(params.get("secret_token", ""))):
        raise RefusedError("secret token contains unallowed characters")


def _check_commands(commands: Any) -> None:
    if not isinstance(commands, list) or len(commands) > MOST_BUTTONS:
        raise RefusedError("can't parse commands")
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each["command"]) or not 1 <= len(each["description"]) <= 256:
            raise RefusedError("BOT_COMMAND_INVALID")


def _check_keyboard(rows: list[list[dict[str, str]]]) -> None:
    if sum(map(len, rows)) > MOST_BUTTONS or any(not 1 <= len(row) <= WIDEST_ROW for row in rows):
        raise RefusedError("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button["text"].strip():
            raise RefusedError("can't parse inline keyboard button: text is empty")
        if not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
            raise RefusedError("BUTTON_DATA_INVALID")
