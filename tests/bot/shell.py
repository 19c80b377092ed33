"""Runs `xueban …` as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

NOW = "2025-09-05T14:00"
SURE = "跨校遠距教學一校可以補助多少錢？"
"""A question that is answered."""
Outcome = tuple[int, str, str]
"""Exit code, standard output, standard error."""
Run = Callable[..., Outcome]


def run(*words: str, given: str | bytes = "") -> Outcome:
    """Run a command with `given` on its standard input, until it ends."""
    stdin = given.encode() if isinstance(given, str) else given
    done = subprocess.run([sys.executable, "-m", "bot", *words], input=stdin, capture_output=True, timeout=120)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def refused(outcome: Outcome) -> str:
    """The one sentence on standard error of a command that was refused."""
    code, _, said = outcome
    assert code == 2, said
    assert "Traceback" not in said
    return said.strip()


def batch(*lines: dict[str, Any]) -> str:
    """Lines of JSON."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
