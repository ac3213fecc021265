"""What of a city lies on the map: its shapes with the box of each in degrees, and in which planes it is measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from planning_check.geo.frames.deciding import frame_layers
from planning_check.geo.frames.plane import DEGREES, Places, in_crs, longitudes_of, plane_of, read_places, rows_of, zone_of
from planning_check.geo.land.communities import state_on
from planning_check.geo.land.parcels import GONE

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

    from planning_check.measuring import Measuring
    from planning_check.province.keys import Told

#: Table -> its key; the layers that rules measure across.
LAYERS = {
    "parcels": "parcel_id", "communities": "community_code", "offices": "office_id", "premises": "premises_id",
    "idle_facilities": "facility_id", "renewal_areas": "renewal_id",
}  # fmt: skip
#: Layers that are measured in the zone of their own middle, however wide they are (geo.places).
_ZONED = ("offices", "idle_facilities")


def read_map(con: duckdb.DuckDBPyConnection, told: Told, as_of: dt.date, measuring: Measuring) -> tuple[Told, dict[str, pa.Table]]:
    """What was told, with what the map says of it; and the rows of each layer that have a place, with ``west``, ``south``, ``east`` and
    ``north`` in degrees. Takes the coordinate system from layers that cannot have it, as a check does."""
    frame_layers(con, measuring)
    layers: dict[str, pa.Table] = {}
    reach = {}
    for table, key in LAYERS.items():
        places = read_places(con, f"SELECT rowid, geometry, geometry_crs FROM {table} WHERE geometry IS NOT NULL ORDER BY {key}")
        longitudes = longitudes_of(places) if len(places) else places.keys[:0]
        if len(longitudes):
            plane = zone_of(longitudes) if table in _ZONED else plane_of(places) or ""
            reach[table] = (plane, *_reach(longitudes))
        layers[table] = _with_boxes(con, table, places)
    framed = con.execute("SELECT count(*) FROM layer_frame WHERE NOT is_usable").fetchall()[0][0] == 0
    return replace(told, reach=reach, is_framed=framed, has_all_borders=_borders(con, as_of)), layers


def _reach(longitudes: np.ndarray) -> tuple[float, float]:
    import numpy as np

    west, east = np.percentile(longitudes, [1, 99])
    return float(west), float(east)


def _borders(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> bool | None:
    total, drawn = con.execute(
        "SELECT count(*), count(*) FILTER (geometry IS NOT NULL AND geometry_crs IS NOT NULL) FROM communities "
        f"WHERE {state_on(as_of)} <> {GONE}"
    ).fetchall()[0]
    return None if not drawn else total == drawn


def _with_boxes(con: duckdb.DuckDBPyConnection, table: str, places: Places) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    boxes = _in_degrees(places) if len(places) else np.empty((0, 4))
    columns = {side: boxes[:, number] for number, side in enumerate(("west", "south", "east", "north"))}
    con.register("box_of", pa.table({"row_no": places.keys.astype("int64"), **columns}))
    found = rows_of(con, f"SELECT t.* EXCLUDE (row_ids, not_read), b.* EXCLUDE (row_no) FROM {table} t JOIN box_of b ON b.row_no = t.rowid "
                    "WHERE isfinite(west) AND isfinite(north) ORDER BY t.rowid")  # fmt: skip
    con.unregister("box_of")
    return found


def _in_degrees(places: Places) -> np.ndarray:
    """Rows of west, south, east, north in degrees around each shape, NaN where it is nowhere: the corners of its box, moved."""
    import numpy as np
    import shapely

    with np.errstate(invalid="ignore", over="ignore"):
        boxes = shapely.bounds(places.geometries)
        corners = shapely.multipoints(np.stack([boxes[:, [a, b]] for a, b in ((0, 1), (0, 3), (2, 1), (2, 3))], axis=1))
        return shapely.bounds(in_crs(Places(places.keys, corners, places.crs), DEGREES))
