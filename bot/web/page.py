"""How a transcript becomes HTML. The templates escape everything; only web addresses are marked up."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.clock import TAIPEI, from_epoch_ms
from bot.evidence.inspect import ENDINGS, IMAGES
from bot.evidence.intake import MOST_FILES
from bot.store.transcript import Line
from handlers.ask import ANSWERED, REFUSED, UNSURE

HERE = Path(__file__).parent
STATIC = HERE / "static"
LONGEST_TEXT = 5_000
"""Characters of one message."""
WEEKDAYS = "一二三四五六日"
TONES = {ANSWERED: "sure", UNSURE: "unsure", REFUSED: "none"}
"""A status word's colour; an unknown word has a neutral one. The word itself is always there."""
_PHRASE = re.compile(r"[^：，、？！；。]*[：，、？！；。]+|[^：，、？！；。]+")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")


class Page:
    """Renders the whole page, or only the lines that are new to it, from the same macro.

    `largest_file`: bytes of a file that the composer takes; 0 for a composer that takes none.
    """

    def __init__(self, largest_file: int = 0) -> None:
        environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(local=_local, day=day_words, links=links, phrases=phrases)
        environment.globals.update(
            asset=_asset, tones=TONES, once=new_once, longest=LONGEST_TEXT, most_files=MOST_FILES
        )
        environment.globals.update(largest_file=largest_file, accepted=",".join((*IMAGES, *ENDINGS.values())))
        self._page = environment.get_template("chat.html")
        self._lines = environment.get_template("fragment.html")

    def whole(self, lines: Sequence[Line], *, after: int, waiting: bool, notice: str = "", draft: str = "") -> str:
        """The page; `notice` is a word about what went wrong, `draft` what stays in the composer."""
        return self._page.render(lines=lines, after=after, waiting=waiting, notice=notice, draft=draft)

    def fragment(self, lines: Sequence[Line]) -> str:
        """Lines alone, to be appended by the script."""
        return self._lines.render(lines=lines)


def new_once() -> str:
    """A one-time id for a form: the same form sent twice is the same event."""
    return str(uuid.uuid4())


def day_words(at: int) -> str:
    """A day as people say it: 「2025年9月5日（五）」. `at` in epoch milliseconds."""
    moment = _local(at)
    return f"{moment.year}年{moment.month}月{moment.day}日（{WEEKDAYS[moment.weekday()]}）"


def links(text: str) -> Markup:
    """Escaped text whose web addresses can be followed."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = found.group().rstrip(".,;:!?'")
        if address.count("(") < address.count(")"):
            address = address.rstrip(")")
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{0}" rel="noopener noreferrer" target="_blank">{0}</a>').format(address))
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


def phrases(text: str) -> Markup:
    """Escaped text whose phrases are kept together where lines break: Chinese has no blanks to break at."""
    parts = (Markup('<span class="phrase">{0}</span>').format(part) for part in _PHRASE.findall(text))
    return Markup("").join(parts)


def _local(at: int) -> datetime:
    return from_epoch_ms(at).astimezone(TAIPEI)


def _asset(name: str) -> str:
    """A static file's address, which changes with its content so that no browser shows yesterday's."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
