"""Slash commands."""

from __future__ import annotations

import pytest

from bot.channels.telegram import commands


def test_a_command_names_its_bot_and_carries_what_follows() -> None:
    command = commands.read("/Start@Xueban_Bot  code-1 ")
    assert command == commands.Command("start", "xueban_bot", "code-1")


@pytest.mark.parametrize("text", ["menu", "1/2", "/", "/選單", "看 /menu", "/menu/help", ""])
def test_what_does_not_begin_with_a_command_is_none(text: str) -> None:
    assert commands.read(text) is None


def test_every_command_in_the_menu_is_one_that_we_understand() -> None:
    assert [entry["command"] for entry in commands.COMMAND_MENU] == list(commands.WORDS)
    assert all(3 <= len(entry["description"]) <= 256 for entry in commands.COMMAND_MENU)
