"""Sheets read as a mapping says: which column is which field, and rows rewritten before they are staged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import chain

from planning_check.ingest.head_rows import Groups, HeadRow, head_rows
from planning_check.ingest.headers import Column, Header, letters, read_header, resembled
from planning_check.ingest.mapping import SheetMapping, Told
from planning_check.ingest.plain import is_blank
from planning_check.ingest.units import ASSUMED, dimension, factor
from planning_check.ingest.wording import heading
from planning_check.schema import BY_NAME

Row = list[str]
_DATE = re.compile(r"\s*(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\s*")
_NUMBER = re.compile(r"[+-]?[\d,]*\d(\.\d+)?")
_YEAR_DIGITS = 4
_SUMMED = ("area", "money", "integer")
_SAID = "对照表 mapping"  # the heading of what stands in no column


@dataclass(frozen=True)
class Mapped:
    """The header that a mapping makes of a sheet, and its rows up to that; ``rewrite``: the rows below as they are read.
    ``missing``: headings that the mapping names and the sheet has not."""

    header: Header
    head: list[Row]
    rewrite: Callable[[Iterable[Row]], Iterator[Row]]
    missing: tuple[str, ...]


def read_as_told(
    told: SheetMapping, head: Sequence[Sequence[str]], first_row: int, groups: Groups | None = None, *, layer: bool = False
) -> Mapped | None:  # fmt: skip
    """Read a sheet by its mapping; None where not one of the headings is there. ``head``: the first rows, the first being row
    ``first_row``; of a layer the names of its attributes."""
    wanted = {heading(column.heading) for column in told.columns}
    rows = [HeadRow(list(head[0]), 0, 0)] if layer else head_rows(head, groups)
    if told.header_row is not None and not layer:
        rows = [row for row in rows if first_row + row.row == told.header_row]
    best = max(rows, key=lambda row: sum(heading(cell) in wanted for cell in row.cells), default=None)
    if best is None or not any(heading(cell) in wanted for cell in best.cells):
        return None
    columns = _columns(told, best.cells, layer=layer)
    width = len(best.cells)
    added = {name: Column(width + n, "", _SAID, name, *_assumed(told.table, name)) for n, name in enumerate((*told.constants, *told.ids))}
    used = {column.index for column in columns.values()}
    left = [(index, cell) for index, cell in enumerate(best.cells) if index not in used and not is_blank(cell)]
    unused = tuple(
        replace(resembled(cell, told.table), letter=cell if layer else letters(index), header=cell.strip())
        for index, cell in left
        if heading(cell) not in {heading(one) for one in told.ignored}
    )
    top = [list(row) for row in head[: best.row + 1]]
    top[-1] = [*best.cells, *(_SAID for _ in added)]
    at = {heading(cell): index for index, cell in reversed(list(enumerate(best.cells))) if not is_blank(cell)}
    missing = tuple(
        name for name in (*(column.heading for column in told.columns), *chain.from_iterable(told.ids.values())) if heading(name) not in at
    )
    rewriting = _Rewriting(told, columns, width, {name: [at.get(heading(part)) for part in parts] for name, parts in told.ids.items()})
    return Mapped(Header(told.table, best.row, columns | added, unused=unused), top, rewriting.rows, missing)


def _columns(told: SheetMapping, cells: Sequence[str], *, layer: bool) -> dict[str, Column]:
    """By field. Of several columns under one heading the first is meant."""
    found = {}
    at = {heading(cell): index for index, cell in reversed(list(enumerate(cells))) if not is_blank(cell)}
    for column in told.columns:
        index = at.get(heading(column.heading))
        if index is not None:
            cell = cells[index]
            unit = _unit(told.table, column, cell)
            found[column.field] = Column(index, cell if layer else letters(index), cell.strip(), column.field, *unit)
    return found


def _unit(table: str, column: Told, cell: str) -> tuple[str, Fraction | None]:
    """The unit that the mapping gives, else the one that the heading says, else the usual one."""
    if column.unit:
        return column.unit, factor(dimension(BY_NAME[table].field(column.field)), column.unit)
    own = read_header(cell, table, 0, "", loose=True)
    return (own.unit, own.factor) if own and own.field == column.field else _assumed(table, column.field)


def _assumed(table: str, name: str) -> tuple[str, Fraction | None]:
    return ASSUMED.get(dimension(BY_NAME[table].field(name)), ""), Fraction(1)


class _Rewriting:
    """Rows below the header, with the words, days, constants and ids that the mapping says, and added up by key if it says so."""

    def __init__(self, told: SheetMapping, columns: dict[str, Column], width: int, parts: Mapping[str, Sequence[int | None]]) -> None:
        self.told, self.columns, self.width, self.parts = told, columns, width, parts
        made = {name: width + n for n, name in enumerate((*told.constants, *told.ids))}
        fields = {name: BY_NAME[told.table].field(name) for name in columns}
        self.days = [columns[name].index for name, spec in fields.items() if spec.type == "date"] if told.dates else []
        self.words = [(columns[name].index, words) for name, words in told.values.items() if name in columns]
        at = {name: column.index for name, column in columns.items()} | made
        self.keys = [at[spec.name] for spec in BY_NAME[told.table].fields if spec.need == "key" and spec.name in at]
        self.summed = {columns[name].index for name, spec in fields.items() if spec.type in _SUMMED}

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, one for each, so that they keep their numbers; of those added up the first has the sums and the others are blank."""
        rewritten = map(self._row, rows)
        return iter(self._added_up(list(rewritten))) if self.told.add_up and self.keys else rewritten

    def _row(self, row: Row) -> Row:
        if is_blank("".join(row)):
            return row
        cells = [*row[: self.width], *[""] * (self.width - len(row))]
        for index, words in self.words:
            cells[index] = words.get(cells[index].strip(), cells[index])
        for index in self.days:
            cells[index] = _day(cells[index], self.told.dates)
        made = ([cells[at].strip() if at is not None else "" for at in parts] for parts in self.parts.values())
        return [*cells, *self.told.constants.values(), *("-".join(some) if all(some) else "" for some in made)]

    def _added_up(self, rows: list[Row]) -> list[Row]:
        """Rows of one key as one, where they differ in nothing but what can be added."""
        of_key: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(rows):
            key = tuple(row[at].strip() for at in self.keys if at < len(row))
            if key and all(key):
                of_key.setdefault(key, []).append(number)
        for numbers in of_key.values():
            if len(numbers) > 1 and (one := self._one([rows[number] for number in numbers])):
                for number in numbers:
                    rows[number] = []
                rows[numbers[0]] = one
        return rows

    def _one(self, rows: list[Row]) -> Row | None:
        """The row that several make; None where a mapped column that cannot be added up differs, or holds no number."""
        one = list(rows[0])
        for index in (column.index for column in self.columns.values()):
            told = [row[index].strip() for row in rows]
            if index not in self.summed:
                if len(set(told) - {""}) > 1:
                    return None
                one[index] = next(filter(None, told), "")
                continue
            numbers = [number for text in told if (number := _number(text)) is not None]
            if len(numbers) < len(told):
                return None
            one[index] = format(sum(numbers, Decimal(0)), "f")
        return one


def _number(text: str) -> Decimal | None:
    """A plain number; None for what is none, and for a blank: nobody knows what it adds."""
    try:
        return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def _day(text: str, order: str) -> str:
    """Digits in the order that the mapping says, as an ISO day; anything else as it is."""
    found = _DATE.fullmatch(text)
    if not found:
        return text
    told = dict(zip(order, found.groups(), strict=True))
    if len(told["y"]) != _YEAR_DIGITS or len(told["m"]) > 2 or len(told["d"]) > 2:
        return text
    return f"{told['y']}-{int(told['m']):02}-{int(told['d']):02}"
