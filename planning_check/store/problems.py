"""The problems of a run's delivery, each with its place."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from planning_check.store.models import StoredProblem


def problems(engine: Engine, run_id: int) -> list[Row]:
    """Rows of ``StoredProblem`` in order: file, sheet, row, letter, table_name, key, field, raw, code, quarantined, what_*, fix_*."""
    table = StoredProblem.__table__
    with engine.connect() as connection:
        return list(connection.execute(sa.select(table).where(table.c.run_id == run_id).order_by(table.c.problem_no)))
