"""A form filled in over several lines, 「日期：… 地點：… 流程：…」: which of its lines don't say what was held."""

from __future__ import annotations

import re

_ASIDE = re.compile(
    r"(?:\A|(?<=[\s,。;|]))(?:[\u4e00-\u9fff]{0,4}(?:流程|議程|程序|行程|大綱|出席|參加|參與|與會|對象|缺席|請假|人員|成員|地點|場地"
    r"|主持|召集|講師|主講|講者|教師|教授|記錄者|記錄人|紀錄|備註|附註|決議|結論|待辦|追蹤|單位|承辦|回饋|心得|反思|照片|附件|下次)"
    r"[\u4e00-\u9fff]{0,3})\s*:\s*([^\n]*?)(?=\s[\u4e00-\u9fff]{2,6}\s*:|\n|\Z)"
)


def asides(text: str) -> list[tuple[int, int]]:
    """Where a folded text tells who, where and how in labelled values: a kind named there is not what was held."""
    return [match.span(1) for match in _ASIDE.finditer(text)]
