"""README and the guides say what there is: their links, their commands, and every word they tell people to type."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bot import cli
from bot.clock import parse_local
from handlers.dialogue import KeepQuestion, Turn
from handlers.forms import sayings
from knowledge.answering.engine import Answerer
from tests.handlers.stage import Playhouse, Talk, real_checklists

ROOT = Path(__file__).parent.parent
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "docs" / "operation.md", *GUIDES]
TODAY = parse_local("2025-12-08T10:00")
"""The day that the coordinators' guide is written for."""
TYPED = {"teachers": "", "coordinators": "coordinator"}
"""The guides of which all in 「」 is to be typed, by the role of who reads them."""
MISREAD = sayings.MISREAD.format(how="")


def read(page: Path) -> str:
    """What a page says."""
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """What its headings are reached by, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", read(page), flags=re.MULTILINE | re.DOTALL), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@cache
def commands(name: str = "") -> frozenset[str]:
    """The commands of `xueban`, or of one of them."""
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    found = group.commands.get(name) if name else group
    return frozenset(found.commands) if isinstance(found, TyperGroup) else frozenset()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_image_is_there(page: Path) -> None:
    found = re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", read(page))
    targets = [first or second for first, second in found if not (first or second).startswith("http")]
    for target in targets:
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_image_is_shown_somewhere_and_is_small() -> None:
    shown = "\n".join(map(read, PAGES))
    for image in (ROOT / "docs" / "images").iterdir():
        assert image.name in shown
        assert image.stat().st_size <= 150 * 1024, image.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_there(page: Path) -> None:
    code = "\n".join(re.findall(r"^ *```sh\n(.*?)```", read(page), re.MULTILINE | re.DOTALL))
    code += "\n".join(re.findall(r"`([^`\n]+)`", read(page)))
    for name, following in re.findall(r"(?<![-/:.])(?:\.venv/bin/)?\bxueban ([a-z][a-z-]*)(?: ([a-z]+))?", code):
        assert name in commands(), name
        assert not commands(name) or not following or following in commands(name), f"{name} {following}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_is_one_page(guide: Path) -> None:
    assert len(read(guide).splitlines()) <= 120


@pytest.mark.parametrize("name", TYPED)
def test_what_a_guide_tells_people_to_type_is_understood_in_its_order(
    name: str, migrated_sqlite: Path, tmp_path: Path
) -> None:
    """The page from top to bottom is one conversation, as it is for whoever follows it."""
    words = re.findall(r"「([^」]+)」", read(ROOT / "docs" / "guides" / f"{name}.md"))
    assert len(words) > 15
    shutil.copy(migrated_sqlite, tmp_path / "guide.db")
    with Playhouse(tmp_path / "guide.db") as house:
        if TYPED[name]:
            house.join("c1", "distance-teaching", role=TYPED[name], name="王老師")
        talk = Talk(Answerer(real_checklists().base), TODAY, house=house)
        strange = [f"{said}：{talk.text}" for said in words if not understood(talk.say(said), said)]
    assert not strange


def understood(turn: Turn, said: str) -> bool:
    """Whether somebody knew what was meant: a question by the knowledge base, all else by anybody but it."""
    asked = [each for each in turn.effects if isinstance(each, KeepQuestion)]
    if not turn.messages or any(MISREAD in message.text for message in turn.messages):
        return False
    if said.endswith("？"):
        return bool(asked) and all(each.status != "refused" or each.entry for each in asked)
    return not asked or said.isdecimal()
