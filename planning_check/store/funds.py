"""The movements of money for communities, as a run recorded them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.engine import Engine

from planning_check.store.models import FundLine
from planning_check.store.runs import rows_of


@dataclass(frozen=True)
class FundRow:
    """One movement, as in :class:`planning_check.store.models.FundLine`; without a sum where a register is not whole."""

    project_id: str | None
    project_name: str | None
    district_code: str | None
    district_name: str | None
    is_in_ledger: str | None
    community_code: str | None
    community_name: str | None
    is_own: str | None
    year: int | None
    what: str
    register: str
    item: str | None
    yuan: Decimal | None
    counts: str
    spent_on: str | None
    on_lo: dt.date | None
    on_hi: dt.date | None


def fund_lines(engine: Engine, run_id: int) -> list[FundRow]:
    """The movements of a run by project, what came in before what went out, the oldest first."""
    return rows_of(engine, run_id, FundLine, FundRow, "number")
