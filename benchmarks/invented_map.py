"""The map of an invented city of any size: parcels and communities, the same for the same numbers. Nothing in it is real."""

from __future__ import annotations

import numpy as np
import shapely

PLANE = "EPSG:4545"
WEST, SOUTH, CELL = 480_000.0, 3_780_000.0, 40.0


def parcels(count: int, seed: int = 7) -> np.ndarray:
    """Parcels side by side on a grid, with 5 to 40 vertices each: neighbours share their corners but not their further vertices' places.

    Of a thousand, ten are swollen over their neighbours, ten share a sliver with them, one is a bow-tie and one crosses itself in a corner.
    """
    across = int(np.sqrt(count)) + 1
    number = np.arange(count)
    x, y = WEST + CELL * (number % across), SOUTH + CELL * (number // across)
    generator = np.random.default_rng(seed)
    shapes = shapely.segmentize(shapely.box(x, y, x + CELL, y + CELL), generator.choice([4.0, 8.0, 20.0, 41.0], count))
    shapes[::100] = shapely.buffer(shapes[::100], 3, join_style="mitre")
    shapes[50::100] = shapely.buffer(shapes[50::100], 0.01, join_style="mitre")
    shapes[::1000] = _drawn(shapes[::1000], [(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes[525::1000] = _drawn(shapes[525::1000], [(0, 0), (1, 0), (1, 1), (0.05, 1), (0, 0.975), (0, 1), (0.05, 0.975)])
    return shapes


def _drawn(shapes: np.ndarray, corners: list[tuple[float, float]]) -> np.ndarray:
    """Polygons through the corners, told in widths and heights of the shapes' boxes."""
    low, high = np.split(shapely.bounds(shapes)[:, None, :], 2, axis=2)
    return shapely.polygons(low + (high - low) * np.array(corners))


def communities(count: int, parcels_: int) -> np.ndarray:
    """Squares over the city of that many parcels, with 300 to 2,000 vertices each."""
    across = int(np.ceil(np.sqrt(count)))
    side = CELL * (int(np.sqrt(parcels_)) + 1) / across
    number = np.arange(count)
    x, y = WEST + side * (number % across), SOUTH + side * (number // across)
    return shapely.segmentize(shapely.box(x, y, x + side, y + side), side / np.random.default_rng(3).integers(75, 500, count))
