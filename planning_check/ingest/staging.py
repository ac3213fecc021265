"""Rows as delivered, into DuckDB: ``raw_<table>`` with the text of every cell, and where each row and column came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import Any

import duckdb
import pyarrow as pa

from planning_check.errors import Text
from planning_check.ingest.bounds import Bounds
from planning_check.ingest.cells import EXACT_DIGITS
from planning_check.ingest.disagreeing import SQL as DISAGREEING
from planning_check.ingest.headers import BY_NAME_ONLY, Column, Header, is_of_building
from planning_check.ingest.layer import GEOMETRY, Layer
from planning_check.ingest.mapped_words import SQL as MAPPED_WORDS
from planning_check.ingest.mapping import DeliveryMapping
from planning_check.ingest.merged import merged_amounts, merged_columns, noting_blanks, told_once
from planning_check.ingest.notes import Layout
from planning_check.ingest.plain import is_blank, not_blank_sql, without_controls_sql
from planning_check.ingest.problems import note
from planning_check.ingest.records import Kept, kept
from planning_check.ingest.seen import SQL as SEEN
from planning_check.ingest.sheets import Mark, Sheet
from planning_check.ingest.units import in_millionths
from planning_check.schema import BY_NAME, TABLES, Field, Table
from planning_check.sql import name, quoted

MOST_NOTES = 200  # rows of a sheet that could be nothing but notes
CHUNK, INSERTED_AT_ONCE = 20_000, 240_000  # rows
DEGREES = "EPSG:4490"  # longitude and latitude in a sheet are CGCS2000 degrees

_TABLES = """
CREATE SCHEMA ingest;
CREATE TABLE source (source_id INTEGER, file VARCHAR, sheet VARCHAR, table_name VARCHAR, sha256 VARCHAR, header_row INTEGER,
    rows_read BIGINT, rows_used BIGINT, rows_quarantined BIGINT, crs VARCHAR, encoding VARCHAR);
CREATE TABLE source_column (source_id INTEGER, field VARCHAR, letter VARCHAR, header VARCHAR, unit VARCHAR, factor DECIMAL(18, 6));
CREATE TABLE raw_row (row_id BIGINT, source_id INTEGER, "row" BIGINT);
CREATE TABLE quarantine (row_id BIGINT, table_name VARCHAR, key VARCHAR, project_id VARCHAR, community_code VARCHAR, code VARCHAR);
CREATE TABLE ingest.column_use (source_id INTEGER, table_name VARCHAR, field VARCHAR, times BIGINT, over BIGINT, code VARCHAR);
CREATE TABLE ingest.cell_mark (row_id BIGINT, table_name VARCHAR, field VARCHAR, code VARCHAR);
CREATE TABLE ingest.coordinate (row_id BIGINT, table_name VARCHAR, longitude VARCHAR, latitude VARCHAR);
CREATE TABLE ingest.found (row_id BIGINT, source_id INTEGER, file VARCHAR, sheet VARCHAR, table_name VARCHAR, key VARCHAR, field VARCHAR,
    raw VARCHAR, code VARCHAR, quarantined BOOLEAN, detail_zh VARCHAR, detail_en VARCHAR);
CREATE TABLE ingest.loose_cell (row_id BIGINT, field VARCHAR, cell VARCHAR);
CREATE TABLE ingest.hidden_row (row_id BIGINT);
CREATE TABLE ingest.beside
    (row_id BIGINT, district_code VARCHAR, address VARCHAR, project_id VARCHAR, community_code VARCHAR); -- of ids the names
