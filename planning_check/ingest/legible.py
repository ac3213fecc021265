"""Whose a row is that has to be set aside: what can still be read of it, although its cells are shifted or its project is blank.

A cell that is the id or name of a known project (or the id of a room of one) tells the project, wherever it stands. A short
number could be anything, so it counts only in its own column.
"""

from __future__ import annotations

import duckdb

from planning_check.ingest.plain import code_sql, not_blank_sql
from planning_check.schema import BY_NAME, TABLES
from planning_check.sql import quoted

#: Besides the id itself: table -> the columns whose words name a project or community of that row.
_NAMING = {
    "project_id": {"projects": ("project_name",), "premises": ("premises_id",)},
    "community_code": {"communities": ("community_name",)},
}


def find_legible(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ingest.legible`` (row_id, field, id): what the loose cells say. ``field``: project_id, community_code or key."""
    con.execute("CREATE TABLE ingest.legible (row_id BIGINT, field VARCHAR, id VARCHAR)")
    if not con.execute("SELECT count(*) FROM ingest.loose_cell").fetchall()[0][0]:
        return
    con.execute(f"""
        INSERT INTO ingest.legible
        WITH known AS (SELECT word, field, any_value(id) AS id FROM ({_known_sql()}) WHERE word IS NOT NULL AND id IS NOT NULL
                       GROUP BY word, field HAVING count(DISTINCT id) = 1),
             loose AS (SELECT *, lower({code_sql("cell")}) AS word FROM ingest.loose_cell)
        SELECT DISTINCT row_id, k.field, k.id FROM loose l JOIN known k USING (word)
        WHERE l.field IS NOT DISTINCT FROM k.field OR NOT regexp_full_match(word, '[0-9.]{{1,5}}')
        UNION ALL SELECT row_id, 'key', min({code_sql("cell")}) FROM ingest.loose_cell JOIN ingest.cell_mark m USING (row_id)
        WHERE m.field IS NULL AND ({_is_key("m.table_name", "loose_cell.field")}) GROUP BY row_id HAVING count(*) = 1""")


def _known_sql() -> str:
    """Every word that names a project or a community, in rows that are whole."""
    whole = "row_id NOT IN (SELECT row_id FROM ingest.cell_mark WHERE field IS NULL)"
    parts = []
    for field, naming in _NAMING.items():
        for table in (t for t in TABLES if field in {f.name for f in t.fields}):
            for column in (field, *naming.get(table.name, ())):
                words = f"SELECT lower({code_sql(column)}) AS word, '{field}' AS field, {code_sql(field)} AS id FROM raw_{table.name}"
                parts.append(f"{words} WHERE {whole} AND {not_blank_sql(column)}")
    return " UNION ALL ".join(parts)


def _is_key(table: str, field: str) -> str:
    """SQL: whether a field is the whole key of a table."""
    pairs = [f"{table} = {quoted(t.name)} AND {field} = {quoted(t.key[0])}" for t in BY_NAME.values() if len(t.key) == 1]
    return " OR ".join(f"({p})" for p in pairs)
