"""A delivery as YAML declares it, written in any of several kinds of file, and what is right for it.

``sheets``: sheet -> rows (a list, or one text with ``|`` between the cells, in which numbers and days are such); ``merged``: sheet ->
ranges; ``hidden``: sheets that are hidden; ``texts``: files of text beside it; ``in``: the kinds of file, where not all can hold it.
``right``: ``values`` (table -> id -> column -> value; ~ is unknown), ``stops`` (words of the error, where nothing can be checked),
``rows`` (table -> how many), ``problems`` (kind, place and words, each in both languages), ``not`` (kinds that there must not be).
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
from openpyxl.utils.cell import range_boundaries
from ruamel.yaml import YAML

Rows = list[list[Any]]


def declared(path: Path) -> dict[str, dict[str, Any]]:
    """Every delivery of one file of YAML, by name."""
    return YAML(typ="safe").load(path.read_text("utf-8"))


def rows_of(told: list[Any]) -> Rows:
    return [row if isinstance(row, list) else [_cell(cell) for cell in (row or "").split("|")] for row in told]


def _cell(text: str) -> Any:
    """A cell of a row that is told as one text: 'x is the text x, whatever it looks like."""
    text = text.strip(" ")
    if text.startswith("'"):
        return text[1:]
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return dt.date.fromisoformat(text)
    return text or None


def write(delivery: dict[str, Any], kind: str, folder: Path) -> None:
    """The delivery as files of this kind: one workbook, or a file of text for each sheet."""
    sheets = {name: rows_of(rows) for name, rows in delivery["sheets"].items()}
    WRITERS[kind](folder / f"台账.{kind}", sheets, delivery.get("merged", {}), delivery.get("hidden", []))
    for name, text in delivery.get("texts", {}).items():
        (folder / name).write_text(text, "utf-8")


def kinds(delivery: dict[str, Any]) -> list[str]:
    """The kinds of file that can hold the delivery."""
    able = delivery.get("in") or list(WRITERS)
    plain = not (delivery.get("merged") or delivery.get("hidden"))
    return [kind for kind in able if plain or kind in ("xlsx", "ods")]


def _xlsx(path: Path, sheets: dict[str, Rows], merged: dict[str, list[str]], hidden: list[str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cell in (c for line in sheet for c in line if c.data_type == "f"):
            cell.data_type = "s"  # ="0012" as a text
        for area in merged.get(name, []):
            sheet.merge_cells(area)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)


def _csv(path: Path, sheets: dict[str, Rows], *_: Any) -> None:
    for name, rows in sheets.items():
        lines = (",".join(f'"{_shown(c)}"' if re.search("[,\n]", _shown(c)) else _shown(c) for c in row) for row in rows)
        path.with_name(f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _ods(path: Path, sheets: dict[str, Rows], merged: dict[str, list[str]], hidden: list[str]) -> None:
    tables = []
    for name, rows in sheets.items():
        spans, covered = _spans(merged.get(name, []))
        lines = []
        for r, row in enumerate(rows, 1):
            cells = []
            for c, cell in enumerate(row, 1):
                tag = "covered-table-cell" if (r, c) in covered else "table-cell"
                wide, high = spans.get((r, c), (1, 1))
                span = f' table:number-columns-spanned="{wide}" table:number-rows-spanned="{high}"' if (wide, high) != (1, 1) else ""
                cells.append(f"<table:{tag}{span}{_ods_value(cell)}</table:{tag}>")
            lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        style = ' table:style-name="gone"' if name in hidden else ""
        tables.append(f"<table:table table:name={quoteattr(name)}{style}>{''.join(lines)}</table:table>")
    space = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    gone = '<style:style style:name="gone" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f'<office:document-content {spaces} office:version="1.2"><office:automatic-styles>{gone}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{mime}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as package:
        for part, text in (("mimetype", mime), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            package.writestr(part, text)


def _spans(areas: list[str]) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Of merged ranges: how wide and high the first cell is, and the cells below it."""
    spans, covered = {}, set()
    for left, top, right, bottom in map(range_boundaries, areas):
        spans[top, left] = (right - left + 1, bottom - top + 1)
        covered |= {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)} - {(top, left)}
    return spans, covered


def _ods_value(cell: Any) -> str:
    if cell is None:
        return ">"
    if isinstance(cell, dt.date):
        return f' office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell.isoformat()}</text:p>'
    kind = f'float" office:value="{cell}' if isinstance(cell, int | float) else "string"
    return f' office:value-type="{kind}"><text:p>{escape(str(cell))}</text:p>'


def _xml(path: Path, sheets: dict[str, Rows], *_: Any) -> None:
    """What Excel 2003 saves as XML."""
    tables = (
        f"<Worksheet ss:Name={quoteattr(name)}><Table>{''.join(_xml_row(row) for row in rows)}</Table></Worksheet>"
        for name, rows in sheets.items()
    )
    space = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    path.write_text(f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {space}>{"".join(tables)}</Workbook>', "utf-8")


def _xml_row(row: list[Any]) -> str:
    cells = []
    for cell in row:
        kind = "Number" if isinstance(cell, int | float) else "DateTime" if isinstance(cell, dt.date) else "String"
        shown = f"{cell.isoformat()}T00:00:00.000" if isinstance(cell, dt.date) else escape(_shown(cell))
        cells.append("<Cell/>" if cell is None else f'<Cell><Data ss:Type="{kind}">{shown}</Data></Cell>')
    return f"<Row>{''.join(cells)}</Row>"


WRITERS: dict[str, Callable[[Path, dict[str, Rows], dict[str, list[str]], list[str]], None]] = {
    "xlsx": _xlsx, "ods": _ods, "csv": _csv, "xml": _xml,
}  # fmt: skip
