"""Photos and files of records: taken at once, attached by a button, shown, deleted. Nothing waits for content."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evidence import names, sentences
from bot.messages import Choice, FileRef, Incoming, Text
from bot.store import evidence, people
from bot.store.access import Scope, scope_of
from bot.store.evidence import REFUSED, WAITING, Evidence, NewEvidence
from handlers import evidence_views as views
from handlers.desk import Desk
from handlers.dialogue import State, Turn

OWN_CHANNELS = ("web", "terminal")
"""Where the bytes came with the message and are entered already, see `bot.evidence.intake`."""
DAY_MS = 24 * 3600 * 1000
TOGETHER_MS = 2 * 60 * 1000
"""Files sent within this of each other are asked about together."""
MOST_TARGETS = 6

JOIN_FIRST = (
    "照片和檔案要附在學校的紀錄上，您還沒有加入學校，所以這次沒有存。請向學校的召集人要邀請碼，加入後再傳一次。"
)
ONLY_READS = "您的身分可以看紀錄，不能附檔案，所以這次沒有存。請由學校的老師或輔導人員傳。"
IN_PRIVATE = "檔案請在和我的一對一聊天裡傳，我在這裡不收。"
WHICH = "{received}要附到哪一筆紀錄？"
NO_RECORD_YET = "{received}先幫您放著；記下一筆紀錄之後，就能附上去。"
NOT_TAKEN = "沒有收下{name}：{problem}"
KEPT = "好的，先放著。之後可以從紀錄按「附上剛才的檔案」；一直沒有附上的，保存期限到了會刪除。"
ATTACHED = "{count} 個檔案附到「{record}」了。"
STILL_COMING = "其中 {count} 個的內容還在下載，不用等；萬一收不下，我會告訴您。"
ALREADY = "這些檔案已經附上了。"
NO_LONGER = "這些檔案已經不在了，請重新傳一次。"
NO_RECORD = "找不到這筆紀錄，可能已經刪除。"
NO_FILE = "找不到這個檔案，可能已經刪除。"
NOTHING_LOOSE = "最近 24 小時沒有還沒附上的檔案。請直接把照片或檔案傳給我。"
SURE = "要刪除「{name}」嗎？刪了就救不回來。"
DELETED = "「{name}」已經刪除。"
NOT_YOURS = "這個檔案只有傳的人和召集人能刪除。"
_REST = re.compile(r"[A-Za-z0-9_:-]{1,62}")
SHOW = "看附件"
LATER = "先放著"
ADD = "附上剛才的檔案"


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The files of one message: what will be kept, and a sentence about each that will not."""

    kept: tuple[FileRef, ...]
    refused: tuple[str, ...]


class EvidenceDesk:
    """What is said and done about files.

    Args:
        address: the root of our own pages, for links.
        largest: bytes of the largest file that is taken.
    """

    prefix = "v"

    def __init__(self, address: str, largest: int = 10 * 1024 * 1024) -> None:
        self._address = address
        self._largest = largest

    async def received(self, state: State, incoming: Incoming, desk: Desk) -> Turn | None:
        """A message with files; None where it has none that could be kept: a sticker, a place."""
        if not incoming.files:
            return None
        if incoming.in_group:
            return _say(state, IN_PRIVATE)
        person = await people.find(desk.tx, desk.conversation_id)
        scope = await scope_of(desk.tx, person) if person else Scope("")
        if not scope.writable:
            return _say(state, ONLY_READS if scope.memberships else JOIN_FIRST)
        sorted_files = self._sort(incoming.files)
        batch = await _batch(incoming, scope, desk)
        before = await evidence.of_batch(desk.tx, scope, batch)
        if sorted_files.kept:
            await _enter(incoming, sorted_files.kept, scope, batch, desk)
        lines = list(sorted_files.refused)
        if incoming.files[0].album and any(each.state != REFUSED for each in before):
            await _follow(before, batch, scope, desk)
            return _say(state, *lines) if lines else Turn(state)
        if not sorted_files.kept:
            return _say(state, *lines)
        return await self._ask(state, lines, batch, incoming.files[0], scope, desk)

    async def wanted(self, state: State, text: str, desk: Desk) -> Turn | None:
        """Nothing: files are sent, not asked for by words."""
        return None

    async def act(self, state: State, rest: str, desk: Desk) -> Turn | None:
        """A button `v:<rest>`; None where it is none of ours."""
        if not _REST.fullmatch(rest):
            return None
        verb, _, what = rest.partition(":")
        scope = await scope_of(desk.tx, await desk.person())
        match verb:
            case "to":
                batch, _, record_id = what.partition(":")
                return await self._attach(state, scope, await _loose_of(batch, scope, desk), batch, record_id, desk)
            case "add":
                loose = await evidence.loose(desk.tx, scope, since=desk.at - DAY_MS)
                return await self._attach(state, scope, loose, "", what, desk)
            case "keep":
                return _say(state, KEPT)
            case "show":
                return await views.show(state, what, scope, desk, self._address)
            case "drop":
                return await _doubt(state, what, scope, desk)
            case "erase":
                return await _erase(state, what, scope, desk)
        return None

    async def offered_for(self, record_id: str, desk: Desk) -> tuple[Choice, ...]:
        """What to offer beside a record: attaching what the person lately sent and did not attach."""
        scope = await scope_of(desk.tx, await desk.person())
        loose = await evidence.loose(desk.tx, scope, since=desk.at - DAY_MS)
        return (Choice(ADD, f"v:add:{record_id}"),) if loose else ()

    def _sort(self, files: Sequence[FileRef]) -> _Sorted:
        kept, refused = [], []
        for file in files:
            problem = self._problem(file)
            if problem:
                name = names.plain(file.name)[:40]
                refused.append(NOT_TAKEN.format(name=f"「{name}」" if name else "", problem=problem))
            else:
                kept.append(file)
        return _Sorted(tuple(kept), tuple(dict.fromkeys(refused)))

    def _problem(self, file: FileRef) -> str:
        """What is known before the content is seen."""
        if file.problem:
            return file.problem
        if file.media_type == "video":
            return sentences.VIDEO
        if file.media_type == "audio":
            return sentences.SOUND
        return sentences.too_large(self._largest) if file.size > self._largest else ""

    async def _ask(
        self, state: State, lines: Sequence[str], batch: str, first: FileRef, scope: Scope, desk: Desk
    ) -> Turn:
        files = [each for each in await evidence.of_batch(desk.tx, scope, batch) if each.state != REFUSED]
        if not files:
            return _say(state, *lines, NO_LONGER)
        whole_album = bool(first.album) and not first.album_size
        count = max(len(files), first.album_size)
        received = "收到這一批檔案。" if whole_album else f"收到 {count} 個檔案。"
        records = await evidence.targets(desk.tx, scope, limit=MOST_TARGETS)
        if not records:
            return _say(state, *lines, NO_RECORD_YET.format(received=received))
        labels = views.labels(records)
        offered = [Choice(labels[each.id], f"v:to:{batch}:{each.id}") for each in records]
        text = "\n".join([*lines, WHICH.format(received=received)])
        return Turn(state, (Text(text, (*offered, Choice(LATER, "v:keep"))),))

    async def _attach(
        self, state: State, scope: Scope, loose: Sequence[Evidence], batch: str, record_id: str, desk: Desk
    ) -> Turn:
        record = await views.writable_record(record_id, scope, desk)
        if record is None:
            return _say(state, NO_RECORD)
        if not loose:
            return _say(state, await _why_nothing(batch, scope, desk))
        count = await evidence.attach(desk.tx, scope, [each.id for each in loose], record_id)
        if count is None:
            return _say(state, NO_RECORD)
        text = ATTACHED.format(count=count, record=views.label(record))
        coming = sum(each.state == WAITING for each in loose)
        if coming:
            text += "\n" + STILL_COMING.format(count=coming)
        return Turn(state, (Text(text, (Choice(SHOW, f"v:show:{record_id}", aside=True),)),))


