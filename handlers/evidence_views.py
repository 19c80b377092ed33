"""How records and their files are named to people, and the list of what is attached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.evidence import names
from bot.messages import Choice, Text
from bot.store import evidence, file_links, records
from bot.store.access import Scope
from bot.store.evidence import STORED, WAITING, Evidence
from bot.store.stored_record import DELETED, StoredRecord
from handlers import choices
from handlers.desk import Desk
from handlers.dialogue import State, Turn
from knowledge.requirements.records import Kind

LINK_KIND = "evidence"
LINK_LIFE_MS = 24 * 3600 * 1000
MOST_SHOWN = 10
NO_RECORD = "找不到這筆紀錄，可能已經刪除。"
NOTHING = "「{record}」還沒有附件。請直接把照片或檔案傳給我。"
HEAD = "「{record}」的附件：{count} 個。連結 24 小時內有效，只給您自己開。"
HEAD_ON_PAGE = "「{record}」的附件：{count} 個。"
MORE = "還有 {count} 個沒有列出來。"
COMING = "內容還在下載"
_KINDS = {kind.value: kind.words for kind in Kind}


async def show(state: State, record_id: str, scope: Scope, desk: Desk, address: str) -> Turn:
    """What is attached to a record, each with a link and a button to delete it."""
    record = await records.get(desk.tx, scope, record_id)
    if record is None or record.state == DELETED:
        return Turn(state, (Text(NO_RECORD),))
    files = await evidence.of_record(desk.tx, scope, record_id)
    if not files:
        return Turn(state, (Text(NOTHING.format(record=label(record))),))
    on_page = desk.conversation_id.startswith("web:")
    head = (HEAD_ON_PAGE if on_page else HEAD).format(record=label(record), count=len(files))
    lines = [head]
    for number, file in enumerate(files[:MOST_SHOWN], 1):
        lines += [f"{number}. {describe(file)}", *await _link(file, scope, desk, address, on_page)]
    if len(files) > MOST_SHOWN:
        lines.append(MORE.format(count=len(files) - MOST_SHOWN))
    offered = [
        Choice(choices.label(f"刪除第 {number} 個"), f"v:drop:{file.id}")
        for number, file in enumerate(files[:MOST_SHOWN], 1)
        if file.person == scope.person
    ]
    return Turn(state, (Text("\n".join(lines), tuple(offered)),))


async def writable_record(record_id: str, scope: Scope, desk: Desk) -> StoredRecord | None:
    """A record that files may be attached to; of another school's nothing is said but that there is none."""
    record = await records.get(desk.tx, scope, record_id)
    known = record is not None and record.state != DELETED and scope.may_write(record.enrolment_id)
    return record if known else None


def label(record: StoredRecord) -> str:
    """「11/18 社群活動」."""
    words = f"{record.day.month}/{record.day.day} {_KINDS[record.kind]}"
    return choices.label(f"{words} {record.group}".strip())


def labels(found: Sequence[StoredRecord]) -> dict[str, str]:
    """A label for each record by its id; those that would look the same also say the hour, or a number."""
    plain = {record.id: label(record) for record in found}
    alike = Counter(plain.values())
    shown: dict[str, str] = {}
    for record in found:
        words = plain[record.id]
        if alike[words] > 1 and not record.day_only:
            words = choices.label(f"{record.starts_at:%H:%M} {words}")
        place = 1 + sum(other.startswith(words) for other in shown.values())
        shown[record.id] = words if place == 1 else f"{words[:15]}（{place}）"
    return shown


def name(file: Evidence) -> str:
    """What a file is called."""
    return file.name or names.NAMELESS


def describe(file: Evidence) -> str:
    """「a.jpg（1.2 MB）」, or why there is nothing to open."""
    if file.state == STORED:
        return f"{name(file)}（{_size(file.size)}）"
    return f"{name(file)}（{COMING if file.state == WAITING else file.problem}）"


async def _link(file: Evidence, scope: Scope, desk: Desk, address: str, on_page: bool) -> list[str]:
    if file.state != STORED:
        return []
    if on_page:  # the page's own cookie opens it
        return [f"{address}/evidence/{file.id}"]
    data = {"evidence": file.id, "until": desk.at + LINK_LIFE_MS}
    return [f"{address}/files/{await file_links.make(desk.tx, scope.person, LINK_KIND, data, desk.at)}"]


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
