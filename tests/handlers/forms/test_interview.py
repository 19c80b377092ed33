"""The dialogue engine, on a form of three questions and a real database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import parse_local
from bot.messages import Text
from bot.store import people, runs
from bot.store.database import Database, insert_or_ignore
from bot.store.runs import Run
from bot.store.tables import conversations
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from handlers.forms.interview import Interview
from handlers.forms.words import read_tap
from tests.handlers.forms.toy import Toys
from tests.thorough import examples

NOW = parse_local("2025-09-01T09:00")


@dataclass
class Table:
    """Someone who fills the form in, in one or two conversations."""

    runner: asyncio.Runner
    database: Database
    kind: Toys = field(default_factory=Toys)
    states: dict[str, State] = field(default_factory=dict)
    last: Turn = field(default_factory=lambda: Turn(State()))

    def __post_init__(self) -> None:
        self.interview = Interview([self.kind])

    def begin(self, where: str = "line:a", programme: str = "") -> Table:
        async def work(desk: Desk) -> Turn:
            person = await desk.person()
            run = Run(runs.new_id(), person, "toy", programme, "", self.kind.version, where)
            return await self.interview.begin(self.state(where), run, desk)

        return self._do(work, where)

    def say(self, text: str, where: str = "line:a") -> Table:
        async def work(desk: Desk) -> Turn:
            state = self.state(where)
            sheet = await self.interview.current(state, desk)
            assert sheet is not None, "nothing is being filled in"
            heard = await self.interview.hear(state, sheet, text, desk)
            return heard or Turn(state, (Text("（別的事）"),))

        return self._do(work, where)

    def press(self, label: str, where: str = "line:a") -> Table:
        offered = [choice for message in self.last.messages for choice in message.choices]
        return self.tap(next(choice.action for choice in offered if choice.label.split("：")[0] == label), where)

    def tap(self, action: str, where: str = "line:a") -> Table:
        async def work(desk: Desk) -> Turn:
            tap = read_tap(action)
            assert tap is not None
            return await self.interview.tap(self.state(where), tap, desk)

        return self._do(work, where)

    def resume(self, where: str) -> Table:
        return self._do(lambda desk: self.interview.resume(self.state(where), desk), where)

    def press_edit(self, title: str) -> Table:
        return self.say("修改").press(title)

    def link(self, kept: str, other: str) -> None:
        async def work() -> None:
            async with self.database.write() as tx:
                for where in (kept, other):
                    await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of(where))
                first = await people.of_conversation(tx, kept, 1)
                await people.merge(tx, first, await people.of_conversation(tx, other, 1))

        self.runner.run(work())

    def state(self, where: str) -> State:
        return self.states.get(where, State())

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.last.messages)

    @property
    def labels(self) -> list[str]:
        return [choice.label for message in self.last.messages for choice in message.choices]

    def kept(self, where: str = "line:a", run: str = "") -> Run:
        async def work() -> Run:
            async with self.database.write() as tx:
                person = await people.of_conversation(tx, where, 1)
                return next(each for each in await runs.of_person(tx, person) if run in ("", each.id))

        return self.runner.run(work())

    def _do(self, work, where: str) -> Table:  # type: ignore[no-untyped-def]
        async def turn() -> Turn:
            async with self.database.write() as tx:
                await tx.execute(insert_or_ignore(conversations, tx.dialect), row_of(where))
                done: Turn = await work(Desk(tx, where, NOW))
                return done

        self.last = self.runner.run(turn())
        self.states[where] = State.load(json.loads(json.dumps(self.last.state.dump())))
        return self


def row_of(where: str) -> dict[str, object]:
    return {"id": where, "channel": where[:4], "address": "x", "created_at": 1, "updated_at": 1}


@pytest.fixture
def table(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Table]:
    with opened(migrated_sqlite, tmp_path) as found:
        yield found


class opened:  # noqa: N801 - reads as a word
    """A table on a database of its own."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._path = folder / "forms.db"
        copy(template, self._path)

    def __enter__(self) -> Table:
        self._runner = asyncio.Runner()
        self._database = Database(f"sqlite:///{self._path}")
        return Table(self._runner, self._database)

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


