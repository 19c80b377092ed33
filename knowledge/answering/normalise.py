"""One form for what people write in many: for comparing only, never for showing.

Widths, letter case, simplified and variant characters, numerals before units, Mainland words and everyday
synonyms are unified; emoji, marks and control characters fall away. What is left is cut into stretches between
punctuation, because a pair of characters across a comma is no word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

from knowledge.answering import numerals

LONGEST = 2_000
"""Characters of a question that are read; no real question is longer."""

# OpenCC keeps apart what our users do not: 計劃 and 計畫, 紀錄 and 記錄.
_ONE_FORM = str.maketrans(
    {
        "划": "画",
        "纪": "记",
        "著": "着",
        "賸": "剩",
        "姐": "姊",
        "週": "周",
        "她": "他",
        "妳": "你",
        "○": "〇",
    }
)
# Homophones that Taiwanese keyboards mix up where either makes sense; both sides are folded, so none is preferred.
_HOMOPHONES = str.maketrans(
    {"再": "在", "得": "的", "地": "的", "作": "做", "那": "哪", "须": "需", "订": "定", "已": "以", "佈": "布"}
)
_HOW_MANY = re.compile(r"[及己即](?=小时|个月|个人|次|所|校|人|场|天|班|页|份|件|门|组|节|月|号|岁)")
_NOT_WORD = re.compile(r"[^0-9a-z\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002a6df%/.+]+")
_LOOSE_MARK = re.compile(r"(?<![0-9a-z])[%/.+]+|[/.+]+(?![0-9a-z])")
_INNER_SPACE = re.compile(r"(?<=\d) +(?=[\u4e00-\u9fff%])|(?<=[\u4e00-\u9fff]) +(?=\d)")
_PERCENT = re.compile(r"(?<=[0-9一二三四五六七八九十])(?:趴|帕|个百分点|percent|pa(?![a-z]))")


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """The form two wordings of the same thing share; stretches are separated by one space."""
    text = text[:LONGEST].encode("utf-8", "ignore").decode()  # half a surrogate pair is no character
    text = unicodedata.normalize("NFKC", text).lower()
    text = _simplifier().convert(text).translate(_ONE_FORM).translate(_HOMOPHONES)
    text = _HOW_MANY.sub("几", text)
    text = _INNER_SPACE.sub("", text)
    text = numerals.to_digits(_PERCENT.sub("%", text))
    return " ".join(_LOOSE_MARK.sub(" ", _NOT_WORD.sub(" ", text)).split())


def squash(text: str) -> str:
    """`fold` without the separators: the key under which two aliases count as the same."""
    return fold(text).replace(" ", "")
