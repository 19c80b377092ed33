"""One person in two channels."""

from __future__ import annotations

from functools import partial

import pytest

from bot.messages import Kind
from bot.store import records, runs
from bot.store.access import Role
from handlers.account import linking
from tests.bot.store.school_house import MEETING
from tests.handlers.account.town import Town, code_in


def test_a_code_from_one_channel_makes_both_one_person(town: Town) -> None:
    place = town.school("甲校")
    line = town.member("line:U1", place, name="王小明")
    line.say("連結帳號")
    assert "10 分鐘內" in line.text
    other = town.talk("telegram:7")
    other.say(f"連結 {code_in(line)}")
    assert "LINE" in other.text
    assert "Telegram" in other.text
    assert town.scope("telegram:7") == town.scope("line:U1")
    other.say("我的學校")
    assert "甲校" in other.text


def test_a_link_to_us_links_too(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    other = town.talk("telegram:7")
    other.event(Kind.FOLLOW, text=code_in(line).replace("-", ""))
    assert "連結好了" in other.text


def test_what_both_have_is_added_up_and_dialogues_go_on(town: Town) -> None:
    one, two = town.school("甲校"), town.school("乙校")
    line, telegram = town.member("line:U1", one, name="王小明"), town.member("telegram:7", two)
    for conversation, place in (("line:U1", one), ("telegram:7", two)):
        log = partial(records.create, scope=town.scope(conversation), enrolment_id=place.id, fields=MEETING)
        town.do(partial(log, channel="web", now=1))
    for talk in (line, telegram):
        talk.say("檢核跨校遠距")
    line.say("連結帳號")
    telegram.say(f"連結 {code_in(line)}")
    assert "已經有您的學校身分" in telegram.text
    telegram.press("連結，都是我本人")
    assert "連結好了" in telegram.text
    scope = town.scope("line:U1")
    assert scope.writable == (one, two)
    assert len(town.do(lambda tx: runs.of_person(tx, scope.person))) == 2
    for place in (one, two):
        (record,) = town.do(partial(records.list_all, scope=scope, enrolment_id=place.id))
        assert record.created_by == scope.person
    for talk in (line, telegram):
        run = talk.state.run
        talk.say("繼續作答")
        assert talk.state.run == run
        assert "第 1 題" in talk.text


def test_whoever_has_a_role_may_still_say_no(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    telegram = town.member("telegram:7", town.school("乙校"))
    line.say("連結帳號")
    code = code_in(line)
    telegram.say(f"連結 {code}")
    telegram.press("不連結")
    assert telegram.text == linking.NOT_DONE
    assert town.scope("line:U1") != town.scope("telegram:7")
    other = town.talk("telegram:8")
    other.say(f"連結 {code}")
    assert "連結好了" in other.text


@pytest.mark.parametrize("why", ["used", "late", "wrong"])
def test_a_code_that_is_no_good_is_one_sentence(town: Town, why: str) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    code = code_in(line)
    talk = town.talk("telegram:7")
    if why == "used":
        town.talk("telegram:6").say(f"連結 {code}")
    if why == "late":
        talk.wait(11)
    talk.say(f"連結 {'ABCD-EFGH' if why == 'wrong' else code}")
    assert talk.text == "這組連結碼不能用：可能打錯了、已經用過，或過期了。請核對後再貼一次，或請對方再給您一組新的。"
    assert town.scope("telegram:7").memberships == ()


def test_an_invitation_links_nobody_and_a_link_code_lets_nobody_in(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    talk = town.talk("telegram:7")
    talk.say(f"加入 {code_in(line)}")
    assert "邀請碼不能用" in talk.text
    talk.say(f"連結 {town.code(Role.ADMIN)}")
    assert "連結碼不能用" in talk.text
    assert town.scope("telegram:7").memberships == ()


def test_guessing_link_codes_is_stopped(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    talk = town.talk("telegram:7")
    for number in range(2, 7):
        talk.say(f"連結 ABCD-EFG{number}")
    talk.say(f"連結 {code_in(line)}")
    assert "試錯太多次" in talk.text
    assert town.scope("telegram:7").memberships == ()


def test_ones_own_code_links_nothing(town: Town) -> None:
    talk = town.talk("line:U1")
    talk.say("連結帳號")
    talk.say(f"連結 {code_in(talk)}")
    assert talk.text == linking.SAME


def test_a_link_code_in_a_group_is_void(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    code = code_in(line)
    town.talk("line:C1:U1", in_group=True).say(f"連結 {code}")
    talk = town.talk("telegram:7")
    talk.say(f"連結 {code}")
    assert "不能用" in talk.text


def test_a_channel_can_be_taken_off_from_either_side(town: Town) -> None:
    place = town.school("甲校")
    line = town.member("line:U1", place)
    for identity in ("telegram:7", "telegram:8"):
        line.say("連結帳號")
        town.talk(identity).say(f"連結 {code_in(line)}")
    line.say("取消連結")
    assert len([label for label in line.labels if label.startswith("Telegram")]) == 2
    line.say("2")
    assert "已經分開" in line.text
    assert town.scope("telegram:7").memberships == ()
    assert town.scope("line:U1").writable == (place,)
    far = town.talk("telegram:8")
    far.say("取消連結")
    here = next(label for label in far.labels if label.endswith(linking.THIS))
    far.press(here)
    assert far.text == linking.APART_HERE
    assert town.scope("telegram:8").memberships == ()
    far.say("取消連結")
    assert far.text == linking.NOTHING


def test_nobody_takes_off_what_is_not_theirs(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    town.talk("telegram:7").say(f"連結 {code_in(line)}")
    line.say("取消連結")
    marks = [choice.action for choice in line.offered if choice.action.startswith("a:unlink:")]
    stranger = town.talk("line:U9")
    for action in marks:
        stranger.tap(action)
        assert stranger.text == linking.GONE
    assert town.scope("telegram:7").memberships


def test_the_only_conversation_cannot_be_taken_off(town: Town) -> None:
    line = town.member("line:U1", town.school("甲校"))
    line.say("連結帳號")
    town.talk("telegram:7").say(f"連結 {code_in(line)}")
    line.say("取消連結")
    own, other = [choice.action for choice in line.offered if choice.action.startswith("a:unlink:")]
    line.tap(other)
    line.tap(own)
    assert line.text == linking.GONE
    assert town.scope("line:U1").memberships
