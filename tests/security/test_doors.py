"""Which rooms may do what could be turned against us: open connections, write tables, run programs, read foreign code.

For SSRF and formulas: what fetches is bounded, what writes cells marks them as text, and there is no second one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import bot
import handlers
import knowledge
import scheduler

ROOT = Path(next(iter(bot.__path__))).parent
ROOMS = [Path(next(iter(room.__path__))) for room in (bot, handlers, knowledge, scheduler)]
ALLOWED = {
    "httpx": {
        "bot/evidence/download.py": "an id of known shape at a configured host, see test_sources.py",
        "bot/channels/line/admin_api.py": "LINE's host of the settings, menus of our own",
        "bot/channels/telegram/api.py": "only names of errors of the SDK's own client",
    },
    "aiohttp": {
        "bot/channels/line/quota.py": "only names of its errors",
        "bot/channels/line/sender.py": "only names of its errors",
    },
    "urllib.request": {"bot/probe.py": "asks hosts of the settings, for whoever sits at the machine"},
    "requests": {},
    "openpyxl": {"bot/papers/workbook.py": "writes every text as text, see test_workbook.py"},
    "csv": {},
    "subprocess": {
        "bot/backup/postgres.py": "pg_dump and pg_restore, for whoever sits at the machine",
        "bot/channels/line/menu_picture.py": "fc-match, with words of our own",
    },
    "pickle": {},
    "marshal": {},
    "shelve": {},
    "xml.etree.ElementTree": {"bot/console/charts.py": "a type; nothing is parsed"},
}
"""Who imports it, and why that is safe."""


def imported(tree: ast.Module) -> Iterator[str]:
    """The full name of everything that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every file of ours."""
    for room in ROOMS:
        for path in sorted(room.rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def test_dangerous_things_are_done_where_they_are_looked_after_and_nowhere_else() -> None:
    found: dict[str, set[str]] = {name: set() for name in ALLOWED}
    for where, tree in trees():
        for name in imported(tree):
            for known in ALLOWED:
                if name == known or name.startswith(f"{known}."):
                    found[known].add(where)
    strangers = {name: sorted(places - ALLOWED[name].keys()) for name, places in found.items()}
    assert not any(strangers.values()), strangers


def test_no_words_are_ever_run_and_yaml_is_read_safely() -> None:
    for where, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"), where
                assert not any(key.arg == "shell" for key in node.keywords), where


def test_nothing_follows_redirects() -> None:
    for where, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "follow_redirects":
                assert ast.unparse(node.value) == "False", where
