"""Layers of GeoPackage, Shapefile, GeoJSON and MapInfo, and a dBASE table alone: attributes as they are, geometry as WKB,
the CRS and encoding on record."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from planning_check.errors import Text
from planning_check.ingest.dbf import Attributes, beside, decoded
from planning_check.ingest.drawing import read_drawing
from planning_check.ingest.gdal import index_made, opener, plainly_named
from planning_check.ingest.geojson import open_geojson
from planning_check.ingest.geopackage import Computed, open_geopackage
from planning_check.ingest.kinds import Kind
from planning_check.ingest.layer import GEOMETRY, Layer, crs_name
from planning_check.ingest.limits import refuse_endless, refuse_much
from planning_check.ingest.mapinfo import PARTS, rewritten
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.trial import alone

if TYPE_CHECKING:
    import pyarrow as pa

#: What QGIS keeps in a GeoPackage for itself.
_QGIS_TABLES = frozenset({"layer_styles", "qgis_projects"})

_BESIDE_SHAPES = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind")
_BESIDE_ANY = ("-wal", "-shm", "-journal", ".aux.xml", ".xml")


def read_layers(path: Path, kind: Kind) -> Iterator[Layer | Computed]:
    """The layers of one file, one at a time; then those that are not read."""
    opener()  # of which a process of its own has only what it is given
    refuse_endless(path, kind.name)
    alone(_read_whole, path, kind)
    for layer in _read(path, kind):
        if isinstance(layer, Layer):
            _show_bytes(layer)
        yield layer


def _read_whole(path: Path, kind: Kind) -> None:
    """In a process of its own, where what each layer holds is asked before it is read. Raises BeyondLimits."""
    deque(_read(path, kind, asks=True), 0)


def _read(path: Path, kind: Kind, *, asks: bool = False) -> Iterator[Layer | Computed]:
    from planning_check.ingest.layer_forms import read_kml, read_parquet, read_topojson

    if kind.name in ("kml", "kmz"):
        yield from read_kml(path, packed=kind.name == "kmz")
    elif kind.name in ("topojson", "parquet"):
        yield from (read_topojson if kind.name == "topojson" else read_parquet)(path)
    elif kind.name == "dxf":
        yield from read_drawing(path)
    else:
        yield from _read_by_gdal(path, kind, asks=asks)


def _show_bytes(layer: Layer) -> None:
    """Texts with bytes that are no UTF-8 are told as far as they are, and are no values: the engine would end over them."""
    import pyarrow as pa

    for number, (name, column) in enumerate(zip(layer.table.column_names, layer.table.columns, strict=True)):
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            texts = column.cast(pa.large_binary()).to_pylist()
            shown = [None if text is None else text.decode("utf-8", "replace") for text in texts]
            layer.illegible[name] = [
                row for row, text in enumerate(texts) if text is not None and text.decode("utf-8", "ignore").encode() != text
            ]
            layer.table = layer.table.set_column(number, name, pa.array(shown, pa.string()))


def _read_by_gdal(path: Path, kind: Kind, *, asks: bool) -> Iterator[Layer | Computed]:
    path = path.absolute()  # a name such as GPKG:a.gpkg is none of a driver
    lacks_index = kind.name == "shp" and _lacks_index(path)
    content = rewritten(path, kind) if kind.name in PARTS else None
    plainly = plainly_named(path, companions(path, kind), kind.endings, apart=lacks_index or kind.name in PARTS, content=content)
    pyogrio = opener()
    attributes = Attributes.of(path) if kind.name in ("shp", "dbf") else None
    encoding = attributes.encoding if attributes else None
    try:
        with plainly as plain, index_made(lacks_index), _opened(plain, kind) as (source, no_degrees, computed):
            names = pyogrio.list_layers(plain if isinstance(source, bytes) else source)[:, 0]  # bytes have no name of their own
            for number, name in enumerate(names):
                if name in _QGIS_TABLES:
                    continue
                if asks:
                    told = pyogrio.read_info(source, layer=number, encoding="ISO-8859-1" if encoding else None)
                    refuse_much(told["features"], len(told["fields"]))
                meta, table = pyogrio.read_arrow(source, layer=number, encoding="ISO-8859-1" if encoding else None)
                table = _with_geometry_last(meta, table)
                crs = crs_name(meta["crs"])
                crs = None if no_degrees and crs == "EPSG:4326" else crs
                layer = Layer(without_controls(str(name)), table, crs, encoding)
                if attributes and encoding:
                    layer.table = _decoded_table(table, encoding)
                    _restore_cut(layer, attributes.cut(), encoding)
                    _without_memos(layer, attributes.elsewhere())
                    layer.notes += attributes.otherwise()
                layer.notes += [("restored_index", Text("", ""))] if lacks_index else []
                yield layer
            yield from computed
    except UnboundLocalError as error:  # out of pyogrio, where the coordinate system cannot be made out
        said = Text("坐标系说明（.prj）损坏，或不是坐标系", "its .prj is damaged or no coordinate system")
        raise FileProblem("unreadable_file", said) from error
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError) as error:
        said = Text(f"它是 {kind.label.zh}，但内容不完整或已损坏", f"it is {kind.label.en}, but incomplete or damaged")
        raise FileProblem("unreadable_file", said) from error


def _lacks_index(path: Path) -> bool:
    """Whether a Shapefile, which is several files of one name, is without the one that can be made anew. (Without .prj it has no places,
    which is said of what is read.)"""
    ending = path.suffix.lower()
    if ending != ".shp":
        told = Text("Shapefile 的索引（.shx），没有 .shp", "the index of a Shapefile (.shx) without its .shp")
        named = Text("Shapefile，文件名应以 .shp 结尾", "a Shapefile, which should end in .shp")
        raise FileProblem("shapefile_parts", told if ending == ".shx" else named)
    lacking = [end for end in (".shx", ".dbf") if beside(path, end) is None]
    if ".dbf" in lacking:
        raise FileProblem("shapefile_parts", Text(f"缺 {'、'.join(lacking)}", f"without {', '.join(lacking)}"))
    return bool(lacking)


def _without_memos(layer: Layer, elsewhere: list[int]) -> None:
    """A column whose texts are in another file holds numbers of blocks there, which are no values."""
    import pyarrow as pa

    names = [layer.table.column_names[number] for number in elsewhere]
    for number, name in zip(elsewhere, names, strict=True):
        layer.table = layer.table.set_column(number, name, pa.nulls(layer.table.num_rows, pa.string()))
    if names:
        layer.notes.append(("memo_column", Text("、".join(names), ", ".join(names))))


@contextmanager
def _opened(path: Path, kind: Kind) -> Iterator[tuple[Path | bytes, bool, list[Computed]]]:
    """What GDAL is to read, whether it says to be in another CRS than degrees, and what is not to be read."""
    if kind.name == "gpkg":
        with open_geopackage(path) as (source, computed):
            yield source, False, computed
    elif kind.name != "geojson":
        yield path, False, []
    else:
        with open_geojson(path) as (source, no_degrees):
            yield source, no_degrees, []


def _restore_cut(layer: Layer, cut: dict[int, dict[int, bytes]], encoding: str) -> None:
    """A value that GDAL ended at a NUL is told as it stands in the file, and is none."""
    import pyarrow as pa

    for number, rows in cut.items():
        name, column = layer.table.column_names[number], layer.table.column(number)
        layer.cut[name] = sorted(rows)
        texts = column.cast(pa.string()).to_pylist()
        for row, value in rows.items():
            texts[row] = decoded(value, encoding).replace("\0", "\\0")
        layer.table = layer.table.set_column(number, name, pa.array(texts, pa.string()))


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


def companions(path: Path, kind: Kind) -> list[Path]:
    """What GDAL and SQLite may open beside a layer, there or not."""
    if kind.name == "gdb":
        return list(path.iterdir())
    ends = {"shp": _BESIDE_SHAPES, "dbf": (".cpg", ".dbt"), **PARTS}.get(kind.name, ())
    return [*(path.with_suffix(s) for end in ends for s in (end, end.upper())), *(path.with_name(path.name + end) for end in _BESIDE_ANY)]


def files_of(path: Path, kind: Kind) -> list[Path]:
    """The files that make up one source: a Shapefile is several, a GeoPackage may have a log beside it."""
    if kind.name == "gdb":
        return sorted(one for one in path.iterdir() if one.is_file())
    ends = {"shp": (".cpg", ".dbf", ".prj", ".shx"), "dbf": (".cpg",), **PARTS}.get(kind.name)
    if ends is None:
        log = path.with_name(f"{path.name}-wal")
        return [path, log] if kind.name == "gpkg" and log.is_file() else [path]
    parts = {path, *(p for s in ends if (p := beside(path, s)))}
    return sorted(parts, key=lambda p: p.suffix.lower())
