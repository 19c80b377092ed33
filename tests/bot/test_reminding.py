"""Reminders from end to end: `xueban chat --json` with a clock that is moved, as a coordinator sees it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.clock import epoch_ms, parse_local
from bot.commands.chat import chat_command
from bot.conversation import make_router
from bot.reminding import make_planner
from bot.settings import Settings
from bot.store import enrolments, migrate
from bot.store.access import Role, unlimited
from bot.store.database import Database
from handlers.checklist.checklists import Checklists
from tests.real import real_base

START = "2026-06-01T10:00"
BASE = real_base()
CHECKLISTS = Checklists(BASE)
Line = dict[str, Any]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'xueban.db'}", evidence_dir=tmp_path / "evidence")


def invitation(settings: Settings, slug: str = "distance-teaching") -> str:
    """What somebody types to become a school's coordinator."""

    async def work() -> str:
        database = Database(settings.database_url)
        await migrate.to_head(database)
        now = epoch_ms(parse_local(START))
        async with database.write() as tx:
            place = await enrolments.enrol(tx, unlimited(), "某某高中", BASE.programme(slug), now)
            assert place is not None
            code = await enrolments.invite(tx, unlimited(), Role.COORDINATOR, now, enrolment_id=place.id, days=90)
        await database.close()
        return f"加入 {code}"

    return asyncio.run(work())


