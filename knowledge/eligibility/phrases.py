"""Cuts what a person typed into known pieces: wordings, numbers, fillers; and what is left over.

An answer must be made of known pieces only. So a whole sentence about something else is never taken for one, even
where a number or the name of an option stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import opencc

LONGEST = 200
"""Characters; no answer is longer."""
NUMERALS = "0-9零〇一二两三四五六七八九十百千万亿廿卅壹贰叁肆伍陆柒捌玖拾佰仟"

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True))
_RAISED = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")
_VARIANTS = str.maketrans(
    {"划": "画", "週": "周", "著": "着", **dict.fromkeys("⁄∕", "/"), **dict.fromkeys("−–—", "-"), "～": "~"}
)
_SPACES = re.compile(r"\s+")
_LOOSE_SPACE = re.compile(r"(?<![0-9a-z.]) | (?![0-9a-z.])")
_MARKS = re.compile(r"[\s,。、;:!.…~\"'()\[\]{}「」『』《》<>·・*_|/\\-]")
_NUMBER = re.compile(
    rf"(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:[十百千万亿][{NUMERALS}]*|[kw](?![a-z]))?"
    rf"|[{NUMERALS}]+(?:[.点][{NUMERALS}]+)?"
)
_ASKS = re.compile(
    "[?]|吗|呢|什么|怎么|怎样|怎麽|如何|为何|为啥|多少|多久|哪|谁|几|何时|是不是|有没有|能不能|可不可以|可以不可以|要不要|会不会|"
    "算不算|是否|可否|能否|行不行|好不好|对不对|请问|想问|想知道|还是说"
)
_PICTURES = {"Cf", "Cc", "So", "Sk", "Mn", "Me", "Co", "Cn", "Cs"}


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def form(text: str) -> str:
    """The one form in which texts are compared: widths, case, scripts of digits, simplified characters; no pictures."""
    text = text[: LONGEST + 1].encode("utf-8", "ignore").decode()
    text = _RAISED.sub(lambda found: "^" + "".join(_SUPERSCRIPTS[c] for c in found[0]), text.replace("🔟", "10"))
    text = unicodedata.normalize("NFKC", text).lower()
    text = _simplifier().convert(clean(text)).translate(_VARIANTS)
    return _LOOSE_SPACE.sub("", text)


def clean(text: str) -> str:
    """The text without pictures and marks that can't be seen; digits of every script are plain ones."""
    text = _SPACES.sub(" ", text.encode("utf-8", "ignore").decode())
    return _SPACES.sub(" ", "".join(_plain(char) for char in text)).strip()


def _plain(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else ""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return "" if category in _PICTURES else char


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """The form without any marks."""
    return _MARKS.sub("", form(text))


def asks(formed: str) -> bool:
    """Whether a text in its form asks for something, and so answers nothing."""
    return _ASKS.search(formed) is not None


@lru_cache(maxsize=8192)
def form_of(wording: str) -> str:
    """The form of a wording of ours, of which there are not many; what people type is not kept."""
    return form(wording)


class Sort(Enum):
    """What a piece is."""

    FILLER = "filler"
    MARK = "mark"
    NUMBER = "number"
    WORDING = "wording"
    """Has a meaning of its own, told by `of`."""
    ECHO = "echo"
    """Words of the question said again; as good as a filler."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text."""

    sort: Sort
    text: str
    of: frozenset[str] = frozenset()
    """Whose wording it is; two where a wording is shared."""


Lexicon = Mapping[str, frozenset[str]]
"""Wordings in their form, with what they stand for; fillers stand for nothing."""


def lexicon(entries: Iterable[tuple[str, str]], fillers: Iterable[str] = ()) -> Lexicon:
    """Wordings with what they stand for; one that stands for two things keeps both."""
    found: dict[str, frozenset[str]] = {form_of(filler): frozenset() for filler in fillers}
    for wording, of in entries:
        for key in {form_of(wording), bare(wording)} - {""}:
            found[key] = found.get(key, frozenset()) | {of}
    return found


def cut(text: str, known: Lexicon, echo: str = "") -> list[Piece]:
    """The pieces of a text in its form: as little left over as can be, then as few pieces as can be.

    Args:
        text: in its form, at most `LONGEST` characters.
        known: the wordings and fillers.
        echo: a text in its form; any two or more characters of it in a row are an echo, which hides no wording.
    """
    longest = max(map(len, known), default=1)
    best: list[tuple[int, int, Piece | None]] = [(0, 0, None)] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        options = [*_at(text, start, known, longest, echo), Piece(Sort.OTHER, text[start])]
        best[start] = min(
            (_cost(piece, best[start + len(piece.text)]) for piece in options), key=lambda costed: costed[:2]
        )
    pieces, at = [], 0
    while at < len(text):
        piece = best[at][2]
        assert piece is not None
        pieces.append(piece)
        at += len(piece.text)
    return pieces


def _cost(piece: Piece, after: tuple[int, int, Piece | None]) -> tuple[int, int, Piece]:
    weight = {Sort.MARK: 0, Sort.ECHO: len(piece.text) + 1}.get(piece.sort, 1)
    return after[0] + (piece.sort is Sort.OTHER), after[1] + weight, piece


def _at(text: str, start: int, known: Lexicon, longest: int, echo: str) -> Iterable[Piece]:
    for end in range(min(len(text), start + longest), start, -1):
        of = known.get(text[start:end])
        if of is not None:
            yield Piece(Sort.WORDING if of else Sort.FILLER, text[start:end], of)
    number = _NUMBER.match(text, start)
    if number:
        yield Piece(Sort.NUMBER, number[0])
    if _MARKS.match(text[start]):
        yield Piece(Sort.MARK, text[start])
    end = start + 2
    while end <= len(text) and text[start:end] in echo:
        yield Piece(Sort.ECHO, text[start:end])
        end += 1


def left_over(pieces: Iterable[Piece]) -> str:
    """What could not be made sense of."""
    return "".join(piece.text for piece in pieces if piece.sort is Sort.OTHER)


FILLERS = (
    "我", "我們", "我們學校", "我們這邊", "我們這裡", "我校", "本校", "敝校", "貴校", "學校", "這邊", "這裡", "是",
    "就是", "也是", "那就", "應該", "應該是", "大概", "大約", "約", "約略", "約莫", "差不多", "左右", "上下", "的",
    "了", "吧", "喔", "哦", "噢", "啦", "耶", "呀", "啊", "唷", "囉", "嘍", "欸", "嗯", "恩", "ㄛ", "ㄟ", "哈", "呵",
    "目前", "現在", "預計", "預估", "估計", "預定", "打算", "想", "要", "會", "有", "共", "共有", "一共", "總共",
    "合計", "總計", "加起來", "算起來", "只", "只有", "才", "就", "剛好", "正好", "恰好", "回答", "答案", "答", "填",
    "選", "我選", "我填", "選擇", "好", "好的", "謝謝", "謝謝您", "麻煩", "老師", "您好", "你好", "這個", "這次",
    "今年", "辦", "採", "採用", "用", "屬於", "算", "算是", "報告", "是說", "都", "各校", "開", "辦理", "到", "在",
    "為", "被", "由", "做", "上課", "跟", "和", "與", "種", "方式", "類", "來", "改",
)  # fmt: skip
"""Said along with an answer, without saying anything."""
