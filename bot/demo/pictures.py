"""Photos and files to attach: drawn here, of nobody and nothing."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from bot.demo.dice import dice
from bot.evidence.preparing import Prepared, prepare

PHOTOS, PAPERS = 14, 4
WIDTH, HEIGHT = 640, 440
LIMIT = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Album:
    """What there is to attach, as it is kept."""

    photos: tuple[Prepared, ...]
    papers: tuple[Prepared, ...]


def album(seed: int) -> Album:
    """A few pictures of classrooms and a few papers, through the same hands as what people send."""
    photos = [prepare(_jpeg(_classroom(dice(seed, "photo", n))), f"現場照片{n + 1}.jpg", LIMIT) for n in range(PHOTOS)]
    papers = [prepare(_pdf(_paper(dice(seed, "paper", n))), f"紀錄表{n + 1}.pdf", LIMIT) for n in range(PAPERS)]
    return Album(tuple(photos), tuple(papers))


def _classroom(chance: Random) -> Image.Image:
    """A wall, a board, desks and heads."""
    wall = tuple(chance.randint(200, 240) for _ in range(3))
    picture = Image.new("RGB", (WIDTH, HEIGHT), wall)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, HEIGHT * 2 // 3, WIDTH, HEIGHT), fill=(170, 140, 110))
    left = chance.randint(60, 200)
    draw.rectangle((left, 50, left + 300, 210), fill=(40, 90, 70), outline=(120, 90, 60), width=8)
    for line in range(3):
        draw.line((left + 30, 90 + line * 35, left + chance.randint(140, 270), 90 + line * 35), fill="white", width=4)
    for seat in range(chance.randint(4, 7)):
        x = 30 + seat * 88
        shirt = tuple(chance.randint(60, 200) for _ in range(3))
        draw.ellipse((x + 18, 255, x + 58, 298), fill=(60, 45, 40))
        draw.rounded_rectangle((x + 6, 292, x + 70, 370), 14, fill=shirt)
        draw.rectangle((x, 345, x + 78, 362), fill=(205, 175, 130))
    return picture


def _paper(chance: Random) -> Image.Image:
    """A form with lines that say nothing."""
    picture = Image.new("RGB", (420, 594), "white")
    draw = ImageDraw.Draw(picture)
    for row in range(14):
        y = 60 + row * 36
        draw.rectangle((40, y, 380, y + 36), outline=(120, 120, 120))
        draw.line((140, y, 140, y + 36), fill=(120, 120, 120))
        draw.line((155, y + 20, 155 + chance.randint(60, 200), y + 20), fill=(60, 60, 90), width=3)
    return picture


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _pdf(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    made = time.gmtime(0)  # the same bytes on any day
    picture.save(out, "PDF", resolution=72, creationDate=made, modDate=made)
    return out.getvalue()
