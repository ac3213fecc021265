"""The ground of a town: outline, river, and communities as pieces that share their borders exactly.

Everything is laid out with straight streets around (0, 0) in metres; :class:`Bend` then bends the whole plane a little,
borders, parcels and river together, so that what touched still touches and nothing that was apart overlaps.
"""

from __future__ import annotations

from itertools import pairwise
from math import cos, pi, radians, sin, sqrt
from random import Random

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.affinity import rotate, scale, translate

from .settings import COMMITTEE, ESTATE, ORIGIN, VILLAGE, District, stream

AREA_KM2 = {COMMITTEE: 0.17, VILLAGE: 0.40, ESTATE: 0.36}
RIVER_KM = (
    (-18, 1.6),
    (-14, -0.6),
    (-10.6, -1.1),
    (-7, 0.9),
    (-3.2, 0.45),
    (0, -0.1),
    (3.2, -0.5),
    (7, 1.0),
    (10.2, 1.5),
    (13, 0.7),
    (18.5, 2.4),
)
RIVER_WIDTH_M = 170


class Bend:
    """A smooth displacement of the plane: long waves curve the streets, short ones make borders uneven."""

    LENGTHS_M = ((3600, 70), (2300, 42), (1400, 20), (560, 5.5), (420, 4), (170, 0.9))

    def __init__(self, rng: Random):
        self.waves = [(amplitude, 2 * pi / length, *self._turns(rng)) for length, amplitude in self.LENGTHS_M]

    @staticmethod
    def _turns(rng: Random) -> tuple[float, ...]:
        return tuple(rng.uniform(0, 2 * pi) for _ in range(4))

    def move(self, xy: np.ndarray) -> np.ndarray:
        moved = xy.copy()
        for amplitude, number, way_x, phase_x, way_y, phase_y in self.waves:
            moved[:, 0] += amplitude * np.sin(number * (xy @ (cos(way_x), sin(way_x))) + phase_x)
            moved[:, 1] += amplitude * np.sin(number * (xy @ (cos(way_y), sin(way_y))) + phase_y)
        return np.round(moved + ORIGIN, 3)

    def __call__(self, shape: Polygon, step_m: float) -> Polygon:
        """The shape on the ground (EPSG:4545), with a vertex at least every ``step_m`` metres."""
        return shapely.transform(shapely.segmentize(shape, step_m), self.move)


def river() -> Polygon:
    """The river through the main town and three county towns, laid out straight."""
    points = [(x * 1000, y * 1000) for x, y in RIVER_KM]
    for _ in range(5):  # cut the corners until it is smooth
        quarters = [
            [(0.75 * a + 0.25 * c, 0.75 * b + 0.25 * d), (0.25 * a + 0.75 * c, 0.25 * b + 0.75 * d)] for (a, b), (c, d) in pairwise(points)
        ]
        points = [points[0], *(p for q in quarters for p in q), points[-1]]
    return LineString(points).buffer(RIVER_WIDTH_M / 2, quad_segs=4).simplify(3)


def outline(district: District) -> Polygon:
    """The edge of the built-up area: a blob of the size that its communities need."""
    rng = stream(f"outline {district.code}")
    swings = [(k, rng.uniform(0.3, 0.9) * 0.26 / k, rng.uniform(0, 2 * pi)) for k in range(2, 19)]
    turns = [2 * pi * i / 120 for i in range(120)]
    radii = [1 + sum(size * cos(k * t + phase) for k, size, phase in swings) for t in turns]
    blob = Polygon([(r * cos(t), r * sin(t)) for r, t in zip(radii, turns, strict=True)])
    area = sum(n * AREA_KM2[kind] for n, kind in zip(district.kinds, (COMMITTEE, VILLAGE, ESTATE), strict=True)) * 1e6
    size = sqrt(area / blob.area)
    blob = rotate(scale(blob, size * sqrt(district.stretch), size / sqrt(district.stretch), origin=(0, 0)), district.angle, origin=(0, 0))
    return translate(blob, *(1000 * c for c in district.centre_km))


