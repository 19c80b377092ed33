"""Runs `xueban …` in a process of its own."""

from __future__ import annotations

import atexit
import functools
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from tests.bot.forks import PATIENCE_SECONDS, Forker

NOW = "2025-09-05T14:00"
SURE = "跨校遠距教學一校可以補助多少錢？"
"""A question that is answered."""
Outcome = tuple[int, str, str]
"""Exit code, standard output, standard error."""
Run = Callable[..., Outcome]


def run(*words: str, given: str | bytes = "") -> Outcome:
    """Run a command with `given` on its standard input, until it ends: in a fork of what has imported everything."""
    code, out, err = _forker().run(words, _bytes(given))
    return code, out.decode(), err.decode()


def start(*words: str, given: str | bytes = "") -> Outcome:
    """The same by `python -m bot`, which takes a second longer."""
    command = [sys.executable, "-m", "bot", *words]
    done = subprocess.run(command, input=_bytes(given), capture_output=True, timeout=PATIENCE_SECONDS)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def _bytes(given: str | bytes) -> bytes:
    return given.encode() if isinstance(given, str) else given


@functools.cache
def _forker() -> Forker:
    """One for the process that runs the tests."""
    forker = Forker()
    atexit.register(forker.close)
    return forker


def refused(outcome: Outcome) -> str:
    """The one sentence on standard error of a command that was refused."""
    code, _, said = outcome
    assert code == 2, said
    assert "Traceback" not in said
    return said.strip()


def batch(*lines: dict[str, Any]) -> str:
    """Lines of JSON."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
