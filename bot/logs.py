"""Structured logs: one event id from webhook to reply; no message text, no user id in clear, no token."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog

_SECRET_WORDS = (
    *("token", "secret", "password", "authorization", "text", "address", "user", "person", "conversation"),
    *("quote", "payload"),
)
_HIDDEN = "…"
_LEAKS = (
    (re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{10,}"), _HIDDEN),  # Telegram's token, which its URLs hold
    (re.compile(r"(?i)(bearer )\S+"), rf"\1{_HIDDEN}"),
    # The database names the values that it chokes on, among them what a person wrote.
    (re.compile(r"\[parameters: .*"), f"[parameters: {_HIDDEN}]"),
    (re.compile(r"(?m)^((?:DETAIL|CONTEXT): ).*"), rf"\1{_HIDDEN}"),
    (re.compile(r"\b[UCR][0-9a-f]{32}\b"), _HIDDEN),  # LINE's ids of people and groups
)
_SHORTEST_SECRET = 6
"""Characters; a shorter secret would blank out innocent words."""

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


def configure(level: str = "info", fmt: str = "json", secrets: Iterable[str] = ()) -> None:
    """Set up structlog and the standard library's logging, both to standard error.

    `secrets` are blanked out wherever they turn up, in the text of an exception too.
    """
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if fmt == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        scrubber(secrets),
        renderer,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram", "uvicorn.access", "alembic"):
        # They print whole URLs (Telegram's hold the token) or a line a tick.
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out any value whose name says that it must not be written down."""
    for key in event:
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = _HIDDEN
    return event


def scrubber(secrets: Iterable[str]) -> Processor:
    """A processor that blanks out secrets within the texts of an event: what others wrote, and exceptions."""
    known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)

    def clean(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        for secret in known:
            value = value.replace(secret, _HIDDEN)
        for pattern, instead in _LEAKS:
            value = pattern.sub(instead, value)
        return value

    def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key in event:
            event[key] = clean(event[key])
        return event

    return scrub
