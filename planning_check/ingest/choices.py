"""How somebody said that a layer's coordinates are to be read (``--crs FILE=EPSG:4545``), carried out on the rows as delivered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from planning_check.errors import Place, Text, UsageError
from planning_check.geo.frames.readings import Reading, parse
from planning_check.ingest.problems import note
from planning_check.schema import BY_NAME
from planning_check.sql import quoted

if TYPE_CHECKING:
    import duckdb

    from planning_check.ingest.mapping import DeliveryMapping


def parse_choices(given: Sequence[str]) -> dict[str, Reading]:
    """``FILE=READING`` or ``FILE > LAYER=READING`` as file (and layer) -> reading. Raises UsageError for what is no reading."""
    choices: dict[str, Reading] = {}
    for text in given:
        name, equals, wanted = text.rpartition("=")
        reading = parse(wanted)
        if not (equals and name.strip() and reading):
            raise UsageError(
                Text("不认识的坐标系说法", "no such way to read coordinates"), where=Place(f"--crs {text}"),
                fix=Text("写成 文件名=EPSG:4545，或 文件名=gcj02、bd09；坐标轴颠倒的写 'EPSG:4490 flipped'",
                         "write FILE=EPSG:4545, or FILE=gcj02 or bd09; for axes the wrong way round 'EPSG:4490 flipped'"),
            )  # fmt: skip
        if choices.setdefault(_plain(name), reading) != reading:
            raise _contradicted(_plain(name), choices[_plain(name)], reading)
    return choices


def mapped_choices(con: duckdb.DuckDBPyConnection, mapping: DeliveryMapping | None) -> dict[str, Reading]:
    """What a mapping says of the coordinates of layers, as ``parse_choices`` tells it."""
    layers = con.execute("SELECT file, sheet, table_name FROM source WHERE header_row IS NULL ORDER BY source_id").fetchall()
    found = {f"{file} > {sheet}": mapping.of(file, sheet) for file, sheet, table in layers if mapping and BY_NAME[table].geometry}
    return {name: reading for name, told in found.items() if told and told.crs and (reading := parse(told.crs))}


def _contradicted(layer: str, one: Reading, other: Reading) -> UsageError:
    return UsageError(
        Text(f"同一图层说了两种读法：{one.text}、{other.text}", f"two ways to read one layer: {one.text} and {other.text}"),
        where=Place(f"--crs {layer}"), fix=Text("每个图层只写一种", "give one a layer"),
    )  # fmt: skip


def _plain(name: str) -> str:
    return " > ".join(part.strip() for part in re.split(r"[>›]", name.replace("\\", "/")))


def reread(con: duckdb.DuckDBPyConnection, choices: Mapping[str, Reading]) -> None:
    """Give the layers named their coordinates as read; said in the problems of the delivery in place of a missing CRS.

    A layer that several names mean is read once. Raises UsageError for a name that no layer with geometry has, and for two readings of one.
    """
    layers = con.execute("SELECT source_id, file, sheet, table_name FROM source ORDER BY source_id").fetchall()
    layers = [layer for layer in layers if BY_NAME[layer[3]].geometry]
    chosen: dict[int, Reading] = {}
    for name, reading in choices.items():
        meant = [layer for layer in layers if name in _names(*layer[1:3])]
        if not meant:
            _refuse(name, sorted({layer[1] for layer in layers}))
        for source_id, file, sheet, _ in meant:
            if chosen.setdefault(source_id, reading) != reading:
                raise _contradicted(f"{file} > {sheet}", chosen[source_id], reading)
    for source_id, _, _, table in layers:
        if source_id in chosen:
            _apply(con, source_id, table, chosen[source_id])


def _names(file: str, sheet: str) -> set[str]:
    short = file.rsplit("/", 1)[-1]
    return {file, short, f"{file} > {sheet}", f"{short} > {sheet}"}


def _refuse(name: str, there: list[str]) -> None:
    near = ", ".join((get_close_matches(name, there, n=5, cutoff=0.4) or there)[:12])
    raise UsageError(
        Text("报送里没有这个图层", "the delivery has no such layer"), where=Place(f"--crs {name}"),
        fix=Text(f"有图形的文件：{near}" if near else "没有带图形的文件", f"files with geometry: {near}" if near else "no file has geometry"),
    )  # fmt: skip


def _apply(con: duckdb.DuckDBPyConnection, source_id: int, table: str, reading: Reading) -> None:
    import pyarrow as pa
    import shapely

    from planning_check.geo.frames.plane import parsed, rows_of

    if reading.flipped or reading.offset:
        rows = rows_of(
            con, f"SELECT row_id, geometry FROM raw_{table} WHERE source_id = {source_id} AND geometry IS NOT NULL ORDER BY row_id"
        )
        shapes = parsed(rows["geometry"].to_numpy().astype(object))
        read = ~shapely.is_missing(shapes)  # bytes that are no geometry stay as they are, and are found out later
        moved = pa.array(shapely.to_wkb(reading.applied(shapes[read])), pa.binary())
        con.register("moved", pa.table({"row_id": rows["row_id"].to_numpy()[read], "geometry": moved}))
        con.execute(f"UPDATE raw_{table} r SET geometry = m.geometry FROM moved m WHERE m.row_id = r.row_id")
        con.unregister("moved")
    crs = quoted(reading.crs)
    con.execute(f"UPDATE raw_{table} SET geometry_crs = {crs} WHERE source_id = {source_id} AND geometry IS NOT NULL")
    con.execute(f"UPDATE source SET crs = {crs} WHERE source_id = {source_id}")
    con.execute(f"DELETE FROM ingest.found WHERE code = 'no_crs' AND source_id = {source_id}")
    note(con, "crs_by_choice", source_id=source_id, table=table, field="geometry", detail=Text(reading.text, reading.text))
