"""Tables of the console: who is signed in, who did what, what curators decided; and the history of a school's facts.

`person_id` in the logs refers to no row on purpose: what was done stays, without the number of who is forgotten.
"""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Table, Text

from bot.store.tables import PERSON_WIDTH, Serial, metadata
from bot.store.work_tables import HASH_WIDTH, KEY_WIDTH

ACTION_WIDTH = 32
WHAT_WIDTH = 200
FACT_WIDTH = 64

console_sessions = Table(
    "console_sessions",
    metadata,
    Column("token_hash", String(HASH_WIDTH), primary_key=True, doc="the cookie itself is not stored"),
    Column("person_id", String(PERSON_WIDTH), ForeignKey("people.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, doc="at the latest, however busy"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("address", String(HASH_WIDTH), nullable=False, doc="keyed hash of where it came from"),
    Column("at", BigInteger, nullable=False),
    Index("ix_sign_in_attempts_address", "address", "at"),
)

console_log = Table(
    "console_log",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("person_id", String(PERSON_WIDTH), nullable=False, doc="empty: nobody who is known"),
    Column("action", String(ACTION_WIDTH), nullable=False),
    Column("programme", String(64), nullable=False, server_default="", doc="whose office may read it; empty: admins"),
    Column("subject", String(WHAT_WIDTH), nullable=False, server_default="", doc="what it was done to"),
    Column("data", JSON, nullable=False, server_default="{}"),
)

question_decisions = Table(
    "question_decisions",
    metadata,
    Column(
        "folded_hash", String(HASH_WIDTH), primary_key=True, doc="of `asked_of` and `folded`, see knowledge.clusters"
    ),
    Column("folded", Text, nullable=False, doc="a wording, as in questions.folded"),
    Column("asked_of", String(64), nullable=False, server_default="", doc="as in questions.programme"),
    Column("wording", Text, nullable=False, server_default="", doc="as somebody wrote it"),
    Column("decision_id", String(KEY_WIDTH), nullable=False, index=True, doc="wordings that were decided together"),
    Column("kind", String(16), nullable=False, doc="alias, entry, gap, reject"),
    Column("programme", String(64), nullable=False, server_default="", doc="whose knowledge is to be changed"),
    Column(
        "entry", String(96), nullable=False, server_default="", doc="the entry that an alias is for, or the new one"
    ),
    Column("title", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default="", doc="a proposed answer"),
    Column("section", Text, nullable=False, server_default="", doc="where a proposed answer stands"),
    Column("person_id", String(PERSON_WIDTH), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("told_at", BigInteger, doc="when the askers were told that it is answered now"),
)

fact_versions = Table(
    "fact_versions",
    metadata,
    Column("enrolment_id", String(KEY_WIDTH), ForeignKey("enrolments.id"), nullable=False),
    Column("fact", String(FACT_WIDTH), nullable=False),
    Column("version", Integer, nullable=False, doc="from 1"),
    Column("value", JSON, doc="none: taken back"),
    Column("person_id", String(PERSON_WIDTH), nullable=False, doc="who said so"),
    Column("channel", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("enrolment_id", "fact", "version"),
)
