"""A Bot API that can be asked what arrived, and told how to fail.

In a test: `with FakeTelegram() as telegram:` and `telegram.url`. In a process of its own, for tests that kill
ours: `python -m tests.fakes.telegram PORT`. Over HTTP beside Telegram's own paths:

- `GET /_accepted`: what was accepted, in order; `GET /_requests`: every call but polls.
- `POST /_faults` `[{"method": "sendMessage", "kind": "drop_after"}, …]`: one fault a call, in order. Kinds:
  see `FAULTS`.
- `POST /_updates` `[{update}, …]`: what the next polls bring.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes import telegram_rules, telegram_setup
from tests.fakes.contents import Content
from tests.fakes.http_server import Connections, ThreadServer, config
from tests.fakes.telegram_setup import SetUp

TOKEN = "123456:fake-token"
USERNAME = "xueban_test_bot"

REFUSALS: dict[str, tuple[int, str]] = {
    "500_before": (500, "Internal Server Error"),
    "429": (429, "Too Many Requests: retry later"),
    "403": (403, "Forbidden: bot was blocked by the user"),
    "400": (400, "Bad Request: chat not found"),
    "401": (401, "Unauthorized"),
    "409": (409, "Conflict: terminated by other getUpdates request"),
    "migrated": (400, "Bad Request: group chat was upgraded to a supergroup chat"),
}
AFTER = ("500_after", "drop_after", "garbage_after")
FAULTS = (*REFUSALS, *AFTER, "drop_before", "proxy_403", "slow")
KNOWN_METHODS = frozenset(
    {
        *("getMe", "sendMessage", "answerCallbackQuery", "getUpdates", "setWebhook", "deleteWebhook"),
        *("setMyCommands", "getMyCommands", "sendChatAction", "getWebhookInfo", "getFile"),
    }
)
POLL_STEP_SECONDS = 0.01
LARGEST_DOWNLOAD = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method other than `getUpdates`."""

    method: str
    params: dict[str, Any]
    status: int
    """What was answered, or would have been had the answer not been lost; 0 where the call was never read."""


@dataclass(slots=True)
class Fault:
    """How the next call of a method goes wrong."""

    method: str
    kind: str
    seconds: float = 0.0
    """`retry_after` of 429; how long `slow` waits before it accepts."""


