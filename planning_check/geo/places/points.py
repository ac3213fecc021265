"""Offices, rooms and idle facilities on the map of communities: in which one each lies, and how far from the one on record."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import Places, in_crs, plane_of, read_places, where

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.measuring import Measuring

#: table -> its key, and SQL for the community that it is recorded in
_TABLES = {"offices": ("office_id", "community_code"), "premises": ("premises_id", "NULL"), "idle_facilities": ("facility_id", "NULL")}


def locate_points(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> None:
    """Make ``point_place``: a row for every office, room and idle facility that has a place; and a row in ``geo_choice`` with the CRS used.

    ``community_by_map``: the community standing on the day that covers it (of several the smallest code), NULL outside all of them;
    ``off_community_m``: metres to the boundary of the one it is recorded in, 0 within, NULL without one. What is drawn as an area is taken
    at a point inside it. Without any boundary there are no rows.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    from planning_check.geo.land.communities import read_communities, state_on
    from planning_check.geo.land.parcels import GONE

    con.execute("CREATE TABLE IF NOT EXISTS geo_choice (purpose VARCHAR, crs VARCHAR)")
    con.execute("CREATE TABLE point_place (table_name VARCHAR, key VARCHAR, community_by_map VARCHAR, off_community_m DECIMAL(18, 2))")
    drawn = read_places(con, f"SELECT community_code, geometry, geometry_crs FROM communities WHERE {state_on(as_of)} <> {GONE}")
    plane = plane_of(drawn) if len(drawn) else None
    if plane is None:
        return
    con.execute("INSERT INTO geo_choice VALUES ('point_place', ?)", [plane])
    communities = read_communities(con, plane, as_of, measuring)
    there = communities.states != GONE
    codes, shapes = communities.codes[there].astype(str), communities.shapes[there]
    for table, (key, recorded) in _TABLES.items():
        places = read_places(
            con, f"SELECT {key}, geometry, geometry_crs, coalesce({recorded}, '') FROM {table} WHERE geometry IS NOT NULL ORDER BY 1"
        )
        points = _points(places, plane)
        number = first_covering(shapes, codes, points)
        by_map = where(number < len(codes), np.append(codes, "")[number])
        con.register("point", pa.table({
            "key": pa.array(places.keys.tolist(), pa.string()), "community": pa.array(by_map.tolist(), pa.string()),
            "off": pa.array(_off(shapes, codes, points, places.extra), from_pandas=True), "there": ~shapely.is_missing(points),
        }))  # fmt: skip
        con.execute(
            f"INSERT INTO point_place SELECT '{table}', key, community, try_cast(off AS DECIMAL(18, 2)) FROM point WHERE there ORDER BY key"
        )
        con.unregister("point")


def _points(places: Places, plane: str) -> np.ndarray:
    import shapely

    shapes = in_crs(places, plane) if len(places) else places.geometries
    drawn = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
    shapes[drawn] = shapely.point_on_surface(shapes[drawn])
    return shapes


def first_covering(shapes: np.ndarray, codes: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The number of the community with the smallest code that covers each point; their count where none does."""
    import numpy as np
    import shapely

    found = np.full(len(points), len(codes))
    if len(points):
        shape, point = shapely.STRtree(points).query(shapes, predicate="covers")
        rank = np.argsort(np.argsort(codes, kind="stable"), kind="stable")
        best = np.full(len(points), len(codes))
        np.minimum.at(best, point, rank[shape])
        found = np.append(np.argsort(codes, kind="stable"), len(codes))[best]
    return found


def _off(shapes: np.ndarray, codes: np.ndarray, points: np.ndarray, recorded: np.ndarray | None) -> np.ndarray:
    import numpy as np
    import shapely

    if recorded is None or not len(points):
        return np.full(len(points), np.nan)
    order = np.argsort(codes, kind="stable")
    at = np.searchsorted(codes[order], recorded.astype(str))
    known = at < len(codes)
    known[known] = codes[order][at[known]] == recorded[known].astype(str)
    own = np.full(len(points), None, object)
    own[known] = shapes[order][at[known]]
    return np.round(shapely.distance(points, own), 2)
