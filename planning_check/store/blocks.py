"""Evidence in columns: what the findings of a run are told from, once a subject, as compressed blocks of a few thousand rows.

A block is one Parquet file in a column of the store. Kinds: ``told:<subject>`` the judged values that the texts of its findings need,
``beside:<table>`` what is said beside them (other readings of the law, doubts),
``rows:<table>`` the delivered cells that findings refer to.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from planning_check.progress import Parts
from planning_check.progress import Told as Done
from planning_check.store.models import ColumnBlock

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

BLOCK_ROWS = 4_096
BLOCKS_AT_ONCE = 4  # read in one query and held in memory
_TOLD, _ROWS, _BESIDE = "told:", "rows:", "beside:"
#: Tables that tellings read beside the judged values: the column that they go by, the others, and which rows of them say something.
BESIDE = {
    "robustness": ("project_id", ("rule_id", "alternatives"), "alternatives IS NOT NULL"),
    "doubt": ("subject_key", ("rule_id", "zh", "en"), "true"),
}


@dataclass(frozen=True)
class Telling:
    """How the findings of one rule are told: SQL over ``told_<subject>`` and ``robustness``."""

    rule_id: str
    subject: str
    sql: str


def told_kind(subject: str) -> str:
    return _TOLD + subject


def beside_kind(table: str) -> str:
    return _BESIDE + table


def rows_kind(table: str) -> str:
    return _ROWS + table


def write_blocks(
    connection: Connection, con: duckdb.DuckDBPyConnection, run_id: int, tellings: Sequence[Telling], done: Done = lambda _share: None
) -> None:
    """Keep the evidence of the findings in ``finding_head``: only the columns that their texts read, only the subjects that have any.
    ``done`` hears how much is kept."""
    con.execute("CREATE OR REPLACE TEMP TABLE told_subject AS SELECT DISTINCT subject, subject_key FROM finding_head")
    columns_of = evidence_columns(con)
    told, cited = told_columns(columns_of, tellings), cited_tables(columns_of)
    parts = Parts(len(told) + 1 + len(cited), done)
    for subject, columns in told.items():
        keys = f"SELECT subject_key AS key FROM told_subject WHERE subject = '{subject}'"
        _write(connection, con, run_id, told_kind(subject), f"told_{subject}", columns, "told_key", keys)
        parts.next()
    for table, (key, others, says) in BESIDE.items():
        if table in columns_of:
            keys = f"SELECT DISTINCT {key} AS key FROM {table} WHERE {says}"
            _write(connection, con, run_id, beside_kind(table), table, [key, *others], key, keys)
    parts.next()
    for name in cited:
        keys = f"SELECT row_id AS key FROM {name}"
        _write(connection, con, run_id, rows_kind(name.removeprefix("cited_")), name, columns_of[name], "row_id", keys)
        parts.next()


def told_columns(columns_of: Mapping[str, Sequence[str]], tellings: Sequence[Telling]) -> dict[str, list[str]]:
    """Subject -> the columns of its ``told_<subject>`` that the tellings of its findings read, and the key."""
    told = {}
    for subject in sorted({telling.subject for telling in tellings if f"told_{telling.subject}" in columns_of}):
        words = set(re.findall(r"\w+", " ".join(t.sql for t in tellings if t.subject == subject)))
        told[subject] = [name for name in columns_of[f"told_{subject}"] if name in words or name == "told_key"]
    return told


def cited_tables(columns_of: Mapping[str, Sequence[str]]) -> list[str]:
    """The tables of delivered rows that findings refer to."""
    return [name for name in sorted(columns_of) if name.startswith("cited_") and "row_id" in columns_of[name]]


def evidence_columns(con: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """The columns of all that evidence is kept of, by table or view."""
    wanted = ", ".join(f"'{name}'" for name in BESIDE)
    names = f"(table_name IN ({wanted}) OR table_name LIKE 'told\\_%' ESCAPE '\\' OR table_name LIKE 'cited\\_%' ESCAPE '\\')"
    columns: dict[str, list[str]] = {}
    query = f"SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND {names} ORDER BY table_name, column_index"
    for table, column in con.execute(query).fetchall():
        columns.setdefault(table, []).append(column)
    return columns


def _write(
    connection: Connection, con: duckdb.DuckDBPyConnection, run_id: int, kind: str, table: str, columns: list[str], key: str, keys: str
) -> None:
    """Blocks of as many keys as ``BLOCK_ROWS``, some of them to a query: each query goes over the whole of a wide table."""
    items = ", ".join(f't."{name}"' for name in columns)
    order = ", ".join(f't."{name}"' for name in (key, *columns[1:2]))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE block_key AS SELECT key, (row_number() OVER (ORDER BY key) - 1) // {BLOCK_ROWS} AS block "
        f"FROM ({keys})"
    )
    blocks = con.execute("SELECT block, min(key), max(key) FROM block_key GROUP BY block ORDER BY block").fetchall()
    for at_once in range(0, len(blocks), BLOCKS_AT_ONCE):
        some = blocks[at_once : at_once + BLOCKS_AT_ONCE]
        wanted = f"SELECT key, block FROM block_key WHERE block BETWEEN {some[0][0]} AND {some[-1][0]}"
        made = con.sql(
            f"SELECT {items}, k.block AS block_ FROM {table} t JOIN ({wanted}) k ON k.key = t.{key} ORDER BY {order}"
        ).to_arrow_table()
        sizes = {pair["values"]: pair["counts"] for pair in made.column("block_").value_counts().to_pylist()}
        made, start = made.drop_columns("block_"), 0
        for number, first, last in some:
            block, start = made.slice(start, sizes.get(number, 0)), start + sizes.get(number, 0)
            row = {"run_id": run_id, "kind": kind, "number": number, "first_key": str(first), "last_key": str(last), "rows": block.num_rows}
            connection.execute(sa.insert(ColumnBlock).values(**row, content=_packed(block)))


def _packed(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", store_schema=False, write_statistics=False)
    return sink.getvalue()


def unpacked(content: bytes) -> pa.Table:
    """The rows of a block."""
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content))


def block_contents(connection: Connection, run_id: int, kind: str, numbers: Sequence[int] | None = None) -> Iterator[bytes]:
    """The blocks of a kind in their order, or those of these numbers."""
    block = ColumnBlock.__table__.c
    query = sa.select(block.content).where(block.run_id == run_id, block.kind == kind).order_by(block.number)
    if numbers is not None:
        query = query.where(block.number.in_(numbers))
    for (content,) in connection.execute(query):
        yield content


def block_ends(connection: Connection, run_id: int, prefix: str) -> list[Any]:
    """kind, number, first_key, last_key and rows of the blocks whose kind begins so."""
    block = ColumnBlock.__table__.c
    columns = (block.kind, block.number, block.first_key, block.last_key, block.rows)
    query = sa.select(*columns).where(block.run_id == run_id, block.kind.startswith(prefix, autoescape=True))
    return list(connection.execute(query.order_by(block.kind, block.number)))
