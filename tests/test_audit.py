"""What `make audit` makes of the answers of pip-audit."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.audit import verdict

SAFE = {"name": "a", "version": "1", "vulns": []}
HOLED = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


def said(*packages: Mapping[str, object]) -> tuple[int, str]:
    code, lines = verdict(json.dumps({"dependencies": packages}))
    return code, "\n".join(lines)


def test_a_hole_is_a_failure_that_names_it() -> None:
    code, text = said(SAFE, HOLED, UNKNOWN)
    assert code == 1
    assert "b 2: PYSEC-1" in text


def test_what_is_clean_is_counted() -> None:
    assert said(SAFE, UNKNOWN) == (0, "pip-audit: no known hole in 1 packages; 1 could not be looked at here")


@pytest.mark.parametrize(
    "answer", ["", "Connection refused", "[]", "{}", '{"dependencies": [{"name": "c", "skip_reason": "x"}]}']
)
def test_where_nobody_knows_anything_it_is_skipped_in_one_line(answer: str) -> None:
    code, lines = verdict(answer)
    assert (code, len(lines)) == (0, 1)
    assert "skipped" in lines[0]
