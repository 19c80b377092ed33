"""Who did what in the console."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.console.guard import Guard
from bot.console.page import ROOT
from bot.console.tools import Tools
from bot.console.visit import Visit, number_in
from bot.store import console_log

AT_ONCE = 50
ACTIONS = {
    "sign_in": "登入",
    "sign_out": "登出",
    "entry_made": "給了登入連結",
    "delivery_retry": "再送一次訊息",
    "deadline_move": "改期限",
    "deadline_restore": "期限改回文件的日期",
    "invite": "給了邀請碼",
    "invite_withdraw": "收回了邀請碼",
    "remove": "移除成員",
    "fact": "改了學校的資料",
    "decide": "決定了一個問題",
    "decide_undo": "收回了一個決定",
    "patch": "下載了知識的修改",
    "export": "匯出",
}
"""What the log calls each action; an action without words is shown as it is."""


class Log:
    """`/admin/log`."""

    path = f"{ROOT}/log"
    title = "操作紀錄"
    admin_only = False

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def routes(self, guard: Guard) -> list[Route]:
        """The list."""
        return [guard.get(self.path, self._list)]

    async def _list(self, request: Request, visit: Visit) -> Response:
        asked = request.query_params
        action = asked.get("action", "") if asked.get("action") in ACTIONS else ""
        programmes = self._tools.programmes(visit.scope)
        programme = asked.get("programme", "") if asked.get("programme") in programmes else ""
        before = number_in(request, "before")
        async with self._tools.database.read() as tx:
            rows = await console_log.entries(
                tx, visit.scope, before=before, limit=AT_ONCE + 1, programme=programme, action=action
            )
            names = await console_log.names(tx, rows)
        older = ""
        if len(rows) > AT_ONCE:
            wanted = {"programme": programme, "action": action, "before": rows[AT_ONCE - 1].id}
            older = f"{self.path}?{urlencode({key: value for key, value in wanted.items() if value})}"
        return self._tools.page.render(
            "log.html", visit, rows=rows[:AT_ONCE], names=names, older=older, actions=ACTIONS,
            action=action, programme_asked=programme, programmes=programmes,
        )  # fmt: skip
