"""「後台」: a link that signs an office or an admin in to the console, once."""

from __future__ import annotations

from bot.messages import Text
from bot.store import console_sessions, people
from bot.store.access import Role, scope_of
from bot.store.console_sessions import ENTRY_MS, MINUTE_MS
from handlers.choices import MENU
from handlers.desk import Desk
from handlers.dialogue import State, Turn

HERE = (
    "按這個連結登入後台，{minutes} 分鐘內有效，只能用一次，請不要轉傳：\n{url}\n"
    "再打一次「後台」就有新的連結，舊的會失效。"
)
FOR_OFFICES = "後台是給計畫辦公室用的；貴校的事在這裡打「進度」「期限」「我的學校」就看得到。"


async def link(state: State, desk: Desk, address: str) -> Turn:
    """The link for offices and admins; one sentence for all others. `address`: the root of our own pages."""
    person = await people.find(desk.tx, desk.conversation_id)
    held = (await scope_of(desk.tx, person)).memberships if person else ()
    if person is None or not any(each.role in (Role.OFFICE, Role.ADMIN) for each in held):
        return Turn(state, (Text(FOR_OFFICES, (MENU,)),))
    token = await console_sessions.make_entry(desk.tx, person, desk.at)
    text = HERE.format(minutes=ENTRY_MS // MINUTE_MS, url=f"{address}/admin/enter/{token}")
    return Turn(state, (Text(text, (MENU,)),))
