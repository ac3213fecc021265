"""What an .xlsx file says about its cells beyond their values, read from its XML.

python-calamine gives the cached value of a formula, nothing for an error, the first of the month for a cell that a person
typed as ``2009年5月`` and 0.01 for 1%. Only sheets that have such cells or hidden rows pay for reading the XML.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from planning_check.ingest.scanning import holds
from planning_check.ingest.shown import BUILT_IN, SheetNotes, shown_by

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CHUNK = 1 << 20


def workbook_notes(path: Path) -> dict[str, SheetNotes] | None:
    """Notes of every sheet that has any, by sheet name. None: a package in another form, whose values are read all the same."""
    try:
        with zipfile.ZipFile(path) as package:
            styles = _shown_by_style(package)
            parts = sheet_parts(package)
            return {name: _read_part(package, part, styles) for name, part in parts.items() if _worth_reading(package, part, styles)}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return None


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part of the package that holds it."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): posixpath.normpath(posixpath.join("xl", r.get("Target", ""))).lstrip("/") for r in relations}
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))
    if workbook.tag.startswith(_STRICT):
        raise KeyError("a strict package")
    found = {s.get("name", ""): targets.get(s.get(_RELATION), "") for s in workbook.iter(f"{_MAIN}sheet")}
    there = set(package.namelist())
    return {name: part for name, part in found.items() if part in there}


def _shown_by_style(package: zipfile.ZipFile) -> dict[str, str]:
    """Cell style -> what it shows, for the styles that show something else than the value."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    known = {str(number): shown for number, shown in BUILT_IN.items()}
    known |= {f.get("numFmtId", ""): shown_by(f.get("formatCode", "")) for f in styles.iter(f"{_MAIN}numFmt")}
    cell_styles = styles.find(f"{_MAIN}cellXfs")
    used = enumerate(cell_styles if cell_styles is not None else ())
    return {str(i): shown for i, x in used if (shown := known.get(x.get("numFmtId", "")))}


def _worth_reading(package: zipfile.ZipFile, part: str, styles: dict[str, str]) -> bool:
    """Whether the sheet has a formula, an error, a hidden row or a cell in one of the styles (looked for as bytes, without parsing)."""
    styled = f'| s="(?:{"|".join(map(re.escape, styles))})"' if styles else ""
    wanted = f'[<:]f[ >]|t="e"| hidden="{styled}'
    tail = b""
    with package.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if holds(tail + chunk, wanted):
                return True
            tail = chunk[-16:]
    return False


def _read_part(package: zipfile.ZipFile, part: str, styles: dict[str, str]) -> SheetNotes:
    notes = SheetNotes()
    with package.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):
            if element.tag == f"{_MAIN}c":
                _note_cell(element, styles, notes)
            elif element.tag == f"{_MAIN}row":
                if element.get("hidden") in ("1", "true") and element.get("r", "").isdigit():
                    notes.hidden_rows.add(int(element.get("r", "")))
                element.clear()
    return notes.index()


def _note_cell(cell: ElementTree.Element, styles: dict[str, str], notes: SheetNotes) -> None:
    reference, kind = cell.get("r", ""), cell.get("t")
    formula, value = cell.find(f"{_MAIN}f"), cell.findtext(f"{_MAIN}v")
    if formula is not None and not value and kind != "str":
        notes.formulas[_place(reference)] = f"={formula.text or ''}"
    elif kind == "e":
        notes.errors[_place(reference)] = value or "#"
    elif value and kind not in ("s", "str", "b") and cell.get("s") in styles:
        notes.shown[_place(reference)] = styles[cell.get("s", "")]


def _place(reference: str) -> tuple[int, int]:
    """``C7`` -> (7, 2)."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
    return int(reference.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), column - 1
