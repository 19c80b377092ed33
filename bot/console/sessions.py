"""The console's cookies: the session, and the sentence that is shown once after a redirect."""

from __future__ import annotations

import base64
import binascii
import hmac
import re

from starlette.requests import Request
from starlette.responses import Response

from bot.console.visit import Visit
from bot.store.console_sessions import LONGEST_MS

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_SAID = 600
"""Characters of a sentence; a cookie holds 4 KB."""
SAID_SECONDS = 60


class Cookies:
    """Hands out the console's cookies and reads them back. `secure`: the pages are served over https."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        # With this prefix a browser takes a cookie from no other host and no plain http.
        self.session = "__Host-xueban-admin" if secure else "xueban-admin"
        self.said = "__Host-xueban-said" if secure else "xueban-said"

    def token(self, request: Request) -> str:
        """The session's secret; empty where there is none that could be ours."""
        value = request.cookies.get(self.session, "")
        return value if _TOKEN.fullmatch(value) else ""

    def sign_in(self, response: Response, token: str) -> None:
        """Give the session's cookie. It ends with the session at the latest."""
        self._set(response, self.session, token, LONGEST_MS // 1000)

    def sign_out(self, response: Response) -> None:
        """Take all of them away."""
        for name in (self.session, self.said):
            self._set(response, name, "", 0)

    def say(self, response: Response, visit: Visit, sentence: str) -> None:
        """Let the next page show a sentence. Signed: no link can make a page say something."""
        text = sentence[:LONGEST_SAID]
        packed = base64.urlsafe_b64encode(text.encode()).decode()
        self._set(response, self.said, f"{visit.sign('said:' + text)}.{packed}", SAID_SECONDS)

    def heard(self, request: Request, visit: Visit) -> str:
        """The sentence for this page; empty where there is none of this session's."""
        signature, _, packed = request.cookies.get(self.said, "").partition(".")
        try:
            text = base64.urlsafe_b64decode(packed.encode()).decode()
        except (binascii.Error, UnicodeError):
            return ""
        return text if hmac.compare_digest(signature.encode(), visit.sign("said:" + text).encode()) else ""

    def unsay(self, response: Response) -> None:
        """It was shown."""
        self._set(response, self.said, "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, path="/", httponly=True, samesite="strict", secure=self._secure
        )
