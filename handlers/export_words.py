"""What somebody wants exported: 「匯出」, 「匯出 11 月」, 「匯出上學期社群紀錄」, 「下載成果報告」; and of which days.

Only words that are about exporting and nothing else: 「下載申請表」 is a question about the rules.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.answering.normalise import LONGEST, squash
from knowledge.requirements.periods import TOTAL, Per, Period, split

RECORDS, COMMUNITY, MENTORING, REPORT = "records", "community", "mentoring", "report"
WHATS = (RECORDS, COMMUNITY, MENTORING, REPORT)
WHOLE = "整個計畫"
_ROC = 1911

# squash brings everything to simplified characters without blanks or marks, and one of 作 and 做.
_PLEASE = r"(?:请|麻烦|可以|可不可以|能不能|我要|我想|我想要|想要|想|要|帮我|帮忙|把)*"
_EXPORT = r"(?:汇出|导出|输出|下载)"
_BEFORE = re.compile(rf"{_PLEASE}{_EXPORT}(?P<rest>.*)")
_AFTER = re.compile(rf"{_PLEASE}(?P<rest>.+?){_EXPORT}(?:给我|一下|吗|吧|好吗)*")
_NOTE = "[纪记]录"
_WHAT = (
    (REPORT, re.compile(r"(?:期末)?成果(?:报告书?|汇整)")),
    (
        COMMUNITY,
        re.compile(
            rf"(?:教师)?社群(?:运[作做]|活动|集会|与工[作做]会议)?(?:{_NOTE}表?)?|共学(?:活动)?{_NOTE}|工[作做]会议{_NOTE}"
        ),
    ),
    (MENTORING, re.compile(rf"辅导{_NOTE}表?|(?:入校)?(?:入班|陪伴){_NOTE}表?|入校{_NOTE}表?|咨询(?:报告|{_NOTE})")),
    (RECORDS, re.compile(rf"{_NOTE}总?表|总表|excel|xlsx|试算表|(?:所有|全部|每一?笔){_NOTE}|{_NOTE}")),
)
_MONTHS = {name: number for number, name in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_PERIODS = (
    (re.compile(rf"(?:民国)?(?P<year>1\d\d|20\d\d)(?:年|学年度?)?{_MONTH}月份?"), "month_of_year"),
    (re.compile(r"(?:民国)?(?P<year>1\d\d)(?:学年度?)?(?:第(?P<half>[12一二])学期|(?P<side>[上下])学期)"), "half"),
    (re.compile(r"第(?P<half>[12一二])学期|(?P<side>[上下])学期"), "any_half"),
    (re.compile(r"(?P<year>1\d\d)学年度?"), "year"),
    (re.compile(rf"{_MONTH}月份?"), "month"),
    (re.compile(r"上个?月份?"), "lm"),
    (re.compile(r"(?:这个?|本)月份?"), "tm"),
    (re.compile(r"上个学期"), "ls"),
    (re.compile(r"(?:这个?|本)学期"), "ts"),
    (re.compile(r"全部|整个计[画划]|全期|整年"), ""),
)
_OF_PERSON = re.compile(r"我的[个资档]|个资|个人资料")
"""What is stored of a person is another matter than a school's records."""
_DASHED = re.compile(r"(?<!\d)(?P<year>1\d\d|20\d\d)\s*[-/.]\s*(?P<part>1[0-2]|0?[1-9])(?![\d])")
_FILLER = re.compile(
    r"excel|xlsx|的|给我|一下|好吗|可以吗|吗|吧|呢|啊|档案?|word|docx|资料|我们学校|我们|本校|我校|学校|整份|一份|份|成|为|表格"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted."""

    what: str = ""
    """Of `WHATS`; empty where none was named."""
    period: str = ""
    """A code that `resolve` reads and a button carries; empty for all days."""
    school: str = ""
    """What is left of the words, folded: a school's name, or nothing that we know."""


def read(text: str) -> Asked | None:
    """What someone wants exported; None where the words are about something else."""
    if len(text) > LONGEST:
        return None
    exact = _DASHED.search(text)
    if exact is not None:
        text = f"{text[: exact.start()]} {text[exact.end() :]}"
    plain = squash(text)
    found = _BEFORE.fullmatch(plain) or _AFTER.fullmatch(plain)
    if found is None or _OF_PERSON.search(plain):
        return None
    rest = found["rest"]
    period, rest = (_exact(exact), rest) if exact is not None else _period(rest)
    what, rest = _what(rest)
    return Asked(what, period, _FILLER.sub("", rest))


def resolve(period: str, first: date, last: date, today: date) -> Period | None:
    """The days that a code of `Asked.period` means within the days of an enrolment; None for none of them.

    A month or semester that comes more than once is the last that has begun, else the first to come.
    """
    if not period:
        return Period(TOTAL, first, last)
    if period in ("tm", "lm"):
        month = today.replace(day=1) - timedelta(days=1) if period == "lm" else today
        return _one(Per.MONTH, f"{month:%Y-%m}", first, last, today)
    if period in ("ts", "ls"):
        semester = next(split(Per.SEMESTER, today, today))
        if period == "ls":
            day = _begin(semester.label) - timedelta(days=1)
            semester = next(split(Per.SEMESTER, day, day))
        return _one(Per.SEMESTER, semester.label, first, last, today)
    if period[0] in "ms":
        per, ending = (Per.MONTH, f"-{int(period[1:]):02}") if period[0] == "m" else (Per.SEMESTER, f"-{period[1:]}")
        return _one(per, ending, first, last, today)
    year, _, part = period.partition("-")
    per = Per.MONTH if len(year) == len("2025") else Per.SEMESTER if part else Per.SCHOOL_YEAR
    return _one(per, period, first, last, today)


def said_period(label: str) -> str:
    """The label of a period in words: 114 年 11 月, 114 學年度第 1 學期."""
    year, _, part = label.partition("-")
    if label == TOTAL:
        return WHOLE
    if len(year) == len("2025"):
        return f"{int(year) - _ROC} 年 {int(part)} 月"
    return f"{year} 學年度" + (f"第 {part} 學期" if part else "")


def _one(per: Per, ending: str, first: date, last: date, today: date) -> Period | None:
    found = [each for each in split(per, first, last) if each.label.endswith(ending)]
    begun = [each for each in found if each.first <= today]
    return begun[-1] if begun else next(iter(found), None)


def _begin(semester: str) -> date:
    """The first day of a semester by its label."""
    year, _, half = semester.partition("-")
    return date(int(year) + _ROC, 8, 1) if half == "1" else date(int(year) + _ROC + 1, 2, 1)


def _exact(found: re.Match[str]) -> str:
    """114-1 is a semester and 114-11 a month; so is 2025-1."""
    year, part = int(found["year"]), int(found["part"])
    if year > _ROC:
        return f"{year}-{part:02}"
    return f"{year}-{part}" if part <= 2 else f"{year + _ROC}-{part:02}"


def _period(rest: str) -> tuple[str, str]:
    for pattern, name in _PERIODS:
        found = pattern.search(rest)
        if found is not None:
            return _code(name, found.groupdict()), rest[: found.start()] + rest[found.end() :]
    return "", rest


def _code(name: str, parts: dict[str, str | None]) -> str:
    month = _month(parts.get("month"))
    half = "1" if parts.get("half") in ("1", "一") or parts.get("side") == "上" else "2"
    year = int(parts.get("year") or 0)
    match name:
        case "month":
            return f"m{month}"
        case "month_of_year":
            return f"{year if year > _ROC else year + _ROC}-{month:02}"
        case "any_half":
            return f"s{half}"
        case "half":
            return f"{year}-{half}"
        case "year":
            return str(year)
    return name


def _month(said: str | None) -> int:
    if not said:
        return 0
    return int(said) if said.isdecimal() else _MONTHS[said]


def _what(rest: str) -> tuple[str, str]:
    for what, pattern in _WHAT:
        found = pattern.search(rest)
        if found is not None:
            return what, rest[: found.start()] + rest[found.end() :]
    return "", rest
