"""Rows of one key become one row: field by field, across sheets and files. Where two sources disagree, nobody guesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import duckdb

from planning_check.engine import at_once
from planning_check.errors import Text
from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.disagreeing import note_disagreement
from planning_check.ingest.mapped_words import put_back
from planning_check.ingest.preceding import Settling, settling
from planning_check.ingest.quarantine import (
    FREE,
    report_missing_columns,
    set_aside_incomplete,
    set_aside_rows,
    write_quarantine,
)
from planning_check.ingest.slips import unit_apart
from planning_check.ingest.typed import Uses, create_typed, key_columns, read_uses
from planning_check.ingest.units import dimension
from planning_check.measuring import Measuring
from planning_check.precedence import settled_by
from planning_check.schema import ANY_DAY, NOT_READ, SQL_TYPES, Field, Table
from planning_check.sql import name, names, quoted


def build_tables(con: duckdb.DuckDBPyConnection, tables: Sequence[Table], widths: Measuring, *, districts: bool) -> None:
    """Make tables of the delivery from their raw rows: typed (side by side, which is most of the work), quarantined, united."""
    there = delivered_tables(con)
    read = [read_uses(con, table) if table in there else Uses(table, {}, ()) for table in tables]
    at_once(con, [partial(create_typed, uses=uses, districts=districts) for uses in read if uses.sources])
    put_back(con, [table.name for table in tables])
    for uses in read:
        _build(con, uses, widths)


def _build(con: duckdb.DuckDBPyConnection, uses: Uses, widths: Measuring) -> None:
    """Empty where nothing was delivered."""
    table = uses.table
    if not uses.sources:
        columns = [f"{name(c)} {t}" for f in table.fields for c, t in zip(_columns(f), _sql_types(f), strict=True)]
        con.execute(f"CREATE TABLE {table.name} ({', '.join(columns)}, {NOT_READ} VARCHAR[], row_ids BIGINT[])")
        return
    set_aside_rows(con, uses)
    settled = settling(con, table.name, _shared(uses), [f.name for f in uses.fields])
    kind = _create_united(con, uses, settled)
    _report_conflicts(con, uses, widths)
    _report_settled(con, uses, settled)
    set_aside_incomplete(con, uses)
    report_missing_columns(con, uses)
    write_quarantine(con, uses)
    _create_table(con, uses)
    con.execute(f"DROP {kind} ingest.united_{table.name}; DROP TABLE ingest.typed_{table.name}")


def _columns(field: Field) -> tuple[str, ...]:
    return ("geometry", "geometry_crs") if field.type == "geometry" else field.columns


def _sql_types(field: Field) -> tuple[str, ...]:
    return ("BLOB", "VARCHAR") if field.type == "geometry" else (SQL_TYPES[field.type],) * len(field.columns)


def _shared(uses: Uses) -> list[Field]:
    """Fields that several sources deliver, and so may be told differently."""
    return [f for f in uses.fields if f.need != "key" and len(uses.sources_of(f.name)) > 1]


def _create_united(con: duckdb.DuckDBPyConnection, uses: Uses, settled: Mapping[str, Settling]) -> str:
    """``ingest.united_<table>``: a row a key, ``row_ids`` it came from, ``conflicts``: the fields told differently,
    ``settled``: those of them that precedence settles.

    A view where there is one source and so nothing to unite; says which it made.
    """
    typed, there = f"ingest.typed_{uses.table.name}", {f.name for f in uses.fields}
    columns = []
    shared = {f.name for f in _shared(uses)}
    unread = _unread_fields(con, uses)
    as_is = len(uses.sources) < 2 or not set(uses.table.key) <= there  # one source; or no key, and then no usable row
    for field in uses.table.fields:
        if field.name not in there and field.type == "date" and (unusable := uses.unusable(field.name)):
            days = [f"CASE WHEN source_id IN ({', '.join(map(str, unusable))}) THEN {day} END" for day in ANY_DAY]
            columns += [f"{day if as_is else f'any_value({day})'} AS {name(c)}" for c, day in zip(field.columns, days, strict=True)]
        elif field.name not in there:
            columns += [f"CAST(NULL AS {t}) AS {name(c)}" for c, t in zip(_columns(field), _sql_types(field), strict=True)]
        elif field.need == "key" or as_is:
            columns += [name(c) for c in _columns(field)]
        elif field.name in shared:
            columns += _told_by_many(field, settled.get(field.name))
        else:
            columns += [f"any_value({name(c)}) AS {name(c)}" for c in _columns(field)]
    columns.append(_not_read(uses, unread, settled, grouped=not as_is))
    if as_is:
        extra = "key_text, [row_id] AS row_ids, CAST([] AS VARCHAR[]) AS conflicts, CAST([] AS VARCHAR[]) AS settled"
        kind, grouped = "VIEW", ""
    else:
        differing = [f"CASE WHEN {_stands_open(f, settled.get(f.name))} THEN {quoted(f.name)} END" for f in _shared(uses)]
        ended = [f"CASE WHEN {_differ(s.field)} AND {s.holds} THEN {quoted(f)} END" for f, s in settled.items()]
        conflicts, over = (f"list_filter([{', '.join(some)}]::VARCHAR[], lambda f: f IS NOT NULL)" for some in (differing, ended))
        extra = f"min(key_text) AS key_text, list(row_id ORDER BY row_id) AS row_ids, {conflicts} AS conflicts, {over} AS settled"
        kind, grouped = "TABLE", f" GROUP BY {names(key_columns(uses.table))}"
    con.execute(f"CREATE {kind} ingest.united_{uses.table.name} AS SELECT {', '.join(columns)}, {extra} FROM {typed} WHERE {FREE}{grouped}")
    return kind


def _unread_fields(con: duckdb.DuckDBPyConnection, uses: Uses) -> list[Field]:
    """The fields that may be blank and of which some cell could not be read, or that a source delivers in a column that cannot be used."""
    optional = [f for f in uses.table.fields if f.may_be_blank]
    there = [f for f in uses.fields if f in optional]
    counts = ", ".join(f"count({name(f'{f.name}.code')})" for f in there)
    found = con.execute(f"SELECT {counts} FROM ingest.typed_{uses.table.name}").fetchall()[0] if there else ()
    faulty = {f.name for f, n in zip(there, found, strict=True) if n}
    told_apart = {f.name for f in _shared(uses)}
    return [f for f in optional if f.name in faulty or f.name in told_apart or uses.unusable(f.name)]


def _not_read(uses: Uses, fields: list[Field], settled: Mapping[str, Settling], *, grouped: bool) -> str:
    """SQL: the names of those fields that have no value although something is written; of rows that are united, in any of them."""
    there = {f.name for f in uses.fields}
    parts = []
    for field in fields:
        column, code = name(field.name), name(f"{field.name}.code")
        faults = [f"{code} IS NOT NULL"] if field.name in there else []
        if unusable := uses.unusable(field.name):
            faults.append(f"source_id IN ({', '.join(map(str, unusable))})")
        fault = " OR ".join(faults) or "false"
        blank = "true" if field.name not in there else f"count({column}) = 0" if grouped else f"{column} IS NULL"
        told_apart = f" OR coalesce({_stands_open(field, settled.get(field.name))}, false)" if grouped and field in _shared(uses) else ""
        parts.append(
            f"CASE WHEN ({blank} AND {f'bool_or({fault})' if grouped else f'({fault})'}){told_apart} THEN {quoted(field.name)} END"
        )
    return f"list_filter([{', '.join(parts)}]::VARCHAR[], lambda f: f IS NOT NULL) AS {NOT_READ}"


def _differ(field: Field) -> str:
    """SQL: whether the sources tell a field differently. Days and months agree where one lies within the other."""
    if field.type == "date":
        low, high = (name(c) for c in field.columns)
        return f"max({low}) > min({high})"
    return " OR ".join(f"min({name(c)}) <> max({name(c)})" for c in _columns(field))


def _stands_open(field: Field, settled: Settling | None) -> str:
    """SQL: whether the sources tell a field differently and no precedence settles it."""
    return f"({_differ(field)}) AND NOT {settled.holds}" if settled else _differ(field)


def _told_by_many(field: Field, settled: Settling | None = None) -> list[str]:
    """The value of a field that several sources tell: theirs if they agree, that of the one that goes before, else unknown
    (a needed name shows both)."""
    if settled:
        chosen = f"({_differ(field)}) AND {settled.holds}"
        pairs = zip(_columns(field), _told_by_many(field), strict=True)
        return [f"CASE WHEN {chosen} THEN {settled.value(c)} ELSE {sql.rpartition(' AS ')[0]} END AS {name(c)}" for c, sql in pairs]
    if field.type == "date" and not field.need:
        low, high = (name(c) for c in field.columns)
        return [
            f"CASE WHEN {_differ(field)} THEN {ANY_DAY[0]} ELSE max({low}) END AS {low}",
            f"CASE WHEN {_differ(field)} THEN {ANY_DAY[1]} ELSE min({high}) END AS {high}",
        ]
    if field.type == "text" and field.need == "required":
        return [f"string_agg(DISTINCT {name(field.name)}, ' / ' ORDER BY {name(field.name)}) AS {name(field.name)}"]
    return [f"CASE WHEN NOT ({_differ(field)}) THEN min({name(c)}) END AS {name(c)}" for c in _columns(field)]


#: How a cell is told in each language: before its row, its column and what it holds, after a row alone, of a hidden row, between two.
_CELL = (("第 ", " 行 > ", " 列", " 行", "（隐藏）", "；"), ("row ", " > column ", " ", " ", "(hidden) ", "; "))


def _report_conflicts(con: duckdb.DuckDBPyConnection, uses: Uses, widths: Measuring) -> None:
    """One problem for each value told differently, naming every place and what it says."""
    table = uses.table.name
    differing = con.execute(f"SELECT DISTINCT unnest(conflicts) FROM ingest.united_{table}").fetchall() if _shared(uses) else []
    for field in (f for f in _shared(uses) if (f.name,) in differing):
        column = _columns(field)[0]
        raw = f"r.{name(field.name)}" if field.type != "geometry" else "'(geometry)'"
        loses_row = "true" if field.need == "required" and field.type != "text" else "false"
        place = "s.file || CASE WHEN s.sheet <> '' THEN ' > ' || s.sheet ELSE '' END || ' > '"
        told = [
            f"string_agg({place} || '{before}' || p.\"row\" || coalesce('{column}' || c.letter || '{after}', '{none}')"
            f" || CASE WHEN h.row_id IS NOT NULL THEN '{hidden}' ELSE '' END || '“' || {raw} || '”', '{sep}' ORDER BY u.row_id)"
            for before, column, after, none, hidden, sep in _CELL
        ]
        apart = unit_apart(dimension(field), f"t.{name(column)}", widths)
        con.execute(f"""
            INSERT INTO ingest.found
            WITH told AS (SELECT row_ids[1] AS first_id, key_text, unnest(row_ids) AS row_id FROM ingest.united_{table}
                          WHERE list_contains(conflicts, {quoted(field.name)}))
            SELECT min(u.row_id), min_by(p.source_id, u.row_id), NULL, NULL, '{table}', min(u.key_text), {quoted(field.name)},
                min_by({raw}, u.row_id), 'conflict', {loses_row}, {told[0]} || {apart[0]}, {told[1]} || {apart[1]}
            FROM told u JOIN ingest.typed_{table} t USING (row_id) JOIN raw_{table} r USING (row_id) JOIN raw_row p USING (row_id)
                JOIN source s ON s.source_id = p.source_id LEFT JOIN ingest.hidden_row h ON h.row_id = u.row_id
                LEFT JOIN source_column c ON c.source_id = p.source_id AND c.field = {quoted(field.name)}
            WHERE t.{name(column)} IS NOT NULL GROUP BY first_id""")
        note_disagreement(con, table, field, f"SELECT * FROM ingest.united_{table} WHERE list_contains(conflicts, {quoted(field.name)})")


def _report_settled(con: duckdb.DuckDBPyConnection, uses: Uses, settled: Mapping[str, Settling]) -> None:
    """What precedence settled stands among the disagreements all the same, with who goes before and by what."""
    for field, by in settled.items():
        rows = f"SELECT * FROM ingest.united_{uses.table.name} WHERE list_contains(settled, {quoted(field)})"
        note_disagreement(con, uses.table.name, by.field, rows, why=by.why)
        said = settled_by(by.why) or Text("", "")
        used = f"CAST(u.{name(by.field.columns[0])} AS VARCHAR)"
        con.execute(
            "INSERT INTO ingest.found (row_id, source_id, table_name, key, field, raw, code, quarantined, detail_zh, detail_en)"
            f" SELECT row_ids[1], source_id, '{uses.table.name}', u.key_text, {quoted(field)}, {used}, 'conflict_settled', false,"
            f" {quoted(said.zh)}, {quoted(said.en)}"
            f" FROM ({rows}) u JOIN raw_row r ON r.row_id = row_ids[1]"
        )


def _create_table(con: duckdb.DuckDBPyConnection, uses: Uses) -> None:
    columns = [c for f in uses.table.fields for c in _columns(f)]
    needed = " AND ".join(f"{name(f.columns[0])} IS NOT NULL" for f in uses.table.fields if f.need)
    con.execute(
        f"CREATE TABLE {uses.table.name} AS SELECT {names(columns)}, {NOT_READ}, row_ids FROM ingest.united_{uses.table.name}"
        f" WHERE {needed} ORDER BY row_ids[1]"
    )
