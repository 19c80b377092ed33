"""Lengths of time in a line: 兩小時, 90分鐘, 一個半小時, lessons of 45 minutes; and those too vague to log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from knowledge.spoken.amounts import amount

_N = r"(?:(?<![\d.])\d{1,6}(?:\.\d{1,4})?|(?<![零一二兩三四五六七八九十百])[零一二兩三四五六七八九十百]{1,8})"
_HOUR = r"\s*(?:個\s*)?(?:小時|鐘頭|hours?|hrs?|h(?![a-z0-9]))"
_MINUTE = r"\s*(?:分鐘|minutes?|mins?|分(?![享組析校數班區類級之工鄰成別項站]))"
_CN_OR_DIGIT = r"(?:(?<!\d)\d{1,6}(?:\.\d{1,4})?|[一二兩三四五六七八九十])"

_VAGUE = re.compile(
    rf"{_CN_OR_DIGIT}\s*(?:[-~到至、]|或|或是)\s*{_CN_OR_DIGIT}(?:{_HOUR}|{_MINUTE})"
    rf"|(?:[一二兩三四五六七八九][一二兩三四五六七八九])(?:{_HOUR}|十{_MINUTE})"
    rf"|好?[幾數]{_HOUR}|[幾數]十?{_MINUTE}|{_N}(?:幾|多|來){_HOUR}|{_N}\s*個?多{_HOUR}|{_N}{_HOUR}(?:多|以上|以內|以下|出頭)|{_N}(?:幾|多|來){_MINUTE}"
    rf"|{_N}{_HOUR}(?:不到|未滿)|(?:不到|超過|至少|不只|不滿|不足)\s*{_N}(?:{_HOUR}|{_MINUTE})"
    r"|(?:(?<=研習)|(?<=作坊)|(?<=為期)|(?<=共))\s?[一二兩三]日|(?<![一二三四五六七八九十廿月])一日(?=研習|工作坊)|大?半天|半日|一?整天|全天|整日|全日|[一兩二三]天(?!\s*(?:以|之)?[前後])|\d天(?!\s*(?:以|之)?[前後])"
    r"|(?:一整個|整個|一個|一整)(?:上午|下午|早上|晚上|中午|早晨)|一(?:上午|下午|早上|晚上)|整(?:上午|下午|晚)|一會兒|一下子|一陣子|好久|很久|許久"
)
_EXACT: tuple[tuple[re.Pattern[str], tuple[int, int, int]], ...] = (
    # pattern with up to two numbers -> minutes an hour of the first, of the second, and on top
    (re.compile(r"([零一二兩三四五六七八九])點五()\s?個?小時"), (60, 0, 30)),
    (re.compile(r"(?<!\d)(\d{1,2})\s?h(?:rs?)?\s?(\d{1,2})\s?m(?:ins?)?(?![a-z])"), (60, 1, 0)),
    (re.compile(r"(?<!\d)(\d{1,2})h([0-5]\d)(?![\d:a-z]|\s*[人位名])"), (60, 1, 0)),
    (re.compile(rf"({_N})\s*個半\s*(?:小時|鐘頭|鐘)()"), (60, 0, 30)),
    (re.compile(rf"({_N}){_HOUR}半()"), (60, 0, 30)),
    (re.compile(rf"({_N}){_HOUR}\s*[又零,]?\s*({_N}){_MINUTE}"), (60, 1, 0)),
    (re.compile(r"(?<![一二兩三四五六七八九十\d])()個半(?:小時|鐘頭)()"), (0, 0, 90)),
    (re.compile(r"()半\s*個?\s*(?:小時|鐘頭|鐘)()"), (0, 0, 30)),
    (re.compile(rf"({_N}){_HOUR}()"), (60, 0, 0)),
    (re.compile(rf"({_N}){_MINUTE}()"), (1, 0, 0)),
    (re.compile(r"([一三])刻鐘()"), (15, 0, 0)),
    (re.compile(rf"時數\s*(?:[:=]|是|為|共|計)*\s*({_N})()(?![^\S\n]*[節人月/:點.]|\d)"), (60, 0, 0)),
    (re.compile(rf"(?<=[共計])\s*({_N})\s*時(?![間段數候\d])()"), (60, 0, 0)),
)
_BREAK_BEFORE = re.compile(
    r"(?:休息|午休|用餐|午餐|(?:扣掉?|扣除|減掉?|減去|不含|不算)(?:中午|午間|午休|午餐|休息|用餐)*)(?:時間)?\s*(?:各|約|大約|共|了)?\s*\Z"
)
_BREAK_AFTER = re.compile(r"\s*(?:的)?(?:中場|中間|午間)?(?:休息|午休|用餐|午餐)")
_ASIDE_BEFORE = re.compile(
    r"(?:遲到|提早|提前|晚|晚了|晚到|延後|延遲|遲|每[人組位校][\u4e00-\u9fff]{0,4}|前|後|先|再|其中|最後|車程|通勤|交通|路程|開車|單程|來回)\s*(?:各|約|了|大約)?\s*\Z"
)
_TOTAL_BEFORE = re.compile(
    r"(?:共|(?<!預)計|總計|合計|總共|一共|共計|實際|實計|實際上?[^,。\d]{0,4}|總時數|total)\s*(?:是|為|[:=])?\s*(?:約|大約)?\s*\Z"
)
_EACH_BEFORE = re.compile(r"(?:每|一|1|各|每一)\s*節課?\s*(?:是|為|各|以|[(:])?\s*\Z")
_MINUS_BEFORE = re.compile(r"(?<![\d:點半分整])\s*(?:-|負)\s*\Z")
_LESSONS = re.compile(rf"(?<![第每各\d])(?<!每一)({_N})\s*(?:節課?|堂課|堂)")
_NAMED_LESSONS = re.compile(rf"第\s*({_N})\s*節?(?:課)?(?:\s*([-~到至、,和及與跟])\s*第?\s*({_N})\s*)?節?課?")
_LESSON_WORD = re.compile(rf"第\s*{_N}(?:\s*節?\s*[-~到至、,和及與跟]\s*第?\s*{_N})?\s*節")

_EXPECTED_BEFORE = re.compile(r"(?:預計|預定|原定|原訂|原本|本來)(?:是|開|要|排|訂|說|想|打算|只有?)*\s*\Z")
_CAME_OUT = re.compile(r"實際|結果|最後|只開")
_LONGEST_BREAK = 120
"""Minutes: in 「扣除午休6小時」 the six hours are what is left."""

Role = Literal["", "total", "break", "aside", "vague", "lesson", "bad"]


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as the text states it."""

    minutes: int | None
    span: tuple[int, int]
    role: Role = ""
    """"" plain; total (共…); break; aside (遲到10分鐘); vague; lesson, whose minutes are unsaid; bad (negative)."""
    about: bool = False


