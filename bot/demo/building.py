"""Fills a database with the demo, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import epoch_ms
from bot.demo import loose, office
from bot.demo.curating import curate
from bot.demo.deliveries import Post
from bot.demo.people import Person, Settlers, Team, facts_of
from bot.demo.pictures import album
from bot.demo.questions import EACH, Asking, Question, questions_of, until
from bot.demo.records import Act, Cupboard, acts, note_fact
from bot.demo.reminding import Mornings
from bot.demo.schools import DISTANCE, MOST, PROGRAMMES, schools
from bot.demo.when import NOW, PASSES
from bot.evidence.storage import Storage
from bot.inbox.worker import Converses
from bot.store.database import Database
from bot.store.tables import secrets
from knowledge.schema import Base

MARK = "demo"
"""Under this name the secrets say that a database holds nothing but a demo."""
MOVED_ON = PASSES[2] + timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made."""

    teams: tuple[Team, ...]
    admin: Person
    offices: tuple[Person, ...]
    questions: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """How large, and by which dice."""

    seed: int = 1
    schools: int = MOST
    questions: int = EACH


WHOLE = Recipe()


async def build(database: Database, storage: Storage, base: Base, router: Converses, recipe: Recipe = WHOLE) -> Demo:
    """Fill an empty database at the newest schema. Takes half a minute for all 40 schools."""
    cupboard = await _cupboard(storage, recipe.seed)
    async with database.write() as tx:
        await tx.execute(insert(secrets).values(name=MARK, value=str(recipe.seed)))
        teams, admin, offices = await _settle(tx, base, recipe)
    everything = sorted((act for team in teams for act in acts(team, cupboard, recipe.seed)), key=lambda act: act[0])
    askers = [person for team in teams for person in team.everybody if team.place.ends_on >= NOW.date()]
    asked = questions_of(
        base, list({each.conversation_id: each for each in askers}.values()), recipe.seed, recipe.questions
    )
    edition = base.programme(DISTANCE).edition
    by = offices[PROGRAMMES.index(DISTANCE)]
    moving: Act = (epoch_ms(MOVED_ON), lambda tx: office.move_a_date(tx, by, edition, epoch_ms(MOVED_ON)))
    await _live_through(database, base, router, recipe, sorted([*everything, moving], key=lambda act: act[0]), asked)
    async with database.write() as tx:
        await office.keep_house(tx, admin, offices, teams)
        await curate(tx, admin, edition, epoch_ms(NOW - timedelta(minutes=50)))
        await loose.leave(tx, teams[0].coordinator, cupboard, epoch_ms(NOW - timedelta(hours=3)))
    return Demo(tuple(teams), admin, tuple(offices), len(asked))


async def _cupboard(storage: Storage, seed: int) -> Cupboard:
    drawn = album(seed)
    hashes = [await storage.put(file.content) for file in (*drawn.photos, *drawn.papers)]
    return Cupboard(drawn, tuple(hashes))


async def _settle(tx: AsyncConnection, base: Base, recipe: Recipe) -> tuple[list[Team], Person, list[Person]]:
    settlers = Settlers(base, recipe.seed)
    begin = epoch_ms(NOW - timedelta(days=300))
    admin = await settlers.admin(tx, begin)
    offices = await settlers.offices(tx, begin)
    teams = [team for school in schools(recipe.schools) for team in await settlers.settle(tx, school)]
    for team in teams:
        for key, value in facts_of(team, recipe.seed).items():
            await note_fact(tx, team, key, value, begin)
    return teams, admin, offices


async def _live_through(
    database: Database,
    base: Base,
    router: Converses,
    recipe: Recipe,
    everything: Sequence[Act],
    asked: Sequence[Question],
) -> None:
    """Everything up to each morning on which people were reminded, then that morning."""
    post = Post(database, recipe.seed)
    asking, mornings = Asking(database, router, post, recipe.seed), Mornings(database, base, post)
    since: datetime | None = None
    for number, morning in enumerate(PASSES):
        async with database.write() as tx:
            await _act(tx, everything, morning, since)
        await asking.ask(until(asked, morning, since))
        if number == 1:
            await mornings.silent_morning(morning)
        elif number == len(PASSES) - 1:
            await mornings.last_morning(morning)
        else:
            await mornings.morning(morning)
        since = morning
    async with database.write() as tx:
        await _act(tx, everything, NOW, since)


async def _act(tx: AsyncConnection, everything: Sequence[Act], up_to: datetime, since: datetime | None) -> None:
    begin, end = (epoch_ms(since) if since else -(2**62)), epoch_ms(up_to)
    for moment, act in everything:
        if begin < moment <= end:
            await act(tx)
