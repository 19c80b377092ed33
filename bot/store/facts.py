"""What dates and duties of a school depend on: stated in versions, with who, when and where; or told by its records.

Every function takes a `Scope` (see `access`). Facts are changed by whoever manages the enrolment, and nothing that
can't be right is stored, whoever says it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import TAIPEI, epoch_ms, from_epoch_ms
from bot.store.access import ENROLMENT, WITH_SCHOOL, Enrolment, Scope, read_enrolment
from bot.store.console_tables import fact_versions
from bot.store.records import counts
from bot.store.stored_record import COUNTED, counted_record
from bot.store.work_tables import enrolments, memberships, records
from knowledge.facts.deriving import derive, kinds_read
from knowledge.facts.judging import FactsError, read_fact
from knowledge.facts.loader import load_sheet
from knowledge.requirements.records import Record

__all__ = ["Clash", "FactVersion", "FactsError", "derived_facts", "history_of_facts", "set_fact", "set_facts"]


@dataclass(frozen=True, slots=True)
class FactVersion:
    """What a fact was said to be at one time."""

    fact: str
    version: int
    """From 1."""
    value: Any
    """As JSON has it; None: taken back."""
    person: str
    """Empty: somebody who was forgotten since, or the machine."""
    name: str
    """How they are called at the school; may be empty."""
    channel: str
    at: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody stated one of the facts meanwhile; nothing was stored."""

    current: Enrolment


async def set_fact(
    tx: AsyncConnection, scope: Scope, enrolment_id: str, key: str, value: Any, *, channel: str, now: int
) -> bool:
    """Note one fact, or take it back (None); False where the person may not. See `set_facts`."""
    return await set_facts(tx, scope, enrolment_id, {key: value}, channel=channel, now=now) is not None


async def set_facts(
    tx: AsyncConnection,
    scope: Scope,
    enrolment_id: str,
    changes: Mapping[str, Any],
    *,
    channel: str,
    now: int,
    expected: Mapping[str, Any] | None = None,
) -> Enrolment | Clash | None:
    """Note facts together, each with its version; what does not change gets none.

    Args:
        changes: values as JSON has them, by fact; None takes one back.
        now: epoch milliseconds.
        expected: the facts that the person saw; where one that is changed is another by now, nothing is stored.

    Returns:
        The enrolment as it is now; a `Clash`; None where the person may not change it, or it is not there.

    Raises:
        FactsError: a value can't be right; one sentence for people. Nothing is stored.
    """
    ours = (enrolments.c.id == enrolment_id, scope.manages(enrolments.c.id))
    held = select(*ENROLMENT).select_from(WITH_SCHOOL).where(*ours).with_for_update(of=enrolments)
    row = (await tx.execute(held)).first()
    if row is None:
        return None
    place = read_enrolment(row)
    if expected is not None and any(place.facts.get(key) != expected.get(key) for key in changes):
        return Clash(place)
    values = await _checked(tx, scope, place, changes, now)
    new = {key: value for key, value in values.items() if place.facts.get(key) != value}
    facts = {key: value for key, value in {**place.facts, **new}.items() if value is not None}
    if not (await tx.execute(update(enrolments).where(*ours).values(facts=facts))).rowcount:
        return None
    await _keep(tx, scope.person, place.id, new, channel=channel, now=now)
    return await _again(tx, enrolment_id, scope)


async def _checked(
    tx: AsyncConnection, scope: Scope, place: Enrolment, changes: Mapping[str, Any], now: int
) -> dict[str, Any]:
    """The values as they are stored."""
    sheet = load_sheet(place.programme, place.edition)
    derived = await derived_facts(tx, scope, [place], from_epoch_ms(now))
    wanted = {key: value for key, value in changes.items() if value is not None}
    beside = {**derived.get(place.id, {}), **place.facts}
    known = {key: value for key, value in beside.items() if key in sheet.by_key and changes.get(key, value) == value}
    for key in sorted(wanted, key=[*sheet.by_key, *wanted].index):  # an earlier day before the one that follows it
        known[key] = read_fact(sheet, key, wanted[key], known)
    return {key: None if value is None else known[key] for key, value in changes.items()}


