"""What webhooks carry is read and written as the standard library would, only faster."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbox.encoding import DEEPEST, decode, encode

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_what_is_written_is_read_again_as_it_was(event: dict[str, Any]) -> None:
    assert json.loads(encode(event)) == event
    assert decode(json.dumps(event).encode()) == event


def test_half_a_surrogate_pair_is_kept() -> None:
    event = decode(b'{"text": "\\ud83d"}')
    assert event == {"text": "\ud83d"}
    assert json.loads(encode(event)) == event


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_spoils_only_the_event_that_holds_it(number: bytes) -> None:
    odd, sound = decode(b'[{"at": %b}, {"at": 1.5}]' % number)
    assert encode(sound) == '{"at":1.5}'
    with pytest.raises((TypeError, ValueError)):
        encode(odd)


def test_a_nan_that_came_another_way_is_not_turned_into_null() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        encode({"at": float("nan")})


def test_an_event_nested_too_deeply_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(DEEPEST):
        deep = {"in": deep}
    with pytest.raises(ValueError, match="deep"):
        encode(deep)


@given(st.binary())
def test_anything_else_is_a_value_error(body: bytes) -> None:
    try:
        decode(body)
    except (ValueError, RecursionError):
        return
