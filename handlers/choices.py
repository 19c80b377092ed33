"""What a person may tap or type instead: labels, numbers, and which of the offered choices is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import regex

from bot.messages import Choice, Message
from handlers.dialogue import State
from knowledge.answering.normalise import squash

LONGEST_LABEL = 20
"""Graphemes of a label that every channel shows."""
LONGEST_ACTION = 64
"""Bytes that a button carries in every channel."""

NO_SUCH_NUMBER = "沒有這個號碼。請選 1 到 {count}，或直接打字提問。"
NOTHING_OFFERED = "目前沒有編號可以選。請直接打字提問，或輸入「選單」。"
MENU = Choice("選單", "m:menu", aside=True)

_KEYCAP = re.compile("[\ufe0e\ufe0f\u20e3]")
_ORDINAL = re.compile(
    r"""[(\[「『【]*\s*
    (?:我?(?:想|要)?(?:要|選擇|選|問))?\s*(?:選項|編號|no\.?|\#)?\s*
    (?:(?P<plain>[0-9]{1,2}|[一二兩三四五六七八九十]{1,3})\s*號?
      |第\s*(?P<counted>[0-9]{1,2}|[一二兩三四五六七八九十]{1,3})\s*(?:個|號|項|題|種)?(?:選項|問題|計畫)?
      |(?P<last>最後)(?:一?(?:個|項|題))?)
    \s*[)\]」』】.、,。:!~]*\s*
    (?:好了|謝謝|呢|吧|啊|喔|哦)?[.。!~]*""",
    re.VERBOSE | re.IGNORECASE,
)
_DIGITS = {"一": 1, "二": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
LAST = -1
"""What `typed_number` gives for 「最後一個」."""


def label(text: str) -> str:
    """The text as a label: as much as every channel shows, never cut within a letter."""
    letters: list[str] = regex.findall(r"\X", text)
    return text if len(letters) <= LONGEST_LABEL else "".join(letters[: LONGEST_LABEL - 1]) + "…"


def typed_number(text: str) -> int | None:
    """The number that a text consists of: 3, ３, 三, 「3.」, 「(3)」, ③, 「第三個」, 「我選 3」; else None.

    `LAST` for 「最後一個」. Numbers of three digits are years or amounts, not choices.
    """
    plain = unicodedata.normalize("NFKC", _KEYCAP.sub("", text)).strip()
    found = _ORDINAL.fullmatch(plain)
    if found is None:
        return None
    if found["last"]:
        return LAST
    return _value(found["plain"] or found["counted"])


def _value(numeral: str) -> int | None:
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def numbered(offered: Iterable[Choice]) -> list[Choice]:
    """The main choices in the order of their numbers: the first is 1."""
    return [choice for choice in offered if not choice.aside]


def resolve(text: str, offered: Sequence[Choice], names: Mapping[str, str] = _NO_NAMES) -> Choice | None:
    """The offered choice that a person names by its number, its label, or both (「2. 補助上限」).

    `names`: folded names of programmes and their slugs; the name alone chooses the one entry of that programme.
    """
    main = numbered(offered)
    number = typed_number(text)
    if number is not None and (number == LAST or 1 <= number <= len(main)):
        return main[number if number == LAST else number - 1] if main else None
    typed = squash(text)
    if not typed:
        return None
    for choice in offered:
        if squash(choice.label) == typed:
            return choice
    for place, choice in enumerate(main, 1):
        if squash(f"{place} {choice.label}") == typed:
            return choice
    slug = programme_named(text, names)
    of_programme = [choice for choice in main if slug and choice.action.startswith(f"e:{slug}/")]
    return of_programme[0] if len(of_programme) == 1 else None


def programme_named(text: str, names: Mapping[str, str]) -> str:
    """The slug of the programme that a text names and says nothing else of; else empty."""
    return names.get(squash(text).rstrip("的呢吧啊"), "")


def remember(state: State, messages: Iterable[Message]) -> State:
    """The state after these messages were shown.

    What a reply does not replace stays on offer: after 「謝謝」 the numbers above it mean what they meant.
    """
    shown = [choice for message in messages for choice in message.choices]
    main = numbered(shown) or numbered(state.offered)
    asides = [c for c in shown if c.aside] or [c for c in state.offered if c.aside]
    return replace(state, offered=(*main, *asides))


def about_number(state: State, text: str) -> str | None:
    """What to say to a number that names no choice; None where the text is no such number."""
    if typed_number(text) is None:
        return None
    count = len(numbered(state.offered))
    return NO_SUCH_NUMBER.format(count=count) if count else NOTHING_OFFERED
