"""From messages to frozen Bot API calls: HTML, an inline keyboard, every choice numbered in the text as well.

All messages that answer one event share one `sendMessage` wherever they fit, because Telegram has no
idempotency key: what is one call can't be half sent. Formatting goes by whole lines, so that a text may be
parted after any.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.channels import limits
from bot.messages import Card, Choice, Incoming, Message, Outgoing

LONGEST_TEXT = 4096
"""UTF-16 units after Telegram has taken the entities out. Telegram counts characters; this is never more."""
LONGEST_DATA = 64
"""Bytes of `callback_data`."""
LONGEST_LABEL = 20
"""Graphemes on a button."""
MOST_BUTTONS = 80
"""Main choices as buttons; Telegram takes 100 in all."""
ASIDES_IN_ONE_ROW = 4
ASIDES_IN_A_ROW_OF_TWO = 8

REPEAT_NOTE = "（若已收到請略過）"
"""Appended by the sender when a message goes out that may have arrived before."""

ONLY_BUTTONS = "請選擇："
"""Stands above buttons that came without words: Telegram refuses an empty text."""

_ROOM = LONGEST_TEXT - limits.utf16_units(f"\n{REPEAT_NOTE}")

Button = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    tag: Literal["", "b", "i"] = ""

    @property
    def units(self) -> int:
        return limits.utf16_units(self.text) + 1

    def html(self) -> str:
        escaped = html.escape(self.text, quote=False)
        return f"<{self.tag}>{escaped}</{self.tag}>" if self.tag and escaped else escaped


def render(incoming: Incoming, messages: Sequence[Message]) -> Outgoing:
    """All messages that answer one event, as the calls that send them."""
    keyboard = _keyboard([choice for message in messages for choice in message.choices])
    texts = [_joined(page) for page in _pages(_lines(messages))]
    if keyboard and not texts:
        texts = [ONLY_BUTTONS]
    calls = [_call("answerCallbackQuery", callback_query_id=incoming.reply_token)] if incoming.reply_token else []
    for index, text in enumerate(texts):
        extra: dict[str, Any] = {}
        if index == 0 and incoming.in_group and incoming.quote_token.isdecimal():
            quoted = int(incoming.quote_token)
            extra["reply_parameters"] = {"message_id": quoted, "allow_sending_without_reply": True}
        if index == len(texts) - 1 and keyboard:
            extra["reply_markup"] = {"inline_keyboard": keyboard}
        calls.append(_send(incoming.address, text, extra))
    return Outgoing(method="push", payload={"calls": calls})


def render_push(address: str, messages: Sequence[Message]) -> Outgoing:
    """Messages that answer nothing, for a private chat, as the calls that send them."""
    return render(Incoming("telegram", "", address, address, 0), messages)


def labelled(text: str) -> str:
    """A rendered text with the note that it may be a repeat; there is room for it in every rendered text."""
    return f"{text}\n{REPEAT_NOTE}"


def _call(method: str, **params: Any) -> dict[str, Any]:
    return {"method": method, "params": params}


def _send(address: str, text: str, extra: dict[str, Any]) -> dict[str, Any]:
    return _call(
        "sendMessage",
        chat_id=address,
        text=text,
        parse_mode="HTML",
        link_preview_options={"is_disabled": True},
        **extra,
    )


def _lines(messages: Sequence[Message]) -> Iterator[_Line]:
    number = 0
    for index, message in enumerate(messages):
        if index:
            yield _Line("")
        yield from _words(message)
        numbered = [choice for choice in message.choices if not choice.aside]
        if numbered:
            yield _Line("")
        for choice in numbered:
            number += 1
            yield _Line(f"{number}. {_one_line(choice.label)}".rstrip())


def _words(message: Message) -> Iterator[_Line]:
    if isinstance(message, Card):
        heading = "／".join(part for part in (_one_line(message.status), _one_line(message.title)) if part)
        if heading:
            yield _Line(heading, "b")
    for line in limits.clean(message.text).split("\n"):
        yield _Line(line)
    if isinstance(message, Card) and message.source:
        yield _Line("")
        for line in limits.clean(message.source).split("\n"):
            yield _Line(line, "i")


def _one_line(text: str) -> str:
    return " ".join(limits.clean(text).split())


def _pages(lines: Iterator[_Line]) -> Iterator[list[_Line]]:
    """The lines in as few texts as they need, each within the limit and none of them blank."""
    page: list[_Line] = []
    used = 0
    for line in (part for whole in lines for part in _parts(whole)):
        if used + line.units > _ROOM and page:
            yield from _trimmed(page)
            page, used = [], 0
        page.append(line)
        used += line.units
    yield from _trimmed(page)


def _parts(line: _Line) -> list[_Line]:
    if line.units <= _ROOM:
        return [line]
    return [_Line(part, line.tag) for part in limits.split(line.text, _ROOM - 1)]


def _trimmed(page: list[_Line]) -> Iterator[list[_Line]]:
    seen = [index for index, line in enumerate(page) if not limits.is_blank(line.text)]
    if seen:
        yield page[seen[0] : seen[-1] + 1]


def _joined(page: list[_Line]) -> str:
    return "\n".join(line.html() for line in page)


def _keyboard(choices: Sequence[Choice]) -> list[list[Button]]:
    main = [[button] for choice in choices if not choice.aside and (button := _button(choice))]
    asides = [button for choice in choices if choice.aside and (button := _button(choice))]
    return main[:MOST_BUTTONS] + _rows_of_asides(asides)


def _rows_of_asides(asides: list[Button]) -> list[list[Button]]:
    if len(asides) <= ASIDES_IN_ONE_ROW:
        return [asides] if asides else []
    shown = asides[: 2 * ASIDES_IN_A_ROW_OF_TWO]
    half = (len(shown) + 1) // 2
    return [shown[:half], shown[half:]]


def _button(choice: Choice) -> Button | None:
    """None where Telegram would refuse it; a main choice then still stands in the text, with its number."""
    if choice.picker:
        return None
    label = limits.clip(_one_line(choice.label), LONGEST_LABEL, limits.grapheme_count)
    action = limits.clean(choice.action)
    if limits.is_blank(label) or action != choice.action or not 1 <= limits.utf8_bytes(action) <= LONGEST_DATA:
        return None
    return {"text": label, "callback_data": action}
