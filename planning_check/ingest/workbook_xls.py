"""What an .xls file says about its cells beyond their values: number formats and hidden rows, from its records (BIFF).

The file is a small file system of sectors; the stream ``Workbook`` in it is a row of records (kind, length, content).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from planning_check.ingest.shown import BUILT_IN, SheetNotes, shown_by

_FORMAT, _XF, _SHEET, _ROW, _NUMBER, _RK, _MANY_RK, _FORMULA, _END = 0x41E, 0xE0, 0x85, 0x208, 0x203, 0x27E, 0xBD, 0x06, 0x0A
_LAST_SECTOR = 0xFFFFFFFA


def xls_notes(path: Path) -> dict[str, SheetNotes] | None:
    """Notes of every sheet, by sheet name. None: a file in another form, whose values are read all the same."""
    try:
        stream = _workbook_stream(path.read_bytes())
        formats = dict(BUILT_IN)
        styles: list[int] = []
        sheets: dict[str, tuple[int, bool]] = {}
        for kind, at, size in _records(stream, 0):
            content = stream[at : at + size]
            if kind == _FORMAT:
                formats[int.from_bytes(content[:2], "little")] = shown_by(_text(content[2:], 2))
            elif kind == _XF:
                styles.append(int.from_bytes(content[2:4], "little"))
            elif kind == _SHEET:
                sheets[_text(content[6:], 1)] = int.from_bytes(content[:4], "little"), content[4] & 3 != 0
        shown = {number: formats.get(style, "") for number, style in enumerate(styles)}
        return {name: _read_sheet(stream, start, hidden, shown) for name, (start, hidden) in sheets.items()}
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The records of a substream: kind, where the content begins, its length."""
    end = len(stream) - 4
    while at <= end:
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _END:
            return
        yield kind, at + 4, size
        at += 4 + size


def _read_sheet(stream: bytes, start: int, hidden: bool, shown: dict[int, str]) -> SheetNotes:
    notes = SheetNotes(hidden=hidden)
    odd = {style: what for style, what in shown.items() if what}
    for kind, at, size in _records(stream, start):
        if kind in (_NUMBER, _RK, _FORMULA):
            row, column, style = struct.unpack_from("<HHH", stream, at)
            if style in odd:
                notes.shown[row + 1, column] = odd[style]
        elif kind == _MANY_RK and odd:
            row, first = struct.unpack_from("<HH", stream, at)
            for n in range((size - 6) // 6):
                (style,) = struct.unpack_from("<H", stream, at + 4 + 6 * n)
                if style in odd:
                    notes.shown[row + 1, first + n] = odd[style]
        elif kind == _ROW and struct.unpack_from("<H", stream, at + 12)[0] & 0x20:
            notes.hidden_rows.add(struct.unpack_from("<H", stream, at)[0] + 1)
    return notes.index()


def _text(content: bytes, width: int) -> str:
    """A string with its number of characters before it (in ``width`` bytes), two bytes a character where the flag says so."""
    length, flags = int.from_bytes(content[:width], "little"), content[width]
    start = width + 1
    return content[start : start + 2 * length].decode("utf-16-le") if flags & 1 else content[start : start + length].decode("latin-1")


def _workbook_stream(data: bytes) -> bytes:
    """The stream of records within the compound file."""
    if data[:8] != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise ValueError("no compound file")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    directory, _, cutoff, mini_start, _, more, _ = struct.unpack_from("<IIIIIII", data, 48)
    table_sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _LAST_SECTOR]
    while more < _LAST_SECTOR:
        *numbers, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        table_sectors += [s for s in numbers if s < _LAST_SECTOR]
    after = [n for s in table_sectors for n in struct.unpack_from(f"<{size // 4}I", data, (s + 1) * size)]
    entries = _chain(data, after, directory, size, size)
    found = root = None
    for at in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, at + 64)[0]
        name = entries[at : at + max(length - 2, 0)].decode("utf-16-le")
        place = struct.unpack_from("<II", entries, at + 116)
        root = place if entries[at + 66] == 5 else root
        found = place if name == "Workbook" else found
    if found is None or root is None:
        raise ValueError("no workbook in the file")
    start, length = found
    if length >= cutoff:
        return _chain(data, after, start, size, size)[:length]
    small = 1 << struct.unpack_from("<H", data, 32)[0]
    mini = _chain(data, after, mini_start, size, size)
    return _chain(_chain(data, after, root[0], size, size), list(struct.unpack(f"<{len(mini) // 4}I", mini)), start, small, 0)[:length]


def _chain(data: bytes, after: list[int], sector: int, size: int, offset: int) -> bytes:
    """The sectors of one stream, one after another."""
    parts = []
    while sector < _LAST_SECTOR:
        parts.append(data[sector * size + offset : (sector + 1) * size + offset])
        if len(parts) > len(after):
            raise ValueError("sectors in a circle")
        sector = after[sector]
    return b"".join(parts)
