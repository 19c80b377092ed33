"""The drawn menus: readable words on every area, within LINE's limits, the same each time."""

from __future__ import annotations

import dataclasses
import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageColor

from bot.channels.line import menu_picture
from bot.channels.line.menu_icons import ICONS
from bot.channels.line.menu_picture import (
    HINT_INK,
    HINT_SIZE,
    INK,
    LABEL_SIZE,
    LARGEST_PICTURE,
    MARGIN,
    PAPER,
    FontError,
    Typeface,
    draw,
    find_typeface,
)
from bot.channels.line.menus import HEIGHT, MENUS, WIDTH, Bounds, Menu

PHONE = 390 / WIDTH
"""Points of a phone to a pixel of the picture."""
every_menu = pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.key)


@pytest.fixture(scope="module")
def face() -> Typeface:
    try:
        return find_typeface()
    except FontError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def image_of(menu: Menu, face: Typeface) -> Image.Image:
    return Image.open(io.BytesIO(draw(menu, face).png)).convert("RGB")


def luminance(colour: str) -> float:
    """As WCAG has it."""
    parts = [part / 255 for part in ImageColor.getrgb(colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG has it: 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def dark_share(image: Image.Image, at: Bounds, top: float, bottom: float) -> float:
    """How much of a band of an area is dark."""
    band = image.crop((at.x, round(at.y + at.height * top), at.x + at.width, round(at.y + at.height * bottom)))
    shades = band.convert("L").histogram()
    return sum(shades[:100]) / sum(shades)


@every_menu
def test_line_takes_the_picture(menu: Menu, face: Typeface) -> None:
    png = draw(menu, face).png
    assert len(png) <= LARGEST_PICTURE
    assert Image.open(io.BytesIO(png)).size == (WIDTH, HEIGHT)


@every_menu
def test_every_area_shows_its_icon_and_words(menu: Menu, face: Typeface) -> None:
    image = image_of(menu, face)
    for index in range(len(menu.areas)):
        at = menu.bounds(index)
        assert dark_share(image, at, 0.1, 0.55) > 0.1
        assert dark_share(image, at, 0.58, 0.78) > 0.05
        assert dark_share(image, at, 0.81, 0.92) > 0.03


@every_menu
def test_words_fit_their_area_and_are_large_enough_for_a_phone(menu: Menu, face: Typeface) -> None:
    for index, area in enumerate(menu.areas):
        room = menu.bounds(index).width - 2 * MARGIN
        assert face.sized(LABEL_SIZE).getlength(area.label) <= room
        assert face.sized(HINT_SIZE).getlength(area.hint) <= room
    assert LABEL_SIZE * PHONE >= 20
    assert HINT_SIZE * PHONE >= 12


@every_menu
def test_colours_are_far_enough_apart(menu: Menu) -> None:
    assert contrast(INK, PAPER) >= 7
    assert contrast(HINT_INK, PAPER) >= 7
    assert contrast(menu.accent, PAPER) >= 4.5


@every_menu
def test_no_two_areas_have_the_same_icon(menu: Menu) -> None:
    assert len({area.icon for area in menu.areas}) == len(menu.areas)
    assert {area.icon for area in menu.areas} <= set(ICONS)


def test_the_same_menu_is_drawn_the_same_and_another_look_is_told_apart(face: Typeface) -> None:
    menu = MENUS[0]
    digest = draw(menu, face).digest
    assert draw(menu, face).digest == digest
    other_action = dataclasses.replace(menu.areas[0], action="m:help")
    for changed in (
        dataclasses.replace(menu, accent="#047857"),
        dataclasses.replace(menu, areas=(other_action, *menu.areas[1:])),
    ):
        assert draw(changed, face).digest != digest


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.otf").write_bytes(b"OTTO broken")
    for path in (tmp_path / "broken.otf", tmp_path / "missing.ttf"):
        with pytest.raises(FontError, match="用 --font 換一個"):
            find_typeface(path)


def test_letters_that_a_font_lacks_are_noticed(face: Typeface) -> None:
    assert face.has("選單 Excel")
    assert not face.has("選單\U0010ffff")


def test_a_machine_without_a_font_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(menu_picture, "_DEBIAN", (tmp_path / "none.ttc", 3))
    with pytest.raises(FontError, match="apt-get install fonts-noto-cjk fontconfig"):
        find_typeface()


def test_without_fontconfig_the_place_of_debians_package_is_looked_at(
    face: Typeface, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(menu_picture, "_DEBIAN", (face.path, face.index))
    assert find_typeface() == face
