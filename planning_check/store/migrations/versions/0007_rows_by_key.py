"""Shape 7: on SQLite the tables with a line for every subject keep their rows in the order of the key, not the key a second time."""

from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = ("balance_line", "fund_line", "list_line", "register_line", "run_subject")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in _TABLES:
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
            pass
