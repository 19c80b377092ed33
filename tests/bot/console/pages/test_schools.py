"""Schools by requirements, one school, one record: what an office sees, and what it does not."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import openpyxl
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import console_log, evidence, records
from bot.store.access import Enrolment, Role, Scope
from bot.store.evidence import NewEvidence
from bot.store.stored_record import StoredRecord
from tests.bot.console.console_house import OTHER_SLUG, SLUG, Console, said
from tests.bot.evidence import in_hand
from tests.bot.store.school_house import NOW, enter


async def attached(house: Console, scope: Scope, record: StoredRecord) -> str:
    """A photo on a record; its id."""
    photo = in_hand.photo()
    key = await house.folder.put(photo)

    async def work(tx: AsyncConnection) -> str:
        new = NewEvidence("web", "m1", "m1", "會議.jpg", media_type="image/jpeg", size=len(photo), sha256=key)
        await evidence.add(tx, new, person=scope.person, conversation_id=f"web:{scope.person}", batch="b", now=NOW)
        (file,) = await evidence.of_batch(tx, scope, "b")
        await evidence.attach(tx, scope, [file.id], record.id)
        return file.id

    return await house.do(work)


async def one(house: Console, slug: str = SLUG) -> tuple[Enrolment, Scope, StoredRecord]:
    place = await house.school("甲校", slug, county="臺中市")
    coordinator = await house.member("c", place)
    return place, coordinator, await house.log(coordinator, place, topic="<b>共備</b>三角函數")


async def test_each_school_has_a_row_and_each_requirement_a_column(house: Console) -> None:
    await one(house)
    await house.school("乙校", county="臺北市")
    await house.school("丙校", OTHER_SLUG)
    text = await (await house.at(await house.office())).read("/admin/schools")
    assert "2 所學校" in text
    assert "甲校 臺中市" in text
    assert "丙校" not in text
    assert "已逾" in text  # the months before November, of which nothing is recorded


async def test_filters_by_county_and_state(house: Console) -> None:
    await one(house)
    await house.school("乙校", county="臺北市")
    desk = await house.at(await house.office())
    assert "1 所學校" in await desk.read("/admin/schools", county="臺北市")
    assert "沒有符合的學校" in await desk.read("/admin/schools", state="met")
    assert "2 所學校" in await desk.read("/admin/schools", state="missed", sort="worst")
    assert "2 所學校" in await desk.read("/admin/schools", county="' OR 1=1", edition="x@y", page="9999999")


async def test_an_admin_picks_the_programme(house: Console) -> None:
    await one(house)
    await house.school("丙校", OTHER_SLUG)
    desk = await house.at(await house.admin())
    assert "丙校" in await desk.read("/admin/schools", edition=f"{OTHER_SLUG}@106")


async def test_a_school_shows_progress_records_facts_and_members(house: Console) -> None:
    place, _, _ = await one(house)
    desk = await house.at(await house.office())
    text = await desk.read(f"/admin/schools/{place.id}")
    assert "三角函數" in text
    assert "老師c" in text
    assert "學校的資料" in text
    assert "<b>共備" not in (await desk.see(f"/admin/schools/{place.id}")).text


async def test_a_record_tells_what_changed_and_shows_its_photo(house: Console) -> None:
    _, coordinator, record = await one(house)
    file = await attached(house, coordinator, record)
    changed = {"minutes": 90, "starts_at": datetime(2025, 11, 19, 9, 30)}
    await house.do(
        lambda tx: records.change(tx, coordinator, record.id, record.version, changed, channel="web", now=NOW)
    )
    desk = await house.at(await house.office())
    text = await desk.read(f"/admin/schools/records/{record.id}")
    assert "多久：" in text
    assert "2025/11/19 09:30" in text
    assert "會議.jpg" in text
    shown = await desk.see(f"/admin/schools/evidence/{file}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]


async def test_another_office_finds_nothing_of_it(house: Console) -> None:
    place, coordinator, record = await one(house, OTHER_SLUG)
    file = await attached(house, coordinator, record)
    desk = await house.at(await house.office())
    for path in (place.id, f"records/{record.id}", f"evidence/{file}", "x'y", "records/%00"):
        assert (await desk.see(f"/admin/schools/{path}")).status_code == 404
    assert (await desk.send(f"/admin/schools/{place.id}/export", {"what": "records"})).status_code == 404
    assert "還沒有學校參加您的計畫" in await desk.read("/admin/schools")


async def test_an_office_that_teaches_elsewhere_does_not_oversee_that_school(house: Console) -> None:
    place, _, record = await one(house, OTHER_SLUG)
    office = await house.office()
    await house.do(lambda tx: enter(tx, office.person, Role.TEACHER, place))
    desk = await house.at(office)
    assert (await desk.see(f"/admin/schools/{place.id}")).status_code == 404
    assert (await desk.see(f"/admin/schools/records/{record.id}")).status_code == 404
    assert "甲校" not in await desk.read("/admin/schools")


async def test_the_workbook_is_handed_out_and_noted(house: Console) -> None:
    place, _, _ = await one(house)
    office = await house.office()
    desk = await house.at(office)
    sent = await desk.send(f"/admin/schools/{place.id}/export", {"what": "records"})
    assert sent.status_code == 200
    cells = [cell for sheet in openpyxl.load_workbook(BytesIO(sent.content)) for row in sheet.values for cell in row]
    assert any("三角函數" in str(cell) for cell in cells)
    log = await house.do(lambda tx: console_log.entries(tx, office))
    assert [(each.action, each.subject) for each in log] == [("export", f"enrolment:{place.id}")]
    assert (await desk.send(f"/admin/schools/{place.id}/export", {"what": "nonsense"})).status_code == 404


async def test_the_chart_says_how_many_have_met_each(house: Console) -> None:
    await one(house)
    desk = await house.at(await house.office())
    drawn = await desk.see("/admin/schools/met.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert (await desk.see("/admin/schools/met.svg", edition="x@y")).status_code == 200
    assert said(await (await house.at(await house.office(OTHER_SLUG, "o2"))).see("/admin/schools/met.svg"))
