"""Edges of neighbours that nearly meet: gaps and slivers that drawing leaves between polygons meant to share a border."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from planning_check.geo.spread import CHUNK, block_by_block, built, in_threads

if TYPE_CHECKING:
    import numpy as np
    import shapely


def unmatched_edges(shapes: np.ndarray, narrow_m: float, of: np.ndarray | None = None) -> np.ndarray:
    """Metres of each polygon's edge that run along another within ``narrow_m`` without meeting it, or cross it;
    NaN where there is no shape.

    ``shapes``: valid polygons in one plane in metres, None where unknown. They are looked at block by block with all that lies around each
    block, so that a large city needs no more memory than its largest block. ``of``: only of these, NaN for the others.
    """
    import numpy as np
    import shapely

    return _of_each(
        shapes, of, np.full(len(shapes), np.nan), lambda drawn, tree, these: shapely.length(_of_block(drawn, tree, these, narrow_m))
    )


def unmatched_lines(shapes: np.ndarray, narrow_m: float, of: np.ndarray) -> np.ndarray:
    """The edges that ``unmatched_edges`` measures, as lines, of the polygons numbered in ``of``; None for the others."""
    import numpy as np

    return _of_each(shapes, of, np.full(len(shapes), None, object), lambda drawn, tree, these: _of_block(drawn, tree, these, narrow_m))


def _of_each(shapes: np.ndarray, of: np.ndarray | None, told: np.ndarray, work: Callable[..., np.ndarray]) -> np.ndarray:
    """``told`` with what ``work`` gives for each polygon of a block, which is handed all of them, their tree and the block's numbers."""
    import numpy as np
    import shapely

    there = np.flatnonzero(~shapely.is_missing(shapes))
    if len(there):
        there = there[block_by_block(shapely.bounds(shapes[there]))]
        drawn = shapes[there]
        tree = built(drawn)
        wanted = np.arange(len(drawn)) if of is None else np.flatnonzero(np.isin(there, of))
        if len(wanted):
            told[there[wanted]] = in_threads(lambda these: work(drawn, tree, these), wanted, rows=CHUNK)
    return told


def _of_block(drawn: np.ndarray, tree: shapely.STRtree, these: np.ndarray, narrow_m: float) -> np.ndarray:
    import numpy as np
    import shapely

    west, south, east, north = shapely.bounds(drawn[these]).T
    _, near = tree.query(shapely.box(west - narrow_m, south - narrow_m, east + narrow_m, north + narrow_m))
    near = np.unique(near)
    edges = shapely.coverage_invalid_edges(drawn[near], gap_width=narrow_m)
    return edges[np.searchsorted(near, these)]
