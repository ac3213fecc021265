"""Ids that other tables write in another way than the register of them: ``p01`` is P01; ``P-01``, ``PO1`` and ``P1`` may be."""

from __future__ import annotations

import duckdb

from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.plain import code_sql, not_blank_sql

#: Field -> the register whose key it is, and a column that only the register itself has.
_REGISTERS = {
    "project_id": ("projects", "project_name"),
    "premises_id": ("premises", "project_id"),
    "community_code": ("communities", "community_name"),
}
#: SQL: an id without what people leave out, add or mistake: punctuation, zeros in front, the letters O, I and l.
NEAR = (
    "regexp_replace(translate(regexp_replace({}, '[^0-9A-Z\\x{{4E00}}-\\x{{9FFF}}]', '', 'g'), 'OIL', '011'), "
    "'(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
)


def find_spellings(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ingest.spelling`` (field, told, id, code): ids that are not registered as they are told.

    ``id``: the registered one, where only the letters are large or small; else NULL with the code ``near_id``, and
    ``ingest.legible`` says which it may be.
    """
    con.execute("CREATE TABLE ingest.spelling (field VARCHAR, told VARCHAR, id VARCHAR, code VARCHAR)")
    delivered = delivered_tables(con)
    for field, (register, own) in _REGISTERS.items():
        tables = [t.name for t in delivered if field in {f.name for f in t.fields}]
        if not tables:
            continue
        told = " UNION ALL ".join(f"SELECT row_id, {code_sql(field)} AS told FROM raw_{t} WHERE {not_blank_sql(field)}" for t in tables)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE registered AS SELECT DISTINCT id, upper(id) AS large FROM"
            f" (SELECT {code_sql(field)} AS id FROM raw_{register} WHERE {not_blank_sql(field)} AND {not_blank_sql(own)})"
        )
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE astray AS
            SELECT row_id, told, upper(told) AS large FROM ({told}) WHERE told NOT IN (SELECT id FROM registered)""")
        if not con.execute("SELECT 1 FROM astray LIMIT 1").fetchall():
            continue
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE astray_near AS
            WITH near AS (SELECT id, large, {NEAR.format("large")} AS near FROM registered),
                 other AS (SELECT DISTINCT told, large, {NEAR.format("large")} AS near FROM astray)
            SELECT told, n.id, o.large = n.large AS same FROM other o JOIN near n ON n.near = o.near AND o.near <> ''""")
        con.execute(f"""
            INSERT INTO ingest.spelling
            SELECT '{field}', told, CASE WHEN count(*) FILTER (same) = 1 THEN min(id) FILTER (same) END,
                CASE WHEN count(*) FILTER (same) = 1 THEN NULL ELSE 'near_id' END FROM astray_near GROUP BY told ORDER BY told""")
        con.execute(f"""
            INSERT INTO ingest.legible SELECT DISTINCT a.row_id, '{field}', n.id FROM astray a JOIN astray_near n USING (told)
            JOIN ingest.spelling s ON s.field = '{field}' AND s.told = a.told AND s.code = 'near_id' ORDER BY ALL""")
    con.execute("DROP TABLE IF EXISTS registered; DROP TABLE IF EXISTS astray; DROP TABLE IF EXISTS astray_near")
