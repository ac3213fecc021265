"""What an .xlsx file says about a cell beyond its value: formulas never calculated, error values, dates shown by month.

python-calamine gives the cached value of a formula, nothing for an error, and the first of the month for a cell that
a person typed as ``2009年5月``. Only workbooks that have such cells pay for reading the XML.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from planning_check.ingest.readers import Mark

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20
#: Built-in number formats that show year and month only (27 and 57 in Chinese locales).
_MONTH_FORMATS = frozenset({"17", "27", "57"})


@dataclass
class SheetNotes:
    """Cells of one sheet, by (row, column index)."""

    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    precision: dict[tuple[int, int], int] = field(default_factory=dict)  # letters of the ISO date that are known: 7 or 4

    def __post_init__(self) -> None:
        self.rows: dict[int, list[int]] = {}

    def index(self) -> SheetNotes:
        """Group the columns by row, once every cell is known."""
        for row, column in [*self.formulas, *self.errors, *self.precision]:
            self.rows.setdefault(row, []).append(column)
        return self


def apply_notes(notes: SheetNotes, row: int, cells: list[str], marks: list[Mark]) -> None:
    """Put what the XML says into one row of cell texts."""
    for column in notes.rows.get(row, ()):
        cells.extend([""] * (column + 1 - len(cells)))
        place = (row, column)
        if place in notes.formulas:
            cells[column] = notes.formulas[place]
            marks.append(Mark(row, column, "formula_without_value"))
        elif place in notes.errors:
            cells[column] = notes.errors[place]
            marks.append(Mark(row, column, "error_value"))
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", cells[column]):
            cells[column] = cells[column][: notes.precision[place]]


def workbook_notes(path: Path) -> dict[str, SheetNotes]:
    """Notes of every sheet that has any, by sheet name."""
    try:
        with zipfile.ZipFile(path) as package:
            styles = _date_precisions(package)
            parts = _sheet_parts(package)
            return {name: _read_part(package, part, styles) for name, part in parts.items() if _worth_reading(package, part, styles)}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return {}  # a package in another form: its values are read all the same


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part of the package that holds it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): posixpath.normpath(posixpath.join("xl", r.get("Target", ""))).lstrip("/") for r in relations}
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))
    found = {s.get("name", ""): targets.get(s.get(_RELATION), "") for s in workbook.iter(f"{_MAIN}sheet")}
    there = set(package.namelist())
    return {name: part for name, part in found.items() if part in there}


def _date_precisions(package: zipfile.ZipFile) -> dict[str, int]:
    """Cell style -> 7 where it shows a date by year and month only, 4 where by year only."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in styles.iter(f"{_MAIN}numFmt")}
    known = dict.fromkeys(_MONTH_FORMATS, 7)
    for number, code in codes.items():
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.split(";")[0]).lower()
        if "y" in shown and not re.search("[dhs]", shown):
            known[number] = 7 if "m" in shown else 4
    cell_styles = styles.find(f"{_MAIN}cellXfs")
    used = enumerate(cell_styles if cell_styles is not None else ())
    return {str(i): known[n] for i, x in used if (n := x.get("numFmtId")) in known}


def _worth_reading(package: zipfile.ZipFile, part: str, styles: dict[str, int]) -> bool:
    """Whether the sheet has a formula, an error or a cell in one of the styles (looked for as bytes, without parsing)."""
    wanted = (b"<f>", b"<f ", b":f>", b":f ", b't="e"', *(b's="%s"' % s.encode() for s in styles))
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            tail += chunk[:16]
            if any(mark in tail or mark in chunk for mark in wanted):
                return True
            tail = chunk[-16:]
    return False


def _read_part(package: zipfile.ZipFile, part: str, styles: dict[str, int]) -> SheetNotes:
    notes = SheetNotes()
    with package.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag == f"{_MAIN}c":
                _note_cell(element, styles, notes)
            elif element.tag == f"{_MAIN}row":
                element.clear()
    return notes.index()


def _note_cell(cell: ElementTree.Element, styles: dict[str, int], notes: SheetNotes) -> None:
    reference, kind = cell.get("r", ""), cell.get("t")
    formula, value = cell.find(f"{_MAIN}f"), cell.findtext(f"{_MAIN}v")
    if formula is not None and not value and kind != "str":
        notes.formulas[_place(reference)] = f"={formula.text or ''}"
    elif kind == "e":
        notes.errors[_place(reference)] = value or "#"
    elif value and cell.get("s") in styles:
        notes.precision[_place(reference)] = styles[cell.get("s", "")]


def _place(reference: str) -> tuple[int, int]:
    """``C7`` -> (7, 2)."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), column - 1
