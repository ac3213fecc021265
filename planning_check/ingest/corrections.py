"""The register of corrections (更正登记): cells that the city reads otherwise than they were delivered, by whom, when and why.

A correction is applied before anything is typed, so that the sheet is read as if its bureau had corrected it, and only while the cell still
says the old value. Every other one is told: stale, expired, of no cell. Keys are never corrected, and nothing is ever erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb

from planning_check.errors import Text
from planning_check.ingest.blanks import BLANKS
from planning_check.ingest.dates import YEAR_LAST
from planning_check.ingest.delivery import delivered_tables
from planning_check.ingest.mapped_words import say_meant
from planning_check.ingest.plain import code_sql, is_blank, plain, plain_sql, trimmed_sql
from planning_check.ingest.typed import cells_of, read_uses
from planning_check.ingest.units import UNCLEAR, dimension
from planning_check.ingest.values import Cell, typing_query
from planning_check.record.correction import CorrectionRow
from planning_check.schema import BY_NAME, Table
from planning_check.sql import create_with, name, quoted

#: What became of a correction -> the kind of problem that tells it; of one that is not whole its row says so.
STATES = {
    "applied": "correction_applied", "stale": "correction_stale", "at_source": "correction_at_source", "unapplied": "correction_unapplied",
    "unreadable": "correction_unreadable", "conflicting": "correction_conflict", "expired": "correction_expired",
    "early": "correction_early", "incomplete": "correction_incomplete",
}  # fmt: skip
_COLUMNS = {
    "number": "BIGINT", "state": "VARCHAR", "file": "VARCHAR", "sheet": "VARCHAR", "record_key": "VARCHAR", "field_told": "VARCHAR",
    "old_value": "VARCHAR", "new_value": "VARCHAR", "reason": "VARCHAR", "corrected_by": "VARCHAR", "corrected_on": "VARCHAR",
    "valid_to": "VARCHAR", "register_row": "BIGINT", "source_id": "BIGINT", "row_id": "BIGINT", "table_name": "VARCHAR", "field": "VARCHAR",
    "raw": "VARCHAR",
}  # fmt: skip
_TOLD = ("file", "record_key", "field_name", "old_value", "new_value", "reason", "corrected_by", "corrected_on")
#: How a number or a day would be read turns on the rest of its column: a correction may not turn the others.
_TURNS_OTHERS = rf"({YEAR_LAST}|\d{{4}}\.\d{{1,2}})"


@dataclass
class _Correction:
    """One row of the register; ``cells``: where it may belong (source, table, field), then its cell."""

    told: dict[str, str]
    row_id: int
    first_day: dt.date | None
    last_day: dt.date | None
    state: str = ""
    why: Text = field(default_factory=lambda: Text("", ""))
    columns: list[tuple[int, str, str]] = field(default_factory=list)
    cell: tuple[int, int, str, str, str | None] | None = None  # source, row, table, field, text as delivered

    def ends(self, state: str, zh: str = "", en: str = "") -> None:
        self.state, self.why = state, Text(zh, en)


def apply_corrections(
    con: duckdb.DuckDBPyConnection, day: dt.date | None, *, apply: bool = True, register: Sequence[CorrectionRow] | None = None
) -> None:  # fmt: skip
    """Make ``correction``, one row a row of the register, and change the raw text of the cells that are corrected.

    ``day``: of the check; what was corrected later is not applied. Without ``apply`` nothing is read of the register: the delivery
    as it came. ``register``: the one that was read at another check, in place of the delivery's own. Needs the raw tables and
    ``ingest.column_use``.
    """
    if register is not None:
        _stand_in(con, register)
    found = list(_read(con, own=register is None)) if apply else []
    _choose(con, found, day)
    create_with(con, "correction", _COLUMNS, [_row(number, one) for number, one in enumerate(found, 1)])
    for table, column in sorted({(one.cell[2], one.cell[3]) for one in found if one.cell and one.state == "applied"}):
        _write(con, table, column)
    for one in found:
        _tell(con, one)


def _stand_in(con: duckdb.DuckDBPyConnection, register: Sequence[CorrectionRow]) -> None:
    """Table ``ingest.register``: a register as another check recorded it, under the fields of the schema."""
    texts = [f.name for f in BY_NAME["corrections"].fields]
    rows: list[dict[str, Any]] = [
        {
            "row_id": place - len(register),
            "source_id": 0,
            **{name(t): getattr(row, "field_told" if t == "field_name" else t) or None for t in texts},
        }
        for place, row in enumerate(register)
    ]  # below zero: no row of this delivery
    create_with(con, "ingest.register", {"row_id": "BIGINT", "source_id": "BIGINT", **dict.fromkeys(map(name, texts), "VARCHAR")}, rows)


def _read(con: duckdb.DuckDBPyConnection, *, own: bool) -> Iterator[_Correction]:
    """The rows of the register that are records, in order; a row told twice only once. ``own``: of the delivery's, else of
    ``ingest.register``."""
    if own and BY_NAME["corrections"] not in delivered_tables(con):
        return
    raw, records = "raw_corrections", " WHERE r.row_id NOT IN (SELECT row_id FROM ingest.cell_mark WHERE field IS NULL)"
    if not own:
        raw, records = "ingest.register", ""
    days = [Cell(BY_NAME["corrections"].field(f)) for f in ("corrected_on", "valid_to")]
    texts = [f.name for f in BY_NAME["corrections"].fields]
    seen = set()
    for row_id, first, last, until, until_code, *cells in con.execute(
        f'SELECT r.row_id, corrected_on_lo, corrected_on_hi, valid_to_hi, "valid_to.code", {", ".join(f"r.{name(t)}" for t in texts)}'
        f" FROM {raw} r JOIN ({typing_query(days, f'SELECT * FROM {raw}')}) t USING (row_id){records} ORDER BY r.row_id"
    ).fetchall():
        told = {n: cell.strip() for n, cell in zip(texts, cells, strict=True) if cell is not None and not is_blank(cell)}
        if (same := tuple(sorted(told.items()))) in seen:
            continue
        seen.add(same)
        one = _Correction(told, row_id, last, until)
        missing = [n for n in _TOLD if n not in told] or (["corrected_on"] if first is None else []) or (["valid_to"] if until_code else [])
        if missing:
            labels = [BY_NAME["corrections"].field(n).label for n in missing]
            one.ends("incomplete", "、".join(x.zh for x in labels), ", ".join(x.en for x in labels))
        yield one


def _choose(con: duckdb.DuckDBPyConnection, found: Sequence[_Correction], day: dt.date | None) -> None:
    """Say of every correction what becomes of it."""
    columns = _columns(con) if found else []
    homes = _homes(con) if found else {}
    for one in (c for c in found if not c.state):
        if day and one.first_day and one.first_day > day:
            one.ends("early", day.isoformat(), day.isoformat())
        elif day and one.last_day and one.last_day < day:
            one.ends("expired", one.told["valid_to"], one.told["valid_to"])
        else:
            _find_columns(one, columns, homes.get(one.row_id, ""))
    _find_cells(con, [c for c in found if not c.state])
    _compare(con, [c for c in found if not c.state])
    for _, several in groupby(sorted((c for c in found if not c.state), key=_of_cell), key=_of_cell):
        alike = list(several)
        if len({plain(c.told["new_value"]) for c in alike}) > 1:
            for one in alike:
                one.ends("conflicting", *(2 * [" / ".join(dict.fromkeys(c.told["new_value"] for c in alike))]))
    for one in (c for c in found if not c.state):
        one.ends("applied")


def _of_cell(one: _Correction) -> tuple[int, str]:
    assert one.cell is not None
    return one.cell[1], one.cell[3]


def _columns(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Every delivered column: source, file, sheet, table, field, header."""
    return con.execute(
        "SELECT s.source_id, s.file, s.sheet, s.table_name, c.field, c.header FROM source s JOIN source_column c USING (source_id)"
        " WHERE s.table_name <> 'corrections' ORDER BY ALL"
    ).fetchall()


