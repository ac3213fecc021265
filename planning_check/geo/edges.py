"""Edges of neighbours that nearly meet: gaps and slivers that drawing leaves between polygons meant to share a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

#: A gap narrower than this is no road and no stream but a border drawn twice. A width of measuring, not of judging.
NARROW_M = 0.5


def unmatched_edges(shapes: np.ndarray) -> np.ndarray:
    """Metres of each polygon's edge that run along another within ``NARROW_M`` without meeting it, or cross it; NaN where there is no shape.

    ``shapes``: valid polygons in one plane in metres, None where unknown.
    """
    import numpy as np
    import shapely

    metres = np.full(len(shapes), np.nan)
    there = np.flatnonzero(~shapely.is_missing(shapes))
    if len(there):
        metres[there] = shapely.length(shapely.coverage_invalid_edges(shapes[there], gap_width=NARROW_M))
    return metres
