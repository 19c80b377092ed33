"""`xueban invite`: a code with which one person may join a school, an office, or the admins."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot import logs, settings
from bot.clock import epoch_ms
from bot.commands.failures import BadInputError
from bot.settings import Settings
from bot.store import enrolments, migrate
from bot.store.access import Role, unlimited
from bot.store.database import Database
from bot.store.people import grouped
from knowledge.loader import load_base
from knowledge.schema import Programme


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was asked for on the command line; empty is not given."""

    role: str
    school: str = ""
    programme: str = ""
    edition: str = ""
    county: str = ""
    days: int = enrolments.INVITE_DAYS


def invite_command(asked: Invitation) -> None:
    """Print a code that lets one person in, once, and how it is used.

    Raises:
        BadInputError: no such role, programme or edition, or what the role needs is missing.
    """
    role = _role(asked.role)
    programme = None if role is Role.ADMIN else _programme(asked)
    if role.at_school and not asked.school.strip():
        raise BadInputError(f"角色 {role} 要用 --school 指定學校。")
    _check_names(asked)
    found = settings.load()
    logs.configure("warning", found.log_format, found.secrets)
    code = asyncio.run(_code(found, asked, role, programme))
    print(f"加入 {grouped(code)}")


async def _code(found: Settings, asked: Invitation, role: Role, programme: Programme | None) -> str:
    database = Database(found.database_url)
    now = epoch_ms(found.clock().now())
    scope = unlimited()
    try:
        await migrate.to_head(database)
        async with database.write() as tx:
            place = None
            if role.at_school and programme is not None:
                place = await enrolments.enrol(tx, scope, asked.school, programme, now, county=asked.county)
            code = await enrolments.invite(
                tx,
                scope,
                role,
                now,
                enrolment_id=place.id if place else "",
                programme=programme.slug if programme else "",
                days=asked.days,
            )
    finally:
        await database.close()
    assert code is not None  # the machine's own scope may invite anybody
    return code


def _check_names(asked: Invitation) -> None:
    for option, name, longest in (
        ("--school", asked.school, enrolments.LONGEST_SCHOOL),
        ("--county", asked.county, enrolments.LONGEST_COUNTY),
    ):
        try:
            enrolments.tidy(name or "-", longest)
        except ValueError:
            raise BadInputError(f"{option} 要是 1 到 {longest} 個看得見的字。") from None


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError:
        raise BadInputError(f"沒有「{given}」這個角色；有的是：{'、'.join(Role)}。") from None


def _programme(asked: Invitation) -> Programme:
    base = load_base()
    slugs = dict.fromkeys(programme.slug for programme in base.programmes)
    if asked.programme not in slugs:
        raise BadInputError(f"沒有「{asked.programme}」這個計畫；有的是：{'、'.join(slugs)}。")
    try:
        return base.programme(asked.programme, asked.edition or None)
    except KeyError:
        editions = "、".join(each.edition for each in base.programmes if each.slug == asked.programme)
        raise BadInputError(f"{asked.programme} 沒有「{asked.edition}」這一年；有的是：{editions}。") from None
