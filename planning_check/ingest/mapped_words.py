"""Words of a sheet and what a mapping says they mean: read as what is meant, kept and shown as they were delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from planning_check.ingest.plain import trimmed_sql
from planning_check.sql import name

SQL = """
CREATE TABLE ingest.mapped_word (source_id INTEGER, table_name VARCHAR, field VARCHAR, told VARCHAR, meant VARCHAR);
CREATE TABLE ingest.replaced (row_id BIGINT, table_name VARCHAR, field VARCHAR, told VARCHAR, cell VARCHAR, meant VARCHAR);
"""


def keep_words(con: duckdb.DuckDBPyConnection, source: int, table: str, words: Mapping[str, Mapping[str, str]]) -> None:
    """Keep, of the source just staged, the words of each field and what they mean."""
    rows = [[source, table, field, told.strip(), meant] for field, some in words.items() for told, meant in some.items()]
    if rows:
        con.executemany("INSERT INTO ingest.mapped_word VALUES (?, ?, ?, ?, ?)", rows)


def read_words(con: duckdb.DuckDBPyConnection) -> None:
    """Let the raw cells say what their words mean, until they are typed (``put_back``); each word is noted with its number of rows."""
    for table, field in con.execute("SELECT DISTINCT table_name, field FROM ingest.mapped_word ORDER BY ALL").fetchall():
        cell = f"r.{name(field)}"
        con.execute(f"""
            INSERT INTO ingest.replaced SELECT row_id, w.table_name, w.field, w.told, {cell}, w.meant FROM raw_{table} r
            JOIN ingest.mapped_word w ON w.source_id = r.source_id AND w.table_name = '{table}' AND w.field = '{field}'
                AND {trimmed_sql("w.told")} = coalesce({trimmed_sql(cell)}, '')
            QUALIFY row_number() OVER (PARTITION BY row_id ORDER BY w.told) = 1""")
        _write(con, table, field, "meant")
    con.execute("INSERT INTO ingest.read_as SELECT row_id, table_name, field, told, 'word_mapped', meant, meant FROM ingest.replaced")


def say_meant(con: duckdb.DuckDBPyConnection, texts: str, table: str, field: str) -> None:
    """Let texts that are no cells, such as those of a correction, say what their words mean. ``texts``: a table with source_id and the
    field of ``table``."""
    con.execute(
        f"UPDATE {texts} SET {name(field)} = w.meant FROM ingest.mapped_word w WHERE w.source_id = {texts}.source_id "
        f"AND w.table_name = '{table}' AND w.field = '{field}' AND {trimmed_sql('w.told')} = coalesce({trimmed_sql(name(field))}, '')"
    )


def put_back(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Let the raw cells say again what was delivered: all that is told of a row from now on shows that."""
    replaced = con.execute("SELECT DISTINCT table_name, field FROM ingest.replaced ORDER BY ALL").fetchall()
    there = set(tables)
    for table, field in replaced:
        if table in there:
            _write(con, table, field, "cell")


def _write(con: duckdb.DuckDBPyConnection, table: str, field: str, which: str) -> None:
    con.execute(
        f"UPDATE raw_{table} SET {name(field)} = p.{which} FROM ingest.replaced p"
        f" WHERE p.row_id = raw_{table}.row_id AND p.table_name = '{table}' AND p.field = '{field}'"
    )
