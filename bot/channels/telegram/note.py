"""What one attempt tells the next, squeezed into the 64 characters of an outbox row's last status.

A delivery may be several calls, and the next attempt may be another process's: what was accepted, and whether
the call at the edge may have been, has to stand in the row and not in memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.store.outbox import LOST


class Doubt(StrEnum):
    """Why a message that we are about to send may have arrived already."""

    NONE = ""
    SERVER = "server"
    """A gateway answered in Telegram's place: unlikely, so repeated as long as it takes, and labelled."""
    UNKNOWN = "unknown"
    """The answer was lost: repeated once, and labelled."""
    LOST = LOST
    """A process died in the middle: nothing is known of any call, so all are repeated once, and labelled."""


_FORM = re.compile(r"(?P<doubt>server|unknown|lost)?/?(?P<error>[^@/]*)(?:@(?P<accepted>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Note:
    """How far a delivery has come."""

    accepted: int = 0
    """How many calls at its head need not be made any more."""
    doubt: Doubt = Doubt.NONE
    """About the first of the calls that remain; where it is `LOST`, about all of them."""
    error: str = ""
    """What ended the attempt, for the log."""

    @classmethod
    def read(cls, status: str) -> Note:
        """The note in a last status; another's status is a note with nothing known but its words."""
        found = _FORM.fullmatch(status)
        if found is None:
            return cls(error=status)
        return cls(int(found["accepted"] or 0), Doubt(found["doubt"] or ""), found["error"])

    def write(self) -> str:
        """The note as a status: `unknown`, `429`, `server/502`, `unknown/ConnectError@2`."""
        words = "/".join(part for part in (self.doubt.value, self.error[:40].replace("/", "").replace("@", "")) if part)
        return f"{words}@{self.accepted}" if self.accepted else words
