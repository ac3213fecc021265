"""What every file, sheet and layer of a delivery was taken for: its headings, which field each became, and what is nearest where none."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import duckdb

from planning_check.errors import Text
from planning_check.ingest.head_rows import Groups, HeadRow, head_rows
from planning_check.ingest.headers import Header, Unused, letters, read_row
from planning_check.ingest.made_ids import made_key
from planning_check.ingest.plain import is_blank
from planning_check.schema import BY_NAME, TABLES, Table

SQL = """
CREATE TABLE sheet_seen (file VARCHAR, sheet VARCHAR, source_id INTEGER, code VARCHAR, is_hidden BOOLEAN,
    hidden_rows BIGINT, rows_seen BIGINT, sample VARCHAR, nearest VARCHAR);
CREATE TABLE heading_seen (file VARCHAR, sheet VARCHAR, source_id INTEGER, place INTEGER, table_name VARCHAR, letter VARCHAR,
    header VARCHAR, field VARCHAR, nearest VARCHAR, unit VARCHAR, how VARCHAR);
"""
#: By the looseness of a column (``headers.Column``): how sure it is that its heading means the field.
_HOW = ("name", "alias", "worded", "short", "by_name")
_NEAREST_TABLES = 2
_SAMPLE_SIGNS = 60
_MOST_STRANGE, _HEADING_SIGNS = 6, 20  # of headings that are like nothing, in a message


@dataclass(frozen=True)
class Nearest:
    """A table that a sheet could be: the columns that are fields of it and what the others resemble; and the needed fields that none is."""

    header: Header
    lacks: tuple[str, ...]


def sample(rows: Iterable[Sequence[str]]) -> str:
    """Text of the first cells below the header, to see by whether it was decoded right."""
    words = (cell.strip() for row in rows for cell in row if not is_blank(cell) and not cell.isascii())
    found = ""
    for word in words:
        if len(found) + len(word) > _SAMPLE_SIGNS:
            break
        found = f"{found} {word}".strip()
    return found


def see_table(
    con: duckdb.DuckDBPyConnection, file: str, sheet: str, source: int, header: Header, *, is_hidden: bool = False,
    hidden_rows: int = 0, shown: str = "",
) -> None:  # fmt: skip
    """Note a sheet or layer that was just staged, and its columns."""
    con.execute(
        "INSERT INTO sheet_seen VALUES (?, ?, ?, NULL, ?, ?, NULL, ?, NULL)",
        [file, sheet, source, is_hidden, hidden_rows, shown or None],
    )
    _see_headings(con, file, sheet, source, header)


def see_other(
    con: duckdb.DuckDBPyConnection, file: str, sheet: str, code: str, *, rows: int | None = None, near: Sequence[Nearest] = (),
    head: Sequence[Sequence[str]] = (),
) -> None:  # fmt: skip
    """Note a file, sheet or layer of which nothing was used. ``code``: the problem that says why; ``rows``: its rows, None: unknown.
    ``head``: its first rows, of which the fullest is shown where they are like no table."""
    like = [{"table": one.header.table, "lacks": one.lacks} for one in near]
    con.execute(
        "INSERT INTO sheet_seen VALUES (?, ?, NULL, ?, false, 0, ?, NULL, ?)",
        [file, sheet, code, rows, json.dumps(like) if like else None],
    )
    if near:
        _see_headings(con, file, sheet, None, near[0].header)
    elif head:
        fullest = max(head, key=lambda row: sum(not is_blank(cell) for cell in row))
        told = tuple(Unused(letters(index), cell.strip()) for index, cell in enumerate(fullest) if not is_blank(cell))
        _see_headings(con, file, sheet, None, Header("", 0, {}, unused=told))


def _see_headings(con: duckdb.DuckDBPyConnection, file: str, sheet: str, source: int | None, header: Header) -> None:
    found = sorted(_headings(header, used=source is not None), key=lambda heading: _at(*heading[:2]))
    rows = [(file, sheet, source, place, header.table or None, *rest) for place, rest in enumerate(found, 1)]
    if rows:
        con.executemany(f"INSERT INTO heading_seen VALUES ({', '.join('?' * 11)})", rows)


def _headings(header: Header, *, used: bool) -> Iterator[tuple[str, str, str | None, str | None, str | None, str]]:
    """Letter, heading, field, nearest field, unit, how; of a table that was not used every field is only the nearest."""
    columns = {c.index: (c, "cut" if c.cut else _HOW[c.looseness]) for c in header.columns.values()}
    columns |= {c.index: (c, "several") for same in header.clashes.values() for c in same if c.index not in columns}
    columns |= {c.index: (replace(c, field="geometry"), c.field) for c in (header.longitude, header.latitude) if c}
    for column, how in (columns[index] for index in sorted(columns)):
        taken = used and how != "several"
        told_unit = column.told_unit if used or column.unit_from else ""
        unit = f"{told_unit}{'?' if column.factor is None else ''}" or None
        yield column.letter, column.header, column.field if taken else None, None if taken else column.field, unit, how if taken else "near"
    for column in header.beside:
        yield column.letter, column.header, None, None, None, "beside"
    for one in header.unused:
        yield one.letter, one.header, None, one.field or None, None, _why(one)


def _at(letter: str, header: str) -> int:
    """The place of a column of a sheet, by its letters; those of a layer, which have none, stay as they come."""
    return 0 if letter == header else reduce(lambda number, sign: number * 26 + ord(sign) - 64, letter, 0)


def _why(column: Unused) -> str:
    return "other" if column.other else "near" if column.field else "unknown"


def nearest(head: Sequence[Sequence[str]], groups: Groups | None, attributes: str | None = None) -> list[Nearest]:
    """The tables of which the first rows name most fields, as far as they name any; ``attributes``: see ``recognise``."""
    rows = [HeadRow(list(head[0]), 0)] if attributes is not None else head_rows(head, groups)
    read = [
        (len(header.own_fields), -len(lacks), -number, Nearest(header, lacks))
        for number, table in enumerate(TABLES)
        for row in rows
        for header in [read_row(row.cells, table.name, row.row, attributes=attributes, loose=True)]
        if header.own_fields
        for there in [{*header.fields, made_key(table.name, header.fields)}]
        for lacks in [tuple(f.name for f in BY_NAME[table.name].fields if f.need and f.name not in there)]
    ]
    best: dict[str, Nearest] = {}
    for *_, one in sorted(read, key=lambda each: each[:3], reverse=True):
        best.setdefault(one.header.table, one)
    return list(best.values())[:_NEAREST_TABLES]


def told(near: Sequence[Nearest]) -> Text:
    """The nearest tables, what of them is there and what lacks, and the headings that are like nothing, for a message."""
    if not near:
        return Text("没有一个表头是这里认得的", "none of its headings is known here")
    zh, en = ([_told(one, lang) for one in near] for lang in ("zh", "en"))
    strange = [one.header for one in near[0].header.unused if one.header and not one.field]
    shown, more = [word[:_HEADING_SIGNS] for word in strange[:_MOST_STRANGE]], len(strange) - _MOST_STRANGE
    if shown:
        zh.append(f"不认得的表头：{'、'.join(shown)}{f'等 {len(strange)} 个' if more > 0 else ''}")
        en.append(f"headings not known: {', '.join(shown)}{f' and {more} more' if more > 0 else ''}")
    return Text("最接近的是" + "；".join(zh), "nearest: " + "; ".join(en))


def _told(one: Nearest, lang: str) -> str:
    table = BY_NAME[one.header.table]
    comma = Text("、", ", ").get(lang)
    has = comma.join(table.field(name).label.get(lang) for name in sorted(one.header.fields, key=_place(table)))
    lacks = comma.join(table.field(name).label.get(lang) for name in one.lacks) or Text("无", "nothing").get(lang)
    return Text(f"{table.label.zh}（有：{has}；缺：{lacks}）", f"{table.label.en} (has: {has}; lacks: {lacks})").get(lang)


def _place(table: Table) -> Callable[[str], int]:
    names = [f.name for f in table.fields]
    return names.index
