"""One person in several channels: a code shown here and typed there makes both conversations theirs."""

from __future__ import annotations

import hashlib

from bot.messages import Choice, Text
from bot.store import linked, people
from bot.store.access import scope_of
from bot.store.linked import Linked
from bot.store.people import CodeState
from handlers.account import words
from handlers.account.joining import refusal
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn

CODE = (
    "請在 10 分鐘內，到另一個聊天（例如 Telegram 或 LINE）把這一行傳給我：\n連結 {code}\n"
    "連好以後，兩邊看到同一份學校、紀錄和檢核。這組代碼等於您的身分，請不要給別人。"
)
SURE = (
    "這裡已經有您的學校身分。連結後，這裡和產生代碼的那個帳號會變成同一個人，兩邊看到同一份資料。"
    "只有兩個帳號都是您本人時才連結，要連結嗎？"
)
DONE = "連結好了：您現在用{channels}都是同一個人，學校、紀錄和檢核兩邊都看得到。弄錯了就打「取消連結」。"
SAME = "這兩個聊天本來就連在一起，不用再連。"
NOT_DONE = "好，沒有連結。"
NOTHING = "目前沒有連結別的帳號。要連結請打「連結帳號」。"
WHICH = "這些聊天都是您的。要把哪一個分開？分開的那一個就看不到學校、紀錄和檢核，資料留在其他的聊天。"
THIS = "（就是這裡）"
APART = "好，「{name}」已經分開，那裡看不到您的資料了。"
APART_HERE = "好，這個聊天已經分開；資料留在其他的聊天。"
GONE = "這個聊天已經分開了。"
_SHOWN = 8
"""Characters of a hash that tells a person's conversations apart on buttons."""


async def show_code(state: State, desk: Desk) -> Turn:
    """A code to be typed in the other channel."""
    until = desk.at + people.LINK_LIFE_MS
    code = await people.make_code(desk.tx, people.LINK, await desk.person(), expires_at=until)
    return Turn(state, (Text(CODE.format(code=people.grouped(code)), (MENU,)),))


async def hear_code(state: State, code: str, desk: Desk) -> Turn:
    """A code from the other channel. Who has a role here is asked first: it could be somebody else's code."""
    person = await people.find(desk.tx, desk.conversation_id)
    if person and (await scope_of(desk.tx, person)).memberships:
        picks = (Choice("連結，都是我本人", f"a:link:{code[:40]}"), Choice("不連結", "a:unlinked"))
        return Turn(state, (Text(SURE, picks),))
    return await join(state, code, desk)


async def join(state: State, code: str, desk: Desk) -> Turn:
    """Make both conversations one person's. The dialogues of both go on as they are."""
    result = await people.try_code(desk.tx, desk.conversation_id, people.LINK, code, desk.at)
    if result.state is not CodeState.FOUND or result.made_by is None:
        return Turn(state, (Text(refusal(result.state, "連結碼"), (MENU,)),))
    here = await desk.person()
    if here == result.made_by:
        return Turn(state, (Text(SAME, (MENU,)),))
    await people.merge(desk.tx, result.made_by, here)
    talks = await linked.private_of(desk.tx, result.made_by)
    names = "、".join(dict.fromkeys(_channel(each) for each in talks))
    return Turn(state, (Text(DONE.format(channels=names), (Choice("我的學校", "a:schools", aside=True), MENU)),))


async def which_to_unlink(state: State, desk: Desk) -> Turn:
    """List the person's conversations, to take one off."""
    talks = await linked.private_of(desk.tx, await desk.person())
    if len(talks) < 2:
        return Turn(state, (Text(NOTHING, (Choice("連結帳號", "a:link", aside=True), MENU)),))
    picks = tuple(Choice(_called(each, desk), f"a:unlink:{_mark(each)}") for each in talks)
    return Turn(state, (Text(WHICH, (*picks, MENU)),))


async def unlink(state: State, mark: str, desk: Desk) -> Turn:
    """Take one conversation off the person; the last one can't be."""
    person = await desk.person()
    talks = await linked.private_of(desk.tx, person)
    found = next((each for each in talks if _mark(each) == mark), None)
    if found is None or len(talks) < 2 or not await linked.unlink(desk.tx, person, found.id):
        return Turn(state, (Text(GONE, (MENU,)),))
    if found.id == desk.conversation_id:
        return Turn(State(welcomed=state.welcomed), (Text(APART_HERE, (MENU,)),))
    return Turn(state, (Text(APART.format(name=_called(found, desk)), (MENU,)),))


def _channel(talk: Linked) -> str:
    return words.CHANNELS.get(talk.channel, talk.channel)


def _called(talk: Linked, desk: Desk) -> str:
    here = THIS if talk.id == desk.conversation_id else ""
    return f"{_channel(talk)} {words.day(talk.created_at)}{here}"


def _mark(talk: Linked) -> str:
    return hashlib.sha256(talk.id.encode()).hexdigest()[:_SHOWN]
