"""How long a client may take over one request, and how much may come that is no body.

uvicorn by itself waits for ever for the end of a head, takes a head of any size, and keeps an answer in memory for as
long as nobody fetches it. A few thousand such clients would use up every connection that a process has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
"""From the first byte of a request, or from connecting, to the end of its headers."""
SLICE_SECONDS = 10.0
"""A body must move, and an answer be taken, by `LEAST_IN_A_SLICE` bytes in every slice of so many seconds."""
LEAST_IN_A_SLICE = 160 * 1024
"""A phone in a bad corner of a school sends more; whoever counts out bytes one by one does not."""
LONGEST_HEAD = 32 * 1024
"""Bytes of a head whose end is still awaited, and of whatever else comes between two pieces of a body."""
TOO_LONG = "Request head too long."


class Alarm:
    """One thing that happens after a while, unless it is stopped before."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        """Whether it will go off."""
        return self._timer is not None

    def set(self, seconds: float, work: Callable[[], None]) -> None:
        """Go off after so many seconds, and not when it was to go off before."""
        self.stop()
        self._timer = self._loop.call_later(seconds, work)

    def stop(self) -> None:
        """Don't go off."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's own, but it cuts off whoever holds a connection without using it."""

    head_seconds = HEAD_SECONDS
    slice_seconds = SLICE_SECONDS

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._asking = Alarm(self.loop)
        """Runs while a request is coming in."""
        self._fetching = Alarm(self.loop)
        """Runs while an answer is too large for what the client takes."""
        self._in_head = True
        self._moved = 0
        """Bytes of the body in this slice."""
        self._unseen = 0
        """Bytes since the last piece of a body, of what is no body."""
        self._waiting = 0
        """Bytes of an answer that waited to be taken when this slice began."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """See `asyncio.Protocol`."""
        super().connection_made(transport)
        self._asking.set(self.head_seconds, self._cut)

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        self._asking.stop()
        self._fetching.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._unseen += len(data)
        if not self._asking.is_set:
            # Empty lines between two requests are none, and yet uvicorn stops waiting for the next one.
            self._asking.set(self.head_seconds, self._cut)
        super().data_received(data)
        if self._unseen > LONGEST_HEAD and not self.transport.is_closing():
            if self._in_head:
                self.send_400_response(TOO_LONG)
            else:
                self._cut()

    def on_message_begin(self) -> None:
        """A request begins: the first of a connection, or another on one that was kept."""
        super().on_message_begin()
        self._in_head = True
        self._asking.set(self.head_seconds, self._cut)

    def on_header(self, name: bytes, value: bytes) -> None:
        """What comes after a body is of no use to us."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """From here on a body comes."""
        self._in_head, self._moved, self._unseen = False, 0, 0
        self._asking.set(self.slice_seconds, self._look_at_body)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of it."""
        self._moved += len(body)
        self._unseen = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All has come."""
        self._unseen = 0
        self._asking.stop()
        super().on_message_complete()

    def _look_at_body(self) -> None:
        # Where it is we who do not read, the client can't do better.
        if self._moved < LEAST_IN_A_SLICE and not self.flow.read_paused:
            self._cut()
            return
        self._moved = 0
        self._asking.set(self.slice_seconds, self._look_at_body)

    def pause_writing(self) -> None:
        """More waits to be sent than the client takes."""
        super().pause_writing()
        self._watch_answer()

    def resume_writing(self) -> None:
        """It has taken nearly all."""
        self._fetching.stop()
        super().resume_writing()

    def _watch_answer(self) -> None:
        self._waiting = self.transport.get_write_buffer_size()
        self._fetching.set(self.slice_seconds, self._look_at_answer)

    def _look_at_answer(self) -> None:
        if self._waiting - self.transport.get_write_buffer_size() < LEAST_IN_A_SLICE:
            self._cut()
        else:
            self._watch_answer()

    def _cut(self) -> None:
        """At once: to close would wait until the client has fetched what is still to be sent."""
        self.transport.abort()
