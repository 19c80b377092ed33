"""The chat page over a real database and a real worker, asked as a browser without and with a script asks."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from bot.clock import epoch_ms
from bot.web import chat
from tests.bot.rehearsal import WELCOME, Stage, stage
from tests.bot.web.reading import events, once_of, say, words

SCRIPT = {"accept": "application/json"}


async def test_the_first_visit_is_welcomed_by_the_engine_and_only_once(browser: httpx.AsyncClient) -> None:
    first, second = await browser.get("/"), await browser.get("/")
    assert first.text.count(WELCOME) == second.text.count(WELCOME) == 1


async def test_a_question_sent_without_a_script_is_answered_on_the_next_page(
    browser: httpx.AsyncClient,
) -> None:
    shown = words(await say(browser, "補助多少？"))
    assert "您： 補助多少？" in shown
    assert "查到了 題目 回答：補助多少？ 依據：跨校遠距（114 學年度）柒/一/(一)" in shown


async def test_the_page_is_in_taiwanese_chinese_and_says_times_as_in_taipei(
    browser: httpx.AsyncClient,
) -> None:
    page = await say(browser, "幾點了")
    assert '<html lang="zh-Hant-TW">' in page
    assert "2025年9月5日（五）" in page
    assert "14:00" in page


async def test_the_question_stands_before_its_answer_and_the_newest_at_the_end(
    browser: httpx.AsyncClient,
) -> None:
    await say(browser, "第一")
    shown = words(await say(browser, "第二"))
    places = [shown.index(part) for part in (WELCOME, "您： 第一", "回答：第一", "您： 第二", "回答：第二")]
    assert places == sorted(places)


async def test_numbers_run_through_a_reply_and_asides_have_none(browser: httpx.AsyncClient) -> None:
    page = await say(browser, "題")
    reply = page[page.rindex('class="row theirs" id="out-') :]
    assert re.findall(r'class="number">(\d+)', reply) == ["1", "2"]
    assert re.search(r'class="asides".*?>有幫助</button>', reply, re.DOTALL)


async def test_the_transcript_outlives_the_service(url: str) -> None:
    async with stage(url) as before, before.browser() as browser:
        page = await say(browser, "記得我")
        jar = dict(browser.cookies)
    async with stage(url) as after, after.browser() as browser:
        browser.cookies.update(jar)
        again = (await browser.get("/")).text
    assert words(again) == words(page)


async def test_a_form_that_is_sent_twice_asks_once(house: Stage, browser: httpx.AsyncClient) -> None:
    form = {"id": once_of((await browser.get("/")).text), "text": "只問一次"}
    await browser.post("/chat", data=form)
    await browser.post("/chat", data=form)
    assert (await browser.get("/")).text.count("回答：只問一次") == 1


async def test_an_old_form_with_other_words_is_another_question(browser: httpx.AsyncClient) -> None:
    once = once_of((await browser.get("/")).text)
    await browser.post("/chat", data={"id": once, "text": "第一"})
    await browser.post("/chat", data={"id": once, "text": "第二"})
    page = (await browser.get("/")).text
    assert "回答：第一" in page
    assert "回答：第二" in page


async def test_a_button_posts_its_action_and_is_shown_by_its_label(browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    await browser.post("/chat", data={"id": "a", "action": "ask:money"})
    shown = words((await browser.get("/")).text)
    assert "您： 補助多少錢？" in shown
    assert "您按了 ask:money" in shown


async def test_a_button_of_an_old_card_still_reaches_the_engine(browser: httpx.AsyncClient) -> None:
    await say(browser, "別的事")
    await browser.post("/chat", data={"id": "a", "action": "ask:end"})
    assert "您按了 ask:end" in (await browser.get("/")).text


async def test_a_button_that_was_never_shown_has_no_words_of_its_own(browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    await browser.post("/chat", data={"id": "a", "action": "made:up", "text": "假的標籤"})
    page = (await browser.get("/")).text
    assert "假的標籤" not in page
    assert "您按了 made:up" in page


async def test_a_text_that_is_too_long_is_refused_in_one_sentence_and_given_back(
    house: Stage, browser: httpx.AsyncClient
) -> None:
    await browser.get("/")
    before = await events(house)
    page = await browser.post("/chat", data={"id": "a", "text": "長" * 5001})
    assert page.status_code == 422
    assert "這段話有 5,001 字，一次最多 5,000 字。請分成幾段再送出。" in page.text
    assert "長" * 5001 + "</textarea>" in page.text
    assert WELCOME in page.text
    assert await events(house) == before


async def test_the_longest_text_that_is_allowed_is_answered(browser: httpx.AsyncClient) -> None:
    assert "回答：" + "😀" * 5000 in await say(browser, "😀" * 5000)


@pytest.mark.parametrize("nothing", ["", "   ", "\r\n\t", "\x00\x07"])
async def test_an_empty_text_does_nothing(house: Stage, browser: httpx.AsyncClient, nothing: str) -> None:
    page = await browser.get("/")
    before = await events(house)
    assert words(await say(browser, nothing)) == words(page.text)
    assert await events(house) == before


async def test_line_breaks_of_a_form_are_kept_as_typed(browser: httpx.AsyncClient) -> None:
    assert "第一行\n第二行</div>" in await say(browser, "第一行\r\n第二行")


async def test_the_script_gets_its_own_line_at_once_and_then_the_answer(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    sent = await browser.post("/chat", data={"id": "a", "text": "快問", "after": "0"}, headers=SCRIPT)
    assert "您： 快問" in words(sent.json()["html"])
    news = (await browser.get(f"/chat/messages?after={sent.json()['after']}&wait=1")).json()
    assert "回答：快問" in news["html"]
    assert news["waiting"] is False
    drawn = re.findall(r'id="(out-[^"]+)"', news["html"])[-1]
    assert f'id="{drawn}"' in (await browser.get("/")).text
    assert drawn not in page.text


async def test_the_script_is_refused_with_a_sentence(browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    refused = await browser.post("/chat", data={"id": "a", "text": "長" * 5001}, headers=SCRIPT)
    assert refused.status_code == 422
    assert refused.json() == {"error": "這段話有 5,001 字，一次最多 5,000 字。請分成幾段再送出。"}


async def test_old_lines_are_not_sent_again(house: Stage, browser: httpx.AsyncClient) -> None:
    await say(browser, "舊聞")
    newest = (await browser.get("/chat/messages?after=0")).json()["after"]
    house.clock.move_to(house.clock.now() + timedelta(minutes=1))
    news = (await browser.get(f"/chat/messages?after={newest}")).json()
    assert news["html"].strip() == ""
    assert news["after"] == newest


@pytest.mark.parametrize("after", ["", "x", "-5", "９", "9" * 40])
async def test_a_cursor_that_is_no_time_means_from_the_beginning(browser: httpx.AsyncClient, after: str) -> None:
    await browser.get("/")
    assert WELCOME in (await browser.get("/chat/messages", params={"after": after})).json()["html"]


async def test_a_reminder_comes_with_the_next_look(house: Stage, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    newest = (await browser.get("/chat/messages?after=0")).json()["after"]
    house.clock.move_to(house.clock.now() + timedelta(hours=1))
    await house.push("明天截止", key="reminder:1")
    assert "明天截止" in (await browser.get(f"/chat/messages?after={newest}")).json()["html"]
    assert "明天截止" in (await browser.get("/")).text


async def test_a_reminder_is_not_shown_before_its_hour(house: Stage, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    later = house.clock.now() + timedelta(hours=1)
    await house.push("到期了", key="reminder:1", not_before=epoch_ms(later))
    newest = (await browser.get("/chat/messages?after=0")).json()["after"]
    assert "到期了" not in (await browser.get("/")).text
    house.clock.move_to(later + timedelta(seconds=1))
    assert "到期了" in (await browser.get(f"/chat/messages?after={newest}")).json()["html"]


async def test_while_nobody_answers_the_page_shows_that_and_looks_again(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "ANSWER_WITHIN_SECONDS", 0.05)
    async with stage(url, working=False) as house, house.browser() as browser:
        page = (await browser.get("/")).text
        assert '<noscript><meta http-equiv="refresh"' in page
        assert re.search(r'id="typing" class="row theirs">', page)
        assert (await browser.get("/chat/messages?after=0")).json()["waiting"] is True
        while await house.worker.step():
            pass
        page = (await browser.get("/")).text
    assert WELCOME in page
    assert "http-equiv" not in page
    assert re.search(r'id="typing" class="row theirs" hidden>', page)


async def test_a_flood_is_held_back_and_said_so_at_the_line(browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    for number in range(25):
        await browser.post("/chat", data={"id": str(number), "text": f"第{number}問"})
    page = (await browser.get("/")).text
    assert "這一則沒有處理" in page


async def test_when_the_database_is_away_the_text_is_given_back(house: Stage, browser: httpx.AsyncClient) -> None:
    await browser.get("/")
    async with house.database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME COLUMN occurred_at TO lost"))
    page = await browser.post("/chat", data={"id": "a", "text": "別弄丟"})
    assert page.status_code == 503
    assert "現在沒有存進去" in page.text
    assert "別弄丟</textarea>" in page.text
    async with house.database.write() as tx:
        await tx.execute(text("ALTER TABLE inbox RENAME COLUMN lost TO occurred_at"))
