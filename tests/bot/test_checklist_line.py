"""A whole checklist through LINE: signed webhooks in, what LINE accepted out, a real database and HTTP between."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.service import Service
from bot.settings import Settings
from bot.store import migrate
from tests.fakes import line_events
from tests.fakes.line import FakeLine

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
ANSWERS = ["教育部", "一學年", "１", "三所", "一般科目", "實體加線上", "十二人", "是", "專任", "不是"]


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


class Phone:
    """Someone's LINE: what is typed and tapped goes in as a signed webhook, what LINE accepted is read back."""

    def __init__(self, service: Service, line: FakeLine, user: str = line_events.USER) -> None:
        self._service, self._line, self._user = service, line, user
        self.shown: list[dict[str, Any]] = []

    async def say(self, words: str) -> str:
        """Type something; all words that came back."""
        return await self._send(line_events.text(words, origin=line_events.source(user=self._user)))

    async def tap(self, label: str) -> str:
        """Tap a button of the last answer by the beginning of its label."""
        return await self.press(
            next(a["data"] for a in self.actions if a["label"].lstrip("0123456789 ").startswith(label))
        )

    async def press(self, data: str) -> str:
        """Tap whatever carries this, old or new."""
        return await self._send(line_events.postback(data, origin=line_events.source(user=self._user)))

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What can be tapped in the last answer."""
        return [each for each in walk(self.shown) if each.get("type") == "postback"]

    async def _send(self, event: dict[str, Any]) -> str:
        raw = line_events.body(event)
        before = len(self._line.accepted)
        hook = self._service.webhooks()["/webhooks/line"]
        transport = httpx.ASGITransport(app=hook)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
            response = await client.post("/webhooks/line", content=raw, headers=line_events.headers(SECRET, raw))
        assert response.status_code == 200
        while await self._service.workers[0].step():
            pass
        await self._service.dispatcher.drain_once()
        calls = self._line.accepted[before:]
        assert [call.endpoint for call in calls] == ["reply"]
        self.shown = calls[0].body["messages"]
        return "\n".join(each["text"] for each in walk(self.shown) if each.get("type") == "text" and "text" in each)


def walk(data: Any) -> Iterator[dict[str, Any]]:
    """Every object within."""
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from walk(value)
    elif isinstance(data, list):
        for value in data:
            yield from walk(value)


@asynccontextmanager
async def running(url: str, line: FakeLine) -> AsyncIterator[Service]:
    """A service of its own, as after a restart; its workers are moved by hand."""
    service = Service(
        Settings(
            database_url=url,
            line_channel_secret=SECRET,
            line_channel_access_token="token",
            line_api_base_url=line.url,
            public_url="https://xueban.example",
        )
    )
    await migrate.to_head(service.database)
    yield service
    await service.stop()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'xueban.db'}"


async def test_a_coordinator_gets_the_verdict_and_the_paper_in_line(url: str, line: FakeLine) -> None:
    async with running(url, line) as service:
        phone = Phone(service, line)
        said = await phone.say("我們可以申請跨校遠距嗎")
        assert "第 1 題，約剩 13 題" in said
        assert "第 2 題" in await phone.tap("教育部主管")
        assert "第 2 題" in await phone.say("國小可以申請嗎")
        for answer in ANSWERS[1:]:
            said = await phone.say(answer)
        assert "最後一題" in said
        said = await phone.tap("否")
        assert "符合：" in said
        assert "全計畫上限：750,000 元" in said
        assert "依據：跨校遠距教學（114 學年度）" in said
        assert "一般遠距" in await phone.say("如果改成全線上呢")
        assert "https://xueban.example/files/" in await phone.tap("給校長的 Word")
        assert "符合" in await phone.say("我的檢核")


async def test_after_a_restart_the_question_is_still_there(url: str, line: FakeLine) -> None:
    async with running(url, line) as service:
        phone = Phone(service, line)
        await phone.say("檢核入校陪伴")
        assert "第 2 題" in await phone.say("國立")
    async with running(url, line) as service:
        assert "第 3 題" in await Phone(service, line).say("高中")


async def test_an_old_button_and_a_second_tap_write_nothing(url: str, line: FakeLine) -> None:
    async with running(url, line) as service:
        phone = Phone(service, line)
        await phone.say("檢核入校陪伴")
        ours, theirs = (a["data"] for a in phone.actions[:2])
        await phone.press(ours)
        assert "已經記下" in await phone.press(ours)
        assert "已經記為" in await phone.press(theirs)
        await phone.say("修改")
        assert phone.actions[0]["displayText"] == "主管機關：教育部主管（國立、私立）"


async def test_anothers_checklist_is_not_to_be_had(url: str, line: FakeLine) -> None:
    async with running(url, line) as service:
        phone = Phone(service, line)
        await phone.say("檢核入校陪伴")
        data = phone.actions[0]["data"]
        run = data.split(":")[1]
        stranger = Phone(service, line, "U" + "9" * 32)
        assert "找不到" in await stranger.press(data)
        assert "找不到" in await stranger.press(f"c:show:{run}")
        assert "找不到" in await stranger.press(f"c:paper:{run}")
        assert "還沒有檢核紀錄" in await stranger.say("我的檢核")
        assert "第 2 題" in await phone.press(data)


async def test_in_a_group_it_refuses_and_keeps_nothing(url: str, line: FakeLine) -> None:
    async with running(url, line) as service:
        phone = Phone(service, line)
        origin = line_events.source(group=line_events.GROUP)
        said = await phone._send(line_events.postback("c:start:onsite-mentoring", origin=origin))
        assert "一對一" in said
        assert json.dumps(phone.shown, ensure_ascii=False).count("第 1 題") == 0
