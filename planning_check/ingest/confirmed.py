"""What people confirmed that a name means: the table of confirmed names (对照) of a delivery."""

from __future__ import annotations

import duckdb

from planning_check.ingest.plain import plain


def confirmed_ids(con: duckdb.DuckDBPyConnection, kind: str, registered: str) -> dict[str, str]:
    """Told name, as :func:`plain` writes it -> the id that somebody confirmed. ``kind``: district, community or project;
    ``registered``: a query of the ids that there are. What names no such id is told and helps nobody."""
    rows = con.execute(
        f"SELECT told_name, meant_id, meant_id IN ({registered}) AS known, row_ids[1] FROM confirmed_names WHERE kind = ? ORDER BY ALL",
        [kind],
    ).fetchall()
    for _, meant, known, row in rows:
        if not known:
            con.execute(
                "INSERT INTO ingest.found (row_id, source_id, table_name, field, raw, code, quarantined, detail_zh, detail_en)"
                " SELECT row_id, source_id, 'confirmed_names', 'meant_id', ?, 'confirmed_nothing', false, '', ''"
                " FROM raw_row WHERE row_id = ?",
                [meant, row],
            )
    told: dict[str, set[str]] = {}
    for name, meant, known, _ in rows:
        if known:
            told.setdefault(plain(name), set()).add(meant)
    return {name: next(iter(ids)) for name, ids in told.items() if len(ids) == 1}
