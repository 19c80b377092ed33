"""What of a Telegram message can be kept as a file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.files import refs
from bot.messages import FileRef

SMALL = {"file_id": "AgAC-small", "width": 90, "height": 60, "file_size": 1200}
LARGE = {"file_id": "AgAC-large", "width": 1280, "height": 853, "file_size": 120_000}


def test_a_photo_is_taken_in_its_largest_size() -> None:
    found = refs({"photo": [SMALL, LARGE, {**SMALL, "file_id": "AgAC-middle"}], "media_group_id": "13579"})
    assert found == (FileRef("AgAC-large", media_type="image", size=120_000, album="13579"),)


def test_a_document_says_its_name() -> None:
    document = {"file_id": "BQAC", "file_name": "紀錄.pdf", "mime_type": "application/pdf", "file_size": 2138}
    assert refs({"document": document}) == (FileRef("BQAC", "紀錄.pdf", "file", 2138),)


@pytest.mark.parametrize(
    ("what", "kind"),
    [("video", "video"), ("video_note", "video"), ("animation", "video"), ("voice", "audio"), ("audio", "audio")],
)
def test_films_and_sounds_are_known_as_such(what: str, kind: str) -> None:
    (found,) = refs({what: {"file_id": "x"}})
    assert found.media_type == kind


def test_an_animation_is_a_film_although_it_comes_as_a_document_too() -> None:
    (found,) = refs({"document": {"file_id": "x"}, "animation": {"file_id": "x"}})
    assert found.media_type == "video"


@pytest.mark.parametrize("what", ["sticker", "location", "contact", "poll", "dice"])
def test_what_holds_no_bytes_worth_keeping_is_no_file(what: str) -> None:
    assert refs({what: {"file_id": "x"}}) == ()


@pytest.mark.parametrize("source", [None, "", 7, "a/b", "../x", "a b", "x" * 257, "http://x/"])
def test_an_id_that_is_none_is_left_out(source: object) -> None:
    assert refs({"document": {"file_id": source}}) == ()
    assert refs({"photo": [{"file_id": source, "width": 1, "height": 1}]}) == ()


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(LARGE)), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["photo", "document", "video", "media_group_id"]), ANYTHING))
def test_no_message_makes_it_fail(message: dict[str, Any]) -> None:
    assert len(refs(message)) <= 1
