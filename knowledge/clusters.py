"""Questions that were not answered well, grouped by what they ask: near-duplicate wordings are one question.

Pure and deterministic: the same wordings in any order make the same clusters in the same order.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

SAME = 85.0
"""`rapidfuzz.fuzz.ratio` of two folded wordings, 0 to 100, from which they are one question."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which a question was asked, of one programme."""

    folded: str
    """The question as it was compared; never empty."""
    text: str
    """As somebody wrote it."""
    programme: str = ""
    """The slug of the programme that it was asked of; empty where that is not known."""
    status: str = "refused"
    """What came of it last: `refused`, `unsure` or `answered`."""
    askers: frozenset[str] = frozenset()
    """Pseudonyms of those who asked it in vain."""
    times: int = 1
    """How often it was asked in vain."""
    disliked: int = 0
    """How often an answer to it was disliked."""
    outdated: int = 0
    """How often of these it was said that the answer is out of date."""
    shown: frozenset[str] = frozenset()
    """`slug/edition/key` of what was answered in vain."""
    suggested: frozenset[str] = frozenset()
    """`slug/edition/key` of what was suggested in vain."""
    last_asked_at: int = 0
    """Epoch milliseconds."""

    @property
    def key(self) -> str:
        """What names it in forms and decisions."""
        return wording_key(self.programme, self.folded)


def wording_key(programme: str, folded: str) -> str:
    """64 hexadecimal digits: the same words asked of another programme are another question."""
    return hashlib.sha256(f"{programme}\n{folded}".encode("utf-8", "ignore")).hexdigest()


@dataclass(frozen=True)
class Cluster:
    """Wordings of one question, the most asked first; at least one."""

    wordings: tuple[Wording, ...]

    @property
    def key(self) -> str:
        """The key of its most asked wording."""
        return self.wordings[0].key

    @property
    def programme(self) -> str:
        """The slug that it was asked of, or empty."""
        return self.wordings[0].programme

    @property
    def text(self) -> str:
        """Its most asked wording."""
        return self.wordings[0].text

    @property
    def texts(self) -> tuple[str, ...]:
        """All its wordings, each once."""
        return tuple(dict.fromkeys(wording.text for wording in self.wordings))

    @property
    def status(self) -> str:
        """What came of its most asked wording."""
        return self.wordings[0].status

    @cached_property
    def askers(self) -> int:
        """Distinct askers, over all wordings."""
        return len(frozenset[str]().union(*(wording.askers for wording in self.wordings)))

    @property
    def times(self) -> int:
        """How often it was asked in vain."""
        return sum(wording.times for wording in self.wordings)

    @property
    def disliked(self) -> int:
        """How often an answer to it was disliked."""
        return sum(wording.disliked for wording in self.wordings)

    @property
    def outdated(self) -> int:
        """How often an answer to it was said to be out of date."""
        return sum(wording.outdated for wording in self.wordings)

    @property
    def shown(self) -> frozenset[str]:
        """What was answered in vain."""
        return frozenset[str]().union(*(wording.shown for wording in self.wordings))

    @property
    def last_asked_at(self) -> int:
        """Epoch milliseconds."""
        return max(wording.last_asked_at for wording in self.wordings)


def clusters(wordings: Iterable[Wording]) -> list[Cluster]:
    """Wordings that ask the same of the same programme; most distinct askers first, then most dislikes, then newest.

    Each wording, the most asked first, joins the cluster whose first wording it is most like, or begins its own.
    """
    heads: dict[str, list[str]] = defaultdict(list)
    members: dict[tuple[str, str], list[Wording]] = {}
    for wording in sorted(wordings, key=_rank):
        known = heads[wording.programme]
        like = process.extractOne(wording.folded, known, scorer=fuzz.ratio, score_cutoff=SAME)
        if like is None:
            known.append(wording.folded)
            members[wording.programme, wording.folded] = [wording]
        else:
            members[wording.programme, like[0]].append(wording)
    found = [Cluster(tuple(each)) for each in members.values()]
    return sorted(found, key=lambda each: (-each.askers, -each.disliked, -each.last_asked_at, _rank(each.wordings[0])))


def _rank(wording: Wording) -> tuple[int, int, int, str, str]:
    return -len(wording.askers), -wording.disliked, -wording.last_asked_at, wording.folded, wording.programme
