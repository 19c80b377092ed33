"""Clock times and ranges in a line: 下午兩點到四點, 14:00-16:00, 1400-1600, 2-4pm, 九點開始.

Works on folded text in which days are blanked out with `\\0`. How a time without 上午 or 下午 is read is decided here,
once: 1 to 6 o'clock is the afternoon, the end of a range inherits the period of its start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.spoken import hour_words
from knowledge.spoken.amounts import amount

_PERIOD = "|".join(re.escape(word) for word in sorted(hour_words.PERIODS, key=len, reverse=True))
_CN_HOUR = r"(?:二十[一二三四]?|十[一二三四五六七八九]?|[一二兩三四五六七八九零])"
_CN_MINUTE = r"(?:[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九]|[一二三四五六七八九](?=\s?分))"
_NO_CLOCK = (
    r"(?!建議|心得|結論|意見|共識|議題|提醒|提案|事項|子|燈|名|評|選|收穫|想法|觀察|注意|要求|疑問|之|看法|理由|原因)"
)
_NOT_UNIT = (
    r"(?!\d|\.\d|:\d|\s*(?:個|小時|hr|h(?![a-z])|人|位|名|師|校|節|堂|場|次|分鐘|min|天|週|年|月|日|號|/|萬|元"
    r"|班|組|頁|樓|f(?![a-z])|件|項|份|%))"
)
_ATOM = re.compile(
    rf"(?:(?<![提最])(?P<period>{_PERIOD})\s*的?\s*)?(?:"
    r"(?<!\d)(?<!\d:)(?P<colon_hour>\d{1,2})\s?[:;]{1,2}\s?(?P<colon_minute>\d{2})(?::\d{2})?(?!\d)"
    rf"|(?<!\d)(?<!\d[.:])(?P<point_hour>\d{{1,2}}|{_CN_HOUR})\s?(?:點鐘?(?!五個?小時)|時(?!數|段|間|程|候|代|常|事|刻|光|薪))\s?(?:整|正(?!式)|(?P<half>半)|(?P<quarter>[一三])刻|(?P<point_minute>\d{{2}}|\d(?=\s?分)|{_CN_MINUTE})\s?分?(?![\d十鐘個]|\s*(?:位|人|名|師|個|小時|節|校|點))|{_NO_CLOCK}(?!半|[一三]刻))"
    r"|(?<!\d)(?<!\d[./:])(?P<compact>(?:[01]?\d|2[0-3])[0-5]\d)(?![\d:.])"
    r"|(?<![\d./第])(?<!\d:)(?P<dot_hour>\d{1,2})\.(?P<dot_minute>[0-5]\d)(?!\d|\s*(?:小時|hr|h(?![a-z])|個|節|分|萬|元))"
    rf"|(?<!\d:)(?<!\d/)(?<![\d.第零一二兩三四五六七八九十幾])(?!一[半起直些同下路樣致定般邊共律向切旁再])(?P<bare>\d{{1,2}}|{_CN_HOUR}){_NOT_UNIT}"
    r")(?:\s?(?P<late>am|pm|a\.m\.|p\.m\.)(?![a-z]))?"
)
_LOOSE_PERIOD = re.compile(r"晚上|晚間|(?<=\0)晚|下午|午後|傍晚|上午|早上")
_TO = re.compile(
    r"\s*(?:整|\)|\])?\s*(?:開始|起|開會|開|一路|一直|進行|上課|上|聊|討論|共備|輔導|研習|開講|講|做|忙|,)*\s*(?:-+>?|~+|到|至|→|>|to|迄)\s*(?:了|隔天)?[\s\0]*"
)
_AND = re.compile(r"\s*[、,和及與跟&+/;]?\s*")
_TIME_FOLLOWS = re.compile(
    r"\0[ (]*\Z|時間:?[ (]*\Z|(?:會|會議|社群|工作坊|研習|共備|輔導|諮詢|觀課|授課|演示|活動) \Z"
)
_APART = " ,。;\n\0)"
_DAY = 24 * 60

Trouble = Literal["", "impossible", "end_before_start", "ambiguous", "several"]


@dataclass(frozen=True, slots=True)
class _Atom:
    """One time of the clock as it is written."""

    period: str
    hour: int
    minute: int
    form: str
    padded: bool
    span: tuple[int, int]
    late: bool = False
    """The period stands behind it (2-4pm), and so belongs to the whole range."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A start, an end, or both, in minutes after midnight."""

    start: int | None
    end: int | None
    span: tuple[int, int]
    trouble: Trouble = ""
    apart: tuple[tuple[int, int], ...] = ()
    """Where the start and the end stand, if other words part them."""

    @property
    def minutes(self) -> int | None:
        """Its length, where both ends are known and in order."""
        if self.start is None or self.end is None or self.end <= self.start:
            return None
        return self.end - self.start