CREATE TABLE ingest.by_name (source_id INTEGER, field VARCHAR);
CREATE TABLE ingest.per_building (source_id INTEGER, header VARCHAR);
CREATE TABLE ingest.date_order (source_id INTEGER, day_first BOOLEAN);
CREATE TABLE ingest.read_as (row_id BIGINT, table_name VARCHAR, field VARCHAR, told VARCHAR, code VARCHAR, zh VARCHAR, en VARCHAR);
CREATE TABLE ingest.named (row_id BIGINT, field VARCHAR, id VARCHAR, code VARCHAR);
CREATE TABLE ingest.hint (row_id BIGINT, field VARCHAR, zh VARCHAR, en VARCHAR);
CREATE TABLE unread (file VARCHAR, sheet VARCHAR, table_name VARCHAR);
CREATE TABLE ingest.set_aside (row_id BIGINT, table_name VARCHAR, code VARCHAR);
"""


class Staging:
    """Fills the raw tables, source by source; numbers the sources and rows."""

    def __init__(self, con: duckdb.DuckDBPyConnection, mapping: DeliveryMapping | None = None):
        self.con = con
        self.mapping = mapping
        self.rows = 0
        self.sources = 0
        self.has_kept = False  # of some file, for the next check
        self.uses: list[tuple] = []  # rows of ingest.column_use
        self.columns: list[tuple] = []  # rows of source_column
        con.execute(_TABLES + SEEN + DISAGREEING + MAPPED_WORDS)
        for table in TABLES:
            columns = [c for f in table.fields for c in _raw_columns(f)]
            con.execute(f"CREATE TABLE raw_{table.name} (row_id BIGINT, source_id INTEGER, {', '.join(columns)})")

    def add_sheet(self, file: str, sha256: str, sheet: Sheet, header: Header, head: list[list[str]]) -> None:
        """Stage one sheet; ``head`` are the rows already taken from it, the header among them."""
        source = self._open(file, sheet.name, sha256, header, header_row=sheet.first_row + header.row, encoding=sheet.encoding)
        layout = Layout.of(header, head[: header.row + 1], sheet.blocks)
        rows = noting_blanks(_numbered(head[header.row + 1 :], sheet.rows, sheet.first_row + header.row + 1), sheet)
        measured = {
            c.index: BY_NAME[header.table].field(c.field).type in ("area", "money", "number", "integer") for c in header.columns.values()
        }
        first, bounds = self.rows, Bounds(header)
        waiting: list[pa.Table] = []
        while chunk := list(islice(rows, CHUNK)):
            found = kept(chunk, len(head[header.row]), sheet, measured, layout)
            bounds.look(found)
            waiting.append(self._cells(header, found))
            if len(waiting) * CHUNK >= INSERTED_AT_ONCE:
                self._insert(source, header, waiting)
        self._insert(source, header, waiting)
        self._add_marks(source, header, [*sheet.marks, *merged_amounts(header, sheet), *merged_columns(header, sheet)])
        self._add_hidden(source, header, sheet)
        if told_once(header, sheet):
            self.con.execute("DELETE FROM ingest.per_building WHERE source_id = ?", [source])
        for detail in bounds.told():
            note(self.con, "bounds_swapped", source_id=source, table=header.table, detail=detail)
        self._close(source, first)

    def add_layer(self, file: str, sha256: str, layer: Layer, header: Header) -> None:
        """Stage one layer: every feature is a row; a feature without geometry has NULL there."""
        source = self._open(file, layer.name, sha256, header, header_row=None, encoding=layer.encoding, crs=layer.crs)
        table = BY_NAME[header.table]
        first = self.rows
        numbers = pa.array(range(1, layer.table.num_rows + 1), pa.int64())
        self.con.register("layer", layer.table.append_column("feature number", numbers))
        given = {c.field: name(c.header) for c in header.columns.values()}
        texts = "".join(f", {_attribute_sql(column)} AS {name(field)}" for field, column in given.items())
        crs = quoted(layer.crs) if layer.crs else "CAST(NULL AS VARCHAR)"
        geometry = f", geometry, CASE WHEN geometry IS NOT NULL THEN {crs} END AS geometry_crs" if table.geometry else ""
        self.con.execute(f'INSERT INTO raw_row SELECT {first} + "feature number", {source}, "feature number" FROM layer')
        self.con.execute(
            f'INSERT INTO raw_{table.name} BY NAME SELECT {first} + "feature number" AS row_id, {source} AS source_id{texts}{geometry} '
            "FROM layer"
        )
        if header.beside:
            names = ", ".join(f"{_attribute_sql(name(c.header))} AS {c.field.removeprefix('beside ')}" for c in header.beside)
            self.con.execute(f'INSERT INTO ingest.beside BY NAME SELECT {first} + "feature number" AS row_id, {names} FROM layer')
        self._mark_long_numbers(layer, header, first)
        for code, odd in (("nul_in_cell", layer.cut), ("bytes_in_cell", layer.illegible)):
            marks = [(first + 1 + row, c.field, code) for c in header.columns.values() for row in odd.get(c.header, ())]
            self._insert_marks(table.name, marks)
        self.con.unregister("layer")
        self.rows += layer.table.num_rows
        if table.geometry and layer.table.column(GEOMETRY).null_count < max(layer.table.num_rows, 1):
            self._use(source, table, Column(0, GEOMETRY, GEOMETRY, "geometry", layer.crs or ""))
        self._close(source, first)

    def _open(
        self, file: str, sheet: str, sha256: str, header: Header, *, header_row: int | None, encoding: str | None, crs: str | None = ""
    ) -> int:
        self.sources += 1
        table = BY_NAME[header.table]
        values = [self.sources, file, sheet, table.name, sha256, header_row, crs or None, encoding]
        self.con.execute("INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?)", values)
        for column in header.columns.values():
            self._use(self.sources, table, column)
            if column.looseness == BY_NAME_ONLY:
                self.con.execute("INSERT INTO ingest.by_name VALUES (?, ?)", [self.sources, column.field])
        for unused in filter(is_of_building, header.unused):
            self.con.execute("INSERT INTO ingest.per_building VALUES (?, ?)", [self.sources, unused.header])
        for field in header.clashes.keys() - header.columns.keys():
            self.uses.append((self.sources, table.name, field, 1, 1, "duplicate_column"))
        if header.longitude and header.latitude:
            pair = [f"{a}, {b}" for a, b in zip(*((c.letter, c.header) for c in (header.longitude, header.latitude)), strict=True)]
            self._use(self.sources, table, Column(0, pair[0], pair[1], "geometry", "degree"))
        return self.sources

    def _use(self, source: int, table: Table, column: Column) -> None:
        times = column.factor
        exact = (times.numerator, times.denominator, None) if times is not None else (1, 1, "unknown_unit")
        self.uses.append((source, table.name, column.field, *exact))
        self.columns.append((source, column.field, column.letter, column.header, column.told_unit or None, times and in_millionths(times)))

    def restate(self, header: Header) -> None:
        """The columns of the sheet just staged again, for a note under its rows said their units."""
        own = {(self.sources, field) for field in header.columns}
        self.uses = [row for row in self.uses if (row[0], row[2]) not in own]
        self.columns = [row for row in self.columns if (row[0], row[1]) not in own]
        for column in header.columns.values():
            self._use(self.sources, BY_NAME[header.table], column)

    def unread(self, file: str, sheet: str, tables: Sequence[str | None]) -> None:
        """What was delivered and could not be read as a table: the tables it may be (None: any)."""
        for table in tables:
            self.con.execute("INSERT INTO unread VALUES (?, ?, ?)", [file, sheet, table])

    def records_since(self, before: int) -> int:
        """How many rows of the source just staged are no notes, totals or headers; ``before``: the rows there were. (Of many, some are.)"""
        if self.rows - before > MOST_NOTES:
            return self.rows - before
        notes = "SELECT count(*) FROM ingest.cell_mark WHERE row_id > ? AND field IS NULL AND code IN ('total_row', 'repeated_header')"
        return self.rows - before - self.con.execute(notes, [before]).fetchall()[0][0]

    def finish(self) -> None:
        """Write down the columns of all sources, once every file is in."""
        for table, rows in (("ingest.column_use", self.uses), ("source_column", self.columns)):
            if rows:
                self.con.register("rows", pa.table([pa.array(c) for c in zip(*rows, strict=True)], [str(n) for n in range(len(rows[0]))]))
                self.con.execute(f"INSERT INTO {table} SELECT * FROM rows")
                self.con.unregister("rows")

    def _close(self, source: int, first: int) -> None:
        self.con.execute("UPDATE source SET rows_read = ? WHERE source_id = ?", [self.rows - first, source])

    def _cells(self, header: Header, found: Kept) -> pa.Table:
        """The recognised columns of some rows, with ids and row numbers; the rows themselves can then be forgotten."""
        rows = found.rows
        columns = list(zip_longest(*rows, fillvalue=""))
        ids = range(self.rows + 1, self.rows + len(rows) + 1)
        data = {"row_id": pa.array(ids, pa.int64()), "row": pa.array(found.numbers, pa.int64())}
        wanted = {c.field: c for c in (*header.columns.values(), *filter(None, (header.longitude, header.latitude)), *header.beside)}
        for field, column in wanted.items():
            cells = columns[column.index] if column.index < len(columns) else [""] * len(rows)
            data[f"cell {field}"] = pa.array(cells, pa.string())
        self._insert_marks(header.table, [(ids[i], None, code) for i, code in found.marks])
        self._insert_loose(header, found, columns)
        self.rows += len(rows)
        return pa.table(data)

    def _insert_loose(self, header: Header, found: Kept, columns: list[tuple[str, ...]]) -> None:
        """Keep every cell of the rows whose project cannot be read in its own column; ``field`` where the cell stands in its place."""
        in_place = {c.index: c.field for c in header.columns.values()}
        loose = [(place, i, cell, row.sound) for place, row in found.shifted.items() for i, cell in enumerate(row.cells)]
        project = header.columns.get("project_id")
        if project and project.index < len(columns):
            blank = [n for n, cell in enumerate(columns[project.index]) if is_blank(cell) and n not in found.shifted]
            loose += [(n, i, cell, len(found.rows[n])) for n in blank for i, cell in enumerate(found.rows[n])]
        told = [
            (self.rows + 1 + place, in_place.get(i) if i < sound else None, cell) for place, i, cell, sound in loose if not is_blank(cell)
        ]
        if told:
            ids, fields, cells = zip(*told, strict=True)
            table = pa.table(
                {"id": pa.array(ids, pa.int64()), "field": pa.array(fields, pa.string()), "cell": pa.array(cells, pa.string())}
            )
            self.con.register("loose", table)
            self.con.execute("INSERT INTO ingest.loose_cell SELECT * FROM loose")
            self.con.unregister("loose")

    def _insert(self, source: int, header: Header, waiting: list[pa.Table]) -> None:
        """Put the waiting cells into the raw table. (DuckDB takes a few large inserts three times as fast as many small ones.)"""
        if not waiting:
            return
        self.con.register("cells", pa.concat_tables(waiting))
        self.con.execute(f'INSERT INTO raw_row SELECT row_id, {source}, "row" FROM cells')
        texts = "".join(f", {_blank_is_null(field)} AS {name(field)}" for field in header.columns)
        self.con.execute(f"INSERT INTO raw_{header.table} BY NAME SELECT row_id, {source} AS source_id{texts} FROM cells")
        if header.longitude and header.latitude:
            pair = f"{_blank_is_null('longitude')}, {_blank_is_null('latitude')}"
            self.con.execute(f"INSERT INTO ingest.coordinate SELECT row_id, '{header.table}', {pair} FROM cells")
        if header.beside:
            texts = ", ".join(f"{_blank_is_null(c.field)} AS {c.field.removeprefix('beside ')}" for c in header.beside)
            self.con.execute(f"INSERT INTO ingest.beside BY NAME SELECT row_id, {texts} FROM cells")
        self.con.unregister("cells")
        waiting.clear()

    def _add_marks(self, source: int, header: Header, marks: list[Mark]) -> None:
        """Keep the marks of recognised columns that matter for the field's type."""
        by_index = {c.index: BY_NAME[header.table].field(c.field) for c in header.columns.values()}
        only = {"code_lost_digits": ("code", "text"), "ambiguous_month": ("date",)}
        kept = [m for m in marks if m.column in by_index and by_index[m.column].type in only.get(m.code, (by_index[m.column].type,))]
        if not kept:
            return
        data = {
            "row": [m.row for m in kept],
            "field": [by_index[m.column].name for m in kept if m.column is not None],
            "code": [m.code for m in kept],
        }
        self.con.register("marks", pa.table(data))
        self.con.execute(
            f"INSERT INTO ingest.cell_mark SELECT r.row_id, '{header.table}', m.field, m.code FROM marks m"
            f' JOIN raw_row r ON r."row" = m."row" AND r.source_id = {source}'
        )
        self.con.unregister("marks")

    def _add_hidden(self, source: int, header: Header, sheet: Sheet) -> None:
        """Rows that nobody sees who opens the file are read like the others, and said to be hidden."""
        where: dict[str, Any] = {"source_id": source, "table": header.table}
        if sheet.hidden:
            self.con.execute("INSERT INTO ingest.hidden_row SELECT row_id FROM raw_row WHERE source_id = ?", [source])
            note(self.con, "hidden_sheet", **where)
            return
        if not sheet.hidden_rows:
            return
        numbers = sorted(sheet.hidden_rows)
        self.con.execute(
            'INSERT INTO ingest.hidden_row SELECT row_id FROM raw_row WHERE source_id = ? AND "row" IN (SELECT unnest(?))',
            [source, numbers],
        )
        there = 'SELECT "row" FROM raw_row JOIN ingest.hidden_row USING (row_id) WHERE source_id = ? ORDER BY "row"'
        rows = [str(n) for (n,) in self.con.execute(there, [source]).fetchall()]
        if rows:
            shown = rows[:5] + (["…"] if len(rows) > 5 else [])
            detail = Text(
                f"{len(rows)} 行（第 {'、'.join(shown)} 行）",
                f"{len(rows)} rows (rows {', '.join(shown)})" if len(rows) > 1 else f"1 row (row {rows[0]})",
            )
            note(self.con, "hidden_rows", detail=detail, **where)

    def _insert_marks(self, table: str, marks: Sequence[tuple[int, str | None, str]]) -> None:
        if marks:
            ids, fields, codes = zip(*marks, strict=True)
            data = {"row_id": pa.array(ids, pa.int64()), "field": pa.array(fields, pa.string()), "code": pa.array(codes, pa.string())}
            self.con.register("marks", pa.table(data))
            self.con.execute(f"INSERT INTO ingest.cell_mark SELECT row_id, '{table}', field, code FROM marks")
            self.con.unregister("marks")

    def _mark_long_numbers(self, layer: Layer, header: Header, first: int) -> None:
        """A code held as a floating-point number has lost its last digits."""
        for column in header.columns.values():
            is_float = pa.types.is_floating(layer.table.schema.field(column.header).type)
            if is_float and BY_NAME[header.table].field(column.field).type == "code":
                self.con.execute(
                    f"INSERT INTO ingest.cell_mark SELECT {first} + \"feature number\", '{header.table}', '{column.field}', "
                    f"'code_lost_digits' FROM layer WHERE abs({name(column.header)}) >= {EXACT_DIGITS}"
                )


def _raw_columns(field: Field) -> tuple[str, ...]:
    return ("geometry BLOB", "geometry_crs VARCHAR") if field.type == "geometry" else (f"{name(field.name)} VARCHAR",)


def _blank_is_null(field: str) -> str:
    cell = name(f"cell {field}")
    return f"CASE WHEN {not_blank_sql(cell)} THEN {cell} END"


def _attribute_sql(column: str) -> str:
    """An attribute of a layer as text: whole numbers without ``.0``, midnight as a day."""
    text = without_controls_sql(rf"regexp_replace(CAST({column} AS VARCHAR), '(\d)\.0$|( 00:00:00(\+00)?)$', '\1')")
    return f"CASE WHEN {not_blank_sql(text)} THEN {text} END"


def _numbered(head: Sequence[list[str]], rest: Iterator[list[str]], first: int) -> Iterator[tuple[int, list[str]]]:
    number = first
    for row in head:
        yield number, row
        number += 1
    for row in rest:
        yield number, row
        number += 1
