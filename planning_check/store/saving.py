"""Recording a run: one transaction, streamed from DuckDB in batches of plain tuples, so that memory stays flat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from planning_check.geo.places.coverage import COVERAGE_TABLE
from planning_check.geo.places.match_places import MATCH_TABLES
from planning_check.store import models as m
from planning_check.store.blocks import Telling, write_blocks
from planning_check.store.copies import COPIES, RULES, SUBJECTS, UNJUDGED
from planning_check.store.opening import explained, writing
from planning_check.store.types import HALF_64, Coded, Hex64, Scaled

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 2_000
#: Recorded as columns of the run or in tables of their own, not in its manifest.
_APART = ("digest", "created_at", "title", "notice", "rules_run")


def save_run(engine: Engine, con: duckdb.DuckDBPyConnection, manifest: dict[str, Any], tellings: Sequence[Telling] = ()) -> int:
    """Record the run that the tables of ``con`` hold and return its number.

    ``manifest``: digest, as_of (ISO day), created_at (datetime), tool_version, title and notice ({zh, en} or none),
    rules_run (each rule that judged as a dict: id, sha256, subject, list, severity, responsible, consequence, title and
    what else people read of it) and whatever else the run depended on. ``tellings``: how its findings are told. All or nothing: a run that is cut off leaves the
    database as it was. Raises UsageError if the database cannot be written.
    """
    con.execute(SUBJECTS)
    con.execute(UNJUDGED)
    con.execute(MATCH_TABLES + COVERAGE_TABLE)  # empty where a run was not matched
    try:
        with writing(engine) as connection, connection.begin():
            run_id = _insert_run(connection, manifest)
            _insert_rules(connection, con, run_id, manifest.get("rules_run", ()), {t.rule_id: t.sql for t in tellings})
            write_blocks(connection, con, run_id, tellings)
            for model, query in COPIES:
                _copy(connection, con, run_id, cast("sa.Table", model.__table__), query)
        return run_id
    except exc.DBAPIError as error:
        raise explained(error, engine.url) from error


def _insert_run(connection: Connection, manifest: dict[str, Any]) -> int:
    title, notice = manifest.get("title") or {}, manifest.get("notice") or {}
    inserted = connection.execute(
        sa.insert(m.Run).values(
            digest=manifest["digest"],
            as_of=dt.date.fromisoformat(str(manifest["as_of"])),
            created_at=manifest["created_at"].isoformat(timespec="seconds"),
            tool_version=manifest["tool_version"],
            title_zh=title.get("zh"),
            title_en=title.get("en"),
            notice_zh=notice.get("zh"),
            notice_en=notice.get("en"),
            manifest={k: v for k, v in manifest.items() if k not in _APART},
        )
    )
    key = inserted.inserted_primary_key
    assert key is not None, "an inserted run has a number"
    return key[0]


def _insert_rules(connection: Connection, con: duckdb.DuckDBPyConnection, run_id: int, rules: Any, told: dict[str, str]) -> None:
    rows = {rule["id"]: _rule_row(run_id, rule) for rule in rules}
    found = [row[0] for row in con.execute("SELECT DISTINCT rule_id FROM finding_head").fetchall()]
    bare = [rule_id for rule_id in found if rule_id not in rows]
    if bare:
        names = ("rule_id", "sha256", "subject", "list", "responsible", "consequence")
        for values in con.execute(RULES, [bare]).fetchall():
            rule = dict(zip(names, values, strict=True))
            unnamed = {"run_id": run_id, "severity": None, "title_zh": rule["rule_id"], "title_en": rule["rule_id"], "text": None}
            rows[rule["rule_id"]] = unnamed | rule
    if rows:
        connection.execute(sa.insert(m.RunRule), [rows[rule_id] | {"told_sql": told.get(rule_id)} for rule_id in sorted(rows)])


def _rule_row(run_id: int, rule: dict[str, Any]) -> dict[str, Any]:
    plain = {name: rule.get(name) for name in ("sha256", "subject", "list", "severity", "responsible")}
    title = {"title_zh": rule["title"]["zh"], "title_en": rule["title"]["en"]}
    return {"run_id": run_id, "rule_id": rule["id"], **plain, **title, "consequence": ",".join(rule["consequence"]), "text": rule}


def _copy(connection: Connection, con: duckdb.DuckDBPyConnection, run_id: int, table: sa.Table, query: str) -> None:
    write = _writer(connection, table)
    items = ", ".join(_item(column, run_id) for column in table.columns)
    result = con.execute(f"SELECT {items} FROM ({query}) recorded")
    for batch in _batches(result):
        write(batch)


def _item(column: sa.Column, run_id: int) -> str:
    """One value as the driver takes it: scaled numbers whole, the rest as it is."""
    if column.key == "run_id":
        return str(run_id)
    if isinstance(column.type, Scaled):
        return f'CAST("{column.key}" * {10**column.type.places} AS BIGINT)'
    if isinstance(column.type, Hex64):
        return f"CAST(CAST('0x' || \"{column.key}\" AS UBIGINT)::HUGEINT - {HALF_64} AS BIGINT)"
    if isinstance(column.type, Coded):
        return f'CAST(list_position({list(column.type.words)}, "{column.key}") - 1 AS SMALLINT)'
    return f'"{column.key}"'


def _batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[tuple]]:
    while batch := result.fetchmany(BATCH_ROWS):
        yield batch


def _writer(connection: Connection, table: sa.Table) -> Callable[[list[tuple]], Any]:
    """How rows go in fastest: plain tuples where the driver counts its parameters, a plain insert elsewhere."""
    statement = table.insert().compile(dialect=connection.dialect)
    if statement.positional:
        text = str(statement)
        return lambda rows: connection.exec_driver_sql(text, rows)
    names = [column.name for column in table.columns]
    bare = sa.table(table.name, *(sa.column(name) for name in names)).insert()
    return lambda rows: connection.execute(bare, [dict(zip(names, row, strict=True)) for row in rows])
