"""One reader per format: files to sheets of cell texts, row by row, nothing interpreted yet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from planning_check.errors import Text
from planning_check.ingest.plain import is_blank, without_controls
from planning_check.ingest.sheets import FileProblem, Mark, Sheet

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".tsv"})
LAYERS = frozenset({".gpkg", ".shp", ".geojson", ".json"})
MOST_TEXT_BYTES = 1 << 30  # it takes several times that of memory
EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The sheets of a workbook or a delimited text file, one at a time."""
    if path.stat().st_size == 0:
        raise FileProblem("empty_file")
    if path.suffix.lower() in TEXTS:
        yield _read_text(path)
    else:
        yield from _read_workbook(path)


def _read_text(path: Path) -> Sheet:
    if path.stat().st_size > MOST_TEXT_BYTES:
        said = f"{path.stat().st_size / 2**30:.1f} GB"
        raise FileProblem(
            "unreadable_file",
            Text(
                f"文字文件太大（{said}，至多 1 GB），请分成几份", f"too large for a text file ({said}, at most 1 GB); deliver it in parts"
            ),
        )
    data = path.read_bytes()
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")) and data.count(0) * 2 > len(data):
        raise FileProblem("unreadable_file", Text("内容大半是空字符（NUL），不是文字", "more than half of it is NUL, which is no text"))
    text, encoding = decoded(data)
    text = without_controls(text)
    if not text.strip():
        raise FileProblem("empty_file")
    start = text.split("\n", 10)[:10]
    counts = {d: sum(line.count(d) for line in start) for d in (",", "\t", ";")}
    delimiter = "\t" if path.suffix.lower() == ".tsv" else max(counts, key=counts.__getitem__)
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return Sheet("", _text_rows(reader), encoding=encoding, delimited=True)


def _text_rows(reader: Any) -> Iterator[list[str]]:
    """Rows of a delimited file. An unclosed quote would swallow every row after it, so it stops the file."""
    try:
        yield from reader
    except csv.Error as error:
        place = f"{reader.line_num}"
        raise FileProblem(
            "unreadable_file", Text(f"第 {place} 行附近引号不成对（{error}）", f"quotes do not match near line {place} ({error})")
        ) from error


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a delimited file and the encoding that it proved to be in: UTF-16 by its mark, UTF-8, else GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        choices = ["utf-16"]
    elif data.startswith(b"\xef\xbb\xbf"):
        choices = ["utf-8-sig"]
    else:
        choices = ["utf-8", "gb18030"]
    for encoding in choices:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileProblem("unreadable_file", Text("既不是 UTF-8 也不是 GB18030 编码的文字", "the text is neither UTF-8 nor GB18030"))


def _read_workbook(path: Path) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    from planning_check.ingest.shown import SheetNotes
    from planning_check.ingest.trial import try_out

    try_out(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        worksheets = [(s.name, s.visible != SheetVisibleEnum.Visible) for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        notes = _notes(path)
        anything = False
        for name, hidden in worksheets:
            content = workbook.get_sheet_by_name(name)
            if content.start is None:
                continue
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
    except (CalamineError, OSError) as error:
        raise FileProblem("unreadable_file", Text(str(error), str(error))) from error
    if not anything:
        raise FileProblem("empty_file")


def _notes(path: Path) -> dict | None:
    """What the file says beyond the values, by sheet; None where that could not be read."""
    from planning_check.ingest.workbook_ods import ods_notes
    from planning_check.ingest.workbook_xls import xls_notes
    from planning_check.ingest.workbook_xml import workbook_notes

    return {".xls": xls_notes, ".ods": ods_notes}.get(path.suffix.lower(), workbook_notes)(path)


def _workbook_rows(content: Any, sheet: Sheet, notes: Any) -> Iterator[list[str]]:
    from planning_check.ingest.shown import apply_notes

    start_column = content.start[1]
    left = [""] * start_column
    for number, row in enumerate(content.iter_rows(), 1):  # it yields the blank rows at the top, but not the blank columns
        cells = left + [c if type(c) is str else cell_text(c) for c in row]
        for column, value in enumerate(row, start_column):
            if type(value) is float and (value >= EXACT_DIGITS or 1900 < value < 2200) and (code := _float_mark(value)):
                sheet.marks.append(Mark(number, column, code))
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


def cell_text(value: object) -> str:
    """A cell that is no text, as text: numbers in their shortest exact form, whole ones without ``.0``; dates in ISO form."""
    if type(value) is float:
        text = repr(value)
        if "e" in text:
            text = format(Decimal(text), "f")
        return text.removesuffix(".0")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _float_mark(value: float) -> str:
    """A number that is not the code or month that was typed: digits lost, or 2009.10 kept as 2009.1."""
    if value >= EXACT_DIGITS:
        return "code_lost_digits"
    return "ambiguous_month" if re.fullmatch(r"\d{4}\.1", repr(value)) else ""
