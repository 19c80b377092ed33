"""Logs what was planned for a school: created, joined, changed, deleted, taken back, confirmed, with photos."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms
from bot.demo.dice import dice, number
from bot.demo.people import Person, Team
from bot.demo.pictures import Album
from bot.demo.plan import Held, year_of
from bot.demo.schools import ONSITE, Diligence
from bot.demo.when import NOW, at
from bot.evidence.preparing import Prepared
from bot.store import deadline_marks, evidence, facts, records
from bot.store.stored_record import DONE, PLANNED, StoredRecord
from knowledge.requirements.loader import load_requirements

HOUR_MS, DAY_MS = 3600 * 1000, 24 * 3600 * 1000
Act = tuple[int, Callable[[AsyncConnection], Awaitable[None]]]
"""Something that is done at a moment, in epoch milliseconds."""


@dataclass
class Logged:
    """One record and what becomes of it. Each step is done in its turn."""

    team: Team
    held: Held
    by: Person
    stored: StoredRecord | None = None

    async def create(self, tx: AsyncConnection) -> None:
        """Log it."""
        state = PLANNED if self.held.planned else DONE
        now, scope = at(self.held.logged_at), self.by.scope
        place = self.team.place.id
        self.stored = await records.create(
            tx, scope, place, self.held.fields, channel=self.by.channel, now=now, state=state
        )

    async def join(self, tx: AsyncConnection, who: Person, now: int) -> None:
        """Somebody else was there too."""
        self._take(await records.join(tx, who.scope, self._id, channel=who.channel, now=now))

    async def change(self, tx: AsyncConnection, now: int) -> None:
        """One more came than was said."""
        count = (self.held.fields.get("headcount") or 5) + 1
        changed = await records.change(
            tx, self.by.scope, self._id, self._version, {"headcount": count}, channel=self.by.channel, now=now
        )
        self._take(changed)

    async def delete(self, tx: AsyncConnection, now: int) -> None:
        """It did not take place after all, or stood there twice."""
        self._take(await records.delete(tx, self.by.scope, self._id, self._version, channel=self.by.channel, now=now))

    async def restore(self, tx: AsyncConnection, now: int) -> None:
        """It did."""
        self._take(await records.restore(tx, self.by.scope, self._id, self._version, channel=self.by.channel, now=now))

    async def attach(self, tx: AsyncConnection, files: list[tuple[Prepared, str]], now: int) -> None:
        """Send photos or files and attach them."""
        message = f"demo-{number(0, self._id, now)}"
        for index, (file, sha256) in enumerate(files):
            source = f"demo:{message}:{index}"
            new = evidence.NewEvidence(
                self.by.channel, message, source, file.name, file.media_type, len(file.content), sha256
            )
            await evidence.add(
                tx,
                new,
                person=self.by.scope.person,
                conversation_id=self.by.conversation_id,
                batch=message[:16],
                now=now,
            )
        sent = await evidence.of_message(tx, self.by.scope, self.by.channel, message)
        await evidence.attach(tx, self.by.scope, [each.id for each in sent], self._id)

    @property
    def _id(self) -> str:
        assert self.stored is not None
        return self.stored.id

    @property
    def _version(self) -> int:
        assert self.stored is not None
        return self.stored.version

    def _take(self, changed: records.Changed) -> None:
        assert isinstance(changed, StoredRecord)  # nobody else works on the demo
        self.stored = changed


@dataclass(frozen=True, slots=True)
class Cupboard:
    """Pictures and papers with the hash under which their bytes lie."""

    album: Album
    hashes: tuple[str, ...]

    def some(self, held: Held, chance: Random) -> list[tuple[Prepared, str]]:
        """A paper for what was handed in, one or two photos of what was held."""
        files = list(zip((*self.album.photos, *self.album.papers), self.hashes, strict=True))
        photos = len(self.album.photos)
        if held.fields["kind"] == "deliverable":
            return [chance.choice(files[photos:])]
        return chance.sample(files[:photos], chance.randint(1, 2))


def acts(team: Team, cupboard: Cupboard, seed: int) -> list[Act]:
    """All that a school does over its time, in no order."""
    chance = dice(seed, "records", team.school.number, team.programme.slug)
    diligence = team.school.diligence
    span = (team.place.starts_on, team.place.ends_on)
    year = year_of(load_requirements(team.programme.slug, team.programme.edition), span, diligence, chance)
    found: list[Act] = []
    for held in year:
        by = team.coordinator if chance.random() < 0.6 else chance.choice(team.others)
        found += _life(Logged(team, held, by), cupboard, chance)
    return [*found, *_finish(team, year)]


def _life(one: Logged, cupboard: Cupboard, chance: Random) -> Iterator[Act]:
    """A record's steps, the later ones after the earlier."""
    now = at(one.held.logged_at)
    yield now, one.create
    if one.held.planned:
        if chance.random() < 0.2:
            yield now + HOUR_MS, lambda tx: one.delete(tx, now + HOUR_MS)
        return
    fate = chance.random()
    if fate < 0.04:
        yield now + HOUR_MS, lambda tx: one.delete(tx, now + HOUR_MS)
        if fate < 0.015:
            yield now + 2 * HOUR_MS, lambda tx: one.restore(tx, now + 2 * HOUR_MS)
        return
    if fate < 0.14:
        yield now + HOUR_MS // 2, lambda tx: one.change(tx, now + HOUR_MS // 2)
    if chance.random() < 0.2:
        who = next(each for each in one.team.everybody if each.scope.person != one.by.scope.person)
        yield now + HOUR_MS // 3, lambda tx: one.join(tx, who, now + HOUR_MS // 3)
    if chance.random() < 0.5:
        files = cupboard.some(one.held, chance)
        yield now + 60_000, lambda tx: one.attach(tx, files, now + 60_000)


def _finish(team: Team, year: list[Held]) -> Iterator[Act]:
    """Facts that come of the records, and what is seen to."""
    visits = [held.starts_at for held in year if held.fields["kind"] == "mentoring_visit" and not held.planned]
    if team.programme.slug != ONSITE or not visits:
        return
    first, last = min(visits), max(visits)

    async def begun(tx: AsyncConnection) -> None:
        await note_fact(tx, team, "first_visit_on", first.date().isoformat(), at(first) + DAY_MS)

    async def ended(tx: AsyncConnection) -> None:
        await note_fact(tx, team, "last_visit_on", last.date().isoformat(), at(last) + DAY_MS)

    def seen_to(key: str, days: int) -> Act:
        then = at(last + timedelta(days=days))

        async def mark(tx: AsyncConnection) -> None:
            await deadline_marks.mark(tx, team.coordinator.scope, team.place.id, key, None, then)

        return then, mark

    yield at(first) + DAY_MS, begun
    yield at(last) + DAY_MS, ended
    if team.school.diligence in (Diligence.THOROUGH, Diligence.STEADY):
        yield from (
            act for act in (seen_to("mentoring_complete", 2), seen_to("settlement", 30)) if act[0] < epoch_ms(NOW)
        )


async def note_fact(tx: AsyncConnection, team: Team, key: str, value: object, now: int) -> None:
    """What a date depends on, said by the coordinator; `now` in epoch milliseconds."""
    by = team.coordinator
    await facts.set_fact(tx, by.scope, team.place.id, key, value, channel=by.channel, now=now)
