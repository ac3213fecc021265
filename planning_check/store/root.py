"""The hash over what a run recorded: equal runs have equal roots on every database, and a changed row changes the root.

A row is written as a JSON array of its values, without the run's number and without spaces: numbers as the whole numbers that the database
holds, days as "2011-06-30", bytes as their SHA-256. Its leaf is the SHA-256 of ``row:`` and that. The leaves of a table, in the order of
its key, are hashed sixteen at a time (SHA-256 of ``node:`` and their bytes) until one is left, so that one row can be handed over with its
proof. The root of the run is made in the same way over one row for each table by name: its name, its rows and its root.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from planning_check.store.merkle import TableRoot, leaf_of, merkle, root_over
from planning_check.store.models import Record, Run, RunRoot, RunShard

_BATCH_ROWS = 2_000
#: DuckDB writes the digits of a control character large.
_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)(\\u00[01][a-f])")
#: What a run remembers of its place, not of its outcome: the same delivery checked elsewhere has the same root.
_OF_THE_PLACE = ("asked", "delivered_at", "rule_folders", "duckdb_version")
#: The line of the roots that is over these, and over the run's number, time, series and the one before; it is no part of the root.
PLACE = "run_place"
_OF_THE_RUN = ("digest", "as_of", "tool_version", "title_zh", "title_en", "notice_zh", "notice_en", "manifest")


def tables() -> list[sa.Table]:
    """The tables that the root is over, by name."""
    apart = (Run.__tablename__, RunRoot.__tablename__, RunShard.__tablename__)
    return sorted((t for t in Record.metadata.tables.values() if "run_id" in t.c and t.name not in apart), key=lambda t: t.name)


def root_of(roots: Mapping[str, TableRoot]) -> str:
    """The root of a run, from those of its tables."""
    return merkle(b"".join([leaf((name, roots[name].rows, roots[name].sha256)) for name in sorted(roots)]))


def recorded_roots(connection: Connection, run_id: int) -> dict[str, TableRoot]:
    """The roots of what the database holds of a run now, made anew from its rows."""
    return {table.name: table_root(connection, run_id, table) for table in tables()} | {"run": own_root(connection, run_id)}


def table_root(connection: Connection, run_id: int, table: sa.Table) -> TableRoot:
    return root_over(leaf(row) for row in rows_of(connection, run_id, table))


def own_root(connection: Connection, run_id: int) -> TableRoot:
    """Of the line of the run itself: what it depended on, without its number, its day and its place."""
    return TableRoot(1, leaf_of(own_text(connection, run_id)).hex())


def own_text(connection: Connection, run_id: int) -> str:
    """The line of the run itself, as its leaf is made of it."""
    row = connection.execute(sa.select(*(Run.__table__.c[name] for name in _OF_THE_RUN)).where(Run.id == run_id)).one()
    return text_of((*row[:-1], json.dumps(of_the_outcome(row.manifest), ensure_ascii=False, sort_keys=True)))


def place_root(connection: Connection, run_id: int) -> TableRoot:
    """Of the rest of that line: its number, time, series, the run before, and its place. It shows a change, and is no part of the root."""
    run = Run.__table__.c
    row = connection.execute(sa.select(run.created_at, run.series, run.parent_run_id, run.manifest).where(run.id == run_id)).one()
    kept = {name: value for name, value in row.manifest.items() if name in _OF_THE_PLACE}
    place = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return TableRoot(1, leaf_of(text_of((run_id, row.created_at, row.series, row.parent_run_id, place))).hex())


def of_the_outcome(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a run's manifest says but for its place."""
    return {name: value for name, value in manifest.items() if name not in _OF_THE_PLACE}


def keys(table: sa.Table) -> list[sa.Column]:
    return [column for column in table.primary_key.columns if column.key != "run_id"]


def columns_of(table: sa.Table) -> list[sa.Column]:
    """The columns that a row's text holds, in its order."""
    return [column for column in table.columns if column.key != "run_id"]


def rows_of(connection: Connection, run_id: int, table: sa.Table) -> Iterator[Sequence[Any]]:
    """The rows of a run in a table, in the order of its key, as the database holds them."""
    held = [sa.type_coerce(c, c.type.impl) if isinstance(c.type, TypeDecorator) else c for c in columns_of(table)]
    query = sa.select(*held).where(table.c.run_id == run_id).order_by(*keys(table))
    with connection.execute(query, execution_options={"yield_per": _BATCH_ROWS}) as rows:
        yield from rows


def leaf(values: Iterable[Any]) -> bytes:
    return leaf_of(text_of(values))


def text_of(values: Iterable[Any]) -> str:
    """A row as its leaf is made of it."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=_other)
    if "\\u00" in text:
        text = _CONTROL.sub(lambda found: found[1] + found[2][:-1] + found[2][-1].upper(), text)
    return text


def _other(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else hashlib.sha256(value).hexdigest()


def leaf_sql(table: sa.Table) -> str:
    """DuckDB's SQL for the leaf of a row, in hexadecimal digits, over columns named as ``table``'s."""
    held = columns_of(table)
    values = ", ".join(f'sha256("{c.key}")' if isinstance(c.type, sa.LargeBinary) else f'"{c.key}"' for c in held)
    return f"sha256('row:' || json_array({values})::VARCHAR)"
