"""The offset coordinates of Chinese web maps: GCJ-02 (Gaode, Tencent) and BD-09 (Baidu), and the way back to CGCS2000 degrees.

Published by reverse engineering, not by the authority; the way back is found by iteration and good to a few millimetres, which is far
better than a point taken from such a map. Outside China the maps are not offset.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_AXIS_M, _ECCENTRICITY = 6378245.0, 0.00669342162296594323  # Krassovsky 1940
_MIDDLE = (105.0, 35.0)
_BD_LONGITUDE, _BD_LATITUDE = 0.0065, 0.006
_ROUNDS = 8  # each brings the rest down by a factor of some thousand until rounding is left


def to_gcj02(xy: np.ndarray) -> np.ndarray:
    """CGCS2000 longitude and latitude in degrees, shape (n, 2), as GCJ-02 shows them."""
    return xy + _gcj_shift(xy)


def from_gcj02(xy: np.ndarray) -> np.ndarray:
    """CGCS2000 degrees of GCJ-02 degrees."""
    return _inverted(to_gcj02, xy)


def to_bd09(xy: np.ndarray) -> np.ndarray:
    """CGCS2000 degrees as BD-09 shows them."""
    return _gcj_to_bd(to_gcj02(xy))


def from_bd09(xy: np.ndarray) -> np.ndarray:
    """CGCS2000 degrees of BD-09 degrees."""
    return _inverted(to_bd09, xy)


def _inverted(shown: Callable[[np.ndarray], np.ndarray], xy: np.ndarray) -> np.ndarray:
    true = xy.copy()
    for _ in range(_ROUNDS):
        true += xy - shown(true)
    return true


def _gcj_shift(xy: np.ndarray) -> np.ndarray:
    import numpy as np

    x, y = xy[:, 0] - _MIDDLE[0], xy[:, 1] - _MIDDLE[1]

    def waves(along: np.ndarray, *terms: tuple[float, float]) -> np.ndarray:
        return sum((weight * np.sin(along * np.pi * rate) for weight, rate in terms), np.zeros(())) * 2 / 3

    both = waves(x, (20, 6), (20, 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + both
    north += waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + both
    east += waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    latitude = np.radians(xy[:, 1])
    curve = 1 - _ECCENTRICITY * np.sin(latitude) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY) / curve**1.5
    parallel_m = _AXIS_M / np.sqrt(curve) * np.cos(latitude)
    return np.degrees(np.column_stack([east / parallel_m, north / meridian_m]))


def _gcj_to_bd(xy: np.ndarray) -> np.ndarray:
    import numpy as np

    wave = np.pi * 3000 / 180
    far = np.hypot(xy[:, 0], xy[:, 1]) + 0.00002 * np.sin(xy[:, 1] * wave)
    angle = np.arctan2(xy[:, 1], xy[:, 0]) + 0.000003 * np.cos(xy[:, 0] * wave)
    return np.column_stack([far * np.cos(angle) + _BD_LONGITUDE, far * np.sin(angle) + _BD_LATITUDE])
