"""Chinese numerals and written years to digits, only where a unit follows: 「十五小時」 yes, 「一定」 no.

Works on text that `knowledge.answering.normalise.fold` has brought to simplified characters.
"""

from __future__ import annotations

import re

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "零〇一二两三四五六七八九十百千廿卅"
_UNITS = (
    "万元|亿元|万|元|块|小时|分钟|个月|月底|月|学年|学期|学分|年级|年|日|号|周|天|节|堂|场|次|所|间|校|人|位|名|门|班|组|"
    "件|份|页|项|科|张|套|条|点|款|倍|个|种|类|级|轮|阶段|成|%|届|台|字"
)
_RUN = re.compile(rf"(第?)([{_NUMERAL}\d.]*[{_NUMERAL}][{_NUMERAL}\d.]*)(?=(?:几|多)?(?:{_UNITS}))")
_FRACTION = re.compile(rf"([{_NUMERAL}\d]+)分之([{_NUMERAL}\d]+)")
_GREGORIAN = re.compile(r"(?<!\d)20([0-4]\d)(?=年|学年)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# 10/28 is a day, 1/2 a part: parts have a small number above a larger one.
_DAY = re.compile(r"(?<![\d/.])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\d/.%])")
_DAY_NUMBER = re.compile(r"(?<=\d)号")
_BROKEN_AMOUNT = re.compile(r"(\d+)万(\d)000(?=元|块)")
_LONG_AMOUNT = re.compile(r"(?<![\d.])(\d{2,6})(0{3})(?=元|块)")


def value(numeral: str) -> int | None:
    """The number a run of numerals and digits stands for; None where it stands for none.

    Reads 十五, 廿五, 一百二十, 二〇二六 and mixed forms such as 1千5.
    """
    if numeral.isdigit():
        return int(numeral)
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, current, seen = 0, 0, ""
    for char in numeral.replace("廿", "二十").replace("卅", "三十"):
        if char.isdigit():
            seen += char
            current = int(seen)
        elif char in _DIGITS:
            current = _DIGITS[char]
        elif char in _TENS:
            total += (current or 1) * _TENS[char]
            current, seen = 0, ""
        else:
            return None
    return total + current


def to_digits(text: str) -> str:
    """Rewrite numerals before units, fractions, percentages and long amounts in one form.

    十五小时 -> 15小时, 百分之五十 -> 50%, 二分之一 -> 1/2, 300,000元 -> 30万元, 2025年 -> 114年, 10/28 -> 10月28日.
    """
    text = _GROUPED.sub("", text)
    text = _DAY.sub(_day, text)
    text = _FRACTION.sub(_fraction, text)
    text = _RUN.sub(_run, text)
    text = _BROKEN_AMOUNT.sub(r"\1.\2万", text)
    text = _LONG_AMOUNT.sub(_amount, text)
    text = _DAY_NUMBER.sub("日", text)
    return _GREGORIAN.sub(lambda m: str(2000 + int(m[1]) - 1911), text)


def _day(match: re.Match[str]) -> str:
    month, day = int(match[1]), int(match[2])
    return match[0] if month <= 3 and month < day <= 10 else f"{month}月{day}日"


def _fraction(match: re.Match[str]) -> str:
    below, above = match[1], match[2]
    top = value(above)
    if below in ("百", "100") and top is not None:
        return f"{top}%"
    bottom = value(below)
    return match[0] if top is None or bottom is None else f"{top}/{bottom}"


def _run(match: re.Match[str]) -> str:
    number = None if "." in match[2] else value(match[2])
    return match[0] if number is None else f"{match[1]}{number}"


def _amount(match: re.Match[str]) -> str:
    thousands = int(match[1])
    if thousands < 10:
        return match[0]
    whole, rest = divmod(thousands, 10)
    return f"{whole}.{rest}万" if rest else f"{whole}万"
