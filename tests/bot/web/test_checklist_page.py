"""A checklist on the real page in a real browser: clicking and typing to the verdict, a reload between, the paper."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from bot.app import create_app
from bot.settings import Settings

pytestmark = pytest.mark.browser

TYPED = ["１", "三所", "一般科目", "實體加線上", "十二人", "是", "專任"]


class Whole:
    """The whole service on a port of its own, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        settings = Settings(
            database_url=f"sqlite:///{folder / 'xueban.db'}",
            public_url="",
            port=port,
            xueban_now="2025-09-05T14:00",
            xueban_data_dir=folder,
        )
        config = uvicorn.Config(create_app(settings), port=port, log_config=None)
        self._ready = threading.Event()
        self._server = _Server(config, self._ready)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve()))

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(30)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._tell = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell.set()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Whole]:
    running = Whole(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, house: Whole) -> Iterator[Page]:
    context = chromium.new_context(
        locale="zh-TW", accept_downloads=True, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    visited = context.new_page()
    problems: list[str] = []
    visited.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    visited.on("pageerror", lambda error: problems.append(str(error)))
    visited.goto(house.address)
    yield visited
    context.close()
    assert problems == []


def say(page: Page, text: str) -> None:
    page.get_by_label("輸入您的問題").fill(text)
    page.keyboard.press("Enter")


def last(page: Page) -> Any:
    return page.locator(".theirs:not(#typing)").last


def shot(page: Page, name: str) -> None:
    """Keep a picture where someone wants to look at it: XUEBAN_SHOTS."""
    folder = os.environ.get("XUEBAN_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_run_to_the_verdict_by_clicking_and_typing(page: Page, tmp_path: Path) -> None:
    say(page, "我們可以申請跨校遠距嗎")
    expect(last(page)).to_contain_text("第 1 題，約剩 13 題")
    shot(page, "first-question")
    page.get_by_role("button", name="1 教育部主管").last.click()
    expect(last(page)).to_contain_text("第 2 題")
    lines = page.locator(".theirs:not(#typing)").count()
    say(page, "國小可以申請嗎")
    expect(page.locator(".theirs:not(#typing)")).not_to_have_count(lines)
    expect(last(page)).to_contain_text("第 2 題")
    shot(page, "question-between")
    page.reload()
    expect(last(page)).to_contain_text("第 2 題")
    page.get_by_role("button", name="1 一學年").last.click()
    expect(last(page)).to_contain_text("第 3 題")
    for number, answer in enumerate(TYPED, 4):
        say(page, answer)
        expect(last(page)).to_contain_text(f"第 {number} 題")
    say(page, "修改")
    expect(last(page)).to_contain_text("要改哪一題")
    shot(page, "edit-list")
    say(page, "繼續作答")
    expect(last(page)).to_contain_text("第 10 題")
    shot(page, "last-but-one")
    page.get_by_role("button", name="2 否").last.click()
    expect(last(page)).to_contain_text("最後一題")
    page.get_by_role("button", name="2 否").last.click()
    expect(last(page)).to_contain_text("全計畫上限：750,000 元")
    shot(page, "verdict-end")
    last(page).scroll_into_view_if_needed()
    say(page, "如果改成全線上呢")
    expect(last(page)).to_contain_text("一般遠距（學生全部在線上）")
    shot(page, "what-if")
    page.get_by_role("button", name="給校長的 Word").last.click()
    expect(last(page)).to_contain_text("/files/")
    with page.expect_download() as download:
        last(page).get_by_role("link").click()
    download.value.save_as(tmp_path / "paper.docx")
    assert download.value.suggested_filename == "資格檢核－跨校遠距教學（114 學年度）.docx"
    assert "word/document.xml" in zipfile.ZipFile(tmp_path / "paper.docx").namelist()
    shot(page, "paper-link")
    say(page, "我的檢核")
    expect(last(page)).to_contain_text("跨校遠距教學（114 學年度）：符合")
    shot(page, "mine")


def test_which_programmes_are_possible(page: Page) -> None:
    say(page, "我們學校可以申請哪些計畫")
    for answer, number in (("高中職", 2), ("國立", 3)):
        expect(last(page)).to_contain_text(f"第 {number - 1} 題")
        say(page, answer)
    expect(last(page)).to_contain_text("第 3 題")
    page.get_by_role("button", name="1 是").last.click()
    expect(last(page)).to_contain_text("這些計畫還有機會")
    shot(page, "ranking")
    page.get_by_role("button", name="2 檢核入校陪伴").last.click()
    expect(last(page)).to_contain_text("第 3 題")
    shot(page, "carried-over")
