"""What one attempt tells the next."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.note import Doubt, Note
from bot.store.outbox import LOST

NOTES = st.builds(
    Note,
    accepted=st.integers(0, 99),
    doubt=st.sampled_from(Doubt),
    error=st.sampled_from(["", "429", "502", "ConnectError", "ReadTimeout", "late"]),
)


@given(NOTES)
def test_a_note_is_read_as_it_was_written_and_fits_its_column(note: Note) -> None:
    assert Note.read(note.write()) == note
    assert len(note.write()) <= 64


@pytest.mark.parametrize(
    ("status", "note"),
    [
        ("", Note()),
        (LOST, Note(doubt=Doubt.LOST)),
        ("unknown", Note(doubt=Doubt.UNKNOWN)),
        ("429", Note(error="429")),
        ("server/502", Note(doubt=Doubt.SERVER, error="502")),
        ("unknown/ConnectError@2", Note(2, Doubt.UNKNOWN, "ConnectError")),
        ("KeyError", Note(error="KeyError")),
    ],
)
def test_the_form_of_a_note(status: str, note: Note) -> None:
    assert Note.read(status) == note
    assert note.write() == status


@given(st.text(max_size=64))
def test_any_status_is_a_note(status: str) -> None:
    assert Note.read(status).accepted >= 0
