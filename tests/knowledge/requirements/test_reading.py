"""knowledge.requirements.reading: what a file says, and what is refused with its line."""

from __future__ import annotations

import pytest

from knowledge.requirements.model import Count
from knowledge.requirements.periods import Per
from knowledge.requirements.reading import read_requirements
from knowledge.requirements.records import Kind, Meeting, Mode
from knowledge.schema import KnowledgeError
from tests.knowledge.requirements.notes import EXAMPLES, item, toy, written


def refusal(content: bytes) -> str:
    with pytest.raises(KnowledgeError) as refused:
        read_requirements(content, "toy.yaml", "toy", "114")
    return str(refused.value)


def test_every_field_is_read() -> None:
    [found] = toy(
        item(
            per="semester and group", needed=15, count="hours", mode="[onsite, none]", meeting="[regional]",
            note="照原文。",
            within_months=3, each_of="other", unless="exempt", share_of="core", share=3,
            instead="[{kind: [workshop], least_hours: 6, adds: 6, needed: 15, count: hours}]",
        )
    ).items  # fmt: skip
    assert (found.key, found.title, found.unit, found.cite, found.mend) == (
        "meeting",
        "社群活動",
        "次",
        ("壹",),
        "請補辦。",
    )
    assert (found.per, found.per_group, found.count, found.needed) == (Per.SEMESTER, True, Count.HOURS, 900)
    assert found.where.kinds == {Kind.COMMUNITY_MEETING}
    assert found.where.words == {"mode": {Mode.ONSITE, None}, "meeting": {Meeting.REGIONAL}}
    assert (found.within_months, found.each_of, found.unless, found.share_of, found.share) == (
        3, "other", "exempt", "core", 3,
    )  # fmt: skip
    assert found.instead is not None
    assert (found.instead.adds, found.instead.needed, found.instead.where.least_minutes) == (360, 900, 360)
    assert (found.note, found.extra, found.line, found.countable) == ("照原文。", False, 2, False)


def test_further_duties_are_marked() -> None:
    content = written(item(), examples="extra:\n" + item("more") + EXAMPLES)
    found = read_requirements(content, "toy.yaml", "toy", "114")
    assert [(each.key, each.extra) for each in found.items] == [("meeting", False), ("more", True)]


def test_facts_that_matter_are_known() -> None:
    assert toy(item(unless="exempt"), item("more", share_of="core", share=3)).facts == {"exempt", "core"}


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (written(item(per="week")), "toy.yaml:4: `per` is 'week'; expected one of month, semester"),
        (written(item(kind="meetin")), "toy.yaml:5: `kind` has 'meetin'"),
        (written(item(kind="none")), "toy.yaml:5: `kind` has `none`"),
        (written(item(mode="[zoom]")), "toy.yaml:10: `mode` has 'zoom'"),
        (written(item(count="people")), "toy.yaml:10: `count` is 'people'"),
        (written(item("Meeting")), "toy.yaml:2: `key` is 'Meeting'"),
        (written(item(), item()), "toy.yaml:10: `key` 'meeting' stands in line 2 too"),
        (written(item().replace("社群活動", "很" * 21)), "toy.yaml:3: `title` is long"),
        (written(item(needed=-1)), "`needed` is no whole number"),
        (written(item(share=3)), "`share_of` and `share` go together"),
        (written(item(typo=3)), "unknown field `typo`"),
        (written(item().replace("    unit: 次\n", "")), "no `unit`"),
        (written(item(instead="[{kind: [workshop]}]")), "no `least_hours`"),
        (written(item(), examples=EXAMPLES.replace("now: 2025-08-01T09:00", "now: noon")), "`now` is no moment"),
        (
            written(item(), examples=EXAMPLES.replace("records: []", "records: [{kind: none}]")),
            "number 1: 缺少 starts_at",
        ),
        (written(item(), examples=EXAMPLES.replace("expect: []", "expect: [{key: meeting}]")), "without key or period"),
        (b"", "the file is empty"),
        (b"requirements: []\nexamples: []\n", "empty list"),
        (b"\xff", "UTF-8"),
    ],
)
def test_what_can_t_be_right_is_refused_with_its_line(content: bytes, because: str) -> None:
    assert because in refusal(content)


def test_one_run_tells_every_problem() -> None:
    assert len(refusal(written(item(per="week"), item("more", kind="meetin"))).splitlines()) == 2


def test_a_second_other_way_is_refused() -> None:
    way = "{kind: [workshop], least_hours: 6, adds: 6, needed: 15, count: hours}"
    assert "a second way" in refusal(written(item(instead=f"[{way}, {way}]")))