def chat(settings: Settings, *lines: Line) -> list[Line]:
    """Everything that is said, to lines that are typed or that move the clock."""
    source = io.StringIO("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    target = io.StringIO()
    code = chat_command(
        settings,
        make_router(settings, CHECKLISTS),
        as_json=True,
        now=START,
        plan=make_planner(BASE),
        source=source,
        target=target,
    )
    assert code == 0
    return [json.loads(line) for line in target.getvalue().splitlines()]


def joining(settings: Settings) -> list[Line]:
    return [{"now": START}, {"user": "王", "text": invitation(settings)}, {"user": "王", "text": "略過"}]


def days(*days: str) -> list[Line]:
    return [{"now": f"{day}T{hour}"} for day in days for hour in ("09:00", "15:00")]


def pushed(said: Sequence[Line], about: str = "") -> list[str]:
    texts = ["\n".join(message["text"] for message in line["messages"]) for line in said if line.get("push")]
    return [text for text in texts if about in text]


def time_left(said: Sequence[Line]) -> list[str]:
    """What each push says of the final report."""
    return [text.split("成果報告：")[1].split("，")[1].split("\n")[0] for text in pushed(said, "成果報告：")]


def answer(said: Sequence[Line]) -> Line:
    """The last reply."""
    return [line for line in said if not line.get("push")][-1]


LAST_DAYS = ("2026-07-01", "2026-07-17", "2026-07-24", "2026-07-28", "2026-07-30", "2026-07-31")
"""T-30 to T-0 of 31 July 2026."""


def test_a_coordinator_sees_each_reminder_once(settings: Settings) -> None:
    said = chat(settings, *joining(settings), *days(*LAST_DAYS))
    left = time_left(said)
    assert left == ["還有 30 天", "還有 14 天", "還有 7 天", "還有 3 天", "就是明天", "就是今天"]


def test_done_stops_them(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        *days(*LAST_DAYS[:2]),
        {"user": "王", "tap": "完成：成果報告"},
        {"user": "王", "tap": "還沒完成"},
        {"user": "王", "text": "完成：成果報告"},
        *days(*LAST_DAYS[2:], "2026-08-04"),
    )
    assert len(pushed(said, "成果報告：")) == 2
    assert "記下已完成：成果報告" in answer(said)["messages"][0]["text"]


def test_a_typed_number_means_the_button_of_the_push(settings: Settings) -> None:
    said = chat(settings, *joining(settings), *days("2026-07-01"), {"user": "王", "text": "1"})
    assert "記下已完成" in answer(said)["messages"][0]["text"]


def test_tomorrow_morning_repeats_it_once(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        *days("2026-07-17"),
        {"user": "王", "tap": "明早提醒"},
        *days("2026-07-18", "2026-07-19", "2026-07-20"),
    )
    assert "115/7/18（六）09:00 再提醒您" in answer(said)["messages"][0]["text"]
    assert len(pushed(said, "成果報告：")) == 2
    assert "還有 13 天" in pushed(said, "成果報告：")[1]


def test_the_next_working_day_is_one(settings: Settings) -> None:
    said = chat(
        settings, *joining(settings), *days("2026-07-17"), {"user": "王", "tap": "下個上班日"}, *days("2026-07-20")
    )
    assert "115/7/20（一）" in answer(said)["messages"][0]["text"]
    assert len(pushed(said, "成果報告：")) == 2


def test_mute_silences_one_thing_and_can_be_taken_back(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        *days("2026-07-17"),
        {"user": "王", "tap": "靜音"},
        {"now": "2026-07-24T09:00"},
        {"user": "王", "text": "我的期限"},
        {"user": "王", "text": "恢復提醒"},
        *days("2026-07-28"),
    )
    left = time_left(said)
    assert left == ["還有 14 天", "還有 7 天", "還有 3 天"]


def test_the_list_of_deadlines_says_what_is_missing_and_marks_what_is_done(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        {"user": "王", "text": "我的期限"},
        {"user": "王", "tap": "完成：成果報告"},
        {"user": "王", "text": "期限"},
    )
    before, after = said[-3], said[-1]
    assert "成果報告：115/7/31（五）到期" in before["messages"][0]["text"]
    assert "開不成課備文說明：待確認，要先知道「開學日」才能算" in before["messages"][0]["text"]
    assert "成果報告：已完成" in after["messages"][0]["text"]
    assert "完成：成果報告" not in after["messages"][0]["choices"]


def test_settings_change_days_and_hour(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        {"user": "王", "text": "提前 10、2 天提醒"},
        {"user": "王", "text": "提醒時間 16:30"},
        {"now": "2026-07-21T09:00"},
        {"now": "2026-07-21T16:30"},
    )
    assert "提前：10 天、2 天\n時間：16:30" in answer(said)["messages"][1]["text"]
    assert len(pushed(said, "成果報告：")) == 1


def test_one_deadline_or_programme_can_have_days_of_its_own(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        {"user": "王", "text": "跨校遠距教學提前 7 天提醒"},
        {"user": "王", "text": "成果報告提前 4、2 天提醒"},
        *days("2026-07-24", "2026-07-27", "2026-07-29"),
    )
    assert "「成果報告」改成：4 天、2 天提醒" in answer(said)["messages"][0]["text"]
    assert [("計畫結束：" in text, "成果報告：" in text) for text in pushed(said, "7/31（五）到期")] == [
        (True, False),
        (False, True),
        (False, True),
    ]


def test_an_hour_within_the_quiet_hours_is_refused(settings: Settings) -> None:
    said = chat(settings, *joining(settings), {"user": "王", "text": "提醒時間 22:00"})
    assert "安靜時段（21:00–08:00）" in answer(said)["messages"][0]["text"]


def test_pause_silences_everything(settings: Settings) -> None:
    said = chat(settings, *joining(settings), {"user": "王", "text": "暫停提醒"}, *days(*LAST_DAYS))
    assert pushed(said) == []


def test_who_is_in_no_school_asks_about_deadlines_as_a_question(settings: Settings) -> None:
    asyncio.run(_migrated(settings))
    mine, bare = chat(settings, {"user": "李", "text": "我的期限"}, {"user": "李", "text": "完成"})
    assert "邀請碼" in mine["messages"][0]["text"]
    assert "記下" not in bare["messages"][0]["text"]


async def _migrated(settings: Settings) -> None:
    database = Database(settings.database_url)
    await migrate.to_head(database)
    await database.close()


def test_nobody_can_use_the_button_of_another(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        *days("2026-07-17"),
        {"user": "李", "text": "您好"},
        {"user": "李", "tap": "完成：成果報告"},
        *days("2026-07-24"),
    )
    assert len(pushed(said, "成果報告：")) == 2


def test_a_planned_meeting_is_asked_about_the_day_after(settings: Settings) -> None:
    said = chat(
        settings,
        *joining(settings),
        {"user": "王", "text": "6/10 14:00-16:00 社群會議 6人 線上 主題共備"},
        {"user": "王", "text": "6/10"},
        {"user": "王", "tap": "確認"},
        *days("2026-06-10", "2026-06-11", "2026-06-12"),
        {"user": "王", "tap": "有，照計畫辦了"},
    )
    assert len(pushed(said, "有開成嗎")) == 1
    assert "已列入進度" in answer(said)["messages"][0]["text"]
