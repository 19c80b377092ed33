"""A checklist in `xueban chat --json`, which a second process takes up where the first one stopped."""

from __future__ import annotations

import json
from typing import Any

from tests.bot.shell import Run, batch


def said(xueban: Run, *lines: dict[str, str]) -> list[str]:
    """All words of each answer."""
    code, out, err = xueban("chat", "--json", given=batch(*lines))
    assert code == 0, err
    answers: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines()]
    return ["\n".join(message["text"] for message in answer["messages"]) for answer in answers]


def test_a_second_process_goes_on_with_the_checklist(xueban: Run) -> None:
    texts = ("我們可以申請跨校遠距嗎", "教育部", "國小可以申請嗎", "一學年", "１", "三所", "一般科目")
    first = said(xueban, *({"user": "甲", "text": text} for text in texts))
    assert "第 1 題，約剩 13 題" in first[0]
    assert "第 2 題" in first[2]
    assert "第 6 題" in first[-1]
    rest = ("實體加線上", "十二人", "是", "專任", "否", "否", "如果改成全線上呢", "我的檢核")
    second = said(xueban, *({"user": "甲", "tap": text} for text in rest))
    assert "第 7 題" in second[0]
    assert "全計畫上限：750,000 元" in second[5]
    assert "一般遠距" in second[6]
    assert "您做過的檢核" in second[7]


def test_two_users_of_one_terminal_are_two_people(xueban: Run) -> None:
    lines = [
        {"user": "甲", "text": "檢核入校陪伴"},
        {"user": "甲", "text": "國立"},
        {"user": "乙", "text": "我的檢核"},
        {"user": "乙", "text": "繼續作答"},
        {"user": "甲", "text": "高中"},
    ]
    answers = said(xueban, *lines)
    assert "還沒有檢核紀錄" in answers[2]
    assert "沒有做到一半" in answers[3]
    assert "第 3 題" in answers[4]
