"""Tables of the work itself: schools, who does what for which programme, what was held, and the proofs of it.

Local days are ISO text (`2025-11-18`): a day has no zone. Moments are epoch milliseconds, lengths are minutes.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, text

from bot.store.tables import CONVERSATION_WIDTH, ID_WIDTH, PERSON_WIDTH, Serial, metadata

KEY_WIDTH = 16
"""Characters of a random id that buttons carry."""
DAY_WIDTH = 10
HASH_WIDTH = 64
SOURCE_WIDTH = 256
"""Characters of the id by which a provider hands out a file; Telegram's are long."""

schools = Table(
    "schools",
    metadata,
    Column("id", String(KEY_WIDTH), primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("county", String(16), nullable=False, server_default="", index=True),
    Column("created_at", BigInteger, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("id", String(KEY_WIDTH), primary_key=True, doc="a school's part in one edition of a programme"),
    Column("school_id", String(KEY_WIDTH), ForeignKey("schools.id"), nullable=False),
    Column("programme", String(64), nullable=False),
    Column("edition", String(16), nullable=False),
    Column("starts_on", String(DAY_WIDTH), nullable=False, doc="first day that counts"),
    Column("ends_on", String(DAY_WIDTH), nullable=False, doc="last day that counts"),
    Column("facts", JSON, nullable=False, server_default="{}", doc="what dates depend on, see knowledge.deadlines"),
    Column("created_at", BigInteger, nullable=False),
    Index("uq_enrolments_school_id", "school_id", "programme", "edition", unique=True),
    Index("ix_enrolments_programme", "programme", "edition"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False),
    Column("role", String(16), nullable=False, doc="coordinator, teacher, mentor, office, admin"),
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), doc="none for office and admin"),
    Column("programme", String(64), nullable=False, server_default="", doc="of an office: all of its schools"),
    Column("name", String(40), nullable=False, server_default="", doc="how the person is called in reports"),
    Column("joined_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger, doc="set when someone leaves or is removed; the row stays"),
    Index("ix_memberships_person_id", "person_id"),
    Index("ix_memberships_enrolment_id", "enrolment_id"),
    Index(
        "uq_memberships_current",
        "person_id",
        "role",
        "enrolment_id",
        "programme",
        unique=True,
        sqlite_where=text("ended_at IS NULL AND enrolment_id IS NOT NULL"),
        postgresql_where=text("ended_at IS NULL AND enrolment_id IS NOT NULL"),
    ),
)

records = Table(
    "records",
    metadata,
    Column("id", String(KEY_WIDTH), primary_key=True),
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), nullable=False),
    Column("kind", String(32), nullable=False, doc="see knowledge.requirements.records.Kind"),
    Column("day", String(DAY_WIDTH), nullable=False, doc="local day"),
    Column("starts_at", BigInteger, nullable=False, doc="the day's first moment where no hour was said"),
    Column("has_hour", Integer, nullable=False, server_default="1"),
    Column("minutes", Integer, nullable=False, server_default="0", doc="0 for what takes no time: a deliverable"),
    Column("mode", String(16), nullable=False, server_default=""),
    Column("topic", Text, nullable=False, server_default=""),
    Column("host", String(80), nullable=False, server_default=""),
    Column("headcount", Integer),
    Column("group_name", String(80), nullable=False, server_default=""),
    Column("mentor_kind", String(16), nullable=False, server_default=""),
    Column("meeting", String(16), nullable=False, server_default=""),
    Column("deliverable", String(16), nullable=False, server_default=""),
    Column("topic_kind", String(16), nullable=False, server_default=""),
    Column("state", String(16), nullable=False, doc="done, planned, deleted"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_by", String(PERSON_WIDTH), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_records_enrolment_id", "enrolment_id", "state", "day"),
)

record_versions = Table(
    "record_versions",
    metadata,
    Column("record_id", String(KEY_WIDTH), ForeignKey("records.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("action", String(16), nullable=False, doc="create, change, delete, restore, join"),
    Column("data", JSON, nullable=False, doc="all fields as they were from then on"),
    Column("person_id", String(PERSON_WIDTH), nullable=False, doc="who did it"),
    Column("channel", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
)

attendances = Table(
    "attendances",
    metadata,
    Column("record_id", String(KEY_WIDTH), ForeignKey("records.id"), primary_key=True),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), primary_key=True, doc="said to have been there"),
    Column("at", BigInteger, nullable=False),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(KEY_WIDTH), primary_key=True),
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), doc="none until it is attached"),
    Column("record_id", String(KEY_WIDTH), ForeignKey("records.id")),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False),
    Column("conversation_id", String(CONVERSATION_WIDTH), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("message_id", String(ID_WIDTH), nullable=False, doc="of the message it came with"),
    Column("source", String(SOURCE_WIDTH), nullable=False, doc="by what the provider hands out the file"),
    Column("batch", String(KEY_WIDTH), nullable=False, doc="files sent together, and attached together"),
    Column("name", String(120), nullable=False, server_default="", doc="as it was called; never a path"),
    Column("media_type", String(100), nullable=False, server_default=""),
    Column("size", BigInteger, nullable=False, server_default="0", doc="bytes, as stored"),
    Column("sha256", String(HASH_WIDTH), nullable=False, server_default="", doc="of the bytes as stored"),
    Column("state", String(16), nullable=False, doc="waiting, stored, refused, gone, deleted"),
    Column("problem", String(200), nullable=False, server_default="", doc="why it was refused, for the person"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", BigInteger, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Index("uq_evidence_source", "channel", "message_id", "source", unique=True),
    Index("ix_evidence_record_id", "record_id"),
    Index("ix_evidence_person_id", "person_id", "created_at"),
    Index("ix_evidence_sha256", "sha256"),
    Index(
        "ix_evidence_waiting",
        "not_before",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
