"""What comes with the package, loaded once in a run: it is frozen, and loading is slow."""

from __future__ import annotations

from functools import cache

from knowledge.eligibility.loader import load_checklist
from knowledge.eligibility.model import Checklist
from knowledge.loader import load_base
from knowledge.schema import Base


@cache
def real_base() -> Base:
    """The programmes."""
    return load_base()


@cache
def real_checklist(slug: str, edition: str | None = None) -> Checklist:
    """The checklist of an edition, or of the newest."""
    return load_checklist(slug, edition)
