"""Deadlines in the console: seeing them, what moving one would do, moving it and back."""

from __future__ import annotations

from functools import partial

from bot.clock import parse_local
from bot.reminding import make_planner
from bot.store import console_log, deadline_moves
from tests.bot.console.console_house import OTHER_SLUG, SLUG, Console, said

HERE = f"/admin/deadlines/{SLUG}/114/final_report"
NEAR = parse_local("2026-07-20T09:00")
"""Eleven days before the final report is due."""
WISH = {"due": "2026-08-15T17:00", "reason": "颱風停班停課"}


async def ready(house: Console) -> None:
    """A school whose coordinator has been told of the old date."""
    await house.member("c", await house.school("甲校"))
    house.clock.move_to(NEAR)
    assert await make_planner(house.base)(house.database, house.clock.now()) == 1


async def test_dates_are_listed_with_their_source(house: Console) -> None:
    text = await (await house.at(await house.office())).read("/admin/deadlines")
    assert "2026/7/31（五）23:59" in text
    assert "各校不同" in text  # those that rest on a school's own facts
    assert "行動學習" not in text


async def test_the_preview_says_who_would_be_told_and_changes_nothing(house: Console) -> None:
    await ready(house)
    desk = await house.at(await house.office())
    text = await desk.read(HERE, **WISH)
    assert "2026/7/31（五）23:59 → 2026/8/15（六）17:00" in text
    assert "下一則彙整會通知 1 人次" in text
    assert "甲校 老師c" in text
    assert await house.do(deadline_moves.moved) == {}


async def test_a_date_is_moved_and_moved_back(house: Console) -> None:
    await ready(house)
    office = await house.office()
    desk = await house.at(office)
    text = await desk.done(f"{HERE}/move", WISH)
    assert "日期改好了" in text
    assert "2026/8/15（六）17:00" in text
    assert "颱風停班停課 老師office" in text
    assert "文件是 2026/7/31（五）23:59：颱風停班停課" in await desk.read("/admin/deadlines")
    text = await desk.done(f"{HERE}/move", {"back": "yes", "reason": "公文收回"})
    assert "改回文件的日期了" in text
    assert await house.do(partial(deadline_moves.history, scope=office, programme=SLUG, edition="114"))
    log = await house.do(lambda tx: console_log.entries(tx, office))
    assert [each.action for each in log] == ["deadline_restore", "deadline_move"]


async def test_what_cannot_be_meant_is_said_and_nothing_typed_is_lost(house: Console) -> None:
    desk = await house.at(await house.office())
    for wish, problem in (
        ({"due": "2026-02-30", "reason": "颱風"}, "請填新的日期"),
        ({"due": "2036-02-03", "reason": "颱風"}, "新日期要在"),
        ({"due": "2026-08-15", "reason": ""}, "請寫改期的原因"),
    ):
        shown = await desk.see(HERE, **wish)
        assert shown.status_code == 422
        assert problem in said(shown)
        assert f'value="{wish["reason"]}"' in shown.text
        assert "沒有改" in await desk.done(f"{HERE}/move", wish)
    assert await house.do(deadline_moves.moved) == {}


async def test_an_office_moves_no_other_programmes_date(house: Console) -> None:
    desk = await house.at(await house.office(OTHER_SLUG))
    assert (await desk.see(HERE)).status_code == 404
    assert (await desk.send(f"{HERE}/move", WISH)).status_code == 404
    for path in ("nothing/114/final_report", f"{SLUG}/999/final_report", f"{SLUG}/114/nothing"):
        assert (await desk.see(f"/admin/deadlines/{path}")).status_code == 404
    assert await house.do(deadline_moves.moved) == {}


async def test_a_reason_is_words_and_never_markup(house: Console) -> None:
    await ready(house)
    desk = await house.at(await house.office())
    wish = WISH | {"reason": "<script>alert(1)</script>"}
    assert "<script>alert" not in (await desk.see(HERE, **wish)).text
    await desk.done(f"{HERE}/move", wish)
    assert "<script>alert" not in (await desk.see("/admin/deadlines")).text
