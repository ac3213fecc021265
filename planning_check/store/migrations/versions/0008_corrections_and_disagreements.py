"""Shape 8: the register of corrections and what came of it, and what sources tell differently, side by side."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    told = (
        "state",
        "file",
        "sheet",
        "record_key",
        "field_told",
        "old_value",
        "new_value",
        "reason",
        "corrected_by",
        "corrected_on",
        "valid_to",
    )
    op.create_table(
        "correction",
        *_key(),
        *(sa.Column(name, _TEXT, nullable=False) for name in told),
        sa.Column("register_row", sa.BigInteger, nullable=False),
        sa.Column("source_id", sa.BigInteger),
        sa.Column("row_id", sa.BigInteger),
        *(sa.Column(name, _TEXT) for name in ("table_name", "field", "raw")),
    )
    op.create_table(
        "outcome_without",
        *_key(),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("cause", "rule_id", "subject", "subject_key")),
        *(sa.Column(name, _TEXT) for name in ("outcome", "area_m2", "yuan", "without", "area_without_m2", "yuan_without")),
    )
    op.create_table(
        "disagreement",
        *_key(),
        sa.Column("table_name", _TEXT, nullable=False),
        sa.Column("record_key", _TEXT),
        sa.Column("field", _TEXT, nullable=False),
        sa.Column("told", _TEXT, nullable=False),
        sa.Column("used", _TEXT),
        sa.Column("why", _TEXT, nullable=False),
        sa.Column("difference", _TEXT),
    )


def _key() -> tuple[sa.Column, ...]:
    return (
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    )
