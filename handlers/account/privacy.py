"""「我的資料」, all that is stored of a person as a file; 「刪除我的資料」, all but what the school keeps."""

from __future__ import annotations

from dataclasses import replace

from bot.clock import epoch_ms
from bot.messages import Card, Choice, Text
from bot.store import file_links, forgetting, people
from bot.store.access import scope_of
from handlers.account import words
from handlers.account.schools import is_last_coordinator
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.schema import Base

NAME = "person"
"""The kind of the file's link, see `bot.papers.person`."""
HOURS = 1
"""How long the link is followed: it opens everything, so shorter than others."""
HOUR_MS = 3600 * 1000
FORGET = "forget"
"""`State.awaiting` while 「確認刪除」 would delete."""
CONFIRM = "確認刪除"

DATA_HERE = (
    "這裡是我存的、和您有關的全部資料（一個網頁檔，手機和電腦都打得開），{hours} 小時內可以下載，請不要轉傳：\n{url}\n"
    "連結過期了，再打一次「我的資料」就有新的。"
)
TITLE = "刪除我的資料"
WHAT_GOES = (
    "會刪除：您傳的訊息和我的回覆、問過的問題和意見、資格檢核、還沒附到紀錄上的檔案、下載連結和代碼、"
    "帳號連結、您的稱呼和身分。刪除後救不回來，要再記錄需要新的邀請碼。"
)
WHAT_STAYS = (
    "會留在學校：您記下的紀錄、修改的歷程和附上的檔案，記錄人改寫成「{nameless}」，不再連到您。"
    "學校要靠這些向補助機關說明辦理情形，我們的理解是屬於執行業務所必須的保留；"
    "紀錄內容裡若寫到您的姓名，請洽學校更正。"
)
LAW = "依據：個人資料保護法第 3 條、第 11 條第 3 項但書（是否適用由學校認定）"
HOW = f"確定要刪除，請打「{CONFIRM}」；不刪的話，打其他任何字都可以。"
DONE = (
    "已經刪除：訊息 {messages} 則、問題 {questions} 題、檢核與表單 {runs} 份、檔案 {files} 個，"
    "以及您的稱呼、身分和帳號連結。"
)
KEPT = "留在學校的紀錄 {kept} 筆，記錄人已改成「{nameless}」。"
LEFT_OVER = "這個聊天本身的帳號代碼還在，因為要用它回覆您；這次刪除的要求和這則回覆，會照一般期限刪除。"
NOT_DONE = "好，沒有刪除任何資料。"


class Privacy:
    """What a person may ask of their own data. `address`: the root of our own pages, for links to files."""

    def __init__(self, base: Base, address: str) -> None:
        self._base = base
        self._address = address

    async def data(self, state: State, desk: Desk) -> Turn:
        """A link to everything."""
        until = {"until": epoch_ms(desk.now) + HOURS * HOUR_MS}
        token = await file_links.make(desk.tx, await desk.person(), NAME, until, desk.at)
        text = DATA_HERE.format(hours=HOURS, url=f"{self._address}/files/{token}")
        return Turn(state, (Text(text, (Choice("刪除我的資料", "a:forget", aside=True), MENU)),))

    async def explain(self, state: State, desk: Desk) -> Turn:
        """What would be deleted and what stays; then wait for the confirmation."""
        lines = [WHAT_GOES, "", WHAT_STAYS.format(nameless=forgetting.NAMELESS)]
        lines += await self._alone(desk)
        card = Card(
            TITLE, "\n".join([*lines, "", HOW]), LAW, choices=(Choice("不刪除", "a:unforget", aside=True), MENU)
        )
        return Turn(replace(state, awaiting=FORGET, on_screen="", offered=()), (card,))

    async def forget(self, desk: Desk) -> Turn:
        """Delete, and say so. The dialogue begins anew."""
        done = await forgetting.forget(desk.tx, desk.conversation_id, desk.at)
        counts = {"messages": done.messages, "questions": done.questions, "runs": done.runs, "files": done.files}
        lines = [DONE.format(**counts)]
        if done.kept_records:
            lines.append(KEPT.format(kept=done.kept_records, nameless=forgetting.NAMELESS))
        return Turn(State(), (Text("\n".join([*lines, LEFT_OVER])),))

    async def _alone(self, desk: Desk) -> list[str]:
        """Schools that nobody could let people into any more."""
        person = await people.find(desk.tx, desk.conversation_id)
        if person is None:
            return []
        scope = await scope_of(desk.tx, person)
        places = [each for each in scope.writable if await is_last_coordinator(desk, scope, each)]
        alone = "、".join(words.place(self._base, each) for each in places)
        return ["", f"注意：您是「{alone}」唯一的召集人，建議先邀請一位接手的召集人。"] if alone else []
