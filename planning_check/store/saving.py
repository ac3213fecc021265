"""Recording a run: one transaction, streamed from DuckDB in batches, so that memory stays flat,
with the hash over all that was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from planning_check.geo.places.coverage import COVERAGE_TABLE
from planning_check.geo.places.match_places import MATCH_TABLES
from planning_check.progress import Parts, Told
from planning_check.store import models as m
from planning_check.store import root
from planning_check.store.blocks import Telling, write_blocks
from planning_check.store.connecting import recording
from planning_check.store.copies import COPIES, RULES, SUBJECTS, UNJUDGED
from planning_check.store.log import RUN, Entry, append
from planning_check.store.merkle import TableRoot, root_over
from planning_check.store.series import series_of
from planning_check.store.standing import reopened
from planning_check.store.types import HALF_64, Coded, Hex64, Scaled

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BATCH_ROWS = 8_192
_VALUES_AT_ONCE = 900  # what every SQLite takes in one statement
#: Recorded as columns of the run or in tables of their own, not in its manifest.
_APART = ("digest", "created_at", "title", "notice", "rules_run", "series", "by", "proofs")


class AlreadyLoaded(Exception):
    """The shards of a run were loaded before, as that run."""

    def __init__(self, run_id: int) -> None:
        super().__init__(run_id)
        self.run_id = run_id


def save_run(
    engine: Engine, con: duckdb.DuckDBPyConnection, manifest: dict[str, Any], tellings: Sequence[Telling] = (), told: Told | None = None,
    shards: Mapping[str, str] | None = None,
) -> int:  # fmt: skip
    """Record the run that the tables of ``con`` hold and return its number.

    ``manifest``: digest, as_of (ISO day), created_at (datetime), tool_version, title and notice ({zh, en} or none), series (by the title
    if it is not given), by (who checked), proofs (what its rules demand before a case is struck off), rules_run (each rule that judged as
    a dict: id, sha256, subject, list, severity, responsible, consequence, title and what else people read of it) and whatever else the run
    depended on. ``tellings``: how its findings are told. The cases that it reopens are written with it.
    ``told`` hears how much is done. ``shards``: of a province, code -> root of each that goes into the run: a line for each lets them in
    within the same transaction, so that of two who load them at once, or one after the other, one does.
    All or nothing: a run that is cut off leaves the database as it was; another program's lock is waited for. Raises UsageError if the
    database cannot be written, AlreadyLoaded if the shards of a run of this digest were loaded.
    """
    con.execute(SUBJECTS)
    con.execute(UNJUDGED)
    con.execute(MATCH_TABLES + COVERAGE_TABLE)  # empty where a run was not matched
    with recording(engine) as connection:
        run_id = _insert_run(connection, manifest)
        _let_in(connection, run_id, manifest["digest"], shards or {})
        _insert_rules(connection, con, run_id, manifest.get("rules_run", ()), {t.rule_id: t.sql for t in tellings})
        parts = Parts(len(COPIES) + 1, told)
        write_blocks(connection, con, run_id, tellings, parts.within)
        parts.next()
        roots = {}
        for model, query in COPIES:
            roots[model.__tablename__] = _copy(connection, con, run_id, cast("sa.Table", model.__table__), query, parts.within)
            parts.next()
        _insert_roots(connection, run_id, roots)
        _log_run(connection, run_id, manifest)
    return run_id


def _insert_run(connection: Connection, manifest: dict[str, Any]) -> int:
    title, notice = manifest.get("title") or {}, manifest.get("notice") or {}
    series = manifest.get("series") or series_of(title.get("zh") or title.get("en"))
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
            series=series,
            parent_run_id=sa.select(sa.func.max(m.Run.id)).where(m.Run.series == series).scalar_subquery(),
        )
    )
    key = inserted.inserted_primary_key
    assert key is not None, "an inserted run has a number"
    return key[0]


def _let_in(connection: Connection, run_id: int, digest: str, shards: Mapping[str, str]) -> None:
    """A line for each shard; raises AlreadyLoaded where one is there."""
    held = m.RunShard.__table__.c
    loaded = connection.scalar(sa.select(sa.func.min(held.run_id)).where(held.digest == digest)) if shards else None
    if loaded is not None:
        raise AlreadyLoaded(loaded)
    if shards:
        rows = [{"digest": digest, "shard": code, "run_id": run_id, "root": root} for code, root in sorted(shards.items())]
        connection.execute(sa.insert(m.RunShard), rows)


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


def _log_run(connection: Connection, run_id: int, manifest: dict[str, Any]) -> None:
    """A run enters the log of its series by its root, with the proofs that its rules demand; so do the cases that it reopens."""
    run = m.Run.__table__.c
    row = connection.execute(sa.select(run.series, run.as_of, run.digest, run.root, run.parent_run_id).where(run.id == run_id)).one()
    body = {"run": run_id, "as_of": row.as_of, "digest": row.digest, "root": row.root, "parent": row.parent_run_id}
    body |= {"proofs": manifest["proofs"]} if "proofs" in manifest else {}
    entries = [Entry(RUN, "system", body, of_run=run_id), *reopened(connection, row.series, run_id, row.as_of)]
    append(connection, row.series, manifest["created_at"], manifest.get("by", ""), entries)


def _rule_row(run_id: int, rule: dict[str, Any]) -> dict[str, Any]:
    plain = {name: rule.get(name) for name in ("sha256", "subject", "list", "severity", "responsible")}
    title = {"title_zh": rule["title"]["zh"], "title_en": rule["title"]["en"]}
    return {"run_id": run_id, "rule_id": rule["id"], **plain, **title, "consequence": ",".join(rule["consequence"]), "text": rule}


def _insert_roots(connection: Connection, run_id: int, copied: dict[str, TableRoot]) -> None:
    """The hash over each table as it was written, and the run's over them."""
    rest = {table.name: root.table_root(connection, run_id, table) for table in root.tables() if table.name not in copied}
    roots = copied | rest | {"run": root.own_root(connection, run_id)}
    rows = [{"run_id": run_id, "table_name": name, "rows": roots[name].rows, "sha256": roots[name].sha256} for name in sorted(roots)]
    place = root.place_root(connection, run_id)
    rows.append({"run_id": run_id, "table_name": root.PLACE, "rows": place.rows, "sha256": place.sha256})
    connection.execute(sa.insert(m.RunRoot), rows)
    connection.execute(sa.update(m.Run).where(m.Run.id == run_id).values(root=root.root_of(roots)))


