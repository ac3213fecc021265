"""Edges of neighbours that nearly meet: gaps and slivers that drawing leaves between polygons meant to share a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.geo.spread import CHUNK, in_threads

if TYPE_CHECKING:
    import numpy as np
    import shapely


def unmatched_edges(shapes: np.ndarray, narrow_m: float) -> np.ndarray:
    """Metres of each polygon's edge that run along another within ``narrow_m`` without meeting it, or cross it; NaN where there is no shape.

    ``shapes``: valid polygons in one plane in metres, None where unknown. They are looked at block by block with all that lies around each
    block, so that a large city needs no more memory than its largest block.
    """
    import numpy as np
    import shapely

    metres = np.full(len(shapes), np.nan)
    there = np.flatnonzero(~shapely.is_missing(shapes))
    if len(there):
        there = there[_block_by_block(shapely.bounds(shapes[there]))]
        drawn = shapes[there]
        tree = shapely.STRtree(drawn)
        tree.query(shapely.Point(0, 0))  # the first query builds the tree, and must not be two at once
        metres[there] = in_threads(lambda these: _of_block(drawn, tree, these, narrow_m), np.arange(len(drawn)), rows=CHUNK)
    return metres


def _block_by_block(boxes: np.ndarray) -> np.ndarray:
    """An order in which what is near comes together: columns from west to east, each from south to north."""
    import numpy as np

    middles = boxes[:, :2] + boxes[:, 2:]
    columns = max(1, round(np.sqrt(len(boxes) / CHUNK)))
    column = np.empty(len(boxes), int)
    column[np.argsort(middles[:, 0], kind="stable")] = np.arange(len(boxes)) * columns // len(boxes)
    return np.lexsort((middles[:, 1], column))


def _of_block(drawn: np.ndarray, tree: shapely.STRtree, these: np.ndarray, narrow_m: float) -> np.ndarray:
    import numpy as np
    import shapely

    west, south, east, north = shapely.bounds(drawn[these]).T
    _, near = tree.query(shapely.box(west - narrow_m, south - narrow_m, east + narrow_m, north + narrow_m))
    near = np.unique(near)
    edges = shapely.length(shapely.coverage_invalid_edges(drawn[near], gap_width=narrow_m))
    return edges[np.searchsorted(near, these)]
