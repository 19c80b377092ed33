"""Deadlines of a programme that nobody runs, with one of everything."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from knowledge.deadlines.engine import Due, resolve
from knowledge.deadlines.model import Deadlines
from knowledge.deadlines.reading import read_deadlines

FILE = "knowledge/programmes/school-garden/114/deadlines.yaml"
TOY = """\
from: 2025-08-01
until: 2026-07-31
facts:
  - key: owner
    title: 主管機關
    ask: 菜園歸誰管？
    type: choice
    options: {state: 中央, county: 縣市}
    why: 送件的地方不同。
    unsure: 看公文。
  - key: county_day
    title: 縣市截止日
    ask: 縣市訂哪一天？
    type: date
    why: 縣市自訂。
    unsure: 問縣市。
  - key: sown_on
    title: 播種日
    ask: 哪一天播種？
    type: date
    why: 從播種起算。
    unsure: 看紀錄。
deadlines:
  - key: apply
    title: 送件
    kind: hard
    after: closed
    when: {owner: state}
    due: 2025-05-05T17:00
    cite: [貳/二]
    note: 中央管的送中央。
  - key: apply
    title: 送件
    kind: hard
    after: closed
    when: {owner: county}
    due: county_day, not after 2025-05-12
    cite: [貳/三]
    note: 縣市管的送縣市。
  - key: forward
    title: 縣市轉送
    kind: hard
    after: closed
    when: {owner: county}
    due: 2025-05-12
    cite: [貳/三]
    note: 由縣市轉送。
  - key: harvest
    title: 收成
    kind: soft
    after: owed
    due: sown_on + 3 months
    cite: [參]
    note: 三個月內。
  - key: tasting
    title: 試吃
    kind: soft
    after: owed
    due: sown_on + 100 days, not after 2026-06-30
    cite: [參]
    note: 一百天內，最晚六月底。
  - key: report
    title: 報告
    kind: hard
    after: owed
    due: 2026-09-30
    cite: [肆]
    note: 結束後兩個月內。
examples:
  - name: 中央管的學校
    facts: {owner: state, sown_on: 2025-11-30}
    now: 2025-05-05T09:00
    due: {apply: 2025-05-05T17:00, harvest: 2026-02-28, report: 2026-09-30}
    states: {apply: due_today, report: upcoming}
    absent: [forward]
"""


@cache
def toy(text: str = TOY) -> Deadlines:
    """What the text says."""
    return read_deadlines(text.encode(), FILE, "school-garden", "114")


def told(now: str, facts: dict[str, Any] | None = None, **more: Any) -> dict[str, Due]:
    """The toy's deadlines by key, at a moment."""
    return {row.key: row for row in resolve(toy(), facts or {}, datetime.fromisoformat(now), **more)}