def _copy(connection: Connection, con: duckdb.DuckDBPyConnection, run_id: int, table: sa.Table, query: str, told: Told) -> TableRoot:
    items = ", ".join(f'{_item(column)} AS "{column.key}"' for column in table.columns if column.key != "run_id")
    con.execute(f"CREATE OR REPLACE TEMP TABLE recorded AS SELECT {items} FROM ({query})")
    order = ", ".join(f'"{column.key}"' for column in root.keys(table))
    leaves = con.sql(f"SELECT unhex({root.leaf_sql(table)}) AS leaf FROM recorded ORDER BY {order}").to_arrow_reader(BATCH_ROWS)
    found = root_over(b"".join(batch.column(0).to_pylist()) for batch in leaves)
    if found.rows:
        _write(connection, table, run_id, _batches(con, found.rows, told))
    con.execute("DROP TABLE recorded")
    return found


def _item(column: sa.Column) -> str:
    """One value as the driver takes it: scaled numbers whole, the rest as it is."""
    if isinstance(column.type, Scaled):
        return f'CAST(CAST("{column.key}" AS DECIMAL(38, {column.type.places})) * {10**column.type.places} AS BIGINT)'
    if isinstance(column.type, Hex64):
        return f"CAST(CAST('0x' || \"{column.key}\" AS UBIGINT)::HUGEINT - {HALF_64} AS BIGINT)"
    if isinstance(column.type, Coded):
        return f'CAST(list_position({list(column.type.words)}, "{column.key}") - 1 AS SMALLINT)'
    if isinstance(column.type, sa.Integer):
        return f'CAST("{column.key}" AS BIGINT)'
    return f'"{column.key}"'


def _batches(con: duckdb.DuckDBPyConnection, rows: int, told: Told) -> Iterator[pa.RecordBatch]:
    """The rows of the table; ``told`` hears how much of them was taken."""
    taken = 0
    for batch in con.sql("SELECT * FROM recorded").to_arrow_reader(BATCH_ROWS):
        yield batch
        taken += batch.num_rows
        told(taken / rows)


def _write(connection: Connection, table: sa.Table, run_id: int, batches: Iterator[pa.RecordBatch]) -> None:
    """Rows as plain tuples of the columns that hold anything: a list that is asked for by PostgreSQL's COPY,
    or put in by SQLite at once."""
    names = [column.name for column in table.columns if column.key != "run_id"]
    for batch in batches:
        held = [(name, values) for name, values in zip(names, batch.columns, strict=True) if values.null_count < len(values)]
        rows = zip(*(values.to_pylist() for _, values in held), strict=True)
        columns = ", ".join(f'"{name}"' for name in ("run_id", *(name for name, _ in held)))
        _put(connection, f'"{table.name}" ({columns})', run_id, len(held), rows)


def _put(connection: Connection, into: str, run_id: int, width: int, rows: Iterator[tuple]) -> None:
    style = connection.dialect.paramstyle
    if connection.dialect.driver == "psycopg":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row((run_id, *row))
    elif style == "qmark":
        _put_together(
            connection, f"INSERT INTO {into} VALUES ", f"({run_id}, {', '.join('?' * width)})", _VALUES_AT_ONCE // width, list(rows)
        )
    else:
        marks = [f"v{n}" for n in range(width)]
        statement = sa.text(f"INSERT INTO {into} VALUES ({run_id}, {', '.join(':' + mark for mark in marks)})")
        connection.execute(statement, [dict(zip(marks, row, strict=True)) for row in rows])


def _put_together(connection: Connection, insert: str, marks: str, rows_at_once: int, rows: list[tuple]) -> None:
    """Many rows to a statement: half the work of one row each."""
    whole = len(rows) - len(rows) % rows_at_once
    if whole:
        many = [tuple(chain.from_iterable(rows[at : at + rows_at_once])) for at in range(0, whole, rows_at_once)]
        connection.exec_driver_sql(insert + ", ".join([marks] * rows_at_once), many)
    if rows[whole:]:
        connection.exec_driver_sql(insert + marks, rows[whole:])
