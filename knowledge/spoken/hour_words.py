"""Words right before or behind a time of the clock that say what it is: an arrival, an end, a time only loosely meant.

Works on folded text in which days are blanked out with `\\0`.
"""

from __future__ import annotations

import re

_ARRIVES = re.compile(r"\s*(?:就|先|前|開始)?(?:報到|集合|簽到(?![單表簿冊率退])|出發|進場|入場|到場)")
_ARRIVED = re.compile(r"(?<![\d點半分])(?:報到|集合|簽到|出發|進場|入場)(?:時間)?\s*:?\s*\Z")
_STARTS = re.compile(r"\s*(?:整)?\s*(?:準時)?(?:開始|起|開會|開場)")
_ENDS = re.compile(
    r"\s*(?:整)?\s*(?:左右|多)?(?:[之以]?前|才|準時|就)?(?:結束|散會|下課|收工|為止|止|完|開完|散場|簽退(?!\s*:?\s*\d))"
)
_UNTIL = re.compile(
    r"(?:(?<![延改移前早後提調簽報遲實應])[到至]|(?:結束|簽退|散會|下課)(?:時間?)?\s*:?|迄|(?<![\d點半分\s~])\s*~)\s*\Z"
)
_LOOSE = re.compile(
    r"\s*(?:鐘)?(?:[多幾](?!\s*\d*\s*(?:[人位名]|個?小時|分))|出頭|[之以]後(?!的)|過後|[之以]前(?!結束))"
)
_EITHER = re.compile(r"\s*(?:或者?|還是|or)\s*(?=\d{1,2}[:點]|[一二兩三四五六七八九十]{1,2}點|[上下]午)")


def is_arrival(text: str, span: tuple[int, int]) -> bool:
    """「8:30報到」, 「集合13:30」: people came, but nothing had begun."""
    return bool(_ARRIVES.match(text, span[1]) or _ARRIVED.search(text, max(0, span[0] - 6), span[0]))


def starts(text: str, place: int) -> bool:
    """Whether what ends at `place` is said to be a start: 九點開始."""
    return bool(_STARTS.match(text, place))


def ends(text: str, span: tuple[int, int]) -> bool:
    """Whether a time is said to be an end: 到四點, 四點結束."""
    return bool(_ENDS.match(text, span[1]) or _UNTIL.search(text[max(0, span[0] - 12) : span[0]]))


def is_loose(text: str, span: tuple[int, int]) -> bool:
    """「三點多」, 「三點以後」: no time that could be written down."""
    return bool(_LOOSE.match(text, span[1]))


def is_one_of_two(text: str, span: tuple[int, int]) -> bool:
    """「三點或四點」."""
    return bool(_EITHER.match(text, span[1]))
