"""What a workbook says about a cell beyond its value: how it is shown (a month, a percentage, a unit), errors, hidden rows, merged blocks.

Readers of the three kinds of workbook fill :class:`SheetNotes`; :func:`apply_notes` puts them into the cell texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache

from planning_check.ingest.plain import plain
from planning_check.ingest.sheets import Mark
from planning_check.ingest.units import UNITS

#: Built-in number formats (in Chinese locales) that show year and month only, and those that show a percentage.
BUILT_IN = {**dict.fromkeys((17, 27, 36, 50, 52, 57), "month"), 9: "percent", 10: "percent"}


@dataclass
class SheetNotes:
    """Cells of one sheet by (row from 1, column from 0). ``shown``: month, year, percent, or a unit that is shown behind the number.

    ``blocks`` are merged cells: first row, first column, last row, last column.
    """

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    blocks: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    #: False: how cells are shown could not be read, so a first of a month may stand for the month.
    known: bool = True

    def __post_init__(self) -> None:
        self.rows: dict[int, list[int]] = {}

    def index(self) -> SheetNotes:
        """Group the columns by row, once every cell is known."""
        for row, column in [*self.formulas, *self.errors, *self.shown]:
            self.rows.setdefault(row, []).append(column)
        return self


@cache
def shown_by(code: str) -> str:
    """What a number format (``yyyy"年"m"月"``, ``0.0%``, ``0.00"万元"``) shows: month, year, percent, a unit, or '' for the value as it is."""
    positive = code.split(";", maxsplit=1)[0]
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.', "", positive).lower()
    of_a_day = "y" in bare or ("e" in bare and "m" in bare and not re.search("[0#?]", bare))  # e: the year of the calendar that is shown
    if of_a_day and not re.search("[dhs]", bare):
        return "month" if "m" in bare else "year"
    if "%" in bare:
        return "percent"
    if foreign := _foreign(positive):
        return foreign
    literal = re.search(r'[0#?](?:\\? |_.)*((?:"[^"]*"|\\.|[^\x00-\x7f])+)$', positive)
    unit = plain(re.sub(r'["\\]', "", literal.group(1))) if literal else ""
    scaled = re.search(r"[0#?],+(?![0#?])|!", positive)  # 0!.0, shows ten-thousands of what the cell holds
    return unit if not scaled and any(unit in UNITS[m] for m in ("m2", "yuan")) else ""


def _foreign(code: str) -> str:
    """The money of another country that a number format shows, or ''."""
    for symbol, locale in re.findall(r"\[\$([^\]-]+)(?:-([0-9A-Fa-f]+))?\]", code):
        if found := foreign_money(symbol, locale):
            return found
    return next(iter(re.findall("[£￡€$₩]", re.sub(r"\[[^\]]*\]", "", code))), "")


def foreign_money(symbol: str, place: str) -> str:
    """A sign of money as that of another country's, or ''. ``place``: of the sign, which is one for yuan and yen."""
    if symbol in "¥￥":
        return "日元" if place.upper().endswith(("411", "JP")) else ""
    return symbol if re.search("[£￡€$₩]|(?i:USD|HKD|EUR|GBP|JPY|KRW|TWD|MOP)", symbol) else ""


def apply_notes(notes: SheetNotes, row: int, cells: list[str], marks: list[Mark]) -> None:
    """Put what the file says into one row of cell texts."""
    for column in notes.rows.get(row, ()):
        cells.extend([""] * (column + 1 - len(cells)))
        place = (row, column)
        if place in notes.formulas:
            cells[column] = notes.formulas[place]
            marks.append(Mark(row, column, "formula_without_value"))
        elif place in notes.errors:
            cells[column] = notes.errors[place]
            marks.append(Mark(row, column, "error_value"))
        else:
            cells[column] = as_shown(cells[column], notes.shown[place])
    if not notes.known:
        cells[:] = [c[:7] if re.fullmatch(r"\d{4}-\d\d-01", c) else c for c in cells]


def as_shown(text: str, shown: str) -> str:
    """The text of a cell with what its format adds or leaves out."""
    if shown in ("month", "year"):
        return text[: 7 if shown == "month" else 4] if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    if not re.fullmatch(r"[+-]?[\d.]+", text):
        return text
    if shown != "percent":
        return f"{text}{shown}"
    try:
        return f"{(Decimal(text) * 100).normalize():f}%"
    except InvalidOperation:
        return text
