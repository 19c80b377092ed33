"""docs/operation.md says what there is: every figure of ours by its name, every command by its words."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from prometheus_client import REGISTRY
from typer.core import TyperGroup

import bot.service
import bot.web.health
from bot import cli

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
ENDINGS = re.compile(r"_(total|info|created|bucket|count|sum)$")


def test_every_figure_that_is_measured_is_explained_and_none_else() -> None:
    assert bot.service.__doc__  # imported for its rooms
    measured = {family.name for family in REGISTRY.collect() if family.name.startswith("xueban_")}
    named = {ENDINGS.sub("", name) for name in re.findall(r"xueban_[a-z_]*[a-z]", PAGE)}
    assert named == measured


def test_every_command_that_is_named_is_there() -> None:
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)
    fenced = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    named = set(re.findall(r"\bxueban ([a-z]+)", fenced + " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
    assert {"backup", "restore", "migrate", "doctor", "demo", "serve"} <= named
    assert named <= set(group.commands)


def test_what_make_is_asked_for_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = set(re.findall(r"\bmake ([a-z]+)", PAGE))
    assert wanted
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in wanted)
