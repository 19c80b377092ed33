"""A phrase that changes one field of a draft."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.spoken.changes import apply_change
from knowledge.spoken.model import Draft

NOW = datetime(2025, 11, 20, 18)
DRAFT = Draft("community_meeting", datetime(2025, 11, 18, 14), minutes=120, headcount=5)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("改成三點", {"starts_at": datetime(2025, 11, 18, 15)}),
        ("把上一筆改成三點", {"starts_at": datetime(2025, 11, 18, 15)}),
        ("時間改 13:00-16:00", {"starts_at": datetime(2025, 11, 18, 13), "minutes": 180}),
        ("人數改 8 人", {"headcount": 8}),
        ("人數應該是12", {"headcount": 12}),
        ("8人", {"headcount": 8}),
        ("主題改成閱讀策略", {"topic": "閱讀策略"}),
        ("主題改成<b>SDGs</b>", {"topic": "SDGs"}),
        ("改到11/19", {"starts_at": datetime(2025, 11, 19, 14)}),
        ("不對，是昨天", {"starts_at": datetime(2025, 11, 19, 14)}),
        ("時數改3小時", {"minutes": 180}),
        ("四點半結束", {"minutes": 150}),
        ("改成工作坊", {"kind": "workshop"}),
        ("改線上", {"mode": "online"}),
        ("主持人改成王主任", {"host": "王主任"}),
        ("時間改下午2點", {}),
    ],
)
def test_a_change_touches_what_it_names(text: str, changed: dict[str, Any]) -> None:
    now = apply_change(DRAFT, text, NOW)
    assert now is not None
    assert {name: getattr(now, name) for name in now.__slots__ if getattr(now, name) != getattr(DRAFT, name)} == changed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "你好",
        "人數改-3",
        "人數改10億",
        "時數改25小時",
        "時數改0",
        "改2/30",
        "改成明天",
        "時間改四點到兩點",
        "昨天社群2小時",
    ],
)
def test_what_can_not_be_changed_is_refused(text: str) -> None:
    assert apply_change(DRAFT, text, NOW) is None


def test_what_is_planned_may_be_put_off() -> None:
    planned = Draft("workshop", datetime(2025, 11, 25, 9), minutes=180)
    assert apply_change(planned, "改到11/26", NOW) == Draft("workshop", datetime(2025, 11, 26, 9), minutes=180)


@given(st.text(max_size=40), st.sampled_from(["", "改成", "人數改", "時數改", "改到"]))
def test_any_phrase_may_be_given(text: str, lead: str) -> None:
    changed = apply_change(DRAFT, lead + text, NOW)
    if changed:
        assert changed.minutes is not None
        assert 0 < changed.minutes <= 24 * 60
        assert changed.headcount is not None
        assert 1 <= changed.headcount <= 5_000
