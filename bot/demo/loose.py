"""Files that are attached to nothing: one that has yet to be fetched, one refused, one that is gone, one forgotten."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.people import Person
from bot.demo.records import Cupboard
from bot.store import evidence

_PROBLEMS = ("", "這個檔案打不開，請改傳 JPG、PNG 或 PDF。", "檔案太大了，最多 10 MB。")


async def leave(tx: AsyncConnection, person: Person, cupboard: Cupboard, now: int) -> None:
    """Send them one after the other; `now` in epoch milliseconds."""
    for index, problem in enumerate(_PROBLEMS):
        await _send(
            tx,
            person,
            evidence.NewEvidence(person.channel, f"demo-loose-{index}", f"demo:loose:{index}", problem=problem),
            now,
        )
    file = cupboard.album.photos[0]
    kept = evidence.NewEvidence(
        person.channel,
        "demo-loose-kept",
        "demo:loose:kept",
        file.name,
        file.media_type,
        len(file.content),
        cupboard.hashes[0],
    )
    await _send(tx, person, kept, now)


async def _send(tx: AsyncConnection, person: Person, new: evidence.NewEvidence, now: int) -> None:
    await evidence.add(
        tx, new, person=person.scope.person, conversation_id=person.conversation_id, batch=new.message_id[-16:], now=now
    )
