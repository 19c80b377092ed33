"""Reads a number or a length in hours as the answer to a question: exactly one, whole, possible. Nothing is guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from knowledge.eligibility.model import Question
from knowledge.eligibility.phrases import FILLERS, NUMERALS, Lexicon, Sort, asks, bare, cut, form, form_of, lexicon
from knowledge.eligibility.reply import NOTHING, Reading, beyond, within, wrong
from knowledge.eligibility.tree import Kind
from knowledge.spoken.amounts import amount

_COUNTERS = {
    "人": "人 位 個 名 個人 位學生 個學生 名學生 個同學 位同學",
    "位": "位 人 個 名 個人 位老師 位教師 個老師 名教師 個教師 名老師",
    "校": "校 所 間 個 家 所學校 間學校 個學校 所合作學校",
    "所": "所 校 間 個 家 所學校 間學校 個學校 所合作學校",
    "門": "門 堂 科 個 門課 堂課 科目 門課程 個課程",
    "班": "班 個班 個班級 個 班級",
    "次": "次 回 趟 日 天 度",
    "個": "個 項 件 個計畫",
    "份": "份 本 件 個 份計畫書 份計畫",
    "級": "級 第 等級 等",
    "個月": "個月 月",
    "年級": "年級 年",
    "元": "元 塊 塊錢 元整 圓 圓整 nt$ ntd nt twd $ 新台幣 新臺幣 台幣 臺幣",
    "%": "% 趴 百分之 個百分點 percent 百分比 ％",
    "小時": "小時 個小時 鐘頭 個鐘頭 h hr hrs hour hours 時",
}
"""By unit: what people count with instead."""
_NONE = (
    "沒有", "無", "都沒有", "完全沒有", "一個都沒有", "一個也沒有", "沒編", "沒有編", "沒編列", "沒有編列",
    "沒有規劃", "沒規劃", "不辦", "沒有辦", "未編列", "未規劃", "零元",
)  # fmt: skip
_VAGUE = re.compile(
    rf"十几|几[十百千万个位]+|[{NUMERALS}]多(?!少)|[{NUMERALS}]来[个人位校所]|[{NUMERALS}]余|好几|许多|很多|不少|一些|若干|数十|数百|以上|以下|"
    rf"以内|超过|不到|未满|至少|至多|最多|最少有|低于|高于|多一点|少一点|[0-9]几|两三|三四|五六|七八|三五[个人位]|(?<!十)[四六八]{{2}}[个人位]"
)
_RANGE = re.compile(rf"(?<=[{NUMERALS}])[^,。!?]{{0,3}}(?:[-~到至或]|还是)[^,。!?]{{0,3}}(?=[{NUMERALS}])")
_ENORMOUS = re.compile(r"[0-9.]e\+?[0-9]+|[0-9]\^[0-9]+|[0-9*x]\*\*[0-9]|次方|∞|无限|无穷|\binf(?:inity)?\b|nan|亿亿")
_SUM = re.compile(rf"(?<=[{NUMERALS}人位所校门])[+x*×÷](?=[{NUMERALS}])|[0-9] ?[+*×÷]")
_NEGATIVE = re.compile(rf"(?<![{NUMERALS}个月])(?:-|负|minus )\$?(?=[{NUMERALS}])")
_HALF = re.compile(rf"半|[{NUMERALS}]/[{NUMERALS}]|[{NUMERALS}]分之[{NUMERALS}]")
_TRADITIONAL = str.maketrans("万两点壹贰叁肆伍陆柒捌玖拾佰仟", "萬兩.一二三四五六七八九十百千")
_GRADE = re.compile(r"(国小|小学|小|国中|初中|国|初)([0-9一二三四五六七八九])(?:年级)?(?:学生|生|班)?")
_ENDLESS = Fraction(10**30)
"""Stands for every number that is too large to matter."""


def read_quantity(question: Question, text: str) -> Reading:
    """The number that a reply states, in halves for hours."""
    formed = form(text)
    if question.unit in ("%", "％"):
        formed = formed.replace("百分之", "")
    odd = _said_oddly(question, formed) or _unsure(question, formed)
    if odd is not None:
        return odd
    if asks(formed):
        return NOTHING
    negative = _NEGATIVE.search(formed)
    if negative:
        formed = formed[: negative.start()] + formed[negative.end() :]
    if question.kind is Kind.HOURS:
        return _hours(question, formed, negative=negative is not None)
    return _count(question, formed, negative=negative is not None)


def _said_oddly(question: Question, formed: str) -> Reading | None:
    """「國一」 for the seventh grade, 「三成」 for 30 percent."""
    grade = _GRADE.fullmatch(formed) if question.unit == "年級" else None
    if grade:
        return _school_grade(question, grade)
    percent = _share(question, formed)
    return None if percent is None else _number(question, percent)


def _count(question: Question, formed: str, *, negative: bool) -> Reading:
    if _HALF.search(formed) and _known(question, _HALF.sub(" ", formed)):
        return _whole(question)
    found = _found(question, formed)
    if found is None:
        return _other_unit(question, formed)
    if len(found) != 1 or found[0] is None:
        return _one_only(question) if found else NOTHING
    return beyond(question, negative=True) if negative and found[0] else _number(question, found[0])


def _unsure(question: Question, formed: str) -> Reading | None:
    """What is meant as a number, and is none that can be taken."""
    if not _known(question, _blank(_ENORMOUS.sub("9", formed))):
        return None
    if _ENORMOUS.search(formed):
        return beyond(question)
    if _SUM.search(formed):
        return wrong(f"請直接輸入「{question.title}」算好的數字，例如 {_example(question)}。")
    if _VAGUE.search(formed) or _RANGE.search(formed):
        return _one_only(question)
    return None


def _blank(formed: str) -> str:
    """The text without what makes a number unsure, to see whether there is anything else in it."""
    for pattern in (_SUM, _RANGE, _VAGUE, _NEGATIVE):
        formed = pattern.sub(" ", formed)
    return formed.replace("几", " ")


def _known(question: Question, formed: str) -> bool:
    pieces = cut(formed, _lexicon(question), _echo(question))
    return all(piece.sort is not Sort.OTHER for piece in pieces) and not asks(formed)


def _found(question: Question, formed: str) -> list[Fraction | None] | None:
    """The numbers of a text that consists of numbers and of what is said along with them; None where there is more."""
    pieces = cut(formed, _lexicon(question), _echo(question))
    if any(piece.sort is Sort.OTHER for piece in pieces):
        return None
    none = any(piece.of == {"none"} for piece in pieces)
    read = [_value(piece.text) for piece in pieces if piece.sort is Sort.NUMBER]
    if none:
        return None if read else [Fraction(0)]
    return read


def _other_unit(question: Question, formed: str) -> Reading:
    """A number, but of something else."""
    units = lexicon((word, unit) for unit, words in _COUNTERS.items() for word in words.split())
    pieces = cut(formed, {**units, **_lexicon(question)})
    count = sum(piece.sort is Sort.NUMBER for piece in pieces)
    if any(piece.sort is Sort.OTHER for piece in pieces) or not count:
        return NOTHING
    if count > 1:
        return _one_only(question)
    if any(piece.of == {"none"} for piece in pieces):
        return NOTHING
    return wrong(f"這一題要的是「{question.title}」，單位是{question.unit or '小時'}，例如 {_example(question)}。")


def _number(question: Question, value: Fraction) -> Reading:
    return within(question, int(value)) if value.denominator == 1 else _whole(question)


def _hours(question: Question, formed: str, *, negative: bool) -> Reading:
    minutes, rest = _minutes(formed)
    pieces = cut(rest, _lexicon(question), _echo(question))
    if any(piece.sort is Sort.OTHER for piece in pieces):
        return _other_unit(question, formed)
    loose = [_value(piece.text) for piece in pieces if piece.sort is Sort.NUMBER]
    if any(piece.of == {"none"} for piece in pieces):
        return NOTHING if loose or minutes else within(question, 0)
    found = [*minutes, *(None if value is None else value * 60 for value in loose)]
    if len(found) != 1 or found[0] is None:
        return _one_only(question) if found else NOTHING
    if negative and found[0]:
        return beyond(question, negative=True)
    if (found[0] / 30).denominator != 1:
        return wrong(f"「{question.title}」以半小時為單位，例如 7 或 7.5 小時，請再輸入一次。")
    return within(question, int(found[0] / 30))


_HOUR = "(?:个?半)?(?:个)?(?:小时|钟头|hours?|hrs?|h(?![a-z])|时(?!数))(?:半)?"
_LENGTH = re.compile(
    rf"(?P<hours>[{NUMERALS}.]+)(?P<unit>{_HOUR})(?:又|零)?(?:(?P<more>[{NUMERALS}]+)(?:分钟?|mins?|m(?![a-z])))?"
    rf"|(?P<half>半)个?(?:小时|钟头)|(?P<minutes>[{NUMERALS}]+)(?:分钟?|mins?)"
)


def _minutes(formed: str) -> tuple[list[Fraction | None], str]:
    """Each length that names its unit, in minutes, and the text without them."""

    def length(found: re.Match[str]) -> Fraction | None:
        if found["half"]:
            return Fraction(30)
        if found["minutes"]:
            return _value(found["minutes"])
        hours = _value(found["hours"])
        more = _value(found["more"]) if found["more"] else Fraction(0)
        half = 30 if "半" in found["unit"] else 0
        return None if hours is None or more is None else hours * 60 + half + more

    return [length(found) for found in _LENGTH.finditer(formed)], _LENGTH.sub(" ", formed)


def _share(question: Question, formed: str) -> Fraction | None:
    """「三成」 and 「一半」 of a percentage."""
    if question.unit not in ("%", "％"):
        return None
    if bare(formed) in ("一半", "一半左右", "五成", "百分之五十"):
        return Fraction(50)
    found = re.fullmatch(rf"(?:大概|大约|约|是)?([{NUMERALS}])成([{NUMERALS}])?(?:左右)?", formed)
    if found is None:
        return None
    tens, ones = _value(found[1]), _value(found[2]) if found[2] else Fraction(0)
    return None if tens is None or ones is None else tens * 10 + ones


def _value(numeral: str) -> Fraction | None:
    """The number of a run of numerals; None where it stands for none, as 「十二三」."""
    numeral = numeral.replace(",", "").lstrip("0") or "0"
    if numeral.startswith("."):
        numeral = f"0{numeral}"
    scale = {"k": 1_000, "w": 10_000, "万": 10_000}.get(numeral[-1], 1)
    digits = numeral[:-1] if scale > 1 else numeral
    if len(digits) > 12 and digits.replace(".", "", 1).isdigit():
        return _ENDLESS
    if scale > 1 and digits.replace(".", "", 1).isdigit():
        return Fraction(digits) * scale
    above, many, below = numeral.partition("亿")
    if not many:
        return amount(numeral.translate(_TRADITIONAL))
    parts = [amount(part.translate(_TRADITIONAL)) if part else Fraction(0) for part in (above, below)]
    return None if parts[0] is None or parts[1] is None else parts[0] * 10**8 + parts[1]


@lru_cache(maxsize=256)
def _words(unit: str, words: tuple[str, ...]) -> Lexicon:
    counters = [*_COUNTERS.get(unit, "").split(), *unit.split(), "個"]
    return lexicon(((word, "none") for word in _NONE), (*FILLERS, *words, *counters, "第"))


def counted_in(question: Question, formed: str) -> bool:
    """Whether a number stands before a unit of this question that says what is counted; 個 does not."""
    unit = "小時" if question.kind is Kind.HOURS else question.unit
    words = sorted(
        {form(word) for word in (*_COUNTERS.get(unit, "").split(), unit)} - {"个", ""}, key=len, reverse=True
    )
    return re.search(rf"[{NUMERALS}]+\.?[{NUMERALS}]*(?:{'|'.join(map(re.escape, words))})", formed) is not None


def _lexicon(question: Question) -> Lexicon:
    unit = "小時" if question.kind is Kind.HOURS else question.unit
    return _words(unit, (question.title, *nouns(question)))


def nouns(question: Question) -> Iterator[str]:
    """What people call the number that is asked for."""
    for words in question.words.values():
        yield from words


def _echo(question: Question) -> str:
    """Their own words, without the sentence on how to answer: 「沒有請填 0」 would swallow a 0."""
    return re.sub(rf"[{NUMERALS}]", " ", form_of(question.ask.partition("？")[0]))


def _school_grade(question: Question, grade: re.Match[str]) -> Reading:
    """「國一」 and 「國中七年級」 are both the seventh."""
    number = int(_value(grade[2]) or 0)
    return within(question, number if grade[1].startswith(("小", "国小")) or number > 6 else number + 6)


def _example(question: Question) -> str:
    if question.kind is Kind.HOURS:
        return "7.5"
    wanted = 50_000 if question.unit == "元" else 12
    return f"{min(max(question.low, wanted), question.high):,}"


def _one_only(question: Question) -> Reading:
    return wrong(f"一次只要一個數字：請輸入「{question.title}」的一個確定數字，例如 {_example(question)}。")


def _whole(question: Question) -> Reading:
    return wrong(f"「{question.title}」要是整數，例如 {_example(question)}，請再輸入一次。")
