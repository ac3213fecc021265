"""The land: parcels, the communities and neighbours of projects, and rooms off their parcel. One plane, one pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import NO_RECORD, Places, plane_of, rows_of
from planning_check.geo.land.parcels import Parcels
from planning_check.geo.shapes.validity import examined
from planning_check.geo.spread import give_back

if TYPE_CHECKING:
    import duckdb

    from planning_check.measuring import Measuring

LAND_TABLES = {
    "parcel_shape": """parcel_id VARCHAR, has_crs BOOLEAN, is_polygon BOOLEAN, is_valid BOOLEAN, invalid_reason VARCHAR,
        drawn_m2 DECIMAL(18, 2), repair_refused BOOLEAN, measured_m2 DECIMAL(18, 2), overlap_m2 DECIMAL(18, 2), overlap_parcel_id VARCHAR,
        overlap_project_id VARCHAR, overlap_most_m2 DECIMAL(18, 2), overlap_union_m2 DECIMAL(18, 2), own_overlap_m2 DECIMAL(18, 2),
        own_overlap_parcel_id VARCHAR, outside_city_m2 DECIMAL(18, 2), unmatched_edge_m DECIMAL(18, 2)""",
    "project_place": """project_id VARCHAR, parcel_area_m2 DECIMAL(18, 2), communities_touched BIGINT, community_by_map VARCHAR,
        largest_share DECIMAL(18, 6), community_shares VARCHAR, share_parts VARCHAR""",
    "project_near": "project_id VARCHAR, other_id VARCHAR, metres DECIMAL(18, 2)",
    "premises_place": "premises_id VARCHAR, outside_parcel_m DECIMAL(18, 2), outside_communities_m DECIMAL(18, 2), "
                      "farthest_m DECIMAL(18, 2), compactness DECIMAL(9, 6)",
    "project_alike": "project_id VARCHAR, other_id VARCHAR, metres DECIMAL(18, 2)",
    "project_land": "project_id VARCHAR, west DOUBLE, south DOUBLE, east DOUBLE, north DOUBLE",
}  # fmt: skip

#: Every project that is named anywhere, numbered in the order of its id. ``has_all_parcels`` false: one was set aside.
#: ``developer_no``: NULL unless the developer has several projects.
_PROJECTS = f"""
CREATE OR REPLACE TEMP TABLE land_project AS
WITH named AS (
    SELECT project_id FROM projects UNION SELECT project_id FROM parcels UNION SELECT project_id FROM premises
), developer AS (
    SELECT developer_code, row_number() OVER (ORDER BY developer_code) - 1 AS developer_no
    FROM projects WHERE developer_code IS NOT NULL GROUP BY developer_code HAVING count(*) > 1
), set_aside AS (
    SELECT DISTINCT project_id FROM quarantine
    WHERE table_name = 'parcels' AND project_id IS NOT NULL AND code NOT IN ({NO_RECORD})
)
SELECT project_id, row_number() OVER (ORDER BY project_id) - 1 AS project_no, d.developer_no, s.project_id IS NULL AS has_all_parcels
FROM named LEFT JOIN projects p USING (project_id) LEFT JOIN developer d ON d.developer_code = p.developer_code
LEFT JOIN set_aside s USING (project_id) WHERE project_id IS NOT NULL
"""
_PARCELS = """
SELECT parcel_id, project_id, geometry, geometry_crs, coalesce(project_no, -1) AS project_no, coalesce(developer_no, -1) AS developer_no
FROM parcels LEFT JOIN land_project USING (project_id) ORDER BY parcel_id
"""


def locate_land(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> None:
    """Make ``parcel_shape``, ``project_place``, ``project_near``, ``project_alike``, ``premises_place`` and ``project_land``;
    rows in ``geo_choice`` with the CRS used.

    Read from ``parcels``, ``projects``, ``premises``, ``communities`` and ``quarantine``: a row for every parcel, project
    and room that there is (``project_near``: for every pair), NULL where unknown. Metres and m2 in the plane of the
    parcels' CGCS2000 3-degree zone, or an equal-area plane around them where they are wider than a zone.

    * ``parcel_shape``: ``is_valid`` NULL where there is no geometry. ``drawn_m2``: before, ``measured_m2``: after the repair; NULL without
      CRS or polygon, or where the repair was refused, for it changed the area by more than ``repair_share``. ``overlap_m2``: see
      ``overlaps``; with the parcel that overlaps most: the area shared, and that of both together. ``outside_city_m2``: see
      ``communities``. ``unmatched_edge_m``: see ``edges``.
      ``own_overlap_m2``: the same with other parcels of its own project.
    * ``project_place``: see ``shares``; land that two parcels of a project both have counts once. ``project_near``, ``project_alike``: see
      ``neighbours``. ``premises_place``: see ``rooms``. ``project_land``: see ``spots``.
    """
    con.execute("CREATE TABLE IF NOT EXISTS geo_choice (purpose VARCHAR, crs VARCHAR)")
    for name, columns in LAND_TABLES.items():
        con.execute(f"CREATE TABLE {name} ({columns})")
    plane = _locate_parcels(con, as_of, measuring) if _is_there(con, "parcels") else None
    if plane is None:
        con.execute("INSERT INTO project_place BY NAME SELECT project_id FROM projects ORDER BY project_id")
        con.execute("INSERT INTO premises_place BY NAME SELECT premises_id FROM premises ORDER BY premises_id")
    else:
        con.execute("INSERT INTO geo_choice SELECT unnest(?), ?", [list(LAND_TABLES), plane])


def _is_there(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(con.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())


def _locate_parcels(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> str | None:
    """Everything that needs parcels; the plane used, None where no parcel is anywhere."""
    from planning_check.geo.land.communities import in_communities, read_communities
    from planning_check.geo.land.neighbours import write_alike, write_neighbours
    from planning_check.geo.land.overlaps import overlaps, write_pieces
    from planning_check.geo.land.parcel_shape import Found, land_once, with_borders, write_parcels
    from planning_check.geo.land.rooms import write_rooms
    from planning_check.geo.land.shares import write_shares
    from planning_check.geo.land.spots import write_lands

    con.execute(_PROJECTS)
    rows = rows_of(con, _PARCELS)
    crs = rows["geometry_crs"].to_numpy().astype(object)
    drawn = examined(rows["geometry"].to_numpy().astype(object))
    rows = rows.drop_columns(["geometry"])  # as large as the shapes, and not looked at again
    there = drawn.polygon & (crs != None)  # noqa: E711
    plane = plane_of(Places(there.nonzero()[0], drawn.shapes[there], crs[there]))
    if plane is None:
        write_parcels(con, rows, drawn)
        return None
    land, edges = with_borders(drawn, crs, plane, measuring)
    drawn = replace(drawn, shapes=land.shapes)  # those as drawn are not looked at again
    give_back()
    parcels = Parcels(rows, land.shapes, land.areas, rows["project_no"].to_numpy(), rows["developer_no"].to_numpy())
    communities = read_communities(con, plane, as_of, measuring)
    pieces = in_communities(parcels, communities)
    give_back()
    shared = overlaps(parcels.shapes, parcels.projects, measuring.sliver_m2)
    give_back()
    own = overlaps(parcels.shapes, parcels.projects, measuring.sliver_m2, own=True)
    write_parcels(con, rows, drawn, Found(land, pieces.outside, edges, shared, own))
    write_pieces(con, "parcel_overlap", rows["parcel_id"], shared.pieces, plane)
    write_pieces(con, "parcel_own_overlap", rows["parcel_id"], own.pieces, plane)
    once, pieces = land_once(parcels, own.pairs, communities, pieces)
    write_shares(con, once, communities, pieces, measuring)
    write_neighbours(con, parcels, max(measuring.group_m, default=None))
    write_alike(con, parcels, measuring)
    write_rooms(con, parcels, communities, plane)
    write_lands(con, parcels)
    for table in ("land_project", "land_total", "land_piece"):
        con.execute(f"DROP TABLE {table}")
    return plane
