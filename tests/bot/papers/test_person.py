"""「我的資料」 as a page: everything is on it, in words, and nothing in it is more than text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import ShiftedClock, epoch_ms
from bot.papers.makers import PersonPages
from bot.papers.person import TITLE, PersonPage
from bot.store import file_links, my_data
from bot.store.database import Database
from bot.store.file_links import FileLink
from bot.store.forgetting import forget
from bot.store.linked import Linked
from bot.store.my_console import Trace
from bot.store.my_data import Asked, MyData, Said, Token
from bot.store.my_reminders import Note
from bot.store.my_work import Deed, Held, SaidFact, Sent
from bot.store.runs import Run
from handlers.account.privacy import HOUR_MS, NAME
from handlers.checklist.survey import Survey
from tests.bot.store.school_house import NOW, SLUG, logged, member, school
from tests.handlers.stage import real_checklists
from tests.thorough import examples

CHECKLISTS = real_checklists()
KINDS = (CHECKLISTS, Survey(CHECKLISTS))
PAGE = PersonPage(CHECKLISTS.base, KINDS)
NOTHING = MyData(NOW, (), (), 0, (), (), (), (), (), (), (), (), (), 0)


class Reader(HTMLParser):
    """Collects what is shown, and which tags there are."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._style = tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.words.append(data)


def read(content: bytes) -> Reader:
    reader = Reader()
    reader.feed(content.decode("utf-8"))
    return reader


def shown(data: MyData) -> str:
    return "\n".join(read(PAGE.write(data, NOW)).words)


def test_a_page_about_nothing_says_so() -> None:
    text = shown(NOTHING)
    assert TITLE in text
    assert text.count("沒有。") == 14
    assert "2025-11-20 10:00製作" in text


EVERYTHING = MyData(
    since=NOW,
    conversations=[Linked("line:U123", "line", False, NOW, NOW, "正在問的事")],
    said=[Said(NOW, "telegram", True, "群組裡說的話")],
    replies=7,
    asked=[Asked(NOW, "問過的事", "unsure", "outdated")],
    held=[Held("coordinator", "甲校", SLUG, "114", "王小明", NOW, NOW), Held("office", "", SLUG, "", "", NOW, None)],
    deeds=[
        Deed(NOW, "web", "create", "rec1", "甲校", SLUG, "114", {
            "kind": "community_meeting", "mode": "onsite", "topic": "三角函數", "minutes": 90, "starts_at": NOW,
            "state": "done", "has_hour": 1,
        }),
    ],
    attended=[(NOW, "乙校")],
    sent=[Sent(NOW, "line", "照片.jpg", "image/jpeg", 12345, "refused", "太大了", False)],
    notes=[
        Note("mark", NOW, "丙校", SLUG, "114", "apply", {"due": "2025-05-05T23:59"}),
        Note("reminder", NOW, "丙校", SLUG, "114", "deadline:settlement", {
            "day": "2026-09-23", "rule": "T-7", "state": "enqueued",
        }),
        Note("wish", NOW, "", SLUG, "", "", {"offsets": "10,0", "at_minute": 510, "quiet_from": None, "muted": 0}),
        Note("wish", NOW, "丁校", SLUG, "114", "nudge:community_meeting", {"offsets": None, "muted": 1}),
    ],
    runs=[
        Run("r1", "p", "checklist", SLUG, "114", "", "web:x", answers={"authority": "moe"}, unsure=("duration",)),
        Run("r2", "p", "gone", "", "", "", "web:x", answers={"k": ["原樣"]}),
    ],
    codes=[Token("invite", NOW, used=True)],
    links=[Token("person", NOW)],
    wrong_codes=3,
    calendars=[NOW],
    facts=[
        SaidFact(NOW, "line", "戊校", SLUG, "114", "approved_on", "2025-09-15"),
        SaidFact(NOW, "web", "戊校", SLUG, "114", "approved_on", None),
        SaidFact(NOW, "web", "戊校", SLUG, "114", "forsaken", 7),
    ],
    console=[Trace("log", NOW, "members.remove", "己校")],
)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "您說已辦好", "丙校", "送出申請", "2025-05-05T23:59", "經費結報", "種類：7 天前；狀態：已提醒",
        "提醒的設定", "提前：10 天、當天；時間：08:30", "全部", "丁校", "靜音：是",
        "戊校", "核定日期", "2025年9月15日（一）", "收回（改回待確認）", "forsaken", "己校", "操作", "members.remove",
        "召集人", "計畫辦公室", "甲校", "跨校遠距教學（114 學年度）", "王小明", "LINE", "U123", "正在問的事",
        "群組裡說的話", "群組", "另存 7 則", "問過的事", "想確認", "內容過期", "記下", "rec1", "類別：社群活動",
        "方式：實體", "主題：三角函數", "分鐘：90", "開始：2025-11-20 10:00", "狀態：已辦", "乙校", "照片.jpg",
        "image/jpeg", "12,345", "沒收下太大了", "不確定", '["原樣"]', "邀請碼", "我的資料", "3 次", "不會到期",
    ],
)  # fmt: skip
def test_everything_is_told_in_words(words: str) -> None:
    assert words in shown(EVERYTHING)


