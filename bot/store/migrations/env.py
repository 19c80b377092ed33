"""Alembic's entry: runs the revisions on the connection it is given."""

from alembic import context

from bot.store import calendar_tables, console_tables, reminder_tables, work_tables  # noqa: F401 - their tables join the metadata
from bot.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
