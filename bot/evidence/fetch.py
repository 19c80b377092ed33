"""Fetches the content of files after the reply went out: claim under a lease, fetch, judge, keep, write down."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Mapping

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, epoch_ms
from bot.evidence import names, sentences
from bot.evidence.download import TOTAL_SECONDS, UnreachableError
from bot.evidence.preparing import Prepared, Preparing
from bot.evidence.sentences import RefusedFileError
from bot.evidence.sources import GoneError, NotReadyError, Source
from bot.evidence.storage import Storage
from bot.messages import Channel, Incoming, Text
from bot.store import evidence_queue, outbox
from bot.store.database import Database
from bot.store.evidence_queue import Errand

log = structlog.get_logger(__name__)

LANES = 4
"""Files that one process fetches at the same time; a slow one holds up its own lane only."""
LEASE_MS = int(TOTAL_SECONDS * 1000) * 4
"""Longer than two requests and the cleaning may take."""
FIRST_PAUSE_MS = 1_000
LONGEST_PAUSE_MS = 15 * 60 * 1000
PATIENCE_MS = 24 * 3600 * 1000
"""After this a file that never came counts as gone."""
MOST_ATTEMPTS = 200
SWEEP_SECONDS = 10.0
SWEPT_AT_ONCE = 50
NOT_KEPT = "您傳的{name}沒有收下：{problem}"

FETCHED = Counter("xueban_evidence_total", "Files by what became of one attempt to fetch them", ["channel", "outcome"])


class Fetcher:
    """Any number may run, in any number of processes."""

    def __init__(
        self,
        database: Database,
        storage: Storage,
        sources: Mapping[str, Source],
        channels: Mapping[str, Channel],
        preparing: Preparing,
        clock: Clock,
    ) -> None:
        """`channels` render the message about a file that is not kept."""
        self._database = database
        self._storage = storage
        self._sources = dict(sources)
        self._channels = dict(channels)
        self._preparing = preparing
        self._clock = clock
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be something to fetch."""
        self._wake.set()

    async def run(self, stopping: asyncio.Event, *, poll_seconds: float = 1.0) -> None:
        """Fetch and sweep until told to stop; what is under way then is finished first."""
        lanes = [self._run_lane(stopping, poll_seconds) for _ in range(LANES)] if self._sources else []
        await asyncio.gather(*lanes, self._run_sweep(stopping))
        for source in self._sources.values():
            await source.close()

    async def _run_lane(self, stopping: asyncio.Event, poll_seconds: float) -> None:
        while not stopping.is_set():
            self._wake.clear()
            if not await self._step_safely():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), poll_seconds)

    async def _run_sweep(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self.sweep()
            except Exception:  # as in the other loops: whatever goes wrong once must not end the sweeping
                log.exception("evidence.sweep_failed")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), SWEEP_SECONDS)

    async def _step_safely(self) -> bool:
        try:
            return await self.step()
        except Exception:  # a file that breaks a library in a new way must not end the lane; its lease brings it back
            log.exception("evidence.step_failed")
            return False

    async def step(self) -> bool:
        """Fetch one file; False where none was due."""
        now = self._now()
        async with self._database.read() as connection:
            if not await evidence_queue.is_due(connection, self._sources, now):
                return False
        async with self._database.write(patient=True) as tx:
            errand = await evidence_queue.claim(tx, self._sources, now=now, lease_ms=LEASE_MS)
        if errand is None:
            return False
        outcome = await self._run_errand(errand)
        FETCHED.labels(errand.channel, outcome).inc()
        log.info(
            "evidence.fetched", evidence=errand.id, channel=errand.channel, attempt=errand.attempts, outcome=outcome
        )
        return True

    async def _run_errand(self, errand: Errand) -> str:
        try:
            content = await self._sources[errand.channel].fetch(errand.source)
            prepared = await self._preparing.prepare(content, errand.name)
            return await self._keep(errand, prepared)
        except RefusedFileError as refused:
            return await self._end(errand, refused.sentence, refused=True)
        except GoneError as gone:
            return await self._end(errand, gone.sentence, refused=False)
        except (NotReadyError, UnreachableError, OSError) as error:
            return await self._try_later(errand, error)

    async def _keep(self, errand: Errand, prepared: Prepared) -> str:
        digest = await self._storage.put(prepared.content)
        async with self._database.write() as tx:
            await evidence_queue.hold_content(tx, digest)
            kept = await evidence_queue.stored(
                tx,
                errand,
                name=prepared.name,
                media_type=prepared.media_type,
                size=len(prepared.content),
                sha256=digest,
            )
            # Somebody's deletion may have taken the same bytes away between our putting and our writing it down.
            if kept and not await self._storage.has(digest):
                await self._storage.put(prepared.content)
        return "stored" if kept else "too_late"

    async def _try_later(self, errand: Errand, error: Exception) -> str:
        now = self._now()
        if now - errand.created_at > PATIENCE_MS or errand.attempts >= MOST_ATTEMPTS:
            return await self._end(errand, sentences.GONE, refused=False)
        not_ready = isinstance(error, NotReadyError)
        if not not_ready:
            log.warning("evidence.not_fetched", evidence=errand.id, channel=errand.channel, error=str(error)[:100])
        async with self._database.write() as tx:
            await evidence_queue.postpone(tx, errand, now + pause_ms(errand.attempts))
        return "not_ready" if not_ready else "unreachable"

    async def _end(self, errand: Errand, problem: str, *, refused: bool) -> str:
        settle = evidence_queue.refuse if refused else evidence_queue.lose
        async with self._database.write() as tx:
            if not await settle(tx, errand, problem):
                return "too_late"
            if problem != sentences.TAKEN_BACK:
                await self._tell(tx, errand, problem)
        return "refused" if refused else "gone"

    async def _tell(self, tx: AsyncConnection, errand: Errand, problem: str) -> None:
        """One message for all files of a batch with the same problem: on LINE each one counts."""
        now = self._now()
        name = names.plain(errand.name)
        text = NOT_KEPT.format(name=f"「{name}」" if name else "檔案", problem=problem)
        sender = Incoming(errand.channel, "", errand.conversation_id, errand.address, now)
        key = hashlib.sha256(problem.encode()).hexdigest()[:8]
        await outbox.add(
            tx,
            self._channels[errand.channel].render(sender, (Text(text),)),
            conversation_id=errand.conversation_id,
            dedupe_key=f"evidence:{errand.batch}:{key}",
            event_id=f"evidence:{errand.id}",
            now=now,
        )

    async def sweep(self) -> int:
        """Remove the bytes of deleted files that nobody else has; returns how many."""
        async with self._database.read() as connection:
            digests = await evidence_queue.condemned(connection, SWEPT_AT_ONCE)
        removed = 0
        for digest in digests:
            async with self._database.write(patient=True) as tx:
                if not await evidence_queue.is_needed(tx, digest):
                    await self._storage.remove(digest)
                    removed += 1
                await evidence_queue.forget_content(tx, digest)
        return removed

    def _now(self) -> int:
        return epoch_ms(self._clock.now())


def pause_ms(attempts: int) -> int:
    """Back-off: 1 s, 2 s, 4 s … at most 15 minutes. Most pictures are ready within seconds."""
    return int(min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(attempts - 1, 20)))
