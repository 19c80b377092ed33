"""Figures in a text (amounts, counts, shares, days), for holding an answer against its source.

百分之五十 is 50%, 二分之一 and 一半 are 1/2, 十五小時 is 15 hours, 300,000 元 is 30 萬元, 兩 is 2,
乙紙 is one sheet, a bare 萬元 is 10,000. ①② number a list and are no figures. A unit has a family
(校, 所, 間 count the same thing); a unit that is not in the table fits every family.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

ROC = 1911
"""Years between the Republic's count and the common one."""

_FAMILIES = {
    "元": "元|塊",
    "校": "校|所|間",
    "人": "人|位|名",
    "次": "次|場次|場|梯次|梯|回",
    "日": "日|天",
    "時": "小時|鐘頭|時",
    "月": "個月|月",
    "週": "週|周|星期",
    "節": "節|堂",
    "年": "學年度|學年|年度|年|世紀",
    "學期": "學期",
    "學分": "學分",
    "班": "個班級|個班|班",
    "頁": "頁",
    "縣市": "縣市|個縣市",
    "公分": "公分",
    "分鐘": "分鐘|分",
}
_FAMILY = {unit: family for family, units in _FAMILIES.items() for unit in units.split("|")}
_UNIT = "|".join(sorted(_FAMILY, key=len, reverse=True))
_SCALES = {"": 1, "千": 1_000, "萬": 10_000, "億": 100_000_000}

_CN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "兩": 2}
_CN_PLACES = {"十": 10, "百": 100, "千": 1_000}
_CN_ALL = "".join((*_CN_DIGITS, *_CN_PLACES))
_CN = f"[{_CN_ALL}]+"
_CN_ANY = re.compile(rf"(?<!\d)({_CN})")
_CN_STATED = re.compile(rf"(?<!\d)({_CN})(?=萬|元|個月|小時|{'|'.join('所校位名人次場節門件份班週頁')}|%)")
"""Chinese numerals that state a figure; in 「一般」 or 「統一」 they do not."""

_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_TO = r"(?:至|到|~|-|–|—|或|、)"
_URL = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+")
_DAY = re.compile(r"(?:(?<!\d)(\d{2,4})年)?(?<!\d)(\d{1,2})月(\d{1,2})日")
_MONTH = re.compile(r"(?:(?<!\d)(\d{2,4})年)(\d{1,2})月(?!\d)")
_SHARE = re.compile(rf"({_NUMBER})(?={_TO}({_NUMBER})%)|({_NUMBER})%")
_FRACTION = re.compile(r"(?<!\d)(\d+)/(\d+)(?!\d)")
_COUNT = re.compile(
    rf"(?<![A-Za-z0-9.,])({_NUMBER})(?:{_TO}(?={_NUMBER}(千|萬|億)?(?:多|餘)?({_UNIT})?)|(千|萬|億)?(?:多|餘)?({_UNIT})?)"
)
_WEEKDAY = re.compile(rf"({_DAY.pattern})\((?:星期|週|周)?([一二三四五六日天])\)")
_YEAR = re.compile(r"(?<!\d)(\d{2,4})(?=年)")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Figure:
    """A number with the family of its unit; empty where the unit is none of ours."""

    value: Fraction
    family: str
    text: str = ""
    """As it was written, for messages."""


@dataclass(frozen=True)
class Day:
    """A day, or a month where `day` is 0; `year` is the Republic's, 0 where the text leaves it out."""

    year: int
    month: int
    day: int
    text: str = ""

    def weekday(self) -> str | None:
        """One of 一 to 日; None for a day that does not exist."""
        try:
            return _WEEKDAYS[date(self.year + ROC, self.month, self.day).weekday()]
        except ValueError:
            return None


@dataclass(frozen=True)
class Figures:
    """All figures of a text."""

    counts: frozenset[Figure]
    days: frozenset[Day]

    def hold(self, other: Figure) -> bool:
        """Whether the figure stands here, in a unit of its family."""
        return any(
            mine.value == other.value and (mine.family == other.family or not mine.family or not other.family)
            for mine in self.counts
        )

    def hold_day(self, other: Day, years: Iterable[int]) -> bool:
        """Whether the day stands here; a day without a year takes any of the `years` around it."""
        for mine in self.days:
            if mine.month == other.month and other.day in (0, mine.day):
                known = {mine.year} if mine.year else {*years}
                if not other.year or other.year in known:
                    return True
        return False

    @property
    def years(self) -> set[int]:
        """Years of the Republic that the text names."""
        return {int(c.value) for c in self.counts if c.family == "年"} | {d.year for d in self.days if d.year}


