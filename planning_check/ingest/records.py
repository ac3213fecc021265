"""Which rows of a sheet are records: not totals, notes, headers again, or rows whose cells are shifted.

Of a shifted row (an unquoted thousands comma is one cell too many) the cells before the shift still stand in their
columns; where the shift begins is known only where two cells look like one number cut in two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.sheets import Sheet

_TOTAL = re.compile(r"(?:本页)?(?:合计|小计|总计|累计|共计)(?:\(.*\))?:?|(?:sub|grand)?total:?")
#: With what is added up before it, which a name of something could be too, so only at the beginning: 东区合计; 3, 东区小计.
_NAMED_TOTAL = re.compile(r".{1,6}(?:合计|小计|总计)(?:\(.*\))?:?")
NOTES = ("注:", "备注:", "说明:", "填表人", "填表日期", "制表人", "审核人", "note:", "notes:")
_HEAD, _REST = re.compile(r"[¥￥+-]?\d{1,3}"), re.compile(r"\d{3}(\.\d*)?")


@dataclass(frozen=True)
class Shifted:
    """A row with cells out of place: all its cells, and how many at its beginning are surely in their columns."""

    cells: list[str]
    sound: int


@dataclass
class Kept:
    """The rows of a chunk that are not blank: their numbers, marks (place in ``rows``, code), and the shifted ones by place."""

    numbers: list[int]
    rows: list[list[str]]
    marks: list[tuple[int, str]]
    shifted: dict[int, Shifted]


def kept(chunk: list[tuple[int, list[str]]], heading: list[str], sheet: Sheet, measured: dict[int, bool]) -> Kept:
    """The rows that are not blank. ``measured``: whether a recognised column holds areas or money, by its index."""
    found = Kept([], [], [], {})
    width = len(heading)
    for number, row in chunk:
        joined = "".join(row)
        if is_blank(joined):
            continue
        code = ""
        if ("计" in joined or ":" in joined or "：" in joined or "otal" in joined or "OTAL" in joined) and is_total(row):
            code = "total_row"
        elif row == heading:
            code = "repeated_header"
        elif sheet.delimited and len(row) != width and _is_shifted(row, width, measured):
            code = "too_many_cells"
            found.shifted[len(found.rows)] = Shifted(row, next(iter(_cut_numbers(row)), 0))
        if code:
            found.marks.append((len(found.rows), code))
        found.numbers.append(number)
        found.rows.append(row)
    return found


def is_total(row: list[str]) -> bool:
    """A row of totals or a note under the table: one of its first three words says so."""
    words = [word for cell in row if cell and (word := plain(cell))][:3]
    begin = words[1] if len(words) > 1 and words[0].isdigit() else words[0]
    return begin.startswith(NOTES) or any(_TOTAL.fullmatch(w) for w in words) or bool(_NAMED_TOTAL.fullmatch(begin))


def _is_shifted(row: list[str], width: int, measured: dict[int, bool]) -> bool:
    """Whether the cells of a row that is not as long as the header are out of place.

    Text beyond the last column says so; else a number cut in two: before trailing blanks, or where blanks at the end were
    left out and the second half stands in a column that holds no numbers.
    """
    if len(row) > width:
        return not is_blank("".join(row[width:])) or bool(_cut_numbers(row))
    return any(measured.get(i) and measured.get(i + 1) is False for i in _cut_numbers(row))


def _cut_numbers(row: list[str]) -> list[int]:
    """Where one cell ends in what could be thousands and the next begins with the other three digits."""
    cells = [c.strip() for c in row]
    return [i for i, (a, b) in enumerate(pairwise(cells)) if _HEAD.fullmatch(a) and _REST.fullmatch(b)]
