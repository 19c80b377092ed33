"""Reads yes or no: said plainly, in the words of the question (「還沒核准」), or as people call it."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.eligibility.fields import NO_WORD, YES_WORD
from knowledge.eligibility.model import Question
from knowledge.eligibility.phrases import Lexicon, Sort, asks, bare, clean, cut, form, lexicon
from knowledge.eligibility.reply import NOTHING, Reading, wrong

_YES = (
    "是", "是的", "是啊", "是喔", "是哦", "是呀", "是滴", "對", "對的", "對啊", "對呀", "對阿", "對耶", "沒錯",
    "正確", "有", "有的", "有啊", "有喔", "有耶", "有阿", "都有", "都是", "會", "會的", "會啊", "都會", "可以", "要",
    "當然", "當然有", "當然是", "肯定", "確定", "嗯", "嗯嗯", "恩", "恩恩", "yes", "y", "yep", "yeah", "yup", "ya",
    "sure", "ok", "okay", "true", "t", "right", "好", "好的", "已經", "已經有", "已有", "已經是", "v", "有有", "對對",
    "是是", "對對對", "全部都是", "全都是", "全部都有", "的確", "確實", "確實有", "確實是", "符合", "沒問題",
    "真的有", "一定有", "一定是",
)  # fmt: skip
_NO = (
    "否", "不是", "不是的", "不是喔", "沒有", "沒有喔", "沒有耶", "沒有啊", "沒", "沒耶", "不", "不對", "不會",
    "不行", "不可以", "不用", "不要", "無", "非", "尚未", "還沒", "還沒有", "目前沒有", "目前還沒", "並沒有",
    "並不是", "都沒有", "都不是", "都不會", "不都是", "不全是", "從來沒有", "從未", "不曾", "未曾", "未", "沒有過",
    "no", "n", "nope", "nah", "not yet", "false", "f", "x", "錯", "完全沒有", "當然沒有", "當然不是", "沒有沒有",
    "不是不是", "不符合", "不算", "不算是", "沒有啦", "不是啦", "一個都沒有", "毫無",
)  # fmt: skip
_HEDGED = re.compile(
    "应该|可能|也许|或许|大概|好像|看情况|视情况|不一定|部分|一半|有些|有的有|有时|是也不是|算是吧|似乎|差不多|勉强"
)
_DENIAL = re.compile(
    r"(?:都|并|目前|现在|其实|我们)*(?:从来没有?|从没|从未|未曾|不曾|还没有?|都没有?|没有?|尚未|并未|未|并非|不是|都不是|不会|不能|不都|不|无|非)"
)
_ASSENT = re.compile(r"(?:已经有?|已有?|都有|都是|都会|全都|全部|都|确实|的确|当然|真的|是|有|会|要|可以)+")
_AFTER = re.compile(
    r"(?P<rest>.+?)(?P<no>还没有?|都没有|没有|尚未|未)?(?P<yes>都有|已经有|有|好|会)?(?P<done>[了过])?(?:的|喔|啊|耶|啦|吧|哦)*"
)
_HEAD = re.compile(r"^(?:我们|我|本校|敝校|学校|这边|目前|现在|嗯|恩|那|其实|今年|这次)+")
_TAIL = re.compile(r"(?:喔|哦|噢|啊|阿|呀|耶|啦|吧|唷|啰|喽|欸|的|了|呦|哟|谢谢|哈)+$")
_COPULA = re.compile("^(?:是|在|就是|都是|都在|都)+")
_PARTS = re.compile(r"[,。、;!~ ]+")
_JOINS = re.compile("并|而且|和|及|与|两种")
_LINKS = (
    "過",
    "的",
    "了",
    "被",
    "為",
    "經",
    "由",
    "本",
    "這",
    "那",
    "到",
    "在",
    "過了",
    "我們",
    "貴校",
    "本校",
    "學校",
    "這門課",
    "列",
    "都",
)
_SIGNS = {
    "👌": True,
    "👍": True,
    "✅": True,
    "⭕": True,
    "🙆": True,
    "✔": True,
    "❌": False,
    "👎": False,
    "🙅": False,
    "✖": False,
}


def read_yesno(question: Question, text: str) -> Reading:
    """Yes, no, or neither for sure."""
    formed = form(text)
    if not formed:
        signs = {value for sign, value in _SIGNS.items() if sign in text[:20]}
        return Reading(signs.pop()) if len(signs) == 1 else NOTHING
    own = _own(question, formed)
    if own is not None:
        return Reading(own)
    if asks(formed):
        return NOTHING
    if re.fullmatch(r"[0-9]+", formed):  # a number of a list that is not there
        return _either(question)
    said = [_part(question, part) for part in _PARTS.split(clean(formed)) if part]
    if not said or any(each is None for each in said):
        return NOTHING
    if "unsure" in said or len(set(said)) > 1:
        return _either(question)
    return Reading(said[0] == "yes")


def says_nothing_of_its_own(text: str) -> bool:
    """Whether a text is a yes or no that would answer any question."""
    core = _TAIL.sub("", _HEAD.sub("", form(text)))
    plain = _table((), ())
    return not core or any(bare(each) in plain for each in (text, core))


def _either(question: Question) -> Reading:
    return wrong(f"「{question.title}」請回答「是」或「否」其中一個；還不知道請說「不確定」。")


def _part(question: Question, part: str) -> str | None:
    """yes, no, unsure, or None for what is neither."""
    own = _own(question, part)
    if own is None:
        head = _HEAD.sub("", part)
        core = _TAIL.sub("", head)
        tries = (head, _TAIL.sub("", part), core, _COPULA.sub("", core))
        own = next((found for each in tries if (found := _own(question, each)) is not None), None)
    if own is not None:
        return "yes" if own else "no"
    if _HEDGED.search(part):
        rest = _HEDGED.sub("", part)
        return "unsure" if not bare(rest) or _part(question, rest) is not None else None
    return _echoed(question, _HEAD.sub("", bare(part)))


def _own(question: Question, part: str) -> bool | None:
    return _table(question.words.get(YES_WORD, ()), question.words.get(NO_WORD, ())).get(bare(part))


@lru_cache(maxsize=128)
def _table(yes: tuple[str, ...], no: tuple[str, ...]) -> dict[str, bool]:
    """What the question itself calls yes and no counts more than what everybody does."""
    plain = {bare(word): True for word in _YES} | {bare(word): False for word in _NO}
    return plain | {bare(word): True for word in yes} | {bare(word): False for word in no}


def _echoed(question: Question, part: str) -> str | None:
    """Words of the question with an assent or a denial."""
    if part and part == bare(question.ask).rstrip("吗"):
        return "yes"
    if re.search("[不没未无非]", part) and part in bare(question.ask):
        return "yes"  # 「位於不同縣市」 says what is asked
    for denial in _DENIAL.finditer(part):
        before, after_it = part[: denial.start()], _TAIL.sub("", part[denial.end() :])
        if (not before or _is_echo(question, before)) and _is_echo(question, after_it):
            return "no"
    assent = _ASSENT.match(part)
    if assent and _is_echo(question, part[assent.end() :]):
        return "unsure" if _partial(question, part) else "yes"
    after = _AFTER.fullmatch(part[assent.end() :] if assent else part)
    if after is None or not _is_echo(question, after["rest"]):
        return None
    if after["no"]:
        return None if assent else "no"
    if not (assent or after["yes"] or after["done"]):
        return None
    return "unsure" if _partial(question, part) else "yes"


def _partial(question: Question, part: str) -> bool:
    """Whether only one of the two things that are asked for at once is told."""
    return _JOINS.search(form(question.ask)) is not None and "都" not in part and _JOINS.search(part) is None


@lru_cache(maxsize=1)
def _links() -> Lexicon:
    return lexicon((), _LINKS)


def _is_echo(question: Question, rest: str) -> bool:
    """Whether all of this stands in the question, and not behind a denial there: 「不同縣市」 is no 「同縣市」."""
    if len(rest) >= 2 and rest[0] in "不没未无非":
        return rest in bare(question.ask)
    asked = f"{bare(question.ask)}|{bare(question.title)}|{'|'.join(map(bare, question.words.get(YES_WORD, ())))}"
    if len(rest) < 2 or re.search(rf"[不没未无非]{re.escape(rest)}", asked):
        return False
    pieces = cut(rest, _links(), asked)
    return all(piece.sort in (Sort.ECHO, Sort.FILLER) for piece in pieces) and any(len(p.text) > 1 for p in pieces)
