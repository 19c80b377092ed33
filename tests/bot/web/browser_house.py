"""The page on a port of its own, for a real browser."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing
from typing import Any

import uvicorn

from tests.bot.rehearsal import Stage, stage


class House:
    """The page on a port of its own, in a thread of its own."""

    def __init__(self, database_url: str, opening: Callable[[str], AbstractAsyncContextManager[Any]] = stage) -> None:
        self._database_url = database_url
        self._opening = opening
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        async with self._opening(self._database_url) as self.stage:
            self.loop = asyncio.get_running_loop()
            config = uvicorn.Config(self.stage.app, port=self.port, log_config=None, lifespan="off", loop="none")
            self.server = _Server(config, self._ready)
            await self.server.serve()

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(60)

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(60)

    def push(self, text: str) -> None:
        """Put a reminder into the outbox of the only conversation."""
        staged: Stage = self.stage
        asyncio.run_coroutine_threadsafe(staged.push(text, key=text), self.loop).result(60)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.set()
