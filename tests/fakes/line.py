"""A LINE platform that can be asked what arrived, and told how to fail.

In a test: `with FakeLine() as line:` and `line.url`. In a process of its own, for tests that kill ours:
`python -m tests.fakes.line PORT`. Over HTTP beside LINE's own paths:

- `GET /_accepted`: what was accepted, in order; `GET /_requests`: every call to reply, push and loading.
- `POST /_faults` `[{"endpoint": "reply", "kind": "drop_after"}, …]`: one fault a call, in order. Kinds: see
  `line_platform.FAULTS`.
- `POST /_tokens` `{"issued": {token: epoch seconds}, "expired": [token, …]}`: when a reply token was issued
  (good for 60 s), or that it is over. A token never heard of is good, once.
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes import line_menus
from tests.fakes.http_server import Connections, ThreadServer, config
from tests.fakes.line_platform import REFUSALS, Call, Fault, Platform


def application(platform: Platform, connections: Connections) -> Starlette:
    """LINE's paths that Xueban uses, and those to steer the fake."""

    async def messaging(request: Request) -> Response:
        endpoint = {"reply": "reply", "push": "push", "start": "loading"}[request.url.path.rsplit("/", 1)[-1]]
        fault = platform.faults[endpoint].popleft() if platform.faults[endpoint] else Fault(endpoint, "")
        body = await request.json()
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        request_id = str(uuid.uuid4())
        status, answer, first = _decide(platform, endpoint, body, request, request_id, fault.kind)
        platform.calls.append(
            Call(
                endpoint,
                body,
                request.headers.get("x-line-retry-key", ""),
                request.headers.get("authorization", ""),
                status,
                request_id,
            )
        )
        if fault.kind.startswith("drop") and request.client:
            connections.cut((request.client.host, request.client.port))
        headers = {"x-line-request-id": request_id} | ({"x-line-accepted-request-id": first} if first else {})
        if fault.kind == "500_after":
            return JSONResponse({"message": "Internal Server Error"}, 500, headers)
        if fault.kind == "garbage_after":
            return Response(b"\xff\xfe\x80", 200, headers, "text/html")
        return JSONResponse(answer, status, headers)

    return Starlette(
        routes=[
            Route("/v2/bot/message/reply", messaging, methods=["POST"]),
            Route("/v2/bot/message/push", messaging, methods=["POST"]),
            Route("/v2/bot/chat/loading/start", messaging, methods=["POST"]),
            *_questions(platform),
            *_data_api(platform),
            *line_menus.routes(lambda: platform.office),
            *_controls(platform),
        ]
    )


def _decide(
    platform: Platform, endpoint: str, body: dict[str, Any], request: Request, request_id: str, fault: str
) -> tuple[int, dict[str, Any], str]:
    if fault in REFUSALS:
        status, message = REFUSALS[fault]
        return status, {"message": message}, ""
    if fault == "drop_before":
        return 0, {}, ""
    if not request.headers.get("authorization", "").startswith("Bearer "):
        return 401, {"message": REFUSALS["401"][1]}, ""
    retry_key = request.headers.get("x-line-retry-key", "")
    if endpoint == "reply":
        return platform.reply(body, retry_key)
    return platform.push(body, retry_key, request_id) if endpoint == "push" else platform.loading(body)


def _questions(platform: Platform) -> list[Route]:
    async def quota(_request: Request) -> Response:
        return JSONResponse({"type": "limited", "value": platform.quota})

    async def consumption(_request: Request) -> Response:
        return JSONResponse({"totalUsage": sum(call.endpoint == "push" for call in platform.accepted)})

    async def info(_request: Request) -> Response:
        return JSONResponse(
            {
                "userId": "U8e742f61d673b39c7fff3cecb7536ef0",
                "basicId": "@216ru000",
                "displayName": "學伴",
                "chatMode": "bot",
                "markAsReadMode": "auto",
            }
        )

    return [
        Route("/v2/bot/message/quota", quota),
        Route("/v2/bot/message/quota/consumption", consumption),
        Route("/v2/bot/info", info),
    ]


def _data_api(platform: Platform) -> list[Route]:
    async def content(request: Request) -> Response:
        platform.asked.append((request.url.path, request.headers.get("authorization", "")))
        found = platform.contents.get(request.path_params["message_id"])
        return found.answer() if found else JSONResponse({"message": "Not found"}, 404)

    return [Route("/v2/bot/message/{message_id}/content", content)]


def _controls(platform: Platform) -> list[Route]:
    async def accepted(_request: Request) -> Response:
        return JSONResponse([asdict(call) for call in platform.accepted])

    async def requests(_request: Request) -> Response:
        return JSONResponse([asdict(call) for call in platform.calls])

    async def faults(request: Request) -> Response:
        platform.queue(*(Fault(**fault) for fault in await request.json()))
        return JSONResponse({})

    async def tokens(request: Request) -> Response:
        told = await request.json()
        platform.issued.update(told.get("issued", {}))
        platform.dead_tokens.update(told.get("expired", []))
        return JSONResponse({})

    return [
        Route("/_accepted", accepted),
        Route("/_requests", requests),
        Route("/_faults", faults, methods=["POST"]),
        Route("/_tokens", tokens, methods=["POST"]),
    ]


class FakeLine:
    """The platform, served from a thread for the length of a `with` block."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.platform = Platform(now)
        connections = Connections()
        self._server = ThreadServer(application(self.platform, connections), connections)

    @property
    def url(self) -> str:
        """What `LINE_API_BASE_URL` and `LINE_DATA_API_BASE_URL` are set to."""
        return self._server.url

    @property
    def accepted(self) -> list[Call]:
        """See `Platform.accepted`."""
        return self.platform.accepted

    @property
    def calls(self) -> list[Call]:
        """Every call to reply, push and loading."""
        return self.platform.calls

    def fail(self, endpoint: str, *kinds: str, seconds: float = 0.0) -> None:
        """Let the next calls to `endpoint` fail, one kind each."""
        self.platform.queue(*(Fault(endpoint, kind, seconds) for kind in kinds))

    def __enter__(self) -> FakeLine:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)


def main() -> None:
    """Serve on the port given, until killed."""
    connections = Connections()
    app = application(Platform(), connections)
    uvicorn.Server(config(app, connections, host="127.0.0.1", port=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
