"""Photos of nobody, the same each time."""

from __future__ import annotations

from bot.demo.pictures import album


def test_the_same_dice_draw_the_same_bytes() -> None:
    first, again = album(1), album(1)
    assert [file.content for file in (*first.photos, *first.papers)] == [
        file.content for file in (*again.photos, *again.papers)
    ]
    assert album(2).photos[0].content != first.photos[0].content


def test_each_is_what_people_may_send() -> None:
    found = album(1)
    assert {file.media_type for file in found.photos} == {"image/jpeg"}
    assert {file.media_type for file in found.papers} == {"application/pdf"}
    assert len({file.content for file in (*found.photos, *found.papers)}) == len(found.photos) + len(found.papers)
