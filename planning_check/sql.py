"""Texts and names as SQL, and SQL in layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb


def quoted(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted SQL name (fields are called ``on`` and ``use``)."""
    return '"' + identifier.replace('"', '""') + '"'


def names(identifiers: Iterable[str]) -> str:
    """Quoted SQL names, joined with commas."""
    return ", ".join(name(i) for i in identifiers)


def struct(**parts: str) -> str:
    """An SQL struct of named expressions."""
    return f"{{{', '.join(f'{quoted(key)}: {sql}' for key, sql in parts.items())}}}"


def layered(table: str, layers: Sequence[Sequence[str]]) -> str:
    """A query on ``table`` with the layers of items, each able to use the names of those below."""
    sql = f"SELECT * FROM {table}"
    for layer in layers:
        if layer:
            sql = f"SELECT *, {', '.join(layer)} FROM ({sql})"
    return sql


def is_any(con: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Whether a query gives a row. Asked of little before much is made of it: to plan a wide query takes longer than to find that there is
    nothing for it."""
    return bool(con.execute(f"SELECT 1 FROM ({query}) LIMIT 1").fetchall())


def create_with(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """A table of these columns and types, with rows that need not give all of them. They go in as one list a column: a statement
    a row is planned anew each time, which for hundreds of columns takes longer than all that is asked of them."""
    con.execute(f"CREATE OR REPLACE TABLE {table} ({', '.join(f'{column} {type_}' for column, type_ in columns.items())})")
    given = [column for column in columns if any(row.get(column) is not None for row in rows)] or list(columns)[:1]
    if rows:
        lists = ", ".join(f"unnest(?::{columns[column]}[])" for column in given)
        con.execute(f"INSERT INTO {table} ({', '.join(given)}) SELECT {lists}", [[row.get(column) for row in rows] for column in given])
