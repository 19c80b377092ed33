"""A line that corrects itself: what comes after 「不對」 counts, and what 「不是…是…」 denies does not."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar

_P = TypeVar("_P", bound="Placed")

_SLIP = re.compile(
    r"不對|[說講打寫記弄搞看報]錯|口誤|筆誤|[喔欸啊呃ㄟ哦,]\s*(?:等等|等一下|不是)(?=[,\s]*[應是\d上昨前])|(?:等等|等一下)[,\s]*(?=(?:應該)?[是不])|[喔噢哦呃啊欸]\s*不(?=[,\s])|更正|修正|sorry|抱歉|錯了|應該(?:是|為)|應為|改(?:成|為|到)|喔?不是|啊是|喔是|噢是|啊,是|後來(?:是|改)|(?:延後?|提[前早])[到至](?=\s*(?:\d{1,2}[/:]\d|\d{1,2}[月點]|[一二兩三四五六七八九十]{1,2}點|[上下]午|[今昨前下明]|週|禮拜|星期))|→\s*改?|改\s*(?=[\d一二兩三四五六七八九十])|其實是|實際(?:上)?是|確切是|實際(?:上)?(?:開|進行)?到(?=\s*\d{1,2}[:點])|提[早前]在?(?=\s*(?:\d{1,2}[:點]|[一二兩三四五六七八九十]{1,2}點))|正確是"
)
_RATHER = re.compile(r"(?:\A|(?<=[,。;\s]))[^,。;\s]{1,20}?才(?:對|是)(?![的])")
"""「前天才對」: what counts stands before it."""
_SAYS = re.compile(
    r"主題|議題|題目|主持|老師|教授|專家|領航|督學|長官|主任|校長|書面|視訊|[\d一二兩三四五六七八九十昨今前]|線上|實體|社群|工作坊|研習|輔導|觀課|會議|分享|共備|下午|上午|晚上|到校|入校"
)
_DENIED = re.compile(r"(?<!是)不是\s*([^,。;是\n]{1,20}?)\s*[,、]?\s*(?:而|應該)?是")
_DENIED_AFTER = re.compile(r"是[^,。;是\n]{1,20}?[,、\s]*不是\s*([^,。;\s]{1,15})")


def denied(text: str) -> list[tuple[int, int]]:
    """What the text says it was not: 「不是11/18是11/19」."""
    return [match.span(1) for pattern in (_DENIED, _DENIED_AFTER) for match in pattern.finditer(text)]


def last_slip(text: str) -> int:
    """Where the last correction begins to count; 0 where the line corrects nothing.

    A word of correction with nothing to count behind it (「…，我老是記錯」) looks back, and is none.
    """
    places = [match.end() for match in _SLIP.finditer(text)]
    places += [match.start() for match in _RATHER.finditer(text)]
    return max((place for place in places if _SAYS.search(text, place)), default=0)


class Placed(Protocol):
    """Anything that stands somewhere in the text."""

    @property
    def span(self) -> tuple[int, int]: ...


def last_word(found: list[_P], slip: int) -> list[_P]:
    """Of several mentions those behind the correction; all of them where none is behind it."""
    return [mention for mention in found if mention.span[0] >= slip] or found
