"""A year as diligence lets it be: what is logged can have happened."""

from __future__ import annotations

import random

import pytest

from bot.demo.plan import Held, year_of
from bot.demo.schools import PROGRAMMES, Diligence
from bot.demo.when import local_now
from bot.store.stored_record import columns_of
from knowledge.loader import load_base
from knowledge.requirements.loader import load_requirements

BASE = load_base()
_IDLE, _THOROUGH = Diligence.IDLE, Diligence.THOROUGH


def year(slug: str, diligence: Diligence, seed: int = 1) -> list[Held]:
    programme = BASE.programme(slug)
    span = (programme.valid_from, programme.valid_until)
    return year_of(load_requirements(slug), span, diligence, random.Random(seed))


@pytest.mark.parametrize("slug", PROGRAMMES)
@pytest.mark.parametrize("diligence", Diligence)
def test_everything_can_be_stored_on_a_working_day_within_the_year(slug: str, diligence: Diligence) -> None:
    programme = BASE.programme(slug)
    for held in year(slug, diligence):
        columns_of(held.fields)
        assert held.starts_at.weekday() < 5
        assert programme.valid_from <= held.starts_at.date() <= programme.valid_until


@pytest.mark.parametrize("slug", PROGRAMMES)
@pytest.mark.parametrize("diligence", Diligence)
def test_nothing_is_logged_before_it_was_over_or_after_today(slug: str, diligence: Diligence) -> None:
    for held in year(slug, diligence):
        assert held.logged_at <= local_now()
        assert held.planned or held.starts_at < held.logged_at


def test_who_is_idle_does_less_than_who_is_thorough() -> None:
    for slug in PROGRAMMES:
        idle, thorough = (sum(len(year(slug, each, seed)) for seed in range(5)) for each in (_IDLE, _THOROUGH))
        assert idle < thorough / 2