def _homes(con: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Row of a register -> the folder of the delivery that it lies in: of several deliveries given together, its own."""
    rows = con.execute(
        "SELECT row_id, file FROM raw_row JOIN source USING (source_id) WHERE table_name = 'corrections' AND contains(file, '/')"
    ).fetchall()
    return {row: file.split("/")[0] + "/" for row, file in rows}


def _find_columns(one: _Correction, columns: Sequence[tuple[Any, ...]], home: str) -> None:
    """The columns that a correction may be about, by file, sheet and what it calls the field. ``home``: the folder that its register lies
    in, which of several files of one name is meant."""
    file, sheet, wanted = (plain(one.told.get(n, "")) for n in ("file", "sheet", "field_name"))
    whole = [c for c in columns if plain(c[1]) == file]
    there = whole or [c for c in columns if plain(c[1]).endswith(f"/{file}")]
    if home and len({c[1] for c in there}) > 1:
        there = [c for c in there if c[1].startswith(home)] or there
    if len({c[1] for c in there}) != 1:
        zh, en = ("报送里没有这个文件（或没有读成表）", "no such file was delivered, or it was not read")
        one.ends(
            "unapplied",
            *((zh, en) if not there else ("这个文件名不止一个，请写上文件夹", "several files have that name: write the folder")),
        )
        return
    of_sheet = [c for c in there if not sheet or plain(c[2]) == sheet]
    if not of_sheet:
        one.ends("unapplied", "文件里没有这张工作表", "the file has no such sheet")
        return
    one.columns = [(c[0], c[3], c[4]) for c in of_sheet if wanted in _words(c[3], c[4], c[5])]
    if not one.columns:
        one.ends("unapplied", "表里没有这个字段", "the table has no such field")
    elif all(BY_NAME[table].field(f).need == "key" or BY_NAME[table].field(f).type == "geometry" for _, table, f in one.columns):
        one.columns = []
        one.ends("unapplied", "编号和图形不能这样更正", "ids and shapes cannot be corrected so")


def _words(table: str, column: str, header: str) -> set[str]:
    """What a column may be called."""
    spec = BY_NAME[table].field(column)
    return {plain(word) for word in (column, header, spec.label.zh, spec.label.en, *spec.aliases)}


def _find_cells(con: duckdb.DuckDBPyConnection, found: Sequence[_Correction]) -> None:
    """The one cell of each correction, by the id of its row."""
    wanted: list[dict[str, Any]] = [
        {"place": place, "source_id": source, "table_name": table, "field": column, "key": one.told["record_key"]}
        for place, one in enumerate(found)
        for source, table, column in one.columns
    ]
    types = {"place": "BIGINT", "source_id": "BIGINT", "table_name": "VARCHAR", "field": "VARCHAR", "key": "VARCHAR"}
    create_with(con, "ingest.wanted", types, wanted)
    cells: dict[int, list[tuple[int, int, str, str, str | None]]] = {}
    for table, column in sorted({(w["table_name"], w["field"]) for w in wanted}):
        for place, *cell in con.execute(
            f"SELECT w.place, r.source_id, r.row_id, r.{name(column)} FROM raw_{table} r JOIN ingest.wanted w ON w.source_id = r.source_id"
            f" AND w.table_name = '{table}' AND w.field = '{column}' AND upper({code_sql('w.key')}) = {_key_sql(BY_NAME[table])}"
            " WHERE r.row_id NOT IN (SELECT row_id FROM ingest.cell_mark WHERE field IS NULL) ORDER BY ALL"
        ).fetchall():
            cells.setdefault(place, []).append((cell[0], cell[1], table, column, cell[2]))
    con.execute("DROP TABLE ingest.wanted")
    for place, one in enumerate(found):
        there = cells.get(place, [])
        if not there:
            one.ends("unapplied", "表里没有编号是它的行", "no row of the table has that id")
        elif len(there) > 1:
            one.ends(
                "unapplied", f"这样的格子有 {len(there)} 个，分不清是哪一个", f"there are {len(there)} such cells, and which is not told"
            )
        else:
            one.cell = there[0]


def _key_sql(table: Table) -> str:
    """SQL for the key of a raw row ``r`` as people write it."""
    return f"upper(concat_ws(' / ', {', '.join(code_sql(f'r.{name(k)}') for k in table.key)}))"


def _compare(con: duckdb.DuckDBPyConnection, found: Sequence[_Correction]) -> None:
    """Whether the cells still say the old value, or the new one already, and whether the new one can be read there: all three as the
    column is read."""
    by_column: dict[tuple[str, str], list[_Correction]] = {}
    for one in found:
        assert one.cell is not None
        by_column.setdefault((one.cell[2], one.cell[3]), []).append(one)
    for (table, column), some in by_column.items():
        texts = [
            {"row_id": 3 * place + n, "source_id": one.cell[0] if one.cell else 0, column: text}
            for place, one in enumerate(some)
            for n, text in enumerate((one.cell[4] if one.cell else None, one.told["old_value"], one.told["new_value"]))
        ]
        create_with(con, "ingest.told_text", {"row_id": "BIGINT", "source_id": "BIGINT", name(column): "VARCHAR"}, [
            {name(c) if c == column else c: v for c, v in row.items()} for row in texts
        ])  # fmt: skip
        say_meant(con, "ingest.told_text", table, column)
        uses = read_uses(con, BY_NAME[table])
        cell = next((c for c in cells_of(con, uses) if c.field.name == column), Cell(BY_NAME[table].field(column), "NULL", "NULL"))
        values = {row[0]: row[2:] for row in con.execute(f"{typing_query([cell], 'FROM ingest.told_text')} ORDER BY row_id").fetchall()}
        turning = {row for (row,) in con.execute(_turning(cell)).fetchall()}
        for place, one in enumerate(some):
            assert one.cell is not None
            told = [one.cell[4] or "", one.told["old_value"], one.told["new_value"]]
            _judge(one, told, [values[3 * place + n] for n in range(3)], turns=3 * place + 2 in turning)
        con.execute("DROP TABLE ingest.told_text")


def _turning(cell: Cell) -> str:
    """The texts that would change how others of their column are read."""
    text, spec = name(cell.field.name), cell.field
    if spec.type == "date":
        turns = f"regexp_full_match({trimmed_sql(text)}, {quoted(_TURNS_OTHERS)})"
    elif dimension(spec) in UNCLEAR:
        turns = f"coalesce(TRY_CAST({plain_sql(text)} AS DOUBLE) > 1, false) AND ({cell.bare})"
    else:
        turns = "false"
    return f"SELECT row_id FROM ingest.told_text WHERE {turns}"


def _judge(one: _Correction, told: Sequence[str], values: Sequence[tuple[Any, ...]], *, turns: bool) -> None:
    """``told`` and ``values`` of the cell, the old and the new value; of a value its code stands last."""
    now, old, new = (None if value[-1] is not None or value[0] is None else value[:-1] for value in values)
    blank = [plain(text) in BLANKS for text in told]

    def same(a: int, b: int, x: tuple[Any, ...] | None, y: tuple[Any, ...] | None) -> bool:
        return plain(told[a]) == plain(told[b]) or (blank[a] and blank[b]) or (x is not None and x == y)

    if new is None or turns or blank[2]:
        one.ends("unreadable", *(2 * [one.told["new_value"]]))
    elif same(0, 2, now, new):
        one.ends("at_source")
    elif not same(0, 1, now, old):
        one.ends("stale", *(2 * [told[0]]))


def _row(number: int, one: _Correction) -> dict[str, Any]:
    source, row, table, column, raw = one.cell or (None, None, None, None, None)
    names = ("file", "sheet", "record_key", "old_value", "new_value", "reason", "corrected_by", "corrected_on", "valid_to")
    return {
        "number": number, "state": one.state, **{n: one.told.get(n, "") for n in names}, "field_told": one.told.get("field_name", ""),
        "register_row": one.row_id, "source_id": source, "row_id": row, "table_name": table, "field": column, "raw": raw,
    }  # fmt: skip


def _write(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    """Put the new texts in the place of the old; what was found of the old cell is no longer of it."""
    chosen = f"correction c WHERE c.state = 'applied' AND c.table_name = '{table}' AND c.field = '{column}'"
    con.execute(f"UPDATE raw_{table} SET {name(column)} = c.new_value FROM {chosen} AND c.row_id = raw_{table}.row_id")
    own = f"m.table_name = '{table}' AND m.field = '{column}'"
    con.execute(f"DELETE FROM ingest.cell_mark m WHERE {own} AND m.row_id IN (SELECT row_id FROM {chosen})")


def _tell(con: duckdb.DuckDBPyConnection, one: _Correction) -> None:
    """A problem for each: of one that was applied at its cell, of any other at its row in the register."""
    row_id, table, column, raw = one.row_id, "corrections", "new_value", one.told.get("new_value", "")
    zh, en = one.why.zh, one.why.en
    if one.state == "applied" and one.cell:
        row_id, table, column, raw = one.cell[1], one.cell[2], one.cell[3], one.cell[4] or ""
        zh = f"“{one.told['new_value']}”，{one.told['corrected_by']} {one.told['corrected_on']}：{one.told['reason']}"
        en = f"'{one.told['new_value']}', {one.told['corrected_by']} {one.told['corrected_on']}: {one.told['reason']}"
    key = " > ".join(one.told.get(n, "") for n in ("file", "sheet", "record_key", "field_name") if one.told.get(n))
    con.execute(
        "INSERT INTO ingest.found (row_id, source_id, table_name, key, field, raw, code, quarantined, detail_zh, detail_en)"
        " SELECT row_id, source_id, ?, ?, ?, ?, ?, false, ?, ? FROM raw_row WHERE row_id = ?",
        [table, key, column, raw, STATES[one.state], zh, en, row_id],
    )
