"""Called by Alembic for every command."""

from alembic import context

from backend.migrations.compare import options

context.configure(**options(context.config.attributes["connection"]))
with context.begin_transaction():
    context.run_migrations()
