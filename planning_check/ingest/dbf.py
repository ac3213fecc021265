"""The attributes of a Shapefile as bytes: their encoding, and the cells that GDAL would cut."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

#: The language id in the head of a DBF that says GBK.
_LANGUAGE_GBK = 0x4D
_DELETED = ord("*")


def beside(path: Path, suffix: str) -> Path | None:
    """A sidecar of a Shapefile, whatever the case of its suffix."""
    return next((p for s in (suffix, suffix.upper()) if (p := path.with_suffix(s)).exists()), None)


def decoded(value: bytes, encoding: str) -> str:
    """The text of one value. A DBF cuts names and values at a number of bytes, so half a character at the end is left off."""
    return codecs.getincrementaldecoder(encoding)().decode(value)


@dataclass
class Attributes:
    """The table beside a Shapefile; empty where there is none."""

    data: bytes
    named: str

    @classmethod
    def of(cls, path: Path) -> Attributes:
        """``path``: of the .shp or of the table itself."""
        dbf, page = beside(path, ".dbf") if path.suffix.lower() == ".shp" else path, beside(path, ".cpg")
        named = without_controls(page.read_bytes()[:100].decode("ascii", "replace")).strip() if page else ""
        return cls(dbf.read_bytes() if dbf else b"", f"cp{named}" if named.isdigit() else named)

    @cached_property
    def encoding(self) -> str:
        """That of the .cpg, the language id of the .dbf, UTF-8 and GB18030: the first that fits every value."""
        language = "gbk" if len(self.data) > 29 and self.data[29] == _LANGUAGE_GBK else ""
        values = list(self._values()) if self.data else []
        for encoding in (self.named, language, "utf-8", "gb18030") if self.data else ("utf-8",):
            try:
                b"a".decode(encoding)  # LookupError for what turns bytes into anything but letters
                for value in values:
                    decoded(value, encoding)
                return codecs.lookup(encoding).name
            except (LookupError, ValueError):
                continue  # no name of an encoding, or one that the bytes do not bear out
        raise FileProblem("unreadable_file", Text("属性表既不是 UTF-8 也不是 GB18030 编码", "the attributes are neither UTF-8 nor GB18030"))

    def cut(self) -> dict[int, dict[int, bytes]]:
        """The cells with a NUL before other letters, where GDAL ends the value:
        by number of the column the rows (from 0, without the deleted ones)."""
        import numpy as np

        found = {}
        kept = np.flatnonzero(self._body[:, 0] != _DELETED) if len(self._body) else np.zeros(0, int)
        for number, (_, _, start, width) in enumerate(self._fields):
            cells = self._body[kept, start : start + width]
            after_nul = np.cumsum(cells == 0, axis=1) > 0
            rows = np.flatnonzero((after_nul & (cells != 0) & (cells != ord(" "))).any(axis=1))
            if len(rows):
                found[number] = {int(row): cells[row].tobytes().rstrip(b"\0 ") for row in rows}
        return found

    def otherwise(self) -> list[tuple[str, Text]]:
        """The note that the .cpg names an encoding which the texts are not in."""
        try:
            if not self.named or codecs.lookup(self.named).name in (self.encoding, "gb2312"):
                return []
        except (LookupError, ValueError):
            pass
        named = self.named[:20]
        return [
            (
                "text_read_as",
                Text(f".cpg 写的是 {named}，属性文字其实是 {self.encoding}", f"its .cpg says {named}, but its texts are {self.encoding}"),
            )
        ]

    def elsewhere(self) -> list[int]:
        """The numbers of the columns whose texts and pictures are in another file (.dbt, .fpt)."""
        return [number for number, (_, kind, _, _) in enumerate(self._fields) if kind in (b"M", b"G", b"P", b"B")]

    def _values(self) -> Iterator[bytes]:
        """The field names and the different values of every character field."""
        import numpy as np

        for name, kind, start, width in self._fields:
            yield name
            if kind == b"C" and width and len(self._body):
                cells = np.ascontiguousarray(self._body[:, start : start + width])
                yield from np.unique(cells.view(f"S{width}")).tolist()

    @cached_property
    def _fields(self) -> list[tuple[bytes, bytes, int, int]]:
        """Name, kind, first byte in a record and width of each field."""
        head, found, start = int.from_bytes(self.data[8:10], "little"), [], 1
        for at in range(32, head - 1, 32):
            field = self.data[at : at + 32]
            if field[:1] == b"\r":
                break
            found.append((field[:11].rstrip(b"\0"), field[11:12], start, field[16]))
            start += field[16]
        return found

    @cached_property
    def _body(self) -> npt.NDArray[np.uint8]:
        """The records, a row of bytes each."""
        import numpy as np

        records, head, width = (int.from_bytes(self.data[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        records = min(records, max(len(self.data) - head, 0) // max(width, 1))
        return np.frombuffer(self.data, np.uint8, records * width, head).reshape(records, width) if records else np.zeros((0, 0), np.uint8)