def find_lengths(folded: str) -> list[Length]:
    """Every length in a folded text, in order. Lessons whose minutes are said are plain lengths."""
    left, found = folded, list[Length]()
    for match in _VAGUE.finditer(folded):
        found.append(Length(None, match.span(), "vague"))
        left = _blank(left, match.span())
    for pattern, scale in _EXACT:
        for match in pattern.finditer(left):
            if "\0" in match[0]:
                continue
            found.append(_length(left, match, scale))
            left = _blank(left, match.span())
    return sorted(_with_lessons(folded, left, found), key=lambda length: length.span)


_SPELLED = re.compile(
    r"(?:時長|時數|長度|歷時|為時|總計|共計|合計|共)\s*[:=]?\s*(\d{1,2})[:時]([0-5]\d)分?(?!\d|\s*[-~到至:])"
    r"|(?<![\d:])(\d{1,2}):([0-5]\d)\s*(?:個?小時|hours?|hrs?)"
)


def find_spelled(folded: str) -> list[Length]:
    """Lengths that look like a time of the clock: 時長 2:30, 1:30小時."""
    found = []
    for match in _SPELLED.finditer(folded):
        hours, minutes = match[1] or match[3], match[2] or match[4]
        found.append(Length(int(hours) * 60 + int(minutes), match.span(), "total"))
    return found


_MOVED_BEFORE = re.compile(r"(?:提[早前]|延[後長遲]|晚|早|遲)了?\s*(?:約|大約)?\s*\Z")
_MOVED_BEHIND = re.compile(r"\s*(?:才|就)?(?:結束|開始|開場|下課|散會|收工)")
_PLUS = re.compile(r"\s*[+加和與及跟]\s*")
_HALVES = re.compile(r"上午|早上|下午|晚上|第[一二三四1-4]|[前後]半")
_EACH_TIME = re.compile(r"每\s*(?:一)?\s*[場次回梯]|各")
_TIMES = re.compile(
    r"(?<![第每半這那上下前])(?:[2-9]|[兩二三四五六七八九])\s*(?:場(?!地|次?主)|次|回(?!饋|家|校|答|覆)|梯)"
)
"""More than one time."""
_TIMES_BEHIND = re.compile(r"[,、\s]*(?:共\s*(?:[2-9]|[兩二三四五六七八九])\s*[場次]|[x*×]\s*[2-9兩二三四五])")
"""「2小時共3次」."""


