"""A launcher for the whole run; fake platforms and a service for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.kill.service import Launcher, Service, telegram_settings


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """Where services are forked from."""
    started = Launcher()
    yield started
    started.close()


@pytest.fixture
def line() -> Iterator[FakeLine]:
    """LINE, which outlives every service."""
    with FakeLine() as fake:
        yield fake


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """Telegram, which outlives every service."""
    with FakeTelegram() as fake:
        yield fake


@pytest.fixture
def service(launcher: Launcher, database_url: str, line: FakeLine, tmp_path: Path) -> Iterator[Service]:
    """A service that LINE calls, not started yet."""
    made = Service(launcher, database_url, tmp_path, LINE_API_BASE_URL=line.url)
    yield made
    made.close()


@pytest.fixture
def telegram_service(
    launcher: Launcher, database_url: str, line: FakeLine, telegram: FakeTelegram, tmp_path: Path
) -> Iterator[Service]:
    """A service that both call, not started yet."""
    made = Service(launcher, database_url, tmp_path, LINE_API_BASE_URL=line.url, **telegram_settings(telegram.url))
    yield made
    made.close()
