"""Facts as a file gives them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.deadlines.facts import FactsError, read_facts
from tests.knowledge.deadlines.toy import toy


def test_days_become_numbers_and_choices_stay() -> None:
    found = read_facts(toy(), {"owner": "state", "sown_on": "2024-02-29"})
    assert found == {"owner": "state", "sown_on": date(2024, 2, 29).toordinal()}


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ([], "JSON 物件"),
        (None, "JSON 物件"),
        ({"sown": "2025-01-01"}, "沒有「sown」這個欄位"),
        ({"sown_on": "2025-02-29"}, "要是存在的日期"),
        ({"sown_on": "2025/02/01"}, "要是存在的日期"),
        ({"sown_on": "2025-02-01T09:00"}, "要是存在的日期"),
        ({"sown_on": "0114-02-01"}, "要在 1990 年到 2199 年之間"),
        ({"sown_on": 20250201}, "要是存在的日期"),
        ({"sown_on": None}, "要是存在的日期"),
        ({"owner": "nobody"}, "要是 state、county 其中之一"),
        ({"owner": True}, "要是 state、county 其中之一"),
    ],
)
def test_what_cannot_be_right_is_one_sentence(given: Any, because: str) -> None:
    with pytest.raises(FactsError) as refused:
        read_facts(toy(), given)
    assert because in str(refused.value)
    assert str(refused.value).endswith("。")
    assert "\n" not in str(refused.value)


def test_unknown_facts_can_be_let_pass_but_wrong_ones_never() -> None:
    assert read_facts(toy(), {"students": 12, "owner": "county"}, strict=False) == {"owner": "county"}
    with pytest.raises(FactsError):
        read_facts(toy(), {"students": 12, "sown_on": "soon"}, strict=False)
