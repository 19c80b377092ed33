"""Joining by a code."""

from __future__ import annotations

import pytest

from bot.messages import Kind
from bot.store.access import Role
from handlers.account import joining
from tests.handlers.account.town import Town


def test_a_code_joins_asks_for_a_name_and_says_what_can_be_done(town: Town) -> None:
    place = town.school("甲校")
    talk = town.talk("line:U1")
    talk.say(f"加入 {town.code(Role.TEACHER, place)}")
    assert "已加入：甲校：跨校遠距教學（114 學年度）－教師" in talk.text
    assert "請問怎麼稱呼您" in talk.text
    assert talk.labels == ["略過"]
    talk.say("我是王小明老師")
    assert "稱呼您「王小明老師」" in talk.text
    for words in ("學校：甲校", "計畫：跨校遠距教學（114 學年度）", "身分：教師", "記錄", "進度", "期限"):
        assert words in talk.text
    assert {"記錄", "進度", "我的學校", "選單"} <= set(talk.labels)
    (held,) = town.scope("line:U1").memberships
    assert (held.role, held.enrolment, held.name) == (Role.TEACHER, place, "王小明老師")
    assert talk.state.enrolment == place.id


@pytest.mark.parametrize("how", ["略過", "不用", "button"])
def test_the_name_may_be_left_out(town: Town, how: str) -> None:
    place = town.school("甲校")
    talk = town.talk("line:U1")
    talk.say(town.code(Role.TEACHER, place).lower())
    talk.press("略過") if how == "button" else talk.say(how)
    assert "先不填稱呼" in talk.text
    assert "稱呼：未填" in talk.text
    assert talk.state.awaiting == ""
    assert [each.name for each in town.scope("line:U1").memberships] == [""]


@pytest.mark.parametrize(
    "words",
    ["補助多少錢？", "選單", "謝謝", "資格檢核", "跨校遠距", "進度", "11/18 下午共備 2 小時", "3", "我的學校", "👍"],
)
def test_what_is_no_name_means_what_it_always_means(town: Town, words: str) -> None:
    place = town.school("甲校")
    talk = town.talk("line:U1")
    talk.say(town.code(Role.TEACHER, place))
    talk.say(words)
    assert "稱呼您" not in talk.text
    assert talk.state.awaiting == ""
    assert [each.name for each in town.scope("line:U1").memberships] == [""]
    talk.say("王小明")
    assert [each.name for each in town.scope("line:U1").memberships] == [""]


@pytest.mark.parametrize("name", ["王小明", "叫我阿明老師", "我叫 Panay Kumu", "我是王主任。", "伊斯坦大·貝雅夫"])
def test_names_of_all_kinds_are_taken(town: Town, name: str) -> None:
    place = town.school("甲校")
    talk = town.talk("line:U1")
    talk.say(town.code(Role.TEACHER, place))
    talk.say(name)
    (held,) = town.scope("line:U1").memberships
    assert held.name
    assert held.name in name


