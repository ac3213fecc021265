"""The parcels: borders that do not meet, land claimed twice, and land that two parcels of one project both have, counted once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planning_check.geo.land.borders import with_common_vertices
from planning_check.geo.land.communities import in_communities
from planning_check.geo.land.edges import unmatched_edges
from planning_check.geo.land.overlaps import taken_once
from planning_check.geo.shapes.validity import measured

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa

    from planning_check.geo.land.overlaps import Overlaps
    from planning_check.geo.land.parcels import Communities, Parcels, Pieces
    from planning_check.geo.shapes.validity import Drawn, Measured
    from planning_check.measuring import Measuring


@dataclass(frozen=True)
class Found:
    """What was measured of every parcel: itself, hundredths of m2 ``outside`` all communities, metres of ``edges`` that do not meet, and
    what it shares with parcels of other projects and of its own."""

    land: Measured
    outside: np.ndarray
    edges: np.ndarray
    shared: Overlaps
    own: Overlaps


def with_borders(drawn: Drawn, crs: np.ndarray, plane: str, measuring: Measuring) -> tuple[Measured, np.ndarray]:
    """The parcels in the plane and the metres of border that do not meet.

    Only those whose borders do not meet are asked whether their neighbours' vertices lie on their edges as drawn;
    the others are as they are.
    """
    import numpy as np

    told = drawn.reason.copy()
    land = measured(drawn, crs, plane, measuring.repair_share)
    edges = unmatched_edges(land.shapes, measuring.narrow_m)
    doubtful = np.flatnonzero(edges > 0)
    if not len(doubtful):
        return land, edges
    matched = drawn.shapes.copy()
    matched[doubtful] = with_common_vertices(matched[doubtful], crs[doubtful], measuring.vertex_m)
    drawn.reason[:] = told  # what the second measuring finds is told, not both
    land = measured(drawn, crs, plane, measuring.repair_share, matched)
    edges[doubtful] = unmatched_edges(land.shapes, measuring.narrow_m, doubtful)[doubtful]
    return land, edges


def land_once(parcels: Parcels, own: tuple[np.ndarray, np.ndarray], communities: Communities, pieces: Pieces) -> tuple[Parcels, Pieces]:
    """The parcels and their pieces in communities, each without the land that an earlier one of its project has:
    then sums are of the union.

    ``own``: the pairs of parcels of one project that overlap.
    """
    import numpy as np
    import shapely

    these, left = taken_once(parcels.shapes, own)
    if not len(these):
        return parcels, pieces
    shapes, areas = parcels.shapes.copy(), parcels.areas.copy()
    shapes[these], areas[these] = left, shapely.area(left)
    once = replace(parcels, shapes=shapes, areas=areas)
    part = replace(parcels, shapes=left, areas=areas[these])
    again = in_communities(part, communities)
    kept = ~np.isin(pieces.parcels, these)
    joined = {name: np.concatenate([getattr(pieces, name)[kept], getattr(again, name)]) for name in ("communities", "hundredths")}
    return once, replace(pieces, parcels=np.concatenate([pieces.parcels[kept], these[again.parcels]]), **joined)


def write_parcels(con: duckdb.DuckDBPyConnection, rows: pa.Table, drawn: Drawn, found: Found | None = None) -> None:
    """Write ``parcel_shape``; without ``found`` nothing could be measured."""
    import numpy as np
    import pyarrow as pa

    unknown, nobody = np.full(len(rows), np.nan), np.full(len(rows), -1)
    measures = dict.fromkeys(("drawn", "measured", "overlap", "with_most", "edge", "outside", "own"), unknown)
    if found:
        land, shared = found.land, found.shared
        measures = {
            "drawn": np.rint(land.before * 100), "measured": np.rint(land.areas * 100), "overlap": shared.total,
            "with_most": shared.with_most, "edge": np.rint(found.edges * 100), "outside": found.outside, "own": found.own.total,
        }  # fmt: skip
    con.register("shape", pa.table({
        "parcel_id": rows["parcel_id"],
        "has_crs": rows["geometry_crs"].is_valid(),
        "is_polygon": pa.array(drawn.polygon),
        "is_valid": pa.array(drawn.valid, pa.bool_()),
        "reason": pa.array(drawn.reason, pa.string()),
        "refused": pa.array(found.land.refused if found else np.zeros(len(rows), bool)),
        **measures,
        "most": found.shared.most if found else nobody,
        "own_most": found.own.most if found else nobody,
        "number": np.arange(len(rows)),
        "project_id": rows["project_id"],
    }))  # fmt: skip
    m2 = {name: f"try_cast(s.{name} / 100 AS DECIMAL(18, 2))" for name in measures}
    both = "try_cast((s.measured + o.measured - s.with_most) / 100 AS DECIMAL(18, 2))"
    con.execute(f"""
        INSERT INTO parcel_shape
        SELECT s.parcel_id, s.has_crs, s.is_polygon, s.is_valid, nullif(s.reason, ''), {m2["drawn"]}, s.refused, {m2["measured"]},
               {m2["overlap"]}, o.parcel_id, o.project_id, CASE WHEN o.parcel_id IS NOT NULL THEN {m2["with_most"]} END,
               CASE WHEN o.parcel_id IS NOT NULL THEN {both} END, {m2["own"]}, w.parcel_id, {m2["outside"]}, {m2["edge"]}
        FROM shape s LEFT JOIN shape o ON o.number = s.most LEFT JOIN shape w ON w.number = s.own_most ORDER BY s.number""")
    con.unregister("shape")
