"""The slash commands: what Telegram shows in its menu, and the words that they stand for in our dialogue."""

from __future__ import annotations

import re
from dataclasses import dataclass

START = "start"
"""Telegram's own: the person pressed 「開始」, perhaps through a link that carries a payload."""

WORDS = {"menu": "選單", "help": "說明", "cancel": "取消", "restart": "重新開始", "about": "你是誰"}
"""Each command and the words that it is typed for."""

COMMAND_MENU = (
    {"command": "menu", "description": "打開選單"},
    {"command": "help", "description": "看怎麼使用"},
    {"command": "cancel", "description": "取消進行中的步驟"},
    {"command": "restart", "description": "從頭開始"},
    {"command": "about", "description": "關於學伴"},
)
"""The `commands` of `setMyCommands`."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A message that begins with a slash."""

    name: str
    """In lower case, without the slash."""
    bot: str
    """The bot that it names after `@`, in lower case; empty where it names none."""
    rest: str
    """What follows; for `/start` the payload of the link."""

    @property
    def known(self) -> bool:
        """Whether it is one of ours."""
        return self.name == START or self.name in WORDS


def read(text: str) -> Command | None:
    """The command in a message; None where it does not begin with one."""
    found = _COMMAND.fullmatch(text)
    if found is None:
        return None
    name, bot, rest = found.groups()
    return Command(name.lower(), (bot or "").lower(), (rest or "").strip())
