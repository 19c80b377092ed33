"""LINE's word on the month's pushes, and its silence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.channels.line.quota import LineQuota
from scheduler.outlets import Report
from tests.fakes.line import FakeLine


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


async def test_what_is_allowed_and_what_is_used(line: FakeLine) -> None:
    assert await LineQuota("token", line.url)() == Report(200, 0)


async def test_a_line_that_does_not_answer_is_no_error() -> None:
    assert await LineQuota("token", "http://127.0.0.1:9", timeout_seconds=1.0)() is None
