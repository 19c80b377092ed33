"""What the tests of this channel share."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.channels.telegram import TelegramSender
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_spec import Specification


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A Bot API on a loopback port."""
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def sender(telegram: FakeTelegram) -> AsyncIterator[TelegramSender]:
    """Our sender, at work on the fake."""
    sender = TelegramSender(TOKEN, telegram.url)
    yield sender
    await sender.close()


@pytest.fixture(scope="session")
def specification() -> Specification:
    """The Bot API's own description."""
    folder = os.environ.get("XUEBAN_SHARED", "")
    path = Path(folder) / "telegram-api" / "api.json"
    if not folder or not path.is_file():
        pytest.skip("XUEBAN_SHARED names no folder with telegram-api/api.json")
    return Specification(path)
