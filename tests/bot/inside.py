"""Runs `xueban …` within the process of the tests: the same as `shell.run`, without the second that a start takes."""

from __future__ import annotations

import sys

import pytest

from bot import cli
from tests.bot.shell import Outcome, Run


def runner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """What runs a command until its end. The test must not have an event loop, and needs `kept_logging`."""

    def run(*words: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["xueban", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run
