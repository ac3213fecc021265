"""One table's raw rows with their values: ``ingest.typed_<table>``, a problem code beside every value."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb

from planning_check.ingest.choice_words import with_choice_word
from planning_check.ingest.dates import TENTH, YEAR_LAST
from planning_check.ingest.land_use import land_use_fields
from planning_check.ingest.made_ids import with_made_key
from planning_check.ingest.named import fields_named
from planning_check.ingest.plain import plain_sql, trimmed_sql
from planning_check.ingest.units import SAYS_PERCENT, UNCLEAR, dimension
from planning_check.ingest.values import Cell, is_as_written_sql, typing_query
from planning_check.schema import AHEAD, ANY_DAY, MILESTONES, Field, Table
from planning_check.sql import name, names, quoted

#: Marks and problems that say a row is no record at all; its cells are not looked at.
NO_RECORD = ("total_row", "repeated_header", "too_many_cells", "below_other_header", "duplicate_row", "example_row")

_DELIVERED = "getvariable('delivered_on')::DATE"


@dataclass(frozen=True)
class Uses:
    """Which sources deliver which fields of one table: (source, field) -> (times, over, code); code None is usable."""

    table: Table
    columns: dict[tuple[int, str], tuple[int, int, str | None]]
    sources: tuple[int, ...]

    @property
    def fields(self) -> list[Field]:
        """The fields that some source delivers as a readable column, in the schema's order."""
        there = {field for (_, field), (_, _, code) in self.columns.items() if code is None}
        return [f for f in self.table.fields if f.name in there]

    def sources_of(self, field: str) -> list[int]:
        return [s for (s, f), (_, _, code) in self.columns.items() if f == field and code is None]

    def lack(self, source: int, field: str) -> str | None:
        """Why a source cannot deliver a field: the code of the problem with its column, None where it can."""
        return self.columns.get((source, field), (1, 1, "missing_column"))[2]

    def unusable(self, field: str) -> list[int]:
        """The sources that have such a column, which cannot be used."""
        return [s for s in self.sources if self.lack(s, field) not in (None, "missing_column")]


def read_uses(con: duckdb.DuckDBPyConnection, table: Table) -> Uses:
    rows = con.execute(
        "SELECT source_id, field, times, over, code FROM ingest.column_use WHERE table_name = ? ORDER BY ALL", [table.name]
    ).fetchall()
    sources = con.execute("SELECT source_id FROM source WHERE table_name = ? ORDER BY source_id", [table.name]).fetchall()
    return Uses(table, {(s, f): (t, o, c) for s, f, t, o, c in rows}, tuple(s for (s,) in sources))


def create_typed(con: duckdb.DuckDBPyConnection, uses: Uses, *, districts: bool) -> None:
    """Type every delivered field of a table. ``districts``: the district table is there to resolve codes and names."""
    table = uses.table
    raw = f"raw_{table.name}"
    query = typing_query(_as_written(con, cells_of(con, uses), raw), f"SELECT * FROM {raw}")
    if any(f.type == "geometry" for f in uses.fields):
        shapes = f'SELECT row_id, geometry, geometry_crs, CAST(NULL AS VARCHAR) AS "geometry.code" FROM raw_{table.name}'
        query = f"SELECT * FROM ({query}) JOIN ({shapes}) USING (row_id)"
    marked = con.execute("SELECT DISTINCT field FROM ingest.cell_mark WHERE table_name = ?", [uses.table.name]).fetchall()
    respelled = con.execute("SELECT DISTINCT field FROM ingest.spelling").fetchall()
    named = fields_named(con)
    for field in uses.fields:
        if (field.name,) in marked:
            query = _without_marked(query, uses.table.name, field)
    query = _with_any_day(query, uses, [field for field in uses.fields if field.type == "date"])
    for field in uses.fields:
        if (field.name,) in respelled:
            query = _with_spelling(query, field)
        if field.name in named:
            query = _with_name(query, field)
        if field.name == "district_code" and districts and uses.table.name != "districts":
            query = _with_district(query)
        if field.type == "choice":
            query = with_choice_word(con, query, table.name, field)
        if field in land_use_fields(table):
            query = _with_land_use(query, table.name, field)
    query = with_made_key(con, query, table, {f.name for f in uses.fields})
    con.execute(f"CREATE TABLE ingest.typed_{uses.table.name} AS SELECT *, {_key_text(uses)} AS key_text FROM ({query})")


