"""Streets and blocks: each community inside its streets, cut again and again until the pieces are blocks.

A few parcels lie across the border of two communities; they are drawn first and the streets go round them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import atan2, cos, pi, sin
from random import Random

import shapely
from shapely import LineString, Polygon
from shapely.affinity import rotate, translate

from .settings import COMMITTEE, ESTATE, VILLAGE

BLOCK_M2 = {COMMITTEE: 8_500, VILLAGE: 17_000, ESTATE: 21_000}
STREET_M = {COMMITTEE: 7, VILLAGE: 9, ESTATE: 13}
BUILT_SHARE = {COMMITTEE: 1.0, VILLAGE: 0.62, ESTATE: 0.92}
MAIN_STREET_M = 22


@dataclass
class Block:
    """One parcel of land: in which community it lies, its straight shape, and later its shape on the ground."""

    community: int
    straight: Polygon
    across: int | None = None  # the second community of a parcel across a border
    notch_of: int | None = None
    taken: str = ""  # the project, renewal area or facility that uses it
    ground: Polygon | None = field(default=None, repr=False)

    @property
    def parts(self) -> tuple[int, ...]:
        return (self.community,) if self.across is None else (self.community, self.across)


def _axis(shape: Polygon) -> tuple[float, float]:
    """Direction and length of the shape's longer side."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = [(corners[i + 1] - corners[i]) for i in (0, 1)]
    longer = max(sides, key=lambda s: float(s @ s))
    return atan2(longer[1], longer[0]), float((longer @ longer) ** 0.5)


def _cut(rng: Random, land: Polygon, target_m2: float, street_m: float) -> list[Polygon]:
    """The land in blocks of about the target size, with a street in every cut."""
    if land.area < target_m2 * rng.uniform(1.0, 1.9):
        return [land]
    angle, length = _axis(land)
    at = translate(land.centroid, *(rng.uniform(-0.11, 0.11) * length * f(angle) for f in (cos, sin)))
    way = angle + pi / 2 + rng.gauss(0, 0.05)
    reach = 3 * length
    line = LineString([(at.x - reach * cos(way), at.y - reach * sin(way)), (at.x + reach * cos(way), at.y + reach * sin(way))])
    rest = land - line.buffer(street_m / 2, cap_style="flat")
    parts = [p for p in shapely.get_parts(rest) if p.area > 900]
    return [block for part in parts for block in _cut(rng, part, target_m2, street_m)]


def _is_block(shape: Polygon) -> bool:
    """Not a scrap: large enough and not too thin to build on."""
    return shape.geom_type == "Polygon" and shape.area > 1400 and 4 * pi * shape.area / shape.length**2 > 0.42


def blocks_of(rng: Random, number: int, community: Polygon, kind: str, kept_free: list[Polygon]) -> list[Block]:
    """The blocks of one community; village land is only partly built up."""
    land = community.buffer(-MAIN_STREET_M / 2, join_style="mitre")
    for shape in kept_free:
        land -= shape.buffer(STREET_M[kind], join_style="mitre")
    pieces = [b for part in shapely.get_parts(land) for b in _cut(rng, part, BLOCK_M2[kind], STREET_M[kind])]
    whole = [shapely.simplify(p, 1.5) for p in pieces if _is_block(p) and rng.random() < BUILT_SHARE[kind]]
    return [Block(number, shape) for shape in whole]


def across_border(rng: Random, one: Polygon, other: Polygon) -> Polygon | None:
    """A parcel over the middle of the border of two communities, or None where the border is too short or crooked."""
    border = shapely.line_merge(one.boundary & other.boundary)
    if border.geom_type != "LineString" or border.length < 320:
        return None
    middle = border.interpolate(rng.uniform(0.42, 0.58), normalized=True)
    ahead = border.interpolate(0.6, normalized=True)
    long_m, wide_m = rng.uniform(120, 165), rng.uniform(85, 120)
    lean = rng.uniform(-0.22, 0.22) * wide_m
    box = shapely.box(-long_m / 2, -wide_m / 2 + lean, long_m / 2, wide_m / 2 + lean)
    angle = atan2(ahead.y - middle.y, ahead.x - middle.x)
    parcel = translate(rotate(box, angle, origin=(0, 0), use_radians=True), middle.x, middle.y)
    inside = (one | other).buffer(-MAIN_STREET_M / 2)
    return parcel if inside.contains(parcel) else None


def notch(rng: Random, block: Polygon) -> tuple[Polygon, Polygon] | None:
    """The block as an L and the corner taken out of it, or None where that would leave scraps."""
    angle, _ = _axis(block)
    upright = rotate(block, -angle, origin="centroid", use_radians=True)
    x0, y0, x1, y1 = upright.bounds
    share = rng.uniform(0.32, 0.45)
    corner = shapely.box(x0 - 9, y0 - 9, x0 + share * (x1 - x0), y0 + share * (y1 - y0))
    pieces = [rotate(p, angle, origin=upright.centroid, use_radians=True) for p in (upright - corner, upright & corner)]
    return (pieces[0], pieces[1]) if all(p.geom_type == "Polygon" and p.area > 700 for p in pieces) else None
