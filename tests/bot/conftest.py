"""What the tests of the service share."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.bot.shell import NOW, Run, run
from tests.bot.web.browsers import chromium  # noqa: F401 - a fixture


@pytest.fixture
def kept_logging() -> Iterator[None]:
    """Whatever a test configures, the logging of pytest is put back at its end."""
    root = logging.getLogger()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**configured)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing configured but a database of the test's own; its path."""
    for name in list(os.environ):
        if name.startswith(("LINE_", "TELEGRAM_", "XUEBAN_", "PUBLIC_URL", "PORT")) and name != "XUEBAN_SHARED":
            monkeypatch.delenv(name)
    path = tmp_path / "xueban.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("XUEBAN_NOW", NOW)
    return path


@pytest.fixture
def xueban(environment: Path) -> Run:
    """Runs `xueban …` with that database and nothing else configured."""
    return run
