"""The chat page in a real browser: script, keyboard, small screens, dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bot.rehearsal import WELCOME
from tests.bot.web.browser_house import House

pytestmark = pytest.mark.browser

CONTRAST = """
(selector) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (css) => {
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (css) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb(css).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const element = document.querySelector(selector);
  let ground = element;
  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
  const two = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)].sort();
  return (two[1] + 0.05) / (two[0] + 0.05);
}
"""
READ = [".words", ".source", ".status", ".bubble", ".own time", ".number", ".choices button", ".asides button"]
FRAME = ["h1", ".who p", ".menu", ".send", ".hint", ".day time", "#text"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    running = House(f"sqlite:///{tmp_path / 'xueban.db'}")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, house: House) -> Iterator[Page]:
    yield from _visit(chromium, house)


def _visit(chromium: Browser, house: House, **options: Any) -> Iterator[Page]:
    context = chromium.new_context(locale="zh-TW", **options)
    visited = context.new_page()
    problems: list[str] = []
    visited.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    visited.on("pageerror", lambda error: problems.append(str(error)))
    visited.goto(house.address)
    yield visited
    context.close()
    # A status that a test asks for is no mistake of the page; what the policy blocked is.
    assert [problem for problem in problems if not problem.startswith("Failed to load resource")] == []


def ask(page: Page, text: str) -> None:
    page.get_by_label("輸入您的問題").fill(text)
    page.keyboard.press("Enter")


def answer(page: Page, text: str) -> Any:
    return page.get_by_role("log").get_by_text(f"回答：{text}", exact=True)


def test_a_question_is_asked_and_answered_without_a_reload(page: Page) -> None:
    expect(page.get_by_role("heading", name=WELCOME)).to_be_visible()
    page.evaluate("window.stayed = true")
    ask(page, "補助多少？")
    expect(answer(page, "補助多少？")).to_be_in_viewport()
    assert page.evaluate("window.stayed")
    expect(page.get_by_label("輸入您的問題")).to_be_focused()
    expect(page.get_by_label("輸入您的問題")).to_have_value("")


def test_the_answer_to_a_question_that_fills_the_window_is_seen(page: Page) -> None:
    ask(page, "長" * 4_000)
    expect(page.locator(".theirs .name").last).to_be_in_viewport()


def test_shift_enter_makes_a_line_and_enter_sends_both(page: Page) -> None:
    page.get_by_label("輸入您的問題").press_sequentially("一")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("二")
    expect(page.locator(".own")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(".own .bubble")).to_contain_text("一\n二", use_inner_text=True)


def test_enter_that_ends_a_composition_does_not_send(page: Page) -> None:
    composing = "{key: 'Enter', bubbles: true, cancelable: true, isComposing: true}"
    page.get_by_label("輸入您的問題").fill("ㄅㄨˇ")
    sent = page.evaluate(f"!document.getElementById('text').dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    assert sent is False
    expect(page.get_by_label("輸入您的問題")).to_have_value("ㄅㄨˇ")


def test_nothing_typed_sends_nothing(page: Page) -> None:
    with_requests: list[str] = []
    page.on("request", lambda request: with_requests.append(request.url) if request.method == "POST" else None)
    ask(page, "  \n ")
    page.get_by_role("button", name="送出").click()
    ask(page, "有字")
    expect(answer(page, "有字")).to_be_visible()
    assert len(with_requests) == 1


def test_a_choice_is_reached_and_tapped_by_keyboard_alone(page: Page) -> None:
    ask(page, "題")
    expect(answer(page, "題")).to_be_visible()
    page.get_by_label("輸入您的問題").focus()
    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.value") == "page:2":
            break
    focused = page.locator(":focus")
    expect(focused).to_have_text("1 第二頁")
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".own").last).to_contain_text("第二頁")
    expect(page.get_by_text("您按了 page:2")).to_be_visible()
    # The place in the page is kept: at the answer.
    expect(page.locator(".theirs").filter(has_text="您按了 page:2")).to_be_focused()


def test_the_skip_link_leads_past_the_talk_to_the_input(page: Page) -> None:
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到輸入框")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("輸入您的問題")).to_be_focused()


def test_chips_are_shown_at_the_newest_line_only(page: Page) -> None:
    chips = page.get_by_role("button", name="有幫助")
    ask(page, "一")
    expect(answer(page, "一")).to_be_visible()
    ask(page, "二")
    expect(answer(page, "二")).to_be_visible()
    assert [chip.is_visible() for chip in chips.all()] == [True]
    assert [chip.is_visible() for chip in page.locator(".asides").all()] == [False, False, True]


def test_a_reload_shows_the_same_talk(page: Page) -> None:
    ask(page, "記得我")
    expect(answer(page, "記得我")).to_be_visible()
    before = page.get_by_role("log").inner_text()
    page.reload()
    assert page.get_by_role("log").inner_text() == before
    expect(answer(page, "記得我")).to_be_in_viewport()


def test_a_reminder_appears_by_itself_and_is_announced(page: Page, house: House) -> None:
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    house.push("明天 17:00 截止")
    expect(page.get_by_role("log").get_by_text("明天 17:00 截止")).to_be_visible()


def test_markup_that_a_person_types_is_shown_as_text(page: Page) -> None:
    nasty = "<img src=x onerror=\"document.title='被改了'\"><script>document.title='被改了'</script>"
    ask(page, nasty)
    expect(answer(page, nasty)).to_be_visible()
    expect(page.locator(".own .bubble")).to_contain_text(nasty)
    page.reload()
    expect(answer(page, nasty)).to_be_visible()
    expect(page).to_have_title(re.compile("^學伴"))
    expect(page.locator("#log img[src=x], #log script")).to_have_count(0)


def test_a_text_that_is_too_long_stays_in_the_input_with_a_sentence(page: Page) -> None:
    page.goto(page.url)
    ask(page, "長" * 5001)
    expect(page.get_by_role("alert")).to_have_text(re.compile("這段話有 5,001 字"))
    expect(page.get_by_label("輸入您的問題")).to_have_value("長" * 5001)


def test_a_lost_connection_is_said_and_nothing_is_asked_twice(page: Page) -> None:
    tries: list[str] = []

    def lose_the_first_reply(route: Any) -> None:
        tries.append(route.request.post_data)
        if len(tries) > 1:
            route.continue_()
            return
        route.fetch()  # the server has it, the browser never learns
        route.abort()

    page.route("**/chat", lose_the_first_reply)
    ask(page, "斷線")
    expect(page.get_by_role("alert")).to_contain_text("沒有送出去")
    expect(page.get_by_label("輸入您的問題")).to_have_value("斷線")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_empty()
    assert len(tries) == 2
    page.reload()
    expect(answer(page, "斷線")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (320, 256), (640, 400)])
def test_small_and_zoomed_screens_have_no_sideways_scrolling(
    chromium: Browser, house: House, width: int, height: int
) -> None:
    for page in _visit(chromium, house, viewport={"width": width, "height": height}):
        ask(page, "字" * 300 + " https://www.example.test/" + "a" * 200)
        expect(page.locator(".theirs").nth(1)).to_be_visible()
        widths = (
            "[document.documentElement, document.getElementById('scroller')].map(e => e.scrollWidth - e.clientWidth)"
        )
        assert page.evaluate(widths) == [0, 0]
        expect(page.get_by_role("button", name="送出")).to_be_in_viewport(ratio=1)
        assert page.locator("#scroller").evaluate("e => e.clientHeight") > height * 0.4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(chromium: Browser, house: House, scheme: str) -> None:
    for page in _visit(chromium, house, color_scheme=scheme):
        ask(page, "對比")
        expect(answer(page, "對比")).to_be_visible()
        for selector in READ + FRAME:
            assert page.evaluate(CONTRAST, selector) >= 4.5, selector
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (max(int(part) for part in re.findall(r"\d+", ground)) < 64) is (scheme == "dark")


def test_who_wants_no_motion_sees_none(chromium: Browser, house: House) -> None:
    for page in _visit(chromium, house, reduced_motion="reduce"):
        ask(page, "靜")
        expect(answer(page, "靜")).to_be_visible()
        names = "[...document.querySelectorAll('.fresh, .dots i')].map(e => getComputedStyle(e).animationName)"
        assert set(page.evaluate(names)) == {"none"}


def test_without_a_script_forms_do_the_same(chromium: Browser, house: House) -> None:
    for page in _visit(chromium, house, java_script_enabled=False):
        page.get_by_label("輸入您的問題").fill("沒有腳本")
        page.get_by_role("button", name="送出").click()
        expect(answer(page, "沒有腳本")).to_be_in_viewport()
        page.get_by_role("button", name="1 第二頁").click()
        expect(page.get_by_text("您按了 page:2")).to_be_in_viewport()
