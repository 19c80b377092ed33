"""The least that a webhook can do: check the signature and say 200. Nothing is parsed and nothing is kept."""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.line import LineChannel
from bot.commands import serve
from bot.settings import Settings


def application(secret: str) -> Starlette:
    """`POST /webhooks/line`, and `GET /readyz` for whoever waits for the start."""
    line = LineChannel(secret)

    async def webhook(request: Request) -> Response:
        body = await request.body()
        return PlainTextResponse("OK") if line.authentic(request.headers, body) else PlainTextResponse("", 401)

    async def readyz(_request: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(routes=[Route("/webhooks/line", webhook, methods=["POST"]), Route("/readyz", readyz)])


def main() -> None:
    """Serve on the port given with the settings of `xueban serve`."""
    config = serve.configuration(Settings(port=int(sys.argv[1])))
    config.app = application(sys.argv[2])
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
