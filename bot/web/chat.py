"""The chat page: a conversation in the browser over the same inbox, engine and outbox as LINE and Telegram.

It works with forms alone; the script only spares the reload. Both get the lines from the same template.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.limits import clean
from bot.channels.web import WebChannel
from bot.clock import Clock, epoch_ms
from bot.evidence.intake import MOST_FILES, Intake, Upload
from bot.inbox.ingest import Ingest, new_events
from bot.messages import Kind
from bot.store import transcript
from bot.store.database import Database
from bot.store.transcript import Line
from bot.web.page import LONGEST_TEXT, STATIC, Page
from bot.web.uploads import UnreadableFormError, UploadReader
from bot.web.visitors import HEADERS, Cookies, Visitor, from_elsewhere
from bot.web.webhooks import BodyTooLargeError

log = structlog.get_logger(__name__)

LINES = 100
"""Lines of a conversation that the page shows."""
LONGEST_ACTION = 64
"""Bytes that a button may carry."""
ANSWER_WITHIN_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.03
LATE_MS = 10_000
"""A row may become visible this long after its time stamp (a slow commit); younger ones are sent again."""
NAMESPACE = uuid.UUID("3c0f7d0e-8a53-5f0b-9d0c-0f8f0a1f6f52")

TOO_LONG = "這段話有 {count:,} 字，一次最多 {longest:,} 字。請分成幾段再送出。"
MUCH_TOO_LONG = f"這段話太長了，一次最多 {LONGEST_TEXT:,} 字。請分成幾段再送出。"
MUCH_TOO_LARGE = "檔案太大了：一個最多 {limit} MB，一次最多 {count} 個。請縮小或分次再傳。"
NO_FILES = "這裡現在不收檔案，所以沒有處理。請只送文字。"
NOT_OUR_PAGE = "這個要求不是從本頁送出的，所以沒有處理。請回到對話頁再送一次。"
NOT_STORED = "現在沒有存進去，請過一會兒再送一次。"
SESSION_ENDED = "這個對話已經失效，請重新整理頁面。"
NO_COOKIE = "您的瀏覽器沒有保存 Cookie，我記不住對話。請允許本站的 Cookie，再重新整理頁面。"
UNREADABLE = "這個要求讀不懂，所以沒有處理。請回到對話頁再送一次。"


class RefusedError(Exception):
    """A request that is not done: HTTP status, one sentence for the person, and the text to give back."""

    def __init__(self, status: int, sentence: str, draft: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.draft = draft


class ChatPages:
    """The page and what its script asks for.

    `secure`: it is served over https. Without an `intake` no files are taken.
    """

    def __init__(
        self, database: Database, ingest: Ingest, clock: Clock, secure: bool, intake: Intake | None = None
    ) -> None:
        self._database = database
        self._ingest = ingest
        self._clock = clock
        self._cookies = Cookies(secure=secure)
        self._channel = WebChannel()
        self._page = Page(largest_file=intake.limit if intake else 0)
        self._intake = intake
        self._reader = UploadReader(intake.limit if intake else 0)

    def routes(self) -> list[Route]:
        """`/`, `/chat` and `/chat/messages`."""
        return [
            Route("/", self._guarded(self._show), methods=["GET"]),
            Route("/chat", self._guarded(self._say), methods=["POST"]),
            Route("/chat/messages", self._guarded(self._news), methods=["GET"]),
        ]

    async def _show(self, request: Request) -> Response:
        if request.method == "HEAD":
            return HTMLResponse()
        visitor = await self._known(request)
        notice = NO_COOKIE if request.query_params.get("sent") == "1" and visitor is None else ""
        if visitor is None:
            visitor = self._cookies.new()
            await self._put(visitor, {"id": str(uuid.uuid4()), "kind": Kind.FOLLOW.value})
        await self._settled(visitor)
        response = HTMLResponse(await self._whole(visitor, notice))
        self._cookies.give(response, visitor)
        return response

    async def _say(self, request: Request) -> Response:
        if from_elsewhere(request):
            raise RefusedError(403, NOT_OUR_PAGE)
        form, uploads = await self._read_form(request)
        known = await self._known(request)
        visitor = known or self._cookies.new()
        await self._accept(visitor, form, uploads)
        response: Response
        if _is_script(request):
            response = JSONResponse(await self._lines_since(visitor, _cursor(form.get("after", ""))))
        else:
            await self._settled(visitor)
            response = RedirectResponse("/" if known else "/?sent=1", 303)
        self._cookies.give(response, visitor)
        return response

    async def _news(self, request: Request) -> Response:
        visitor = await self._known(request)
        if visitor is None:
            raise RefusedError(401, SESSION_ENDED)
        if request.query_params.get("wait") == "1":
            await self._settled(visitor)
        return JSONResponse(await self._lines_since(visitor, _cursor(request.query_params.get("after", ""))))

    async def _read_form(self, request: Request) -> tuple[dict[str, str], list[Upload]]:
        try:
            form, uploads = await self._reader.read(request)
        except (BodyTooLargeError, UnreadableFormError, ClientDisconnect) as error:
            raise self._refusal(request, error) from None
        if uploads and self._intake is None:
            raise RefusedError(415, NO_FILES, form.get("text", ""))
        return form, uploads

    def _refusal(self, request: Request, error: Exception) -> RefusedError:
        is_multipart = request.headers.get("content-type", "").startswith("multipart/")
        if isinstance(error, BodyTooLargeError) and is_multipart and self._intake:
            limit = self._intake.limit // (1024 * 1024)
            return RefusedError(413, MUCH_TOO_LARGE.format(limit=limit, count=MOST_FILES))
        if isinstance(error, BodyTooLargeError):
            return RefusedError(413, MUCH_TOO_LONG)
        known = is_multipart or request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        return RefusedError(400 if known else 415, UNREADABLE)

    async def _known(self, request: Request) -> Visitor | None:
        """The visitor, if we handed out the cookie: nobody can choose another's session for them."""
        visitor = self._cookies.read(request)
        if visitor is None:
            return None
        async with self._database.read() as connection:
            known = await transcript.exists_conversation(connection, visitor.conversation_id)
        return visitor if known else None

    async def _accept(self, visitor: Visitor, form: Mapping[str, str], uploads: Sequence[Upload]) -> None:
        text, action = clean(form.get("text", "")).strip(), form.get("action", "")
        if len(text) > LONGEST_TEXT:
            raise RefusedError(422, TOO_LONG.format(count=len(text), longest=LONGEST_TEXT), text)
        if len(action.encode()) > LONGEST_ACTION:
            raise RefusedError(400, UNREADABLE)
        if not text and not action and not uploads:
            return
        identity = _event_id(visitor, form.get("id", ""), text, action, uploads)
        event: dict[str, Any] = {"id": identity, "text": text, "action": action}
        if action:
            async with self._database.read() as connection:
                event["text"] = await transcript.label_of(connection, visitor.conversation_id, action, now=self._now())
        try:
            if uploads and self._intake and not action:
                event["files"] = await self._intake.take(self._channel.name, visitor.conversation_id, identity, uploads)
            await self._put(visitor, event)
        except (SQLAlchemyError, OSError) as error:
            log.error("chat.not_stored", error=type(error).__name__)
            raise RefusedError(503, NOT_STORED, text) from error

    async def _put(self, visitor: Visitor, event: Mapping[str, Any]) -> None:
        raw = {"text": "", "action": "", **event, "session": visitor.session, "at": self._now()}
        await self._ingest.put(new_events(self._channel, [raw]))

    async def _settled(self, visitor: Visitor) -> None:
        """Wait until all that the visitor wrote is answered, but not for long: the page fetches the rest."""
        loop = asyncio.get_running_loop()
        end = loop.time() + ANSWER_WITHIN_SECONDS
        # Another process may be the one that answers, so there is nothing to wait on but the database.
        while await self._is_waiting(visitor) and loop.time() < end:  # noqa: ASYNC110 - another process may be the one that answers
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _is_waiting(self, visitor: Visitor) -> bool:
        async with self._database.read() as connection:
            return await transcript.is_waiting(connection, visitor.conversation_id)

    async def _whole(self, visitor: Visitor, notice: str = "", draft: str = "") -> str:
        now = self._now()
        async with self._database.read() as connection:
            waiting = await transcript.is_waiting(connection, visitor.conversation_id)
            lines = await transcript.latest(connection, visitor.conversation_id, now=now, limit=LINES)
        return self._page.whole(lines, after=_newest(lines, 0), waiting=waiting, notice=notice, draft=draft)

    async def _lines_since(self, visitor: Visitor, after: int) -> dict[str, object]:
        now = self._now()
        async with self._database.read() as connection:
            # Asked first: an answer that is stored between the two looks is then shown at the next one.
            waiting = await transcript.is_waiting(connection, visitor.conversation_id)
            lines = await transcript.since(connection, visitor.conversation_id, min(after, now - LATE_MS), now=now)
        lines = lines[-LINES:]
        return {"html": self._page.fragment(lines), "after": _newest(lines, after), "waiting": waiting}

    def _guarded(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Every response has the security headers, and every refusal says in one sentence what to do."""

        async def guarded(request: Request) -> Response:
            try:
                response = await endpoint(request)
            except RefusedError as refused:
                response = await self._refuse(request, refused)
            except (SQLAlchemyError, OSError) as error:
                log.error("chat.database_away", error=type(error).__name__)
                response = await self._refuse(request, RefusedError(503, NOT_STORED))
            response.headers.update(HEADERS)
            return response

        return guarded

    async def _refuse(self, request: Request, refused: RefusedError) -> Response:
        if _is_script(request) or request.url.path == "/chat/messages":
            return JSONResponse({"error": refused.sentence}, refused.status)
        visitor = await self._known(request) if refused.draft and refused.status != 503 else None
        if visitor is None:
            page = self._page.whole([], after=0, waiting=False, notice=refused.sentence, draft=refused.draft)
        else:
            page = await self._whole(visitor, refused.sentence, refused.draft)
        return HTMLResponse(page, refused.status)

    def _now(self) -> int:
        return epoch_ms(self._clock.now())


def static_files(directory: Path = STATIC) -> ASGIApp:
    """Style, script and pictures. Their addresses change with their content, so they may be kept for long."""
    files = StaticFiles(directory=directory)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(b"x-content-type-options", b"nosniff")]
                if message["status"] == 200:
                    headers.append((b"cache-control", b"public, max-age=86400"))
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await files(scope, receive, send_guarded)

    return app


def _event_id(visitor: Visitor, once: str, text: str, action: str, uploads: Sequence[Upload] = ()) -> str:
    """The same form sent twice is one event; with other words it is another (after going back).

    The session is part of it, so that nobody can occupy another's id.
    """
    files = (hashlib.sha256(upload.content).hexdigest() + upload.name for upload in uploads)
    name = "\x1f".join((visitor.session, once or str(uuid.uuid4()), action, text, *files))
    return str(uuid.uuid5(NAMESPACE, name))


def _is_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _cursor(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 15 else 0


def _newest(lines: list[Line], otherwise: int) -> int:
    return max((line.at for line in lines), default=otherwise)
