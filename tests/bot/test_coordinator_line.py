"""A coordinator through LINE: invited, logging, progress, and the report in hand, for every programme."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import docx
import httpx
import openpyxl
import pytest
from starlette.applications import Starlette

from bot.clock import epoch_ms
from bot.service import Service
from bot.settings import Settings
from bot.site import routes
from bot.store import enrolments, migrate
from bot.store.access import Role, unlimited
from tests.bot.test_checklist_line import SECRET, Phone
from tests.fakes.line import FakeLine

SCHOOL = "示範學校"
YEARS = {
    ("distance-teaching", "114"): (
        "2025-11-20T17:30",
        "11/18 14:00-16:00 社群會議 5人 主題：差異化教學",
        "教師社群活動",
    ),
    ("onsite-mentoring", "114"): ("2025-09-01T10:00", "8/28 領航教師入校輔導 9:00-14:00", "陪伴時數：5／15"),
    ("mobile-learning", "106"): ("2017-03-20T10:00", "3/15 教授到校輔導 13:00-15:00 8人", "到校輔導"),
    ("equalization", "111"): ("2022-10-20T10:00", "10/12 14:00-16:00 數學社群會議 9人", "社群"),
    ("urban-rural-partner", "105"): (
        "2016-11-20T10:00",
        "11/8 教學團隊活動 9:00-12:00 線上 14人",
        "教學與行政團隊共學：1／1",
    ),
}
LINK = re.compile(r"https://xueban\.example(/files/\S+)")


@pytest.fixture
def line() -> Iterator[FakeLine]:
    with FakeLine() as fake:
        yield fake


@asynccontextmanager
async def running(folder: Path, line: FakeLine, now: str) -> AsyncIterator[Service]:
    """A service at a moment of the programme's own year; its workers are moved by hand."""
    service = Service(
        Settings(
            database_url=f"sqlite:///{folder / 'xueban.db'}",
            xueban_data_dir=folder,
            line_channel_secret=SECRET,
            line_channel_access_token="token",
            line_api_base_url=line.url,
            public_url="https://xueban.example",
            xueban_now=now,
        )
    )
    await migrate.to_head(service.database)
    try:
        yield service
    finally:
        await service.stop()


async def invited(service: Service, slug: str, edition: str) -> str:
    """A code for the school's coordinator."""
    programme = service.base.programme(slug, edition)
    async with service.database.write() as tx:
        now = epoch_ms(service.clock.now())
        place = await enrolments.enrol(tx, unlimited(), SCHOOL, programme, now)
        assert place is not None
        code = await enrolments.invite(tx, unlimited(), Role.COORDINATOR, now, enrolment_id=place.id)
    assert code is not None
    return code


async def handed_out(service: Service, said: str) -> bytes:
    """The file behind the link that was said."""
    found = LINK.search(said)
    assert found, said
    transport = httpx.ASGITransport(app=Starlette(routes=routes(service)))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        response = await client.get(found[1])
    assert response.status_code == 200
    return response.content


@pytest.mark.parametrize("edition", YEARS, ids=lambda edition: edition[0])
async def test_from_the_invitation_to_the_report(tmp_path: Path, line: FakeLine, edition: tuple[str, str]) -> None:
    now, words, counted = YEARS[edition]
    async with running(tmp_path, line, now) as service:
        phone = Phone(service, line)
        assert SCHOOL not in await phone.say("我的學校")
        assert SCHOOL in await phone.say(f"加入 {await invited(service, *edition)}")
        await phone.say("王老師")
        assert "這樣記對嗎" in await phone.say(words)
        assert "已存好" in await phone.tap("確認")
        assert counted in await phone.say("進度")
        await phone.say("匯出")
        workbook = openpyxl.load_workbook(io.BytesIO(await handed_out(service, await phone.tap("紀錄總表"))))
        assert any("王老師" in str(row) for row in workbook.worksheets[0].iter_rows(values_only=True))
        await phone.say("匯出")
        report = next(each["data"] for each in phone.actions if ":report:" in each["data"])
        paper = docx.Document(io.BytesIO(await handed_out(service, await phone.press(report))))
        written = [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for c in t._cells]
        assert any(SCHOOL in text for text in written)


async def test_a_stranger_reaches_nothing_of_it(tmp_path: Path, line: FakeLine) -> None:
    edition = ("distance-teaching", "114")
    now, words, _ = YEARS[edition]
    async with running(tmp_path, line, now) as service:
        phone = Phone(service, line)
        await phone.say(f"加入 {await invited(service, *edition)}")
        await phone.say("略過")
        assert "這樣記對嗎" in await phone.say(words)
        save = next(each["data"] for each in phone.actions if each["data"].startswith("r:save:"))
        stranger = Phone(service, line, "U" + "9" * 32)
        assert "找不到" in await stranger.press(save)
        assert SCHOOL not in await stranger.say("11月的紀錄")
        assert SCHOOL not in await stranger.say("匯出")
        assert "已存好" in await phone.press(save)
        assert "已經存好" in await phone.press(save)
