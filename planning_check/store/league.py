"""The sums of a run by district that cities are compared by, made in the database: a province has more lines than one reads for a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.store.models import BalanceLine, RegisterLine
from planning_check.store.totals import by_district

#: Outcomes that are no verdict.
_OPEN = ("undetermined", "error")


@dataclass(frozen=True)
class LeagueRows:
    """``lists``: list district_code lines findings with_area area_m2 yuan yuan_min; ``balance``: district_code state projects required_m2
    residual_m2; ``outcomes``: of the rules over projects, district_code outcomes open."""

    lists: Sequence[Any]
    balance: Sequence[Any]
    outcomes: Sequence[Any]


def league_rows(engine: Engine, run_id: int, letters: Mapping[str, str]) -> LeagueRows:
    """The sums of a run. ``letters``: the register's letter -> outcome."""
    line, register = BalanceLine.__table__.c, RegisterLine.__table__.c
    sums = [sa.func.sum(line[name], type_=line[name].type).label(name) for name in ("required_m2", "residual_m2")]
    balance = (
        sa.select(line.district_code, line.state, sa.func.count().label("projects"), *sums)
        .where(line.run_id == run_id)
        .group_by(line.district_code, line.state)
        .order_by(line.district_code.is_(None), line.district_code, line.state)
    )
    judged: sa.ColumnElement[Any] = register.outcomes
    for letter, outcome in letters.items():
        judged = sa.func.replace(judged, letter, "") if outcome in _OPEN else judged
    counted = [sa.func.length(register.outcomes), sa.func.length(register.outcomes) - sa.func.length(judged)]
    names = zip(("outcomes", "open"), counted, strict=True)
    outcomes = (
        sa.select(line.district_code, *(sa.cast(sa.func.sum(n), sa.BigInteger).label(name) for name, n in names))
        .join_from(RegisterLine.__table__, BalanceLine.__table__, sa.and_(line.run_id == run_id, line.project_id == register.subject_key))
        .where(register.run_id == run_id, register.subject == "project")
        .group_by(line.district_code)
        .order_by(line.district_code.is_(None), line.district_code)
    )  # fmt: skip
    with engine.connect() as connection:
        return LeagueRows(*(connection.execute(query).all() for query in (by_district(run_id), balance, outcomes)))
