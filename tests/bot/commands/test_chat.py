"""`xueban chat` from input to output, over a real database."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import epoch_ms, parse_local
from bot.commands.chat import Planner, chat_command
from bot.messages import Outgoing, Text, to_json
from bot.settings import Settings
from bot.store import outbox
from bot.store.database import Database
from tests.bot.rehearsal import rehearsal


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'xueban.db'}")


def chat(settings: Settings, *lines: dict[str, str], plan: Planner | None = None) -> list[dict[str, Any]]:
    source = io.StringIO("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    target = io.StringIO()
    start = "2025-09-05T14:00"
    code = chat_command(settings, rehearsal(), as_json=True, now=start, plan=plan, source=source, target=target)
    assert code == 0
    return [json.loads(line) for line in target.getvalue().splitlines()]


def type_in(settings: Settings, text: str, **options: Any) -> str:
    target = io.StringIO()
    assert chat_command(settings, rehearsal(), source=io.StringIO(text), target=target, **options) == 0
    return target.getvalue()


def due(text: str, user: str, when: str) -> Planner:
    """A scheduler with one reminder."""

    async def plan(database: Database, now: datetime) -> None:
        if now < parse_local(when):
            return
        body = Outgoing("show", {"messages": [to_json(Text(text))]})
        async with database.write() as tx:
            await outbox.add(
                tx,
                body,
                conversation_id=f"terminal:{user}",
                dedupe_key=text,
                event_id="",
                now=epoch_ms(now),
            )

    return plan


def test_each_line_of_a_user_is_answered_by_one_line(settings: Settings) -> None:
    first, second = chat(settings, {"user": "甲", "text": "補助？"}, {"user": "乙", "text": "期限？"})
    assert first == {
        "user": "甲",
        "messages": [
            {"text": "回答：補助？\n依據：跨校遠距（114 學年度）柒/一/(一)", "choices": ["第二頁", "有幫助"]},
            {"text": "還有呢？", "choices": ["沒有了"]},
        ],
    }
    assert second["user"] == "乙"


def test_a_tap_is_the_label_typed_and_a_file_is_a_file(settings: Settings) -> None:
    tap, file = chat(settings, {"user": "甲", "tap": "第二頁"}, {"user": "甲", "file": "/nowhere/a.jpg"})
    assert tap["messages"][0]["text"].startswith("回答：第二頁")
    assert file["messages"] == [{"text": "我看不懂檔案。", "choices": []}]


def test_silence_is_a_line_too(settings: Settings) -> None:
    lines = chat(settings, {"user": "甲", "text": "無言"}, {"user": "甲", "text": "  "})
    assert lines == [{"user": "甲", "messages": []}] * 2


def test_a_long_script_is_no_flood(settings: Settings) -> None:
    lines = chat(settings, *({"user": "甲", "text": f"第{number}問"} for number in range(40)))
    assert [line["messages"][0]["text"].split("\n")[0] for line in lines] == [f"回答：第{n}問" for n in range(40)]


def test_what_falls_due_when_the_clock_is_moved_is_pushed_once(settings: Settings) -> None:
    plan = due("明天截止", "甲", "2025-09-06T09:00")
    lines = chat(
        settings,
        {"user": "甲", "text": "在"},
        {"now": "2025-09-06T08:59"},
        {"now": "2025-09-06T09:00"},
        {"now": "2025-09-06T10:00"},
        plan=plan,
    )
    push = {"user": "甲", "push": True, "messages": [{"text": "明天截止", "choices": []}]}
    assert lines[1:] == [push]
    assert chat(settings, {"now": "2025-09-07"}, plan=plan) == []


def test_what_was_pushed_between_two_processes_is_no_part_of_the_next_answer(settings: Settings) -> None:
    chat(settings, {"user": "甲", "text": "在"})

    async def meanwhile() -> None:
        database = Database(settings.database_url)
        await due("昨夜的通知", "甲", "2025-09-05")(database, parse_local("2025-09-05T13:00"))
        await database.close()

    asyncio.run(meanwhile())
    answer, push = chat(settings, {"user": "甲", "text": "早"})
    assert "昨夜" not in str(answer)
    assert push["messages"][0]["text"] == "昨夜的通知"


def test_a_push_comes_after_the_answer_of_the_line_at_hand(settings: Settings) -> None:
    chat(settings, {"user": "乙", "text": "在"})
    plan = due("給乙的", "乙", "2025-09-05")
    answer, push = chat(settings, {"user": "甲", "text": "在"}, plan=plan)
    assert (answer["user"], "push" in answer) == ("甲", False)
    assert (push["user"], push["push"]) == ("乙", True)


def test_a_second_process_goes_on_where_the_first_stopped(settings: Settings) -> None:
    assert "直接問就好" in type_in(settings, "", user="新人")
    assert "直接問就好" not in type_in(settings, "我回來了\n", user="新人")


def test_typed_lines_are_answered_in_plain_text(settings: Settings) -> None:
    shown = type_in(settings, "補助？\n")
    assert (
        "回答：補助？\n依據：跨校遠距（114 學年度）柒/一/(一)\n  1. 第二頁\n  〔有幫助〕\n\n還有呢？\n  2. 沒有了"
        in shown
    )


def test_a_reminder_is_marked_for_whoever_types(settings: Settings) -> None:
    type_in(settings, "在\n")
    assert "〔通知〕到期" in type_in(settings, "", plan=due("到期", "me", "2020-01-01"))


def test_an_event_that_fails_is_tried_again_and_then_apologised_for(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.inbox.worker.PAUSES_MS", (10, 10))
    [line] = chat(settings, {"user": "甲", "text": "壞掉"})
    assert "抱歉" in line["messages"][0]["text"]


@pytest.mark.parametrize("line", ["not json", '{"user": "甲"}', '{"now": "?"}'])
def test_a_malformed_line_ends_with_code_2_and_one_sentence(
    settings: Settings, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = io.StringIO('{"user": "甲", "text": "在"}\n' + line + "\n"), io.StringIO()
    assert chat_command(settings, rehearsal(), as_json=True, source=source, target=target) == 2
    assert len(target.getvalue().splitlines()) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("第 2 行")
    assert complaint.count("\n") == 1


@pytest.mark.parametrize("options", [{"now": "明天"}, {"user": "長" * 101}])
def test_an_option_that_cannot_be_read_ends_with_code_2(
    settings: Settings, options: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert chat_command(settings, rehearsal(), source=io.StringIO(), target=io.StringIO(), **options) == 2
    assert capsys.readouterr().err.startswith("--")


def test_nothing_but_json_is_written_and_the_log_is_quiet(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(settings, {"user": "甲", "text": "安靜"})
    assert capsys.readouterr() == ("", "")
