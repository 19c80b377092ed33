"""Notices that a question is about a year that the base does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.answering.normalise import fold
from knowledge.schema import Programme

# A year with its unit; 「106年8月」 is a day's year, 「115學年度」 and 「115年度」 are periods.
_PERIOD = re.compile(r"(?<![\d/.])(\d{2,3})(?:学年度|学年|年度)")
_YEAR = re.compile(r"(?<![\d/.])(\d{2,3})年(?!度|级|资|\d{1,2}月)")
_EARLIEST, _LATEST = 80, 150
# 「是108學年起辦的嗎」 asks whether a year is right, and the answer states the right one.
_CLAIM_BEFORE = re.compile(r"(?:是|从|自)(?:不是|民国)?$")
_CLAIM_AFTER = re.compile(r"(?:起|开始|开办|才)")


class Years:
    """The years that one edition speaks of."""

    def __init__(self, programme: Programme) -> None:
        texts = [fold(entry.answer) for entry in programme.entries]
        own = {int(programme.edition)}
        # The edition's own number is its name, whatever unit people give it.
        self._periods = own | _found(_PERIOD, [*texts, fold(programme.year_label)])
        valid = range(programme.valid_from.year - 1911, programme.valid_until.year - 1911 + 1)
        self._years = self._periods | _found(_YEAR, texts) | set(valid)

    def foreign(self, folded: str) -> int | None:
        """The first year of a question that this edition does not speak of; None where there is none."""
        for pattern, held in ((_PERIOD, self._periods), (_YEAR, self._years)):
            for match in pattern.finditer(folded):
                year = int(match[1])
                if _EARLIEST <= year <= _LATEST and year not in held and not _is_claim(folded, match):
                    return year
        return None


def _is_claim(folded: str, match: re.Match[str]) -> bool:
    return bool(_CLAIM_BEFORE.search(folded[: match.start()]) or _CLAIM_AFTER.match(folded[match.end() :]))


def _found(pattern: re.Pattern[str], texts: Iterable[str]) -> set[int]:
    return {int(match[1]) for text in texts for match in pattern.finditer(text)}
