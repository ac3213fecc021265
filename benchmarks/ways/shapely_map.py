"""The map as a vectorised shapely pipeline: trees, prepared sides, and two threads where GEOS lets go of the interpreter's lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import shapely

from benchmarks.ways.answers import (
    INVALID,
    LARGEST,
    OVERLAPS,
    PAIRS,
    PIECES,
    REPAIR_SHARE,
    SHARES,
    SLIVER_M2,
    VALIDITY,
    Answers,
    Found,
    largest,
)
from benchmarks.ways.inputs import community_shapes, parcel_wkb

_ROWS = 20_000  # a piece of work for one thread
_COMMUNITIES = 100


class Way:
    def __init__(self, folder: Path, _url: str | None) -> None:
        self.wkb = parcel_wkb(folder)
        self.communities = community_shapes(folder)
        self.pool = ThreadPoolExecutor(os.cpu_count())
        self.steps = {VALIDITY: self.examine, SHARES: self.share, OVERLAPS: self.overlap}

    def in_threads(self, work: Callable[..., np.ndarray], *arrays: np.ndarray, rows: int = _ROWS) -> np.ndarray:
        starts = range(0, max(1, len(arrays[0])), rows)
        return np.concatenate(list(self.pool.map(lambda start: work(*(a[start : start + rows] for a in arrays)), starts)), axis=-1)

    def examine(self) -> None:
        self.shapes = shapely.from_wkb(self.wkb)
        self.invalid = np.flatnonzero(~self.in_threads(shapely.is_valid, self.shapes))
        broken = self.shapes[self.invalid]
        mended = shapely.make_valid(broken, method="structure", keep_collapsed=False)
        changed = np.abs(shapely.area(mended) - shapely.area(broken)) > REPAIR_SHARE * shapely.area(broken)
        self.shapes[self.invalid] = np.where(changed, np.array(None, object), mended)
        self.areas = self.in_threads(shapely.area, self.shapes)

    def query(self, tree: shapely.STRtree, predicate: str) -> np.ndarray:
        """Pairs of (community, shape of the tree): the communities are the prepared side."""
        tree.query(shapely.Point(0, 0))  # builds it, once
        numbers = np.arange(len(self.communities))

        def near(these: np.ndarray) -> np.ndarray:
            community, found = tree.query(self.communities[these], predicate=predicate)
            return np.stack([these[community], found])

        return self.in_threads(near, numbers, rows=_COMMUNITIES)

    def share(self) -> None:
        community, parcel = self.query(shapely.STRtree(self.shapes), "covers")
        whole = np.zeros(len(self.shapes), bool)
        whole[parcel] = True
        rest = np.flatnonzero(~whole & ~shapely.is_missing(self.shapes))
        crossed, position = self.query(shapely.STRtree(self.shapes[rest]), "intersects")
        cut = self.in_threads(
            lambda p, c: shapely.area(shapely.intersection(self.shapes[p], self.communities[c])), rest[position], crossed
        )  # fmt: skip
        parcels = np.concatenate([parcel, rest[position]])
        self.pieces = Found(parcels, np.concatenate([community, crossed]), np.concatenate([self.areas[parcel], cut]))

    def overlap(self) -> None:
        tree = shapely.STRtree(self.shapes)
        tree.query(shapely.Point(0, 0))

        def near(these: np.ndarray) -> np.ndarray:
            one, other = tree.query(self.shapes[these])
            return np.stack([these[one], other])[:, these[one] < other]

        one, other = self.in_threads(near, np.arange(len(self.shapes)))
        meet = self.in_threads(lambda a, b: shapely.relate_pattern(self.shapes[a], self.shapes[b], "T********"), one, other)
        one, other = one[meet], other[meet]
        m2 = self.in_threads(lambda a, b: shapely.area(shapely.intersection(self.shapes[a], self.shapes[b])), one, other)
        real = np.rint(m2 * 100) >= SLIVER_M2 * 100
        self.pairs = one[real], other[real], m2[real]

    def answers(self) -> Answers:
        one, other, m2 = self.pairs
        return Answers(
            {
                INVALID: Found(self.invalid, parcels=0),
                PIECES: self.pieces,
                PAIRS: Found(one, other, parcels=2),
                LARGEST: largest(one, other, m2),
            }
        )
