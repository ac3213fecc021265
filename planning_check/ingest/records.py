"""Which rows of a sheet are records: not notes (:mod:`notes`), and not rows whose cells are shifted.

Of a shifted row (an unquoted thousands comma is one cell too many) the cells before the shift still stand in their
columns; where the shift begins is known only where two cells look like one number cut in two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from planning_check.ingest.notes import Layout
from planning_check.ingest.plain import is_blank
from planning_check.ingest.sheets import Sheet

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


def kept(chunk: list[tuple[int, list[str]]], width: int, sheet: Sheet, measured: dict[int, bool], layout: Layout) -> Kept:
    """The rows that are not blank. ``width``: columns of the header; ``measured``: whether a recognised column holds areas or money, by
    its index; ``layout``: of the sheet, which goes along from chunk to chunk."""
    found = Kept([], [], [], {})
    for number, row in chunk:
        joined = "".join(row)
        if is_blank(joined):
            continue
        code = layout.note(number, row, joined)
        if code == "below_other_header":
            found.shifted[len(found.rows)] = Shifted(row, 0)
        elif not code and sheet.delimited and len(row) != width and _is_shifted(row, width, measured):
            code = "too_many_cells"
            found.shifted[len(found.rows)] = Shifted(row, next(iter(_cut_numbers(row)), 0))
        if code:
            found.marks.append((len(found.rows), code))
        found.numbers.append(number)
        found.rows.append(row)
    return found


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
