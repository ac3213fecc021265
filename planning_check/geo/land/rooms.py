"""Rooms on the map: how far from their project's land, and from the communities that the land is in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import in_crs, read_places, rows_of

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.geo.land.parcels import Communities, Parcels


def write_rooms(con: duckdb.DuckDBPyConnection, parcels: Parcels, communities: Communities, plane: str) -> None:
    """Write ``premises_place``: metres from the room's point to its own project's parcels and to the communities they are in.

    Inside or on the border is 0. A room drawn as anything but a point is taken at a point inside it. Off the known parcels of a
    project that has another one unknown: NULL. ``farthest_m``: from the room to the farthest point of that land;
    ``compactness`` of one drawn as an area. Without shares of communities (``project_place``) the second is NULL.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    rooms = read_places(
        con,
        "SELECT premises_id, geometry, geometry_crs, project_no FROM premises JOIN land_project USING (project_id)"
        " WHERE geometry IS NOT NULL ORDER BY premises_id",
    )
    off_land = off_communities = farthest = compact = np.empty(0)
    if len(rooms):
        shapes = in_crs(rooms, plane)
        compact = _compactness(shapes)
        drawn = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
        shapes[drawn] = shapely.point_on_surface(shapes[drawn])
        projects = rooms.extra.astype(np.int64)
        lands = _lands(projects, parcels)
        off_land, farthest = _off_land(con, shapes, projects, lands)
        off_communities = _off_communities(con, shapes, projects, communities)
    columns = {
        "compact": pa.array(compact, from_pandas=True),
        "farthest": pa.array(farthest, from_pandas=True),
        "off_land": pa.array(off_land, from_pandas=True),
        "off_communities": pa.array(off_communities, from_pandas=True),
    }
    con.register("room", pa.table({"premises_id": pa.array(rooms.keys.tolist(), pa.string()), **columns}))
    con.execute("""
        INSERT INTO premises_place
        SELECT premises_id, try_cast(off_land AS DECIMAL(18, 2)), try_cast(off_communities AS DECIMAL(18, 2)),
               try_cast(farthest AS DECIMAL(18, 2)), try_cast(compact AS DECIMAL(9, 6))
        FROM premises LEFT JOIN room USING (premises_id) ORDER BY premises_id""")
    con.unregister("room")


def _compactness(shapes: np.ndarray) -> np.ndarray:
    """Polsby and Popper's measure of a room drawn as an area: 1 for a circle, 0.79 for a square, near 0 for a corridor; NaN for points."""
    import numpy as np
    import shapely

    edge = shapely.length(shapes)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(shapely.area(shapes) > 0, 4 * np.pi * shapely.area(shapes) / edge**2, np.nan)


def _lands(projects: np.ndarray, parcels: Parcels) -> np.ndarray:
    """The parcels of each room's project as one collection; None where it has none."""
    import numpy as np
    import shapely

    order = np.argsort(parcels.projects, kind="stable")
    order = order[(parcels.projects[order] >= 0) & ~shapely.is_missing(parcels.shapes[order])]
    there, number = np.unique(parcels.projects[order], return_inverse=True)
    lands = np.append(shapely.geometrycollections(parcels.shapes[order], indices=number), np.array(None, object))
    at = np.searchsorted(there, projects)
    at[np.append(there, -1)[at] != projects] = len(there)
    return lands[at]


def _off_land(con: duckdb.DuckDBPyConnection, points: np.ndarray, projects: np.ndarray, lands: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Metres to the nearest parcel of the room's project, and to the farthest point of its land; NaN where unknown."""
    import numpy as np
    import shapely

    metres = np.round(shapely.distance(points, lands), 2)
    farthest = np.round(shapely.hausdorff_distance(points, lands), 2)
    unknown = np.isin(projects, rows_of(con, "SELECT project_no FROM land_total WHERE land IS NULL")["project_no"].to_numpy())
    return np.where((metres > 0) & unknown, np.nan, metres), np.where(unknown, np.nan, farthest)


def _off_communities(con: duckdb.DuckDBPyConnection, points: np.ndarray, projects: np.ndarray, communities: Communities) -> np.ndarray:
    """Metres to the nearest community that the land of the room's project is in; NaN where unknown."""
    import numpy as np
    import pyarrow as pa
    import shapely

    con.register("room_project", pa.table({"room": np.arange(len(projects)), "project_no": projects}))
    pairs = rows_of(con, "SELECT room, community_no FROM room_project JOIN land_piece USING (project_no) ORDER BY room, community_no")
    con.unregister("room_project")
    room, community = (pairs[c].to_numpy() for c in ("room", "community_no"))
    shapes, there = communities.shapes[community], points[room]
    shapely.prepare(communities.shapes)  # asks cheaply whether a point is inside; only the others are measured
    metres = np.where(shapely.is_missing(there), np.nan, 0.0)
    out = np.flatnonzero(~shapely.intersects(shapes, there) & ~shapely.is_missing(there))
    metres[out] = np.round(shapely.distance(shapes[out], there[out]), 2)
    nearest = np.full(len(projects), np.inf)
    np.minimum.at(nearest, room, metres)
    return np.where(np.isfinite(nearest), nearest, np.nan)
