"""The movements of money for communities, as a run recorded them."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from planning_check.record.run import FundRow
from planning_check.store.models import FundLine
from planning_check.store.runs import rows_of


def fund_lines(engine: Engine, run_id: int) -> list[FundRow]:
    """The movements of a run by project, what came in before what went out, the oldest first."""
    return rows_of(engine, run_id, FundLine, FundRow, "number")
