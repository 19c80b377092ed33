"""Several activities in one message."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.spoken.line import parse_line
from knowledge.spoken.splitting import split_lines
from tests.knowledge.spoken.scripts import in_words

NOW = datetime(2025, 11, 20, 18)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("11/18社群2小時、11/19工作坊3小時", ["community_meeting 2025-11-18 2", "workshop 2025-11-19 3"]),
        (
            "11/18 14:00-16:00社群\n11/19 9:00-12:00工作坊",
            ["community_meeting 2025-11-18T14:00 2", "workshop 2025-11-19T09:00 3"],
        ),
        ("昨天社群2小時，另外教授到校輔導3小時", ["community_meeting 2025-11-19 2", "mentoring_visit 2025-11-19 3"]),
        ("11/18、11/19社群各2小時", ["community_meeting 2025-11-18 2", "community_meeting 2025-11-19 2"]),
        ("昨天社群2小時", ["community_meeting 2025-11-19 2"]),
    ],
)
def test_each_activity_is_one_reading(text: str, parts: list[str]) -> None:
    readings = split_lines(text, NOW)
    assert [" ".join(in_words(r, name) for name in ("kind", "starts_at", "hours")) for r in readings] == parts
    assert not any(reading.ask for reading in readings)


@pytest.mark.parametrize("text", ["昨天社群2小時 工作坊3小時", "昨天上傳教材並開社群2小時", "11/18、11/19社群各2小時"])
def test_the_whole_of_it_asks_back(text: str) -> None:
    assert parse_line(text, NOW).ask
