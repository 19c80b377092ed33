"""Messages of our own, for tests of what channels make of them: usual ones, and any that hypothesis finds."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.messages import Card, Choice, Message, Text

HELPFUL = Choice("有幫助", "fb:ok:01J", aside=True)
OTHER = Choice("不是我要問的", "fb:no:01J", aside=True)
MENU = Choice("選單", "menu", aside=True)
ASIDES = (HELPFUL, OTHER, MENU)

ANSWER = Card(
    title="遠距教學教師鐘點費",
    text="國內授課教師鐘點費依實際授課節數支給，每節新臺幣 550 元。",
    source="依據：跨校遠距（114 學年度）柒/一/(一)",
    status="查到了",
    choices=ASIDES,
)
UNSURE = Card(
    title="您想問的是哪一個？",
    text="我不確定您問的是哪一項，請點選最接近的。",
    status="想確認一下",
    choices=(
        Choice("授課鐘點費", "ask:distance-teaching/114/fee"),
        Choice("合作學校的協同教師可以支領什麼費用、一節多少錢？", "ask:distance-teaching/114/partner-fee"),
        Choice("交通費", "ask:distance-teaching/114/travel"),
        MENU,
    ),
)
REFUSED = Card("查無規定", "文件沒有寫到這一點，請洽承辦人。", "依據：無", "查不到", (MENU,))
WELCOME = Text("您好，我是學伴。\n直接打字問我就可以。", (Choice("看範例", "example"), MENU))
PLAIN = Text("收到，謝謝您。")
USUAL: tuple[tuple[Message, ...], ...] = (
    (ANSWER,),
    (UNSURE,),
    (REFUSED,),
    (WELCOME,),
    (PLAIN,),
    (Text("請稍候。", (MENU,)),),
    (WELCOME, ANSWER),
    (UNSURE, UNSURE, UNSURE),
    (PLAIN,) * 8,
    (ANSWER,) * 7,
    (Text("長" * 12_000, ASIDES),),
    (Card("長", "長" * 12_000, "依據", "查到了", ASIDES),),
    (Text("選一個", tuple(Choice(f"第 {n} 個", f"pick:{n}") for n in range(45))),),
)

_LETTERS = (
    "👨‍👩‍👧‍👦",
    "\u202e",
    "\u200f",
    "\x00",
    "\x07",
    "\n",
    " ",
    "\ud800",
    "😀",
    "字",
    '"',
    "\\",
    "e\u0301",
    "\u200b",
)
letters = st.characters() | st.sampled_from(_LETTERS)
words = st.lists(letters, max_size=30).map("".join)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A text of any letters, now and then of 10,000 of them."""
    return draw(words) * draw(st.sampled_from((1, 1, 1, 1, 10, 400)))


choices = st.builds(
    Choice,
    label=texts(),
    action=st.text(max_size=64) | st.sampled_from(("", "menu", "長" * 301, "😀" * 151)),
    aside=st.booleans(),
)
choice_tuples = st.lists(choices, max_size=16).map(tuple)
messages: st.SearchStrategy[Message] = st.one_of(
    st.builds(Text, texts(), choice_tuples),
    st.builds(Card, texts(), texts(), texts(), words | st.sampled_from(("查到了", "想確認一下")), choice_tuples),
)
answers = st.lists(messages, max_size=8)
