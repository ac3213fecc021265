"""Where rooms and the lands of projects lie, to tell whether two rooms can be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import in_crs, plane_of, read_places

if TYPE_CHECKING:
    import duckdb

    from planning_check.geo.land.parcels import Parcels


def locate_rooms(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``room_spot``: premises_id, and in metres of one plane the middle of the room (``x``, ``y``) and its box.
    Only rooms with a place."""
    import numpy as np
    import pyarrow as pa
    import shapely

    rooms = read_places(con, "SELECT premises_id, geometry, geometry_crs FROM premises WHERE geometry IS NOT NULL ORDER BY premises_id")
    plane = plane_of(rooms) if len(rooms) else None
    shapes = in_crs(rooms, plane) if plane else np.empty(0, object)
    there = ~shapely.is_missing(shapes)
    middles, boxes = shapely.centroid(shapes[there]), shapely.bounds(shapes[there]).reshape(-1, 4)
    columns = {"x": shapely.get_x(middles), "y": shapely.get_y(middles)}
    columns |= {side: boxes[:, number] for number, side in enumerate(("west", "south", "east", "north"))}
    con.register("spot", pa.table({"premises_id": pa.array(rooms.keys[: len(shapes)][there].tolist(), pa.string()), **columns}))
    con.execute("CREATE OR REPLACE TABLE room_spot AS SELECT * FROM spot ORDER BY premises_id")
    con.unregister("spot")


def write_lands(con: duckdb.DuckDBPyConnection, parcels: Parcels) -> None:
    """Write ``project_land``: the box around the land of every project of which every parcel is known."""
    import pyarrow as pa
    import shapely

    boxes = shapely.bounds(parcels.shapes).reshape(-1, 4)
    sides = {side: boxes[:, number] for number, side in enumerate(("west", "south", "east", "north"))}
    con.register("parcel_box", pa.table({"project_no": parcels.projects, "is_known": ~shapely.is_missing(parcels.shapes), **sides}))
    con.execute("""
        INSERT INTO project_land
        SELECT project_id, min(west), min(south), max(east), max(north) FROM parcel_box JOIN land_project USING (project_no)
        GROUP BY project_id HAVING bool_and(is_known AND has_all_parcels) ORDER BY project_id""")
    con.unregister("parcel_box")
