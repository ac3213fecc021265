"""Land that two projects claim: how much of a parcel lies in parcels of other projects, and which of them takes most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning_check.geo.land.collect import polygons_of
from planning_check.geo.spread import built, in_threads

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    import shapely


OVERLAP_TABLE = "CREATE TABLE IF NOT EXISTS overlap_piece (subject VARCHAR, subject_key VARCHAR, crs VARCHAR, geometry BLOB)"


@dataclass(frozen=True)
class Overlaps:
    """Of every polygon: ``total`` hundredths of m2 shared with others (NaN where it has no shape),
    ``most`` the one sharing most (-1: none), ``with_most`` what that one shares, and ``pieces``, the land shared (None: none).
    ``pairs``: who shares with whom, the smaller number first."""

    total: np.ndarray
    most: np.ndarray
    with_most: np.ndarray
    pieces: np.ndarray
    pairs: tuple[np.ndarray, np.ndarray]


def overlaps(shapes: np.ndarray, projects: np.ndarray, sliver_m2: float, *, own: bool = False) -> Overlaps:
    """What the polygons share with those of other projects, or (``own``) with those of the same one.

    ``shapes``: valid polygons in one plane, None where unknown; ``projects``: the number of each one's project, -1 for none: two without
    project share, as of two projects. Land that several others claim is shared once. Less than ``sliver_m2`` is drawing
    and measuring. Of others that share equally much, the first.
    """
    import numpy as np
    import shapely

    one, other = _candidates(shapes, projects, sliver_m2, own)
    shared = in_threads(lambda a, b: shapely.area(shapely.intersection(shapes[a], shapes[b])), one, other)
    hundredths = np.rint(shared * 100).astype(np.int64)
    real = hundredths >= round(sliver_m2 * 100)
    pairs = one[real], other[real]
    one, other = np.concatenate(pairs), np.concatenate(pairs[::-1])
    hundredths = np.concatenate([hundredths[real], hundredths[real]])
    order = np.lexsort((other, -hundredths, one))
    parcel, first, others = np.unique(one[order], return_index=True, return_counts=True)
    most = np.full(len(shapes), -1)
    most[parcel] = other[order][first]
    with_most = np.zeros(len(shapes))
    with_most[parcel] = hundredths[order][first]
    pieces = np.full(len(shapes), None, object)
    pieces[parcel] = _united(shapely.intersection(shapes[one[order]], shapes[other[order]]), one[order])
    total = with_most.copy()
    several = parcel[others > 1]
    total[several] = np.rint(shapely.area(pieces[several]) * 100)
    return Overlaps(np.where(shapely.is_missing(shapes), np.nan, total), most, with_most, pieces, pairs)


def taken_once(shapes: np.ndarray, pairs: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The later polygon of every pair without what the earlier ones have of it: which those are, and what is left of them."""
    import numpy as np
    import shapely

    earlier, later = (side[np.argsort(pairs[1], kind="stable")] for side in pairs)
    these = np.unique(later)
    left = shapely.difference(shapes[these], _united(shapes[earlier], later)) if len(these) else np.empty(0, object)
    return these, left


def _united(shapes: np.ndarray, of: np.ndarray) -> np.ndarray:
    """The union of the areas of every number in ``of``, which is sorted."""
    import numpy as np
    import shapely

    if not len(shapes):
        return np.empty(0, object)
    areas, whose = polygons_of(shapes)
    number, index = np.unique(of[whose], return_inverse=True)
    united = shapely.union_all(shapely.geometrycollections(areas, indices=index)[:, None], axis=1)
    assert len(number) == len(np.unique(of))  # what shares a sliver or more shares an area
    return united


def _candidates(shapes: np.ndarray, projects: np.ndarray, sliver_m2: float, own: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (smaller index first) of different projects, or of one, whose insides meet; boxes sort out most, then relate."""
    import numpy as np
    import shapely

    tree, boxes = built(shapes), shapely.bounds(shapes)
    one, other = in_threads(lambda these: _near(tree, shapes, boxes, projects, these, sliver_m2, own), np.arange(len(shapes)))
    if len(one):
        meet = in_threads(lambda a, b: shapely.relate_pattern(shapes[a], shapes[b], "T********"), one, other)
        one, other = one[meet], other[meet]
    return one, other


def _near(
    tree: shapely.STRtree, shapes: np.ndarray, boxes: np.ndarray, projects: np.ndarray, these: np.ndarray, sliver_m2: float, own: bool
) -> np.ndarray:  # fmt: skip
    """Pairs whose boxes share enough."""
    import numpy as np

    one, other = tree.query(shapes[these])
    one = these[one]
    one_project = (projects[one] == projects[other]) & (projects[one] >= 0)
    kept = (one < other) & (one_project == own)
    one, other = one[kept], other[kept]
    low, high = np.maximum(boxes[one, :2], boxes[other, :2]), np.minimum(boxes[one, 2:], boxes[other, 2:])
    roomy = np.prod(high - low, axis=1) > 0.99 * sliver_m2  # a little less, for boxes far out are less exact
    return np.stack([one[roomy], other[roomy]])


def write_pieces(con: duckdb.DuckDBPyConnection, subject: str, keys: pa.Array, pieces: np.ndarray, plane: str | None) -> None:
    """Add to ``overlap_piece``: the land that a parcel or community shares with others, for the map."""
    import numpy as np
    import pyarrow as pa
    import shapely

    con.execute(OVERLAP_TABLE)
    there = np.flatnonzero(~shapely.is_missing(pieces))
    if len(there):
        con.register("piece", pa.table({"key": keys.take(there), "wkb": pa.array(shapely.to_wkb(pieces[there]).tolist(), pa.binary())}))
        con.execute("INSERT INTO overlap_piece SELECT ?, key, ?, wkb FROM piece ORDER BY key", [subject, plane])
        con.unregister("piece")
