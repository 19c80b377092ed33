"""The day that a text names, in any form in which Taiwanese teachers write one.

`read_day` gives one reading of a whole text; `find_days` every mention with its place.
A day that can't be, or that one can't be sure of, comes with a `problem`, and at most a best guess.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from knowledge.spoken import day_forms, letters
from knowledge.spoken.model import DayReading, Lean

FARTHEST = timedelta(days=1_100)
"""Days further from now than this are doubted: nobody logs them, and a slip of the year is likelier."""

_TAIL = re.compile(
    r"\s*(?:[(\[]\s*(?:週|星期|禮拜)?\s*([一二三四五六日天㈠㈡㈢㈣㈤㈥])\s*[)\]]|(?:週|星期|禮拜)([一二三四五六日天])|[(\[]?(mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?[)\]]?(?![a-z]))"
)
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CIRCLED = dict(zip("㈠㈡㈢㈣㈤㈥", day_forms.WEEKDAYS, strict=False))
_EITHER = re.compile(
    r"\s*(?:或者?是?|還是|or|/)\s*(?:\d{1,2}(?![\d:.]|\s*(?:個|小時|h|人|位|名|點|節|分|min|[-~]))|[一二三四五六日天](?![點時位人名個節次小半十場組年級科班些起同群\d/月]|校(?!內))|\Z)"
)
_OR = re.compile(r"或|還是|不然就是|\?|不確定|忘記?了?是")
_AND_MORE = re.compile(
    r"\s*(?:[、,和及與跟]\s*(?:\d{1,2}(?:日|號)?(?!\s*[-~到至]\s*\d{1,2}\s?[點時:])(?!\s*[\d:點時./人位名節小個分年月校班場樓次組份件萬元歲桌堂天a-z%])|[一二三四五六日](?=\s|[、,]|\Z|各|下午|上午|晚|早))"
    r"|[-~至到]\s*(?:\d{1,2}(?:日|號)?(?![\d:點時./小個節])(?!\s*(?:點|時|小時|個|節|人))|[週星]期?[一二三四五六日]))"
)

_AND_WEEKDAY = re.compile(r"[、和及與跟][一二三四五六日](?![點時位人名個節次小半十場組年級科班些起同群\d/月]|校(?!內))")
_RANGE_BEFORE, _RANGE_BEHIND = re.compile(r"\d\s*[-~到至]\s*\Z"), re.compile(r"\s*[-~到至]\s*\d")
_FAR_APART = re.compile(r".{11,}|(?=.*[,。;\n]).{5,}", re.DOTALL)
"""What stands between a date and a weekday that are two days rather than one said twice."""
_JOINED = re.compile(r"\s*(?:[和跟及與]|還有)\s*")
_JOINS_BEFORE = re.compile(r"\0\s*(?:[、和跟及與]|還有)\s*\Z")
_JOINS_BEHIND = re.compile(r"\s*(?:[、和跟及與]|還有)\s*\0")
_LOOSELY = re.compile(
    r"\s*(?:左右|前後|[之以][前後](?![半一二兩三四五六七八九\d])|那幾天|那陣子|前(?=社群|共備|輔導|諮詢|工作坊|研習|公開|觀課|校內|的|,|\s|\Z))"
)
"""「11/18左右」 is no day."""
_ASIDE_BEHIND = re.compile(
    r"\s*(?:[之以]?前(?![半一二兩三四五六七八九\d後])|[之以]?前(?=\d{0,2}:?\d{0,2}\s*[要須得請]?(?:繳|交|完成|上傳|回傳))"
    r"|(?:才|再|來)?(?:補登|補記|補報|登記|登錄|填寫|填報|補填)|(?:到期|截止))"
)
_ASIDE_BEFORE = re.compile(
    r"(?:期限|截止日?期?|最晚|最遲|deadline|due|原[訂定]|原本|本來|原先|補[開辦上做]|填寫日期|填表日期|登錄日期|列印日期)(?:是|為|在|於|的|:|\s)*\Z"
)
_NEXT_WEEKDAY = re.compile(r"[一二三四五六日](?![點時位人名個節校次小半十場組\d/月])")
"""「上週三四」 is two days, 「上週三四點」 is one."""


def read_day(text: str, now: datetime, lean: Lean = "past") -> DayReading:
    """The one day that a text names.

    `lean` says what a form without a year or week means: something done ("past"), something to come ("future"), or
    whatever is nearest to now. The day itself may still lie on the other side: 「明天」 is tomorrow whatever the lean.
    `problem` is "" where the day is sure; "none" where the text names no day.
    """
    return settle(letters.fold(text), find_days(text, now, lean), now)


def find_days(text: str, now: datetime, lean: Lean = "past") -> list[DayReading]:
    """Every day that a text names, in order of the text, exact ones and vague ones."""
    folded, places = letters.thin(letters.fold(text))
    found = [_with_neighbours(folded, mention) for mention in _mentions(folded, now.date(), lean)]
    return [replace(m, span=(places[m.span[0]], places[m.span[1] - 1] + 1)) for m in found]


def _mentions(folded: str, today: date, lean: Lean) -> list[DayReading]:
    """Every mention of a day; where forms overlap, the fuller one counts."""
    left, found, here = folded, list[DayReading](), day_forms.Today(today, lean)
    for name, pattern, read in day_forms.FORMS:
        for match in pattern.finditer(left):
            reading = read(match, here)
            if any(m.form != "now" for m in found) and _may_be_clock(left, match):
                continue
            if reading is None or left[match.start()] == "\0":
                continue
            mention = _with_weekday(left, DayReading(*reading, match.span(), name))
            start, end = mention.span
            left = left[:start] + "\0" * (end - start) + left[end:]
            found.append(mention)
            if name == "compact":
                break
    return sorted(found, key=lambda m: m.span)


def _may_be_clock(text: str, match: re.Match[str]) -> bool:
    """Whether digits are no second day but a time of the first: 「11/18 1030」, 「11/18 9.30-11.30」."""
    digits, (start, end) = match[0], match.span()
    if re.fullmatch(r"\d{1,2}\.\d{2}", digits):
        return bool(_RANGE_BEFORE.search(text[max(0, start - 3) : start]) or _RANGE_BEHIND.match(text, end))
    if re.fullmatch(r"\d{1,2}-\d{1,2}", digits):
        return True
    if not re.fullmatch(r"\d{4}", digits):
        return False
    hour, minute = divmod(int(digits), 100)
    joined = _JOINS_BEFORE.search(text[max(0, start - 3) : start]) or _JOINS_BEHIND.match(text, end)
    return not joined and 7 <= hour <= 22 and minute < 60 and minute % 5 == 0


def _with_weekday(text: str, found: DayReading) -> DayReading:
    """Takes in a weekday right behind a date, and holds the date against it."""
    tail = _TAIL.match(text, found.span[1]) if found.form not in ("now", "vague", "weekday", "week") else None
    if tail is None:
        return found
    said = tail[1] or tail[2] or day_forms.WEEKDAYS[_ENGLISH.index(tail[3])]
    index = day_forms.WEEKDAYS.index(_CIRCLED.get(said, said).replace("天", "日"))
    agrees = found.problem or (found.day is not None and found.day.weekday() == index)
    return DayReading(found.day, found.problem if agrees else "weekday", (found.span[0], tail.end()), found.form)


def held_on(folded: str, found: list[DayReading]) -> list[DayReading]:
    """The mentions that may be the day it was held: no deadline, no day of writing it down, not the one first meant.

    All of them, where nothing would be left.
    """
    held = [m for m in found if m.form == "now" or not _is_aside(folded, m)]
    return held if any(m.day and m.form != "now" for m in held) else found


def _is_aside(folded: str, found: DayReading) -> bool:
    before = folded[max(0, found.span[0] - 10) : found.span[0]]
    return bool(_ASIDE_BEHIND.match(folded, found.span[1]) or _ASIDE_BEFORE.search(before))


def settle(folded: str, found: list[DayReading], now: datetime) -> DayReading:
    """One reading out of several mentions: what agrees is one day, what does not is a problem."""
    exact = [m for m in found if m.problem != "vague" and m.form != "now"] or [m for m in found if m.form == "now"]
    if not exact:
        return found[0] if found else DayReading(None, "none", (0, 0))
    spoilt = next((m for m in exact if m.problem), None)
    if spoilt:
        return spoilt
    if any(m.problem == "vague" and m.form == "either" for m in found):
        return replace(exact[0], problem="vague")
    return _agreed(folded, exact, now)


def _agreed(folded: str, exact: list[DayReading], now: datetime) -> DayReading:
    named = [m for m in exact if m.form != "weekday"]
    chosen = named[0] if named else exact[0]
    assert chosen.day is not None
    joined = any(_JOINED.fullmatch(folded, a.span[1], b.span[0]) for a, b in pairwise(exact))
    joined = joined or any(_FAR_APART.fullmatch(folded, a.span[1], b.span[0]) for a, b in pairwise(exact))
    others = [m for m in exact if m.day != chosen.day and not _same_weekday(chosen, m, joined=joined)]
    if others:
        first, last = exact[0].span[1], exact[-1].span[0]
        if _OR.search(folded, first, last):
            return replace(chosen, problem="vague")
        forms = {m.form for m in (chosen, *others)}
        clash = len(forms) > 1 and len(named) <= 2
        return replace(chosen, problem="weekday" if clash else "several")
    if abs(chosen.day - now.date()) > FARTHEST:
        return replace(chosen, problem="far")
    return chosen


def _same_weekday(chosen: DayReading, other: DayReading, *, joined: bool) -> bool:
    """Whether a bare weekday beside a date says the same: which week it means is the date's to say.

    `joined`: an 和 stands between them, so they are two.
    """
    assert chosen.day is not None
    return (
        other.form == "weekday"
        and not joined
        and chosen.form != "weekday"
        and other.day is not None
        and chosen.day.weekday() == other.day.weekday()
    )


def _with_neighbours(folded: str, found: DayReading) -> DayReading:
    """The mention with what stands right behind it: 「18或19」, 「18、19」, 「18~19」 are not one day."""
    if found.problem or found.form in ("now", "vague"):
        return found
    if _EITHER.match(folded, found.span[1]):
        return replace(found, problem="vague", form="either")
    if _LOOSELY.match(folded, found.span[1]):
        return replace(found, problem="vague", form="either")
    week = found.form in ("week", "weekday")
    if _AND_MORE.match(folded, found.span[1]) or (
        week and (_NEXT_WEEKDAY.match(folded, found.span[1]) or _AND_WEEKDAY.match(folded, found.span[1]))
    ):
        return replace(found, problem="several")
    return found
