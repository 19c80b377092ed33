"""What answers people: one router over the knowledge base, the same in the service and at the terminal."""

from __future__ import annotations

from bot.settings import Settings
from handlers.checklist.checklists import Checklists
from handlers.router import Router
from knowledge.answering.engine import Answerer


def make_router(settings: Settings, checklists: Checklists, answerer: Answerer | None = None) -> Router:
    """The router. `answerer`: over the same base, where there is one already."""
    return Router(
        answerer or Answerer(checklists.base),
        checklists=checklists,
        retention_days=settings.retention_days,
        address=settings.address,
        largest_file=settings.largest_evidence,
    )
