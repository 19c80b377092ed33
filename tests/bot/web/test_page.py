"""How lines become HTML."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.clock import epoch_ms, parse_local
from bot.messages import Card, Choice, Text
from bot.store.transcript import Line
from bot.web.page import Page, day_words, links, phrases

NOON = epoch_ms(parse_local("2025-09-05T12:00"))
PAGE = Page()


def test_a_day_has_its_weekday_and_ends_at_midnight_in_taipei() -> None:
    midnight = epoch_ms(parse_local("2025-09-06T00:00"))
    assert day_words(midnight - 1) == "2025年9月5日（五）"
    assert day_words(midnight) == "2025年9月6日（六）"


def test_a_web_address_can_be_followed_but_not_the_stop_after_it() -> None:
    html = links("見 https://www.edu.tw/a?b=1&c=2。或（https://x.tw/y）, https://z.tw/q.")
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://www.edu.tw/a?b=1&amp;c=2",
        "https://x.tw/y",
        "https://z.tw/q",
    ]


def test_no_other_kind_of_address_is_followed() -> None:
    assert "<a" not in links("javascript:alert(1) file:///etc/passwd //evil.test")


@given(st.text() | st.text(alphabet="htps:/.<>&\"'()ab。"))
def test_marking_addresses_up_changes_no_word_and_lets_no_markup_through(text: str) -> None:
    html = str(links(text))
    assert Markup(re.sub(r"</?a[^>]*>", "", html)) == escape(text)
    assert set(re.findall(r"<(/?\w+)", html)) <= {"a", "/a"}


@given(st.text(max_size=30))
def test_nothing_in_a_message_becomes_markup(text: str) -> None:
    bare = PAGE.fragment([_line("")])
    full = PAGE.fragment([_line(text)])
    full = full.replace('<span class="phrase">', "")  # a label has one a phrase
    bare = bare.replace('<span class="phrase">', "")
    assert len(re.findall(r"<\w+", full)) - full.count('<a href="http') == len(re.findall(r"<\w+", bare))


def test_the_phrases_of_a_label_are_kept_together() -> None:
    html = phrases("行動學習：一校可以補助多少錢？要交什麼")
    assert re.findall(r">([^<]+)<", html) == ["行動學習：", "一校可以補助多少錢？", "要交什麼"]


@given(st.text() | st.text(alphabet="：，。<&\"'()ab\n"))
def test_keeping_phrases_together_changes_no_word_and_lets_no_markup_through(text: str) -> None:
    assert Markup(phrases(text)).striptags().split() == Markup(escape(text)).striptags().split()
    assert re.sub(r'<span class="phrase">|</span>', "", phrases(text)) == escape(text)


def test_each_day_is_named_once() -> None:
    day = 24 * 3600 * 1000
    html = PAGE.fragment([Line(f"in-{at}", at, True, "?") for at in (NOON, NOON + 1, NOON + day)])
    assert re.findall(r'id="(day-[^"]+)"', html) == ["day-2025-09-05", "day-2025-09-06"]


def test_a_plain_text_has_no_empty_frame_parts() -> None:
    html = PAGE.fragment([Line("out-1", NOON, False, messages=(Text("好"),))])
    assert "<h2" not in html
    assert 'class="source"' not in html
    assert "<form" not in html


def test_an_unknown_status_word_is_shown_in_a_neutral_tone() -> None:
    html = PAGE.fragment([Line("out-1", NOON, False, messages=(Card("", "字", status="新詞"),))])
    assert '<p class="status plain">新詞</p>' in html


def _line(text: str) -> Line:
    # A letter at both ends: empty words are left out as a whole, which is not what is tested here.
    words = f"甲{text}乙"
    card = Card(words, words, words, words, (Choice(words, words), Choice(words, words, aside=True)))
    return Line("out-1", NOON, False, messages=(card,))
