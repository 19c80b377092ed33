"""The shape of the knowledge base: frozen objects that every engine reads and none changes.

Plain dataclasses, no validation library: `xueban ask` starts from cold within a second, and the checks
with file and line live in `knowledge.loader`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

VERIFY_EVERY = 180
"""Days after which an entry is due to be held against its source again, where the programme names none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of a programme: the question it answers, the answer, and where it is written."""

    key: str
    """Unique within the programme edition, `[a-z0-9-]`."""
    title: str
    """The question as a person would put it; also a button."""
    answer: str
    """What the user reads; at most 400 characters."""
    cite: tuple[str, ...]
    """Sections of the source, its own labels joined by `/`: `柒/一/(一)`."""
    topic: tuple[str, ...]
    aliases: tuple[str, ...]
    """Other ways of asking for the same."""
    file: str
    line: int
    """Where a curator finds it; the first line is 1."""
    owner: str = ""
    """Who keeps it right: an office or a role, never a person; empty: the programme's."""
    verified_on: date | None = None
    """The day on which it was last held against its source; None: the programme's."""
    valid_until: date | None = None
    """The last day on which it holds, inclusive, where that is not the edition's."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that people ask and the document does not answer; `answer` says so and names an office."""

    key: str
    title: str
    answer: str
    topic: tuple[str, ...]
    aliases: tuple[str, ...]
    cite: tuple[str, ...]
    """Sections of the nearest thing that the document does state; often empty."""
    file: str
    line: int
    owner: str = ""
    verified_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """One edition of one programme."""

    slug: str
    edition: str
    name: str
    short_name: str
    """At most 20 characters, fits a button."""
    year_label: str
    """How the edition is called in a sentence: `114 學年度`."""
    names: tuple[str, ...]
    """Official names and nicknames by which people call it."""
    office: str
    """Whom to ask; an office, never a person."""
    source: str
    """Title of the document that the sections cite."""
    valid_from: date
    valid_until: date
    """The last day, inclusive."""
    entries: tuple[Entry, ...]
    gaps: tuple[Gap, ...]
    owner: str = ""
    """Who keeps its entries right, unless an entry names its own: an office or a role, never a person."""
    verified_on: date | None = None
    """The day on which its entries were last held against the source, unless an entry names its own."""
    verify_every: int = VERIFY_EVERY
    """Days after which an entry is due to be held against the source again."""

    @property
    def id(self) -> str:
        """`slug/edition`, unique in the base."""
        return f"{self.slug}/{self.edition}"

    @property
    def items(self) -> tuple[Entry | Gap, ...]:
        """Entries, then gaps."""
        return (*self.entries, *self.gaps)

    def ref(self, item: Entry | Gap) -> str:
        """`slug/edition/key`: names an entry or gap of this programme in buttons and tables."""
        return f"{self.id}/{item.key}"

    def owner_of(self, item: Entry | Gap) -> str:
        """Who keeps an entry or gap right; empty where nobody is named."""
        return item.owner or self.owner

    def verified(self, item: Entry | Gap) -> date | None:
        """When an entry or gap was last held against its source; None where that is not known."""
        return item.verified_on or self.verified_on


@dataclass(frozen=True, slots=True)
class OtherProgramme:
    """A programme that Xueban does not hold, known by name so that it can decline instead of guessing."""

    name: str
    names: tuple[str, ...]
    office: str = ""
    """Whom to ask, where it is known."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """Everything that Xueban knows."""

    programmes: tuple[Programme, ...]
    others: tuple[OtherProgramme, ...]
    fingerprint: str = ""
    """Digest of the YAML it was read from; whatever is derived from the base may be cached under it."""

    def programme(self, slug: str, edition: str | None = None) -> Programme:
        """The named edition, or the one valid longest where none is named.

        Raises:
            KeyError: there is no such programme or edition.
        """
        found = [p for p in self.programmes if p.slug == slug and edition in (None, p.edition)]
        if not found:
            raise KeyError(slug if edition is None else f"{slug}/{edition}")
        return max(found, key=lambda p: p.valid_until)

    def find(self, ref: str) -> tuple[Programme, Entry | Gap] | None:
        """What `Programme.ref` named; None for a name that is gone, as in an old button."""
        owner, _, key = ref.rpartition("/")
        for programme in self.programmes:
            if programme.id == owner:
                return next(((programme, item) for item in programme.items if item.key == key), None)
        return None


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in the YAML that can't be right."""

    file: str
    line: int
    message: str
    """What is wrong; what is expected."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge base can't be used; `problems` says why, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))
