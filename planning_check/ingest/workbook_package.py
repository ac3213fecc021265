"""An ``.xlsx`` as a package of parts: unpacked once, in memory, for all who look into it.

Its sheets are looked over for what is far away or shown otherwise than it is, and then read. The library that reads them goes through each
once more for its merged cells, which stand behind the rows; in what it is given they stand before them.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from planning_check.ingest.scanning import holds
from planning_check.ingest.shown import BUILT_IN, shown_by

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: What is unpacked into memory, at most: the library holds a copy of its own.
MOST_BYTES = 100_000_000
_READ = (".xml", ".rels")
_CHUNK, _OVERLAP = 1 << 20, 64
_ROWS, _ROWS_END, _HEAD = b"<sheetData", b"</sheetData>", 1 << 16
_MERGED, _NONE_MERGED = re.compile(rb"<mergeCells[ >].*?</mergeCells>", re.DOTALL), b"<mergeCells></mergeCells>"
#: A cell or row beyond AZ or 99999. (Below that there are 5,200,000 cells at most.)
_FAR = r"""["'](?:(?:[B-Z][A-Z]|[A-Z]{3,})\d+|[A-Z]{0,2}\d{6,})["']"""


class Package:
    """The parts of a workbook. Asked for its sheets, it raises what the libraries raise over a damaged one, and KeyError for one in
    another form. ``held``: all that matters, unpacked, in a package of its own; None where that is too much, or is not read to its end."""

    def __init__(self, path: Path):
        self.path = path
        self._places: dict[str, tuple[int, int]] = {}
        self.held = self._unpacked()

    def _unpacked(self) -> bytes | None:
        copy, places = io.BytesIO(), {}
        try:
            with zipfile.ZipFile(self.path) as package, zipfile.ZipFile(copy, "w") as made:
                parts = [part for part in package.infolist() if part.filename.lower().endswith(_READ)]
                twice = len({part.filename for part in parts}) < len(parts)
                if twice or sum(part.file_size for part in parts) > MOST_BYTES:
                    return None
                for part in parts:
                    with made.open(part.filename, "w") as stream:
                        begin = copy.tell()
                        stream.writelines(merged_first(package.read(part)))
                        places[part.filename] = begin, copy.tell()
        except Exception:  # whatever the library raises over damaged bytes: the reader may see more in them
            return None
        self._places = places
        return copy.getvalue()

    def entries(self) -> list[zipfile.ZipInfo]:
        """All parts, by name and unpacked size."""
        with zipfile.ZipFile(self.path) as package:
            return package.infolist()

    @contextmanager
    def opened(self, part: str) -> Iterator[IO[bytes]]:
        """One part, to read. Raises KeyError where there is none."""
        if self.held is not None:
            yield io.BytesIO(self.whole(part))
            return
        with zipfile.ZipFile(self.path) as package, package.open(part) as stream:
            yield stream

    def whole(self, part: str) -> memoryview | bytes:
        """One part, all of it. Raises KeyError where there is none."""
        if self.held is not None:
            begin, end = self._places[part]
            return memoryview(self.held)[begin:end]
        with self.opened(part) as stream:
            return stream.read()

    def holds(self, part: str, pattern: str) -> bool:
        """Whether a pattern is anywhere in one part."""
        return any(holds(piece, pattern) for piece in self.pieces(part))

    def pieces(self, part: str) -> Iterator[bytes | memoryview]:
        """One part, whole if it is held, else piece by piece with the end of the one before."""
        if self.held is not None:
            yield self.whole(part)
            return
        tail = b""
        with self.opened(part) as stream:
            while chunk := stream.read(_CHUNK):
                yield tail + chunk
                tail = chunk[-_OVERLAP:]

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Sheet name -> the part that holds it."""
        relations = ElementTree.fromstring(self.whole("xl/_rels/workbook.xml.rels"))
        targets = {r.get("Id"): posixpath.normpath(posixpath.join("xl", r.get("Target", ""))).lstrip("/") for r in relations}
        workbook = ElementTree.fromstring(self.whole("xl/workbook.xml"))
        if workbook.tag.startswith(_STRICT):
            raise KeyError("a strict package")
        found = {s.get("name", ""): targets.get(s.get(_RELATION), "") for s in workbook.iter(f"{MAIN}sheet")}
        return {name: part for name, part in found.items() if part in self._names}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self._places if self.held is not None else (entry.filename for entry in self.entries()))

    @cached_property
    def styles(self) -> dict[str, str]:
        """Cell style -> what it shows, for the styles that show something else than the value."""
        if "xl/styles.xml" not in self._names:
            return {}
        styles = ElementTree.fromstring(self.whole("xl/styles.xml"))
        known = {str(number): shown for number, shown in BUILT_IN.items()}
        known |= {f.get("numFmtId", ""): shown_by(f.get("formatCode", "")) for f in styles.iter(f"{MAIN}numFmt")}
        cell_styles = styles.find(f"{MAIN}cellXfs")
        used = enumerate(cell_styles if cell_styles is not None else ())
        return {str(i): shown for i, x in used if (shown := known.get(x.get("numFmtId", "")))}

    @cached_property
    def seen(self) -> dict[str, tuple[bool, bool]]:
        """Part of a sheet -> whether it names a cell or row that is far away; and whether it has a formula, an error, a hidden row or a
        cell in one of the styles. (Looked for as bytes, in one go: nearly all sheets have neither.)"""
        styled = f'| s="(?:{"|".join(map(re.escape, self.styles))})"' if self.styles else ""
        noted = f'[<:]f[ >]|t="e"| hidden="{styled}'
        seen = {}
        for part in self.sheets.values():
            any_of_them = self.holds(part, f"{_FAR}|{noted}")
            seen[part] = any_of_them and self.holds(part, _FAR), any_of_them and self.holds(part, noted)
        return seen


def merged_first(part: bytes) -> list[bytes | memoryview]:
    """The part of a sheet, in pieces, with its merged cells before its rows, or the word that there are none; any other as it is, and a
    sheet that is not written as spreadsheet programs do."""
    rows, below = part.find(_ROWS, 0, _HEAD), part.rfind(_ROWS_END)
    if not 0 <= rows < below:
        return [part]
    head, tail = part[:rows], part[below:]
    found = _MERGED.search(tail)
    if b"<!" in head or b"mergeCell" in head or b"<!" in tail or (found is None and b"mergeCell" in tail):
        return [part]
    if found is not None:
        tail = tail[: found.start()] + tail[found.end() :]
    return [head, found[0] if found else _NONE_MERGED, memoryview(part)[rows:below], tail]
