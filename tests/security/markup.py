"""Hostile words for every column that a person fills, and what a page makes of them."""

from __future__ import annotations

from html.parser import HTMLParser

from sqlalchemy import JSON, String

from bot.store import tables

TYPED = {
    "evidence": {"name"},
    "inbox": {"payload"},
    "memberships": {"name"},
    "moved_deadlines": {"reason"},
    "outbox": {"payload"},
    "question_decisions": {"section", "text", "title", "wording"},
    "questions": {"text"},
    "records": {"group_name", "host", "topic"},
    "schools": {"county", "name"},
}
"""Columns with what people write, in a chat or in the console. `outbox.payload` is what we say, their words in it."""
MADE = {
    "attendances": {"person_id", "record_id"},
    "calendar_events": {"digest", "enrolment_id", "subject"},
    "calendars": {"person_id", "token_hash"},
    "code_attempts": {"conversation_id"},
    "console_log": {"action", "data", "person_id", "programme", "subject"},
    "console_sessions": {"person_id", "token_hash"},
    "conversations": {"address", "allowance", "channel", "id", "person_id", "state"},
    "deadline_marks": {"due", "enrolment_id", "key", "person_id"},
    "enrolments": {"edition", "ends_on", "facts", "id", "programme", "school_id", "starts_on"},
    "evidence": {
        "batch", "channel", "conversation_id", "enrolment_id", "id", "media_type", "message_id", "person_id", "problem",
        "record_id", "sha256", "source", "state",
    },
    "fact_versions": {"channel", "enrolment_id", "fact", "person_id", "value"},
    "file_links": {"data", "kind", "person_id", "token_hash"},
    "inbox": {"channel", "conversation_id", "event_id", "kind", "message_id", "state"},
    "memberships": {"enrolment_id", "person_id", "programme", "role"},
    "moved_deadlines": {"due", "edition", "key", "person_id", "programme"},
    "one_time_codes": {"code_hash", "data", "person_id", "purpose"},
    "outbox": {
        "address", "channel", "conversation_id", "dedupe_key", "event_id", "id", "last_status", "lease_owner", "method",
        "provider_request_id", "reply_token", "state",
    },
    "outbox_attempts": {"outbox_id", "outcome", "request_id", "status"},
    "people": {"id"},
    "planning_passes": {"name"},
    "push_quotas": {"channel", "month"},
    "question_decisions": {
        "asked_of", "decision_id", "entry", "folded", "folded_hash", "kind", "person_id", "programme",
    },
    "questions": {
        "candidates", "channel", "entry", "feedback", "folded", "id", "message_id", "person", "programme", "status",
    },
    "record_versions": {"action", "channel", "data", "person_id", "record_id"},
    "records": {
        "created_by", "day", "deliverable", "enrolment_id", "id", "kind", "meeting", "mentor_kind", "mode", "state",
        "topic_kind",
    },
    "reminder_preferences": {"offsets", "person_id", "place", "subject"},
    "reminders": {"day", "enrolment_id", "outbox_id", "person_id", "revision", "rule", "state", "subject"},
    "runs": {
        "data", "edition", "fingerprint", "form", "id", "outcome", "person_id", "programme", "state", "touched_by",
    },
    "schools": {"id"},
    "secrets": {"name", "value"},
    "sign_in_attempts": {"address"},
    "unsent_messages": {"channel", "message_id"},
}  # fmt: skip
"""Columns that hold ids, keys, hashes, words of our own, or values that a type has judged (answers, facts). `folded`
and `record_versions.data` repeat what stands in a column above."""
NAMES = sorted(f"{table}.{column}" for table, columns in TYPED.items() for column in columns)


def unjudged() -> list[str]:
    """Columns for text that are in neither list."""
    found = []
    for table in tables.metadata.sorted_tables:
        known = TYPED.get(table.name, set()) | MADE.get(table.name, set())
        texts = {column.name for column in table.columns if isinstance(column.type, String | JSON)}
        found += [f"{table.name}.{name}" for name in sorted(texts - known)]
    return found


def mark(name: str) -> str:
    """What the words for a column are known by: a tag that no page has."""
    return f"xss{NAMES.index(name)}"


def hostile(name: str) -> str:
    """Words for a column, as bad as its width allows."""
    table, _, column = name.partition(".")
    kind = tables.metadata.tables[table].columns[column].type
    width = (kind.length if isinstance(kind, String) else None) or 200
    words = f"\"'><{mark(name)}>"
    for more in (" onclick=a()", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>{{7*7}}", "</textarea>"):
        if len(words) + len(more) + 3 <= width:
            words += more
    return words


class Reader(HTMLParser):
    """Reads a page as a browser does, and keeps what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag, judged with its attributes."""
        given = {name: value or "" for name, value in attrs}
        if tag.startswith("xss") or (tag == "script" and not given.get("src", "").startswith(("/static/", "/admin/"))):
            self.problems.append(f"<{tag}>")
        if tag in ("iframe", "object", "embed", "base"):
            self.problems.append(f"<{tag}>")
        for name, value in given.items():
            address = name in ("href", "src", "action", "formaction", "hx-get", "hx-post")
            if name.startswith(("on", "hx-on")) or (address and not value.startswith(("/", "http", "#", "?"))):
                self.problems.append(f"<{tag} {name}={value[:80]}>")
        self.words += given.values()

    def handle_data(self, data: str) -> None:
        """What is shown."""
        self.words.append(data)


def read(html: str) -> Reader:
    """A page as a browser understands it."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader
