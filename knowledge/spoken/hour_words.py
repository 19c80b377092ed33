"""Words right before or behind a time of the clock that say what it is: an arrival, an end, a time only loosely meant.

Works on folded text in which days are blanked out with `\\0`.
"""

from __future__ import annotations

import re

PERIODS = {
    **dict.fromkeys(
        ("凌晨", "清晨", "早晨", "一大早", "大清早", "早上", "上午", "午前", "早", "am", "a.m.", "a.m"), "am"
    ),
    **dict.fromkeys(("中午", "正午", "午間"), "noon"),
    **dict.fromkeys(("下午", "午後", "傍晚", "黃昏", "pm", "p.m.", "p.m"), "pm"),
    **dict.fromkeys(("晚上", "晚間", "夜間", "夜晚", "夜裡", "晚"), "evening"),
}
"""What a time of the clock is said to be in: am, noon, pm, evening."""
_EVENING_BEHIND = re.compile(r"[^\w\n]*(?:晚上|晚間)(?:\Z|[^\w]|[喔啦的])")
_ARRIVES = re.compile(
    r"[^\S\n]*(?:就|先|前|開始)?(?:報到(?!人數)|集合|簽到(?![單表簿冊率退])|出發|進場|入場|到場)(?!\s*(?:人數|人員|者|共|約|:)*\s*:?\s*[\d一二兩三四五六七八九十]+\s*[人位名])"
)
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
_COLUMNS = re.compile(r"[^\S\n]*(?:[|,;][^\S\n]*)?")
_COLUMN_BEFORE, _COLUMN_BEHIND = re.compile(r"(?:\A|[\s\0|,;])\Z"), re.compile(r"(?!\w)")
_SESSIONS = re.compile(r"各|每|[兩二三四\d]\s*[場次]|分別|梯")
_SUM = re.compile(r"\s*(?:元|塊|人|份|字|本|張|[位名](?!\w))")
_COUNTS = re.compile(r"(?:[共計約有這那第每多]|(?<![課學餐休會])[前後])\s*\Z")


def are_columns(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether a start and an end stand in columns of a table: 「14:00 | 16:00」, 「14:00,16:00」."""
    between = text[first[1] : second[0]]
    if not _COLUMNS.fullmatch(between):
        return False
    if between.strip() not in (",", ";"):
        return True
    alone = _COLUMN_BEFORE.search(text[: first[0]][-1:]) and _COLUMN_BEHIND.match(text, second[1])
    return bool(alone) and not _SESSIONS.search(text)


def is_sum(text: str, place: int) -> bool:
    """Whether four digits that end at `place` count money or people: 「2000 元」."""
    return bool(_SUM.match(text, place))


def is_evening_behind(text: str, place: int) -> bool:
    """Whether a range that ends at `place` is said to be in the evening: 「8點半到10點 晚上」."""
    return bool(_EVENING_BEHIND.match(text, place))


def counts(before: str) -> bool:
    """Whether a 點 behind these words is a point made: 「共四點建議」; 「放學後四點」 is a time."""
    return bool(_COUNTS.search(before))


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
