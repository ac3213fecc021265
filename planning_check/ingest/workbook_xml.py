"""What an .xlsx file says about its cells beyond their values, read from its XML.

python-calamine gives the cached value of a formula, nothing for an error, the first of the month for a cell that a person
typed as ``2009年5月`` and 0.01 for 1%. Only sheets that have such cells or hidden rows pay for it, and of a sheet that is written as
spreadsheet programs do only such cells are looked at; any other is read as XML, element by element.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO
from xml.etree import ElementTree

from planning_check.ingest.scanning import holds
from planning_check.ingest.shown import SheetNotes
from planning_check.ingest.workbook_package import MAIN, Package

#: What does not stand in a sheet as spreadsheet programs write it: other quotes, gaps, comments, prefixes, a formula behind its value.
_ODD = r"""<[^?>][^>]*(?:\s=|=\s|=')|<!|<[^ >:]+:(?:c|row|f|v|sheetData)[\s/>]|</?(?:v|is)/?>\s*<f[\s/>]"""
_ENCODED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_SHEET, _HEAD = re.compile(rb'<worksheet(?:\s[^>]*)?\sxmlns="' + re.escape(MAIN.strip("{}").encode()) + rb'"[^>]*>'), 1 << 16
_HIDDEN = re.compile(rb"""<row((?=[^>]*?\shidden="(?:1|true)")[^>]*)>""")
#: Attributes and content of a cell with an error, in a style that shows something else than the value, or with a formula and no value.
_CELL = (
    r'<c(?=[^>]*?\st="e"[\s/>]{styled}|[^>]*[^>/]>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*+(?!<v(?:\s[^>]*)?>[^<]))'
    r"(\s[^>]*?)(?:/>|>(.*?)</c>)"
)
_NO_NUMBER = (b"s", b"str", b"b")
_ATTRIBUTE, _VALUE = re.compile(rb'\s([rst])="([^"]*)"'), re.compile(rb"<v(?:\s[^>]*)?>[^<]")


def workbook_notes(package: Package) -> dict[str, SheetNotes] | None:
    """Notes of every sheet that has any, by sheet name. None: a package in another form, whose values are read all the same."""
    try:
        return {name: read_part(package, part) for name, part in package.sheets.items() if package.seen[part][1]}
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return None


def read_part(package: Package, part: str) -> SheetNotes:
    """The notes of one sheet."""
    if package.held is not None and is_usual(whole := package.whole(part)):
        return usual_notes(whole, package.styles)
    with package.opened(part) as stream:
        return element_notes(stream, package.styles)


def is_usual(part: bytes | memoryview) -> bool:
    """Whether a sheet is written as spreadsheet programs do."""
    return not _ENCODED.match(part) and _SHEET.search(part, 0, _HEAD) is not None and not holds(part, _ODD)


def usual_notes(part: bytes | memoryview, styles: dict[str, str]) -> SheetNotes:
    """The notes of a sheet that is: those cells alone are taken out and looked at that may have one."""
    notes = SheetNotes()
    rows = (dict(_ATTRIBUTE.findall(attributes)).get(b"r", b"") for attributes in _HIDDEN.findall(part))
    notes.hidden_rows.update(int(row) for row in rows if row.isdigit())
    styled = rf'|[^>]*?\ss="(?:{"|".join(map(re.escape, styles))})"[^>]*(?<!/)>' if styles else ""
    for attributes, content in re.findall(_CELL.format(styled=styled).encode(), part, re.DOTALL):
        told = dict(_ATTRIBUTE.findall(attributes))
        if told.get(b"t") == b"e" or not _VALUE.search(content):
            cell = f'<c xmlns="{MAIN.strip("{}")}"'.encode() + attributes + b">" + content + b"</c>"
            _note_cell(ElementTree.fromstring(cell), styles, notes)
        elif told.get(b"t") not in _NO_NUMBER:
            notes.shown[_place(told[b"r"].decode())] = styles[told[b"s"].decode()]
    return notes.index()


def element_notes(stream: IO[bytes], styles: dict[str, str]) -> SheetNotes:
    """The notes of any sheet."""
    notes = SheetNotes()
    for _, element in ElementTree.iterparse(stream):
        if element.tag == f"{MAIN}c":
            _note_cell(element, styles, notes)
        elif element.tag == f"{MAIN}row":
            if element.get("hidden") in ("1", "true") and element.get("r", "").isdigit():
                notes.hidden_rows.add(int(element.get("r", "")))
            element.clear()
    return notes.index()


def _note_cell(cell: ElementTree.Element, styles: dict[str, str], notes: SheetNotes) -> None:
    reference, kind = cell.get("r", ""), cell.get("t")
    formula, value = cell.find(f"{MAIN}f"), cell.findtext(f"{MAIN}v")
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
