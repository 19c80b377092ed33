"""Who is at a page of the console, for the length of one request."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.channels.limits import clean
from bot.clock import TAIPEI, epoch_ms
from bot.store.access import Scope
from bot.web.webhooks import read_body

LARGEST_FORM = 256 * 1024
MOST_FIELDS = 400
CSRF = "csrf"
"""The hidden field of every form."""


class UnreadableFormError(Exception):
    """It is no form of ours."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form's fields, without control characters and blanks around them."""

    pairs: Sequence[tuple[str, str]] = ()

    def get(self, name: str) -> str:
        """The field's value, the first of several; empty where it is not there."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Every value of a field, as of ticked boxes."""
        return [value for key, value in self.pairs if key == name]


async def read_form(request: Request) -> Form:
    """The form of a POST; every page takes words alone, no files.

    Raises `UnreadableFormError`, `bot.web.webhooks.BodyTooLargeError`, `ClientDisconnect`.
    """
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise UnreadableFormError
    body = await read_body(request, LARGEST_FORM)
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise UnreadableFormError from None
    return Form(tuple((name, clean(value).strip()) for name, value in pairs))


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who may be here, and what they sent."""

    scope: Scope
    """What they may see: to be given to every function of the store."""
    now: datetime
    """Aware."""
    path: str = ""
    """Of the request: which entry of the navigation is the present one."""
    token: str = field(default="", repr=False)
    """The session's secret. Nothing but `sign` uses it."""
    form: Form = field(default_factory=Form, repr=False)
    """Of a POST, its `csrf` already checked."""
    said: str = ""
    """A sentence about what was done just before, see `Renderer.see_other`."""
    is_script: bool = False
    """Whether htmx asks, for a part of the page."""

    @property
    def person(self) -> str:
        """The person's number."""
        return self.scope.person

    @property
    def name(self) -> str:
        """How they are called; may be empty."""
        return next((each.name for each in self.scope.memberships if each.name), "")

    @property
    def is_admin(self) -> bool:
        """Whether they see everything."""
        return self.scope.is_admin

    @property
    def at(self) -> int:
        """Now in epoch milliseconds, the database's unit."""
        return epoch_ms(self.now)

    @property
    def local(self) -> datetime:
        """Now as wall time in Taipei, without a zone: what `knowledge` takes."""
        return self.now.astimezone(TAIPEI).replace(tzinfo=None)

    @property
    def today(self) -> date:
        """The local day."""
        return self.local.date()

    @property
    def csrf(self) -> str:
        """The value of the hidden field of every form."""
        return self.sign(CSRF)

    def sign(self, text: str) -> str:
        """A keyed hash that only this session can have made."""
        return hmac.new(self.token.encode(), text.encode(), hashlib.sha256).hexdigest()


def number_in(request: Request, name: str, digits: int = 18) -> int:
    """A whole number in an address, of at most so many digits; 0 for anything else."""
    text = request.query_params.get(name, "")
    return int(text) if re.fullmatch(rf"[0-9]{{1,{digits}}}", text) else 0