async def _keep(
    tx: AsyncConnection, person: str, enrolment_id: str, new: Mapping[str, Any], *, channel: str, now: int
) -> None:
    """Another version of each; the caller holds the enrolment, so that no two get the same number."""
    table = fact_versions
    latest = select(table.c.fact, func.max(table.c.version).label("version")).where(
        table.c.enrolment_id == enrolment_id, table.c.fact.in_(list(new))
    )
    numbers = {row.fact: row.version for row in await tx.execute(latest.group_by(table.c.fact))}
    said = {"enrolment_id": enrolment_id, "person_id": person, "channel": channel, "at": now}
    rows = [{**said, "fact": key, "version": numbers.get(key, 0) + 1, "value": value} for key, value in new.items()]
    if rows:
        await tx.execute(insert(table), rows)


async def _again(tx: AsyncConnection, enrolment_id: str, scope: Scope) -> Enrolment | None:
    ours = (enrolments.c.id == enrolment_id, scope.manages(enrolments.c.id))
    row = (await tx.execute(select(*ENROLMENT).select_from(WITH_SCHOOL).where(*ours))).first()
    return None if row is None else read_enrolment(row)


async def history_of_facts(
    tx: AsyncConnection, scope: Scope, enrolment_id: str, *, fact: str = ""
) -> list[FactVersion]:
    """All that facts of an enrolment have been said to be, the latest first; of one fact where it is given. Nothing to
    whom may not see it."""
    table, own = fact_versions, memberships.alias()
    name = (
        select(own.c.name)
        .where(own.c.person_id == table.c.person_id, own.c.enrolment_id == table.c.enrolment_id)
        .order_by(own.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = [table.c.enrolment_id == enrolment_id, scope.reads(table.c.enrolment_id)]
    wanted += [table.c.fact == fact] if fact else []
    rows = await tx.execute(
        select(*table.c, name.label("name"))
        .where(*wanted)
        .order_by(table.c.at.desc(), table.c.fact, table.c.version.desc())
    )
    return [
        FactVersion(row.fact, row.version, row.value, row.person_id, row.name or "", row.channel, row.at)
        for row in rows
    ]


async def derived_facts(
    tx: AsyncConnection, scope: Scope, places: Sequence[Enrolment], now: datetime
) -> dict[str, dict[str, str]]:
    """What the records of these schools tell of their facts, by enrolment; schools of which nothing is told are left
    out. One statement for each edition that has such facts. `now` is aware."""
    found: dict[str, dict[str, str]] = {}
    of_edition: dict[tuple[str, str], dict[str, Enrolment]] = defaultdict(dict)
    for place in places:
        of_edition[place.programme, place.edition][place.id] = place
    local = now.astimezone(TAIPEI).replace(tzinfo=None)
    for edition, members in of_edition.items():
        sheet = load_sheet(*edition)
        kinds = sorted(kind.value for kind in kinds_read(sheet))
        if not kinds:
            continue
        for id_, held in (await _held(tx, scope, list(members), kinds, epoch_ms(now))).items():
            if told := derive(sheet, held, members[id_].starts_on, members[id_].ends_on, local):
                found[id_] = told
    return found


async def _held(
    tx: AsyncConnection, scope: Scope, ids: Sequence[str], kinds: Sequence[str], now: int
) -> dict[str, list[Record]]:
    columns = [records.c[name] for name in COUNTED]
    ours = (
        records.c.enrolment_id.in_(ids),
        records.c.kind.in_(kinds),
        counts(now),
        scope.reads(records.c.enrolment_id),
    )
    held: dict[str, list[Record]] = defaultdict(list)
    for row in await tx.execute(select(records.c.enrolment_id, *columns).where(*ours)):
        held[row.enrolment_id].append(counted_record(row))
    return held
