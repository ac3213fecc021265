"""Sheets of cell texts, row by row, out of every kind of workbook, table and text; nothing interpreted yet."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.cases import COVER_DIGEST, KEYS_SHEET
from planning_check.errors import Text
from planning_check.ingest.cells import CellTexts, cell_text, float_mark, is_doubtful
from planning_check.ingest.kinds import Kind
from planning_check.ingest.plain import is_blank, without_controls
from planning_check.ingest.sheets import FileProblem, Mark, Sheet

if TYPE_CHECKING:
    from planning_check.ingest.workbook_package import Package

_COVER_ROWS = 20


def read_sheets(path: Path, kind: Kind, *, meetings: bool = False) -> Iterator[Sheet]:
    """The sheets of a file, one at a time. ``meetings``: also those of the workbook of a joint meeting, which is no delivery."""
    from planning_check.ingest.json_rows import read_records
    from planning_check.ingest.texts import read_text
    from planning_check.ingest.workbook_2003 import read_workbook_2003
    from planning_check.ingest.workbook_html import read_html

    if kind.name == "text":
        yield read_text(path)
    elif kind.name in ("xml2003", "html"):
        for sheet in (read_workbook_2003 if kind.name == "xml2003" else read_html)(path):
            sheet.rows = _with_blocks(sheet.rows, sheet.blocks)
            yield sheet
    elif kind.name == "records":
        yield from read_records(path)
    else:
        yield from _read_workbook(path, kind, meetings=meetings)


def _read_workbook(path: Path, kind: Kind, *, meetings: bool) -> Iterator[Sheet]:
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum

    from planning_check.ingest.shown import SheetNotes
    from planning_check.ingest.trial import opened, try_out
    from planning_check.ingest.workbook_ods import refuse_repeated
    from planning_check.ingest.workbook_package import Package

    if kind.name == "ods":
        refuse_repeated(path)
    package = Package(path) if kind.name == "xlsx" else None
    try_out(path, kind.name, package)
    try:
        workbook = opened(path, kind.name, package)
        worksheets = [(s.name, s.visible != SheetVisibleEnum.Visible) for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        if not meetings and any(name == KEYS_SHEET for name, _ in worksheets):
            raise FileProblem("meeting_book")
        notes = _notes(path, kind.name, package)
        package = None  # and its memory
        anything = False
        for name, hidden in worksheets:
            content = workbook.get_sheet_by_name(name)
            if content.start is None:
                continue
            if not meetings and not anything and _is_cover(content):
                raise FileProblem("meeting_book")
            anything = True
            of_sheet = SheetNotes(known=False) if notes is None else notes.get(name, SheetNotes())
            merged = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in content.merged_cell_ranges or ()]
            sheet = Sheet(
                without_controls(name),
                iter(()),
                hidden=hidden or of_sheet.hidden,
                hidden_rows=of_sheet.hidden_rows,
                blocks=merged or of_sheet.blocks,
            )
            sheet.rows = _with_blocks(_workbook_rows(content, sheet, of_sheet), sheet.blocks)
            yield sheet
    except PasswordError as error:
        raise FileProblem("password_protected") from error
    except (CalamineError, OSError, zlib.error, zipfile.BadZipFile) as error:
        said = Text(f"它是{kind.label.zh}，但内容不完整或已损坏", f"it is {kind.label.en}, but incomplete or damaged")
        raise FileProblem("unreadable_file", said) from error
    if not anything:
        raise FileProblem("empty_file")


def _is_cover(content: Any) -> bool:
    """Whether a sheet is the cover of the workbook of a joint meeting, which says of which check it is; its registers are no delivery."""
    rows = islice(content.iter_rows(), _COVER_ROWS)
    return any(cell in (COVER_DIGEST.zh, COVER_DIGEST.en) for row in rows for cell in row[:1])


def _notes(path: Path, kind: str, package: Package | None) -> dict | None:
    """What the file says beyond the values, by sheet; None where that could not be read. ``package``: of an .xlsx."""
    from planning_check.ingest.workbook_ods import ods_notes
    from planning_check.ingest.workbook_xls import xls_notes
    from planning_check.ingest.workbook_xml import workbook_notes

    if package is not None:
        return workbook_notes(package)
    return {"xls": xls_notes, "ods": ods_notes}[kind](path) if kind in ("xls", "ods") else None


def _workbook_rows(content: Any, sheet: Sheet, notes: Any) -> Iterator[list[str]]:
    from planning_check.ingest.shown import apply_notes

    start_column = content.start[1]
    left = [""] * start_column
    texts = CellTexts()
    for number, row in enumerate(content.iter_rows(), 1):  # it yields the blank rows at the top, but not the blank columns
        cells = left + [c if type(c) is str else texts[c] if type(c) is not bool else cell_text(c) for c in row]
        if texts.doubtful:
            found = ((i, float_mark(value)) for i, value in enumerate(row, start_column) if type(value) is float and is_doubtful(value))
            sheet.marks += (Mark(number, column, code) for column, code in found if code)
            texts.doubtful = False
        if notes.rows or not notes.known:
            apply_notes(notes, number, cells, sheet.marks)
        yield cells if "".join(cells).isprintable() else [without_controls(cell) for cell in cells]


def _with_blocks(rows: Iterator[list[str]], blocks: list[tuple[int, int, int, int]]) -> Iterator[list[str]]:
    """A value merged over several rows stands in each of them that has anything else of its own."""
    down = sorted((top, bottom, left) for top, left, bottom, _ in blocks if bottom > top)
    if not down:
        yield from rows
        return
    waiting = iter([*down, (2**62, 0, 0)])
    open_blocks: list[tuple[int, int, str]] = []
    top, bottom, column = next(waiting)
    for number, cells in enumerate(rows, 1):
        own = not is_blank("".join(cells))
        for _, at, value in (b for b in open_blocks if b[0] >= number and own):
            cells.extend([""] * (at + 1 - len(cells)))
            cells[at] = cells[at] or value
        open_blocks = [b for b in open_blocks if b[0] > number]
        while top <= number:
            if top == number and column < len(cells) and cells[column]:
                open_blocks.append((bottom, column, cells[column]))
            top, bottom, column = next(waiting)
        yield cells
