"""What lies around a community's office: whether a renewal area covers it, and the nearest idle facility large enough; and which office
without a title of its own is nearest to an idle facility."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import NO_RECORD, Places, in_crs, longitudes_of, read_places, zone_of
from planning_check.geo.shapes.validity import repaired

if TYPE_CHECKING:
    import duckdb
    import numpy as np

FIRST_RADIUS_M = 1_000.0  # the search doubles it until every office has its facility
#: How an office is held by a community that has no title and no allocated room.
_NO_TITLE = "'rented', 'borrowed', 'coordinated', 'temporary', 'none'"
_FACTS = "VARCHAR, in_renewal_area BOOLEAN, nearest_idle_id VARCHAR, nearest_idle_m DECIMAL(18, 2)"


def locate_offices(con: duckdb.DuckDBPyConnection, as_of: dt.date) -> None:
    """Make ``office_place``: a row an office, what is measured around it; and a row in ``geo_choice`` with the CRS used.

    ``in_renewal_area``: NULL where the office has no usable point, no renewal areas were delivered, or one of them could
    not be placed and none of the others covers it; on the border counts as inside. ``nearest_idle_id``, ``nearest_idle_m``
    (metres in the plane of a CGCS2000 3-degree zone): among idle facilities that may be used on ``as_of``
    and whose usable area is at least the office's (any, where the office's is unknown); of equally near ones the first id.
    """
    con.execute("CREATE TABLE IF NOT EXISTS geo_choice (purpose VARCHAR, crs VARCHAR)")
    con.execute(f"CREATE TABLE office_place (office_id {_FACTS})")
    offices = read_places(
        con,
        "SELECT office_id, geometry, geometry_crs, coalesce(CAST(area_m2 AS DOUBLE), -1) FROM offices "
        "WHERE geometry IS NOT NULL ORDER BY office_id",
    )
    longitudes = longitudes_of(offices)
    if not len(longitudes):
        con.execute("INSERT INTO office_place SELECT office_id, NULL, NULL, NULL FROM offices ORDER BY office_id")
        return
    plane = zone_of(longitudes)
    con.execute("INSERT INTO geo_choice VALUES ('office_place', ?)", [plane])
    points = in_crs(offices, plane)
    covered = _covered(con, points, plane)
    ids, metres = _nearest(con, offices, points, plane, as_of)
    _write(con, offices, covered, ids, metres)


def locate_facilities(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``facility_place``: facility_id, and the nearest office that is rented, borrowed or the like (of equally near ones the first id)
    with its distance in metres, in the plane of a CGCS2000 3-degree zone. No row where either has no usable place."""
    import pyarrow as pa
    import shapely

    con.execute("CREATE TABLE facility_place (facility_id VARCHAR, office_id VARCHAR, metres DECIMAL(18, 2))")
    placed = "geometry, geometry_crs FROM {} WHERE geometry IS NOT NULL"
    facilities = read_places(con, f"SELECT facility_id, {placed.format('idle_facilities')} ORDER BY facility_id")
    offices = read_places(con, f"SELECT office_id, {placed.format('offices')} AND tenure IN ({_NO_TITLE}) ORDER BY office_id")
    longitudes = longitudes_of(offices)
    if not len(facilities) or not len(longitudes):
        return
    plane = zone_of(longitudes)
    here, there = in_crs(facilities, plane), in_crs(offices, plane)
    (facility, office), metres = shapely.STRtree(there).query_nearest(here, return_distance=True)
    near = pa.table({
        "facility_id": pa.array(facilities.keys[facility].tolist(), pa.string()),
        "office_id": pa.array(offices.keys[office].tolist(), pa.string()), "metres": metres,
    })  # fmt: skip
    con.register("near", near)
    con.execute(
        "INSERT INTO facility_place SELECT facility_id, min(office_id), min(metres)::DECIMAL(18, 2) FROM near "
        "GROUP BY facility_id ORDER BY facility_id"
    )
    con.unregister("near")


