"""What two sources tell of one record and field, side by side: every value with its place, what was used, and how far apart they are."""

from __future__ import annotations

import duckdb

from planning_check.schema import Field
from planning_check.sql import name, quoted

#: ``told``: JSON, a list of {file, sheet, row, letter, raw, value} in the order of the rows; ``used``: the value that the check goes by,
#: none where it is unknown; ``why``: both (a needed name shows every one), lost (its row is set aside), unknown, or precedence.
SQL = """
CREATE TABLE disagreement (table_name VARCHAR, record_key VARCHAR, field VARCHAR, told VARCHAR, used VARCHAR, why VARCHAR,
    difference VARCHAR);
"""
_MEASURED = ("area", "money", "number", "integer")


def note_disagreement(con: duckdb.DuckDBPyConnection, table: str, field: Field, rows: str, *, why: str = "") -> None:
    """Put what is told of a field into ``disagreement``; ``rows``: a query of the united rows that are told differently; ``why``: the
    precedence that settles it."""
    value, last = f"t.{name(field.columns[0])}", f"t.{name(field.columns[-1])}"
    shown = f"CAST({value} AS VARCHAR)"
    if field.type == "date":
        shown = f"CASE WHEN {value} = {last} THEN {shown} ELSE {shown} || ' - ' || CAST({last} AS VARCHAR) END"
    if field.type == "geometry":
        shown = "'(geometry)'"
    apart = "NULL"
    if field.type in _MEASURED:
        apart = f"CAST(max({value}) - min({value}) AS VARCHAR)"
    elif field.type == "date":
        apart = f"CAST(max({value}) - min({last}) AS VARCHAR)"
    raw = "'(geometry)'" if field.type == "geometry" else f"coalesce(c.raw, r.{name(field.name)})"
    both = field.type == "text" and field.need == "required"
    code = quoted(why or ("both" if both else "lost" if field.need else "unknown"))
    used = "min(u.used)" if why else f"string_agg(DISTINCT {value}, ' / ' ORDER BY {value})" if both else "NULL"
    con.execute(f"""
        INSERT INTO disagreement
        WITH told AS (SELECT row_ids[1] AS first_id, key_text, unnest(row_ids) AS row_id,
                      {shown.replace("t.", "one.")} AS used FROM ({rows}) one)
        SELECT '{table}', min(u.key_text), {quoted(field.name)}, CAST(to_json(list({{'file': s.file, 'sheet': s.sheet, 'row': p."row",
                'letter': l.letter, 'raw': {raw}, 'value': {shown}}} ORDER BY u.row_id)) AS VARCHAR), {used},
            {code}, {apart}
        FROM told u JOIN ingest.typed_{table} t USING (row_id) JOIN raw_{table} r USING (row_id) JOIN raw_row p USING (row_id)
            JOIN source s ON s.source_id = p.source_id
            LEFT JOIN source_column l ON l.source_id = p.source_id AND l.field = {quoted(field.name)}
            LEFT JOIN correction c ON c.row_id = u.row_id AND c.field = {quoted(field.name)} AND c.state = 'applied'
        WHERE {value} IS NOT NULL GROUP BY first_id""")