def find_stretches(text: str, *, day_known: bool) -> list[Stretch]:
    """Every time and range of times in a folded text, in order.

    `day_known`: a day stands elsewhere, so four digits alone may be a clock (「11/18 1400 …」).
    """
    atoms = [_in_loose_period(text, atom) for match in _ATOM.finditer(text) if (atom := _atom(match))]
    found, index = list[Stretch](), 0
    while index < len(atoms):
        first = atoms[index]
        second = atoms[index + 1] if index + 1 < len(atoms) else None
        if second and _joined(
            text, first, second, behind=bool(found) and bool(_AND.fullmatch(text, found[-1].span[1], first.span[0]))
        ):
            found.append(_range(_in_period_behind(text, first, second), second))
            index += 2
        else:
            if _stands_alone(text, first, day_known):
                found.append(_single(text, first))
            index += 1
    found = [_loosened(text, stretch) for stretch in found]
    held = [stretch for stretch in found if not hour_words.is_arrival(text, stretch.span)]
    began = any(stretch.start is not None for stretch in held)
    return start_and_end(held if began or not held else found)


def _loosened(text: str, stretch: Stretch) -> Stretch:
    """Without the time that is only loosely meant, the last one of the stretch."""
    if hour_words.is_one_of_two(text, stretch.span):
        return replace(stretch, end=None, trouble="ambiguous")
    if stretch.trouble or not hour_words.is_loose(text, stretch.span):
        return stretch
    return replace(stretch, start=stretch.start if stretch.minutes else None, end=None)


def _atom(match: re.Match[str]) -> _Atom | None:
    part = match.groupdict()
    said = part["period"] or part["late"] or ""
    period = hour_words.PERIODS.get(said, "")
    late = bool(part["late"] and not part["period"])
    padded, minute = False, 0
    if part["colon_hour"]:
        hour, minute, form = int(part["colon_hour"]), int(part["colon_minute"]), "colon"
        padded = part["colon_hour"].startswith("0")
    elif part["point_hour"]:
        hour, form = _int(part["point_hour"]), "point"
        minute = 30 if part["half"] else 15 * _int(part["quarter"] or "零") or _int(part["point_minute"] or "零")
    elif part["compact"]:
        hour, minute, form = int(part["compact"][:-2]), int(part["compact"][-2:]), "compact"
        padded = part["compact"].startswith("0")
    elif part["dot_hour"]:
        hour, minute, form = int(part["dot_hour"]), int(part["dot_minute"]), "dot"
    else:
        hour, form = _int(part["bare"]), "bare"
    return _Atom(period, hour, minute, form, padded, match.span(), late)


def _in_loose_period(text: str, atom: _Atom) -> _Atom:
    """「昨晚社群 7:00」: a period that stands apart before the time counts for it too."""
    apart = [match[0] for match in _LOOSE_PERIOD.finditer(text, 0, atom.span[0])]
    if atom.period or not apart or atom.hour > 12 or atom.padded:
        return atom
    period = hour_words.PERIODS[apart[-1]]
    fits = {"evening": 5 <= atom.hour <= 11, "pm": 1 <= atom.hour <= 11, "am": atom.hour >= 7}
    forms = ("colon", "point", "bare") if period == "evening" else ("colon", "point")
    return replace(atom, period=period) if fits.get(period) and atom.form in forms else atom


def _in_period_behind(text: str, first: _Atom, second: _Atom) -> _Atom:
    """「8點半到10點 晚上」."""
    named = first.period or second.period or first.padded
    fits = not named and 5 <= first.hour < second.hour <= 12 and hour_words.is_evening_behind(text, second.span[1])
    return replace(first, period="evening") if fits else first


def _int(said: str) -> int:
    return int(amount(said) or 0)


def _joined(text: str, first: _Atom, second: _Atom, *, behind: bool) -> bool:
    """Whether two times are the ends of one range. `behind`: they stand right behind another time."""
    forms = {first.form, second.form}
    if not _TO.fullmatch(text, first.span[1], second.span[0]):
        in_order = (first.hour, first.minute) < (second.hour, second.minute)
        return forms == {"colon"} and in_order and hour_words.are_columns(text, first.span, second.span)
    if "compact" in forms or "dot" in forms:
        return len(forms) == 1 or forms <= {"compact", "colon", "point"}
    if first.form != "bare":
        return second.form != "bare" or first.form in ("colon", "point")
    if second.form != "bare":
        return True
    if not (text[first.span[0] : first.span[1]] + text[second.span[0] : second.span[1]]).isascii() and not first.period:
        return False  # 「三到五」 alone is no time
    return bool(first.period or second.period) or behind or _where_times_stand(text, first, second)


def _where_times_stand(text: str, first: _Atom, second: _Atom) -> bool:
    """Two bare numbers are hours only right behind a day or 時間:, or behind a kind and a blank."""
    before = text[max(0, first.span[0] - 12) : first.span[0]]
    before += " " if first.hour > 12 and before[-1:] != " " else ""  # 「社群14-16」
    if not (first.hour <= 24 and second.hour <= 24 and first.hour != second.hour):
        return False
    return bool(_TIME_FOLLOWS.search(before)) and (
        before[-1:] != " " or text[second.span[1] : second.span[1] + 1] in _APART
    )


