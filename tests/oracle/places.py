"""Where things lie: shares of land by community, offices drawn elsewhere, parcels drawn over each other. Degrees go through pyproj."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import numpy as np
import pyproj
import shapely

from tests.oracle.reading import City

#: Pieces below both are no share; an overlap counts above both (rule catalogue, HO08 and GE02).
SMALL_SHARE, SMALL_M2 = 0.01, 50.0
#: An office so near its community is in it (the stated parameter of GE08).
FAR_M = 50.0


class Ground:
    """Points of the city in metres on the plane of its layers (CGCS2000, 3-degree zone of 108 E)."""

    def __init__(self, city: City, crs: int = 4545):
        self.city = city
        self.onto = pyproj.Transformer.from_crs(4490, crs, always_xy=True).transform

    def point(self, row: dict):
        if row.get("lon") is None or row.get("lat") is None:
            return None
        return shapely.Point(self.onto(row["lon"], row["lat"]))

    def apart_m(self, one: dict, other: dict) -> float | None:
        a, b = self.point(one), self.point(other)
        return None if a is None or b is None else a.distance(b)

    def community_shares(self, standing) -> dict[str, dict[str, float]]:
        """Project -> community that stands on the day -> share of its land that lies in any; small pieces left out."""
        tree_shapes = [
            (key, shape) for key, _, shape in self.city.shapes["communities"] if shape is not None and standing(key) is not False
        ]
        tree = shapely.STRtree([shape for _, shape in tree_shapes])
        land: dict[str, list] = defaultdict(list)
        for _, project, shape in self.city.shapes["parcels"]:
            if project and shape is not None and shape.is_valid:
                land[project].append(shape)
        found = {}
        for project, shapes in land.items():
            whole = shapely.union_all(shapes)
            pieces = {tree_shapes[i][0]: whole.intersection(tree_shapes[i][1]).area for i in tree.query(whole)}
            whole_m2 = whole.area
            kept = {k: m2 for k, m2 in pieces.items() if m2 and not (m2 < SMALL_SHARE * whole_m2 and m2 < SMALL_M2)}
            if kept:
                found[project] = {k: m2 / sum(kept.values()) for k, m2 in kept.items()}
        return found

    def overlaps(self) -> dict[str, float]:
        """Parcel -> its area in m2 that lies under parcels of others too, if above 1 % of it and 50 m2."""
        rows = [(key, project, shape) for key, project, shape in self.city.shapes["parcels"] if shape is not None and shape.is_valid]
        tree = shapely.STRtree([shape for _, _, shape in rows])
        found: dict[str, list] = defaultdict(list)
        left, right = tree.query(np.array([shape for _, _, shape in rows], object), predicate="intersects")
        for i, j in zip(left, right, strict=True):
            if i == j or (rows[i][1] is not None and rows[i][1] == rows[j][1]):
                continue
            both = rows[i][2].intersection(rows[j][2])
            if both.area:
                found[rows[i][0]].append(both)
        areas = {key: shapely.union_all(pieces).area for key, pieces in found.items()}
        of = {key: shape.area for key, _, shape in rows}
        return {key: area for key, area in areas.items() if area > SMALL_M2 and area > SMALL_SHARE * of[key]}

    def office_elsewhere(self, office: dict) -> str:
        """GE08: pass, violation (drawn in another community), or undetermined (no point, no boundary)."""
        point = self.point(office)
        borders = {key: shape for key, _, shape in self.city.shapes["communities"]}
        own = borders.get(office["community_code"])
        if point is None or own is None:
            return "undetermined"
        return "violation" if own.distance(point) > FAR_M else "pass"


def split(required_m2: Decimal, shares: dict[str, float]) -> dict[str, Decimal]:
    """A requirement by community, the last one taking the rest of the rounding."""
    found, rest = {}, required_m2
    for number, (key, share) in enumerate(sorted(shares.items()), 1):
        found[key] = rest if number == len(shares) else (required_m2 * Decimal(str(share))).quantize(Decimal("0.01"))
        rest -= found[key]
    return found
