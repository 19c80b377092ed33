"""Named steps of the way of a message at which a service can be made to die. The product has no hooks for this."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.line import LineSender
from bot.channels.telegram import TelegramSender
from bot.inbox import worker as worker_module
from bot.inbox.ingest import Ingest
from bot.inbox.worker import Worker
from bot.store import conversations, inbox, outbox, reminders
from scheduler.dispatch import Dispatcher
from scheduler.plan import Planner

STEPS: dict[str, tuple[Any, str, str]] = {
    "event not stored": (Ingest, "_commit", "before"),
    "event stored, perhaps uncommitted": (inbox, "store", "after"),
    "event committed, not acknowledged": (Ingest, "_commit", "after"),
    "event claimed, uncommitted": (inbox, "claim", "after"),
    "event about to be handled": (Worker, "_handle", "before"),
    "answer about to be stored": (outbox, "add", "before"),
    "answer stored, uncommitted": (outbox, "add", "after"),
    "state saved, uncommitted": (conversations, "save", "after"),
    "event done, uncommitted": (inbox, "finish", "after"),
    "event done, committed": (Worker, "step", "after"),
    "answer claimed, uncommitted": (outbox, "claim", "after"),
    "answer claimed, committed": (Dispatcher, "_claim", "after"),
    "answer about to be sent": (LineSender, "send", "before"),
    "answer sent, nothing recorded": (LineSender, "send", "after"),
    "answer sent, recorded, uncommitted": (outbox, "sent", "after"),
    "answer sent, recorded, committed": (Dispatcher, "_settle_all", "after"),
    "Telegram: about to be sent": (TelegramSender, "send", "before"),
    "Telegram: sent, nothing recorded": (TelegramSender, "send", "after"),
    "Telegram: sent, recorded, uncommitted": (outbox, "sent", "after"),
}
"""Step -> whose, which function, and whether to die before or after it."""

REMINDER_STEPS: dict[str, tuple[Any, str, str]] = {
    "planned, uncommitted": (reminders, "add", "after"),
    "planned, committed": (Planner, "_plan_all", "after"),
    "digest stored, uncommitted": (outbox, "add_all", "after"),
    "digest noted, uncommitted": (reminders, "enqueue", "after"),
    "digests committed": (Planner, "_tell_all", "after"),
    "digest claimed, uncommitted": (outbox, "claim", "after"),
    "digest claimed, committed": (Dispatcher, "_claim", "after"),
    "digest about to be sent": (LineSender, "send", "before"),
    "digest sent, nothing recorded": (LineSender, "send", "after"),
    "digest sent, recorded, uncommitted": (outbox, "sent", "after"),
    "digest sent, recorded, committed": (Dispatcher, "_settle_all", "after"),
}
"""The same of the way of a reminder, from its plan to its record."""

assert vars(worker_module)["outbox"] is outbox, "patched where the worker looks it up"


def arm(step: str, call: int) -> None:
    """Die by SIGKILL at a step, the `call`-th time that it does something (1 is the first)."""
    owner, name, moment = {**STEPS, **REMINDER_STEPS}[step]
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)
    count = 0

    @functools.wraps(original)
    async def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal count
        if moment == "before":
            count += 1
            if count == call:
                die()
        result = await original(*arguments, **named)
        # A look that found nothing is no step.
        if moment == "after" and result not in (False, [], ()) and (result is not None or name in _SILENT):
            count += 1
            if count == call:
                die()
        return result

    setattr(owner, name, deadly)


_SILENT = frozenset({"_commit", "save", "finish", "sent", "_settle_all", "add", "add_all", "_plan_all", "enqueue"})
"""Functions that return nothing even when they did something."""


def die() -> None:
    """As the kernel or a power cut ends a process."""
    os.kill(os.getpid(), signal.SIGKILL)
