"""The map by geopandas as it is usually written: ``buffer(0)``, ``overlay`` and ``sjoin``, one after the other."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import shapely

from benchmarks.invented_map import PLANE
from benchmarks.ways.answers import INVALID, LARGEST, OVERLAPS, PAIRS, PIECES, SHARES, SLIVER_M2, VALIDITY, Answers, Found, largest
from benchmarks.ways.inputs import community_shapes, parcel_wkb


class Way:
    def __init__(self, folder: Path, _url: str | None) -> None:
        self.wkb = parcel_wkb(folder)
        shapes = community_shapes(folder)
        self.communities = geopandas.GeoDataFrame({"community": np.arange(len(shapes))}, geometry=shapes, crs=PLANE)
        self.steps = {VALIDITY: self.examine, SHARES: self.share, OVERLAPS: self.overlap}

    def examine(self) -> None:
        self.parcels = geopandas.GeoDataFrame(
            {"parcel": np.arange(len(self.wkb))}, geometry=geopandas.GeoSeries.from_wkb(self.wkb, crs=PLANE)
        )
        self.invalid = self.parcels.loc[~self.parcels.is_valid, "parcel"].to_numpy()
        self.parcels["geometry"] = self.parcels.buffer(0)

    def share(self) -> None:
        self.pieces = geopandas.overlay(self.parcels, self.communities, how="intersection", keep_geom_type=True)
        self.pieces["m2"] = self.pieces.area

    def overlap(self) -> None:
        self.pairs = geopandas.sjoin(self.parcels, self.parcels, predicate="overlaps")

    def answers(self) -> Answers:
        """It measures no overlap, so its pairs are brought to the same question here."""
        one, other = self.pairs["parcel_left"].to_numpy(), self.pairs["parcel_right"].to_numpy()
        once = one < other
        one, other = one[once], other[once]
        shapes = self.parcels.geometry.to_numpy()
        m2 = shapely.area(shapely.intersection(shapes[one], shapes[other]))
        real = np.rint(m2 * 100) >= SLIVER_M2 * 100
        around = shapely.STRtree(shapes).query(shapely.box(*shapely.bounds(shapely.from_wkb(self.wkb[self.invalid])).T))[1]
        notes = (
            f"geopandas counts {np.count_nonzero(~real):,} more pairs, which share less than {SLIVER_M2} m2: it asks for no least area. "
            "They are taken out before comparing.",
            f"geopandas makes something of all {len(self.invalid):,} invalid parcels by `buffer(0)`, also where nobody knows which land "
            "was meant: they and the parcels beside them are left out of the comparison with it.",
        )
        one, other, m2 = one[real], other[real], m2[real]
        return Answers(
            {
                INVALID: Found(self.invalid, parcels=0),
                PIECES: Found(self.pieces["parcel"].to_numpy(), self.pieces["community"].to_numpy(), self.pieces["m2"].to_numpy()),
                PAIRS: Found(one, other, parcels=2),
                LARGEST: largest(one, other, m2),
            },
            without=np.union1d(self.invalid, around), notes=notes,
        )  # fmt: skip
