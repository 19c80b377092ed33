"""No text, however long or odd, may keep a chat waiting.

Not a clock but a count is held against a limit: how many steps the work takes is the same on every machine. What a
pattern costs can't be counted so; for it each text must be done within a generous time, in a process that can be ended.
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import datetime

import pytest

from knowledge.spoken import letters
from knowledge.spoken.changes import apply_change
from knowledge.spoken.days import find_days, read_day
from knowledge.spoken.line import parse_line
from knowledge.spoken.model import Draft
from knowledge.spoken.numbers import read_hours, read_number
from knowledge.spoken.splitting import split_lines

NOW = datetime(2025, 11, 20, 18)
LONG = 5_000
_LETTERS = (
    "0123456789 \n:.-~/點時分半上下午到一二三十百年月日號週昨今"
    "、，（）「」主題討論社群工作坊輔導教授到校線上人改成不對hr"
)


def texts() -> dict[str, str]:
    """Every kind of text that once was slow, or might be."""
    chance = random.Random(1)
    again = [
        "一",
        "1",
        "1 ",
        "一 ",
        "14:00-16:00 ",
        "11/18 ",
        "11/18社群2小時、",
        "社群",
        "週三 ",
        "不是",
        "「",
        "國教署",
    ]
    again += ["主題", "老師", "a\n", "第1-2節", "昨天社群2小時\n", "1-", "1.", "改成", "\0"]
    mixed = ["0123456789", "一二三四五六七八九十百", _LETTERS]
    every = {f"{said!r} again": (said * LONG)[:LONG] for said in again}
    every |= {f"any of {said[:9]!r}": "".join(chance.choice(said) for _ in range(LONG)) for said in mixed}
    return every | {"blanks": " " * LONG, "wide blanks": "\u3000" * LONG, "far apart": "昨天" + " " * 4_000 + "社群"}


def read_everything() -> None:
    """Every public function with every text."""
    for text in texts().values():
        parse_line(text, NOW)
        split_lines(text, NOW)
        read_day(text, NOW)
        find_days(text, NOW)
        read_number(text)
        read_hours(text)
        for lead in ("", "改成", "人數改", "主題改成"):
            apply_change(Draft("workshop", NOW, minutes=60), lead + text, NOW)


def test_long_texts_are_read_in_a_moment() -> None:
    code = f"from {__name__} import read_everything; read_everything()"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def steps(text: str) -> int:
    """Lines of our own code that reading a text runs through."""
    count = 0

    def trace(frame: object, event: str, arg: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type] # a tracer may be any callable
    try:
        split_lines(text, NOW)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", texts())
def test_the_work_is_bounded_whatever_the_length(name: str) -> None:
    assert steps(texts()[name]) < 400_000


def test_a_short_number_does_not_come_out_of_a_long_one() -> None:
    assert read_number("1" * 13) == int("1" * 13) or read_number("1" * 13) is None
    assert read_number("1" * LONG) is None
    assert read_hours("一" * LONG) is None
    assert parse_line("昨天社群" + "1" * LONG + "小時", NOW).draft.minutes is None


def test_a_day_is_found_in_its_place_behind_many_blanks() -> None:
    text = "社群" + " " * 500 + "１１／１８（二）"
    (found,) = find_days(text, NOW)
    assert letters.fold(text[slice(*found.span)]) == "11/18(二)"
