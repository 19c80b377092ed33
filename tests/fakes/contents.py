"""Files that a fake platform hands out: at once, after a while, slowly, without end, or from somewhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.responses import Response, StreamingResponse

PIECE = b"\0" * 64 * 1024


@dataclass(slots=True)
class Content:
    """One file and how it is handed out."""

    body: bytes = b""
    refusals: list[int] = field(default_factory=list)
    """Statuses of the first answers, such as 202 for "not ready"."""
    headers: dict[str, str] = field(default_factory=dict)
    size: int = 0
    """Bytes of nothing that follow the body, streamed; their number is told nobody."""
    pause_seconds: float = 0.0
    """Before each piece of the stream."""
    sent: int = 0
    """Bytes of the stream that went out: tells how soon the other side hung up."""

    def answer(self) -> Response:
        """The next answer to a request for it."""
        if self.refusals:
            return Response(b"{}", self.refusals.pop(0), self.headers)
        if not self.size:
            return Response(self.body, headers=self.headers)
        return StreamingResponse(self._stream(), headers=self.headers)

    async def _stream(self) -> AsyncIterator[bytes]:
        yield self.body
        while self.sent < self.size:
            await asyncio.sleep(self.pause_seconds)
            yield PIECE
            self.sent += len(PIECE)
