"""Messages as LINE's message objects: at most five, within LINE's limits, no word lost that fits anywhere.

In private a card is a Flex bubble and a text is a text, or a small bubble where it offers choices. Choices
are numbered through all messages of an answer, as the person may type the number. Asides are quick replies
under the last message; LINE for PC shows none, so a grey line there names them for typing.

In a group everything is one text that quotes the asker (a Flex message can't quote), followed by a bubble
that holds only the buttons: short, and clear whom it answers. The typing line is left out, since
unmentioned words go unheard. The same compact form carries what would need more than five objects, or a
card too long for a bubble.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.channels.limits import clean, clip, is_blank, split
from bot.channels.line.bubble import bubble, fits, flex
from bot.channels.line.buttons import chunks, label_of, quick_reply
from bot.messages import Card, Choice, Message, Text

MOST_OBJECTS = 5
TEXT_LIMIT = 5000
"""UTF-16 units in a text message."""
NOTHING = "抱歉，這次沒有內容可以顯示。請輸入「選單」。"
"""Said where every message is blank, since LINE refuses an empty one."""
CHOOSE = "請點選："
TYPE_INSTEAD = "也可以直接打字："


def message_objects(
    messages: Sequence[Message], *, in_group: bool = False, quote_token: str = ""
) -> list[dict[str, Any]]:
    """The `messages` of a reply or push. Fails on no text and returns one to five objects."""
    said = [tidy for message in messages if not _is_empty(tidy := _tidied(message))] or [Text(NOTHING)]
    asides = [choice for message in messages for choice in message.choices if choice.aside]
    hint = "" if in_group else _hint(asides)
    objects = _compact(said, hint) if in_group else _drawn(said, hint)
    if len(objects) > MOST_OBJECTS:
        objects = _drawn(_joined(said), hint)
    if len(objects) > MOST_OBJECTS:
        objects = _compact(said, hint)
    if in_group and quote_token and objects[0]["type"] == "text":
        objects[0]["quoteToken"] = quote_token
    replies = quick_reply(asides)
    if replies:
        objects[-1]["quickReply"] = replies
    return objects


def _drawn(messages: Sequence[Message], hint: str) -> list[dict[str, Any]]:
    objects, number = [], 1
    for index, message in enumerate(messages):
        main = _main(message)
        last = index == len(messages) - 1
        objects += _draw(message, main, number, hint if last else "")
        number += len(main)
    return objects


def _draw(message: Message, main: Sequence[Choice], number: int, hint: str) -> list[dict[str, Any]]:
    card = message if isinstance(message, Card) else Card("", message.text)
    words = {"status": card.status, "title": card.title, "text": card.text, "source": card.source}
    as_text = isinstance(message, Text) and not main
    if as_text or not fits(**words):
        return _texts_and_buttons(_as_text(message), main, number, hint)
    groups = chunks(main, number)
    first = groups[0] if groups else []
    choose = CHOOSE + _numbered(main, number)
    return [
        flex(bubble(**words, rows=first, hint=hint if len(groups) < 2 else ""), _alt_text(card) or choose),
        *_button_bubbles(groups[1:], choose, hint),
    ]


def _compact(messages: Sequence[Message], hint: str) -> list[dict[str, Any]]:
    text = "\n\n".join(words for message in messages if (words := _as_text(message)))
    main = [choice for message in messages for choice in _main(message)]
    objects = _texts_and_buttons(text, main, 1, hint)
    texts = [found for found in objects if found["type"] == "text"]
    buttons = [found for found in objects if found["type"] == "flex"][: MOST_OBJECTS - 1]
    room = MOST_OBJECTS - len(buttons)
    if len(texts) > room:
        texts = texts[:room]
        texts[-1] = {"type": "text", "text": clip(texts[-1]["text"] + "……", TEXT_LIMIT)}
    return texts + buttons


def _texts_and_buttons(text: str, main: Sequence[Choice], number: int, hint: str) -> list[dict[str, Any]]:
    if not main:
        text = "\n\n".join(part for part in (text, hint) if part)
    parts = [part for part in split(text, TEXT_LIMIT) if not is_blank(part)]
    groups = chunks(main, number)
    buttons = _button_bubbles(groups, CHOOSE + _numbered(main, number), hint)
    return [*({"type": "text", "text": part} for part in parts), *buttons]


def _button_bubbles(groups: Sequence[list[dict[str, Any]]], alt_text: str, hint: str) -> list[dict[str, Any]]:
    last = len(groups) - 1
    return [
        flex(bubble(text=CHOOSE, rows=rows, hint=hint if index == last else ""), alt_text)
        for index, rows in enumerate(groups)
    ]


def _joined(messages: Sequence[Message]) -> list[Message]:
    """Neighbouring texts as one; cards, and texts that offer something, stay apart."""
    joined: list[Message] = []
    for message in messages:
        before = joined[-1] if joined else None
        if isinstance(message, Text) and isinstance(before, Text) and not _main(before) and not _main(message):
            joined[-1] = Text(f"{before.text}\n\n{message.text}", before.choices + message.choices)
        else:
            joined.append(message)
    return joined


def _tidied(message: Message) -> Message:
    if isinstance(message, Text):
        return Text(clean(message.text).strip(), message.choices)
    return replace(
        message,
        title=clean(message.title).strip(),
        text=clean(message.text).strip(),
        source=clean(message.source).strip(),
        status=clean(message.status).strip(),
    )


def _is_empty(message: Message) -> bool:
    """Asides alone are no message: they go under another one."""
    return is_blank(_as_text(message)) and not _main(message)


def _as_text(message: Message) -> str:
    if isinstance(message, Text):
        return message.text
    head = "".join([f"【{message.status}】" if message.status else "", message.title])
    return "\n".join(part for part in (head, message.text, message.source) if part)


def _alt_text(card: Card) -> str:
    title = "" if is_blank(card.title) else f"【{card.title}】"
    words = title + ("" if is_blank(card.text) else card.text)
    return words or ("" if is_blank(_as_text(card)) else _as_text(card))


def _main(message: Message) -> list[Choice]:
    return [choice for choice in message.choices if not choice.aside]


def _numbered(main: Sequence[Choice], number: int) -> str:
    return "／".join(f"{index} {label_of(choice)}" for index, choice in enumerate(main, number))


def _hint(asides: Iterable[Choice]) -> str:
    labels = list(dict.fromkeys(label_of(choice) for choice in asides))
    return TYPE_INSTEAD + "／".join(labels) if labels else ""
