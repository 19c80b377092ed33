"""One form for letters that are written in many, a character for a character, so that places in the text stay valid."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 2_000
"""Characters of a text that are read; a log line is never longer, and a whole novel must not cost minutes."""

_ONE_FORM = str.maketrans(
    {
        **dict.fromkeys("–—―─‒−﹣－‐‑", "-"),
        **dict.fromkeys("～〜∼˜﹏", "~"),
        **dict.fromkeys("︰∶꞉﹕", ":"),
        **dict.fromkeys("〔［【", "["),
        **dict.fromkeys("〕］】", "]"),
        **dict.fromkeys("╱⁄∕", "/"),
        "\\": "/",
        "○": "〇",
        "周": "週",
        "点": "點",
        "号": "號",
        "这": "這",
        "礼": "禮",
        "后": "後",
        "个": "個",
        "两": "兩",
        "时": "時",
        "钟": "鐘",
        "鍾": "鐘",
        "间": "間",
        "刚": "剛",
        "开": "開",
        "会": "會",
        "师": "師",
        "议": "議",
        "习": "習",
        "体": "體",
        "线": "線",
        "视": "視",
        "讯": "訊",
        "辅": "輔",
        "导": "導",
        "观": "觀",
        "课": "課",
        "节": "節",
        "数": "數",
        "学": "學",
        "贰": "二",
        "台": "臺",
        "纪": "記",
        "紀": "記",
        "录": "錄",
        "劃": "畫",
        "划": "畫",
    }
)


def fold(text: str) -> str:
    """The text in half width, small letters and traditional characters; as long as the text that is read of it."""
    text = text[:LONGEST]
    return text.lower().translate(_ONE_FORM) if text.isascii() else "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char)
    small = (wide if len(wide) == 1 else char).translate(_ONE_FORM)
    low = small.lower()
    if len(low) != 1:
        low = small
    return " " if low.isspace() and low != "\n" else low


def parted(text: str) -> str:
    """The text with a slash that only parts words, 「社群／8人」, as a comma; as long as before."""
    parts = _parts_by_wide(text)
    found = list(parts)
    for place, char in enumerate(parts):
        if char == "/" and _only_parts(parts, place):
            found[place] = ","
    return "".join(found)


def _parts_by_wide(text: str) -> str:
    """Where both slashes stand in a text, the wide one does the parting: 「11/18／14:00」."""
    return text.replace("／", "，" if "/" in text else "/")


def _only_parts(text: str, place: int) -> bool:
    before, behind = text[:place], text[place + 1 :]
    if _CLOCK.match(behind):
        return True
    if "/" in (before[-1:], behind[:1]):
        return False
    spaced = before[-1:].isspace() and behind[:1].isspace()
    between_numbers = before.rstrip()[-1:].isdigit() and behind.lstrip()[:1].isdigit()
    return not between_numbers or (spaced and _DATE.search(text) is not None)


_DATE = re.compile(r"\d/\d")
_CLOCK = re.compile(r"\s*(?:\d{1,2}[:：]\d|\d{4}\s?[-~])")
LONGEST_LINE = 1000
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")
_MOST_ALIKE = 24
"""Of one letter in a row; more than any number has digits, so that no long number turns into a shorter one."""
_RUN = re.compile(rf"(.)\1{{{_MOST_ALIKE},}}", re.DOTALL)


def tidy(text: str) -> str:
    """What someone typed, without what makes it long and says nothing: rows of blanks, a letter repeated on and on.

    Of more than `LONGEST_LINE` characters the rest is left out: no one writes a record so long, and reading takes time.
    """
    return tidy_whole(text)[:LONGEST_LINE]


def tidy_whole(text: str) -> str:
    """The same, of any length."""
    return _RUN.sub(lambda run: run[1] * _MOST_ALIKE, _LINES.sub("\n", _BLANKS.sub(" ", text.strip())))


def thin(text: str) -> tuple[str, list[int]]:
    """`tidy` for what must be found again: the text, and where each of its characters, and its end, stood before."""
    kept, alike = list[int](), 0
    for place, char in enumerate(text):
        alike = alike + 1 if place and char == text[place - 1] else 0
        if alike < (1 if char.isspace() else _MOST_ALIKE):
            kept.append(place)
        if len(kept) == LONGEST_LINE:
            break
    return "".join(text[place] for place in kept), [*kept, kept[-1] + 1 if kept else 0]
