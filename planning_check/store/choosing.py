"""In which order findings are read, and which of them say what a line of a list comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from planning_check.record.chosen import Led
from planning_check.store.models import Finding, ListLine, Run, RunRule, RunSubject
from planning_check.words import SEVERITIES

F, R, S, L = Finding.__table__.c, RunRule.__table__.c, RunSubject.__table__.c, ListLine.__table__.c


def order(connection: Connection, run_id: int, sort: str | None) -> list[sa.ColumnElement[Any]]:
    """By what the rows of findings, with their rules and subjects, are ordered (``words.SORTS``); what has no such value
    comes last, and what has the same stands as it was recorded."""
    by: Mapping[str, Sequence[sa.ColumnElement[Any]]] = {
        "yuan": (F.yuan.desc().nulls_last(),),
        "area": (F.area_m2.desc().nulls_last(),),
        "severity": (sa.case(*((F.severity == code, rank) for rank, code in enumerate(SEVERITIES)), else_=len(SEVERITIES)),),
        "district": (S.district_code.is_(None), S.district_code),
        "developer": (S.developer_name.is_(None), S.developer_name),
    }
    if sort == "story":
        return [S.project_id.is_(None), S.project_id, _stage(connection, run_id), F.number]
    return [*by.get(sort or "", ()), F.number]


def _stage(connection: Connection, run_id: int) -> sa.ColumnElement[Any]:
    """The rank of a rule's stage in the story of a project, as the run has them; the last where it has none."""
    manifest = connection.scalar(sa.select(Run.manifest).where(Run.id == run_id)) or {}
    rank = {stage["code"]: number for number, stage in enumerate(manifest.get("stages", ()))}
    rules = connection.execute(sa.select(R.rule_id, R.text).where(R.run_id == run_id)).all()
    ranked = {rule.rule_id: rank[stage] for rule in rules if (stage := (rule.text or {}).get("stage")) in rank}
    return sa.case(ranked, value=F.rule_id, else_=len(rank)) if ranked else sa.literal(0)


def led(engine: Engine, run_id: int) -> dict[str, Led]:
    """The findings of a run that say area and money of a line of a list, by fingerprint."""
    line = ListLine.__table__
    query = (
        sa.select(F.fingerprint, L.area_m2, L.yuan_min, L.yuan)
        .select_from(line.join(Finding.__table__, sa.and_(F.run_id == L.run_id, F.number == L.finding_number)))
        .where(L.run_id == run_id)
    )
    with engine.connect() as connection:
        return {fingerprint: Led(*amounts) for fingerprint, *amounts in connection.execute(query)}