def add_up(folded: str, lengths: list[Length]) -> bool:
    """Whether there is more than the one length that is said: 「上午1小時、下午1小時」, 「2小時共3次」."""
    if any(length.role == "total" for length in lengths):
        return False
    plain = [length for length in lengths if length.role == "" and length.minutes]
    for first, second in pairwise(plain):
        between = folded[first.span[1] : second.span[0]]
        if _PLUS.fullmatch(between) or (_HALVES.search(between) and _HALVES.search(folded, 0, first.span[0])):
            return True
    return bool(plain) and bool(_TIMES_BEHIND.match(folded, plain[-1].span[1]))


def is_moved(folded: str, lengths: list[Length]) -> bool:
    """Whether it began or ended by some length before or after its time: 「晚半小時開始」."""
    return any(
        _MOVED_BEFORE.search(folded, max(0, length.span[0] - 4), length.span[0])
        and _MOVED_BEHIND.match(folded, length.span[1])
        for length in lengths
    )


def are_several(folded: str, *, ranges: int) -> bool:
    """Whether it was held more than once: 「兩場，每場1小時」, or as many `ranges` of the clock as times."""
    return bool(_TIMES.search(folded)) and (ranges > 1 or bool(_EACH_TIME.search(folded)))


def _blank(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + "\0" * (span[1] - span[0]) + text[span[1] :]


def _length(text: str, match: re.Match[str], scale: tuple[int, int, int]) -> Length:
    first, second = (amount(group) if group else None for group in match.groups())
    if (match[1] and first is None) or (match[2] and second is None):
        return Length(None, match.span(), "vague")
    minutes = round((first or 0) * scale[0] + (second or 0) * scale[1] + scale[2])
    before = text[max(0, match.start() - 12) : match.start()]
    role: Role = ""
    if _MINUS_BEFORE.search(before):
        role = "bad"
    elif minutes <= _LONGEST_BREAK and (_BREAK_BEFORE.search(before) or _BREAK_AFTER.match(text, match.end())):
        role = "break"
    elif _TOTAL_BEFORE.search(before) or match[0].startswith("時數"):
        role = "total"
    elif _ASIDE_BEFORE.search(before) or (_EXPECTED_BEFORE.search(before) and _CAME_OUT.search(text)):
        role = "aside"
    about = bool(re.search(r"(?:約|大約|將近|快|差不多|近)\s*\Z", before)) or text.startswith("左右", match.end())
    return Length(minutes, match.span(), role, about)


def _with_lessons(folded: str, left: str, found: list[Length]) -> list[Length]:
    """Lessons become a length where their minutes are said, and a length that must be asked for where not."""
    count, span = _count_lessons(left)
    if not count:
        return found
    plain = [length for length in found if length.role in ("", "total")]
    each = next((length for length in plain if _EACH_BEFORE.search(folded[: length.span[0]])), None)
    if each and each.minutes is not None:
        others = [length for length in found if length is not each]
        if any(length.role in ("", "total") for length in others):
            return others
        return [*others, Length(each.minutes * count, (min(span[0], each.span[0]), max(span[1], each.span[1])))]
    unclear = count > 1 and len(plain) == 1 and plain[0].role == "" and (plain[0].minutes or 0) <= 50
    if plain and not unclear:
        return found
    return [*(length for length in found if length not in plain), Length(None, span, "lesson")]


def _count_lessons(text: str) -> tuple[int, tuple[int, int]]:
    named = _LESSON_WORD.search(text)
    if named:
        match = _NAMED_LESSONS.match(text, named.start())
        assert match
        first, last = amount(match[1]), amount(match[3]) if match[3] else None
        if first is None or last is None:
            return 1, named.span()
        run = match[2] in "-~到至"
        return max(1, int(last - first) + 1) if run else 2, named.span()
    plain = _LESSONS.search(text)
    count = amount(plain[1]) if plain else None
    if plain is None or count is None:
        single = re.search(r"(?:一|1)\s*節課?", text)
        return (1, single.span()) if single else (0, (0, 0))
    return max(1, int(count)) if count.denominator == 1 else 1, plain.span()
