"""Tables of calendar feeds: whose address it is, and how often what is told at it has changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from bot.store.reminder_tables import SUBJECT_WIDTH
from bot.store.tables import PERSON_WIDTH, metadata
from bot.store.work_tables import HASH_WIDTH, KEY_WIDTH

calendars = Table(
    "calendars",
    metadata,
    Column("token_hash", String(HASH_WIDTH), primary_key=True),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
)

calendar_events = Table(
    "calendar_events",
    metadata,
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), nullable=False),
    Column("subject", String(SUBJECT_WIDTH), nullable=False, doc="as in reminders: deadline:<key>"),
    Column("digest", String(HASH_WIDTH), nullable=False, doc="hash of what is told"),
    Column("sequence", Integer, nullable=False, doc="grows whenever that changes"),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("enrolment_id", "subject"),
)