def _covered(con: duckdb.DuckDBPyConnection, points: np.ndarray, plane: str) -> np.ndarray:
    """Whether a renewal area covers each office: True, False or None."""
    import numpy as np
    import shapely

    told = con.execute("SELECT count(*) FROM delivered WHERE table_name = 'renewal_areas'").fetchall()[0][0]
    if not told:
        return np.full(len(points), None, object)
    lost = con.execute(f"SELECT count(*) FROM quarantine WHERE table_name = 'renewal_areas' AND code NOT IN ({NO_RECORD})").fetchall()[0][0]
    total = con.execute("SELECT count(*) FROM renewal_areas").fetchall()[0][0]
    areas = read_places(con, "SELECT renewal_id, geometry, geometry_crs FROM renewal_areas ORDER BY renewal_id")
    shapes = repaired(in_crs(areas, plane))
    inside = np.full(len(points), None if lost or np.sum(~shapely.is_missing(shapes)) < total else False, object)
    tree = shapely.STRtree(points)
    _, hit = tree.query(shapes, predicate="covers")
    inside[hit] = True
    inside[shapely.is_missing(points)] = None
    return inside


def _nearest(
    con: duckdb.DuckDBPyConnection, offices: Places, points: np.ndarray, plane: str, as_of: dt.date
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The id of the nearest facility large enough and its distance, for every office (None where there is none)."""
    import numpy as np
    import shapely

    facilities = read_places(
        con,
        "SELECT facility_id, geometry, geometry_crs, coalesce(CAST(usable_m2 AS DOUBLE), -1) FROM idle_facilities "
        f"WHERE geometry IS NOT NULL AND (available_from_hi IS NULL OR available_from_hi <= DATE '{as_of.isoformat()}') "
        "ORDER BY facility_id",
    )
    found_ids, found_m = np.full(len(points), None, object), np.full(len(points), None, object)
    if not len(facilities):
        return found_ids, found_m
    places = in_crs(facilities, plane)
    usable = np.where(shapely.is_missing(places), -np.inf, facilities.extra)
    wanted = offices.extra  # an unknown size is -1: any facility will do for such an office, for a known one none of unknown size
    tree = shapely.STRtree(places)
    boxes = shapely.total_bounds(np.concatenate([points, places]))
    reach = 2 * float(np.hypot(boxes[2] - boxes[0], boxes[3] - boxes[1])) + FIRST_RADIUS_M
    waiting = np.flatnonzero(~shapely.is_missing(points) & (wanted <= usable.max()))
    radius = FIRST_RADIUS_M
    while len(waiting):
        office, facility = tree.query(points[waiting], predicate="dwithin", distance=radius)
        office = waiting[office]
        fits = usable[facility] >= wanted[office]
        office, facility = office[fits], facility[fits]
        metres = np.round(shapely.distance(points[office], places[facility]), 2)
        order = np.lexsort((facility, metres, office))
        first = order[np.unique(office[order], return_index=True)[1]]
        found_ids[office[first]], found_m[office[first]] = facilities.keys[facility[first]], metres[first]
        if radius > reach:
            break
        waiting = np.setdiff1d(waiting, office)
        radius *= 2
    return found_ids, found_m


def _write(con: duckdb.DuckDBPyConnection, offices: Places, covered: np.ndarray, ids: np.ndarray, metres: np.ndarray) -> None:
    import pyarrow as pa

    place = pa.table({
        "office_id": pa.array(offices.keys.tolist(), pa.string()),
        "in_renewal_area": pa.array(covered.tolist(), pa.bool_()),
        "nearest_idle_id": pa.array(ids.tolist(), pa.string()),
        "nearest_idle_m": pa.array(metres.tolist(), pa.float64()),
    })  # fmt: skip
    con.register("place", place)
    con.execute(
        "INSERT INTO office_place SELECT office_id, p.* EXCLUDE (office_id) FROM offices "
        "LEFT JOIN place p USING (office_id) ORDER BY office_id"
    )
    con.unregister("place")
