"""The cases that a sample is drawn from, as few words each as the draw needs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.assess.sampling import Unit
from planning_check.cases import follow
from planning_check.store.log import events
from planning_check.store.models import Finding, Run, RunRule
from planning_check.store.register import in_parts

F, R, T = Finding.__table__.c, RunRule.__table__.c, Run.__table__.c


def violations_to_draw(engine: Engine, run_id: int, list_: str | None = None) -> list[Unit]:
    """The violations of a run; ``list_``: of one list only. Their stratum is the list."""
    query = _units().where(F.run_id == run_id, F.outcome == "violation")
    with engine.connect() as connection:
        return [_unit(row) for row in connection.execute(query.where(R.list == list_) if list_ else query)]


def struck_off_to_draw(engine: Engine, series: str, upto: int, list_: str | None = None) -> dict[Unit, int]:
    """The cases of a series that stood struck off after entry ``upto`` of its log -> the last run of before that has the violation of each
    (else another finding of it). What was found and decided since changes nothing: the draw can be made again."""
    told = [event for event in events(engine, series) if event.seq <= upto]
    closed = {key for key, case in follow(told).items() if case.state == "closed"}
    runs = max((event.of_run for event in told if event.action == "run" and event.of_run is not None), default=0)
    joined = _units(F.run_id, F.outcome).join(Run.__table__, T.id == F.run_id).where(T.series == series, F.run_id <= runs)
    query = joined.where(R.list == list_) if list_ else joined
    with engine.connect() as connection:
        rows = [row for some in in_parts(sorted(closed)) for row in connection.execute(query.where(F.fingerprint.in_(some)))]
    last = {row.fingerprint: row for row in sorted(rows, key=lambda row: (row.outcome == "violation", row.run_id))}
    return {_unit(row): row.run_id for row in last.values()}


def _units(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    joined = Finding.__table__.join(RunRule.__table__, sa.and_(R.run_id == F.run_id, R.rule_id == F.rule_id))
    return sa.select(F.fingerprint, R.list, F.yuan, *more).select_from(joined)


def _unit(row: sa.Row[Any]) -> Unit:
    return Unit(row.fingerprint, row.list, None if row.yuan is None else int(row.yuan * 100))
