"""One count, or one length of time, as people type it into a form."""

from __future__ import annotations

import re

from knowledge.spoken import durations, letters
from knowledge.spoken.amounts import amount

_GROUPS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[\d.,零〇一二兩三四五六七八九十百千萬廿卅]+")
_UNSURE = re.compile(r"[幾多餘來億兆]|(?<!人)數|或|還是")
_BARE_HOURS = re.compile(r"\d{1,2}(?:\.\d{1,2})?|[一二兩三四五六七八九十]{1,3}")


def read_number(text: str) -> int | None:
    """The one whole number a text states; None where it states none, several, a part, or none for sure.

    ３, 十二人, 一百二十, 1,200, 25萬, 兩萬五 (= 25,000), 1.5萬. A minus sign before it makes it negative.
    """
    folded = _GROUPS.sub("", letters.fold(letters.tidy(text)))
    found = _NUMBER.findall(folded)
    if len(found) != 1 or _UNSURE.search(folded):
        return None
    number = amount(found[0].strip(",."))
    if number is None or number.denominator != 1:
        return None
    minus = re.search(r"-\s*" + re.escape(found[0]), folded) or re.search("負" + re.escape(found[0]), folded)
    return -int(number) if minus else int(number)


def read_hours(text: str) -> int | None:
    """The one length of time a text states, in minutes: 一個半小時, 90分鐘, 7.5 and 三 (hours); None if not sure.

    Not for a lesson (一節課), a vague length (半天) or a negative one.
    """
    folded = letters.fold(letters.tidy(text))
    if _BARE_HOURS.fullmatch(folded):
        hours = amount(folded)
        return None if hours is None else round(hours * 60)
    found = durations.find_lengths(folded)
    lengths = {length.minutes for length in found}
    sure = all(length.role in ("", "total") for length in found)
    return lengths.pop() if sure and len(lengths) == 1 else None
