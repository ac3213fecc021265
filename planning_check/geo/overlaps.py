"""Land that two projects claim: how much of a parcel lies in parcels of other projects, and which of them takes most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.spread import in_threads

if TYPE_CHECKING:
    import numpy as np
    import shapely


def overlaps(shapes: np.ndarray, projects: np.ndarray, sliver_m2: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every parcel: hundredths of m2 shared with others (NaN where it has no shape), the one sharing most (-1: none), and what that one shares.

    ``shapes``: valid polygons in one plane, None where unknown; ``projects``: the number of each one's project, -1 for
    none. Two parcels of one project do not count; two without project do. Shares are added up: land claimed three times
    counts twice. Less than ``sliver_m2`` is drawing and measuring. Of others that share equally much, the first.
    """
    import numpy as np
    import shapely

    one, other = _candidates(shapes, projects, sliver_m2)
    shared = in_threads(lambda a, b: shapely.area(shapely.intersection(shapes[a], shapes[b])), one, other)
    hundredths = np.rint(shared * 100).astype(np.int64)
    real = hundredths >= round(sliver_m2 * 100)
    one, other = np.concatenate([one[real], other[real]]), np.concatenate([other[real], one[real]])
    hundredths = np.concatenate([hundredths[real], hundredths[real]])
    total = np.bincount(one, hundredths, len(shapes)) if len(one) else np.zeros(len(shapes))
    order = np.lexsort((other, -hundredths, one))
    parcel, first = np.unique(one[order], return_index=True)
    most = np.full(len(shapes), -1)
    most[parcel] = other[order][first]
    with_most = np.zeros(len(shapes))
    with_most[parcel] = hundredths[order][first]
    return np.where(shapely.is_missing(shapes), np.nan, total), most, with_most


def _candidates(shapes: np.ndarray, projects: np.ndarray, sliver_m2: float) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (smaller index first) of different projects whose insides meet; boxes sort out most, then relate."""
    import numpy as np
    import shapely

    tree = shapely.STRtree(shapes)
    boxes = shapely.bounds(shapes)
    tree.query(shapely.Point(0, 0))  # the first query builds the tree, and must not be two at once
    one, other = in_threads(lambda these: _near(tree, shapes, boxes, projects, these, sliver_m2), np.arange(len(shapes)))
    if len(one):
        meet = in_threads(lambda a, b: shapely.relate_pattern(shapes[a], shapes[b], "T********"), one, other)
        one, other = one[meet], other[meet]
    return one, other


def _near(
    tree: shapely.STRtree, shapes: np.ndarray, boxes: np.ndarray, projects: np.ndarray, these: np.ndarray, sliver_m2: float
) -> np.ndarray:  # fmt: skip
    """Pairs whose boxes share enough."""
    import numpy as np

    one, other = tree.query(shapes[these])
    one = these[one]
    kept = (one < other) & ((projects[one] != projects[other]) | (projects[one] < 0))
    one, other = one[kept], other[kept]
    low, high = np.maximum(boxes[one, :2], boxes[other, :2]), np.minimum(boxes[one, 2:], boxes[other, 2:])
    roomy = np.prod(high - low, axis=1) > 0.99 * sliver_m2  # a little less, for boxes far out are less exact
    return np.stack([one[roomy], other[roomy]])
