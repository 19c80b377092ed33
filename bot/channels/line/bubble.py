"""Draws one Flex bubble: a status word, a title, the words that matter, rows to tap, and the source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.limits import clip, is_blank, utf16_units

BUBBLE_BYTES = 30 * 1024
"""LINE's limit on a bubble's JSON."""
ALT_TEXT = 1500
STATUS, TITLE, TEXT, SOURCE, HINT = 30, 150, 1800, 500, 200
"""UTF-16 units. At six bytes each they and `buttons.ROW_BYTES` stay below `BUBBLE_BYTES`."""

_COLOURS = {"查到了": "#047857", "想確認一下": "#B45309", "查不到": "#475569"}
_OTHER_STATUS = "#1D4ED8"
"""White on any of these has a contrast of at least 4.5 to 1; LINE's own green has 2.3."""
_TITLE_INK, _TEXT_INK, _FAINT_INK = "#111827", "#1F2937", "#475569"


def fits(*, status: str, title: str, text: str, source: str) -> bool:
    """Whether all the words can stand in one bubble unshortened."""
    sizes = ((status, STATUS), (title, TITLE), (text, TEXT), (source, SOURCE))
    return all(utf16_units(words) <= limit for words, limit in sizes)


def bubble(
    *,
    status: str = "",
    title: str = "",
    text: str = "",
    source: str = "",
    hint: str = "",
    rows: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A bubble of whatever is not blank. The caller has asked `fits`, and keeps rows within `ROW_BYTES`."""
    drawn: dict[str, Any] = {"type": "bubble", "size": "mega"}
    if not is_blank(status):
        colour = _COLOURS.get(status.strip(), _OTHER_STATUS)
        word = _words(status, size="md", color="#FFFFFF", weight="bold")
        drawn["header"] = {**_column([word]), "backgroundColor": colour, "paddingAll": "md"}
    body = [
        *_unless_blank(title, size="lg", color=_TITLE_INK, weight="bold"),
        *_unless_blank(text, size="md", color=_TEXT_INK, lineSpacing="6px"),
        *rows,
    ]
    if body:
        drawn["body"] = {**_column(body), "spacing": "md"}
    notes = [
        *_unless_blank(source, size="sm", color=_FAINT_INK),
        *_unless_blank(clip(hint, HINT), size="sm", color=_FAINT_INK),
    ]
    if notes:
        drawn["footer"] = {**_column(notes), "spacing": "sm"}
    return drawn


def flex(contents: dict[str, Any], alt_text: str) -> dict[str, Any]:
    """A message object. `alt_text` is all that notifications, chat list and quotes show: it stands alone."""
    return {"type": "flex", "altText": clip(" ".join(alt_text.split()), ALT_TEXT), "contents": contents}


def _column(contents: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": contents}


def _unless_blank(text: str, **looks: str) -> list[dict[str, Any]]:
    return [] if is_blank(text) else [_words(text, **looks)]


def _words(text: str, **looks: str) -> dict[str, Any]:
    """Text that wraps and grows with the reader's own font size."""
    return {"type": "text", "text": text, "wrap": True, "scaling": True, **looks}
