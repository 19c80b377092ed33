"""Which lines of a filled-in form say what was held."""

from __future__ import annotations

import pytest

from knowledge.spoken.sheets import asides


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("類別:社群\n地點:輔導室\n流程:觀課、議課", ["輔導室", "觀課、議課"]),
        ("主持人:輔導主任 出席:社群教師", ["輔導主任", "社群教師"]),
        ("名稱:工作坊\n日期:11/18", []),
        ("昨天社群2小時", []),
    ],
)
def test_who_where_and_how_are_asides(text: str, values: list[str]) -> None:
    assert [text[start:end] for start, end in asides(text)] == values
