"""A small checklist for tests of the engine: every type of question, a guard, a term, an amount, a priority."""

from __future__ import annotations

from knowledge.eligibility.model import Checklist
from knowledge.eligibility.reading import read_checklist

TOY = """\
questions:
  - key: authority
    title: 主管機關
    ask: 主管機關是哪一個？
    type: choice
    options: {moe: 教育部, local: 縣市政府}
    why: 補助比率不同。
    unsure: 看學校全銜。
  - key: tier
    title: 財力級次
    ask: 第幾級？
    type: number
    min: 1
    max: 5
    unit: 級
    only_if: authority == 'local'
    why: 補助比率不同。
    unsure: 問主計。
  - key: students
    title: 學生人數
    ask: 幾位學生？
    type: number
    min: 0
    max: 2000
    unit: 人
    why: 有門檻。
    unsure: 問註冊組。
  - key: spent
    title: 時數
    ask: 幾小時？
    type: hours
    min: 0
    max: 100
    why: 有門檻。
    unsure: 加起來。
  - key: items
    title: 項目
    ask: 辦哪些？
    type: several
    options: {a: 甲, b: 乙, c: 丙}
    why: 必辦。
    unsure: 看計畫書。
  - key: sent_at
    title: 送件時間
    ask: 何時送件？
    type: datetime
    why: 有期限。
    unsure: 看郵戳。
  - key: first_time
    title: 首次
    ask: 第一次嗎？
    type: yesno
    why: 優先。
    unsure: 問前任。
terms:
  - {key: share, is: 100 if authority == 'moe' else 40 + 10 * tier}
amounts:
  - key: ceiling
    title: 上限
    unit: 元
    is: 1001 * share // 100
    cite: [柒/一]
    explain: "1,001 元 × {share}％。"
rules:
  - key: enough
    title: 人數
    needs: students >= 12
    cite: [壹/一]
    fail: 要 12 人，您填 {students}。
    pass: 有 {students}。
  - key: long
    title: 時數
    when: authority == 'local'
    needs: spent >= hours('7.5')
    cite: [壹/二]
    fail: 要 7.5 小時，您填 {spent}。
    pass: 有 {spent}。
  - key: whole
    title: 項目
    needs: "'a' in items and count(items) >= 2"
    cite: [壹/三]
    fail: 沒辦 {items:absent}。
    pass: 辦了 {items}。
  - key: timely
    title: 期限
    needs: sent_at <= date('2016-10-28T17:00')
    cite: [壹/四, 貳]
    fail: "{sent_at} 太晚。"
    pass: 來得及。
    caution: 收件以系統時間為準。
priorities:
  - {key: newcomer, title: 優先, when: first_time, cite: [參], text: 首次申請優先。}
examples:
  - name: 好
    facts: &good {authority: local, tier: 3, students: 12, spent: 7.5, items: [a, b], sent_at: 2016-10-28T17:00}
    verdict: eligible
    amounts: {ceiling: 700}
  - {name: 人少, facts: {<<: *good, students: 11}, verdict: ineligible, fails: [enough]}
"""

GOOD = {
    "authority": "local",
    "tier": 3,
    "students": 12,
    "spent": 7.5,
    "items": ["a", "b"],
    "sent_at": "2016-10-28T17:00",
    "first_time": True,
}
"""A complete sheet of answers, as in a facts file."""


def toy(text: str = TOY) -> Checklist:
    """The checklist of this text."""
    return read_checklist(text.encode(), "toy/1/checklist.yaml", "toy", "1")
