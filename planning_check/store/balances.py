"""The balance of every project's obligation, as a run recorded it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.record.run import BalanceRow
from planning_check.store.models import BalanceLine, SubjectGeometry
from planning_check.store.runs import rows_of


def balance_lines(engine: Engine, run_id: int) -> list[BalanceRow]:
    """The balance of a run's projects, by project id."""
    return rows_of(engine, run_id, BalanceLine, BalanceRow, "project_id")


def community_names(engine: Engine, run_id: int) -> dict[str, str]:
    """The names of the communities on the run's map, by code."""
    table = SubjectGeometry.__table__.c
    query = sa.select(table.subject_key, table.name).where(table.run_id == run_id, table.subject == "community")
    with engine.connect() as connection:
        return {code: name or "" for code, name in connection.execute(query)}
