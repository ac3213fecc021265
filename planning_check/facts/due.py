"""What of a delivery falls due: deadlines, ends of leases and guarantees, with the cell in which each day is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING

from planning_check.sql import name, quoted

if TYPE_CHECKING:
    import datetime as dt

    import duckdb


@dataclass(frozen=True)
class Told:
    """One thing that falls due. ``kind``: of ``words.DUE``; ``subject``, ``key``: a project or an office; ``number``: of the document;
    ``first``, ``last``: the days that it may be, None where none is known; ``yuan``: what is due, held or (lease) paid a year."""

    kind: str
    subject: str
    key: str
    name: str | None
    number: str | None
    yuan: Decimal | None
    first: dt.date | None
    last: dt.date | None
    file: str
    sheet: str | None
    row: int | None
    column: str | None


def falls_due(con: duckdb.DuckDBPyConnection, record_days: int | None) -> Iterator[Told]:
    """After ``measuring.measure``, as of its day. ``record_days``: by how many days after its decision a credit entry is due,
    None: not known."""
    con.execute(f"SET VARIABLE record_days = {'NULL' if record_days is None else record_days}")
    con.execute(files("planning_check.facts").joinpath("falls_due.sql").read_text("utf-8"))
    for table, field in con.execute("SELECT DISTINCT table_name, field FROM falls_due ORDER BY ALL").fetchall():
        rows = con.execute(
            f"""SELECT d.kind, d.subject, d.key, d.name, d.number, d.yuan, d.day_lo, d.day_hi, s.file, nullif(s.sheet, ''),
                r."row", c.letter
            FROM falls_due d JOIN raw_{table} raw ON list_contains(d.row_ids, raw.row_id) JOIN raw_row r USING (row_id)
            JOIN source s ON s.source_id = r.source_id
            LEFT JOIN source_column c ON c.source_id = r.source_id AND c.field = {quoted(field)}
            WHERE d.table_name = {quoted(table)} AND d.field = {quoted(field)}
            QUALIFY row_number() OVER (PARTITION BY d.kind, d.key, d.row_ids ORDER BY raw.{name(field)} IS NULL, raw.row_id) = 1
            ORDER BY d.kind, d.key, raw.row_id"""
        ).fetchall()
        yield from (Told(*row) for row in rows)
