"""A photo keeps its pixels and nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.evidence import images, sentences
from bot.evidence.sentences import RefusedFileError
from tests.bot.evidence import in_hand


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_position_is_gone_and_every_other_word_too(form: str) -> None:
    taken = in_hand.photo(form)
    assert in_hand.position(taken)
    kept = images.cleaned(taken, f"image/{form.lower()}")
    assert not in_hand.position(kept)
    assert not dict(opened(kept).getexif())
    assert in_hand.SECRET_PLACE.encode() in taken
    assert in_hand.SECRET_PLACE.encode() not in kept
    assert opened(kept).format == form


def test_a_photo_taken_sideways_stands_upright() -> None:
    kept = opened(images.cleaned(in_hand.photo(size=(60, 40), orientation=6), "image/jpeg"))
    assert kept.size == (40, 60)


def test_a_large_photo_is_made_smaller_and_keeps_its_shape() -> None:
    kept = opened(images.cleaned(in_hand.photo(size=(8000, 4000)), "image/jpeg"))
    assert kept.size == (4096, 2048)


def test_a_picture_that_is_small_to_send_and_huge_to_open_is_refused() -> None:
    bomb = in_hand.huge_picture()
    assert len(bomb) < 100_000
    with pytest.raises(RefusedFileError) as refused:
        images.cleaned(bomb, "image/png")
    assert refused.value.sentence == sentences.TOO_MANY_PIXELS


@pytest.mark.parametrize("content", [b"\xff\xd8\xff" + b"no picture", in_hand.photo()[:300], in_hand.photo("PNG")])
def test_what_only_begins_like_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFileError) as refused:
        images.cleaned(content, "image/jpeg")
    assert refused.value.sentence == sentences.BROKEN_IMAGE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_kept(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    target = io.BytesIO()
    Image.new(mode, (20, 10)).save(target, form)
    kind = f"image/{form.lower()}"
    assert opened(images.cleaned(target.getvalue(), kind)).size == (20, 10)
