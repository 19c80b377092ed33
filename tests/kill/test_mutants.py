"""The tests of what must happen once are worth something: with one guard taken out of a copy of the code, they fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kill.test_reminders import SMALL

ROOT = Path(__file__).parents[2]
LOOKS = 5
"""Some guards are against races, which processes that start one after the other may miss once."""
ROOMS = ("bot", "handlers", "knowledge", "scheduler", "tests", "pyproject.toml")
CLAIM = "tests/bot/store/test_outbox.py::test_several_processes_never_take_the_same_row"
WRITERS = "tests/bot/store/test_database.py::test_writers_in_several_processes_do_not_trip_over_each_other"
STORM = "tests/kill/test_reminders.py::test_a_storm_of_kills_tells_everybody_what_calm_tells_them_and_once"
STEP = "tests/kill/test_steps.py::test_a_question_is_answered_once_wherever_we_die[sqlite-answer claimed, committed]"


@dataclass(frozen=True)
class Mutant:
    """One guard taken out, and the test that must miss it."""

    file: str
    guard: str
    without: str
    test: str
    says: str
    """What the failure is about, so that no other failure passes for it."""


MUTANTS = {
    "a claimed row is not locked": Mutant(
        "bot/store/outbox_claim.py",
        ".with_for_update(skip_locked=True)",
        "",
        f"{CLAIM}[postgres]",
        "assert [('sending', ",
    ),
    "a write does not take its lock at once": Mutant(
        "bot/store/database.py",
        '"BEGIN IMMEDIATE" if writes else "BEGIN"',
        '"BEGIN"',
        f"{WRITERS}[sqlite]",
        "exitcode",
    ),
    "each attempt has a key of its own": Mutant(
        "bot/channels/line/sender.py",
        '{"X-Line-Retry-Key": delivery.id}',
        '{"X-Line-Retry-Key": str(__import__("uuid").uuid4())}',
        f"{STORM}[sqlite-{SMALL}]",
        "assert Counter(",
    ),
    "a message counts as sent before it is": Mutant(
        "bot/store/outbox_claim.py",
        'state="sending",\n            lease_owner=bindparam("owner")',
        'state="sent",\n            lease_owner=bindparam("owner")',
        STEP,
        "not enough values to unpack",
    ),
}


@pytest.mark.torture
@pytest.mark.parametrize("name", MUTANTS)
def test_without_this_guard_a_test_fails(tmp_path: Path, name: str) -> None:
    mutant = MUTANTS[name]
    for room in ROOMS:
        source = ROOT / room
        if source.is_dir():
            shutil.copytree(source, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / room)
    path = tmp_path / mutant.file
    code = path.read_text()
    assert code.count(mutant.guard) == 1, "the guard is written in another way now"
    path.write_text(code.replace(mutant.guard, mutant.without))
    for _ in range(LOOKS):
        done = _look(tmp_path, mutant)
        if done.returncode:
            break
    assert (done.returncode, mutant.says in done.stdout) == (1, True), done.stdout[-3000:]


def _look(folder: Path, mutant: Mutant) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", mutant.test],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
