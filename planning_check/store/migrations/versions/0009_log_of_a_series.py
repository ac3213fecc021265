"""Shape 9: the log of a series, a chain of runs recorded and of steps taken about cases."""

import sqlalchemy as sa
from alembic import op

from planning_check.store.log_guard import guard

revision = "0009"
down_revision = "0008"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "case_event",
        sa.Column("series", _TEXT, primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("at", "actor", "role", "action")),
        sa.Column("fingerprint", _word(16)),
        sa.Column("of_run", sa.BigInteger),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("body", "algorithm")),
        *(sa.Column(name, _word(64), nullable=False) for name in ("prev", "hash")),
        sa.UniqueConstraint("series", "prev", name="case_event_one_after_the_other"),
        sa.UniqueConstraint("hash", name="case_event_hash"),
    )
    op.create_index("ix_case_event_case", "case_event", ["series", "fingerprint"])
    guard(op.get_bind())


def _word(letters: int) -> sa.types.TypeEngine:
    return sa.String(letters).with_variant(sa.String(letters, collation="C"), "postgresql")