def test_whoever_has_a_name_is_not_asked_again(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"), Role.MENTOR, "陳教授")
    other = town.school("乙校")
    talk.say(town.code(Role.MENTOR, other))
    assert talk.state.awaiting == ""
    assert "稱呼：陳教授" in talk.text
    assert talk.state.enrolment == other.id


def test_wrong_used_and_expired_codes_are_one_sentence(town: Town) -> None:
    place = town.school("甲校")
    used, old = town.code(Role.TEACHER, place), town.code(Role.TEACHER, place)
    town.talk("line:U1").say(used)
    talk = town.talk("line:U2")
    talk.say(used)
    first = talk.text
    talk.say("加入 ABCD-EFGH-JKMN")
    assert talk.text == first
    talk.wait(8 * 24 * 60)
    talk.say(old)
    assert talk.text == first
    assert first.startswith("這組邀請碼不能用")
    assert town.scope("line:U2").memberships == ()


def test_guessing_by_force_is_stopped_even_for_the_right_code(town: Town) -> None:
    code = town.code(Role.COORDINATOR, town.school("甲校"))
    talk = town.talk("line:U1")
    for number in range(2, 7):
        talk.say(f"加入 ABCD-EFGH-JKM{number}")
        assert "不能用" in talk.text
    talk.say(code)
    assert talk.text == joining.TOO_MANY
    assert town.scope("line:U1").memberships == ()
    talk.say("確認刪除")
    talk.say("確認刪除")
    talk.say(code)
    assert talk.text == joining.TOO_MANY
    talk.wait(61)
    talk.say(code)
    assert "已加入" in talk.text


def test_a_code_in_a_group_is_void_and_lets_nobody_in(town: Town) -> None:
    code = town.code(Role.TEACHER, town.school("甲校"))
    group = town.talk("line:C1:U1", in_group=True)
    group.say(f"加入 {code}")
    assert group.text == joining.IN_GROUP
    talk = town.talk("line:U1")
    talk.say(code)
    assert "不能用" in talk.text
    assert town.scope("line:U1").memberships == ()


def test_a_code_in_a_link_that_is_followed_in_a_group_is_void_too(town: Town) -> None:
    code = town.code(Role.TEACHER, town.school("甲校")).replace("-", "")
    town.talk("telegram:-9:7", in_group=True).event(Kind.FOLLOW, text=code)
    talk = town.talk("telegram:7")
    talk.event(Kind.FOLLOW, text=code)
    assert "不能用" in talk.text
    assert town.scope("telegram:7").memberships == town.scope("telegram:-9:7").memberships == ()


def test_a_link_to_us_joins_and_introduces_itself(town: Town) -> None:
    code = town.code(Role.TEACHER, town.school("甲校")).replace("-", "")
    talk = town.talk("telegram:7")
    talk.event(Kind.FOLLOW, text=code)
    assert "不是教育部的官方管道" in talk.text
    assert "已加入：甲校" in talk.text
    talk.event(Kind.FOLLOW, text="something-else")
    assert "我是學伴" in talk.text
    assert "已加入" not in talk.text


def test_joining_twice_is_being_there_once(town: Town) -> None:
    place = town.school("甲校")
    talk = town.member("line:U1", place)
    talk.say(town.code(Role.TEACHER, place))
    assert "您本來就在" in talk.text
    assert len(town.scope("line:U1").memberships) == 1


def test_a_mentor_of_too_many_schools_is_warned_and_let_in(town: Town) -> None:
    first, *others = [town.school(f"{name}校", "onsite-mentoring") for name in "甲乙丙丁"]
    talk = town.member("line:U1", first, Role.MENTOR)
    for number, place in enumerate(others, 2):
        talk.say(town.code(Role.MENTOR, place))
        assert "已加入" in talk.text
        assert ("提醒：您在這個計畫" in talk.text) == (number == 4)
    assert "已輔導 4 所學校，計畫規定每位最多 3 所" in talk.text
    assert len(town.scope("line:U1").memberships) == 4


def test_an_office_and_an_admin_join_without_a_school(town: Town) -> None:
    office = town.member("line:U1", None, Role.OFFICE)
    assert "身分：計畫辦公室" in office.text
    assert "學校：" not in office.text
    admin = town.member("line:U2", None, Role.ADMIN)
    assert "身分：系統管理者" in admin.text


def test_a_code_in_the_middle_of_a_checklist_joins_and_the_checklist_goes_on(town: Town) -> None:
    talk = town.talk("line:U1")
    talk.say("檢核跨校遠距")
    run = talk.state.run
    assert run
    talk.say(town.code(Role.TEACHER, town.school("甲校")))
    assert "已加入" in talk.text
    assert "第 1 題" not in talk.text
    talk.say("王小明")
    assert "稱呼您「王小明」" in talk.text
    assert talk.state.run == run
    assert "繼續作答" in talk.labels or "第 1 題" in talk.text


def test_a_name_can_be_changed(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"), name="王小明")
    talk.say("改稱呼")
    assert "目前是「王小明」" in talk.text
    talk.say("王大明")
    assert [each.name for each in town.scope("line:U1").memberships] == ["王大明"]


def test_somebody_removed_while_asked_for_a_name_is_told(town: Town) -> None:
    place = town.school("甲校")
    talk = town.talk("line:U1")
    talk.say(town.code(Role.TEACHER, place))
    boss = town.member("line:U9", place, Role.COORDINATOR)
    boss.say("成員")
    boss.press("未填稱呼・教師")
    boss.press("確定移除")
    talk.say("王小明")
    assert talk.text == joining.NO_SCHOOL


def test_how_to_join_is_told(town: Town) -> None:
    talk = town.talk("line:U1")
    talk.say("加入")
    assert "貼上您拿到的邀請碼" in talk.text