def in_source(text: str) -> Figures:
    """Figures of a source; every Chinese numeral counts, since one too many does no harm there."""
    text = _spell_shares(_plain(text))
    text = re.sub("乙(?=[紙張份式])", "1", text)
    text = re.sub(rf"(?<![\d〇○多{_CN_ALL}])萬元", "1萬元", text)
    return _figures(text, _CN_ANY)


def in_answer(text: str) -> Figures:
    """Figures that an answer states; a 一 is left alone, it is in every sentence."""
    return _figures(_spell_shares(_plain(text)), _CN_STATED)


def weekdays(text: str) -> list[tuple[Day, str]]:
    """Days that are followed by a weekday in parentheses, with the weekday: 一 to 日.

    A day without a year has that of the day before it, as in 「105年9月到10月14日（星期五）」.
    """
    text, found = _plain(text), []
    for match in _WEEKDAY.finditer(text):
        years = _YEAR.findall(text[: match.start(3)])
        found.append((_day(years[-1] if years else None, match[3], match[4], match[1]), match[5].replace("天", "日")))
    return found


def _plain(text: str) -> str:
    text = re.sub("[①-⑳]", ";", text)
    text = _URL.sub(" ", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text)


def _spell_shares(text: str) -> str:
    text = re.sub(rf"百分之({_CN}|\d+)", lambda m: f"{_digits(m[1])}%", text)
    text = re.sub(rf"({_CN}|\d+)分之({_CN}|\d+)", lambda m: f"{_digits(m[2])}/{_digits(m[1])}", text)
    return text.replace("一半", "1/2").replace("減半", "減")


def _figures(text: str, numerals: re.Pattern[str]) -> Figures:
    text = numerals.sub(lambda m: m[1] if m[1] == "一" and numerals is _CN_STATED else str(_digits(m[1])), text)
    days = [_day(m[1], m[2], m[3], m[0]) for m in _DAY.finditer(text)]
    days += [_day(m[1], m[2], "0", m[0]) for m in _MONTH.finditer(text)]
    counts = [Figure(Fraction(day.day), "日") for day in days] + [Figure(Fraction(day.month), "月") for day in days]
    rest = _MONTH.sub(" ", _DAY.sub(" ", text))
    counts += [Figure(_number(m[1] or m[3]), "%", f"{m[1] or m[3]}%") for m in _SHARE.finditer(rest)]
    rest = re.sub(rf"{_NUMBER}(?:{_TO}{_NUMBER})?%", " ", rest)
    counts += [Figure(Fraction(int(m[1]), int(m[2])), "", m[0]) for m in _FRACTION.finditer(rest) if int(m[2])]
    rest = _FRACTION.sub(" ", rest)
    counts += [_count(m) for m in _COUNT.finditer(rest)]
    return Figures(frozenset(counts), frozenset(days))


def _count(found: re.Match[str]) -> Figure:
    scale, unit = found[2] or found[4] or "", found[3] or found[5] or ""
    family = _FAMILY.get(unit, "元" if scale else "")
    return Figure(_number(found[1]) * _SCALES[scale], family, f"{found[1]}{scale}{unit}")


def _day(year: str | None, month: str, day: str, text: str) -> Day:
    number = int(year or 0)
    return Day(number - ROC if number > ROC else number, int(month), int(day), text)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def _digits(text: str) -> int:
    """Chinese or Arabic digits to a number: 十五 is 15, 一〇五 is 105."""
    if text.isascii():
        return int(text)
    if not set(text) & set(_CN_PLACES):
        return int("".join(str(_CN_DIGITS[digit]) for digit in text))
    total, digit = 0, -1
    for character in text:
        if character in _CN_DIGITS:
            digit = _CN_DIGITS[character]
        else:
            total += (1 if digit < 0 else digit) * _CN_PLACES[character]
            digit = -1
    return total + max(digit, 0)
