"""Calendar feeds: their addresses, and how often what is told at them has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendars",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendars_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_calendars")),
    )
    op.create_index("ix_calendars_person_id", "calendars", ["person_id"], unique=False)
    op.create_table(
        "calendar_events",
        sa.Column("enrolment_id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_calendar_events_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "subject", name=op.f("pk_calendar_events")),
    )
