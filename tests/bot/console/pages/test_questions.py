"""Questions that were not answered well: ranked, decided each way, taken back, written down; each office its own."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.store import askers, console_log, curation
from bot.store.access import Scope, unlimited
from bot.store.curation import Decision
from knowledge.clusters import wording_key
from knowledge.patching import Kind, Verdict
from tests.bot.console.console_house import OTHER_SLUG, SLUG, Console, said
from tests.bot.store.asking import asked
from tests.bot.store.school_house import NOW

BUS = "遊覽車的租金可以報帳嗎"
BUSES = "遊覽車的租金可以報帳嗎？？"
AGREEMENT = f"{SLUG}/114/agreement-per-school"
HOSTILE = "<script>alert(1)</script><b>\"'&{{7*7}}"
BUS_KEY = wording_key(SLUG, BUS)
PAGE = f"/admin/questions/{BUS_KEY}"


async def ask(house: Console, who: str, text: str, **fields: Any) -> None:
    await house.do(lambda tx: asked(tx, who, text, **fields))


async def decided(house: Console) -> list[Decision]:
    return await house.do(lambda tx: curation.decisions(tx, unlimited()))


async def decide_all(house: Console, verdict: Verdict) -> Decision:
    async def work(tx: Any) -> Decision | None:
        keys = [each.key for each in await curation.wordings(tx, unlimited())]
        return await curation.decide(tx, unlimited(), keys, verdict, NOW)

    found = await house.do(work)
    assert found is not None
    return found


async def log_of(house: Console, scope: Scope) -> list[console_log.Entry]:
    return await house.do(lambda tx: console_log.entries(tx, scope))


def form(kind: str, *keys: str, **fields: str) -> dict[str, Any]:
    return {"wording": list(keys or (BUS_KEY,)), "kind": kind, **fields}


async def test_most_people_come_first_with_what_is_known_of_them(house: Console) -> None:
    await ask(house, "web:a", "有午餐嗎")
    for who in ("web:a", "web:b", "web:b"):
        await ask(house, who, BUS, status="answered", entry=AGREEMENT, feedback="outdated")
    text = await (await house.at(await house.office())).read("/admin/questions")
    assert "2 個問題等著決定" in text
    assert text.index(BUS) < text.index("有午餐嗎")
    assert f"{BUS} 2 3 不對 3 次 過時 3 次 跨校遠距教學 2025/11/20（四）10:00" in text


async def test_a_question_shows_its_wordings_what_is_said_now_and_what_is_near(house: Console) -> None:
    await ask(house, "web:a", "合作同意書要幾張")
    await ask(house, "web:b", "合作同意書要幾張?")
    desk = await house.at(await house.office())
    page = await desk.see(f"/admin/questions/{wording_key(SLUG, '合作同意書要幾張')}")
    assert said(page).count("1 人，查不到") == 2
    assert "一校一張，每所學校各自一張" in said(page)
    assert f'value="{AGREEMENT}" checked' in page.text
    assert page.text.count('name="wording"') == 2
    assert "最接近的條目： 合作同意書要幾張？ （100%）" in said(page)


async def test_an_alias_is_stored_with_the_wordings_that_are_ticked_and_the_next_question_comes(
    house: Console,
) -> None:
    for who in ("web:a", "web:b"):
        await ask(house, who, BUS)
    await ask(house, "web:a", f"{BUS}呢")
    await ask(house, "web:a", "有午餐嗎")
    office = await house.office()
    desk = await house.at(office)
    text = await desk.done(PAGE, form("alias", ref=AGREEMENT))
    assert "記下了：加到現有的條目" in text
    assert "有午餐嗎" in text  # the next question
    [found] = await decided(house)
    assert found.verdict == Verdict(Kind.ALIAS, SLUG, AGREEMENT)
    assert [each.text for each in found.wordings] == [BUS]
    assert f"{BUS}呢" in await desk.read("/admin/questions")
    [entry] = await log_of(house, office)
    assert (entry.action, entry.subject, entry.programme) == ("decide", f"decision:{found.id}", SLUG)
    assert entry.data == {"kind": "alias", "entry": AGREEMENT, "wordings": 1}


@pytest.mark.parametrize("kind", [Kind.ENTRY, Kind.GAP])
async def test_a_new_entry_or_gap_is_stored_as_it_was_typed(house: Console, kind: Kind) -> None:
    await ask(house, "web:a", BUS)
    desk = await house.at(await house.office())
    fields = {"edition": f"{SLUG}/114", "title": "可以租車嗎？", "text": "可以。\r\n要有單據。", "section": "柒/一"}
    assert "沒有等著決定的問題" in await desk.done(PAGE, form(kind.value, **fields))
    [found] = await decided(house)
    expected = Verdict(kind, SLUG, f"{SLUG}/114", "可以租車嗎？", "可以。\n要有單據。", "柒/一")
    assert found.verdict == expected.named(found.id)
    assert "可以租車嗎？" in await desk.read("/admin/questions/decided")


async def test_what_is_rejected_is_gone_for_good(house: Console) -> None:
    await ask(house, "web:a", "今天天氣如何")
    desk = await house.at(await house.office())
    key = wording_key(SLUG, "今天天氣如何")
    assert "記下了：不處理" in await desk.done(f"/admin/questions/{key}", form("reject", key))
    await ask(house, "web:b", "今天天氣如何", asked_at=NOW + 5)
    assert "沒有等著決定的問題" in await desk.read("/admin/questions")


async def test_mistakes_are_said_beside_the_form_and_everything_typed_stays(house: Console) -> None:
    await ask(house, "web:a", BUS)
    desk = await house.at(await house.office())
    long = "長" * 401
    fields = {"edition": f"{SLUG}/114", "title": "題" * 41, "text": long, "section": "柒/九", "q": "合作同意書"}
    sent = await desk.send(PAGE, form("entry", **fields))
    assert sent.status_code == 422
    assert "答案有 401 個字，最多 400 個字。" in said(sent)
    assert "標題有 41 個字，最多 40 個字。" in said(sent)
    for typed in (long, "題" * 41, 'value="柒/九"', 'value="合作同意書"', 'value="entry" checked'):
        assert typed in sent.text
    assert await decided(house) == []


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"kind": "reject"}, "請至少勾一種問法"),
        ({"wording": [BUS_KEY]}, "請選要怎麼處理"),
        ({"wording": [BUS_KEY], "kind": "burn"}, "請選要怎麼處理"),
        ({"wording": [BUS_KEY], "kind": "alias"}, "請選一條現有的條目"),
        ({"wording": [BUS_KEY], "kind": "alias", "ref": f"{SLUG}/114/no-such"}, "請選一條現有的條目"),
        ({"wording": [BUS_KEY], "kind": "gap", "edition": f"{SLUG}/99"}, "請選計畫與年度"),
        ({"wording": [BUS_KEY], "kind": "gap", "edition": f"{OTHER_SLUG}/106"}, "請選您的計畫"),
        ({"wording": [BUS_KEY], "kind": "gap", "edition": f"{SLUG}/114", "section": "柒" * 201}, "最多 200 個字"),
    ],
)
async def test_what_can_not_be_stored(house: Console, sent: dict[str, Any], why: str) -> None:
    await ask(house, "web:a", BUS)
    office = await house.office()
    response = await (await house.at(office)).send(PAGE, sent)
    assert response.status_code == 422
    assert why in said(response)
    assert await decided(house) == []
    assert await log_of(house, office) == []


async def test_entries_are_found_by_words_with_and_without_a_script(house: Console) -> None:
    await ask(house, "web:a", BUS)
    desk = await house.at(await house.office())
    page = await desk.see(PAGE, q="同意書 幾張")
    assert said(page).index("合作同意書要幾張？") > said(page).index("找到的條目")
    part = await desk.see(f"{PAGE}/near", q="同意書 幾張", ref=f"{SLUG}/114/gap-results-date")
    assert "<html" not in part.text
    assert f'value="{AGREEMENT}"' in part.text
    assert f'value="{SLUG}/114/gap-results-date" checked' in part.text  # what was chosen before stays
    assert "行動學習" not in said(part)


async def test_what_somebody_else_decided_meanwhile_is_said_in_a_sentence(house: Console) -> None:
    await ask(house, "web:a", BUS)
    desk = await house.at(await house.office())
    await decide_all(house, Verdict(Kind.REJECT))
    assert "剛才已經有人決定了" in await desk.done(PAGE, form("alias", ref=AGREEMENT))
    looked = await desk.see(PAGE)
    assert (looked.status_code, looked.headers["location"]) == (303, "/admin/questions")
    [found] = await decided(house)
    assert found.verdict.kind is Kind.REJECT


async def test_a_wording_that_became_part_of_another_cluster_still_finds_it(house: Console) -> None:
    await ask(house, "web:a", BUS)
    for who in ("web:b", "web:c"):
        await ask(house, who, BUSES)  # more people: the cluster is named by this one now
    desk = await house.at(await house.office())
    assert "2 人" in await desk.read(PAGE)
    assert "記下了" in await desk.done(PAGE, form("reject", BUS_KEY, wording_key(SLUG, BUSES)))
    assert len((await decided(house))[0].wordings) == 2


async def test_of_the_ticked_what_is_still_open_is_decided(house: Console) -> None:
    for who, text in (("web:a", BUS), ("web:b", BUSES)):
        await ask(house, who, text)
    await house.do(lambda tx: curation.decide(tx, unlimited(), [BUS_KEY], Verdict(Kind.REJECT), NOW))
    desk = await house.at(await house.office())
    text = await desk.done(PAGE, form("alias", BUS_KEY, wording_key(SLUG, BUSES), ref=AGREEMENT))
    assert "另外 1 種問法別人剛才已經決定了" in text


class TestRights:
    """Its office and the admins; of no programme: the admins."""

    async def test_another_office_finds_nothing(self, house: Console) -> None:
        await ask(house, "web:a", BUS)
        desk = await house.at(await house.office(OTHER_SLUG))
        assert BUS not in await desk.read("/admin/questions")
        assert (await desk.see(PAGE)).status_code == 404
        assert (await desk.see(f"{PAGE}/near")).status_code == 404
        assert (await desk.send(PAGE, form("reject"))).status_code == 404
        ref = f"{OTHER_SLUG}/106/x"
        assert (await desk.send(PAGE, form("alias", ref=ref))).status_code == 404
        made = await decide_all(house, Verdict(Kind.ALIAS, SLUG, AGREEMENT))
        assert (await desk.send(f"/admin/questions/decided/{made.id}/undo")).status_code == 404
        assert (await desk.see(PAGE)).status_code == 404
        assert BUS not in await desk.read("/admin/questions/decided")
        assert BUS not in (await desk.send("/admin/questions/patch.yaml")).text

    async def test_what_is_of_no_programme_is_the_admins(self, house: Console) -> None:
        await ask(house, "web:a", BUS, programme="")
        path = f"/admin/questions/{wording_key('', BUS)}"
        office, admin = await house.at(await house.office()), await house.at(await house.admin())
        assert (await office.see(path)).status_code == 404
        assert "不知道是哪個計畫" in await admin.read(path)
        assert BUS in await admin.read("/admin/questions", programme="-")
        assert BUS not in await admin.read("/admin/questions", programme=SLUG)
        keys = form("alias", wording_key("", BUS), ref=AGREEMENT)
        await admin.done(path, keys)
        assert BUS in await office.read("/admin/questions/decided")  # its office has to write it down
        [found] = await decided(house)
        assert (await office.send(f"/admin/questions/decided/{found.id}/undo")).status_code == 404
        assert "收回了" in await admin.done(f"/admin/questions/decided/{found.id}/undo")

    async def test_nobody_from_outside(self, house: Console) -> None:
        async with house.browser() as browser:
            for path in ("/admin/questions", "/admin/questions/decided", PAGE):
                assert (await browser.get(path)).status_code == 303


class TestDecided:
    """The list, taking back, and the patch."""

    async def test_a_decision_is_taken_back(self, house: Console) -> None:
        await ask(house, "web:a", BUS)
        made = await decide_all(house, Verdict(Kind.ALIAS, SLUG, AGREEMENT))
        office = await house.office()
        desk = await house.at(office)
        assert "還沒通知" in await desk.read("/admin/questions/decided")
        assert "收回了" in await desk.done(f"/admin/questions/decided/{made.id}/undo")
        assert BUS in await desk.read("/admin/questions")
        assert [(each.action, each.subject) for each in await log_of(house, office)] == [
            ("decide_undo", f"decision:{made.id}")
        ]

    async def test_what_askers_were_told_stays(self, house: Console) -> None:
        await ask(house, "web:a", BUS)
        made = await decide_all(house, Verdict(Kind.ALIAS, SLUG, AGREEMENT))
        await house.do(lambda tx: askers.mark_told(tx, unlimited(), [BUS_KEY], NOW))
        office = await house.office()
        desk = await house.at(office)
        assert "通知了 2025/11/20（四）10:00 通知後不能收回" in await desk.read("/admin/questions/decided")
        assert "收不回來" in await desk.done(f"/admin/questions/decided/{made.id}/undo")
        assert await log_of(house, office) == []

    async def test_the_patch_is_yaml_and_its_download_is_written_down(self, house: Console) -> None:
        await ask(house, "web:a", BUS)
        await decide_all(house, Verdict(Kind.ALIAS, SLUG, AGREEMENT))
        office = await house.office()
        sent = await (await house.at(office)).send("/admin/questions/patch.yaml")
        assert sent.headers["content-disposition"] == "attachment; filename=xueban-patch-2025-11-20.yaml"
        added = yaml.safe_load(sent.text)["add_aliases"]
        assert [list(keys.items()) for keys in added.values()] == [[("agreement-per-school", [BUS])]]
        [entry] = await log_of(house, office)
        assert (entry.action, entry.data) == ("patch", {"decisions": 1})

    async def test_looking_at_the_patch_by_address_changes_nothing(self, house: Console) -> None:
        assert (await (await house.at(await house.office())).see("/admin/questions/patch.yaml")).status_code == 404

    async def test_by_kind(self, house: Console) -> None:
        await ask(house, "web:a", BUS)
        await decide_all(house, Verdict(Kind.REJECT))
        desk = await house.at(await house.office())
        assert BUS in await desk.read("/admin/questions/decided", kind="reject")
        assert BUS not in await desk.read("/admin/questions/decided", kind="gap")
        assert BUS in await desk.read("/admin/questions/decided", kind="<b>", page="x")


async def test_what_people_write_is_never_html(house: Console) -> None:
    await ask(house, "web:a", HOSTILE)
    admin = await house.at(await house.admin())
    path = f"/admin/questions/{wording_key(SLUG, HOSTILE)}"
    seen = [await admin.see("/admin/questions"), await admin.see(path), await admin.see(path, q=HOSTILE, of=HOSTILE)]
    seen.append(await admin.see(f"{path}/near", q=HOSTILE))
    wrong = form("gap", wording_key(SLUG, HOSTILE), title=HOSTILE * 3, text=HOSTILE, section=HOSTILE, q=HOSTILE)
    seen.append(await admin.send(path, wrong))
    await decide_all(house, Verdict(Kind.GAP, SLUG, f"{SLUG}/114", HOSTILE, HOSTILE, HOSTILE))
    seen.append(await admin.see("/admin/questions/decided"))
    for page in seen:
        assert page.status_code in (200, 422), page.status_code
        assert "<script>alert" not in page.text
        assert "<b>" not in page.text
        assert "\"'&" not in page.text
        assert "49" not in page.text.partition("alert(1)")[2][:60]
    assert isinstance(yaml.safe_load((await admin.send("/admin/questions/patch.yaml")).text), dict)


async def test_pages_and_the_filter(house: Console) -> None:
    texts = [f"{chr(0x4E00 + 7 * n)}{chr(0x5E00 + 11 * n)}{chr(0x6E00 + 13 * n)}" for n in range(32)]
    for text in texts:
        await ask(house, "web:a", text)
    await ask(house, "web:a", BUS, programme=OTHER_SLUG)
    desk = await house.at(await house.admin())
    first = await desk.see("/admin/questions", programme=SLUG)
    assert sum(text in first.text for text in texts) == 30
    assert BUS not in first.text
    following = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = said(await desk.browser.get(following))
    assert sum(text in second for text in texts) == 2
    assert "33 個問題等著決定" in await desk.read("/admin/questions", programme="<b>", page="x")
