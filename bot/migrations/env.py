"""Runs the migrations; Alembic loads this file. The connection comes from `bot.database`."""

from alembic import context

from bot.desk import tables  # noqa: F401 - its tables join the others
from bot.tables import metadata

# SQLite can take back changes of tables too, as the transaction around them is begun by `bot.database`.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
