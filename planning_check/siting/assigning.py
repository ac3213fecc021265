"""Who is served by which place: as many people as can be, first by what is there, and of all such ways the shortest in sum. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planning_check.siting.reach import metres_between
from planning_check.siting.serving import Places

if TYPE_CHECKING:
    import numpy as np


class Group(NamedTuple):
    """Places, where they are (rows of x, y in metres), and how many people they serve together."""

    places: Places
    spots: np.ndarray
    total: int


def assigned(people: np.ndarray, xy: np.ndarray, present: Group, chosen: Group) -> tuple[np.ndarray, np.ndarray]:
    """People at every point who are served, and people whom every chosen place serves; whole numbers.

    The totals of ``present`` and ``chosen`` must be a maximum: of the first alone, of both together.
    """
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    groups = (present, chosen)
    places, totals, there = [one.places for one in groups], [one.total for one in groups], len(present.places)
    owner = np.concatenate([np.repeat(np.arange(len(one)), np.diff(one.first)) + n * there for n, one in enumerate(places)])
    point = np.concatenate([one.points for one in places])
    if not len(point):
        return np.zeros(len(people), np.int64), np.zeros(len(chosen.places), np.int64)
    count, pairs = there + len(chosen.places), len(point)
    here, row = np.unique(point, return_inverse=True)
    metres = np.concatenate([metres_between(xy, one.spots, one.places) for one in groups])
    upper = csr_array(
        (np.ones(2 * pairs), (np.concatenate([row, len(here) + owner]), np.tile(np.arange(pairs), 2))), shape=(len(here) + count, pairs)
    )
    sums = csr_array((np.ones(pairs), ((owner >= there).astype(int), np.arange(pairs))), shape=(2, pairs))
    found = linprog(
        np.round(metres, 2), A_ub=upper, b_ub=np.concatenate([people[here], *(one.capacity for one in places)]).astype(float), A_eq=sums,
        b_eq=[float(total) for total in totals], method="highs-ds",
    )  # fmt: skip
    if found.x is None:
        raise ValueError(f"no assignment of {totals} people: {found.message}")
    served = np.rint(found.x).astype(np.int64)
    by_point = np.bincount(point, served, len(people)).astype(np.int64)
    return by_point, np.bincount(owner, served, count).astype(np.int64)[there:]
