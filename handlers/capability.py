"""What the router asks of everything that people can do in private beside asking questions."""

from __future__ import annotations

from typing import Protocol

from handlers.desk import Desk
from handlers.dialogue import State, Turn


class Capability(Protocol):
    """One thing that people can do: by words, and by buttons that carry its own prefix."""

    prefix: str
    """One letter before the first colon of its buttons' actions."""

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """What words ask for; None where they are about something else."""
        ...

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """What a button carries after its prefix; None for what it never made."""
        ...