async def _batch(incoming: Incoming, scope: Scope, desk: Desk) -> str:
    """The batch of a message's files: its album's, else that of the file just before, else a new one."""
    album = incoming.files[0].album
    if album:
        whole = f"{incoming.channel}:{incoming.conversation}:{album}"
        return hashlib.sha256(whole.encode()).hexdigest()[:16]
    lately = await evidence.loose(desk.tx, scope, since=desk.at - TOGETHER_MS)
    return next((each.batch for each in reversed(lately) if each.batch), "") or secrets.token_urlsafe(12)


async def _enter(incoming: Incoming, files: Sequence[FileRef], scope: Scope, batch: str, desk: Desk) -> None:
    if incoming.channel in OWN_CHANNELS:
        await evidence.set_batch(desk.tx, scope, incoming.channel, incoming.message_id, batch)
        return
    for file in files:
        name = names.plain(file.name)[: names.LONGEST]
        new = NewEvidence(incoming.channel, incoming.message_id, file.source, name, size=file.size)
        await evidence.add(
            desk.tx, new, person=scope.person, conversation_id=desk.conversation_id, batch=batch, now=desk.at
        )


async def _follow(before: Sequence[Evidence], batch: str, scope: Scope, desk: Desk) -> None:
    """A late picture of an album goes where the others went."""
    record_id = next((each.record_id for each in before if each.record_id), None)
    if record_id is not None:
        late = await _loose_of(batch, scope, desk)
        await evidence.attach(desk.tx, scope, [each.id for each in late], record_id)


async def _loose_of(batch: str, scope: Scope, desk: Desk) -> list[Evidence]:
    return [each for each in await evidence.loose(desk.tx, scope, since=0) if batch and each.batch == batch]


async def _why_nothing(batch: str, scope: Scope, desk: Desk) -> str:
    if not batch:
        return NOTHING_LOOSE
    attached = any(each.record_id for each in await evidence.of_batch(desk.tx, scope, batch))
    return ALREADY if attached else NO_LONGER


async def _doubt(state: State, identity: str, scope: Scope, desk: Desk) -> Turn:
    found = await evidence.find(desk.tx, scope, identity)
    if found is None:
        return _say(state, NO_FILE)
    offered = (Choice("刪除", f"v:erase:{identity}"), Choice("不刪", f"v:show:{found.record_id or ''}"))
    return Turn(state, (Text(SURE.format(name=views.name(found)), offered),))


async def _erase(state: State, identity: str, scope: Scope, desk: Desk) -> Turn:
    found = await evidence.find(desk.tx, scope, identity)
    if found is None:
        return _say(state, NO_FILE)
    if not await evidence.remove(desk.tx, scope, identity):
        return _say(state, NOT_YOURS)
    return _say(state, DELETED.format(name=views.name(found)))


def _say(state: State, *lines: str) -> Turn:
    return Turn(state, (Text("\n".join(lines)),))
