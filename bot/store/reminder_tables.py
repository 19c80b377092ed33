"""Tables of reminders: what was planned for whom and what became of it, what people said about it, LINE's quota.

`person_id` refers to no row on purpose: who is forgotten leaves no reminder behind, see `reminder_people`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text, text

from bot.store.tables import PERSON_WIDTH, Serial, metadata
from bot.store.work_tables import DAY_WIDTH, KEY_WIDTH

SUBJECT_WIDTH = 96
REVISION_WIDTH = 64
RULE_WIDTH = 32
PLACE_WIDTH = 64
MOMENT_WIDTH = 16
"""A local minute as ISO text: `2026-07-31T23:59`."""

reminders = Table(
    "reminders",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("person_id", String(PERSON_WIDTH), nullable=False),
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), nullable=False),
    Column("subject", String(SUBJECT_WIDTH), nullable=False, doc="deadline:<key>, nudge:<key> or held:<record>"),
    Column(
        "revision", String(REVISION_WIDTH), nullable=False, doc="another one is another duty: the due minute, a period"
    ),
    Column("rule", String(RULE_WIDTH), nullable=False, doc="T-7, late-2, W-5, again-2026-07-02, office"),
    Column("day", String(DAY_WIDTH), nullable=False, doc="local day on which it is told"),
    Column("fire_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, doc="after this it is not told any more"),
    Column("late", Integer, nullable=False, server_default="0", doc="1: we were down when it fell due"),
    Column(
        "state",
        String(16),
        nullable=False,
        doc="planned, enqueued, cancelled, superseded, expired, done",
    ),
    Column("outbox_id", String(36), index=True, doc="the message that told it; no key, messages are forgotten sooner"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("uq_reminders_once", "enrolment_id", "person_id", "subject", "revision", "rule", unique=True),
    Index("ix_reminders_person_id", "person_id", "day"),
    Index(
        "ix_reminders_due",
        "fire_at",
        "person_id",
        sqlite_where=text("state = 'planned'"),
        postgresql_where=text("state = 'planned'"),
    ),
)

deadline_marks = Table(
    "deadline_marks",
    metadata,
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("due", String(MOMENT_WIDTH), nullable=False, doc="the date that it had when it was seen to"),
    Column("person_id", String(PERSON_WIDTH), nullable=False, doc="who said so"),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("enrolment_id", "key"),
)

moved_deadlines = Table(
    "moved_deadlines",
    metadata,
    Column("programme", String(64), nullable=False),
    Column("edition", String(16), nullable=False),
    Column("key", String(64), nullable=False),
    Column("revision", Integer, nullable=False, doc="from 1; the document itself is 0"),
    Column("due", String(MOMENT_WIDTH), nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", String(PERSON_WIDTH), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("programme", "edition", "key", "revision"),
)

reminder_preferences = Table(
    "reminder_preferences",
    metadata,
    Column("person_id", String(PERSON_WIDTH), nullable=False),
    Column("place", String(PLACE_WIDTH), nullable=False, doc="empty, a programme, or an enrolment"),
    Column("subject", String(SUBJECT_WIDTH), nullable=False, doc="empty, or as in reminders"),
    Column("offsets", String(64), doc="days before, `30,14,7`; none: as the wider preference says"),
    Column("at_minute", Integer, doc="minute of the day; only for the person as a whole"),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("muted", Integer, nullable=False, server_default="0"),
    Column("updated_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("person_id", "place", "subject"),
)

planning_passes = Table(
    "planning_passes",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("at", BigInteger, nullable=False, doc="when everything was last looked through"),
)

push_quotas = Table(
    "push_quotas",
    metadata,
    Column("channel", String(16), nullable=False),
    Column("month", String(7), nullable=False, doc="local month, `2026-07`"),
    Column("allowed", Integer, doc="pushes of the month by the provider's word; none: no limit"),
    Column("reported", Integer, nullable=False, server_default="0", doc="used, by the provider's word"),
    Column("reserved", Integer, nullable=False, server_default="0", doc="enqueued by us since then"),
    Column("reported_at", BigInteger, nullable=False, server_default="0"),
    Column("warned", Integer, nullable=False, server_default="0", doc="per cent of which the admin was told"),
    PrimaryKeyConstraint("channel", "month"),
)