def _people(rng: Random, area: Polygon, middle: Point, reach_m: float, count: int) -> np.ndarray:
    """Points where people live: dense in the middle of the town, thin at its edge."""
    x0, y0, x1, y1 = area.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        far = ((x - middle.x) ** 2 + (y - middle.y) ** 2) / reach_m**2
        if rng.random() < 0.22 + 0.78 * 2.718281828 ** (-2.2 * far) and area.contains(Point(x, y)):
            found.append((x, y))
    return np.array(found)


def _halves(area: Polygon, at: tuple[float, float], angle: float) -> tuple[Polygon, Polygon]:
    """The area cut in two by a line; scraps go to the side that they touch."""
    far = 30_000
    along, across = (cos(angle) * far, sin(angle) * far), (-sin(angle) * far, cos(angle) * far)
    corners = [(-1, 0), (1, 0), (1, 1), (-1, 1)]
    half = Polygon([(at[0] + a * along[0] + b * across[0], at[1] + a * along[1] + b * across[1]) for a, b in corners])
    pieces = sorted(
        [(p, side) for side, part in ((0, area & half), (1, area - half)) for p in shapely.get_parts(part)],
        key=lambda piece: -piece[0].area,
    )
    main = {side: next(p for p, s in pieces if s == side) for side in (0, 1)}
    for piece, side in pieces:
        if piece is not main[side]:
            main[1 - side] = shapely.union(main[1 - side], piece)
    return main[0], main[1]


def _divide(rng: Random, area: Polygon, count: int, people: np.ndarray, street_angle: float) -> list[Polygon]:
    """The area in ``count`` pieces of about equal people, cut across its longer way along the grid of streets."""
    if count == 1:
        return [area]
    axis = radians(street_angle)
    spread = [np.ptp(people @ (cos(axis + turn), sin(axis + turn))) for turn in (0, pi / 2)]
    across = axis + (0 if spread[0] >= spread[1] else pi / 2)
    first = count // 2 if rng.random() < 0.7 or count < 5 else count // 2 - 1
    way = across + radians(rng.gauss(0, 7))
    reach = people @ (cos(way), sin(way))
    cut = float(np.quantile(reach, first / count)) + rng.gauss(0, 8)
    middle = people.mean(axis=0)
    shift = cut - float(middle @ (cos(way), sin(way)))
    at = (float(middle[0]) + shift * cos(way), float(middle[1]) + shift * sin(way))
    high, low = _halves(area, at, way - pi / 2)
    if high.geom_type != "Polygon" or low.geom_type != "Polygon":
        return _divide(rng, area, count, people, street_angle)
    inside = shapely.contains_xy(low, people[:, 0], people[:, 1])
    angle = street_angle + rng.gauss(0, 2.5)
    return _divide(rng, low, first, people[inside], angle) + _divide(rng, high, count - first, people[~inside], angle)


def _banks(district: District, water: Polygon) -> list[tuple[Polygon, int]]:
    """The town's land on each side of the river, with the number of communities there."""
    town = outline(district)
    land = sorted((p for p in shapely.get_parts(town - water.buffer(25)) if p.area > 0.06 * town.area), key=lambda p: -p.area)
    counts = [max(1, round(district.communities * p.area / sum(q.area for q in land))) for p in land]
    counts[0] += district.communities - sum(counts)
    return list(zip(land, counts, strict=True))


def communities(district: District, water: Polygon) -> list[Polygon]:
    """The communities of a town, laid out straight, with every meeting point a vertex of all that meet there."""
    rng = stream(f"communities {district.code}")
    town = outline(district)
    pieces: list[Polygon] = []
    for land, count in _banks(district, water):
        people = _people(rng, land, town.centroid, sqrt(town.area / pi), 90 * count)
        pieces += _divide(rng, land, count, people, district.angle)
    lines = shapely.union_all([p.boundary for p in pieces], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    face, owner = shapely.STRtree(pieces).query(shapely.point_on_surface(faces), predicate="within")
    largest_last = sorted(zip(owner, face, strict=True), key=lambda pair: faces[pair[1]].area)
    found = {int(o): faces[f] for o, f in largest_last}
    return [found[i] for i in range(len(pieces))]
