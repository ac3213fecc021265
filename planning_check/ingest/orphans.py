"""Rows of a city's own tables that name a project, community, office or parcel which its register does not have."""

from __future__ import annotations

import duckdb

from planning_check import following
from planning_check.declared import BELONGS, OwnTable
from planning_check.schema import BY_NAME
from planning_check.sql import is_any, quoted

_MOST_SHOWN = 5


def note_orphans(con: duckdb.DuckDBPyConnection) -> None:
    """One problem a sheet for each field with such ids, with the first of them: the rows stand, what is looked up for them is unknown.
    Where the register was not delivered nobody can say so."""
    own: tuple[OwnTable, ...] = following.current()
    for table in own:
        for field, register in (BELONGS[subject] for subject in table.belongs):
            if is_any(con, f"FROM {register}"):
                label = BY_NAME[register].label
                con.execute(f"""
                    INSERT INTO ingest.found (row_id, source_id, table_name, key, field, raw, code, quarantined, detail_zh, detail_en)
                    WITH gone AS (
                        SELECT unnest(row_ids) AS row_id, {field} AS id FROM {table.name} t
                        WHERE {field} IS NOT NULL AND {field} NOT IN (SELECT {field} FROM {register}))
                    SELECT min(row_id), source_id, '{table.name}', NULL, '{field}', min_by(id, row_id), 'not_registered', false,
                        {_told(label.zh, "（", " 行：", "、", "等）")}, {_told(label.en, " (rows: ", "; ", ", ", ", ...)")}
                    FROM gone JOIN raw_row USING (row_id) GROUP BY source_id ORDER BY source_id""")


def _told(register: str, opened: str, after: str, between: str, more: str) -> str:
    """SQL: the register, how many rows and the first ids."""
    ids = "list(DISTINCT id ORDER BY id)"
    closed = f"CASE WHEN len({ids}) > {_MOST_SHOWN} THEN {quoted(more)} ELSE right({quoted(more)}, 1) END"
    first = f"array_to_string({ids}[1:{_MOST_SHOWN}], {quoted(between)})"
    return f"concat({quoted(register + opened)}, count(*), {quoted(after)}, {first}, {closed})"
