"""Dossiers without a database, for tests of what stands on paper."""

from __future__ import annotations

import atexit
import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from PIL import Image

from bot.papers.dossier import Dossier
from bot.papers.exporting import known_forms, known_requirements
from bot.papers.photos import Photo, Pictures
from bot.store.access import Enrolment
from bot.store.history import Attendee
from bot.store.stored_record import StoredRecord
from knowledge.forms.model import Form
from tests.real import real_base

BASE = real_base()
NOW = datetime(2025, 11, 20, 10, 0)
SCHOOL = "國立某某高級中等學校"
SOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")


def record(number: int = 1, **fields: Any) -> StoredRecord:
    """A meeting of a community on 18 November 2025, 14:00 to 16:00, but for the given fields."""
    plain = StoredRecord(
        id=f"r{number}", enrolment_id="e", kind="community_meeting", starts_at=datetime(2025, 11, 18, 14, 0),
        day_only=False, minutes=120, mode="onsite", topic="共備", host="陳老師", headcount=8, group="",
        mentor_kind="", meeting="", deliverable="", topic_kind="", state="done", version=1, created_by="p1",
        creator="甲老師", created_at=0, updated_at=0,
    )  # fmt: skip
    return replace(plain, **fields)


def dossier(
    *records: StoredRecord,
    slug: str = "distance-teaching",
    attendees: Mapping[str, tuple[Attendee, ...]] | None = None,
    pictures: Mapping[str, Pictures] | None = None,
    **changed: Any,
) -> Dossier:
    """A school's dossier with these records, over the whole of the newest edition."""
    programme = BASE.programme(slug)
    first, last = programme.valid_from, programme.valid_until
    own = Enrolment("e", "s", SCHOOL, "", slug, programme.edition, first, last, {})
    plain = Dossier(
        programme, own, known_forms(slug, programme.edition), known_requirements(slug, programme.edition),
        tuple(sorted(records, key=lambda each: each.starts_at)), first, last, attendees or {}, pictures or {}, NOW,
    )  # fmt: skip
    return replace(plain, **changed)


def form(of: Dossier, what: str) -> Form:
    """A form that the programme has."""
    found = of.forms.form(what)
    assert found is not None
    return found


def jpeg(width: int = 400, height: int = 300, colour: str = "navy", form: str = "JPEG") -> bytes:
    """A picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, form)
    return out.getvalue()


def photo(name: str = "現場.jpg", width: int = 400, height: int = 300) -> Photo:
    """A photo as paper needs it."""
    return Photo(name, jpeg(width, height), width, height)


def words(content: bytes) -> str:
    """All words of a Word file, a line for each paragraph and cell."""
    drawing = Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in drawing.paragraphs]
    for table in drawing.tables:
        texts += [cell.text for row in table.rows for cell in dict.fromkeys(row.cells)]
    return "\n".join(texts)


def converted(content: bytes, ending: str, to: str, folder: Path) -> list[Path]:
    """What LibreOffice makes of a file."""
    given = folder / f"given.{ending}"
    given.write_bytes(content)
    out = folder / "out"
    soffice("--convert-to", to, "--outdir", str(out), str(given))
    return sorted(out.iterdir())


def soffice(*arguments: str) -> None:
    """Run LibreOffice on files; several at once are much quicker than one after the other."""
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{_profile()}", *arguments]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


@cache
def _profile() -> str:
    """LibreOffice's settings, for this process alone: making them takes longer than a conversion."""
    folder = tempfile.mkdtemp(prefix="xueban-soffice-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