def _as_written(con: duckdb.DuckDBPyConnection, cells: list[Cell], raw: str) -> list[Cell]:
    """The cells, of which those are told to be read off at once whose whole column is as nearly all columns are written."""
    known = [(cell, written) for cell in cells if (written := is_as_written_sql(cell))]
    if not known:
        return cells
    tests = ", ".join(f"bool_and({name(cell.field.name)} IS NULL OR coalesce({written}, false))" for cell, written in known)
    found = con.execute(f"SELECT {tests} FROM {raw}").fetchall()[0]
    direct = {cell.field.name for (cell, _), whole in zip(known, found, strict=True) if whole is not False}
    return [replace(cell, direct=cell.field.name in direct) for cell in cells]


def cells_of(con: duckdb.DuckDBPyConnection, uses: Uses) -> list[Cell]:
    """How the cells of every delivered field are typed: in the unit and the order of days of the sheet that a row is in."""
    bare = _bare_columns(con, uses)
    order = _date_orders(con, uses)
    return [
        Cell(f, _by_source(uses, f.name, 0), _by_source(uses, f.name, 1), bare.get(f.name, "false"), *order)
        for f in uses.fields
        if f.type != "geometry"
    ]


def _bare_columns(con: duckdb.DuckDBPyConnection, uses: Uses) -> dict[str, str]:
    """Of the fields that may be given in percent: SQL, whether the row's source leaves open which. A column of percentages says so in its
    header, or by a number over 1, which no share of a whole is."""
    bare = {}
    for field in (f for f in uses.fields if dimension(f) in UNCLEAR):
        told = f"TRY_CAST({plain_sql(name(field.name))} AS DOUBLE) > 1" if dimension(field) in ("percent", "duty") else "false"
        found = con.execute(
            "SELECT source_id FROM source_column JOIN source USING (source_id) WHERE table_name = ? AND field = ? AND unit IS NULL "
            "AND NOT regexp_matches(header, ?) "
            f"AND source_id NOT IN (SELECT source_id FROM raw_{uses.table.name} WHERE {told}) ORDER BY ALL",
            [uses.table.name, field.name, SAYS_PERCENT],
        ).fetchall()
        if found:
            bare[field.name] = f"source_id IN ({', '.join(str(source) for (source,) in found)})"
    return bare


def _date_orders(con: duckdb.DuckDBPyConnection, uses: Uses) -> tuple[str, str]:
    """SQL of a row's source: whether its days stand before its months (31/05/2009; NULL where nothing shows it, or both do), and whether
    2009.1 may have been October, because it went through a number (in a workbook its cell says so; 2009.10 shows that it did not)."""
    days = [f"{name(f.name)}" for f in uses.fields if f.type == "date"]
    if not days:
        return "NULL", "false"
    late, line = "(?:1[3-9]|2[0-9]|3[01])", "(?:^|\n)[ \t]*"
    wanted = (rf"{late}[/.-]\d{{1,2}}[/.-]\d{{4}}", rf"\d{{1,2}}[/.-]{late}[/.-]\d{{4}}", r"\d{4}\.10\s*(?:$|\n)")
    seen = ", ".join(f"bool_or(regexp_matches(cells, {quoted(line + pattern)}))" for pattern in wanted)
    any_of_them = f"{line}(?:{YEAR_LAST}|{TENTH}0?(?:[^0-9.]|$))"
    found = con.execute(
        f"SELECT source_id, any_value(s.encoding IS NULL AND s.header_row IS NOT NULL), {seen}"
        f" FROM (SELECT source_id, concat_ws(chr(10), {', '.join(days)}) AS cells FROM raw_{uses.table.name})"
        " JOIN source s USING (source_id)"
        f" WHERE regexp_matches(cells, {quoted(any_of_them)}) GROUP BY source_id ORDER BY source_id"
    ).fetchall()
    told = dict(con.execute("SELECT source_id, day_first FROM ingest.date_order").fetchall())  # by a mapping
    orders = {source: day for source, _, day, month, _ in found if day != month} | told
    first = [f"WHEN {source} THEN {'true' if day else 'false'}" for source, day in sorted(orders.items())]
    tenths = [str(source) for source, workbook, _, _, ten in found if not (workbook or ten)]
    return f"CASE source_id {' '.join(first)} END" if first else "NULL", f"source_id IN ({', '.join(tenths)})" if tenths else "false"


