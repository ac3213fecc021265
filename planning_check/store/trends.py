"""How the lists of a series went from run to run, and since when what is open has been known."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.record.trend import Aged, TrendRow
from planning_check.store.models import Finding, ListLine, Run, RunRule, RunSubject

_LINE = ListLine.__table__.c
_GROUPS = {"list": None, "district": _LINE.district_name, "district_code": _LINE.district_code, "developer": _LINE.developer_name}


def trend_rows(engine: Engine, runs: Sequence[int], by: str) -> list[TrendRow]:
    """The lines of every list in each of the runs, by list, district (its name or its code) or developer."""
    line, group = ListLine.__table__.c, _GROUPS[by]
    groups = [line.run_id, line.list, *([group] if group is not None else [])]
    sums = [sa.func.sum(line[name], type_=line[name].type) for name in ("area_m2", "yuan")]
    query = sa.select(*groups, sa.func.count(), *sums).where(line.run_id.in_(runs)).group_by(*groups).order_by(*groups)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    return [TrendRow(run, list_, (rest[0] or "") if len(rest) > 3 else "", *rest[-3:]) for run, list_, *rest in rows]


def aged(engine: Engine, run_id: int, series: str) -> list[Aged]:
    """The violations of a run, each with the first day on which a run of the series found it, the oldest first."""
    now, ever, run = Finding.__table__.alias("now"), Finding.__table__.alias("ever"), Run.__table__
    rule, subject = RunRule.__table__, RunSubject.__table__
    first = sa.func.min(run.c.as_of).label("first_on")
    columns = (rule.c.list, now.c.rule_id, now.c.subject_key, subject.c.subject_name)
    joined = (
        now.join(rule, sa.and_(rule.c.run_id == now.c.run_id, rule.c.rule_id == now.c.rule_id))
        .outerjoin(
            subject,
            sa.and_(subject.c.run_id == now.c.run_id, subject.c.subject == rule.c.subject, subject.c.subject_key == now.c.subject_key),
        )
        .join(run, run.c.series == series)
        .join(ever, sa.and_(ever.c.run_id == run.c.id, ever.c.fingerprint == now.c.fingerprint, ever.c.outcome == "violation"))
    )
    query = sa.select(*columns, first).select_from(joined).where(now.c.run_id == run_id, now.c.outcome == "violation")
    with engine.connect() as connection:
        rows = connection.execute(query.group_by(*columns).order_by(first, *columns[:3])).all()
    return [Aged(*row) for row in rows]
