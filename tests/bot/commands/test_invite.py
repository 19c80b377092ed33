"""`xueban invite` from outside: one line with a code that works, one sentence where there is none."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.clock import epoch_ms, parse_local
from bot.store import people
from bot.store.database import Database
from bot.store.people import CodeResult, CodeState
from tests.bot.shell import NOW, Run, refused

AT = epoch_ms(parse_local(NOW))
DAY = 24 * 3600 * 1000
SCHOOL = ("--school", "國立臺中高工", "--programme", "distance-teaching")


def used(path: Path, code: str, now: int = AT) -> CodeResult:
    async def use() -> CodeResult:
        database = Database(f"sqlite:///{path}")
        try:
            async with database.write() as tx:
                return await people.try_code(tx, "web:ann", people.INVITE, code, now)
        finally:
            await database.close()

    return asyncio.run(use())


def code_in(said: str) -> str:
    found = re.fullmatch(r"加入 ((?:[A-Z2-9]{4}-){2}[A-Z2-9]{4})\n", said)
    assert found, said
    return found[1]


@pytest.mark.parametrize("role", ["coordinator", "teacher", "mentor"])
def test_a_code_lets_into_the_school(xueban: Run, environment: Path, role: str) -> None:
    code, out, err = xueban("invite", *SCHOOL, "--role", role)
    assert (code, err) == (0, "")
    found = used(environment, code_in(out))
    assert found.state is CodeState.FOUND
    assert found.made_by is None
    assert found.data["role"] == role
    assert (found.data["school"], found.data["programme"]) == ("國立臺中高工", "distance-teaching")


def test_an_office_needs_a_programme_and_an_admin_nothing(xueban: Run, environment: Path) -> None:
    office = used(environment, code_in(xueban("invite", "--role", "office", "--programme", "equalization")[1]))
    assert (office.data["role"], office.data["programme"]) == ("office", "equalization")
    admin = used(environment, code_in(xueban("invite", "--role", "admin")[1]))
    assert (admin.data["role"], admin.data["programme"]) == ("admin", "")


def test_a_code_lives_as_long_as_was_said(xueban: Run, environment: Path) -> None:
    code = code_in(xueban("invite", *SCHOOL, "--role", "teacher", "--days", "2")[1])
    assert used(environment, code, AT + 2 * DAY).state is CodeState.ENDED
    assert used(environment, code, AT + 2 * DAY - 1).state is CodeState.FOUND


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ((*SCHOOL, "--role", "boss"), "沒有「boss」這個角色；有的是：coordinator、"),
        (("--school", "甲", "--programme", "nothing", "--role", "teacher"), "沒有「nothing」這個計畫；有的是："),
        ((*SCHOOL, "--edition", "99", "--role", "teacher"), "沒有「99」這一年；有的是："),
        (("--programme", "equalization", "--role", "teacher"), "角色 teacher 要用 --school 指定學校"),
        (("--role", "office"), "沒有「」這個計畫"),
        (("--school", "校" * 81, "--programme", "equalization", "--role", "teacher"), "--school 要是 1 到 80 個"),
        ((*SCHOOL, "--county", "縣" * 17, "--role", "teacher"), "--county 要是 1 到 16 個"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(xueban: Run, words: tuple[str, ...], because: str) -> None:
    said = refused(xueban("invite", *words))
    assert because in said
    assert "\n" not in said


def test_days_have_bounds(xueban: Run) -> None:
    for days in ("0", "91"):
        assert xueban("invite", *SCHOOL, "--role", "teacher", "--days", days)[0] == 2
