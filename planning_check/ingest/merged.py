"""Merged cells: what belongs to every row of a block, and what cannot.

A key, a name, a day or a word that is merged over several rows is that of each (the reader has put it there). An amount is not: it is told
once for all of them, so it is unknown for each, and adding it up row by row would multiply it. Merged over several columns, a value is that
of the first; what the others hold nobody said, and that is not "nothing": a day there may have been any.
"""

from __future__ import annotations

from collections.abc import Iterator

from planning_check.ingest.headers import Header
from planning_check.ingest.plain import is_blank
from planning_check.ingest.sheets import Mark, Sheet
from planning_check.ingest.units import dimension
from planning_check.ingest.values import SIGNED
from planning_check.schema import BY_NAME, Field

_ADDED_UP = ("m2", "yuan", "yuan/year", "count")


def noting_blanks(rows: Iterator[tuple[int, list[str]]], sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows as they are; merged cells in which nothing stands are no longer the sheet's when all have passed."""
    if not sheet.blocks:
        yield from rows
        return
    tops: dict[int, list[tuple[int, int, int, int]]] = {}
    for block in sheet.blocks:
        tops.setdefault(block[0], []).append(block)
    blank: set[tuple[int, int, int, int]] = set()
    for number, cells in rows:
        blank.update(b for b in tops.get(number, ()) if b[1] >= len(cells) or is_blank(cells[b[1]]))
        yield number, cells
    sheet.blocks = [block for block in sheet.blocks if block not in blank]


def merged_amounts(header: Header, sheet: Sheet) -> Iterator[Mark]:
    """Amounts merged over several records: one number for all of them, so unknown for each.
    (Where the key is merged too it is one record.)"""
    columns = _columns(header)
    keys = {index for index, field in columns.items() if field.name in BY_NAME[header.table].key}
    down = [(top, bottom, left) for top, left, bottom, _ in sheet.blocks if bottom > top > sheet.first_row + header.row]
    record_ends = {row: bottom for top, bottom, left in down if left in keys for row in range(top, bottom + 1)}
    for top, bottom, left in down:
        if _is_added_up(columns.get(left)) and record_ends.get(top, 0) < bottom:
            yield from (Mark(row, left, "merged_amount") for row in range(top, bottom + 1))


def told_once(header: Header, sheet: Sheet) -> bool:
    """Whether the keys of a sheet are merged over rows, and all amounts with them: a record over several rows (a list of buildings beside
    it, say) is told once, and nothing is to be added up."""
    columns = _columns(header)
    below = [(top, bottom, left) for top, left, bottom, _ in sheet.blocks if bottom > top > sheet.first_row + header.row]
    of_keys = [(top, bottom) for top, bottom, left in below if (key := columns.get(left)) and key.name in BY_NAME[header.table].key]
    amounts = [index for index, field in columns.items() if _is_added_up(field)]
    return bool(of_keys and amounts) and all(
        any(at == index and a <= top and b >= bottom for a, b, at in below) for top, bottom in of_keys for index in amounts
    )


def merged_columns(header: Header, sheet: Sheet) -> Iterator[Mark]:
    """Cells that are merged with one to their left: unknown; so is that one where all of them are amounts of one kind, which it may be
    the sum of."""
    columns = _columns(header)
    for top, left, bottom, right in sheet.blocks:
        inside = [i for i in range(left, right + 1) if i in columns]
        first, rest = columns.get(left), [i for i in inside if i != left]
        if top <= sheet.first_row + header.row or not rest:
            continue
        summed = first is not None and _is_added_up(first) and any(dimension(columns[i]) == dimension(first) for i in rest)
        for row in range(top, bottom + 1):
            yield from (Mark(row, i, "merged_columns") for i in ([left] if summed else []) + rest)


def _columns(header: Header) -> dict[int, Field]:
    return {c.index: BY_NAME[header.table].field(c.field) for c in header.columns.values()}


def _is_added_up(field: Field | None) -> bool:
    return field is not None and dimension(field) in _ADDED_UP and field.name not in SIGNED
