"""The sheet of an edition, out of the files in which its facts stand."""

from __future__ import annotations

from functools import lru_cache

from knowledge.deadlines.loader import UnknownProgrammeError as NoDeadlinesError
from knowledge.deadlines.loader import load_deadlines
from knowledge.deadlines.model import Deadlines
from knowledge.facts.model import Fact, Sheet
from knowledge.requirements.loader import UnknownProgrammeError as NoRequirementsError
from knowledge.requirements.loader import load_requirements
from knowledge.requirements.model import Requirements


@lru_cache(maxsize=64)
def load_sheet(programme: str, edition: str) -> Sheet:
    """All facts of an edition; none where it has neither deadlines nor requirements, or they depend on nothing.

    Kept: the packaged files do not change under a running process.

    Raises:
        KnowledgeError: a file can't be right; it lists every problem found.
    """
    dates, duties = deadlines_of(programme, edition), requirements_of(programme, edition)
    found: tuple[Fact, ...] = (*(dates.facts if dates else ()), *(duties.asked if duties else ()))
    return Sheet(programme, edition, tuple({fact.key: fact for fact in found}.values()))


@lru_cache(maxsize=64)
def deadlines_of(programme: str, edition: str) -> Deadlines | None:
    """The deadlines of an edition; None where it has none."""
    try:
        return load_deadlines(programme, edition)
    except NoDeadlinesError:
        return None


@lru_cache(maxsize=64)
def requirements_of(programme: str, edition: str) -> Requirements | None:
    """The requirements of an edition; None where it has none."""
    try:
        return load_requirements(programme, edition)
    except NoRequirementsError:
        return None
