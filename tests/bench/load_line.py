"""The LINE of the tests, which also knows how late each reply came; for tokens that `load_open` made.

`python -m tests.bench.load_line PORT`; `GET /_lags`: milliseconds from a message to its reply, a list.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.http_server import Connections, config
from tests.fakes.line import application
from tests.fakes.line_platform import Platform


@dataclass
class Timed(Platform):
    """Notes the age of every message whose reply it accepts."""

    lags: list[float] = field(default_factory=list)

    def reply(self, body: dict[str, Any], retry_key: str) -> tuple[int, dict[str, Any], str]:
        """See `Platform.reply`."""
        status, answer, first = super().reply(body, retry_key)
        if status == 200:
            self.lags.append(1000 * time.time() - int(str(body["replyToken"]).rpartition("-")[2]))
        return status, answer, first


def main() -> None:
    """Serve on the port given, until killed."""
    platform, connections = Timed(quota=1_000_000), Connections()
    app = application(platform, connections)

    async def lags(_request: Request) -> Response:
        return JSONResponse(platform.lags)

    async def pushes(_request: Request) -> Response:
        return JSONResponse(sum(call.endpoint == "push" for call in platform.accepted))

    app.router.routes.extend([Route("/_lags", lags), Route("/_pushes", pushes)])
    uvicorn.Server(config(app, connections, host="127.0.0.1", port=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
