"""The forms of a day, each a pattern and what it means. Works on text that `letters.fold` has brought to one form."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.answering import numerals
from knowledge.spoken.model import Lean, Problem

_CN_DAY = (
    r"(?:三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_DAY = rf"(\d{{1,2}}|{_CN_DAY})"
_MONTH = r"(\d{1,2}|元|十[一二]?|[一二三四五六七八九])"
_YEAR = r"(\d{2,4}|[零〇一二三四五六七八九]{2,4}|一百(?:零|一?十)?[一二三四五六七八九]?)"
WEEKDAYS = "一二三四五六日"
"""Monday to Sunday."""
_NOT_DAY = r"(?!\d|\s*(?:個|小時|點|:|人|位|名|次|場|節|分(?![享區科組])|校(?![內長外務本慶園])|萬|元|年))"


@dataclass(frozen=True, slots=True)
class Today:
    """What a form is read against."""

    day: date
    lean: Lean


_Reading = tuple[date | None, Problem]
_Reader = Callable[["re.Match[str]", Today], "_Reading | None"]


def _number(said: str) -> int:
    return 1 if said == "元" else numerals.value(said) or 0


def _made(year: int, month: int, day: int) -> _Reading:
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "impossible"


def _full(match: re.Match[str], today: Today) -> _Reading | None:
    year = _number(match["year"])
    if match["roc"] or 100 <= year < 200:
        year += 1911
    elif year < 100:
        year += 2000
        if abs(year - today.day.year) > 1:
            return None, "far"
    if year < 1900:
        return None, "far"
    return _made(year, _number(match["month"]), _number(match["day"]))


def _said_year(match: re.Match[str], today: Today) -> _Reading:
    year = today.day.year + {"去": -1, "今": 0, "明": 1}[match[1]]
    return _made(year, _number(match[2]), _number(match[3]))


def _month_day(match: re.Match[str], today: Today) -> _Reading | None:
    month, day = _number(match[1]), _number(match[2])
    if "." in match[0] and (month > 12 or not day):
        return None  # 14.30 and 3.00 are clocks
    if (month, day) in _PARTS and match.string.startswith(_OF_PART, match.end()):
        return None  # 「1/2的教材」 is half of it
    return _nearest_year(month, day, today)


_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _english_month(match: re.Match[str], today: Today) -> _Reading:
    return _nearest_year(_ENGLISH.index(match[1]) + 1, int(match[2]), today)


_PARTS = {(1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5)}
_OF_PART = ("的教", "的課", "的進", "的內", "的時", "的學", "的人", "以上", "強")


def _nearest_year(month: int, day: int, today: Today) -> _Reading:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None, "impossible"
    years = (today.day.year + step for step in (-1, 0, 1))
    near = [date(year, month, min(day, calendar.monthrange(year, month)[1])) for year in years]
    if today.lean == "future":
        near = [there for there in near if there >= today.day]
    chosen = min(near, key=lambda there: abs(there - today.day))
    return _made(chosen.year, month, day)


def _month_step(today: date, step: int) -> tuple[int, int]:
    index = today.year * 12 + today.month - 1 + step
    return index // 12, index % 12 + 1


_STEPS = {"上上": -2, "上": -1, "這": 0, "本": 0, "當": 0, "今": 0, "下": 1, "下下": 2}


def _of_month(match: re.Match[str], today: Today) -> _Reading:
    return _made(*_month_step(today.day, _STEPS[match[1]]), _number(match[2]))


def _month_end(match: re.Match[str], today: Today) -> _Reading:
    if today.lean == "past":
        return None, "vague"
    if match[1] or not match[2]:
        year, month = _month_step(today.day, _STEPS[match[1] or "這"])
    else:
        month = _number(match[2])
        if not 1 <= month <= 12:
            return None, "impossible"
        year = today.day.year + (month < today.day.month and today.lean == "future")
    return date(year, month, calendar.monthrange(year, month)[1]), ""


def _compact(match: re.Match[str], today: Today) -> _Reading | None:
    digits = match[0]
    if len(digits) == 4:
        month, day = int(digits[:2]), int(digits[2:])
        return _nearest_year(month, day, today) if 1 <= month <= 12 and 1 <= day <= 31 else None
    year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    if len(digits) == 7:
        year += 1911
    return _made(year, month, day) if abs(year - today.day.year) < 30 and 1 <= month <= 12 else None


_RELATIVE = {
    **dict.fromkeys(("大前天", "大前日"), -3),
    **dict.fromkeys(("前天", "前日", "前"), -2),
    **dict.fromkeys(("昨天", "昨日", "昨兒", "昨"), -1),
    **dict.fromkeys(("今天", "今日", "今兒", "今"), 0),
    **dict.fromkeys(("明天", "明日", "明"), 1),
    **dict.fromkeys(("後天", "後日"), 2),
    **dict.fromkeys(("大後天", "大後日"), 3),
}


def _relative(match: re.Match[str], today: Today) -> _Reading:
    return today.day + timedelta(days=_RELATIVE[match[0]]), ""


def _days_away(match: re.Match[str], today: Today) -> _Reading:
    step = _number(match[1].replace("兩", "二"))
    return today.day + timedelta(days=step if match[2] == "後" else -step), ""


def _just_now(_: re.Match[str], today: Today) -> _Reading:
    return today.day, ""


def _weekday(said: str) -> int:
    return (_number(said) - 1) if said in "一二三四五六1234567" else 6


def _of_week(match: re.Match[str], today: Today) -> _Reading:
    monday = today.day - timedelta(days=today.day.weekday())
    return monday + timedelta(weeks=_STEPS[match[1]], days=_weekday(match[2])), ""


def _bare_weekday(match: re.Match[str], today: Today) -> _Reading:
    ahead = (_weekday(match[1]) - today.day.weekday()) % 7
    behind = (ahead - 7) % -7
    step = {"past": behind, "future": ahead, "nearest": min(behind, ahead, key=abs)}[today.lean]
    return today.day + timedelta(days=step), ""


def _day_of_month(match: re.Match[str], today: Today) -> _Reading:
    number = _number(match[1])
    months = (_month_step(today.day, step) for step in (-1, 0, 1))
    days = [day for year, month in months if (day := _made(year, month, number)[0])]
    if today.lean == "future":
        days = [day for day in days if day >= today.day]
    return (min(days, key=lambda day: abs(day - today.day)), "") if days else (None, "impossible")


def _vague(_: re.Match[str], __: Today) -> _Reading:
    return None, "vague"


_DASHED = r"(?:\A\W*|(?<![\d\-~./:])(?=0))(0?[1-9]|1[0-2])-([0-3]?\d)(?=[^\d\-~:].{0,20}?\d(?:[:\d]\d\d|點)\s?[-~到至])"
_WEEK = r"(?:一|個|一個)?\s*(?:禮拜|星期|週)"
FORMS: tuple[tuple[str, re.Pattern[str], _Reader], ...] = (
    (
        "date",
        re.compile(
            rf"(?P<roc>(?:中華)?民國|roc)?\s*(?:西元|公元)?\s*(?<![\d/.])(?P<year>{_YEAR})\s*年\s*(?P<month>{_MONTH})\s*月\s*(?P<day>{_DAY})\s*[日號]?"
        ),
        _full,
    ),
    (
        "date",
        re.compile(
            r"(?P<roc>(?:中華)?民國|roc)?\s*(?<![\d/.])(?<!\d:)(?P<year>\d{2,4})\s?([/.\-])\s?(?P<month>\d{1,2})\s?\3\s?(?P<day>\d{1,2})(?!\d|[/.]\d)"
        ),
        _full,
    ),
    ("date", re.compile(rf"([去今明])年\s*的?{_MONTH}\s*[月/]\s*{_DAY}\s*[日號]?"), _said_year),
    (
        "month_day",
        re.compile(rf"(上上|上|這|本|當|下下|(?<!一)下)(?:一個|個|一)?月(?:份)?的?\s*{_DAY}(?:\s*[日號]|{_NOT_DAY})"),
        _of_month,
    ),
    ("month_day", re.compile(rf"(?<![\d.]){_MONTH}\s*月(?:份)?\s*{_DAY}(?:\s*[日號]|{_NOT_DAY})"), _month_day),
    (
        "month_day",
        re.compile(
            r"(?<!出席)(?<!實到)(?<!實到 )(?<!出席 )(?<![\d/.第])(?<!\d:)(\d{1,2}) ?/{1,2} ?(\d{1,2})"
            r"(?:日|號)?(?![\d/]|\s*[人位名]|以上|強)"
        ),
        _month_day,
    ),
    (
        "month_day",
        re.compile(rf"(?<![a-z])({'|'.join(_ENGLISH)})[a-z]{{0,6}}\.?\s?(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"),
        _english_month,
    ),
    ("vague", re.compile(rf"(?:(上上|上|這|本|當|下下|下)(?:一個|個|一)?|{_MONTH})?月底(?!前)"), _month_end),
    (
        "now",
        re.compile(
            r"今[天日](?=\s*(?:要|想|來|才|再|先|我|突然|終於|忽然)*\s*(?:想到|想起|發現|記得|補登|補報|補記|補上|登記|登錄|記錄|回報))"
        ),
        _just_now,
    ),
    (
        "relative",
        re.compile(
            r"(?<!大)大前[天日]|(?<!大)大後[天日]|(?<![先大])前[天日]|(?<![天之以日週月年])前(?=晚)|昨[天日兒]|昨(?=[晚夜早上下午])|今[天日兒]|今(?=[晚早夜午])|明[天日]|明(?=[晚早午])|(?<![先大])後[天日]"
        ),
        _relative,
    ),
    ("relative", re.compile(r"(?<![\d.前])(\d{1,2}|[一二兩三四五六七八九十])\s*天(?:以|之)?([前後])"), _days_away),
    (
        "week",
        re.compile(
            rf"(?<![上下])(上上|上|這|本|下下|(?<!一)下){_WEEK}的?(?:禮拜|星期|週)?\s*([一二三四五六日天]|[1-7](?![\d:點時./]))"
        ),
        _of_week,
    ),
    (
        "weekday",
        re.compile(
            r"(?:(?<=[週期拜][一二三四五六日天])|(?<=一下)|(?<![每隔單雙第上下這本那次\d一二兩三四五六七八九十幾半個])(?<!週的)(?<!前的)(?<!後的)(?<!週前)(?<!週後))(?:禮拜|星期|週)\s?([一二三四五六日天]|[1-7](?![\d:點時./]))(?!年)"
        ),
        _bare_weekday,
    ),
    ("compact", re.compile(r"(?<![\d./a-z])(?<![\d點半][~\-])(?<!\d:)(?:20\d{6}|1\d{6})(?![\d./:\-~])"), _compact),
    (
        "month_day",
        re.compile(
            r"(?<![\d.共約])(?<!\d:)(?<!時數)(?<!時數 )(\d{1,2})\.(\d{2})"
            r"(?![\d.%]|\s*(?:小時|hr|h|個|節|分|天|萬|元|時|[-~]\s*\d+\.))"
        ),
        _month_day,
    ),
    (
        "day",
        re.compile(
            rf"(?<![\d第月/.])(?!(?:(?<=研習)|(?<=作坊)|(?<=為期)|(?<=共))[一二兩三]日|一日(?:研習|工作坊)){_DAY}\s?[日號](?!碼|樓|館|教室|機|線|公文|令|函)"
        ),
        _day_of_month,
    ),
    (
        "compact",
        re.compile(
            r"(?<![\d./\-a-z#第])(?<![\d點半]~)(?<!\d:)\d{4}(?![\d./:\-~年]|\s*(?:[-~到至]\s*\d)|\s?(?:元|人|位|字|校(?!內)|名|學年|小時|分|號|點|時))"
        ),
        _compact,
    ),
    (
        "compact",
        re.compile(
            r"(?<![\d\-/.])(?<![\d點半]~)(0?[1-9]|1[0-2])-([0-3]?\d)(?=\s*[(\[]?(?:週|星期|禮拜)|\s*[(\[][一二三四五六日]|\s+(?:[上下]午)?\s*\d{1,2}[:點]|\s+\d{4}\s?[-~])"
        ),
        _month_day,
    ),
    ("compact", re.compile(_DASHED, re.DOTALL), _month_day),
    (
        "vague",
        re.compile(
            rf"(?:上上|上|這|本|下下|下|前){_WEEK}|週末|前(?:幾|些|陣|兩|三|一)[天日子]|這幾天|前陣子|日前|不久前|那天|某天|改天|上上?個?月|這個月|本月|下個月|月[初中底]|[上中下]旬|最近|近日"
        ),
        _vague,
    ),
    (
        "now",
        re.compile(
            r"剛剛|剛才|方才|剛(?=下課|開完|結束|上完|辦完|散會|做完|結束|完成|忙完|討論完|共備完|輔導完|觀完|研習完|參加完|聽完|跑完|線上)|剛(?!好|性|強)(?=[^,。\n\d]{0,12}?(?:完(?!成|整|全)|結束|回來))"
        ),
        _just_now,
    ),
)
