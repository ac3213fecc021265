"""Layers that need no GDAL: KML and KMZ, TopoJSON, GeoParquet. Nothing that a file points to is fetched."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from planning_check.errors import Text
from planning_check.ingest.layer import GEOMETRY, Layer, crs_name
from planning_check.ingest.limits import refuse_cells, refuse_size
from planning_check.ingest.markup import MOST_BYTES, attribute, elements, letters, own
from planning_check.ingest.plain import without_controls
from planning_check.ingest.sheets import FileProblem
from planning_check.ingest.texts import decoded, whole

if TYPE_CHECKING:
    import pyarrow as pa

DEGREES = "EPSG:4326"
MOST_CELLS, MOST_UNPACKED = 50_000_000, 2 << 30
_DEEPEST = 50


def _layer(name: str, records: list[dict[str, Any]], shapes: list[Any], crs: str | None, notes: list[tuple[str, Text]]) -> Layer:
    """Records of texts and their shapes (None: none) as a layer."""
    import pyarrow as pa
    import shapely

    names = list(dict.fromkeys(key for record in records for key in record))
    columns = {_free(key): pa.array([_text(record.get(key)) for record in records], pa.string()) for key in names}
    geometry = pa.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], pa.binary())
    return Layer(without_controls(name), pa.table({**columns, GEOMETRY: geometry}), crs, None, notes=notes)


def _free(name: str) -> str:
    plain = without_controls(name)
    return plain if plain != GEOMETRY else f"{GEOMETRY}_"


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def read_kml(path: Path, *, packed: bool) -> Iterator[Layer]:
    """The placemarks of every folder, a layer each: names and data as columns; degrees of WGS 84."""
    data = _packed_kml(path) if packed else whole(path, MOST_BYTES)
    open_: list[tuple[list[dict], list[Any]]] = [([], [])]
    notes: list[tuple[str, Text]] = []
    for event, element in elements(letters(data), frozenset({"Placemark", "Folder", "Document", "NetworkLink"})):
        kind = own(element.tag)
        if event == "start":
            open_ += [([], [])] if kind in ("Folder", "Document") else []
        elif kind == "Placemark":
            record, shape = _placemark(element)
            open_[-1][0].append(record)
            open_[-1][1].append(shape)
        elif kind == "NetworkLink":
            notes = [
                (
                    "layer_file",
                    Text("指向别处的网络链接（NetworkLink），不去连接", "a link to another place (NetworkLink), which is not followed"),
                )
            ]
        else:
            records, shapes = open_.pop()
            if records:
                yield _layer(_child_text(element, "name") or path.stem, records, shapes, DEGREES, notes)
                notes = []
    if open_[0][0] or notes:
        yield _layer(path.stem, *open_[0], DEGREES, notes)


def _packed_kml(path: Path) -> bytes:
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.lower().endswith(".kml")]
        name = next((one for one in names if one.lower() == "doc.kml"), names[0])
        with package.open(name) as stream:
            refuse_size(package.getinfo(name).file_size, MOST_BYTES)
            return stream.read(MOST_BYTES)  # as many as it says that it has, at most


def _child_text(element: ElementTree.Element, name: str) -> str:
    return next(("".join(one.itertext()).strip() for one in element if own(one.tag) == name), "")


def _placemark(element: ElementTree.Element) -> tuple[dict[str, str], Any]:
    record = {key: told for key in ("name", "description") if (told := _child_text(element, key))}
    for part in element.iter():
        if own(part.tag) == "Data":
            record[attribute(part, "name")] = _child_text(part, "value")
        elif own(part.tag) == "SimpleData":
            record[attribute(part, "name")] = (part.text or "").strip()
    shapes = [shape for child in element if (shape := _kml_shape(child)) is not None]
    return record, shapes[0] if len(shapes) == 1 else None


def _kml_shape(element: ElementTree.Element, depth: int = 0) -> Any:
    """The shape of a geometry element; None for other elements and for what is no shape."""
    import shapely

    kind = own(element.tag)
    try:
        if kind == "MultiGeometry" and depth < _DEEPEST:
            parts = [shape for child in element if (shape := _kml_shape(child, depth + 1)) is not None]
            return shapely.MultiPolygon(parts) if parts and all(p.geom_type == "Polygon" for p in parts) else _collected(parts)
        if kind == "Polygon":
            outer = [_points(one) for one in element if own(one.tag) == "outerBoundaryIs"]
            inner = [_points(one) for one in element if own(one.tag) == "innerBoundaryIs"]
            return shapely.Polygon(outer[0], inner) if len(outer) == 1 else None
        if kind == "Point":
            return shapely.Point(_points(element)[0])
        return shapely.LineString(_points(element)) if kind == "LineString" else None
    except (ValueError, IndexError, shapely.errors.GEOSException):
        return None


def _collected(parts: list[Any]) -> Any:
    import shapely

    return shapely.GeometryCollection(parts) if parts else None


def _points(element: ElementTree.Element) -> list[tuple[float, float]]:
    told = next((one.text or "" for one in element.iter() if own(one.tag) == "coordinates"), "")
    return [(float(x), float(y)) for x, y, *_ in (point.split(",") for point in told.split())]


def read_topojson(path: Path) -> Iterator[Layer]:
    """The objects of the topology, a layer each, in the coordinates that the file has (it names no system)."""
    try:
        told = json.loads(decoded(whole(path, MOST_BYTES))[0].lstrip("\ufeff"))
        arcs = _arcs(told)
        for name, collection in told["objects"].items():
            members = collection["geometries"] if collection.get("type") == "GeometryCollection" else [collection]
            records = [member.get("properties") or {} for member in members]
            yield _layer(name, records, [_topo_shape(member, arcs, told.get("transform")) for member in members], None, [])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise FileProblem("unreadable_file", Text("TopoJSON 断了或写错了", "the TopoJSON breaks off or is wrong")) from error


def _arcs(told: dict[str, Any]) -> list[list[tuple[float, float]]]:
    """The lines that shapes share; with a transform each point is told by its distance from the one before."""
    transform, arcs = told.get("transform"), []
    for arc in told["arcs"]:
        x = y = 0
        points = []
        for point in arc:
            x, y = (x + point[0], y + point[1]) if transform else point[:2]
            points.append(_scaled((x, y), transform))
        arcs.append(points)
    return arcs


def _scaled(point: Any, transform: dict[str, Any] | None) -> tuple[float, float]:
    if transform is None:
        return float(point[0]), float(point[1])
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    return point[0] * kx + dx, point[1] * ky + dy


def _topo_shape(member: dict[str, Any], arcs: list, transform: dict[str, Any] | None) -> Any:
    import shapely

    def line(numbers: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += part[1:] if points else part
        return points

    kind = member.get("type")
    try:
        if kind == "Polygon":
            return shapely.Polygon(line(member["arcs"][0]), [line(ring) for ring in member["arcs"][1:]])
        if kind == "MultiPolygon":
            return shapely.MultiPolygon([(line(rings[0]), [line(ring) for ring in rings[1:]]) for rings in member["arcs"]])
        if kind == "Point":
            return shapely.Point(_scaled(member["coordinates"], transform))
        return shapely.LineString(line(member["arcs"])) if kind == "LineString" else None
    except (ValueError, shapely.errors.GEOSException):
        return None


def read_parquet(path: Path) -> Iterator[Layer]:
    """The one table of a Parquet file, with its shapes where it is GeoParquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
            refuse_cells(file.metadata.num_rows, file.metadata.num_columns, MOST_CELLS)
            refuse_size(sum(g.total_byte_size for g in groups), MOST_UNPACKED)
            told = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"{}"))
            table = file.read().combine_chunks()
        primary = told.get("primary_column")
        column = told.get("columns", {}).get(primary, {}) if primary else {}
        if primary and column.get("encoding") != "WKB":
            raise FileProblem("layer_file", Text("图形不是 WKB 编码的 GeoParquet", "GeoParquet whose shapes are not in WKB"))
        yield Layer(path.stem, _with_shapes(table, primary), _parquet_crs(column) if primary else None, None)
    except (pa.ArrowException, OSError, MemoryError, ValueError, KeyError, AttributeError) as error:
        raise FileProblem("unreadable_file", Text("Parquet 文件不完整或已损坏", "the Parquet file is incomplete or damaged")) from error


def _with_shapes(table: pa.Table, primary: str | None) -> pa.Table:
    import pyarrow as pa

    shapes = table.column(primary).cast(pa.binary()) if primary else pa.nulls(table.num_rows, pa.binary())
    rest = table.drop_columns([primary]) if primary else table
    return rest.rename_columns([_free(name) for name in rest.column_names]).append_column(GEOMETRY, shapes)


def _parquet_crs(column: dict[str, Any]) -> str | None:
    """Longitude and latitude of WGS 84 where the file says nothing; none where it says null."""
    if "crs" not in column:
        return DEGREES
    return crs_name(json.dumps(column["crs"])) if column["crs"] else None
