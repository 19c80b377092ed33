"""Serves an ASGI application from a thread on a free loopback port, and can cut its connections."""

from __future__ import annotations

import asyncio
import socket
import threading
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """The open connections by their client's address, so that a request's own can be cut."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """uvicorn's own protocol, which also tells us of every connection."""
        opened = self._open

        class Watched(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                opened[transport.get_extra_info("peername")[:2]] = transport
                super().connection_made(transport)

        return Watched

    def cut(self, client: tuple[str, int]) -> None:
        """Reset the connection of this client without a byte of an answer."""
        self._open.pop(client).abort()


def config(app: Starlette, connections: Connections, **options: Any) -> uvicorn.Config:
    """How every fake is served: quietly, with `connections` told of each connection."""
    return uvicorn.Config(
        app,
        http=connections.protocol(),
        ws="none",
        lifespan="off",
        log_level="error",
        loop="asyncio",
        **options,
    )


class ThreadServer:
    """`with ThreadServer(app, connections) as server: …`, served until the end of the block."""

    def __init__(self, app: Starlette, connections: Connections) -> None:
        self._server = uvicorn.Server(config(app, connections))
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(128)  # connections wait here until the thread runs, so there is nothing to wait for
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> ThreadServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)
        self._socket.close()
