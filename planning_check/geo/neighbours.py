"""Projects of one developer whose land lies close together: what might be one development cut up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.geo.land import Parcels

#: How far around a parcel is looked. A radius of measuring, not of judging: a rule may ask for less, not for more.
NEIGHBOUR_M = 50.0


def write_neighbours(con: duckdb.DuckDBPyConnection, parcels: Parcels) -> None:
    """Write ``project_near``: pairs of projects with one developer code whose parcels are at most 50 m apart, and the least distance.

    Parcels whose place is unknown are near nothing.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    these = np.flatnonzero((parcels.developers >= 0) & ~shapely.is_missing(parcels.shapes))
    if not len(these):
        return
    one, other = _candidates(parcels, these)
    metres = np.round(shapely.distance(parcels.shapes[one], parcels.shapes[other]), 2)
    near = metres <= NEIGHBOUR_M
    pairs = np.sort(np.stack([parcels.projects[one[near]], parcels.projects[other[near]]]), axis=0)
    con.register("near_pair", pa.table({"a": pairs[0], "b": pairs[1], "metres": metres[near]}))
    con.execute("""
        INSERT INTO project_near
        SELECT one.project_id, other.project_id, least.metres FROM (SELECT a, b, min(metres) AS metres FROM near_pair GROUP BY a, b) least
        JOIN land_project one ON one.project_no = a JOIN land_project other ON other.project_no = b ORDER BY a, b""")
    con.unregister("near_pair")


def _candidates(parcels: Parcels, these: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of parcels of one developer but two projects, whose boxes are near enough.

    Every developer's boxes are moved to a strip of the plane of their own, so that a dense city does not bring up every pair of neighbours.
    """
    import numpy as np
    import shapely

    boxes = shapely.bounds(parcels.shapes[these])
    strip = float(boxes[:, 2].max() - boxes[:, 0].min()) + 4 * NEIGHBOUR_M
    boxes[:, [0, 2]] += (parcels.developers[these] * strip)[:, None]
    around = boxes + NEIGHBOUR_M * np.array([-1.01, -1.01, 1.01, 1.01])  # a little more, as boxes far out are less exact
    one, other = shapely.STRtree(shapely.box(*boxes.T)).query(shapely.box(*around.T))
    kept = (one < other) & (parcels.projects[these[one]] != parcels.projects[these[other]])
    return these[one[kept]], these[other[kept]]
