"""What a programme must know of a record follows from its requirements."""

from __future__ import annotations

import pytest

from handlers.record.needs import Needs, load_needs
from knowledge.requirements.loader import load_requirements
from knowledge.requirements.records import Kind
from tests.handlers.record.samples import needs

EVERY = sorted(load_needs())


@pytest.mark.parametrize(
    ("slug", "kind", "fields"),
    [
        ("distance-teaching", "community_meeting", ()),
        ("distance-teaching", "deliverable", ("deliverable",)),
        ("equalization", "community_meeting", ("group",)),
        ("mobile-learning", "mentoring_visit", ("mentor_kind", "mode")),
        ("onsite-mentoring", "mentoring_visit", ("mode",)),
        ("distance-teaching", "no_such_kind", ()),
    ],
)
def test_what_decides_whether_a_record_counts_is_asked(slug: str, kind: str, fields: tuple[str, ...]) -> None:
    assert needs(slug).fields(kind) == fields


@pytest.mark.parametrize(("slug", "edition"), EVERY)
def test_every_word_that_a_requirement_names_can_be_picked(slug: str, edition: str) -> None:
    found = Needs(load_requirements(slug, edition))
    for item in load_requirements(slug, edition).items:
        for kind in item.where.kinds:
            assert kind in found.kinds
            for field, words in item.where.words.items():
                assert {word for word in words if word} <= set(found.options(kind.value, field)), item


@pytest.mark.parametrize(("slug", "edition"), EVERY)
def test_every_programme_offers_its_own_kinds_only(slug: str, edition: str) -> None:
    assert 0 < len(Needs(load_requirements(slug, edition)).kinds) < len(Kind)


def test_where_nothing_is_known_everything_may_be_said() -> None:
    assert Needs(None).kinds == tuple(Kind)
    assert Needs(None).fields("community_meeting") == ()
