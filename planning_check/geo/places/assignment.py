"""Offices matched to idle facilities, all at once: first as many offices as possible, then the least total cost. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class MatchSettings:
    """What is policy in the matching, from ``rules/matching.yaml``.

    ``tenures``: offices of these are to be moved. ``far_m``: no facility farther than this. ``use_rate_at_most``: a facility
    used more is not idle (a share). ``other_*_m``, ``owner_m``: metres added to the distance before two places are compared.
    """

    tenures: tuple[str, ...]
    far_m: int
    use_rate_at_most: float
    other_community_m: int
    other_district_m: int
    owner_m: Mapping[str, int] = field(default_factory=dict)


def assign(offices: int, slots: np.ndarray, office: np.ndarray, facility: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """The facility of every office as its number, -1 for none.

    ``slots``: how many offices each facility takes. ``office``, ``facility``, ``cost``: the pairs that can be, cost a whole
    number from 0 up. No assignment serves more offices, and none that serves as many costs less. The same whatever the order of pairs.
    """
    import numpy as np
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    taken = np.full(offices, -1, np.int64)
    order = np.lexsort((facility, office))
    office, facility, cost = office[order], facility[order], cost[order]
    wanted = np.bincount(facility, minlength=len(slots))
    room = np.minimum(np.asarray(slots, np.int64), wanted)
    if not room.sum():
        return taken
    first = np.concatenate([[0], np.cumsum(room)])
    owner = np.repeat(np.arange(len(slots)), room)
    copies = room[facility]
    pair = np.repeat(np.arange(len(office)), copies)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(copies) - copies, copies)
    # an office left out costs more than all places together could: as many as possible are served before metres count
    left_out = (int(cost.max()) + 2) * offices + 1
    rows = np.concatenate([office[pair], np.arange(offices)])
    columns = np.concatenate([first[facility[pair]] + nth, len(owner) + np.arange(offices)])
    weights = np.concatenate([cost[pair] + 1, np.full(offices, left_out)]).astype(float)
    graph = csr_array((weights, (rows, columns)), shape=(offices, len(owner) + offices))
    row, column = min_weight_full_bipartite_matching(graph)
    served = column < len(owner)
    taken[row[served]] = owner[column[served]]
    return taken
