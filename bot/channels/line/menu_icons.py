"""The icons of the rich menus: simple shapes in one light colour on a disc, without any file.

Each is drawn around `middle` within `radius`; coordinates below are in hundredths of the radius.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PIL import ImageDraw

Point = tuple[float, float]
_STROKE = 13
"""Width of a line."""


@dataclass(frozen=True, slots=True)
class _Stencil:
    """A pen that knows where the middle is and how large the disc."""

    pen: ImageDraw.ImageDraw
    middle: Point
    radius: float
    light: str
    dark: str

    def at(self, x: float, y: float) -> Point:
        return self.middle[0] + x * self.radius / 100, self.middle[1] + y * self.radius / 100

    def line(self, *points: Point, dark: bool = False) -> None:
        """Lines through the points, with round ends."""
        colour = self.dark if dark else self.light
        placed = [self.at(*point) for point in points]
        width = round(_STROKE * self.radius / 100)
        self.pen.line(placed, colour, width, joint="curve")
        for x, y in placed:
            self.pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), colour)

    def box(self, left: float, top: float, right: float, bottom: float, *, dark: bool = False) -> None:
        """A filled rectangle with slightly rounded corners."""
        corners = (*self.at(left, top), *self.at(right, bottom))
        self.pen.rounded_rectangle(corners, 6 * self.radius / 100, self.dark if dark else self.light)

    def shape(self, *points: Point) -> None:
        """A filled polygon."""
        self.pen.polygon([self.at(*point) for point in points], self.light)

    def ring(self, x: float, y: float, size: float) -> None:
        """A circle, not filled."""
        corners = (*self.at(x - size, y - size), *self.at(x + size, y + size))
        self.pen.ellipse(corners, outline=self.light, width=round(_STROKE * self.radius / 100))


def _book(on: _Stencil) -> None:
    on.shape((-58, -38), (-6, -26), (-6, 46), (-58, 34))
    on.shape((58, -38), (6, -26), (6, 46), (58, 34))


def _check(on: _Stencil) -> None:
    on.box(-42, -46, 42, 56)
    on.box(-20, -60, 20, -34)
    on.line((-22, 8), (-4, 26), (26, -12), dark=True)


def _magnifier(on: _Stencil) -> None:
    on.ring(-10, -10, 38)
    on.line((19, 19), (50, 50))


def _folder(on: _Stencil) -> None:
    on.box(-56, -44, 0, 0)
    on.box(-56, -28, 56, 44)
    on.line((-36, -6), (36, -6), dark=True)


def _pencil(on: _Stencil) -> None:
    on.shape((-32, 16), (28, -44), (48, -24), (-12, 36))
    on.shape((-40, 24), (-20, 44), (-56, 56))
    on.line((14, 52), (52, 52))


def _school(on: _Stencil) -> None:
    on.shape((0, -58), (60, -16), (-60, -16))
    for x in (-44, -8, 28):
        on.box(x, -8, x + 16, 36)
    on.box(-58, 42, 58, 56)


def _bars(on: _Stencil) -> None:
    for x, top in ((-50, 10), (-12, -18), (26, -52)):
        on.box(x, top, x + 24, 50)


def _calendar(on: _Stencil) -> None:
    on.box(-50, -42, 50, 52)
    for x in (-24, 24):
        on.line((x, -56), (x, -40))
    on.box(-38, -14, 38, 40, dark=True)
    on.box(-26, -2, -4, 16)
    on.box(6, 12, 28, 30)


def _download(on: _Stencil) -> None:
    on.line((0, -54), (0, 8))
    on.line((-26, -12), (0, 16), (26, -12))
    on.line((-48, 22), (-48, 50), (48, 50), (48, 22))


_DRAWN: Mapping[str, Callable[[_Stencil], None]] = {
    "book": _book,
    "check": _check,
    "magnifier": _magnifier,
    "folder": _folder,
    "pencil": _pencil,
    "school": _school,
    "bars": _bars,
    "calendar": _calendar,
    "download": _download,
}


def _icon(draw: Callable[[_Stencil], None]) -> Callable[[ImageDraw.ImageDraw, Point, float, str, str], None]:
    def drawn(pen: ImageDraw.ImageDraw, middle: Point, radius: float, light: str, dark: str) -> None:
        draw(_Stencil(pen, middle, radius, light, dark))

    return drawn


ICONS = {name: _icon(draw) for name, draw in _DRAWN.items()}
"""Each takes a pen, the middle and radius of its disc, the icon's colour and the disc's."""
