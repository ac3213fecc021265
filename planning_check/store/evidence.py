"""Everything on record about one rule and one subject: the finding, its cells, the rule and the law as they were."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.assess.law import MILESTONES
from planning_check.errors import Text
from planning_check.record.correction import CorrectionRow
from planning_check.record.evidence import Cell, Evidence
from planning_check.store import models as m
from planning_check.store.corrections import corrections, outcomes_without
from planning_check.store.findings import Filters, findings, unknown
from planning_check.store.naming import subject_key
from planning_check.store.register import outcome_in
from planning_check.store.runs import load_run
from planning_check.store.told import Told


def evidence(engine: Engine, rule_id: str, subject: str, run: int | str | None = None, *, letters: dict[str, str]) -> Evidence:
    """What run ``run`` (the latest if none is named) has on record for a rule and a subject, by its key or its name.

    ``letters``: the register's letter -> outcome. Raises UsageError with the nearest known words.
    """
    stored = load_run(engine, run)
    with engine.connect() as connection:
        rule = _rule(connection, stored.id, rule_id)
        key = subject_key(connection, stored.id, rule, subject)
    without = tuple(row for row in outcomes_without(engine, stored.id) if (row.rule_id, row.subject_key) == (rule.rule_id, key))
    changed = {(c.row_id, c.field): c for c in corrections(engine, stored.id) if c.state == "applied"}
    with Told(stored.id) as told:
        found = next(iter(list(findings(engine, stored.id, Filters(rule=rule.rule_id, subject=key), told))), None)
        with engine.connect() as connection:
            if found is None:
                return Evidence(
                    stored, rule, key, outcome_in(connection, stored.id, rule.rule_id, key, letters) or "error", None, (), without
                )
            sources = told.texts(connection, rule.rule_id, [key]).get(key, {}).get("sources") or {}
            cells = _cells(connection, stored.id, {row_id for ids in sources.values() for row_id in ids}, told, changed)
            of = found["project_id"] or (key if rule.subject == "project" else "")
            project = told.judged(connection, "project", [of], project_days()).get(of)
            return Evidence(stored, rule, key, found["outcome"], found, tuple(chain.from_iterable(cells.values())), without, project)


def days_of(engine: Engine, run_id: int, project_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What a run keeps of the place and days of these projects, by their ids: whole, or nothing of a project."""
    with Told(run_id) as told, engine.connect() as connection:
        return told.judged(connection, "project", sorted(project_ids), project_days())


def project_days() -> tuple[str, ...]:
    """The columns of a project by which the law governs it: its place, and its milestones as the first and last day that each may be."""
    return ("district_code", *(f"{day}_{end}" for day in MILESTONES for end in ("lo", "hi")))


def _rule(connection: Connection, run_id: int, rule_id: str) -> Row[Any]:
    rules = connection.execute(_of_run(m.RunRule, run_id)).all()
    for rule in rules:
        if rule.rule_id == rule_id.upper():
            return rule
    raise unknown(Text("规则", "rule"), rule_id, rule_id.upper(), sorted(r.rule_id for r in rules))


def _of_run(model: type[m.Record], run_id: int) -> sa.Select[Any]:
    return sa.select(model.__table__).where(model.__table__.c.run_id == run_id)


def cells_of(engine: Engine, run_id: int, wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], list[Cell]]:
    """The cells of those findings that a run has among the rules and their subject keys ``wanted``, by rule and subject key."""
    changed = {(c.row_id, c.field): c for c in corrections(engine, run_id) if c.state == "applied"}
    with Told(run_id) as told, engine.connect() as connection:
        kept = {(rule_id, key): texts for rule_id, keys in wanted.items() for key, texts in told.texts(connection, rule_id, keys).items()}
        linked = {which: {row_id for ids in (texts.get("sources") or {}).values() for row_id in ids} for which, texts in kept.items()}
        cells = _cells(connection, run_id, {row_id for ids in linked.values() for row_id in ids}, told, changed)
        return {which: [cell for row_id in sorted(ids) for cell in cells.get(row_id, ())] for which, ids in linked.items()}


def _cells(
    connection: Connection, run_id: int, row_ids: Collection[int], told: Told, changed: Mapping[Any, CorrectionRow]
) -> dict[int, list[Cell]]:  # fmt: skip
    """The cells of delivered rows, by row."""
    columns = {(c.source_id, c.field): c for c in connection.execute(_of_run(m.SourceColumn, run_id).order_by(sa.text("number desc")))}
    return {
        row["row_id"]: [
            _cell(row, field, raw, columns.get((row["source_id"], field)), changed.get((row["row_id"], field)))
            for field, raw in sorted(row["cells"].items())
        ]
        for row in told.rows(connection, row_ids)
    }


def _cell(row: dict[str, Any], field: str, raw: str, column: Row[Any] | None, changed: CorrectionRow | None) -> Cell:
    place = (row["table"], field, (changed.raw or "") if changed else raw, row["file"], row["sheet"], row["row"])
    if column is None:
        return Cell(*place, None, None, None, None, changed)
    return Cell(*place, column.letter, column.header, column.unit, column.factor, changed)
