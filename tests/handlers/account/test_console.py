"""「後台」 in a chat."""

from __future__ import annotations

import re
from functools import partial

import pytest

from bot.clock import epoch_ms
from bot.store import console_sessions
from bot.store.access import Role
from handlers.account import console, words
from tests.handlers.account.town import Town
from tests.handlers.stage import MONDAY, Talk

LINK = re.compile(r"/admin/enter/([A-Za-z0-9_-]{43})\n")


def token_in(talk: Talk) -> str:
    found = LINK.search(talk.text)
    assert found, talk.text
    return found[1]


def signs_in(town: Town, token: str) -> str | None:
    return town.do(partial(console_sessions.use_entry, token=token, now=epoch_ms(MONDAY)))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.ADMIN])
@pytest.mark.parametrize("word", ["後台", "管理後台", "進入後台！"])
def test_offices_and_admins_get_a_link_that_signs_them_in_once(town: Town, role: Role, word: str) -> None:
    talk = town.member("line:U1", None, role)
    talk.say(word)
    assert "15 分鐘內有效，只能用一次" in talk.text
    token = token_in(talk)
    assert signs_in(town, token) == town.scope("line:U1").person
    assert signs_in(town, token) is None


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TEACHER, Role.MENTOR])
def test_who_is_at_a_school_is_told_whom_it_is_for(town: Town, role: Role) -> None:
    talk = town.member("line:U1", town.school("甲校"), role)
    talk.say("後台")
    assert talk.text == console.FOR_OFFICES


def test_who_is_nobody_yet_is_told_the_same(town: Town) -> None:
    talk = town.talk("line:U9")
    talk.say("管理後台")
    assert talk.text == console.FOR_OFFICES


def test_who_left_the_office_gets_no_link(town: Town) -> None:
    talk = town.member("line:U1", None, Role.OFFICE)
    town.dismiss("line:U1")
    talk.say("後台")
    assert talk.text == console.FOR_OFFICES


def test_a_group_sees_no_link(town: Town) -> None:
    town.member("line:U1", None, Role.OFFICE)
    group = town.talk("line:G1", in_group=True)
    group.say("後台")
    assert group.text == words.IN_PRIVATE


def test_it_is_heard_in_the_middle_of_a_form_too(town: Town) -> None:
    talk = town.member("line:U1", None, Role.OFFICE)
    talk.say("檢核跨校遠距")
    run = talk.state.run
    talk.say("後台")
    token_in(talk)
    assert talk.state.run == run
