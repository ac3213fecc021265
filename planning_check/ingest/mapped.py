"""Sheets read as a mapping says: which column is which field, and rows rewritten before they are staged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from planning_check.ingest.blanks import BLANKS
from planning_check.ingest.head_rows import Groups, head_rows
from planning_check.ingest.headers import PLACE, Column, Header, column_told, letters, read_row, resembled
from planning_check.ingest.mapping import SheetMapping, Told
from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.units import ASSUMED, dimension, factor
from planning_check.ingest.wording import heading
from planning_check.schema import BY_NAME

Row = list[str]
#: A number that can be added up; of any other (negative, with a unit, with commas that are none of thousands) nobody knows how much it is.
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_NOTHING = re.compile(r"[-+¥￥]*0*(?:\.0*)?(?:元|万元)?")
_SUMMED = ("area", "money", "integer")
_SAID = "对照表 mapping"  # the heading of what stands in no column


@dataclass(frozen=True)
class Mapped:
    """The header that a mapping makes of a sheet, its rows down to that, and what makes those below.
    ``missing``: headings that the mapping names and the sheet has not; ``takes``: whether a row below is one that it is about, None
    where the sheet has not what tells that."""

    header: Header
    head: list[Row]
    rewriting: Rewriting
    missing: tuple[str, ...]
    takes: Callable[[Sequence[str]], bool] | None


def read_as_told(told: SheetMapping, head: Sequence[Sequence[str]], first_row: int, groups: Groups | None) -> Mapped | None:
    """Read a sheet by its mapping; None where not one of the headings is there. ``head``: the first rows, the first being row
    ``first_row``."""
    own_headings = {heading(column.heading) for column in told.columns}
    wanted = own_headings | {heading(one) for one in told.beside}
    rows = [row for row in head_rows(head, groups) if told.header_row in (None, first_row + row.row)]
    best = max(rows, key=lambda row: sum(heading(cell) in wanted for cell in row.cells), default=None)
    if best is None or not any(heading(cell) in own_headings for cell in best.cells):
        return None
    at = {heading(cell): index for index, cell in reversed(list(enumerate(best.cells))) if not is_blank(cell)}
    own, width = read_row(best.cells, told.table, best.row, loose=True), len(best.cells)
    columns = {c.field: _column(told.table, c, at[heading(c.heading)], best.cells, own) for c in told.columns if heading(c.heading) in at}
    place = {side: columns.pop(side) for side in PLACE if side in columns}
    added = {
        name: Column(width + n, "", _SAID, name, *_assumed(told.table, name), unit_from=_SAID)
        for n, name in enumerate((*told.constants, *told.ids))
    }
    used = {column.index for column in (*columns.values(), *place.values())}
    beside = tuple(column for column in own.beside if column.index not in used)
    known = used | {column.index for column in beside} | {at[heading(one)] for one in (*told.ignored, *told.beside) if heading(one) in at}
    unused = tuple(
        replace(resembled(cell, told.table), letter=letters(index), header=cell.strip())
        for index, cell in enumerate(best.cells)
        if index not in known and not is_blank(cell)
    )
    header = Header(told.table, best.row, columns | added, {}, place.get("longitude"), place.get("latitude"), unused, beside)
    conditions = [one for one, _ in told.condition]
    named = dict.fromkeys((*conditions, *(column.heading for column in told.columns), *chain.from_iterable(told.ids.values())))
    wanting = [(at.get(heading(one)), words) for one, words in told.condition]
    top = [list(row) for row in head[: best.row]]
    return Mapped(
        header,
        [*top, [*best.cells, *(_SAID for _ in added)]],
        Rewriting(told, columns, width, {name: [at.get(heading(part)) for part in parts] for name, parts in told.ids.items()}),
        tuple(name for name in named if heading(name) not in at),
        None if any(index is None for index, _ in wanting) else lambda row: all(_says(row, index, words) for index, words in wanting),
    )


def _says(row: Sequence[str], index: int | None, words: frozenset[str] | None) -> bool:
    """Whether the cell of a column is one of the words; without words, whether it says anything: a blank and a zero do not."""
    cell = plain(row[index]) if index is not None and index < len(row) else ""
    return cell in words if words is not None else cell not in BLANKS and not _NOTHING.fullmatch(cell)


def _column(table: str, told: Told, index: int, cells: Sequence[str], own: Header) -> Column:
    """The column under a heading, in the unit that the mapping gives, else the one that the heading says, else one that is stated beside
    the table (``stated``), else the usual one."""
    if told.field in PLACE:
        return Column(index, letters(index), cells[index].strip(), told.field)
    several = chain(own.columns.values(), *own.clashes.values())
    read = next((column for column in several if column.index == index and column.field == told.field), None)
    column = read or column_told(cells[index], table, told.field, index)
    if not told.unit:
        return column
    return replace(column, unit=told.unit, factor=factor(dimension(BY_NAME[table].field(told.field)), told.unit), unit_from=_SAID)


def _assumed(table: str, name: str) -> tuple[str, Fraction | None]:
    return ASSUMED.get(dimension(BY_NAME[table].field(name)), ""), Fraction(1)


class Rewriting:
    """Rows below the header, with the constants and ids that the mapping says, and added up by key if it says so. ``words``: by field, what
    its words mean; the cells keep them.
    ``added``: of how many rows how many were made, as far as they have been read."""

    def __init__(self, told: SheetMapping, columns: dict[str, Column], width: int, parts: Mapping[str, Sequence[int | None]]) -> None:
        self.told, self.columns, self.width, self.parts = told, columns, width, parts
        made = {name: width + n for n, name in enumerate((*told.constants, *told.ids))}
        fields = {name: BY_NAME[told.table].field(name) for name in columns}
        self.added = (0, 0)
        self.words = {name: dict(words) for name, words in told.values.items() if name in columns}
        self.meant = {columns[name].index: words for name, words in self.words.items()}
        at = {name: column.index for name, column in columns.items()} | made
        self.keys = [at[spec.name] for spec in BY_NAME[told.table].fields if spec.need == "key" and spec.name in at]
        self.several = {columns[name].index for name, spec in fields.items() if spec.type == "choices"}
        self.summed = {columns[name].index for name, spec in fields.items() if spec.type in _SUMMED}

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, one for each, so that they keep their numbers; of those added up the first has the sums and the others are blank."""
        rewritten = map(self._row, rows)
        return iter(self._added_up(list(rewritten))) if self.told.add_up and self.keys else rewritten

    def _row(self, row: Row) -> Row:
        if is_blank("".join(row)):
            return row
        cells = [*row[: self.width], *[""] * (self.width - len(row))]
        made = ([self._meant(cells, at) if at is not None else "" for at in parts] for parts in self.parts.values())
        return [*cells, *self.told.constants.values(), *("-".join(some) if all(some) else "" for some in made)]

    def _meant(self, row: Row, index: int) -> str:
        """A cell in the word that is meant."""
        cell = row[index].strip()
        return self.meant.get(index, {}).get(cell, cell)

    def _added_up(self, rows: list[Row]) -> list[Row]:
        """Rows of one key as one, where they differ in nothing but what can be added."""
        of_key: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(rows):
            key = tuple(self._meant(row, at) for at in self.keys if at < len(row))
            if key and all(key):
                of_key.setdefault(key, []).append(number)
        for numbers in of_key.values():
            if len(numbers) > 1 and (one := self._one([rows[number] for number in numbers])):
                for number in numbers:
                    rows[number] = []
                rows[numbers[0]] = one
                self.added = (self.added[0] + len(numbers), self.added[1] + 1)
        return rows

    def _one(self, rows: list[Row]) -> Row | None:
        """The row that several make: sums, all uses that any has, and what they agree in. None where a mapped column that is neither
        differs, or where one that is a sum holds no number."""
        one = list(rows[0])
        for index in (column.index for column in self.columns.values()):
            cells, told = [row[index].strip() for row in rows], [self._meant(row, index) for row in rows]
            if index in self.several:
                if not all(told) and any(told):
                    return None
                one[index] = self._several(index, cells, told)
                continue
            if index not in self.summed:
                if len(set(told) - {""}) > 1:
                    return None
                one[index] = next(filter(None, cells), "")
                continue
            numbers = [number for text in told if (number := _number(text)) is not None]
            if len(numbers) < len(told):
                return None
            one[index] = format(sum(numbers, Decimal(0)), "f")
        return one

    def _several(self, index: int, cells: Sequence[str], told: Sequence[str]) -> str:
        """The words of several rows as one text, which means what each of them does."""
        text, meant = ("、".join(dict.fromkeys(some)) for some in (cells, told))
        if text != meant:
            self.meant[index].setdefault(text, meant)
        return text


def _number(text: str) -> Decimal | None:
    """A plain number; None for what is none, and for a blank: nobody knows what it adds."""
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None
