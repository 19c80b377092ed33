"""What a run of digits and Chinese numerals stands for: ３, 十二, 一百二十, 兩萬五, 1.5."""

from __future__ import annotations

import re
from fractions import Fraction

from knowledge.answering import numerals

_WHOLE = re.compile(
    r"(?:\d+(?:\.\d+)?|[零〇一二兩三四五六七八九十百千萬廿卅]+|\d+[十百千][零〇一二兩三四五六七八九十百千\d]*)\Z"
)
_LOOSE = re.compile(
    r"[一二三四五六七八九][一二三四五六七八九][十百千萬]|[十百千萬][一二三四五六七八九]{2}|十十|百百|千千"
)
_ABOUT = frozenset({"一二", "二三", "兩三", "一兩", "三四", "四五", "五六", "六七", "七八", "八九"})
"""Two neighbours side by side are "three or four", not thirty-four."""
_LARGEST = 10**12


def amount(numeral: str) -> Fraction | None:
    """The number a run of digits and numerals stands for, parts included; None where it stands for none."""
    if len(numeral) > 20 or _LOOSE.search(numeral) or numeral in _ABOUT:
        return None
    above, myriad, below = numeral.partition("萬")
    if not myriad:
        return _plain(numeral)
    high = _plain(above) if above else None
    if high is None or "萬" in below:
        return None
    low = _plain(below) if below else Fraction(0)
    if low is None:
        return None
    # 兩萬五 leaves out the unit: the digit after 萬 counts thousands.
    short = len(below) == 1 and below not in "零〇十百千"
    total = high * 10_000 + (low * 1_000 if short else low)
    return total if total < _LARGEST else None


def _plain(numeral: str) -> Fraction | None:
    if not _WHOLE.match(numeral):
        return None
    if numeral.replace(".", "", 1).isdigit():
        return Fraction(numeral)
    if len(numeral) > 1 and re.fullmatch(r"[一二三四五六七八九兩][百千][一二三四五六七八九]", numeral):
        scale = 10 if numeral[1] == "百" else 100  # 一百五 is 150
        head, tail = numerals.value(numeral[:2].replace("兩", "两")), numerals.value(numeral[2])
        return None if head is None or tail is None else Fraction(head + tail * scale)
    value = numerals.value(numeral.replace("兩", "两"))
    return None if value is None else Fraction(value)
