"""`xueban parse` from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from bot.commands.failures import BadInputError
from bot.commands.parse import as_data, read
from knowledge.spoken.line import parse_line
from tests.bot.shell import Run, batch, refused

NOW = "2025-11-20T18:00"


def stated(text: str) -> dict[str, object]:
    """What a line states."""
    return as_data(parse_line(text, datetime.fromisoformat(NOW)))


def test_lines_come_out_in_order(xueban: Run, tmp_path: Path) -> None:
    given = batch(
        {"id": "b", "text": "昨天共備50分鐘 8人", "now": NOW},
        {"id": 7, "text": "早安", "now": NOW},
        {"id": 8, "text": "11/18 14:00-16:00 社群", "now": NOW},
    )
    file = tmp_path / "lines.jsonl"
    file.write_text("\ufeff" + given + "\n", encoding="utf-8")
    code, out, err = xueban("parse", "--batch", str(file))
    assert (code, err) == (0, "")
    assert [json.loads(line) for line in out.splitlines()] == [
        {"id": "b", "kind": "community_meeting", "starts_at": "2025-11-19", "hours": 0.83, "headcount": 8, "ask": []},
        {"id": 7, "ask": []},
        {"id": 8, "kind": "community_meeting", "starts_at": "2025-11-18T14:00", "hours": 2, "ask": []},
    ]
    assert xueban("parse", "--batch", "-", given=given)[1] == out


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"[]", b"1", b"{}", b'{"id": 1, "text": "x"}', b'{"id": 1, "now": "2025-11-20"}', b"\xff"),
        b'{"id": 1, "text": 2, "now": "2025-11-20T10:00"}',
        b'{"id": 1, "text": "x", "now": "yesterday"}',
        b'{"id": 1, "text": "x", "now": 7}',
        b'{"id": 1, "text": "x", "now": "2025-11-20T10:00+08:00"}',
        b'{"id": 1, "text": "x", "now": "0001-01-01"}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_line_is_named(line: bytes) -> None:
    with pytest.raises(BadInputError, match="第 2 行"):
        list(read([b"", line]))


def test_bad_input_is_one_sentence(xueban: Run) -> None:
    assert refused(xueban("parse", "--batch", "-", given="{")) == "第 1 行不是 JSON（UTF-8）。"
    assert "nowhere.jsonl" in refused(xueban("parse", "--batch", "nowhere.jsonl"))


@pytest.mark.parametrize(
    ("text", "ask", "absent"),
    [
        ("昨天社群2小時 -3人", [], "headcount"),
        ("昨天社群2小時 1000000000人", [], "headcount"),
        ("昨天社群0小時", ["hours"], "hours"),
        ("昨天社群25小時", ["hours"], "hours"),
        ("上週社群2小時", ["starts_at"], "starts_at"),
    ],
)
def test_what_can_not_be_is_asked_for_or_left_out(text: str, ask: list[str], absent: str) -> None:
    reply = stated(text)
    assert reply["ask"] == ask
    assert absent not in reply


@pytest.mark.parametrize("year", [1911, 2999])
def test_a_year_far_away_is_asked_for(year: int) -> None:
    assert stated(f"{year}/11/18 社群2小時")["ask"] == ["starts_at"]


def test_half_a_character_does_no_harm(xueban: Run) -> None:
    given = (
        b'{"id": "\\ud83d", "text": "\\ud83d \\u6628\\u5929\\u793e\\u7fa42\\u5c0f\\u6642", "now": "2025-11-20T10:00"}'
    )
    code, out, _ = xueban("parse", "--batch", "-", given=given)
    assert code == 0
    assert json.loads(out)["kind"] == "community_meeting"


def test_no_service_is_loaded() -> None:
    wanted = ("linebot", "telegram", "sqlalchemy", "starlette", "yaml", "pydantic", "opencc")
    code = f"import bot.commands.parse, sys; print([name for name in {wanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_set_of_lines_is_read(tmp_path: Path) -> None:
    """The lines that others have collected, where they are at hand: nearly all right, hardly a wrong value."""
    shared = os.environ.get("XUEBAN_SHARED")
    folder = Path(shared) / "eval" / "dev" if shared else None
    files = sorted(folder.glob("log-lines*.jsonl")) if folder else []
    if not files:
        pytest.skip("XUEBAN_SHARED names no folder with log lines")
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    right = sum(_agrees(row) for row in rows)
    assert right >= 0.95 * len(rows)


def _agrees(row: dict[str, object]) -> bool:
    reply = as_data(parse_line(str(row["text"]), datetime.fromisoformat(str(row["now"]))))
    expect = row["expect"]
    assert isinstance(expect, dict)
    exact = ("kind", "starts_at", "headcount", "mode", "mentor_kind")
    return all(reply.get(name) == expect[name] for name in exact if name in expect)


def test_a_line_too_long_to_read_is_named(xueban: Run, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    long = "昨天社群2小時，" + "大家分頭試教再一起改教案，" * 100
    lines = [{"id": 1, "text": "昨天社群2小時", "now": NOW}, {"id": 2, "text": long, "now": NOW}]
    file.write_text(batch(*lines), encoding="utf-8")
    code, out, err = xueban("parse", "--batch", str(file))
    assert (code, len(out.splitlines())) == (0, 2)
    assert err.strip() == "第 2 行超過 1,000 個字，只讀了前面；請分成幾行。"
