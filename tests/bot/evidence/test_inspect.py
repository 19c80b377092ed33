"""What a file is by its content, and what is refused without being unpacked."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence import inspect, sentences
from bot.evidence.sentences import RefusedFileError
from tests.bot.evidence import in_hand
from tests.bot.evidence.in_hand import MB


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (in_hand.photo(), "image/jpeg"),
        (in_hand.photo("PNG"), "image/png"),
        (in_hand.photo("WEBP"), "image/webp"),
        (in_hand.PDF, "application/pdf"),
        (in_hand.docx(), in_hand.DOCX),
        (in_hand.xlsx(), in_hand.XLSX),
        (in_hand.odt(), "application/vnd.oasis.opendocument.text"),
    ],
)
def test_the_content_tells_the_type(content: bytes, expected: str) -> None:
    assert inspect.media_type(content) == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", sentences.EMPTY),
        (in_hand.FILM, sentences.VIDEO),
        (b"\x1a\x45\xdf\xa3webm", sentences.VIDEO),
        (in_hand.HEIC, sentences.HEIC),
        (in_hand.OLD_WORD, sentences.OLD_OFFICE),
        (b"ID3\x03music", sentences.SOUND),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", sentences.NOT_ACCEPTED),
        (b"MZ\x90\0program", sentences.NOT_ACCEPTED),
        (in_hand.archive(**{"a.txt": "a"}), sentences.NOT_ACCEPTED),
        (in_hand.archive(mimetype="text/html"), sentences.NOT_ACCEPTED),
        (in_hand.docx(**{"word__vbaProject.bin": b"macro"}), sentences.MACROS),
        (b"PK\x03\x04 and nothing more", sentences.BROKEN),
        (in_hand.docx()[:-30], sentences.BROKEN),
    ],
)
def test_whatever_else_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        inspect.media_type(content)
    assert refused.value.sentence == sentence


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    bomb = in_hand.bomb()
    assert len(bomb) < MB
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFileError) as refused:
            inspect.media_type(bomb)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert refused.value.sentence == sentences.BOMB
    assert peak < 4 * MB


def test_entries_that_share_their_bytes_are_a_bomb() -> None:
    with pytest.raises(RefusedFileError) as refused:
        inspect.media_type(in_hand.overlapping())
    assert refused.value.sentence == sentences.BOMB


def test_a_table_of_contents_beyond_the_bound_is_not_even_read() -> None:
    crowd = in_hand.docx(**{f"word__media__{number:0200d}.bin": b"" for number in range(2500)})
    with pytest.raises(RefusedFileError) as refused:
        inspect.media_type(crowd)
    assert refused.value.sentence == sentences.BOMB


def test_a_well_packed_document_of_ordinary_size_is_taken() -> None:
    assert inspect.media_type(in_hand.docx(**{"word__media__a.xml": "a" * 8 * MB})) == in_hand.DOCX


def judged(content: bytes) -> str:
    """The type, or the sentence of a refusal."""
    try:
        return inspect.media_type(content)
    except RefusedFileError as refused:
        return refused.sentence


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xff\xd8\xff", b"\0\0\0\x18ftyp", b"RIFF"]))
def test_no_bytes_make_it_fail(tail: bytes, head: bytes) -> None:
    found = judged(head + tail)
    assert found in inspect.ENDINGS or found.endswith("。")


@given(st.binary(max_size=60), st.integers(min_value=0, max_value=400))
def test_a_damaged_document_is_refused_or_read(damage: bytes, at: int) -> None:
    whole = in_hand.docx()
    found = judged(whole[:at] + damage + whole[at + len(damage) :])
    assert found in inspect.ENDINGS or found.endswith("。")
