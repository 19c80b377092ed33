"""bot.console.engine: made once, when it is wanted; finds by words and by likeness."""

from __future__ import annotations

import threading

from bot.console.engine import AT_MOST, Engine, Search
from knowledge.answering.engine import Answerer
from tests.bot.console.console_house import SLUG, START, answerer

REF = f"{SLUG}/114/agreement-per-school"


async def test_it_is_made_and_asked_beside_the_event_loop() -> None:
    made: list[int] = []

    def make() -> Answerer:
        made.append(threading.get_ident())
        return answerer()

    engine = Engine(make)
    assert made == []
    assert (await engine.answer("合作同意書要幾張", SLUG, START)).ref == REF
    await engine.find(Search("合作同意書要幾張"))
    assert threading.get_ident() not in made


async def test_what_has_all_the_words_comes_first() -> None:
    found = await Engine(answerer).find(Search("遊覽車", SLUG, "幾張 同意書"))
    assert found[0].ref == REF
    assert len(found) == AT_MOST
    assert len({each.ref for each in found}) == AT_MOST


async def test_only_in_the_programme_that_is_asked_for() -> None:
    for search in (Search("同意書", "mobile-learning"), Search("x", "mobile-learning", "經費"), Search("", "", "？！")):
        found = await Engine(answerer).find(search)
        assert all(each.ref.startswith(search.programme) for each in found)


async def test_words_without_a_character_that_is_compared_match_nothing_by_title() -> None:
    engine = Engine(answerer)
    assert [each.nearness for each in await engine.find(Search("x", SLUG, "？"))].count(1.0) == 0
