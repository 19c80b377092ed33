"""「我的學校」 and leaving."""

from __future__ import annotations

from bot.store.access import Role
from handlers.account import schools, words
from handlers.dialogue import State
from tests.handlers.account.town import Town


def test_a_stranger_is_told_how_to_join(town: Town) -> None:
    for said in ("我的學校", "退出"):
        talk = town.talk("line:U1")
        talk.say(said)
        assert talk.text == schools.NONE


def test_the_menu_leads_there(town: Town) -> None:
    talk = town.talk("line:U1")
    talk.say("選單")
    talk.press("我的學校")
    assert talk.text == schools.NONE


def test_one_school_needs_no_choice(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("我的學校")
    assert "甲校：跨校遠距教學（114 學年度）－教師" in talk.text
    assert schools.CHOOSE not in talk.text
    assert "邀請" not in talk.labels
    assert {"成員", "改稱呼", "連結帳號", "我的資料", "退出"} <= set(talk.labels)


def test_of_several_schools_one_is_logged_for_and_can_be_changed(town: Town) -> None:
    one, other = town.school("甲校"), town.school("乙校", "onsite-mentoring")
    talk = town.member("line:U1", one)
    talk.say(town.code(Role.MENTOR, other))
    assert words.active(talk.state, town.scope("line:U1")) == other
    talk.say("我的學校")
    assert f"乙校：入校陪伴（114 年度第 2 次徵件）－輔導人員{schools.HERE}" in talk.text
    talk.say("1")
    assert "接下來記錄到「甲校" in talk.text
    assert words.active(talk.state, town.scope("line:U1")) == one
    talk.say("重新開始")
    assert words.active(talk.state, town.scope("line:U1")) == one


def test_a_school_that_is_not_ones_own_cannot_be_chosen(town: Town) -> None:
    other = town.school("乙校")
    talk = town.member("line:U1", town.school("甲校"))
    before = talk.state.enrolment
    talk.tap(f"a:use:{other.id}")
    assert talk.text == schools.NOT_YOURS
    assert talk.state.enrolment == before


def test_nothing_is_chosen_for_whoever_has_several_and_used_none(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say(town.code(Role.TEACHER, town.school("乙校")))
    assert words.active(State(), town.scope("line:U1")) is None


def test_leaving_is_asked_and_done_once(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("退出")
    assert "要退出「甲校" in talk.text
    sure = next(choice.action for choice in talk.offered if choice.label == "確定退出")
    talk.press("不退出")
    assert talk.text == schools.STAYED
    assert town.scope("line:U1").memberships
    talk.tap(sure)
    assert "已退出「甲校" in talk.text
    assert town.scope("line:U1").memberships == ()
    assert talk.state.enrolment == ""
    talk.tap(sure)
    assert talk.text == schools.NOT_YOURS


def test_the_last_coordinator_is_warned_and_may_go(town: Town) -> None:
    place = town.school("甲校")
    talk = town.member("line:U1", place, Role.COORDINATOR)
    town.member("line:U2", place, Role.TEACHER)
    talk.say("退出")
    assert schools.LAST_ONE in talk.text
    town.member("line:U3", place, Role.COORDINATOR)
    talk.say("退出")
    assert schools.LAST_ONE not in talk.text
    talk.press("確定退出")
    assert town.scope("line:U1").memberships == ()


def test_one_of_several_schools_is_left(town: Town) -> None:
    one, other = town.school("甲校"), town.school("乙校")
    talk = town.member("line:U1", one)
    talk.say(town.code(Role.TEACHER, other))
    talk.say("退出")
    assert talk.labels[:3] == ["甲校・跨校遠距教學", "乙校・跨校遠距教學", "全部退出"]
    talk.say("2")
    talk.say("確定退出")
    assert town.scope("line:U1").writable == (one,)
    talk.say("退出")
    talk.press("確定退出")
    assert town.scope("line:U1").writable == ()


def test_everything_is_left_at_once(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say(town.code(Role.OFFICE))
    talk.say("退出")
    talk.press("全部退出")
    talk.press("確定退出")
    assert talk.text == schools.LEFT_ALL
    assert town.scope("line:U1").memberships == ()


def test_an_office_leaves(town: Town) -> None:
    talk = town.member("line:U1", None, Role.OFFICE)
    talk.say("退出")
    talk.press("確定退出")
    assert town.scope("line:U1").memberships == ()


def test_nobody_leaves_for_another(town: Town) -> None:
    other = town.school("乙校")
    town.member("line:U2", other)
    talk = town.member("line:U1", town.school("甲校"))
    for action in (f"a:leave:{other.id}", f"a:leave!:{other.id}"):
        talk.tap(action)
        assert talk.text == schools.NOT_YOURS
    assert town.scope("line:U2").writable == (other,)


def test_leaving_a_form_is_not_leaving_a_school(town: Town) -> None:
    place = town.school("甲校")
    talk = town.member("line:U1", place)
    talk.say("檢核跨校遠距")
    talk.say("退出")
    assert "要退出「" not in talk.text
    assert town.scope("line:U1").writable == (place,)