@dataclass
class Platform:
    """What Telegram remembers."""

    calls: list[Call] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    updates: list[dict[str, Any]] = field(default_factory=list)
    polls: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What `getFile` says, by file id."""
    contents: dict[str, Content] = field(default_factory=dict)
    """What lies on the file server, by path."""
    asked: list[str] = field(default_factory=list)
    """Paths asked of the file server."""
    set_up: SetUp = field(default_factory=SetUp)
    closing: bool = False
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1001))

    @property
    def accepted(self) -> list[Call]:
        """The calls that were carried out, in order."""
        return [call for call in self.calls if call.status == 200]

    def queue(self, *faults: Fault) -> None:
        """Let the next calls fail, one fault each."""
        for fault in faults:
            if fault.kind not in FAULTS:
                raise ValueError(f"unknown fault {fault.kind}")
            self.faults[fault.method].append(fault)

    async def answer(self, method: str, params: dict[str, Any]) -> Any:
        """The `result` of a call. Raises `RefusedError`."""
        telegram_rules.check(method, params)
        if method == "getUpdates":
            return await self._poll(params)
        if method == "getMe":
            return {"id": 123456, "is_bot": True, "first_name": "學伴", "username": USERNAME}
        if method in telegram_setup.METHODS:
            return self.set_up.answer(method, params)
        if method == "getFile":
            return self._file(str(params.get("file_id", "")))
        if method == "sendMessage":
            chat = {"id": int(params["chat_id"]), "type": "private"}
            return {"message_id": next(self._ids), "date": int(time.time()), "chat": chat}
        return True

    def _file(self, file_id: str) -> dict[str, Any]:
        if file_id not in self.files:
            raise telegram_rules.RefusedError("wrong file_id or the file is temporarily unavailable")
        if self.files[file_id].get("file_size", 0) > LARGEST_DOWNLOAD:
            raise telegram_rules.RefusedError("file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", **self.files[file_id]}

    async def _poll(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        self.polls.append(params)
        offset = int(params.get("offset") or 0)
        self.updates[:] = [update for update in self.updates if update["update_id"] >= offset]
        until = time.monotonic() + float(params.get("timeout", 0))
        while not self.updates and not self.closing and time.monotonic() < until:
            await asyncio.sleep(POLL_STEP_SECONDS)
        return self.updates[: int(params.get("limit", 100))]


def application(platform: Platform, connections: Connections) -> Starlette:
    """The Bot API's one path, and those to steer the fake."""

    async def bot_api(request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        if ":" not in token or method not in KNOWN_METHODS:
            return _error(404, "Not Found")
        params = await _params(request)
        fault = platform.faults[method].popleft() if platform.faults[method] else Fault(method, "")
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        answer = await _decide(platform, method, params, fault)
        if method != "getUpdates":
            status = 0 if fault.kind == "drop_before" else answer.status_code
            platform.calls.append(Call(method, params, status))
        if fault.kind.startswith("drop") and request.client:
            connections.cut((request.client.host, request.client.port))
        if fault.kind == "500_after":
            return _error(500, "Internal Server Error")
        return Response(b"\xff<html>", 200) if fault.kind == "garbage_after" else answer

    async def file_server(request: Request) -> Response:
        path = request.path_params["path"]
        platform.asked.append(path)
        found = platform.contents.get(path) if request.path_params["token"] == TOKEN else None
        return found.answer() if found else _error(404, "Not Found")

    return Starlette(
        routes=[
            Route("/file/bot{token}/{path:path}", file_server),
            Route("/bot{token}/{method}", bot_api, methods=["GET", "POST"]),
            *_controls(platform),
        ]
    )


async def _decide(platform: Platform, method: str, params: dict[str, Any], fault: Fault) -> Response:
    if fault.kind in REFUSALS:
        return _refusal(fault)
    if fault.kind == "proxy_403":
        return Response("<html>blocked by policy</html>", 403)
    if fault.kind == "drop_before":
        return Response()
    try:
        return JSONResponse({"ok": True, "result": await platform.answer(method, params)})
    except telegram_rules.RefusedError as refused:
        return _error(400, f"Bad Request: {refused}")


def _refusal(fault: Fault) -> Response:
    status, description = REFUSALS[fault.kind]
    more: dict[str, Any] = {}
    if fault.kind == "429":
        more = {"retry_after": int(fault.seconds)}
    if fault.kind == "migrated":
        more = {"migrate_to_chat_id": -1001234567890}
    return _error(status, description, more)


def _error(status: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    body = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)


async def _params(request: Request) -> dict[str, Any]:
    """What Telegram reads from a form, a query or a JSON body; an object in a form is JSON within it."""
    if request.headers.get("content-type", "").startswith("application/json"):
        body: dict[str, Any] = await request.json()
        return body
    given = dict(request.query_params)
    async with request.form() as form:
        given |= {name: str(value) for name, value in form.items()}
    return {name: _unpacked(value) for name, value in given.items()}


def _unpacked(value: str) -> Any:
    if value[:1] in ("{", "["):
        with contextlib.suppress(ValueError):
            return json.loads(value)
    return value


def _controls(platform: Platform) -> list[Route]:
    async def accepted(_request: Request) -> Response:
        return JSONResponse([asdict(call) for call in platform.accepted])

    async def requests(_request: Request) -> Response:
        return JSONResponse([asdict(call) for call in platform.calls])

    async def faults(request: Request) -> Response:
        platform.queue(*(Fault(**fault) for fault in await request.json()))
        return JSONResponse({})

    async def updates(request: Request) -> Response:
        platform.updates.extend(await request.json())
        return JSONResponse({})

    return [
        Route("/_accepted", accepted),
        Route("/_requests", requests),
        Route("/_faults", faults, methods=["POST"]),
        Route("/_updates", updates, methods=["POST"]),
    ]


class FakeTelegram:
    """The platform, served from a thread for the length of a `with` block."""

    def __init__(self) -> None:
        self.platform = Platform()
        connections = Connections()
        self._server = ThreadServer(application(self.platform, connections), connections)

    @property
    def url(self) -> str:
        """What `TELEGRAM_API_BASE_URL` is set to."""
        return self._server.url

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The parameters of every message that reached somebody, in order."""
        return [call.params for call in self.platform.accepted if call.method == "sendMessage"]

    @property
    def texts(self) -> list[str]:
        """The words of every message that reached somebody, as HTML."""
        return [params["text"] for params in self.sent]

    def fail(self, *kinds: str, method: str = "sendMessage", seconds: float = 0.0) -> None:
        """Let the next calls of a method fail, one kind each; an empty kind lets one succeed."""
        for kind in kinds:
            if kind:
                self.platform.queue(Fault(method, kind, seconds))
            else:
                self.platform.faults[method].append(Fault(method, ""))

    def __enter__(self) -> FakeTelegram:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.platform.closing = True
        self._server.__exit__(kind, error, trace)


def main() -> None:
    """Serve on the port given, until killed."""
    connections = Connections()
    app = application(Platform(), connections)
    uvicorn.Server(config(app, connections, host="127.0.0.1", port=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
