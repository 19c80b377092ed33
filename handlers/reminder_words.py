"""The words by which people deal with deadlines and reminders: whole messages, never parts of a question."""

from __future__ import annotations

import re
from enum import StrEnum

from knowledge.spoken import letters


class Wish(StrEnum):
    """What is wanted; but for `LIST` the same word follows `d:` in a button."""

    LIST = "list"
    DONE = "done"
    MORNING = "morning"
    WORKDAY = "workday"
    MUTE = "mute"


_TAIL = r"[。!~]*"
_PATTERNS: tuple[tuple[Wish, re.Pattern[str]], ...] = tuple(
    (wish, re.compile(f"(?:{pattern}){_TAIL}"))
    for wish, pattern in (
        (
            Wish.LIST,
            r"(?:期限|我的待辦|(?:看|查|列出)?(?:我們|我|我們學校|本校)的(?:期限|截止日|截止日期|提醒|待辦|待辦事項)|期限列表|期限清單|待辦事項"
            r"|(?:最近|接下來)有(?:什麼|哪些)(?:期限|要交的|要做的)|(?:還有)?(?:什麼|哪些)(?:期限|東西)(?:快到|要交)(?:了|嗎)?)[?嗎呢]?",
        ),
        (
            Wish.DONE,
            r"(?:完成|已完成|完成了|做完了|已經完成了?|交了|已經交了|已交出?|送出了|辦好了)(?:[:：](?P<about>.+))?",
        ),
        (Wish.MORNING, r"(?:明早|明天早上|明天)(?:再)?(?:提醒|提醒我|說|通知我)(?:一次)?"),
        (Wish.WORKDAY, r"(?:下個上班日|下一個上班日|下個工作日|下週一?)(?:再)?(?:提醒|提醒我)?"),
        (Wish.MUTE, r"靜音|不要再?提醒|不用再?提醒|別再?提醒(?:我)?(?:了)?"),
    )
)
LONGEST = 40


def read(text: str) -> tuple[Wish, str] | None:
    """What is wanted, and of what, empty where nothing is named; None where the words are about something else."""
    plain = re.sub(r"\s+", "", letters.fold(text))
    if len(plain) > LONGEST:
        return None
    for wish, pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return wish, (found.groupdict().get("about") or "").strip("。!~?…")
    return None
