"""What a page of the console may reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.console.engine import Engine
from bot.console.page import Renderer
from bot.evidence.storage import Storage
from bot.store.access import Scope
from bot.store.database import Database
from bot.web.health import Vital
from knowledge.schema import Base


@dataclass(frozen=True, slots=True)
class Tools:
    """Given to every page when it is made."""

    database: Database
    clock: Clock
    base: Base
    """Everything that is known of programmes."""
    storage: Storage
    """Where evidence lies."""
    vital: Vital
    """How the running service is."""
    page: Renderer
    address: str
    """The root of our own pages, for links that leave the browser."""
    on_outgoing: Callable[[], None]
    """To be called after a transaction that put something into the outbox."""
    engine: Engine
    """What answers questions."""

    @property
    def has_scheduler(self) -> bool:
        """Whether this process is the one whose clock ticks."""
        return "scheduler" in self.vital.roles

    def programmes(self, scope: Scope) -> list[str]:
        """The programmes whose office the person is, all for an admin; in the order of the knowledge base."""
        slugs = dict.fromkeys(each.slug for each in self.base.programmes)
        return [slug for slug in slugs if scope.may_oversee(slug)]