def test_questions_come_one_by_one_with_the_progress(table: Table) -> None:
    table.begin()
    assert "來準備點心" in table.text
    assert "第 1 題，約剩 1 題" in table.text
    assert table.labels == ["茶", "蛋糕", "不確定", "為什麼問這個", "取消"]
    table.press("蛋糕")
    assert "第 2 題，約剩 1 題" in table.text
    table.say("3")
    assert "第 3 題，最後一題" in table.text


def test_the_end_is_told_and_kept(table: Table) -> None:
    table.begin().press("茶").say("2")
    assert table.text == "都好了：2、茶"
    assert (table.kept().state, table.kept().outcome) == ("finished", "done")


def test_words_that_are_no_answer_are_left_to_others(table: Table) -> None:
    table.begin()
    assert table.say("補助多少錢？").text == "（別的事）"
    assert table.kept().answers == {}


def test_an_impossible_answer_is_explained_and_asked_again(table: Table) -> None:
    table.begin().press("茶").say("-3")
    assert "不能是負的" in table.text
    assert "要幾份？" in table.text
    assert table.kept().answers == {"what": "tea"}


def test_unsure_says_how_to_find_out_and_goes_on(table: Table) -> None:
    table.begin().say("不知道")
    assert "請問總務處" in table.text
    assert "要幾份？" in table.text
    assert table.kept().unsure == ("what",)


def test_unsure_is_no_answer_where_one_is_needed(table: Table) -> None:
    table.begin().press("茶").say("不確定")
    assert "要有答案才能往下" in table.text
    assert table.kept().unsure == ()


def test_why_gives_the_reason_and_asks_again(table: Table) -> None:
    table.begin().press("為什麼問這個")
    assert "才知道要準備什麼" in table.text
    assert "要帶什麼？" in table.text


def test_back_shows_the_earlier_answer_and_keeps_it(table: Table) -> None:
    table.begin().press("蛋糕").say("3").say("上一題")
    assert "目前的答案：3" in table.text
    table.say("上一題")
    assert "目前的答案：蛋糕" in table.text
    assert table.say("上一題").text.startswith("這是第一題")
    assert table.kept().answers == {"what": "cake", "count": 3}


def test_a_correction_says_what_changed(table: Table) -> None:
    table.begin().press("茶").say("3").press_edit("份數")
    table.say("4")
    assert "已把「份數」從「3」改成「4」。\n要多烤一爐。" in table.text
    assert "都好了：4、茶" in table.text


def test_correcting_to_the_same_changes_nothing(table: Table) -> None:
    table.begin().press("茶").say("3").press_edit("份數")
    assert "「份數」維持「3」" in table.say("3").text


def test_several_options_are_ticked_or_typed(table: Table) -> None:
    table.begin().press("蛋糕").say("1")
    assert "☐ 堅果" in table.labels
    table.press("☐ 堅果")
    assert "☑ 堅果" in table.labels
    table.press("☑ 堅果").press("選好了")
    assert "還沒有選任何一項" in table.text
    table.press("☐ 水果").press("選好了")
    assert table.kept().answers["top"] == ["fruit"]


def test_leaving_keeps_what_was_answered(table: Table) -> None:
    table.begin().press("蛋糕").say("取消")
    assert "答過的 1 題我留著" in table.text
    assert table.state("line:a").run == ""
    table.resume("line:a")
    assert "要幾份？" in table.text


def test_edit_in_the_middle_lists_what_was_answered(table: Table) -> None:
    table.begin().say("修改")
    assert "還沒有答過任何一題" in table.text
    assert "要帶什麼？" in table.text
    table.press("蛋糕").say("修改")
    assert table.labels == ["點心：蛋糕", "繼續作答"]


def test_a_bare_yes_is_not_taken_for_small_talk(table: Table) -> None:
    table.begin().say("是")
    assert "沒看懂" in table.text
    assert "要帶什麼？" in table.text


def test_starting_over_keeps_the_old_one(table: Table) -> None:
    table.begin().press("蛋糕").say("重新開始")
    assert "第 1 題" in table.text

    async def all_runs() -> list[str]:
        async with table.database.write() as tx:
            person = await people.of_conversation(tx, "line:a", 1)
            return sorted(run.state for run in await runs.of_person(tx, person))

    assert table.runner.run(all_runs()) == ["left", "open"]


