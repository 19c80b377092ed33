"""Words that mean the same in every form, and what their buttons carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.messages import Choice
from bot.store.runs import Run
from knowledge.answering.normalise import squash


class Verb(StrEnum):
    """What can be done within a form; one letter, since a button has 64 bytes for all that it carries."""

    ANSWER = "a"
    UNSURE = "u"
    WHY = "w"
    BACK = "b"
    EDIT = "e"
    LEAVE = "x"
    RESTART = "r"
    RESUME = "c"
    GO_ON = "g"
    TICK = "t"
    DONE = "d"


_TYPED = {
    Verb.UNSURE: (
        "不確定", "不知道", "不清楚", "不曉得", "我不確定", "我不知道", "還不確定", "還不知道", "還沒確定", "尚未確定",
        "不太確定", "不一定", "未定", "還沒決定", "待確認", "要問", "要再問", "要查", "先跳過", "跳過", "略過", "pass",
        "先不填", "忘了", "忘記了",
    ),
    Verb.WHY: (
        "為什麼", "為什麼問這個", "為什麼要問這個", "為何", "為何問這個", "問這個幹嘛", "問這個做什麼", "為什麼問",
        "這題為什麼要問", "why", "依據是什麼", "這是什麼意思", "什麼意思", "看不懂", "不懂",
    ),
    Verb.BACK: (
        "上一題", "回上一題", "上一步", "返回", "回上一步", "前一題", "back", "退回", "打錯了", "選錯了", "按錯了",
        "答錯了", "填錯了",
    ),
    Verb.EDIT: (
        "修改", "修改答案", "我要修改", "改答案", "更正", "我要改", "改前面的答案", "edit", "看答案", "我的答案",
    ),
    Verb.LEAVE: (
        "取消", "cancel", "算了", "停", "停止", "stop", "離開", "結束", "退出", "不做了", "不檢核了", "先這樣", "暫停",
        "下次再做", "下次再說", "等一下再做", "晚點再做", "明天再做", "先停", "quit", "exit",
    ),
    Verb.RESTART: (
        "重新開始", "restart", "重來", "從頭開始", "重新來過", "重做", "重新檢核", "重新填",
    ),
    Verb.RESUME: (
        "繼續", "繼續檢核", "接著做", "繼續做", "回到檢核", "繼續作答", "回到題目", "繼續填", "continue", "下一題",
        "不改", "不改了", "不用改", "維持", "維持原來的",
    ),
    Verb.GO_ON: (
        "繼續看其他條件", "看其他條件", "其他條件呢",
    ),
}  # fmt: skip
WORDS = {squash(word): verb for verb, words in _TYPED.items() for word in words}
"""Typed words, folded, and the verb they stand for."""
BARE = frozenset(map(squash, ("是", "是的", "對", "對的", "有", "否", "不是", "不", "沒有", "沒", "都有", "yes", "no")))
"""Answers to some other question: taken for small talk, they would seem to be heard."""
VAGUE = BARE | set(map(squash, ("好", "好的", "可以", "OK", "沒錯", "正確", "不要", "不用", "算了")))
"""Words that are about whatever was shown last."""
AGREED = frozenset(
    map(
        squash,
        (
            "確認", "對", "好", "是", "沒錯", "正確", "ok", "存", "儲存", "存檔", "記下來", "好的", "可以", "送出",
            "對的", "yes",
        ),
    )
)  # fmt: skip
"""Words by which a card is confirmed."""
DECLINED = frozenset(map(squash, ("取消", "不要", "不用", "不存", "算了", "刪掉", "不對不要了", "no")))
"""Words by which it is given up."""

LABELS = {
    Verb.UNSURE: "不確定",
    Verb.WHY: "為什麼問這個",
    Verb.BACK: "上一題",
    Verb.EDIT: "修改",
    Verb.LEAVE: "取消",
    Verb.RESTART: "重新開始",
    Verb.RESUME: "繼續作答",
    Verb.GO_ON: "繼續看其他條件",
    Verb.DONE: "選好了",
}


VERBS = frozenset(verb.value for verb in Verb)


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button of a form carries: `f:<run>:<verb>[:<field>[:<option>]]`."""

    run: str
    verb: Verb
    key: str = ""
    option: str = ""


def read_tap(action: str) -> Tap | None:
    """A button's action; None for what no form made."""
    sign, _, rest = action.partition(":")
    run, verb, key, option, *more = [*rest.split(":"), "", "", ""]
    if sign != "f" or not run or verb not in VERBS or any(more):
        return None
    return Tap(run, Verb(verb), key, option)


def button(run: Run, verb: Verb, key: str = "", option: str = "", *, label: str = "", aside: bool = True) -> Choice:
    """A button of a form."""
    rest = f":{key}:{option}" if option else f":{key}" if key else ""
    return Choice(label or LABELS[verb], f"f:{run.id}:{verb}{rest}", aside)
