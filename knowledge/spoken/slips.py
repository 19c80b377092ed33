"""Slips of the keyboard: a word of ours with one letter of the same sound, 「設群」 for 社群."""

from __future__ import annotations

import re

_SOUNDS = {
    row[0]: row[1:]
    for row in [
        "社設射舍攝涉",
        "群裙羣",
        "觀官關冠",
        "課客刻克",
        "授受售壽",
        "線現限獻",
        "上尚",
        "輔府腐撫甫扶",
        "導島倒搗到道",
        "諮資咨姿茲滋",
        "詢尋循旬巡",
        "工公功攻",
        "作做座坐",
        "坊方芳仿訪房",
        "研言延嚴炎沿",
        "習息席系析細",
        "備倍被背",
        "共供",
        "演眼",
        "示是事式",
        "教較叫",
        "領嶺",
        "航行杭",
        "分芬紛",
        "享想響",
        "成呈城",
        "果裹",
        "視試",
        "訊迅訓",
        "校笑效",
        "到道倒",
        "入如",
        "昨作做坐",
        "禮李理里",
        "拜敗",
        "星興",
        "期七其奇",
        "陪賠",
        "伴半",
        "實十時",
        "體替",
    ]
}
"""A letter of our words to others that a Taiwanese keyboard offers for the same sound or nearly so."""
_WORDS = (
    *("社群", "觀課", "授課", "線上", "輔導", "諮詢", "工作坊", "研習", "共備", "演示", "教授", "領航", "分享", "成果"),
    *("視訊", "入校", "昨天", "禮拜", "星期", "陪伴", "實體"),
)
_REAL = re.compile(
    r"工作方(?:式|向|法|面|案|針)|工作天|做天|工作訪|如校|較授|分想法|\d分想|分想[要請約預去]|事視|成果如|上客|現上課|輔導到|可以到|供備|分半|十體|教演|十分|時體|言行|公開"
)
"""Other words that hold such letters, and are meant."""


def _patterns(word: str) -> list[tuple[re.Pattern[str], str]]:
    """The word with any one of its letters wrong."""
    found = []
    for place, letter in enumerate(word):
        others = _SOUNDS.get(letter, "")
        if others:
            found.append((re.compile(word[:place] + f"[{others}]" + word[place + 1 :]), word))
    return found


_MENDS = [pair for word in _WORDS for pair in _patterns(word)]
_ANY = re.compile("|".join(pattern.pattern for pattern, _ in _MENDS))


def mend(folded: str) -> str:
    """The folded text with such slips put right; words that mean something else are left."""
    if not _ANY.search(folded):
        return folded
    meant = [match.span() for match in _REAL.finditer(folded)]
    for pattern, word in _MENDS:
        folded = _mended(folded, pattern, word, meant)
    return folded


def _mended(folded: str, pattern: re.Pattern[str], word: str, meant: list[tuple[int, int]]) -> str:
    for found in pattern.finditer(folded):
        if not any(start < found.end() and found.start() < end for start, end in meant):
            folded = folded[: found.start()] + word + folded[found.end() :]
    return folded
