"""Draws the picture of a rich menu: for each area an icon, its label and a hint, dark on white.

LINE shows 2500 pixels on the width of a phone, about a sixth: the sizes below are chosen for that.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.channels.line.menu_icons import ICONS
from bot.channels.line.menus import COLUMNS, HEIGHT, ROWS, WIDTH, Bounds, Menu

LARGEST_PICTURE = 1_000_000
"""Bytes; LINE takes 1 MB."""
PAPER, INK, HINT_INK, RULE = "#FFFFFF", "#111827", "#374151", "#D1D5DB"
LABEL_SIZE, HINT_SIZE = 150, 84
"""Pixels: on a phone of 390 points these are 23 and 13 points."""
MARGIN = 40
"""Pixels that words keep from the edge of their area."""
DISC = 165
"""Radius of an icon's disc."""
_DISC_AT, _LABEL_AT, _HINT_AT = 0.33, 0.68, 0.865
"""Middles, in parts of an area's height."""
_FINER = 2
"""Shapes are drawn so many times larger and then reduced, which smooths their edges."""
_RULE_WIDTH = 6

NO_FONT = (
    "找不到繁體中文字型，畫不出選單。請安裝 fonts-noto-cjk 和 fontconfig"
    "（Debian、Ubuntu：apt-get install fonts-noto-cjk fontconfig），或用 --font 指定字型檔。"
)
BAD_FONT = "字型檔 {path} 打不開，或裡面沒有繁體中文字。請用 --font 換一個，例如 NotoSansCJK-Bold.ttc。"
_WANTED = "Noto Sans CJK TC,Noto Sans TC,Source Han Sans TC:bold:lang=zh-tw"
_DEBIAN = (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"), 3)
"""Where Debian's fonts-noto-cjk puts it, and which face is Taiwan's; for machines without fontconfig."""


class FontError(ValueError):
    """There is no font to draw with; the message is one sentence with its mend."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font file, and which of its faces."""

    path: Path
    index: int = 0

    def sized(self, pixels: int) -> ImageFont.FreeTypeFont:
        """The face at a height in pixels. Raises `FontError` where the file is none."""
        try:
            return ImageFont.truetype(str(self.path), pixels, index=self.index, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            raise FontError(BAD_FONT.format(path=self.path)) from None

    def has(self, words: str) -> bool:
        """Whether it can draw every letter: one that it lacks looks like one that does not exist."""
        font = self.sized(HINT_SIZE)
        missing = bytes(font.getmask("\U0010fffe"))
        return all(bytes(font.getmask(letter)) != missing for letter in words if not letter.isspace())


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn menu."""

    png: bytes
    digest: str
    """Of what it shows and what its areas do; the same for the same, whatever packed the PNG."""


def find_typeface(given: Path | None = None) -> Typeface:
    """The font to draw with: the one that was given, else what this machine has. Raises `FontError`."""
    if given is not None:
        if not Typeface(given).has("選單"):
            raise FontError(BAD_FONT.format(path=given))
        return Typeface(given)
    for face in (*_from_fontconfig(), Typeface(*_DEBIAN)):
        if face.path.is_file() and face.has("選單"):
            return face
    raise FontError(NO_FONT)


def _from_fontconfig() -> list[Typeface]:
    """The nearest that is installed, which may lack our letters; empty without fontconfig."""
    program = shutil.which("fc-match")
    if program is None:
        return []
    asked = [program, "-f", "%{file}\t%{index}", _WANTED]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)  # nosec B603 # noqa: S603 - our own
        said = done.stdout
    except (OSError, subprocess.SubprocessError):
        return []
    path, _, index = said.partition("\t")
    return [Typeface(Path(path), int(index))] if index.isdecimal() else []


@lru_cache(maxsize=4)
def draw(menu: Menu, face: Typeface) -> Picture:
    """The picture of a menu, drawn once a process: it takes half a second.

    Raises `FontError` where the font lacks one of its letters.
    """
    if not face.has("".join(area.label + area.hint for area in menu.areas)):
        raise FontError(BAD_FONT.format(path=face.path))
    image = _shapes(menu)
    pen = ImageDraw.Draw(image)
    fonts = {size: face.sized(size) for size in (LABEL_SIZE, HINT_SIZE)}
    for index, area in enumerate(menu.areas):
        at = menu.bounds(index)
        _write(pen, area.label, at, _LABEL_AT, fonts[LABEL_SIZE], INK)
        _write(pen, area.hint, at, _HINT_AT, fonts[HINT_SIZE], HINT_INK)
    packed = io.BytesIO()
    image.quantize(64, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
    return Picture(packed.getvalue(), _digest(menu, image))


def _shapes(menu: Menu) -> Image.Image:
    """Everything but words: lines between the areas, discs and their icons."""
    large = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), PAPER)
    pen = ImageDraw.Draw(large)
    for column in range(1, COLUMNS):
        x = WIDTH * column // COLUMNS * _FINER
        pen.line((x, 0, x, large.height), RULE, _RULE_WIDTH * _FINER)
    for row in range(1, ROWS):
        y = HEIGHT * row // ROWS * _FINER
        pen.line((0, y, large.width, y), RULE, _RULE_WIDTH * _FINER)
    for index, area in enumerate(menu.areas):
        at = menu.bounds(index)
        middle = ((at.x + at.width / 2) * _FINER, (at.y + at.height * _DISC_AT) * _FINER)
        radius = DISC * _FINER
        pen.ellipse((middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius), menu.accent)
        ICONS[area.icon](pen, middle, radius, PAPER, menu.accent)
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _write(
    pen: ImageDraw.ImageDraw, words: str, at: Bounds, part: float, font: ImageFont.FreeTypeFont, ink: str
) -> None:
    pen.text((at.x + at.width / 2, at.y + at.height * part), words, ink, font, anchor="mm")


def _digest(menu: Menu, image: Image.Image) -> str:
    told = json.dumps(menu.request(""), ensure_ascii=False, sort_keys=True).encode()
    return hashlib.sha256(told + image.tobytes()).hexdigest()[:12]
