"""Which points lie within reach of which place: straight-line distance in a plane in metres. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning_check.siting.serving import Places

if TYPE_CHECKING:
    import numpy as np


def places_within(points: np.ndarray, at: np.ndarray, capacity: np.ndarray, reach_m: float) -> Places:
    """Places at ``at`` (rows of x, y in metres) with their capacity and the points not farther than ``reach_m``, nearest first."""
    import numpy as np
    from scipy.spatial import KDTree

    if not len(at) or not len(points):
        return Places(np.asarray(capacity, np.int64), np.zeros(len(at) + 1, np.int64), np.zeros(0, np.int64))
    tree = KDTree(points)
    near = []
    for place, found in zip(at, tree.query_ball_point(at, reach_m, return_sorted=True), strict=True):
        inside = np.array(found, np.int64)
        away = np.hypot(*(points[inside] - place).T) if len(inside) else np.zeros(0)
        near.append(inside[np.lexsort((inside, np.round(away, 2)))])
    first = np.concatenate([[0], np.cumsum([len(one) for one in near])]).astype(np.int64)
    return Places(np.asarray(capacity, np.int64), first, np.concatenate(near))


def metres_between(points: np.ndarray, at: np.ndarray, places: Places) -> np.ndarray:
    """The distance of every pair of ``places``, in metres."""
    import numpy as np

    owner = np.repeat(np.arange(len(places)), np.diff(places.first))
    return np.hypot(*(points[places.points] - at[owner]).T) if len(owner) else np.zeros(0)
