"""How long a text is in the units that providers count in, and how to shorten or part it between letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

import regex

ELLIPSIS = "…"

_LONE_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = (frozenset("\n"), frozenset("。！？；!?;"), frozenset("，、,： \t"))
"""Where a long text is parted, best first."""

Size = Callable[[str], int]


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units: an emoji counts two. What LINE and Telegram count texts in."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf8_bytes(text: str) -> int:
    """Length in bytes of UTF-8: a Chinese character counts three. What Telegram counts buttons' data in."""
    return len(text.encode("utf-8", "surrogatepass"))


def graphemes(text: str) -> list[str]:
    """The text as what a reader sees as single characters; joined, they are the text again."""
    found: list[str] = regex.findall(r"\X", text)
    return found


def grapheme_count(text: str) -> int:
    """How many characters a reader sees. What LINE counts labels in."""
    return len(graphemes(text))


def code_point_index(text: str, unit: int) -> int:
    """Where in a Python string a position in UTF-16 units lies; one inside a pair is the pair's start."""
    head = text.encode("utf-16-le", "surrogatepass")[: 2 * unit]
    return len(head.decode("utf-16-le", "ignore"))


def clean(text: str) -> str:
    """The text with nothing in it that a provider or a database refuses.

    Control characters go (line breaks and tabs stay), line ends become `\\n`, half surrogate pairs become
    U+FFFD.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return str(_CONTROL.sub("", _LONE_SURROGATE.sub("\ufffd", unified)))


def is_blank(text: str) -> bool:
    """Whether nothing can be seen of it; providers refuse such a text as empty."""
    return all(c.isspace() or unicodedata.category(c) in ("Cc", "Cf") for c in text)


def clip(text: str, limit: int, size: Size = utf16_units) -> str:
    """The text, or as much of its beginning as fits into `limit` with an ellipsis; no grapheme is cut.

    `size` says what is counted: `utf16_units`, `utf8_bytes`, `grapheme_count`, or `len` for code points.
    Where not even the ellipsis fits, the result is empty.
    """
    if size(text) <= limit:
        return text
    room = limit - size(ELLIPSIS)
    if room < 0:
        return ""
    head = "".join(_fitting(graphemes(text), room, size))
    return head.rstrip() + ELLIPSIS


def split(text: str, limit: int, size: Size = utf16_units) -> list[str]:
    """The text in parts of at most `limit`, parted after a line, a sentence or a word where there is one.

    Only blanks at the seams are lost. A grapheme stays whole unless it alone is longer than `limit`. A blank
    text has no parts. Raises `ValueError` for a limit below 4, which one character alone may need.
    """
    if limit < 4:
        raise ValueError(f"limit {limit} is too small for a single character")
    left = [piece for letter in graphemes(text) for piece in (letter if size(letter) > limit else (letter,))]
    parts = []
    while left := _without_leading_blanks(left):
        fitting = _fitting(left, limit, size)
        count = len(fitting) if len(fitting) == len(left) else _break_in(fitting)
        parts.append("".join(left[:count]).rstrip())
        left = left[count:]
    return parts


def _fitting(letters: Sequence[str], limit: int, size: Size) -> Sequence[str]:
    used = 0
    for count, letter in enumerate(letters):
        used += size(letter)
        if used > limit:
            return letters[:count]
    return letters


def _break_in(letters: Sequence[str]) -> int:
    for marks in _BREAKS:
        for index in range(len(letters) - 1, len(letters) // 2, -1):
            if letters[index] in marks:
                return index + 1
    return len(letters)


def _without_leading_blanks(letters: list[str]) -> list[str]:
    for count, letter in enumerate(letters):
        if not letter.isspace():
            return letters[count:]
    return []
