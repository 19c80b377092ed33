"""What means the same at any time: menu, help, who we are, privacy, cancel, restart; and the greetings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.clock import epoch_ms
from bot.messages import Card, Choice, Incoming, Text
from handlers.choices import LONGEST_ACTION, LONGEST_LABEL, MENU, numbered
from handlers.dialogue import State, Turn
from knowledge.answering.model import Focus
from knowledge.answering.normalise import squash
from knowledge.schema import Base

RETENTION_DAYS = 90
"""How long questions are kept unless the installation says otherwise."""

SAMPLES = ("{}補助多少錢？", "{}怎麼申請？", "{}的目的是什麼？")
"""One is asked of each of the programmes that are valid longest."""

_TYPED = {
    "menu": (
        "選單", "menu", "主選單", "功能", "功能表", "回選單", "回主選單",
        "有哪些計畫", "有什麼計畫", "你有哪些計畫", "可以查哪些計畫", "收錄哪些計畫", "計畫列表",
        "換計畫", "換一個計畫", "換個計畫", "其他計畫", "別的計畫",
    ),
    "help": (
        "說明", "help", "使用說明", "幫助", "怎麼用", "怎麼使用", "如何使用", "教學說明",
        "你會什麼", "你能做什麼", "可以問什麼", "可以問你什麼", "我可以問什麼", "要問什麼",
        "問什麼",
    ),
    "about": (
        "你是誰", "關於", "關於你", "關於學伴", "about", "who are you", "你叫什麼名字",
        "學伴是什麼", "你是真人嗎", "你是機器人嗎", "你是ai嗎", "你是官方的嗎", "這是官方的嗎",
        "自我介紹",
    ),
    "privacy": (
        "隱私", "privacy", "隱私權", "隱私政策", "個資", "個人資料", "你會存什麼", "資料保存",
    ),
    "cancel": (
        "取消", "cancel", "算了", "停", "停止", "stop",
    ),
    "restart": (
        "重新開始", "restart", "重來", "從頭開始", "重新來過", "清除", "清除對話", "reset",
    ),
}  # fmt: skip
WORDS = {squash(word): name for name, words in _TYPED.items() for word in words}
"""Typed words, folded, and what they open."""

NOT_OFFICIAL = "我不是教育部的官方管道，正式規定以公文為準。"
WELCOME = (
    "您好，我是學伴，幫您查教育部補助計畫的規定。直接打字問我，我會附上出處；"
    "文件裡沒有的，我會說查不到，並告訴您該問哪個單位。\n\n"
    f"{NOT_OFFICIAL}\n"
    "我會把您的問題存 {days} 天，用來改進回答，看的人不知道是誰問的。\n\n"
    "可以先試試："
)
WELCOME_BACK = "歡迎回來，請直接打字提問，例如："
GROUP_GREETING = (
    "大家好，我是學伴，幫忙查教育部補助計畫的規定，並附上出處。\n"
    "要問我時，請在訊息裡提到我（@），後面接著打問題；沒叫我，我不會插話。\n"
    f"{NOT_OFFICIAL}"
)
ABOUT = (
    "我是學伴，查教育部補助計畫規定的聊天程式，不是真人。我只根據計畫文件回答並附上出處；"
    f"文件沒有寫的，我不會猜。{NOT_OFFICIAL}"
)
PRIVACY = (
    "我存您傳來的訊息（{days} 天後刪除）、對話談到哪裡、您做過的資格檢核，以及回覆您所需的帳號代碼。"
    "加入學校的人，另存身分、稱呼、記下的紀錄和附上的檔案，同校成員與計畫辦公室看得到。"
    "維護內容的人看得到問題，看不到是誰問的。查規定不需要姓名、電話或身分證字號，請不要傳給我。"
    "在 LINE 收回的訊息，我也會一併刪除。\n"
    "打「我的資料」看我存了什麼；打「刪除我的資料」可以刪除。"
)
HELP = (
    "直接打字問就好，像這樣：「{sample}」\n"
    "・說出計畫名稱，我會答得更準。\n"
    "・可以接著問，例如「那合作學校呢？」\n"
    "・有選項時，點按鈕、打號碼或打選項的字都可以。\n"
    "・打「資格檢核」，我一題一題問，告訴您能不能申請、可以補助多少；「我的檢核」找得到做過的。\n"
    "・有學校的邀請碼，打「加入」和邀請碼；之後打一行就能記錄，例如「昨天下午2-4點社群會議 5人」，"
    "再用「進度」「期限」「紀錄」「匯出」。\n"
    "・「選單」看有哪些計畫，「取消」停下目前的步驟，「重新開始」忘掉前面的話題。"
)
CANCELLED = "好，已取消。請直接打字提問，或輸入「選單」。"
NOTHING_TO_CANCEL = "目前沒有進行中的步驟。請直接打字提問，或輸入「選單」。"
RESTARTED = "好，前面的話題我先放下，我們重新開始。請直接打字提問，例如："
WHAT_OF_IT = "想問「{name}」（{year}）的什麼？直接打字問，不用再打計畫名稱；或從這裡開始："
ANY_SAMPLE = "補助多少錢？"


class Menu:
    """Knows what can be asked here. `retention_days`: how long questions are kept."""

    def __init__(self, base: Base, retention_days: int = RETENTION_DAYS) -> None:
        self._days = retention_days
        self._base = base
        self._samples = sample_questions(base)
        self._held = "\n".join(f"・{p.short_name}（{p.year_label}）" for p in base.programmes)

    def welcome(self, state: State, incoming: Incoming) -> Turn:
        """Greet. What we are and what we store is said the first time only."""
        if incoming.in_group:
            return Turn(state, (Text(GROUP_GREETING),))
        text = WELCOME_BACK if state.welcomed else WELCOME.format(days=self._days)
        return Turn(replace(state, welcomed=True), (Text(text, self._samples),))

    def programme(self, slug: str, state: State, now: datetime) -> Turn:
        """Ask what is wanted of a programme that was only named; what is said next is about it."""
        newest = max((p for p in self._base.programmes if p.slug == slug), key=lambda p: p.valid_until)
        text = WHAT_OF_IT.format(name=newest.short_name, year=newest.year_label)
        samples = _buttons(sample.format(newest.short_name) for sample in SAMPLES)
        focus = Focus(slug, entry="", question="", at=epoch_ms(now))
        return Turn(replace(state, focus=focus, offered=()), (Text(text, (*samples, MENU)),))

    def open(self, name: str, state: State) -> Turn | None:
        """What stands behind a word of `WORDS`, or behind the button `m:<name>`; None for another name."""
        match name:
            case "cancel":
                return cancel(state)
            case "restart":
                fresh = State(welcomed=state.welcomed, noted=state.noted, enrolment=state.enrolment)
                return Turn(fresh, (Text(RESTARTED, (*self._samples, MENU)),))
            case "menu":
                return Turn(state, (self._menu(),))
            case "help":
                return Turn(state, (Card("怎麼使用", self._help(), choices=(*self._samples, MENU)),))
            case "about":
                return Turn(state, (Card("關於學伴", self._about(), choices=(MENU,)),))
            case "privacy":
                return Turn(state, (Card("隱私", PRIVACY.format(days=self._days), choices=(MENU,)),))
            case _:
                return None

    def _menu(self) -> Card:
        asides = (
            ("資格檢核", "c:choose"),
            ("可以申請哪些計畫", "c:which"),
            ("我的檢核", "c:mine"),
            ("我的學校", "a:schools"),
            ("記錄", "r:new"),
            ("進度", "p:show"),
            ("期限", "d:list"),
            ("使用說明", "m:help"),
            ("關於學伴", "m:about"),
            ("隱私", "m:privacy"),
            ("重新開始", "m:restart"),
        )
        others = tuple(Choice(label, action, aside=True) for label, action in asides)
        text = f"我可以回答這些計畫的規定：\n{self._held}\n\n直接打字問，或從這裡開始："
        return Card("選單", text, choices=(*self._samples, *others))

    def _help(self) -> str:
        return HELP.format(sample=self._samples[0].label if self._samples else ANY_SAMPLE)

    def _about(self) -> str:
        return f"{ABOUT}\n\n我收錄的計畫：\n{self._held}"


def sample_questions(base: Base) -> tuple[Choice, ...]:
    """A question for each of three programmes, the longest valid first, as buttons that ask it."""
    programmes = sorted(base.programmes, key=lambda p: p.valid_until, reverse=True)
    return _buttons(sample.format(p.short_name) for sample, p in zip(SAMPLES, programmes, strict=False))


def _buttons(texts: Iterable[str]) -> tuple[Choice, ...]:
    """Questions as buttons that ask them; without those that a button can't carry."""
    return tuple(
        Choice(text, action)
        for text in texts
        if len(text) <= LONGEST_LABEL and len((action := f"q:{text}").encode()) <= LONGEST_ACTION
    )


def cancel(state: State) -> Turn:
    """Let go of what is under way: the topic and the choices."""
    busy = state.focus is not None or numbered(state.offered)
    text = CANCELLED if busy else NOTHING_TO_CANCEL
    return Turn(replace(state, focus=None, offered=()), (Text(text, (MENU,)),))
