"""Shape 10: the shards of a province, each of which is loaded once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "run_shard",
        sa.Column("digest", _word(64), primary_key=True),
        sa.Column("shard", _TEXT, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("run.id"), nullable=False),
        sa.Column("root", _word(64), nullable=False),
    )


def _word(letters: int) -> sa.types.TypeEngine:
    return sa.String(letters).with_variant(sa.String(letters, collation="C"), "postgresql")
