"""What an .ods file says about its cells beyond their values: dates shown by month, percentages, hidden rows, merged cells."""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

from planning_check.errors import Text
from planning_check.ingest.plain import plain
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.shown import SheetNotes, foreign_money
from planning_check.ingest.units import UNITS

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
_ODD = re.compile(
    rb'number-rows-spanned="(?!1")|:visibility="(?!visible")|:display="false"|"percentage"|<number:(?:date|number|currency)-style'
)

_OFTEN = re.compile(rb"""number-rows-repeated=["'](\d{5,20})["']""")
_CHUNK, _AHEAD = 1 << 20, 65_536
#: A value repeated over more cells is no record.
_REPEATED = 100_000


def refuse_repeated(path: Path) -> None:
    """Raises FileProblem for a row with something in it that stands more often than anybody types it."""
    with suppress(zipfile.BadZipFile, KeyError, zlib.error, NotImplementedError), zipfile.ZipFile(path) as package:
        tail = b""
        with package.open("content.xml") as stream:
            while chunk := stream.read(_CHUNK):
                tail = tail[-_AHEAD:] + chunk
                for found in _OFTEN.finditer(tail):
                    if b"value-type" in tail[found.end() : found.end() + _AHEAD].partition(b"table-row")[0]:
                        times = found[1].decode()
                        raise FileProblem(
                            "unreadable_file",
                            Text(
                                f"有一行重复了 {times} 次（最多 9,999 次）", f"one of its rows stands {times} times in it (at most 9,999)"
                            ),
                        )


def ods_notes(path: Path) -> dict[str, SheetNotes] | None:
    """Notes of every sheet, by sheet name. None: a package in another form."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = [package.read(n) for n in ("styles.xml", "content.xml") if n in package.namelist()]
        if not any(_ODD.search(p) for p in parts):
            return {}
        styles = Styles()
        for part in parts[:-1]:
            styles.take(ElementTree.fromstring(part))
        content = ElementTree.fromstring(parts[-1])
        styles.take(content)
        return {t.get(_table("name"), ""): _read_table(t, styles) for t in content.iter(_table("table"))}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, IndexError):
        return None


def _table(word: str) -> str:
    return _NAMES % ("table", word)


def _style(word: str) -> str:
    return _NAMES % ("style", word)


def _number(word: str) -> str:
    return _NAMES % ("datastyle", word)


class Styles:
    """Which cell styles show a month, a year or a unit, and which table styles hide their sheet."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self.cells: dict[str, str] = {}
        self.hidden: set[str] = set()

    def take(self, root: ElementTree.Element) -> None:
        for kind in ("date-style", "number-style", "currency-style"):
            self.data |= {s.get(_style("name"), ""): _shown_by_data_style(s) for s in root.iter(_number(kind))}
        for kind in ("date-style", "number-style", "currency-style", "text-style"):
            for style in root.iter(_number(kind)):  # a format with conditions: the first is for ordinary values
                named = [m.get(_style("apply-style-name"), "") for m in style.iter(_style("map"))]
                if named and not self.data.get(style.get(_style("name"), "")):
                    self.data[style.get(_style("name"), "")] = self.data.get(named[0], "")
        for style in root.iter(_style("style")):
            own, parent = style.get(_style("data-style-name")), style.get(_style("parent-style-name"), "")
            self.cells[style.get(_style("name"), "")] = self.data.get(own, "") if own else self.cells.get(parent, "")
            if any(p.get(_table("display")) == "false" for p in style.iter(_style("table-properties"))):
                self.hidden.add(style.get(_style("name"), ""))


def _shown_by_data_style(style: ElementTree.Element) -> str:
    parts = {child.tag for child in style}
    if _number("year") in parts:
        finer = {_number(w) for w in ("day", "day-of-week", "hours", "minutes", "seconds")}
        return "" if parts & finer else "month" if _number("month") in parts else "year"
    for child in style:
        if child.tag == _number("currency-symbol") and (foreign := foreign_money(child.text or "", child.get(_number("country"), ""))):
            return foreign
    texts = [child.text or "" for child in style if child.tag in (_number("text"), _number("currency-symbol"))]
    unit = plain(texts[-1]) if texts and style[-1].tag != _number("number") else ""
    return unit if any(unit in UNITS[m] for m in ("m2", "yuan")) else ""


def _read_table(table: ElementTree.Element, styles: Styles) -> SheetNotes:
    notes = SheetNotes(hidden=table.get(_table("style-name"), "") in styles.hidden)
    defaults = [
        style
        for column in table.iter(_table("table-column"))
        for style in [column.get(_table("default-cell-style-name"), "")] * min(int(column.get(_table("number-columns-repeated"), 1)), 1024)
    ]
    row = 1
    for element in table.iter(_table("table-row")):
        times = int(element.get(_table("number-rows-repeated"), 1))
        if element.get(_table("visibility")) in ("collapse", "filter") and times < 100_000:
            notes.hidden_rows.update(range(row, row + times))
        if times < 1000:
            _read_row(element, range(row, row + times), defaults, styles, notes)
        row += times
    return notes.index()


def _read_row(element: ElementTree.Element, rows: range, defaults: list[str], styles: Styles, notes: SheetNotes) -> None:
    column = 0
    of_row = element.get(_table("default-cell-style-name"), "")
    for cell in element:
        times = int(cell.get(_table("number-columns-repeated"), 1))
        kind = cell.get(_NAMES % ("office", "value-type"))
        if (down := int(cell.get(_table("number-rows-spanned"), 1))) > 1 or cell.get(_table("number-columns-spanned"), "1") != "1":
            right = int(cell.get(_table("number-columns-spanned"), 1))
            notes.blocks.append((rows[0], column, rows[0] + down - 1, column + right - 1))
        if kind in ("date", "percentage", "float", "currency") and times * len(rows) < _REPEATED:
            for at in range(column, column + times):
                style = cell.get(_table("style-name")) or of_row or (defaults[at] if at < len(defaults) else "")
                shown = "percent" if kind == "percentage" else styles.cells.get(style, "")
                if shown:
                    notes.shown |= {(row, at): shown for row in rows}
        column += times
