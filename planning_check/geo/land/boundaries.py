"""The boundaries of communities: drawn as land can be, and each place in one community only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from planning_check.geo.frames.plane import Places, plane_of, rows_of
from planning_check.geo.land.borders import with_common_vertices
from planning_check.geo.land.communities import state_on
from planning_check.geo.land.edges import unmatched_edges
from planning_check.geo.land.overlaps import overlaps, write_pieces
from planning_check.geo.land.parcels import GONE
from planning_check.geo.shapes.validity import examined, measured

if TYPE_CHECKING:
    import duckdb

    from planning_check.measuring import Measuring


def locate_boundaries(con: duckdb.DuckDBPyConnection, as_of: dt.date, measuring: Measuring) -> None:
    """Make ``community_shape``: a row a community that stands on the day; and a row in ``geo_choice`` with the CRS used.

    ``is_polygon``, ``is_valid``, ``invalid_reason``: of the boundary as delivered, NULL where there is none. m2 in the plane: ``drawn_m2``
    before, ``boundary_m2`` after the repair (NULL where it was refused, or without CRS); ``boundary_overlap_m2`` shared with other
    communities, ``boundary_overlap_code`` the one that shares most; ``boundary_edge_m``: see ``edges``.
    """
    import numpy as np
    import pyarrow as pa

    con.execute("CREATE TABLE IF NOT EXISTS geo_choice (purpose VARCHAR, crs VARCHAR)")
    con.execute("""CREATE TABLE community_shape (community_code VARCHAR, is_polygon BOOLEAN, is_valid BOOLEAN, invalid_reason VARCHAR,
        drawn_m2 DECIMAL(18, 2), boundary_m2 DECIMAL(18, 2), boundary_overlap_m2 DECIMAL(18, 2), boundary_overlap_code VARCHAR,
        boundary_edge_m DECIMAL(18, 2))""")
    rows = rows_of(con, "SELECT community_code, geometry, geometry_crs FROM communities WHERE geometry IS NOT NULL "
                        f"AND {state_on(as_of)} <> {GONE} ORDER BY community_code")  # fmt: skip
    crs = rows["geometry_crs"].to_numpy().astype(object)
    drawn = examined(rows["geometry"].to_numpy().astype(object))
    there = drawn.polygon & (crs != None)  # noqa: E711
    plane = plane_of(Places(there.nonzero()[0], drawn.shapes[there], crs[there]))
    unknown = np.full(len(rows), np.nan)
    before = after = overlap = edge = unknown
    most = np.full(len(rows), -1)
    if plane:
        land = measured(drawn, crs, plane, measuring.repair_share, with_common_vertices(drawn.shapes, crs, measuring.vertex_m))
        before, after = np.rint(land.before * 100), np.rint(land.areas * 100)
        shared = overlaps(land.shapes, np.full(len(rows), -1), measuring.sliver_m2)
        overlap, most = shared.total, shared.most
        write_pieces(con, "community_overlap", rows["community_code"], shared.pieces, plane)
        edge = np.rint(unmatched_edges(land.shapes, measuring.narrow_m) * 100)
        con.execute("INSERT INTO geo_choice VALUES ('community_shape', ?)", [plane])
    con.register("boundary", pa.table({
        "community_code": rows["community_code"], "polygon": pa.array(drawn.polygon), "valid": pa.array(drawn.valid, pa.bool_()),
        "reason": pa.array(drawn.reason, pa.string()), "before": before, "after": after, "overlap": overlap, "most": most, "edge": edge,
        "number": np.arange(len(rows)),
    }))  # fmt: skip
    hundredths = [f"try_cast(b.{name} / 100 AS DECIMAL(18, 2))" for name in ("before", "after", "overlap", "edge")]
    con.execute(f"""
        INSERT INTO community_shape
        SELECT b.community_code, b.polygon, b.valid, nullif(b.reason, ''), {hundredths[0]}, {hundredths[1]}, {hundredths[2]},
               o.community_code, {hundredths[3]}
        FROM boundary b LEFT JOIN boundary o ON o.number = b.most ORDER BY b.number""")
    con.unregister("boundary")
