"""Whether someone wants to be walked through a checklist: 「我們可以申請跨校遠距嗎」, 「檢核均質化」, 「我的檢核」.

A question about the rules (「國小可以申請嗎」) is none: only words about one's own school, or the word 「檢核」 itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.answering.normalise import LONGEST, squash

MINE, CHECK, WHICH = "mine", "check", "which"

# squash brings everything to simplified characters without blanks or marks; 計畫 becomes 计画, 計劃 计划.
_ASKING = r"(?:你好|您好|请问|想问|想请问|我想问|想知道|我想知道|想确认|我想确认|帮我看|帮我看看|请帮我看|看看){0,3}"
# 「學校可以申請嗎」 may be about any school; one's own is 「我們（學校）」, 「本校」.
_US = rf"{_ASKING}(?:我们(?:这所|这间)?(?:学校|校)?|我校|本校|敝校)(?:现在|今年|明年|这学期|下学期)?"
_MAY = (
    r"(?:可以|可不可以|能不能|能|可否|能否|是否可以|是否能|是不是可以|是否有资格|有没有资格|有资格|够不够格|够格"
    r"|有没有办法|有办法|有没有机会|有机会)"
)
_APPLY = r"(?:去|来)?(?:申请|报名|参加|参与|办理|提案|提|办|做)"
_PLAN = r"(?:这个|那个|这项)?(?:补助)?(?:计[画划]|方案)?"
_WHICH = r"(?:哪些|什么|哪个|哪一个|哪几个|哪一些)(?:教育部的?)?(?:补助计[画划]|补助方案|计[画划]|方案|补助)"
_TERMS = r"(?:申请)?(?:资格|条件|要件)"
_MEETS = r"(?:是否|是不是|有没有)?(?:符合|符不符合|具备)"
_FITS = r"(?:适不适合|是否适合|适合)"
_END = r"(?:吗|嘛|么|呢|吧|啊|呀|谢谢)*"
_WISH = r"(?:我们|我|想要|想|要|请|帮|开始|来|做|进行){0,4}"
_CHECK = r"(?:资格检核|申请检核|资格审查|资格检查|检核表|检核|补助试算|试算)"
_OF_ONE = re.compile(
    rf"{_US}{_MAY}{_APPLY}@{_PLAN}{_END}"
    rf"|{_US}{_MEETS}@{_PLAN}的?{_TERMS}{_END}"
    rf"|{_US}{_FITS}{_APPLY}?@{_PLAN}{_END}"
    rf"|{_US}想要?{_APPLY}@{_PLAN}{_MAY}{_END}"
    rf"|@{_PLAN}{_US}{_MAY}{_APPLY}{_END}"
    rf"|{_WISH}{_CHECK}(?:一下)?@{_PLAN}(?:的?{_TERMS})?{_END}"
    rf"|{_WISH}(?:{_CHECK}|检查|确认)(?:一下)?(?:{_US}{_MAY}{_APPLY}@{_PLAN}|@{_PLAN}的?{_TERMS}){_END}"
    rf"|{_WISH}@{_PLAN}的?{_CHECK}{_END}"
)
_OF_ALL = re.compile(
    rf"{_US}{_MAY}{_APPLY}{_WHICH}{_END}"
    rf"|{_ASKING}{_MAY}(?:申请|报名|参加){_WHICH}{_END}"
    rf"|{_ASKING}有?{_WHICH}是?{_US}{_MAY}{_APPLY}的?{_END}"
    rf"|{_US}{_FITS}{_APPLY}?{_WHICH}{_END}"
    rf"|{_US}{_MEETS}{_WHICH}的?{_TERMS}{_END}"
)
_ALONE = re.compile(rf"{_WISH}{_CHECK}(?:一下)?{_END}|{_US}{_MAY}(?:申请|报名|参加){_END}")
_MINE = frozenset(
    map(
        squash,
        (
            "我的檢核",
            "我的檢核表",
            "檢核紀錄",
            "檢核記錄",
            "我的檢核紀錄",
            "之前的檢核",
            "看我的檢核",
            "檢核列表",
            "我之前的檢核",
            "查看我的檢核",
            "我做過的檢核",
            "做過的檢核",
            "我的檢核結果",
            "之前的檢核結果",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted. `programme` only with `CHECK`; empty where none was named."""

    what: str
    programme: str = ""


def read(text: str, names: Mapping[str, str]) -> Intent | None:
    """What someone wants of the checklists; None where the words are about something else.

    Args:
        names: squashed names of programmes and their slugs.
    """
    if len(text) > LONGEST:
        return None
    plain = squash(text)
    if plain in _MINE:
        return Intent(MINE)
    if _ALONE.fullmatch(plain):
        return Intent(CHECK)
    if _OF_ALL.fullmatch(plain):
        return Intent(WHICH)
    for name in sorted(names, key=len, reverse=True):
        if name in plain:
            named = plain.replace(name, "@", 1)
            return Intent(CHECK, names[name]) if _OF_ONE.fullmatch(named) and named != "@" else None
    return None
