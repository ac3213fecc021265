"""Ids of rows that bring none: made of what identifies the row in the world, so that the same row has the same id in every delivery."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import duckdb

from planning_check.errors import Text
from planning_check.ingest.naming import REGISTERED
from planning_check.ingest.plain import plain_sql
from planning_check.ingest.problems import note
from planning_check.schema import BY_NAME, Table
from planning_check.sql import name, quoted

#: What every made id begins with, so that nobody takes it for one of a bureau.
PREFIX = "自编-"
BESIDE = "address"  # of a row, where its table has no such field
DIGITS = 12  # hexadecimal, of SHA-256: two of a million rows fall together once in 500 deliveries, and are then set aside


@dataclass(frozen=True)
class Identity:
    """What identifies a row of a table: ``needed`` columns, without which no id is made, and ``more`` that tell rows apart.
    ``one_of``: a sheet needs one of them, else it may be of another table."""

    needed: tuple[str, ...]
    more: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


#: Of registers the id is made where names are matched (``named``), of the name and the district.
_IDENTITIES = {
    "projects": Identity(("project_name", "district_code")),
    "communities": Identity(("community_name", "district_code")),
    "premises": Identity(
        ("project_id",),
        ("kind", "building", "floor_from"),
        ("building", "floor_from", "planned_m2", "permitted_m2", "surveyed_m2", "filed_m2"),
    ),
    "handovers": Identity(("project_id", "area_m2"), ("premises_id", "building", "floor", "handed_over_on", "receipt_no")),
    "payments": Identity(("project_id", "amount_yuan"), ("due_on", "received_on", "receipt_no")),
    "deposits": Identity(("project_id", "event", "event_on", "amount_yuan"), ("receipt_no", "guarantee_no")),
    "demands": Identity(("project_id", "served_on"), ("document_no",)),
    "offices": Identity(("community_code", "tenure"), (BESIDE,)),
    "idle_facilities": Identity(
        ("name",), ("owner", BESIDE), ("usable_m2", "use_rate", "open_to_residents", "available_from", "owner_kind")
    ),
    "decisions": Identity(("project_id", "matter"), ("premises_id", "decided_on", "minutes_no")),
    "renewal_areas": Identity(("name",)),
}
#: Needed to know that the sheet is of the table, but no part of what a row is: it may be corrected.
_NO_PART = {"handovers": ("area_m2",), "offices": ("tenure",)}


def made_key(table: str, there: Collection[str]) -> str:
    """The key that can be made for a sheet with the fields ``there``; '' where it has one, or where nothing identifies its rows."""
    identity = _IDENTITIES.get(table)
    if identity is None:
        return ""
    key = BY_NAME[table].key[0]
    able = set(identity.needed) <= set(there) and (not identity.one_of or any(f in there for f in identity.one_of))
    return key if able and key not in there else ""


def make_keys(con: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Let the sheets without ids that can be given them deliver their key (``ingest.made_key``), and say so, a note a sheet.

    Of registers only names can tell which rows are already there; of other tables no id is made while another sheet brings ids of its own:
    the same room or payment would count twice.
    """
    con.execute("CREATE TABLE ingest.made_key (source_id INTEGER, table_name VARCHAR)")
    for table in (t for t in tables if t.name in _IDENTITIES):
        rows = con.execute(
            "SELECT s.source_id, list(u.field) FROM source s JOIN ingest.column_use u USING (source_id, table_name)"
            " WHERE s.table_name = ? GROUP BY s.source_id ORDER BY ALL", [table.name],
        ).fetchall()  # fmt: skip
        key = table.key[0]
        if table.name not in REGISTERED and any(key in there for _, there in rows):
            continue
        for source, there in rows:
            if made_key(table.name, there):
                con.execute("INSERT INTO ingest.made_key VALUES (?, ?)", [source, table.name])
                con.execute("INSERT INTO ingest.column_use VALUES (?, ?, ?, 1, 1, NULL)", [source, table.name, key])
                labels = [table.field(f).label for f in _parts(table.name) if f in there]
                if (
                    BESIDE in _parts(table.name)
                    and con.execute(
                        "SELECT 1 FROM ingest.beside JOIN raw_row USING (row_id) WHERE source_id = ? AND address IS NOT NULL LIMIT 1",
                        [source],
                    ).fetchall()
                ):
                    labels.append(Text("地址", "address"))
                detail = Text("、".join(t.zh for t in labels), ", ".join(t.en for t in labels))
                note(con, "made_ids", source_id=source, table=table.name, field=key, detail=detail)


def _parts(table: str) -> list[str]:
    identity = _IDENTITIES[table]
    return [f for f in (*identity.needed, *identity.more) if f not in _NO_PART.get(table, ())]


def made_sql(table: str, parts: Collection[str]) -> str:
    """SQL for the id that is made of some texts (a text that is NULL is no text)."""
    texts = ", ".join(f"coalesce({part}, '')" for part in parts)
    return f"{quoted(PREFIX)} || upper(left(sha256(concat_ws(chr(31), {quoted(table)}, {texts})), {DIGITS}))"


def with_made_key(con: duckdb.DuckDBPyConnection, query: str, table: Table, there: Collection[str]) -> str:
    """The query of typed rows, with ids for those of the sheets that bring none. A row without what is needed has none."""
    sources = con.execute("SELECT source_id FROM ingest.made_key WHERE table_name = ? ORDER BY 1", [table.name]).fetchall()
    if not sources or table.name in REGISTERED:
        return query
    first = _IDENTITIES[table.name].needed[0]
    parts = [_part(table, f) if f in there or f == BESIDE else "''" for f in _parts(table.name)]
    key = name(table.key[0])
    made = f"CASE WHEN {_part(table, first)} <> '' THEN {made_sql(table.name, parts)} END"
    of_sources = f"t.source_id IN ({', '.join(str(s) for (s,) in sources)})"
    return (
        f"SELECT t.* REPLACE (CASE WHEN {of_sources} THEN {made} ELSE t.{key} END AS {key}) "
        f"FROM ({query}) t JOIN raw_{table.name} r USING (row_id) LEFT JOIN ingest.beside b USING (row_id)"
    )


def _part(table: Table, field: str) -> str:
    """SQL for one part of an identity: the value, or the text where that is no value."""
    if field == BESIDE:
        return f"coalesce({plain_sql('b.address')}, '')"
    spec = table.field(field)
    values = [f"CAST(t.{name(c)} AS VARCHAR)" for c in spec.columns]
    text = plain_sql(f"r.{name(field)}")
    if spec.type == "text":
        return f"coalesce({text}, '')"
    return f"coalesce({' || '.join(values)}, {text}, '')"
