"""The rich menus as data: LINE takes them, and every tap does what its words do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.limits import grapheme_count, utf16_units
from bot.channels.line.menus import CHAT_BAR, HEIGHT, MENUS, WIDTH, Area, Menu
from handlers import feedback
from knowledge.answering.engine import Answerer
from tests.handlers.stage import Playhouse, Talk, real_checklists

AREAS = sorted({area for menu in MENUS for area in menu.areas}, key=lambda area: area.action)


@pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.key)
def test_areas_cover_the_picture_without_gap_or_overlap(menu: Menu) -> None:
    taken = [menu.bounds(index) for index in range(len(menu.areas))]
    assert sum(at.width * at.height for at in taken) == WIDTH * HEIGHT
    assert all(at.x + at.width <= WIDTH and at.y + at.height <= HEIGHT for at in taken)
    assert len({(at.x, at.y) for at in taken}) == len(taken)


@pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.key)
def test_words_stay_within_the_limits_of_line(menu: Menu) -> None:
    assert grapheme_count(CHAT_BAR) <= 14
    assert menu.alias.replace("-", "").isalnum()
    assert len(menu.alias) <= 32
    for area in menu.areas:
        assert 1 <= grapheme_count(area.label) <= 20
        assert 1 <= grapheme_count(area.says) <= 300
        assert 1 <= utf16_units(area.action) <= 300


def test_no_menu_offers_the_same_twice() -> None:
    for menu in MENUS:
        assert len({area.action for area in menu.areas}) == len({area.label for area in menu.areas}) == len(menu.areas)


@pytest.fixture
def house(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Playhouse]:
    path = tmp_path / "house.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with Playhouse(path) as opened:
        yield opened


@pytest.mark.parametrize("joined", [True, False], ids=["coordinator", "stranger"])
@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.action)
def test_a_tap_is_answered_and_its_words_typed_are_answered_alike(house: Playhouse, area: Area, joined: bool) -> None:
    said: list[tuple[str, list[str]]] = []
    for does, given in ((Talk.tap, area.action), (Talk.say, area.says)):
        talk = Talk(Answerer(real_checklists().base), house=house, conversation=f"terminal:{len(said)}")
        if joined:
            house.join(talk.conversation, "distance-teaching")
        does(talk, given)
        said.append((talk.text, talk.labels))
    assert said[0] == said[1]
    assert said[0][0]
    assert feedback.UNKNOWN not in said[0][0]