def _stands_alone(text: str, atom: _Atom, day_known: bool) -> bool:
    if atom.form in ("colon", "point"):
        before = text[max(0, atom.span[0] - 3) : atom.span[0]]
        if atom.form == "point" and not atom.minute and not atom.period and hour_words.counts(before):
            return False
        return not (
            atom.form == "point" and re.match(r"[早晚]一點(?![\d半\-~到至鐘整])", text[atom.span[0] : atom.span[1] + 1])
        )
    if atom.form == "compact":
        tail = text[atom.span[1] : atom.span[1] + 1]
        return (
            day_known
            and atom.minute % 5 == 0
            and (atom.padded or atom.hour >= 7)
            and (not tail or tail in " \0,開起")
            and not hour_words.is_sum(text, atom.span[1])
        )
    return atom.form == "bare" and (atom.late or (bool(atom.period) and hour_words.starts(text, atom.span[1])))


def _single(text: str, atom: _Atom) -> Stretch:
    ends = hour_words.ends(text, atom.span)
    at, trouble = _at(atom, atom.period or _assumed(atom))
    return Stretch(None, at, atom.span, trouble) if ends else Stretch(at, None, atom.span, trouble)


def start_and_end(found: list[Stretch]) -> list[Stretch]:
    """「兩點開始，四點結束」: a lone start and a lone end that follows are one range."""
    if len(found) != 2:
        return found
    first, last = found if found[0].start is not None else reversed(found)
    if first.end is not None or last.start is not None or first.start is None or last.end is None:
        return found
    end = last.end + 720 if last.end <= first.start and last.end + 720 < _DAY else last.end
    trouble: Trouble = first.trouble or last.trouble or ("" if end > first.start else "end_before_start")
    places = (found[0].span, found[1].span)
    return [Stretch(first.start, end, (places[0][0], places[1][1]), trouble, places)]


def _assumed(atom: _Atom) -> str:
    """Work at 1 to 6 o'clock is in the afternoon where nothing is said."""
    return "pm" if 1 <= atom.hour <= 6 else ""


def _range(first: _Atom, second: _Atom) -> Stretch:
    span = (first.span[0], second.span[1])
    period = first.period or _period_from_behind(first, second) or _assumed(first)
    start, trouble = _at(first, period)
    end, trouble_of_end = _end(first, second, start, period)
    if trouble or trouble_of_end == "impossible":
        return Stretch(start, None, span, trouble or trouble_of_end)
    if not first.period and second.period == "evening" and 7 <= first.hour <= 11 and not second.late:
        doubt = end is not None and start is not None and start + 720 < end
        if doubt:
            return Stretch(start, None, span, "ambiguous")
    if start is None or end is None or end <= start:
        return Stretch(start, None, span, "end_before_start")
    return Stretch(start, end, span)


def _period_from_behind(first: _Atom, second: _Atom) -> str:
    """2-4pm is all in the afternoon, 9-4pm is not."""
    if not second.late or first.hour > 12:
        return ""
    whole = _at(first, second.period)[0]
    end = _at(second, second.period)[0]
    return second.period if whole is not None and end is not None and whole < end else ""


def _end(first: _Atom, second: _Atom, start: int | None, period: str) -> tuple[int | None, Trouble]:
    if second.hour > 24 or second.minute > 59:
        return None, "impossible"
    if second.period:
        return _at(second, second.period)
    if start is None:
        return None, ""
    if second.hour > 12 or second.padded or not period:
        end: int | None = second.hour * 60 + second.minute
        if second.padded and period == "pm" and first.padded:
            end = _at(second, period)[0]
    else:
        end, trouble = _at(second, period)
        end = None if trouble else end
    late = 1 <= second.hour <= 6 and not (second.padded and not first.padded and first.form == second.form)
    if (end is None or end <= start) and late and _may_turn(first, period):
        end = (second.hour + 12) * 60 + second.minute
    return end, ""


def _may_turn(first: _Atom, period: str) -> bool:
    """A range may run past noon unless its start is in the afternoon already by name."""
    return period in ("am", "noon", "") or first.hour > 12


def _at(atom: _Atom, period: str) -> tuple[int | None, Trouble]:
    """Minutes after midnight of a time in a period of the day."""
    hour = atom.hour
    if hour > 24 or atom.minute > 59 or (hour == 24 and atom.minute):
        return None, "impossible"
    if period == "am":
        ok, hour = hour <= 12, hour
    elif period == "noon":
        ok, hour = hour in (10, 11, 12, 13, 14, 1, 2, 3), hour + 12 if hour <= 3 else hour
    elif period == "pm":
        ok, hour = 1 <= hour <= 23, hour + 12 if hour < 12 else hour
    elif period == "evening":
        ok, hour = hour >= 5, hour + 12 if hour <= 12 else hour
    else:
        ok = True
    at = hour * 60 + atom.minute
    return (at, "") if ok and at <= _DAY else (None, "impossible")