def test_answers_are_told_in_the_words_of_their_form() -> None:
    text = shown(EVERYTHING)
    form = CHECKLISTS.form_of(EVERYTHING.runs[0])
    assert form is not None
    field = form.field("authority")
    assert field is not None
    assert f"{field.title}：{form.say('authority', 'moe')}" in text
    assert "authority" not in text


@settings(max_examples=examples(25), deadline=None)
@given(
    text=st.text(max_size=80) | st.sampled_from(["<script>alert(1)</script>", "</td></table><img src=x>", "&lt;b&gt;"])
)
def test_what_somebody_wrote_is_only_text(text: str) -> None:
    data = replace(EVERYTHING, said=[Said(NOW, "web", False, text)], held=[replace(EVERYTHING.held[0], name=text)])
    page = read(PAGE.write(data, NOW))
    assert page.tags <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "td", "th"}
    assert text in "".join(page.words)


def test_it_loads_nothing() -> None:
    page = PAGE.write(EVERYTHING, NOW).decode()
    assert not re.search(r"(?:https?:|//|src=|href=|url\(|@import)", page)


async def made(database: Database, person: str, clock: ShiftedClock, **data: Any) -> Any:
    async with database.read() as connection:
        return await PersonPages(CHECKLISTS.base, KINDS)(connection, FileLink(person, NAME, data), clock)


async def test_the_link_makes_the_file_for_an_hour(database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        place = await school(tx, "甲校")
        await logged(tx, await member(tx, "somebody", place), place, topic="三角函數")
        await logged(tx, await member(tx, "other", place), place, topic="不是自己的主題")
        await file_links.make(tx, "somebody", NAME, {}, NOW)
    until = epoch_ms(clock.now()) + HOUR_MS
    found = await made(database, "somebody", clock, until=until)
    assert (found.name, found.media_type) == ("我的資料.html", "text/html")
    text = "\n".join(read(found.content).words)
    assert "三角函數" in text
    assert "老師somebody" in text
    assert "不是自己的" not in text
    assert "老師other" not in text
    clock.move_to(datetime.fromtimestamp(until / 1000, UTC))
    assert await made(database, "somebody", clock, until=until) is None
    assert await made(database, "somebody", clock) is None


async def test_whoever_was_forgotten_has_no_file(database: Database, clock: ShiftedClock) -> None:
    async with database.write() as tx:
        await member(tx, "somebody", await school(tx, "甲校"))
        await forget(tx, "web:somebody", NOW)
        assert await my_data.collect(tx, "somebody") is None
    assert await made(database, "somebody", clock, until=epoch_ms(clock.now()) + 1) is None
