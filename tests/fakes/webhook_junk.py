"""Events that a provider would not send: real ones in which parts are anything that JSON can hold."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.fakes import line_events, telegram_events

junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TEMPLATES: tuple[dict[str, Any], ...] = (
    line_events.text("鐘點費"),
    line_events.asked_in_group("鐘點費"),
    line_events.postback("m:menu"),
    line_events.sticker(),
    line_events.unsend("m1"),
    line_events.event("follow", follow={"isUnblocked": False}),
    line_events.event("leave", reply_token=""),
    telegram_events.text("鐘點費"),
    telegram_events.text("@xueban_test_bot 鐘點費", where=telegram_events.GROUP),
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, part in inner for path in paths(part, (*here, key)))]


def changed(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    """A copy with one part replaced."""
    if not path:
        return part
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], part)
    return copy


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """A real event in which up to three parts are junk."""
    event: Any = draw(st.sampled_from(TEMPLATES))
    for _ in range(draw(st.integers(0, 3))):
        event = changed(event, draw(st.sampled_from(paths(event))), draw(junk))
    return event