def _by_source(uses: Uses, field: str, part: int) -> str:
    """SQL for the factor of the row's source: 1 where every source is in the schema's unit, NULL for one whose unit nobody knows."""
    factors = {s: use[part] if use[2] is None else "NULL" for (s, f), use in uses.columns.items() if f == field}
    other = {s: value for s, value in factors.items() if value != 1}
    if not other:
        return "1"
    return f"CASE source_id {' '.join(f'WHEN {s} THEN {value}' for s, value in other.items())} ELSE 1 END"


def _without_marked(query: str, table: str, field: Field) -> str:
    """A marked cell has no value, whatever its text says; the mark is its problem."""
    values = [f"CASE WHEN m.code IS NULL THEN t.{name(c)} END AS {name(c)}" for c in field.columns]
    code = name(f"{field.name}.code")
    marks = (
        f"SELECT row_id, min(code) AS code FROM ingest.cell_mark "
        f"WHERE table_name = {quoted(table)} AND field = {quoted(field.name)} GROUP BY row_id"
    )
    replaced = f"{', '.join(values)}, coalesce(m.code, t.{code}) AS {code}"
    return f"SELECT t.* REPLACE ({replaced}) FROM ({query}) t LEFT JOIN ({marks}) m ON m.row_id = t.row_id"


def _with_any_day(query: str, uses: Uses, days: list[Field]) -> str:
    """What cannot have happened by the day of the delivery is a problem. A day that is written and not known may be any day, so
    that nobody takes it for one that is not written: what did not happen. (A row without a day that it needs is set aside.) A
    milestone of a project that lies ahead is told to look at all the same, and stands as planned where nothing after it has happened.
    All problems are told before any day is made unknown: what has passed is asked of the days as they are written."""
    problems, ends = [], []
    for field in days:
        low, high, code = (name(c) for c in (*field.columns, f"{field.name}.code"))
        passed = _has_passed(uses, field)
        may_be = _may_lie_ahead(uses, field)
        ahead = may_be if passed is None else f"({may_be} AND NOT {passed})"
        kind = "'day_to_come'" if passed is None else f"CASE WHEN {passed} THEN 'day_to_come' ELSE 'day_ahead' END"
        to_come = f"{code} IS NULL AND {low} > {_DELIVERED} AND NOT coalesce({ahead}, false)"
        problems.append(f"CASE WHEN {to_come} THEN {kind} ELSE {code} END AS {code}")
        if not field.need:
            unknown = " OR ".join([f"{code} <> 'day_ahead'", *(f"source_id = {source}" for source in uses.unusable(field.name))])
            ends += [f"CASE WHEN {unknown} THEN {day} ELSE {c} END AS {c}" for c, day in zip((low, high), ANY_DAY, strict=True)]
    for replaced in (problems, ends):
        query = f"SELECT * REPLACE ({', '.join(replaced)}) FROM ({query})" if replaced else query
    return query


