"""Inviting, listing and removing, by whom that is for, and tried by everybody else."""

from __future__ import annotations

import pytest

from bot.store.access import Role
from handlers.account import staff
from tests.handlers.account.town import Town, code_in
from tests.handlers.stage import Talk


def test_a_coordinator_invites_and_the_text_can_be_pasted_as_a_whole(town: Town) -> None:
    place = town.school("甲校")
    boss = town.member("line:U1", place, Role.COORDINATOR)
    boss.say("邀請")
    assert boss.labels[:3] == ["召集人", "教師", "輔導人員"]
    boss.press("教師")
    assert "9/8（一）前有效" in boss.text
    forwarded = boss.messages[-1].text
    talk = town.talk("line:U2")
    talk.say(forwarded)
    assert "已加入：甲校" in talk.text
    assert [each.role for each in town.scope("line:U2").memberships] == [Role.TEACHER]
    late = town.talk("line:U3")
    late.say(forwarded)
    assert "不能用" in late.text


def test_each_tap_gives_another_code(town: Town) -> None:
    boss = town.member("line:U1", town.school("甲校"), Role.COORDINATOR)
    boss.say("邀請")
    action = next(choice.action for choice in boss.offered if choice.label == "教師")
    boss.tap(action)
    first = code_in(boss)
    boss.tap(action)
    assert code_in(boss) != first


def test_an_office_invites_to_a_school_of_its_programme_by_name(town: Town) -> None:
    town.school("臺中某某高中")
    town.school("乙校")
    town.school("臺中某某高中", "equalization")
    office = town.member("line:U1", None, Role.OFFICE)
    office.say("邀請 台中某某")
    assert office.labels == ["臺中某某高中・跨校遠距教學", "選單"]
    office.press("臺中某某高中・跨校遠距教學")
    office.press("召集人")
    talk = town.talk("line:U2")
    talk.say(f"加入 {code_in(office)}")
    assert "已加入：臺中某某高中：跨校遠距教學" in talk.text
    office.say("邀請")
    assert "計畫辦公室・跨校遠距教學" in office.labels
    office.press("計畫辦公室・跨校遠距教學")
    colleague = town.talk("line:U3")
    colleague.say(code_in(office))
    assert [each.role for each in town.scope("line:U3").memberships] == [Role.OFFICE]


def test_an_admin_invites_anybody(town: Town) -> None:
    admin = town.member("line:U1", None, Role.ADMIN)
    admin.say("邀請")
    admin.press("系統管理者")
    talk = town.talk("line:U2")
    talk.say(code_in(admin))
    assert [each.role for each in town.scope("line:U2").memberships] == [Role.ADMIN]


def test_many_schools_are_found_by_name(town: Town) -> None:
    for number in range(12):
        town.school(f"第{number:02d}高中")
    office = town.member("line:U1", None, Role.OFFICE)
    office.say("成員")
    assert "只列前 10 所" in office.text
    assert len([choice for choice in office.offered if not choice.aside]) == 10
    office.say("成員 11高中")
    assert office.labels == ["第11高中・跨校遠距教學", "選單"]


def test_members_see_each_other_and_a_coordinator_may_remove(town: Town) -> None:
    place = town.school("甲校")
    boss = town.member("line:U1", place, Role.COORDINATOR, "林組長")
    teacher = town.member("line:U2", place, Role.TEACHER, "王老師")
    teacher.say("成員")
    assert "1. 林組長－召集人" in teacher.text
    assert "2. 王老師（您）－教師" in teacher.text
    assert [choice for choice in teacher.offered if not choice.aside] == []
    boss.say("成員")
    boss.say("2")
    assert "要把王老師（教師）從「甲校" in boss.text
    sure = next(choice.action for choice in boss.offered if choice.label == "確定移除")
    boss.press("不移除")
    assert town.scope("line:U2").memberships
    boss.tap(sure)
    assert "已移除王老師" in boss.text
    assert town.scope("line:U2").memberships == ()
    boss.tap(sure)
    assert boss.text == staff.NOT_THERE
    teacher.say("成員")
    assert teacher.text == staff.NONE


