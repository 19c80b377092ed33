"""The words by which people open the facts of their school: whole messages, never parts of a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.facts.model import Fact
from knowledge.spoken import letters

LONGEST = 30
_SHEET = r"(?:我們|我|本校|我們學校)?的?(?:學校|計畫|基本|計畫基本|學校基本)資料"
_OPEN = re.compile(
    rf"(?:我?(?:要|想)|請)?(?:(?:看|查|填|填寫|補|補填|修改|更改|改|設定|更新)一?下?)?{_SHEET}(?:設定|修改|填寫)?[。!~]*"
    r"|設定|計畫設定|學校設定"
    r"|(?:我?(?:要|想)|請)?(?:填|填寫|補|補填|設定|修改|改)(?:計畫|期限|重要)?的?日期[。!~]*"
    r"|(?:填|填寫|補填?)資料[。!~]*"
)
_ONE = re.compile(r"(?:我?(?:要|想)|請)?(?:填寫|補填|修改|更改|變更|更正|設定|填|補|改)一?下?(?P<name>.{2,20}?)[。!~]*")


def opens(text: str) -> bool:
    """Whether the words ask for the form as a whole."""
    plain = _plain(text)
    return len(plain) <= LONGEST and _OPEN.fullmatch(plain) is not None


def wanted_fact(facts: Sequence[Fact], text: str) -> str:
    """The one fact that 「修改核定日期」 names; empty where the words name none, or say more."""
    plain = _plain(text)
    found = _ONE.fullmatch(plain) if len(plain) <= LONGEST else None
    if found is None:
        return ""
    keys = {fact.key for fact in facts if found["name"] in map(letters.fold, (fact.title, *fact.names))}
    return keys.pop() if len(keys) == 1 else ""


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", letters.fold(text))
