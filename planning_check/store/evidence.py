"""Everything on record about one rule and one subject: the finding, its cells, the rule and the law as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from planning_check.errors import Text, UsageError
from planning_check.record.correction import CorrectionRow
from planning_check.record.evidence import Cell, Evidence
from planning_check.store import models as m
from planning_check.store.corrections import corrections, outcomes_without
from planning_check.store.findings import Filters, findings, unknown
from planning_check.store.register import outcome_in
from planning_check.store.runs import load_run
from planning_check.store.told import Told

_MOST_COMPARED = 5_000


def evidence(engine: Engine, rule_id: str, subject: str, run: int | str | None = None, *, letters: dict[str, str]) -> Evidence:
    """What run ``run`` (the latest if none is named) has on record for a rule and a subject, by its key or its name.

    ``letters``: the register's letter -> outcome. Raises UsageError with the nearest known words.
    """
    stored = load_run(engine, run)
    with engine.connect() as connection:
        rule = _rule(connection, stored.id, rule_id)
        key = _subject_key(connection, stored.id, rule, subject)
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
            cells = tuple(_cells(connection, stored.id, sources, told, changed))
            return Evidence(stored, rule, key, found["outcome"], found, cells, without)


def _rule(connection: Connection, run_id: int, rule_id: str) -> Row[Any]:
    rules = connection.execute(_of_run(m.RunRule, run_id)).all()
    for rule in rules:
        if rule.rule_id == rule_id.upper():
            return rule
    raise unknown(Text("规则", "rule"), rule_id, rule_id.upper(), sorted(r.rule_id for r in rules))


def _of_run(model: type[m.Record], run_id: int) -> sa.Select[Any]:
    return sa.select(model.__table__).where(model.__table__.c.run_id == run_id)


def _subject_key(connection: Connection, run_id: int, rule: Row[Any], given: str) -> str:
    register, named = m.RegisterLine.__table__.c, m.RunSubject.__table__.c
    own = (register.run_id == run_id, register.subject == rule.subject)
    if connection.scalar(sa.select(register.subject_key).where(*own, register.subject_key == given)) is not None:
        return given
    by_name = connection.scalars(
        sa.select(named.subject_key).where(named.run_id == run_id, named.subject == rule.subject, named.subject_name == given)
    ).all()
    if len(by_name) == 1:
        return by_name[0]
    near = list(by_name) or _near(connection, own, given)
    raise UsageError(
        Text(f"{rule.rule_id} 没有检查过 {given}", f"{rule.rule_id} has not checked {given}"),
        fix=Text(f"相近的有：{', '.join(near)}", f"near it: {', '.join(near)}") if near else None,
    )


def _near(connection: Connection, own: tuple[Any, ...], given: str) -> list[str]:
    """The nearest subject keys; among very many, those that share its beginning are compared first."""
    key = m.RegisterLine.__table__.c.subject_key
    known: Sequence[str] = ()
    for begins in (given[:6], given[:3], given[:1], ""):
        known = connection.scalars(
            sa.select(key).where(*own, key.startswith(begins, autoescape=True)).order_by(key).limit(_MOST_COMPARED)
        ).all()
        near = get_close_matches(given, known, n=5, cutoff=0.6)
        if near:
            return near
    return list(known[:5])


def cells_of(engine: Engine, run_id: int, wanted: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], list[Cell]]:
    """The cells of those findings that a run has among the rules and their subject keys ``wanted``, by rule and subject key."""
    changed = {(c.row_id, c.field): c for c in corrections(engine, run_id) if c.state == "applied"}
    with Told(run_id) as told, engine.connect() as connection:
        kept = ((rule_id, told.texts(connection, rule_id, keys)) for rule_id, keys in wanted.items())
        return {
            (rule_id, key): _cells(connection, run_id, texts[key].get("sources") or {}, told, changed)
            for rule_id, texts in kept
            for key in texts
        }


def _cells(
    connection: Connection, run_id: int, sources: Mapping[str, Sequence[int]], told: Told, changed: Mapping[Any, CorrectionRow]
) -> list[Cell]:  # fmt: skip
    rows = told.rows(connection, {row_id for ids in sources.values() for row_id in ids})
    columns = {(c.source_id, c.field): c for c in connection.execute(_of_run(m.SourceColumn, run_id).order_by(sa.text("number desc")))}
    return [
        _cell(row, field, raw, columns.get((row["source_id"], field)), changed.get((row["row_id"], field)))
        for row in rows
        for field, raw in sorted(row["cells"].items())
    ]


def _cell(row: dict[str, Any], field: str, raw: str, column: Row[Any] | None, changed: CorrectionRow | None) -> Cell:
    place = (row["table"], field, (changed.raw or "") if changed else raw, row["file"], row["sheet"], row["row"])
    if column is None:
        return Cell(*place, None, None, None, None, changed)
    return Cell(*place, column.letter, column.header, column.unit, column.factor, changed)
