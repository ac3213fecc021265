"""Which table a sheet is: by its name, then by its file's name, then by its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from planning_check.following import follows
from planning_check.ingest.head_rows import Groups, HeadRow, head_rows
from planning_check.ingest.headers import Header, Unused, letters, read_row
from planning_check.ingest.made_ids import made_key
from planning_check.ingest.plain import is_blank
from planning_check.ingest.stated import Stated, stated_above, stated_in, told
from planning_check.ingest.wording import heading
from planning_check.schema import BY_NAME, TABLES

HEADER_ROWS = 15  # a header is looked for in the first rows, below any titles
LEAST_VALUES = 3  # in a row of records
LEAST_COLUMNS = 2  # one word that happens to be a header makes no table
LEAST_WITHOUT_IDS = 3  # of a sheet that neither has ids nor is named after a table


@dataclass(frozen=True)
class Recognised:
    """The table of a sheet, or why there is none: ``candidates`` are the tables that it could as well be.
    ``stated``: the units that the rows above the header state."""

    header: Header | None
    candidates: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()


@follows
@cache
def _table_words() -> dict[str, str]:
    """Plain names of tables, Chinese and English -> table."""
    words: dict[str, str] = {}
    for table in TABLES:
        own = (table.name, table.name.removesuffix("s"), table.label.zh, table.label.en, *table.aliases)
        for word in own:
            words.setdefault(_bare(word), table.name)
    return words


def _bare(text: str) -> str:
    """A name without digits, spaces and punctuation."""
    return re.sub(r"[^a-z\u4e00-\u9fff]", "", heading(text))


def tables_named(text: str) -> tuple[str, ...]:
    """The tables whose name is in a sheet's or file's name; of overlapping names the longest counts."""
    bare = _bare(text)
    inside = {word: table for word, table in _table_words().items() if word and word in bare}
    longest = max((len(w) for w in inside), default=0)
    return tuple(sorted({table for word, table in inside.items() if len(word) == longest}))


def recognise(
    head: Sequence[Sequence[str]], sheet: str, file_stem: str, *, geometry: bool = False, attributes: str | None = None,
    groups: Groups | None = None, first_row: int = 1,
) -> Recognised:  # fmt: skip
    """Read the first rows as each table and choose. ``geometry``: the rows carry one; ``attributes``: the only row names the attributes of
    a layer, of a DBF in this encoding or ''; ``first_row``: the number of the first row in its sheet.

    First by the schema's own words, which several tables share least; where that says nothing, by other wordings of them.
    The header that was chosen is read in all wordings.
    """
    layer = attributes is not None
    rows = [HeadRow(list(head[0]), 0)] if layer else head_rows(head[:HEADER_ROWS], groups)
    found = _choose(rows, sheet, file_stem, geometry=geometry, attributes=attributes, loose=False)
    if found.header is None and not found.candidates:
        found = _choose(rows, sheet, file_stem, geometry=geometry, attributes=attributes, loose=True)
    if found.header is None:
        return found
    table = found.header.table
    chosen = max(
        (r for r in rows if r.row == found.header.row), key=lambda r: len(read_row(r.cells, table, r.row, attributes=attributes).fields)
    )
    header = read_row(chosen.cells, table, chosen.row, attributes=attributes, loose=True)
    header = replace(header, unused=(*header.unused, *_without_heading(chosen.cells, head[chosen.row + 1 :])))
    return Recognised(header, stated=tuple(stated_around(header, head[: chosen.top], sheet, file_stem, first_row)) if not layer else ())


def stated_around(header: Header, above: Sequence[Sequence[str]], sheet: str, file_stem: str, first_row: int) -> list[Stated]:
    """The units that are stated before the first record: above the header, among its heads, and in the names of sheet and file."""
    beside = [s for u in header.unused for s in told(u.header, f"{u.letter}{first_row + header.row}")]
    return [*stated_above(above, first_row), *beside, *stated_in(sheet), *stated_in(file_stem)]


def _without_heading(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Unused]:
    """The columns that have values in rows of several and no heading. (What goes on beyond the header is a problem of its row.)"""
    records = [row for row in rows if sum(not is_blank(c) for c in row) >= LEAST_VALUES]
    for index, cell in enumerate(cells):
        if is_blank(cell) and any(index < len(row) and not is_blank(row[index]) for row in records):
            yield Unused(letters(index), "")


def _choose(rows: list[HeadRow], sheet: str, file_stem: str, *, geometry: bool, attributes: str | None, loose: bool) -> Recognised:
    best = {
        t.name: h
        for t in TABLES
        if (h := _best_row(rows, t.name, attributes=attributes, loose=loose)) is not None and len(h.own_fields) + geometry >= LEAST_COLUMNS
    }
    if not best:
        return Recognised(None)
    whole = {name for name, h in best.items() if _covers(h, geometry=geometry, made=False)}
    made = {name for name, h in best.items() if _covers(h, geometry=geometry, made=True)}
    widest = _widest(best, whole)
    told_best = _widest(best, {name for name, h in best.items() if len(h.own_fields) >= LEAST_WITHOUT_IDS})
    if not whole and set(told_best) <= made:
        widest = told_best  # a sheet without ids: only of the table that most of its headings speak of
    whole |= made
    for named in (tables_named(sheet), tables_named(file_stem)):
        fitting = [n for n in named if n in best]
        if fitting:
            chosen = _widest(best, set(fitting) & whole or set(fitting))
            other = [n for n in widest if n not in fitting and len(best[n].fields) > len(best[chosen[0]].fields)]
            if other and not set(chosen) & whole:
                chosen = widest  # the name says one table, every needed header another
            return Recognised(best[chosen[0]]) if len(chosen) == 1 else Recognised(None, tuple(chosen))
    if len(widest) == 1:
        return Recognised(best[widest[0]])
    return Recognised(None, tuple(widest))


def _best_row(rows: list[HeadRow], table: str, *, attributes: str | None, loose: bool) -> Header | None:
    best: Header | None = None
    for row in rows:
        header = read_row(row.cells, table, row.row, attributes=attributes, loose=loose)
        if header.columns and (best is None or len(header.fields) > len(best.fields)):
            best = header
    return best


def _covers(header: Header, *, geometry: bool, made: bool) -> bool:
    """Whether every key and required field has a column. ``made``: or a key can be made of those that have."""
    there = header.fields | ({"geometry"} if geometry else set())
    able = made_key(header.table, there) if made else ""
    return all(f.name in there or f.name == able for f in BY_NAME[header.table].fields if f.need)


def _widest(best: dict[str, Header], among: set[str]) -> list[str]:
    """The tables with the most recognised columns."""
    most = max((len(best[n].fields) for n in among), default=0)
    return sorted(n for n in among if len(best[n].fields) == most)
