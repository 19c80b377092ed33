"""「我的資料」 and 「刪除我的資料」 as they are talked through."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.clock import epoch_ms
from bot.store import file_links, people, records
from bot.store.access import Role
from bot.store.forgetting import NAMELESS
from bot.store.tables import people as people_table
from bot.store.tables import runs
from handlers.account import privacy
from tests.bot.store.school_house import MEETING
from tests.handlers.account.town import Town
from tests.handlers.stage import MONDAY


def test_a_link_leads_to_ones_own_data(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("我的資料")
    token = talk.text.partition("/files/")[2].split()[0]
    link = town.do(lambda tx: file_links.find(tx, token, epoch_ms(MONDAY)))
    assert link is not None
    assert (link.person, link.kind) == (town.scope("line:U1").person, privacy.NAME)
    assert link.data == {"until": epoch_ms(MONDAY) + privacy.HOUR_MS}


def test_deleting_is_explained_confirmed_and_done(town: Town) -> None:
    place = town.school("甲校")
    boss = town.member("line:U9", place, Role.COORDINATOR, "林組長")
    talk = town.member("line:U1", place, name="王小明")
    scope = town.scope("line:U1")
    town.do(lambda tx: records.create(tx, scope, place.id, MEETING, channel="web", now=1))
    talk.say("刪除我的資料")
    for words in ("會刪除", "會留在學校", NAMELESS, "確認刪除"):
        assert words in talk.text
    assert "第 11 條第 3 項" in getattr(talk.messages[0], "source", "")
    assert town.scope("line:U1").memberships
    talk.say("確認刪除")
    assert "已經刪除" in talk.text
    assert "留在學校的紀錄 1 筆" in talk.text
    assert town.do(lambda tx: people.find(tx, "line:U1")) is None
    colleague = town.scope("line:U9")
    (record,) = town.do(lambda tx: records.list_all(tx, colleague, place.id))
    assert record.creator == NAMELESS
    boss.say("成員")
    assert "王小明" not in boss.text
    talk.say("我的學校")
    assert "還沒有加入" in talk.text


def test_deleting_twice_is_deleting_once(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    for _ in range(2):
        talk.say("刪除我的資料")
        talk.say("確認刪除")
        assert "已經刪除" in talk.text


@pytest.mark.parametrize("words", ["取消", "不刪除", "補助多少錢？", "刪除", "好", "是", "確認", "1"])
def test_anything_else_deletes_nothing(town: Town, words: str) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("刪除我的資料")
    talk.say(words)
    assert "已經刪除" not in talk.text
    assert town.scope("line:U1").memberships
    talk.say("確認刪除")
    assert "會刪除" in talk.text
    assert town.scope("line:U1").memberships


def test_a_button_in_between_ends_the_waiting(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("刪除我的資料")
    talk.tap("m:help")
    talk.say("確認刪除")
    assert "會刪除" in talk.text
    assert town.scope("line:U1").memberships


def test_it_works_in_the_middle_of_a_form(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("檢核跨校遠距")
    talk.say("刪除我的資料")
    assert "第 1 題" not in talk.text
    talk.say("確認刪除")
    assert "已經刪除" in talk.text
    assert talk.state.run == ""
    assert town.do(lambda tx: tx.execute(select(func.count()).select_from(runs))).scalar_one() == 0
    talk.say("補助多少錢？")
    assert "第 1 題" not in talk.text


def test_it_works_in_the_middle_of_logging(town: Town) -> None:
    place = town.school("甲校")
    talk = town.member("line:U1", place)
    talk.say("記錄")
    talk.say("刪除我的資料")
    assert "會刪除" in talk.text
    talk.say("確認刪除")
    assert "已經刪除" in talk.text
    assert town.scope("line:U1").memberships == ()


def test_the_last_coordinator_is_warned(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"), Role.COORDINATOR)
    talk.say("刪除我的資料")
    assert "唯一的召集人" in talk.text


def test_a_stranger_is_forgotten_without_becoming_a_person(town: Town) -> None:
    talk = town.talk("line:U1")
    talk.say("刪除我的資料")
    talk.say("確認刪除")
    assert "已經刪除" in talk.text
    assert town.do(lambda tx: tx.execute(select(func.count()).select_from(people_table))).scalar_one() == 0


@pytest.mark.parametrize("words", ["我的資料", "刪除我的資料", "邀請", "成員", "退出", "連結帳號", "我的學校"])
def test_in_a_group_nothing_is_shown(town: Town, words: str) -> None:
    place = town.school("甲校")
    town.member("line:U1", place, Role.COORDINATOR)
    group = town.talk("line:C1:U1", in_group=True)
    group.say(words)
    assert "一對一" in group.text
    assert "甲校" not in group.text
    group.tap("a:schools")
    assert "甲校" not in group.text
