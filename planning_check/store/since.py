"""What is new and what is gone since the run before of the same series."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.record.run import Gone, Since
from planning_check.store.models import Finding, Run, RunRule
from planning_check.store.told import Told


def since(engine: Engine, run_id: int) -> Since | None:
    """Against the run recorded before this one in its series; None for the first."""
    run, this = Run.__table__.c, Run.__table__.alias("this").c
    with engine.connect() as connection:
        before = connection.execute(sa.select(run.id, run.as_of).where(run.id == this.parent_run_id, this.id == run_id)).first()
        if before is None:
            return None
        new = connection.scalars(_only_in(run_id, before.id, Finding.__table__.c.fingerprint)).all()
        rows = connection.execute(_gone(before.id, run_id)).all()
        outcomes = {row.fingerprint: row.outcome for row in connection.execute(_outcomes_now(before.id, run_id))}
        gone = _with_messages(connection, before.id, rows, outcomes)
    return Since(before.id, before.as_of.isoformat(), frozenset(new), gone)


def _with_messages(connection: Connection, run_id: int, rows: Sequence[Row], outcomes: dict[str, str]) -> list[Gone]:
    keys: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row.rule_id, []).append(row.subject_key)
    with Told(run_id) as told:
        texts = {rule_id: told.texts(connection, rule_id, of_rule) for rule_id, of_rule in keys.items()}
    said = [texts[row.rule_id].get(row.subject_key, {}) for row in rows]
    return [
        Gone(
            row.rule_id,
            row.list,
            row.subject_key,
            row.area_m2,
            row.yuan,
            outcomes.get(row.fingerprint),
            message.get("message_zh"),
            message.get("message_en"),
        )
        for row, message in zip(rows, said, strict=True)
    ]


def _only_in(one: int, other: int, *columns: sa.ColumnElement) -> sa.Select:
    """Violations of one run that the other has not."""
    finding, there = Finding.__table__, Finding.__table__.alias()
    known = sa.select(there.c.fingerprint).where(there.c.run_id == other, there.c.outcome == "violation")
    return sa.select(*columns).where(finding.c.run_id == one, finding.c.outcome == "violation", finding.c.fingerprint.not_in(known))


def _gone(before: int, now: int) -> sa.Select:
    finding, rule = Finding.__table__.c, RunRule.__table__.c
    columns = (finding.rule_id, rule.list, finding.subject_key, finding.area_m2, finding.yuan, finding.fingerprint)
    joined = Finding.__table__.join(RunRule.__table__, sa.and_(rule.run_id == finding.run_id, rule.rule_id == finding.rule_id))
    return _only_in(before, now, *columns).select_from(joined).order_by(finding.number)


def _outcomes_now(before: int, now: int) -> sa.Select:
    """What has become of them, by fingerprint, gone over once: a join would go over this run once for each."""
    finding = Finding.__table__.alias("this_run").c
    gone = _only_in(before, now, Finding.__table__.c.fingerprint)
    return sa.select(finding.fingerprint, finding.outcome).where(finding.run_id == now, finding.fingerprint.in_(gone))
