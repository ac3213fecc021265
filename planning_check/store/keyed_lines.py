"""The lines of a run's lists by their keys, each with its findings: a decision about a line is one about all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from planning_check.cases import line_key
from planning_check.store.models import Finding, ListLine, RunRule, RunSubject
from planning_check.store.standing import parts

F, L = Finding.__table__.c, ListLine.__table__.c


@dataclass(frozen=True)
class KeyedLine:
    """One line of a list. ``findings``: the fingerprints of its violations in the order of the run; ``leads``: of the one that its area and
    money are of."""

    key: str
    list: str
    subject: str
    subject_key: str
    name: str
    leads: str
    findings: tuple[str, ...]


def keyed_lines(engine: Engine, run_id: int, keys: Collection[str]) -> dict[str, KeyedLine]:
    """Key -> its line, of those keys that are of a line of the run."""
    if not keys:
        return {}
    with engine.connect() as connection:
        query = sa.select(L.list, L.subject, L.subject_key, L.subject_name, L.finding_number).where(L.run_id == run_id)
        rows = {key: row for row in connection.execute(query) if (key := line_key(row.list, row.subject, row.subject_key)) in keys}
        held: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
        for some in parts(sorted({row.subject_key for row in rows.values()})):
            query = violations_on_lines(run_id)
            for one in connection.execute(query.where(query.selected_columns.line.in_(some))).all():
                held.setdefault((one.list, one.line_subject, one.line), []).append((one.number, one.fingerprint))
    found = {}
    for key, row in rows.items():
        of_line = sorted(held[row.list, row.subject, row.subject_key])
        leads = dict(of_line)[row.finding_number]
        name = row.subject_name or ""
        found[key] = KeyedLine(key, row.list, row.subject, row.subject_key, name, leads, tuple(print_ for _, print_ in of_line))
    return found


def violations_on_lines(run_id: int) -> sa.Select[Any]:
    """The violations of a run with the line that each is on: its list, and ``line_subject`` and ``line``, the project's or their own."""
    rule, subject = RunRule.__table__, RunSubject.__table__
    joined = Finding.__table__.join(rule, sa.and_(rule.c.run_id == F.run_id, rule.c.rule_id == F.rule_id)).join(
        subject,
        sa.and_(subject.c.run_id == F.run_id, subject.c.subject == rule.c.subject, subject.c.subject_key == F.subject_key),
    )
    kind = sa.case((subject.c.project_id.is_(None), rule.c.subject), else_="project")
    key = sa.func.coalesce(subject.c.project_id, F.subject_key)
    return (
        sa.select(F.number, F.fingerprint, F.rule_id, rule.c.list, kind.label("line_subject"), key.label("line"))
        .select_from(joined)
        .where(F.run_id == run_id, F.outcome == "violation")
    )
