"""Excel 2003 XML: a workbook written as one XML file, under the name .xml or .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from planning_check.errors import Text
from planning_check.ingest.cells import cell_text, float_mark
from planning_check.ingest.markup import MOST_BYTES, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, TooLarge, attribute, elements, letters, own
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem, Mark, Sheet
from planning_check.ingest.shown import as_shown, shown_by
from planning_check.ingest.texts import whole

_WANTED = frozenset({"Style", "Row", "Worksheet", "Visible"})
#: Formats that have a name of their own and show something else than the value.
_NAMED = {"Percent": "percent"}


def read_workbook_2003(path: Path) -> Iterator[Sheet]:
    """The sheets of the workbook that hold anything."""
    shown: dict[str, str] = {}
    rows: list[list[str]] = []
    sheet = Sheet("", iter(rows))
    anything, laid_out = False, 0
    for event, element in elements(letters(whole(path, MOST_BYTES)), _WANTED):
        name = own(element.tag)
        if event == "start":
            if name == "Worksheet":
                rows = []
                sheet = Sheet(without_controls(attribute(element, "Name")), iter(rows), hidden_rows=set())
                laid_out = 0
        elif name == "Style":
            shown[attribute(element, "ID")] = _shown(element, shown)
        elif name == "Row":
            laid_out += _take_row(element, sheet, rows, shown)
            if laid_out > MOST_CELLS:
                raise TooLarge
        elif name == "Visible":
            sheet.hidden = (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
        elif any(any(row) for row in rows):
            anything = True
            sheet.rows = iter(rows)
            yield sheet
    if not anything:
        raise FileProblem("empty_file")


def _shown(style: ElementTree.Element, known: dict[str, str]) -> str:
    code = next((attribute(part, "Format") for part in style if own(part.tag) == "NumberFormat"), None)
    if code is None:
        return known.get(attribute(style, "Parent"), "")
    return _NAMED.get(code) or shown_by(code)


def _number(element: ElementTree.Element, name: str, default: int, most: int) -> int:
    """An attribute that counts rows or columns."""
    told = attribute(element, name)
    if not told:
        return default
    if not re.fullmatch(r"\d{1,9}", told) or int(told) > most:
        raise TooLarge
    return int(told)


def _take_row(element: ElementTree.Element, sheet: Sheet, rows: list[list[str]], shown: dict[str, str]) -> int:
    """Lay out one row (and the blank ones before it); how many cells that is."""
    number = _number(element, "Index", len(rows) + 1, MOST_ROWS)
    if number <= len(rows):
        said = Text("行号前后颠倒", "the numbers of its rows go back")
        raise FileProblem("unreadable_file", said)
    blank = number - len(rows) - 1
    rows.extend([] for _ in range(blank))
    cells: list[str] = []
    for cell in element:
        if own(cell.tag) != "Cell":
            continue
        column = _number(cell, "Index", len(cells) + 1, MOST_COLUMNS) - 1
        across, down = _number(cell, "MergeAcross", 0, MOST_COLUMNS), _number(cell, "MergeDown", 0, MOST_ROWS)
        cells.extend([""] * (column - len(cells)))
        cells[column:] = [_value(cell, sheet, number, column, shown.get(attribute(cell, "StyleID"), "")), *[""] * across]
        if across or down:
            sheet.blocks.append((number, column, number + down, column + across))
    rows.append(cells)
    if attribute(element, "Hidden") == "1":
        sheet.hidden_rows = {*sheet.hidden_rows, number}
    again = _number(element, "Span", 0, MOST_ROWS)  # so many rows after it are formatted like it, and blank
    rows.extend([] for _ in range(again))
    return len(cells) + blank + again + 1


def _value(cell: ElementTree.Element, sheet: Sheet, row: int, column: int, shown: str) -> str:
    data = next((part for part in cell if own(part.tag) == "Data"), None)
    formula = attribute(cell, "Formula")
    if data is None:
        if formula:
            sheet.marks.append(Mark(row, column, "formula_without_value"))
        return without_controls(formula)
    text = without_controls("".join(data.itertext()))
    kind = attribute(data, "Type")
    if kind == "Error":
        sheet.marks.append(Mark(row, column, "error_value"))
    elif kind == "Boolean":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    elif kind == "DateTime":
        return as_shown(re.sub(r"T00:00:00(\.0+)?$", "", text).replace("T", " "), shown)
    elif kind == "Number" and re.fullmatch(r"[+-]?\d[\d.]*(?:[eE][+-]?\d{1,3})?", text):
        if mark := float_mark(float(text)):
            sheet.marks.append(Mark(row, column, mark))
        return as_shown(cell_text(float(text)), shown)
    return text
