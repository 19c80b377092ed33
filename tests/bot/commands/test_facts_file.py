"""A JSON file and a moment, as a command is given them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.commands.facts_file import local_now, read_json
from bot.commands.failures import BadInputError


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes('\ufeff{"a": "甲"}'.encode())
    assert read_json(str(path)) == {"a": "甲"}


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"\xff\xfe{", "不是 UTF-8"),
        (b'{"a": 1,\n}', "第 2 行讀不懂"),
        (b"[" * 100_000, "內容讀不懂"),
        (b'{"a": 1, "a": 2}', "「a」寫了兩次"),
    ],
)
def test_what_is_no_json_is_one_sentence(tmp_path: Path, content: bytes, because: str) -> None:
    path = tmp_path / "facts.json"
    path.write_bytes(content)
    with pytest.raises(BadInputError, match=because):
        read_json(str(path))


def test_the_moment_is_taipei_wall_time() -> None:
    assert local_now("2025-09-05") == datetime(2025, 9, 5)
    assert local_now("2025-09-05T14:00") == datetime(2025, 9, 5, 14)
    assert local_now("2025-09-05T14:00:00+00:00") == datetime(2025, 9, 5, 22)


def test_now_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUEBAN_NOW", "2017-07-31T09:00")
    assert local_now("") == datetime(2017, 7, 31, 9)
    assert local_now("2025-09-05") == datetime(2025, 9, 5)
    monkeypatch.setenv("XUEBAN_NOW", "soon")
    with pytest.raises(BadInputError, match="XUEBAN_NOW"):
        local_now("")
    assert local_now("2025-09-05") == datetime(2025, 9, 5)
