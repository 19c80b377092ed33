"""`xueban ask` from outside, one question and many."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.ask import read
from bot.commands.failures import BadInputError
from tests.bot.shell import SURE, Run, batch, refused

SDKS = ("linebot", "telegram", "sqlalchemy", "starlette", "uvicorn", "apscheduler")


def test_a_question_is_answered_with_its_source(xueban: Run) -> None:
    code, out, err = xueban("ask", SURE)
    assert (code, err) == (0, "")
    assert out.startswith("【查到了】")
    assert "依據：跨校遠距教學（114 學年度）柒/一" in out


def test_an_explanation_says_why(xueban: Run) -> None:
    code, out, _ = xueban("ask", SURE, "--explain")
    assert code == 0
    assert "folded:" in out.partition("為什麼：")[2]


def test_json_is_json_and_nothing_else(xueban: Run) -> None:
    code, out, err = xueban("ask", SURE, "--json")
    assert (code, err) == (0, "")
    reply = json.loads(out)
    assert list(reply) == ["status", "answer", "programme", "citations", "suggestions"]
    assert (reply["status"], reply["programme"]) == ("answered", "distance-teaching")
    assert reply["citations"][0].keys() == {"programme", "edition", "section"}


def test_a_no_is_an_answer_too(xueban: Run) -> None:
    code, out, _ = xueban("ask", "教學卓越獎怎麼申請？", "--json")
    assert code == 0
    assert json.loads(out)["status"] == "refused"


def test_a_batch_is_answered_in_order(xueban: Run, tmp_path: Path) -> None:
    given = batch({"id": "b", "q": SURE}, {"id": 7, "q": "今天天氣如何"}) + "\n"
    file = tmp_path / "questions.jsonl"
    file.write_text("\ufeff" + given, encoding="utf-8")
    code, out, _ = xueban("ask", "--batch", str(file))
    replies = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [reply["id"] for reply in replies] == ["b", 7]
    assert list(replies[0]) == ["id", "status", "answer", "programme", "citations", "suggestions"]
    assert all(len(reply["suggestions"]) <= 5 for reply in replies)
    assert xueban("ask", "--batch", "-", given=given)[1] == out


def test_a_session_is_a_conversation(xueban: Run) -> None:
    given = batch(
        {"id": 1, "q": "入校陪伴總共要幾小時？", "session": "a"},
        {"id": 2, "q": SURE, "session": "b"},
        {"id": 3, "q": "什麼時候截止", "session": "a"},
        {"id": 4, "q": "什麼時候截止"},
    )
    replies = [json.loads(line) for line in xueban("ask", "--batch", "-", given=given)[1].splitlines()]
    assert [reply["programme"] for reply in replies[:3]] == [
        "onsite-mentoring",
        "distance-teaching",
        "onsite-mentoring",
    ]
    assert replies[3]["status"] == "unsure"  # without the conversation it could be any programme


@pytest.mark.parametrize(
    "line",
    [
        *(b"{", b"[]", b'"q"', b"1", b"{}", b'{"id": 1}', b'{"q": "x"}', b'{"id": 1, "q": 2}', b"\xff", b"NaN x"),
        *(b'{"id": 1, "q": "x", "session": []}', b'{"id": 1, "q": "x", "session": true}', b"[" * 100_000),
    ],
)
def test_a_malformed_line_is_named(line: bytes) -> None:
    good = b'{"id": 1, "q": "x"}'
    with pytest.raises(BadInputError, match=r"^第 3 行[^\n]+。$"):
        list(read([good, b"\n", line]))


def test_a_malformed_line_ends_the_batch_in_one_sentence(xueban: Run) -> None:
    outcome = xueban("ask", "--batch", "-", given=batch({"id": 1, "q": SURE}) + "oops\n")
    assert refused(outcome) == "第 2 行不是 JSON（UTF-8）。"
    assert [json.loads(line)["id"] for line in outcome[1].splitlines()] == [1]


def test_half_a_character_ends_nothing(xueban: Run) -> None:
    code, out, _ = xueban("ask", "--batch", "-", given='{"id": "\\ud83d", "q": "補助\\ud83d"}\n')
    assert code == 0
    assert json.loads(out)["status"]


def test_asking_imports_no_sdk_no_database_and_no_web_server() -> None:
    code = f"import sys, bot.cli, bot.commands.ask; print([n for n in {SDKS} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
