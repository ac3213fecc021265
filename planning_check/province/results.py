"""What is kept of a shard: the tables that a check leaves to be recorded, as Parquet; and the hash over what they say.

They are the working tables, not the sums: a province is recorded from their union by the very queries that record a city
(``store.copies``), so that every count, facet and balance is made anew and nothing is added up. Row numbers (``NUMBERS``) are a delivery's
own; the hash leaves them out and takes rows in no order, so that the same findings have the same root however cities are put together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.geo.places.coverage import COVERAGE_TABLE
from planning_check.geo.places.match_places import MATCH_TABLES
from planning_check.record.province import Kept
from planning_check.sql import name as named
from planning_check.store.blocks import cited_tables, evidence_columns, told_columns
from planning_check.store.merkle import TableRoot, root_over
from planning_check.store.root import root_of

if TYPE_CHECKING:
    import duckdb

    from planning_check.store.blocks import Telling

BATCH_ROWS = 8_192
#: Table -> the query that gives its rows.
TABLES: dict[str, str] = {
    "finding_head": "SELECT * EXCLUDE (number) FROM finding_head",
    **{name: f"FROM {name}" for name in (
        "named_subject", "register", "robustness", "doubt", "leading_finding", "leading_list", "balance", "subject_geometry",
        "coverage_line", "match_office", "match_facility", "match_candidate",
        "outcome_without", "disagreement", "problem", "correction", "source",
        "source_column", "sheet_seen", "heading_seen", "unread", "act", "geo_choice", "register_told",
    )},
    "fund_line": "SELECT * EXCLUDE (number) FROM fund_line",
    "districts": "SELECT district_code, district_name FROM districts",
    "governed_project": "SELECT project_id, law_state, ordinance_id FROM governing_project LEFT JOIN law_version USING (version_no)",
    "lawful_project": "SELECT project_id, life_state FROM lawful_project",
    "offices": "SELECT community_code, tenure FROM offices",
    "current_community": "SELECT community_code, district_code, kind, population, project_supported FROM current_community",
    "community_facilities": "SELECT community_code, kind FROM community_facilities",
}  # fmt: skip
#: Columns that number rows, sources and problems of a delivery; the lists of row ids beside judged values begin with ``rows_``.
NUMBERS = frozenset(("source_id", "row_id", "problem_no", "number"))
#: By what the rows of the largest tables are put in order; the others by all they have.
_ORDERS = {"finding_head": "rule_id, subject_key", "register": "subject, subject_key", "named_subject": "subject, subject_key"}


def queries(con: duckdb.DuckDBPyConnection, tellings: Sequence[Telling]) -> dict[str, str]:
    """Table -> the query, in an order, that gives the rows to keep of a check in ``con``."""
    con.execute(MATCH_TABLES + COVERAGE_TABLE)  # empty where a check was not matched
    con.execute("CREATE OR REPLACE TEMP TABLE told_subject AS SELECT DISTINCT subject, subject_key FROM finding_head")
    asked = {name: f"{query} ORDER BY {_ORDERS.get(name, 'ALL')}" for name, query in TABLES.items()}
    columns_of = evidence_columns(con)
    for subject, columns in told_columns(columns_of, tellings).items():
        items = ", ".join(map(named, columns))
        keys = f"SELECT subject_key FROM told_subject WHERE subject = '{subject}'"
        asked[f"told_{subject}"] = f"SELECT {items} FROM told_{subject} WHERE told_key IN ({keys}) ORDER BY told_key"
    for table in cited_tables(columns_of):
        asked[table] = f"FROM {table} ORDER BY row_id"
    return asked


def write(con: duckdb.DuckDBPyConnection, folder: Path, tellings: Sequence[Telling]) -> tuple[dict[str, Kept], dict[str, int]]:
    """Write the tables of a check into ``folder``, one Parquet file each; of an empty one its columns. The same check, the same bytes.
    Gives what was kept, and the highest of each kind of number in it."""
    import pyarrow.parquet as pq

    kept: dict[str, Kept] = {}
    highest: dict[str, int] = {}
    for table, query in queries(con, tellings).items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE kept_rows AS {query}")
        content = content_of(con, table, "kept_rows")
        path = folder / f"{table}.parquet"
        rows = con.sql("FROM kept_rows").to_arrow_reader(BATCH_ROWS)
        with pq.ParquetWriter(path, rows.schema, compression="zstd", store_schema=True, write_statistics=False) as writer:
            for batch in rows:
                writer.write_batch(batch)
        kept[table] = Kept(content.rows, content.sha256, sha256_of(path))
        for column in NUMBERS.intersection(rows.schema.names):
            last = con.execute(f"SELECT coalesce(max({column}), 0) FROM kept_rows").fetchall()[0][0]
            highest[kind_of_number(table, column)] = max(highest.get(kind_of_number(table, column), 0), last)
    con.execute("DROP TABLE kept_rows")
    return kept, dict(sorted(highest.items()))


def kind_of_number(table: str, column: str) -> str:
    """Whose number it is: sources, rows and problems have theirs throughout a result, what is numbered in one table, there."""
    return f"{table}.{column}" if column == "number" else column


def contents(con: duckdb.DuckDBPyConnection, tellings: Sequence[Telling]) -> dict[str, TableRoot]:
    """Table -> the hash over what it says, of a check that ``con`` holds."""
    return {table: content_of(con, table, f"({query})") for table, query in queries(con, tellings).items()}


def root_over_contents(tables: Mapping[str, Kept | TableRoot]) -> str:
    """The root of a result, from its tables; those without a row say nothing."""
    told = {name: table if isinstance(table, TableRoot) else TableRoot(table.rows, table.content) for name, table in tables.items()}
    return root_of({name: table for name, table in told.items() if table.rows})


def is_row_list(table: str, column: str) -> bool:
    """Whether a column lists the delivered rows of a judged subject: ``rows_projects`` "[3,14]"."""
    return table.startswith("told_") and column.startswith("rows_")


def content_of(con: duckdb.DuckDBPyConnection, table: str, rows: str) -> TableRoot:
    """The hash over the rows of a table, which the table or query ``rows`` gives: each as its values' texts by name, without row numbers,
    in no order."""
    described = con.execute(f"DESCRIBE FROM {rows}").fetchall()
    items = [
        f"'{column}', {f'sha256({named(column)})' if type_ == 'BLOB' else f'CAST({named(column)} AS VARCHAR)'}"
        for column, type_ in sorted((row[0], row[1]) for row in described)
        if column not in NUMBERS and not is_row_list(table, column)
    ]
    leaf = f"unhex(sha256('row:' || json_object({', '.join(items)})::VARCHAR))"
    leaves = con.sql(f"SELECT {leaf} AS leaf FROM {rows} ORDER BY leaf").to_arrow_reader(BATCH_ROWS)
    return root_over(b"".join(batch.column(0).to_pylist()) for batch in leaves)


def sha256_of(path: Path) -> str:
    """Of the bytes of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def differing(one: Mapping[str, Kept | TableRoot], other: Mapping[str, Kept | TableRoot]) -> list[str]:
    """The tables that do not say the same, in the order of their names; one without rows is as good as none."""

    def said(tables: Mapping[str, Kept | TableRoot]) -> dict[str, str]:
        return {name: t.sha256 if isinstance(t, TableRoot) else t.content for name, t in tables.items() if t.rows}

    left, right = said(one), said(other)
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
