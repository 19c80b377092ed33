"""How roles, schools, channels and days are called, wherever the account speaks of them."""

from __future__ import annotations

from bot.clock import TAIPEI, from_epoch_ms
from bot.store.access import Enrolment, Membership, Role, Scope
from handlers.choices import label
from handlers.dialogue import State
from knowledge.schema import Base

ROLES = {
    Role.COORDINATOR: "召集人",
    Role.TEACHER: "教師",
    Role.MENTOR: "輔導人員",
    Role.OFFICE: "計畫辦公室",
    Role.ADMIN: "系統管理者",
}
CHANNELS = {"line": "LINE", "telegram": "Telegram", "web": "網頁", "terminal": "終端機"}
IN_PRIVATE = "這件事請到和我的一對一聊天裡做，群組裡大家都看得到。"
_WEEKDAYS = "一二三四五六日"


def day(at: int) -> str:
    """`11/27（四）` of a moment in epoch milliseconds."""
    local = from_epoch_ms(at).astimezone(TAIPEI)
    return f"{local.month}/{local.day}（{_WEEKDAYS[local.weekday()]}）"


def programme(base: Base, slug: str, edition: str = "") -> str:
    """「跨校遠距教學（114 學年度）」, without the year where no edition is given."""
    try:
        found = base.programme(slug, edition or None)
    except KeyError:  # it was taken out of the knowledge base; what is stored of it stays
        return f"{slug} {edition}".strip()
    return f"{found.short_name}（{found.year_label}）" if edition else found.short_name


def place(base: Base, enrolment: Enrolment) -> str:
    """A school's part in a programme, in full."""
    return f"{enrolment.school}：{programme(base, enrolment.programme, enrolment.edition)}"


def place_label(base: Base, enrolment: Enrolment) -> str:
    """The same on a button."""
    return label(f"{enrolment.school}・{programme(base, enrolment.programme)}")


def membership(base: Base, held: Membership) -> str:
    """A role with what it is held at."""
    if held.enrolment is not None:
        return f"{place(base, held.enrolment)}－{ROLES[held.role]}"
    return f"{programme(base, held.programme)}－{ROLES[held.role]}" if held.programme else ROLES[held.role]


def active(state: State, scope: Scope) -> Enrolment | None:
    """Where a line of log goes: the only school, or the one last used or chosen; None where that must be asked."""
    writable = scope.writable
    if len(writable) == 1:
        return writable[0]
    return next((each for each in writable if each.id == state.enrolment), None)
