"""The cases that a sample is drawn from, as few words each as the draw needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.assess.sampling import Unit
from planning_check.cases import follow
from planning_check.store.log import events
from planning_check.store.models import Finding, Run, RunRule

F, R, T = Finding.__table__.c, RunRule.__table__.c, Run.__table__.c


def violations_to_draw(engine: Engine, run_id: int, list_: str | None = None) -> list[Unit]:
    """The violations of a run; ``list_``: of one list only. Their stratum is the list."""
    query = _units().where(F.run_id == run_id, F.outcome == "violation")
    with engine.connect() as connection:
        return [_unit(row) for row in connection.execute(query.where(R.list == list_) if list_ else query)]


def struck_off_to_draw(engine: Engine, series: str, upto: int, list_: str | None = None) -> dict[Unit, int]:
    """The cases of a series that stood struck off after entry ``upto`` of its log -> the last run that has the finding of each."""
    closed = {
        key for key, case in follow(e for e in events(engine, series, of_cases=True) if e.seq <= upto).items() if case.state == "closed"
    }
    joined = _units(F.run_id).join(Run.__table__, T.id == F.run_id)
    query = joined.where(T.series == series, F.outcome == "violation", F.fingerprint.in_(sorted(closed))).order_by(F.run_id)
    with engine.connect() as connection:
        rows = connection.execute(query.where(R.list == list_) if list_ else query).all()
    last = {row.fingerprint: row for row in rows}
    return {_unit(row): row.run_id for row in last.values()}


def _units(*more: sa.ColumnElement[int]) -> sa.Select[Any]:
    joined = Finding.__table__.join(RunRule.__table__, sa.and_(R.run_id == F.run_id, R.rule_id == F.rule_id))
    return sa.select(F.fingerprint, R.list, F.yuan, *more).select_from(joined)


def _unit(row: sa.Row[Any]) -> Unit:
    return Unit(row.fingerprint, row.list, None if row.yuan is None else int(row.yuan * 100))