def test_a_second_tap_is_no_second_answer(table: Table) -> None:
    table.begin()
    action = next(c.action for m in table.last.messages for c in m.choices if c.label == "蛋糕")
    table.tap(action).tap(action)
    assert "「點心」已經記下：蛋糕" in table.text
    assert "要幾份？" in table.text
    assert table.kept().order == ("what",)


def test_an_old_button_never_writes(table: Table) -> None:
    table.begin()
    tea, cake = (
        next(c.action for m in table.last.messages for c in m.choices if c.label == label) for label in ("茶", "蛋糕")
    )
    table.tap(cake).tap(tea)
    assert "「點心」已經記為「蛋糕」" in table.text
    assert table.kept().answers == {"what": "cake"}
    table.say("1").say("水果")
    assert "已經完成" in table.tap(tea).text


@pytest.mark.parametrize("action", ["f:{}:a:what:pizza", "f:{}:a:nothing:tea", "f:{}:t:what:pizza", "f:{}:a"])
def test_a_made_up_button_writes_nothing(table: Table, action: str) -> None:
    table.begin()
    table.tap(action.format(table.kept().id))
    assert "要帶什麼？" in table.text
    assert table.kept().answers == {}


def test_anothers_form_is_not_there(table: Table) -> None:
    table.begin("line:a")
    run = table.kept("line:a").id
    assert "找不到" in table.tap(f"f:{run}:a:what:tea", "line:b").text
    assert table.kept("line:a").answers == {}


def test_the_same_person_goes_on_in_another_channel(table: Table) -> None:
    table.link("line:a", "tele:b")
    table.begin("line:a").press("蛋糕", "line:a").resume("tele:b")
    assert "第 2 題" in table.text
    assert table.say("5", "tele:b").kept("line:a").answers == {"what": "cake", "count": 5}


def test_the_second_device_is_told_and_not_taken_at_its_word(table: Table) -> None:
    table.begin("line:a").press("蛋糕", "line:a")
    run = table.kept("line:a").id
    table.begin("tele:b")
    table.link("line:a", "tele:b")
    table.tap(f"f:{run}:c", "tele:b").say("7", "tele:b")
    table.say("9", "line:a")
    assert "另一個裝置" in table.text
    assert "上面放什麼" in table.text
    assert table.kept("line:a", run).answers["count"] == 7


def test_a_changed_form_is_said_once(table: Table) -> None:
    table.begin().press("蛋糕")
    table.kind.version = "2"
    assert "題目更新過" in table.say("3").text
    assert "題目更新過" not in table.say("水果").text
    assert table.kept().answers == {"what": "cake", "count": 3, "top": ["fruit"]}


def test_a_form_that_is_gone_is_said(table: Table) -> None:
    table.begin(programme="gone")
    assert "不在知識庫裡" in table.text


def test_after_the_end_the_kind_may_go_on_talking(table: Table) -> None:
    table.begin().press("茶").say("2")
    assert table.say("如果下雨呢").text == "那就多帶一點。"
    assert table.say("取消").text == "（別的事）"
    assert "要改哪一題" in table.say("修改").text


SAID = st.sampled_from(
    ["茶", "蛋糕", "3", "-1", "堅果", "不確定", "上一題", "修改", "為什麼", "重新開始", "繼續", "你好", ""]
)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(SAID, st.integers(0, 8), st.booleans()), max_size=14))
def test_whatever_is_said_and_tapped_the_form_stays_whole(
    migrated_sqlite: Path, tmp_path: Path, turns: list[tuple[str, int, bool]]
) -> None:
    with opened(migrated_sqlite, tmp_path) as table:
        table.begin()
        old: list[str] = []
        for text, place, taps in turns:
            old += [c.action for m in table.last.messages for c in m.choices if c.action.startswith("f:")]
            if taps and old:
                table.tap(old[-1 - place % len(old)])
            elif table.state("line:a").run:
                table.say(text)
            run = table.kept()
            assert table.last.messages
            assert set(run.order) == {*run.answers, *run.unsure}
            assert not set(run.answers) & set(run.unsure)
            assert len(set(run.order)) == len(run.order)
            assert all(key in ("what", "count", "top") for key in run.order)
