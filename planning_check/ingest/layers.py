"""Layers of GeoPackage, Shapefile and GeoJSON: attributes as they are, geometry as WKB, the CRS and encoding on record."""

from __future__ import annotations

import codecs
import mmap
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY = "geometry"
#: The NUL of JSON; an even number of backslashes before it are letters of their own.
_NUL = re.compile(rb"((?<!\\)(?:\\\\)*)\\u0000")
#: What QGIS keeps in a GeoPackage for itself.
_QGIS_TABLES = frozenset({"layer_styles", "qgis_projects"})
#: The language id in the head of a DBF that says GBK.
_LANGUAGE_GBK = 0x4D


@dataclass
class Layer:
    """One layer: an Arrow table whose last column ``geometry`` is WKB. ``crs`` None: the file states none; it is never guessed."""

    name: str
    table: pa.Table
    crs: str | None
    encoding: str | None


def read_layers(path: Path) -> Iterator[Layer]:
    """The layers of one file, one at a time."""
    if path.stat().st_size == 0:
        raise FileProblem("empty_file")
    import pyogrio  # brings geopandas along: 0.3 s, so only where a layer is there

    encoding = dbf_encoding(path) if path.suffix.lower() == ".shp" else None
    try:
        source = _without_nul(path)
        for number, name in enumerate(pyogrio.list_layers(path)[:, 0]):
            if name in _QGIS_TABLES:
                continue
            if path.suffix.lower() == ".gpkg":
                _refuse_nul(path, str(name))
            meta, table = pyogrio.read_arrow(source, layer=number, encoding="ISO-8859-1" if encoding else None)
            table = _with_geometry_last(meta, table)
            yield Layer(
                without_controls(str(name)), _decoded_table(table, encoding) if encoding else table, _crs_name(meta["crs"]), encoding
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        raise FileProblem("unreadable_file", Text(str(error), str(error))) from error


def _without_nul(path: Path) -> Path | bytes:
    """The file; of GeoJSON with a NUL in a text its bytes without it, for GDAL ends a text there and drops the rest."""
    if path.suffix.lower() not in (".geojson", ".json"):
        return path
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        if held.find(b"\\u0000") < 0:
            return path
        return _NUL.sub(rb"\1", held)


def _refuse_nul(path: Path, layer: str) -> None:
    """GDAL ends a text at a NUL and drops the rest: a code would be another one. No program of an office writes any."""
    table = '"' + layer.replace('"', '""') + '"'
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as plain,
        suppress(sqlite3.Error),
    ):  # which GDAL will tell
        if plain.execute("SELECT type FROM sqlite_master WHERE name = ?", [layer]).fetchone() != ("table",):
            return
        columns = [row[1].replace('"', '""') for row in plain.execute(f"PRAGMA table_info({table})") if row[2].upper().startswith("TEXT")]
        found = " OR ".join(f'instr("{column}", char(0))' for column in columns)
        if found and plain.execute(f"SELECT 1 FROM {table} WHERE {found} LIMIT 1").fetchone():
            said = Text(f"图层 {layer} 的文字里有空字符（NUL），重新导出", f"a text of the layer {layer} holds a NUL; export it again")
            raise FileProblem("unreadable_file", said)


def _with_geometry_last(meta: dict, table: pa.Table) -> pa.Table:
    """Attributes under their own names, then ``geometry`` (all NULL for a layer without one)."""
    import pyarrow as pa

    attributes = table.select(list(meta["fields"]))
    there = [n for n in table.column_names if n == (meta["geometry_name"] or "wkb_geometry")]
    geometry = table.column(there[0]).cast(pa.binary()) if there else pa.nulls(table.num_rows, pa.binary())
    taken: list[str] = []
    for name in attributes.column_names:
        plain = without_controls(name) if name != GEOMETRY else f"{GEOMETRY}_"
        taken.append(plain if plain not in taken else name)
    return attributes.rename_columns(taken).append_column(GEOMETRY, geometry)


def _crs_name(crs: str | None) -> str | None:
    """``EPSG:4545`` where the file's CRS has a code, else its WKT; None for none or an undefined one."""
    if not crs or re.match(r"(LOCAL_CS|ENGCRS|ENGINEERINGCRS)\b", crs) or "Undefined" in crs:
        return None
    if crs.startswith("EPSG:"):
        return crs
    import pyproj

    try:
        code = pyproj.CRS.from_user_input(crs).to_epsg()
    except pyproj.exceptions.CRSError:
        return None
    return f"EPSG:{code}" if code else crs


def dbf_encoding(path: Path) -> str:
    """The encoding of a Shapefile's attributes: of its .cpg, the language id of its .dbf, UTF-8 and GB18030 the first that fits every value."""
    dbf, page = _beside(path, ".dbf"), _beside(path, ".cpg")
    if dbf is None:
        return "utf-8"
    data = dbf.read_bytes()
    named = page.read_text("ascii", errors="replace").strip() if page else ""
    named = f"cp{named}" if named.isdigit() else named
    language = "gbk" if len(data) > 29 and data[29] == _LANGUAGE_GBK else ""
    values = _character_values(data)
    for encoding in (named, language, "utf-8", "gb18030"):
        try:
            for value in values:
                decoded(value, encoding)
            return codecs.lookup(encoding).name
        except (LookupError, UnicodeDecodeError):
            continue  # no name of an encoding, or one that the bytes do not bear out
    raise FileProblem("unreadable_file", Text("属性表既不是 UTF-8 也不是 GB18030 编码", "the attributes are neither UTF-8 nor GB18030"))


def decoded(value: bytes, encoding: str) -> str:
    """The text of one value. A DBF cuts names and values at a number of bytes, so half a character at the end is left off."""
    return codecs.getincrementaldecoder(encoding)().decode(value)


def _character_values(data: bytes) -> list[bytes]:
    """The field names and the different values of every character field of a DBF."""
    import numpy as np

    records, head, width = (int.from_bytes(data[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
    records = min(records, max(len(data) - head, 0) // max(width, 1))
    body = np.frombuffer(data, np.uint8, records * width, head).reshape(records, width) if records else None
    found, offset = [], 1
    for start in range(32, head - 1, 32):
        field = data[start : start + 32]
        if field[:1] == b"\r":
            break
        found.append(field[:11].rstrip(b"\0"))
        if field[11:12] == b"C" and body is not None:
            cells = np.ascontiguousarray(body[:, offset : offset + field[16]])
            found += np.unique(cells.view(f"S{field[16]}")).tolist()
        offset += field[16]
    return found


def _decoded_table(table: pa.Table, encoding: str) -> pa.Table:
    """A table read byte for byte (as ISO-8859-1) with its names and texts decoded."""
    import pyarrow as pa

    for number, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = column.combine_chunks().dictionary_encode()
            words = [decoded(w.encode("latin-1"), encoding) for w in coded.dictionary.to_pylist()]
            column = pa.array(words, pa.string()).take(coded.indices)  # noqa: PLW2901
        table = table.set_column(number, decoded(name.encode("latin-1"), encoding), column)
    return table


def _beside(path: Path, suffix: str) -> Path | None:
    """A sidecar of a Shapefile, whatever the case of its suffix."""
    return next((p for s in (suffix, suffix.upper()) if (p := path.with_suffix(s)).exists()), None)


def files_of(path: Path) -> list[Path]:
    """The files that make up one source: a Shapefile is several."""
    if path.suffix.lower() != ".shp":
        return [path]
    parts = [path, *(p for s in (".cpg", ".dbf", ".prj", ".shx") if (p := _beside(path, s)))]
    return sorted(parts, key=lambda p: p.suffix.lower())
