"""Reads the choice of one option, or of several: by number, label, part of a label, or what people call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from knowledge.eligibility.model import Question
from knowledge.eligibility.phrases import (
    FILLERS,
    LONGEST,
    Lexicon,
    Piece,
    Sort,
    asks,
    bare,
    cut,
    form,
    form_of,
    left_over,
    lexicon,
)
from knowledge.eligibility.reply import NOTHING, Reading, named, wrong
from knowledge.spoken.amounts import amount

SURE, AHEAD = 80, 15
"""Likeness (0 to 100) of a misspelling to what was meant, and how far behind every other option must be."""

_BRACKETS = re.compile(r"[(（]([^()（）]+)[)）]")
_DOTS = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_HANZI = str.maketrans("两", "兩")
# Marks of their own among the pieces; no option has such a name.
_NO, _ANY, _ALL, _HAVE, _NONE, _BUT, _BESIDES, _OTHERS, _TO, _NTH, _LAST = (
    "#no", "#any", "#all", "#have", "#none", "#but", "#besides", "#others", "#to", "#nth", "#last",
)  # fmt: skip
_SAID = {
    _NO: ("不是", "沒有", "不", "沒", "非", "並非", "並不是", "不採", "不選", "不要"),
    _ANY: (
        "都可以",
        "都行",
        "隨便",
        "任一",
        "皆可",
        "兩種都有",
        "兩個都是",
        "兩者都是",
        "兩者都有",
        "都是",
        "都有",
        "全部",
        "都要",
    ),
    _LAST: ("最後一個", "最後一項", "最後"),
}
_SAID_SEVERAL = {
    _ALL: (
        "全部", "全都", "全部都有", "全都有", "全選", "所有", "全部都排了", "都排了", "都排好了", "全排了", "每一項",
            "每項",
    ),
    _HAVE: ("都有", "有", "都", "排了", "已排", "已經排", "排好了", "已排定", "都排定", "排定", "有排"),
    _NONE: (
        "都沒有", "沒有", "沒", "無", "都還沒", "還沒", "一項都沒有", "一個都沒有", "全都沒有", "全部都沒有",
        "都沒排", "還沒排", "沒排", "（沒有）", "都還沒有", "還沒有", "通通沒有",
    ),
    _BUT: ("除了", "除", "扣掉", "扣除", "只差", "只缺", "就差", "差", "缺", "少了"),
    _BESIDES: ("以外", "之外", "外"),
    _OTHERS: ("其他", "其餘", "其它", "剩下的", "剩下", "別的"),
    _TO: ("到", "至", "-", "~"),
}  # fmt: skip
_NTH_WORDS = ("第", "個", "項", "號", "選項", "種", "點")
_JOINERS = ("、", "和", "跟", "與", "及", "還有", "以及", "加", "加上", "+", "&", "或", "或是", "這幾項", "這些")


def read_choice(question: Question, text: str) -> Reading:
    """The one option that a reply names."""
    formed = form(text)
    known = _lexicon(question)
    whole = known.get(formed) or known.get(bare(text)) or frozenset()
    if len(whole) == 1 and whole <= question.options.keys():
        return Reading(next(iter(whole)))
    if asks(formed):
        return NOTHING
    pieces = [
        piece for piece in cut(formed, known, _echo(question)) if piece.sort not in (Sort.FILLER, Sort.ECHO, Sort.MARK)
    ]
    if any(piece.sort is Sort.OTHER for piece in pieces):
        return _guess(question, formed)
    return _chosen(question, pieces)


def _chosen(question: Question, pieces: list[Piece]) -> Reading:
    options = frozenset().union(*(piece.of for piece in pieces)) & question.options.keys()
    marks = frozenset().union(*(piece.of for piece in pieces)) - question.options.keys()
    if marks & {_NO}:
        return _again(question) if options else NOTHING
    numbers = [piece.text for piece in pieces if piece.sort is Sort.NUMBER]
    if len(numbers) > 1 or "两" in numbers or (marks & {_ANY} and len(options) != 1):
        return wrong(f"「{question.title}」一次只能選一個，{_how(question)}。")
    if marks & {_LAST} and not options:
        return Reading(list(question.options)[-1])
    if numbers:
        nth = _nth(question, numbers[0])
        if nth is None:
            return wrong(f"選項只有 1 到 {len(question.options)}，{_how(question)}。")
        options |= {nth}
    return _one_of(question, options)


def _one_of(question: Question, options: frozenset[str]) -> Reading:
    if not options:
        return NOTHING
    if len(options) == 1:
        return Reading(next(iter(options)))
    return named([label for key, label in question.options.items() if key in options])


def _guess(question: Question, formed: str) -> Reading:
    """A part of one label, or a wording with one slip of the finger; nothing where it could be anything else."""
    core = _core(formed)
    if len(core) < 2 or len(core) > LONGEST:
        return NOTHING
    holding = frozenset(key for key, label in question.options.items() if core in bare(label))
    if holding:
        return _one_of(question, holding)
    scores = sorted(((_likeness(core, question, key), key) for key in question.options), reverse=True)
    (best, key), (second, _) = scores[0], scores[1]
    return Reading(key) if best >= SURE and best - second >= AHEAD else NOTHING


def _likeness(core: str, question: Question, key: str) -> float:
    """0 for what is longer than the wording: it says more than the wording does."""
    return max(
        (fuzz.ratio(core, word) for word in map(bare, _wordings(question, key)) if 5 <= len(word) <= len(core) + 1
         and len(core) <= len(word) and not _denies(core, word)),
        default=0.0,
    )  # fmt: skip


def _denies(core: str, word: str) -> bool:
    return len(core) < 5 or any((char in core) != (char in word) for char in "不没非无未")


@lru_cache(maxsize=1)
def _edges() -> re.Pattern[str]:
    fillers = "|".join(sorted((re.escape(form(filler)) for filler in FILLERS), key=len, reverse=True))
    return re.compile(rf"^(?:{fillers})+|(?:{fillers})+$")


def _core(formed: str) -> str:
    """The text without marks, and without fillers at both ends."""
    return _edges().sub("", bare(formed))


def read_several(question: Question, text: str) -> Reading:
    """The set of options that a reply names; all, none, and all but some are sets too."""
    formed = _DOTS.sub("、", form(text))
    known = _lexicon(question)
    if asks(formed):
        return NOTHING
    pieces = [piece for piece in cut(formed, known) if piece.sort is not Sort.FILLER]
    pieces = [piece for piece in pieces if piece.sort is not Sort.MARK or piece.text in "-~"]
    rest = left_over(pieces)
    if rest:
        return _strange(question, pieces, rest, formed)
    return _set_of(question, pieces)


def _strange(question: Question, pieces: list[Piece], rest: str, formed: str) -> Reading:
    picks = sum(piece.sort is Sort.NUMBER or bool(piece.of & question.options.keys()) for piece in pieces)
    if picks >= 2:
        return wrong(f"看不懂「{rest[:10]}」，請用編號回答，例如 1、3、5。")
    core = _core(formed)
    holding = frozenset(key for key, label in question.options.items() if len(core) >= 2 and core in bare(label))
    if len(holding) > 1:
        return wrong(f"「{question.title}」有 {len(holding)} 項都叫這個名字，請用編號回答，例如 1、3、5。")
    return Reading(holding) if holding else NOTHING


def _set_of(question: Question, pieces: list[Piece]) -> Reading:
    numbered = any(piece.sort is Sort.NUMBER for piece in pieces)
    if numbered and any(piece.of & question.options.keys() and piece.text[-1].isdigit() for piece in pieces):
        return _unclear(question)  # 「優質1、3」: the 3 may be of either count
    picks: list[str] = []
    marks: list[str] = []
    upto = False
    for piece in pieces:
        if piece.sort is Sort.MARK or piece.of == {_TO}:
            upto = bool(picks)
            continue
        if piece.sort is not Sort.NUMBER and not piece.of & question.options.keys():
            marks += piece.of
            continue
        key = _nth(question, piece.text) if piece.sort is Sort.NUMBER else next(iter(piece.of))
        if key is None:
            return wrong(f"選項只有 1 到 {len(question.options)}，請用編號回答，例如 1、3。")
        if len(piece.of) > 1:
            return _unclear(question)
        picks += _between(question, picks[-1], key) if upto else [key]
        upto = False
    return _resolved(question, frozenset(picks), marks)


def _resolved(question: Question, picks: frozenset[str], marks: list[str]) -> Reading:
    every, said = frozenset(question.options), set(marks)
    if not picks:
        plain = said - {_HAVE}
        if not said or plain - {_ALL, _NONE}:
            return NOTHING
        if plain == {_ALL, _NONE}:
            return _unclear(question)
        return Reading(frozenset() if _NONE in said else every)
    if said & {_BUT, _BESIDES}:
        return Reading(every - picks) if not said & {_NONE} or said & {_OTHERS} == set() else _unclear(question)
    if _NONE in said:
        return Reading(every - picks) if _OTHERS in said and _HAVE in said else _unclear(question)
    if said & {_ALL, _OTHERS}:
        return _unclear(question)
    return Reading(picks)


def _between(question: Question, first: str, last: str) -> list[str]:
    keys = list(question.options)
    return keys[keys.index(first) : keys.index(last) + 1]


def _nth(question: Question, numeral: str) -> str | None:
    """The option of this number; the first is 1."""
    value = amount(numeral.translate(_HANZI))
    if value is None or value.denominator != 1 or not 1 <= value <= len(question.options):
        return None
    return list(question.options)[int(value) - 1]


def _unclear(question: Question) -> Reading:
    return wrong("看不出是哪幾項，請只用編號回答，例如 1、3、5；全部都有請說「全部」。")


def _again(question: Question) -> Reading:
    return wrong(f"請直接說「{question.title}」是哪一個，{_how(question)}。")


def _how(question: Question) -> str:
    return f"請輸入 1 到 {len(question.options)} 的編號"


def _echo(question: Question) -> str:
    return form_of(question.ask)


def _wordings(question: Question, key: str) -> Iterator[str]:
    """The label, its parts, and what people call it."""
    label = question.options[key]
    yield label
    inside = _BRACKETS.findall(label)
    before = _BRACKETS.sub("", label)
    yield from (before, *inside)
    yield from before.split("：")
    yield from (part for each in inside for part in each.split("、"))
    yield from question.words.get(key, ())


@lru_cache(maxsize=128)
def _cached(options: tuple[tuple[str, tuple[str, ...]], ...], *, several: bool) -> Lexicon:
    marks = _SAID_SEVERAL if several else _SAID
    said = [(word, mark) for mark, words in marks.items() for word in words]
    fillers = (*FILLERS, *_NTH_WORDS, *_JOINERS)
    of_options = lexicon(((word, key) for key, words in options for word in words))
    return {**lexicon(said, fillers), **of_options}


def _lexicon(question: Question) -> Lexicon:
    options = tuple((key, tuple(dict.fromkeys(_wordings(question, key)))) for key in question.options)
    return _cached(options, several=question.kind.value == "several")


def options_named(question: Question, formed: str) -> frozenset[str]:
    """The options whose wording stands anywhere in a text in its form; a longer wording hides those within it."""
    pieces = cut(formed, {word: of for word, of in _lexicon(question).items() if of & question.options.keys()})
    return frozenset().union(*(piece.of for piece in pieces if piece.sort is Sort.WORDING and len(piece.text) > 1))
