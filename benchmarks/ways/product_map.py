"""The map by this program's own functions."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.invented_map import PLANE
from benchmarks.ways.answers import INVALID, LARGEST, OVERLAPS, PAIRS, PIECES, REPAIR_SHARE, SHARES, SLIVER_M2, VALIDITY, Answers, Found
from benchmarks.ways.inputs import community_shapes, parcel_wkb
from planning_check.geo.land.communities import in_communities
from planning_check.geo.land.overlaps import overlaps
from planning_check.geo.land.parcels import STANDING, Communities, Parcels
from planning_check.geo.shapes.validity import examined, measured


class Way:
    def __init__(self, folder: Path, _url: str | None) -> None:
        self.wkb = parcel_wkb(folder)
        self.crs = np.full(len(self.wkb), PLANE, object)
        self.projects = np.arange(len(self.wkb)) // 10
        shapes = community_shapes(folder)
        self.communities = Communities(np.arange(len(shapes)).astype(str), shapes, np.full(len(shapes), STANDING), True)
        self.steps = {VALIDITY: self.examine, SHARES: self.share, OVERLAPS: self.overlap}

    def examine(self) -> None:
        drawn = examined(self.wkb)
        self.valid = drawn.valid
        self.land = measured(drawn, self.crs, PLANE, REPAIR_SHARE)

    def share(self) -> None:
        self.pieces = in_communities(Parcels(None, self.land.shapes, self.land.areas, self.projects, self.projects), self.communities)

    def overlap(self) -> None:
        """As a check does it: with other projects' parcels, and with those of its own."""
        self.overlaps = [overlaps(self.land.shapes, self.projects, SLIVER_M2, own=own) for own in (False, True)]

    def answers(self) -> Answers:
        one, other = (np.concatenate([found.pairs[side] for found in self.overlaps]) for side in (0, 1))
        most = np.maximum(*(found.with_most for found in self.overlaps)) / 100
        return Answers({
            INVALID: Found(np.flatnonzero(self.valid == False), parcels=0),  # noqa: E712  None is neither
            PIECES: Found(self.pieces.parcels, self.pieces.communities, self.pieces.hundredths / 100),
            PAIRS: Found(one, other, parcels=2),
            LARGEST: Found(np.arange(len(most)), m2=most),
        })  # fmt: skip
