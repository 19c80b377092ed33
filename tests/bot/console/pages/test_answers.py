"""Answers: how each fares, what is due, what nobody asks; each office its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from knowledge.clusters import wording_key
from tests.bot.console.console_house import OTHER_SLUG, SLUG, START, Console, said
from tests.bot.store.asking import asked

REF = f"{SLUG}/114/agreement-per-school"
TITLE = "合作同意書要幾張？"
PAGE = f"/admin/answers/{REF}"
GAP = f"{SLUG}/114/gap-results-date"


async def ask(house: Console, who: str, text: str, **fields: Any) -> None:
    await house.do(lambda tx: asked(tx, who, text, **{"status": "answered", "entry": REF, **fields}))


async def three(house: Console) -> None:
    """Two people asked three times: it helped twice, once it was out of date."""
    for who, feedback in (("web:a", "helpful"), ("web:a", "helpful"), ("web:b", "outdated")):
        await ask(house, who, "同意書幾張", feedback=feedback)


async def test_the_list_says_how_an_answer_fares_the_most_asked_first(house: Console) -> None:
    await three(house)
    text = await (await house.at(await house.office())).read("/admin/answers")
    assert f"{TITLE} 跨校遠距教學 3 2 67% （2／3） 1 1 2025/11/20（四）10:00" in text
    assert text.index(TITLE) < text.index("從沒問過")


async def test_only_what_is_disliked_or_never_asked(house: Console) -> None:
    await three(house)
    desk = await house.at(await house.office())
    disliked = await desk.read("/admin/answers", show="disliked")
    assert "有人說不對 1 看看問的是什麼" in disliked
    assert "1 條 看哪些" in disliked.replace("計畫 ", "")
    never = await desk.see("/admin/answers", show="never")
    assert f'href="/admin/answers/{REF}"' not in never.text
    total = sum(len(each.items) for each in house.base.programmes if each.slug == SLUG)
    assert f"{total - 1} 條" in said(never)


async def test_what_is_due_is_listed_when_its_time_has_come(house: Console) -> None:
    desk = await house.at(await house.office())
    assert "都在期限內" in await desk.read("/admin/answers")
    assert "沒有符合的條目" in await desk.read("/admin/answers", show="due")
    house.clock.move_to(START + timedelta(days=900))
    desk = await house.at(await house.office(name="later"))
    text = await desk.read("/admin/answers", show="due", sort="verified")
    assert "要重新查核 2026/" in text
    assert "要再對一次原文" in text


async def test_sorting_and_pages(house: Console) -> None:
    await three(house)
    await ask(house, "web:a", "有保險嗎", entry=GAP, feedback="helpful")
    desk = await house.at(await house.office())
    ways = {
        sort: (await desk.see("/admin/answers", sort=sort)).text for sort in ("asked", "helpful", "disliked", "last")
    }
    for sort in ("asked", "helpful", "disliked"):
        assert ways[sort].index(f"answers/{REF}") < ways[sort].index(f"answers/{GAP}"), sort
    assert ways["asked"].count('<th scope="row"><a') == 30
    following = ways["asked"].partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert f"answers/{REF}" not in (await desk.browser.get(following)).text
    strange = await desk.read("/admin/answers", sort="<b>", show="<b>", programme="<b>", page="-1")
    assert TITLE in strange


async def test_an_entry_with_its_source_and_the_questions_that_it_failed(house: Console) -> None:
    await three(house)
    desk = await house.at(await house.office())
    page = await desk.see(PAGE)
    text = said(page)
    for words in (
        "一校一張，每所學校各自一張",
        "合作同意書、申請書/貳/二",
        "同意書要幾份",
        "3 次，2 人",
        "2 次 （67%）",
    ):
        assert words.replace(" （", "（") in text.replace(" （", "（")
    assert f'href="/admin/questions/{wording_key(SLUG, "同意書幾張")}"' in page.text
    assert "在期限內" in text


async def test_a_known_gap_has_a_page_too(house: Console) -> None:
    text = await (await house.at(await house.office())).read(f"/admin/answers/{GAP}")
    assert "文件沒有寫的事" in text
    assert "沒有出處" in text


async def test_another_programmes_answers_are_as_if_they_were_not_there(house: Console) -> None:
    await three(house)
    desk = await house.at(await house.office(OTHER_SLUG))
    assert (await desk.see(PAGE)).status_code == 404
    assert TITLE not in await desk.read("/admin/answers", programme=SLUG)
    assert TITLE not in (await desk.see("/admin/answers/top.svg", programme=SLUG)).text
    assert (await desk.see(f"/admin/answers/{OTHER_SLUG}/106/no-such")).status_code == 404
    assert TITLE in await (await house.at(await house.admin())).read("/admin/answers")


async def test_the_chart_is_an_image_with_a_table_of_the_same_beside_it(house: Console) -> None:
    await three(house)
    desk = await house.at(await house.office())
    drawn = await desk.see("/admin/answers/top.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "<script" not in drawn.text
    assert TITLE in drawn.text
    assert f"條目 問過 有幫助 {TITLE} 3 67% （2／3）" in await desk.read("/admin/answers")


async def test_what_people_write_is_never_html(house: Console) -> None:
    await ask(house, "web:a", "<script>alert(1)</script>", feedback="other")
    page = await (await house.at(await house.admin())).see(PAGE)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
