"""Takes files that are handed to us directly, on the chat page and in the terminal: there is nothing to fetch later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from bot.clock import Clock, epoch_ms
from bot.evidence import names
from bot.evidence.preparing import Preparing
from bot.evidence.sentences import RefusedFileError
from bot.evidence.storage import Storage
from bot.messages import FileRef
from bot.store import evidence, evidence_queue, people
from bot.store.access import scope_of
from bot.store.database import Database
from bot.store.evidence import NewEvidence

MOST_FILES = 5
"""In one message."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in hand. With `problem` it is one that could not even be read; `content` is empty then."""

    name: str
    content: bytes = field(default=b"", repr=False)
    problem: str = ""


class Intake:
    """Judges and keeps what is handed in, and says it in the form that an event of ours carries."""

    def __init__(self, database: Database, storage: Storage, preparing: Preparing, clock: Clock) -> None:
        self._database = database
        self._storage = storage
        self._preparing = preparing
        self._clock = clock

    @property
    def limit(self) -> int:
        """The largest file that is taken, in bytes."""
        return self._preparing.limit

    async def take(
        self, channel: str, conversation_id: str, message_id: str, uploads: Sequence[Upload]
    ) -> list[dict[str, Any]]:
        """Keep files for whoever may keep any; returns the `files` of the event that they came with.

        Of somebody who can log for no school only the names come back. The same message twice is kept once. Raises
        `OSError` or SQLAlchemy's errors where nothing can be stored.
        """
        person = await self._member(conversation_id)
        refs = []
        for index, upload in enumerate(uploads[:MOST_FILES]):
            new = NewEvidence(channel, message_id, f"{message_id}:{index}", names.plain(upload.name)[: names.LONGEST])
            if person is not None:
                new = await self._keep(upload, new, person, conversation_id)
            refs.append(asdict(FileRef(new.source, new.name, _hint(new.media_type), new.size, problem=new.problem)))
        return refs

    async def _member(self, conversation_id: str) -> str | None:
        async with self._database.read() as connection:
            person = await people.find(connection, conversation_id)
            if person is None:
                return None
            return person if (await scope_of(connection, person)).writable else None

    async def _keep(self, upload: Upload, new: NewEvidence, person: str, conversation_id: str) -> NewEvidence:
        content = b""
        try:
            if upload.problem:
                raise RefusedFileError(upload.problem)
            prepared = await self._preparing.prepare(upload.content, upload.name)
            content = prepared.content
            digest = await self._storage.put(content)
            new = replace(new, name=prepared.name, media_type=prepared.media_type, size=len(content), sha256=digest)
        except RefusedFileError as refused:
            new = replace(new, problem=refused.sentence)
        await self._enter(new, person, conversation_id, content)
        return new

    async def _enter(self, new: NewEvidence, person: str, conversation_id: str, content: bytes) -> None:
        now = epoch_ms(self._clock.now())
        async with self._database.write() as tx:
            if new.sha256:
                await evidence_queue.hold_content(tx, new.sha256)
            # The handler of the event gives it the batch that it belongs to.
            await evidence.add(tx, new, person=person, conversation_id=conversation_id, batch="", now=now)
            if new.sha256 and not await self._storage.has(new.sha256):
                await self._storage.put(content)


def _hint(media_type: str) -> str:
    return "image" if media_type.startswith("image/") else "file"