def _may_lie_ahead(uses: Uses, field: Field) -> str:
    """SQL: whether a day may lie ahead. What turns on a column that nobody delivers is not known to."""
    when = AHEAD.get(field.name, "false")
    there = {f.name for f in uses.fields}
    return "false" if "event" in when and "event" not in there else when


def _has_passed(uses: Uses, field: Field) -> str | None:
    """SQL: whether a row of the same project, in whatever file, tells a later milestone that has happened;
    None where the day is no milestone."""
    if uses.table.name != "projects" or field.name not in MILESTONES:
        return None
    later = [name(f.columns[1]) for f in uses.fields if MILESTONES.get(f.name, 0) > MILESTONES[field.name]]
    of_project = name("project_id") if "project_id" in [f.name for f in uses.fields] else "row_id"
    return f"coalesce(min(least({', '.join(later)})) OVER (PARTITION BY {of_project}) <= {_DELIVERED}, false)" if later else "false"


def _with_spelling(query: str, field: Field) -> str:
    """An id in other letters is the register's; one that is only nearly a registered id is unknown, and its row says so."""
    value, code = name(field.name), name(f"{field.name}.code")
    joined = f"LEFT JOIN ingest.spelling w ON w.field = {quoted(field.name)} AND w.told = t.{value}"
    replaced = f"CASE WHEN w.told IS NULL THEN t.{value} ELSE w.id END AS {value}, coalesce(t.{code}, w.code) AS {code}"
    return f"SELECT t.* REPLACE ({replaced}) FROM ({query}) t {joined}"


def _with_name(query: str, field: Field) -> str:
    """What is told by name is who is meant, or unknown."""
    value, code = name(field.name), name(f"{field.name}.code")
    joined = f"LEFT JOIN ingest.named w ON w.row_id = t.row_id AND w.field = {quoted(field.name)}"
    replaced = f"CASE WHEN w.row_id IS NULL THEN t.{value} ELSE w.id END AS {value}"
    problem = f"CASE WHEN w.row_id IS NULL THEN t.{code} ELSE w.code END AS {code}"
    return f"SELECT t.* REPLACE ({replaced}, {problem}) FROM ({query}) t {joined}"


def _with_district(query: str) -> str:
    """A district may be given by code or by name; what the district table does not know is a problem."""
    code = "CASE WHEN t.district_code IS NOT NULL AND w.district_code IS NULL THEN 'unknown_district' ELSE t.\"district_code.code\" END"
    joined = f"LEFT JOIN ingest.district_word w ON w.word = {plain_sql('t.district_code')}"
    return f'SELECT t.* REPLACE (w.district_code AS district_code, {code} AS "district_code.code") FROM ({query}) t {joined}'


def _with_land_use(query: str, table: str, field: Field) -> str:
    """What the schema's own words do not explain may be a class of land use, or several."""
    value, code = name(field.name), name(f"{field.name}.code")
    joined = f"LEFT JOIN raw_{table} r ON r.row_id = t.row_id AND t.{code} = 'unknown_choice' LEFT JOIN ingest.land_use w ON w.told = "
    replaced = f"coalesce(w.uses, t.{value}) AS {value}, CASE WHEN w.told IS NULL THEN t.{code} END AS {code}"
    return f"SELECT t.* REPLACE ({replaced}) FROM ({query}) t {joined}{trimmed_sql(f'r.{value}')}"


def key_columns(table: Table) -> list[str]:
    """The columns that identify a row (a date is two)."""
    return [c for k in table.key for c in table.field(k).columns]


def _key_text(uses: Uses) -> str:
    """SQL for the key as people read it."""
    there = {f.name for f in uses.fields}
    parts = [uses.table.field(k).columns[0] for k in uses.table.key if k in there]
    return f"nullif(concat_ws(' / ', {names(parts)}), '')" if parts else "CAST(NULL AS VARCHAR)"
