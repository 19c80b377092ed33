"""The tables. Times are epoch milliseconds in UTC, ids of people stand in clear only in `conversations`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

ID_WIDTH = 128
"""Characters of an id that a provider gives: events, messages, people, groups."""
CONVERSATION_WIDTH = 160
PERSON_WIDTH = 24

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid only to a column declared INTEGER PRIMARY KEY.
Serial = BigInteger().with_variant(Integer, "sqlite")

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(CONVERSATION_WIDTH), primary_key=True, doc="channel:key"),
    Column("channel", String(16), nullable=False),
    Column("address", String(ID_WIDTH), nullable=False, doc="where messages are sent: user or group id"),
    Column("in_group", Integer, nullable=False, server_default="0"),
    Column("state", JSON, nullable=False, server_default="{}", doc="the dialogue's state, see handlers.dialogue"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("allowance", JSON, nullable=False, server_default="{}", doc="rate limiting, see bot.inbox.allowance"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("person_id", String(PERSON_WIDTH), index=True, doc="whose it is, once something is kept for that person"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("event_id", String(ID_WIDTH), nullable=False),
    Column("conversation_id", String(CONVERSATION_WIDTH), ForeignKey("conversations.id"), nullable=False),
    Column("message_id", String(ID_WIDTH), nullable=False, server_default=""),
    Column("kind", String(16), nullable=False, server_default="text", doc="see bot.messages.Kind"),
    Column("payload", JSON, nullable=False, doc="the provider's event as it came; emptied when it is taken back"),
    Column("occurred_at", BigInteger, nullable=False, doc="the provider's own time: the order of a conversation"),
    Column("received_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False, server_default="new", doc="new, done, failed, limited"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("done_at", BigInteger),
    Index("uq_inbox_channel_event_id", "channel", "event_id", unique=True),
    Index("ix_inbox_new", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index(
        "ix_inbox_not_before",
        "not_before",
        sqlite_where=text("state = 'new' AND not_before > 0"),
        postgresql_where=text("state = 'new' AND not_before > 0"),
    ),
    Index("ix_inbox_conversation_id", "conversation_id", "state", "occurred_at", "id"),
    Index("ix_inbox_message_id", "channel", "message_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(36), primary_key=True, doc="a UUID: also LINE's retry key"),
    Column("seq", BigInteger, nullable=False, doc="order within a conversation"),
    Column("dedupe_key", String(160), nullable=False, unique=True),
    Column("conversation_id", String(CONVERSATION_WIDTH), ForeignKey("conversations.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("address", String(ID_WIDTH), nullable=False),
    Column(
        "event_id",
        String(128),
        nullable=False,
        server_default="",
        doc="the event that caused it, for the log",
    ),
    Column("method", String(16), nullable=False, doc="reply, push or show"),
    Column("payload", JSON, nullable=False, doc="rendered once and frozen"),
    Column("reply_token", String(256), nullable=False, server_default=""),
    Column("reply_until", BigInteger, nullable=False, server_default="0"),
    Column(
        "state",
        String(16),
        nullable=False,
        server_default="queued",
        doc="queued, sending, sent, unknown, dead, cancelled, expired",
    ),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("expires_at", BigInteger, nullable=False, server_default="0", doc="0: never"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("first_attempt_at", BigInteger),
    Column("lease_owner", String(64)),
    Column("lease_until", BigInteger),
    Column("last_status", String(64), nullable=False, server_default=""),
    Column("provider_request_id", String(128), nullable=False, server_default=""),
    Column("created_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Index(
        "ix_outbox_due",
        "not_before",
        "seq",
        sqlite_where=text("state IN ('queued', 'sending')"),
        postgresql_where=text("state IN ('queued', 'sending')"),
    ),
    Index("ix_outbox_conversation_id", "conversation_id", "state", "seq"),
)

outbox_attempts = Table(
    "outbox_attempts",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("outbox_id", String(36), ForeignKey("outbox.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("status", String(64), nullable=False, server_default=""),
    Column("request_id", String(128), nullable=False, server_default=""),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String(26), primary_key=True, doc="short random id, also carried by feedback buttons"),
    Column("person", String(64), nullable=False, doc="keyed hash of channel and person"),
    Column("channel", String(16), nullable=False),
    Column("message_id", String(ID_WIDTH), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False, doc="normalised for grouping"),
    Column("status", String(16), nullable=False, doc="answered, unsure, refused"),
    Column("programme", String(64), nullable=False, server_default=""),
    Column("entry", String(96), nullable=False, server_default=""),
    Column("candidates", JSON, nullable=False, server_default="[]"),
    Column(
        "feedback",
        String(16),
        nullable=False,
        server_default="",
        doc="helpful, other, outdated, none_of_these",
    ),
    Column("asked_at", BigInteger, nullable=False),
    Index("ix_questions_status", "status", "asked_at"),
    Index("ix_questions_message_id", "channel", "message_id"),
)

unsent_messages = Table(
    "unsent_messages",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("message_id", String(ID_WIDTH), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", String(256), nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(PERSON_WIDTH), primary_key=True, doc="random; several conversations may be one person's"),
    Column("created_at", BigInteger, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(16), primary_key=True, doc="random, and short: every button of the dialogue carries it"),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False),
    Column("form", String(16), nullable=False, doc="what is filled in, see handlers.forms"),
    Column("programme", String(64), nullable=False, server_default=""),
    Column("edition", String(16), nullable=False, server_default=""),
    Column("fingerprint", String(64), nullable=False, server_default="", doc="of the file that asked the questions"),
    Column("data", JSON, nullable=False, doc="answers by question, what is unsure, the order of answering"),
    Column("state", String(16), nullable=False, doc="open, finished, left"),
    Column("outcome", String(16), nullable=False, server_default="", doc="the verdict of a finished checklist"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("touched_by", String(CONVERSATION_WIDTH), nullable=False, doc="the conversation that changed it last"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_runs_person_id", "person_id", "updated_at"),
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True, doc="keyed hash: the code itself is shown once and not stored"),
    Column("purpose", String(16), nullable=False, doc="what it opens: link, invite"),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), doc="who made it"),
    Column("data", JSON, nullable=False, server_default="{}"),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

file_links = Table(
    "file_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(16), nullable=False, doc="what is made when the link is followed"),
    Column("data", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

code_attempts = Table(
    "code_attempts",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("conversation_id", String(CONVERSATION_WIDTH), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_code_attempts_conversation_id", "conversation_id", "at"),
)
