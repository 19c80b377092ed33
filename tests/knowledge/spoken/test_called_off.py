"""One activity among several that was called off."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.spoken import called_off, letters

NOW = datetime(2025, 11, 20, 18)


@pytest.mark.parametrize(
    ("text", "gone"),
    [("11/11、11/18共備1小時，11/11停辦", "11/11"), ("11/18共備1小時（11/12停開）", "11/12")],
)
def test_the_day_called_off_cannot_be_read_any_more(text: str, gone: str) -> None:
    folded = letters.fold(text)
    left = called_off.without(folded, NOW)
    assert gone not in left
    assert "11/18" in left
    assert len(left) == len(folded), "places in the text stay valid"


@pytest.mark.parametrize(
    "text",
    [
        "11/18共備1小時，停辦",
        "共備1小時 11/11、11/18取消",
        "11/11共備取消，補開於11/18 1小時",
        "11/11共備取消，11/27共備1小時",
        "11/18共備1小時，11/19差點取消",
        "11/18共備1小時",
    ],
)
def test_the_text_stays_where_all_of_it_or_nothing_was_called_off_or_moved(text: str) -> None:
    folded = letters.fold(text)
    assert called_off.without(folded, NOW) == folded
