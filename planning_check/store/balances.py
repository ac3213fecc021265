"""The balance of every project's obligation, as a run recorded it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.store.models import BalanceLine, SubjectGeometry
from planning_check.store.runs import rows_of


@dataclass(frozen=True)
class BalanceRow:
    """One project: areas in m2, money in yuan; ``missing`` and ``documents`` are comma-joined codes,
    ``share_parts`` community codes with millionths of its land."""

    project_id: str
    project_name: str | None
    district_code: str | None
    district_name: str | None
    developer_name: str | None
    developer_code: str | None
    state: str
    required_m2: Decimal | None
    handed_m2: Decimal | None
    in_lieu_m2: Decimal | None
    waived_m2: Decimal | None
    residual_m2: Decimal | None
    residual_yuan: Decimal | None
    surplus_m2: Decimal | None
    twice_m2: Decimal | None
    missing: str | None
    documents: str | None
    share_parts: str | None


def balance_lines(engine: Engine, run_id: int) -> list[BalanceRow]:
    """The balance of a run's projects, by project id."""
    return rows_of(engine, run_id, BalanceLine, BalanceRow, "project_id")


def community_names(engine: Engine, run_id: int) -> dict[str, str]:
    """The names of the communities on the run's map, by code."""
    table = SubjectGeometry.__table__.c
    query = sa.select(table.subject_key, table.name).where(table.run_id == run_id, table.subject == "community")
    with engine.connect() as connection:
        return {code: name or "" for code, name in connection.execute(query)}
