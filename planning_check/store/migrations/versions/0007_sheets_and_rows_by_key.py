"""Shape 7: what every sheet of a delivery was taken for and what became of each heading. On SQLite the tables with a line for every
subject keep their rows in the order of the key, not the key a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_BY_KEY = ("balance_line", "fund_line", "list_line", "register_line", "run_subject")


def upgrade() -> None:
    op.create_table(
        "sheet_seen",
        *_key(),
        sa.Column("source_id", sa.BigInteger),
        sa.Column("code", _TEXT),
        sa.Column("is_hidden", sa.Boolean, nullable=False),
        sa.Column("hidden_rows", sa.BigInteger, nullable=False),
        sa.Column("rows_seen", sa.BigInteger),
        sa.Column("sample", _TEXT),
        sa.Column("nearest", _TEXT),
    )
    op.create_table(
        "heading_seen",
        *_key(),
        sa.Column("table_name", _TEXT),
        sa.Column("letter", _TEXT, nullable=False),
        sa.Column("header", _TEXT, nullable=False),
        sa.Column("field", _TEXT),
        sa.Column("nearest", _TEXT),
        sa.Column("unit", _TEXT),
        sa.Column("how", _TEXT, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in _BY_KEY:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_with_rowid": False}):
                pass


def _key() -> tuple[sa.Column, ...]:
    return (
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("sheet", _TEXT, nullable=False),
    )