def test_nobody_removes_themselves_by_mistake(town: Town) -> None:
    boss = town.member("line:U1", town.school("甲校"), Role.COORDINATOR, "林組長")
    boss.say("成員")
    boss.press("林組長・召集人")
    assert boss.text == staff.USE_LEAVE
    action = boss.state.offered and f"a:remove!:{boss.state.enrolment}:{town.scope('line:U1').person}"
    boss.tap(str(action))
    assert boss.text == staff.USE_LEAVE
    assert town.scope("line:U1").memberships


SECRETS = ("甲校", "林組長", "王老師")


def intruders(town: Town) -> dict[str, Talk]:
    """Everybody who has no business at 甲校."""
    place = town.school("甲校")
    removed = town.member("line:removed", place, Role.COORDINATOR, "前組長")
    boss = town.member("line:boss", place, Role.COORDINATOR, "林組長")
    boss.say("成員")
    boss.press("前組長・召集人")
    boss.press("確定移除")
    return {
        "stranger": town.talk("line:stranger"),
        "member of another school": town.member("line:other", town.school("乙校"), Role.COORDINATOR),
        "office of another programme": town.member("line:office", None, Role.OFFICE, slug="equalization"),
        "removed": removed,
    }


@pytest.mark.parametrize("who", ["stranger", "member of another school", "office of another programme", "removed"])
def test_nobody_reaches_another_school_by_any_command_or_button(town: Town, who: str) -> None:
    talk = intruders(town)[who]
    place = town.scope("line:boss").writable[0]
    victim = town.member("line:victim", place, Role.TEACHER, "王老師")
    person = town.scope("line:victim").person
    before = (town.scope("line:boss").memberships, town.scope("line:victim").memberships)
    buttons = [
        *(f"a:{verb}:{place.id}" for verb in ("use", "leave", "leave!", "invite", "members")),
        *(f"a:invite:{place.id}:{role.value}" for role in Role if role.at_school),
        f"a:invite:{place.programme}:office",
        "a:invite:all:admin",
        *(f"a:{verb}:{place.id}:{person}" for verb in ("remove", "remove!")),
    ]
    said = ["邀請", "成員", "邀請 甲校", "成員 甲校", "退出", "我的學校", "我的資料"]
    for deed, do in [(each, talk.tap) for each in buttons] + [(each, talk.say) for each in said]:
        do(deed)
        shown = talk.text + "".join(talk.labels)
        assert [secret for secret in SECRETS if secret in shown] == [], deed
        assert "加入 " not in shown.replace("加入 ABCD-EFGH-JKMN", ""), deed
    assert (town.scope("line:boss").memberships, town.scope("line:victim").memberships) == before
    assert victim.state.enrolment == place.id


@pytest.mark.parametrize("role", [Role.TEACHER, Role.MENTOR])
def test_only_a_coordinator_invites_and_removes_at_the_own_school(town: Town, role: Role) -> None:
    place = town.school("甲校")
    town.member("line:boss", place, Role.COORDINATOR, "林組長")
    talk = town.member("line:U1", place, role)
    person = town.scope("line:boss").person
    talk.say("邀請")
    assert talk.text == staff.MAY_NOT
    invite, remove = f"a:invite:{place.id}", f"a:{{}}:{place.id}:{person}"
    for action in (invite, f"{invite}:coordinator", remove.format("remove"), remove.format("remove!")):
        talk.tap(action)
        assert talk.text == staff.MAY_NOT
    assert town.scope("line:boss").memberships


@pytest.mark.parametrize(
    "action", ["a:", "a:nothing", "a:invite:x:y", "a:invite:a:b:c", "a:remove:x", "a:forget-now", "a:use", "a:leave!"]
)
def test_a_made_up_button_does_nothing(town: Town, action: str) -> None:
    talk = town.member("line:U1", town.school("甲校"), Role.COORDINATOR)
    talk.tap(action)
    assert "失效" in talk.text
    assert town.scope("line:U1").memberships


def test_a_question_that_begins_like_a_command_is_a_question(town: Town) -> None:
    talk = town.member("line:U1", town.school("甲校"))
    talk.say("成員 資格有什麼規定")
    assert "查不到" in talk.text
