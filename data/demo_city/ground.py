"""The whole ground: communities with their kind, blocks, and the blocks that developments will stand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, hypot, radians, sin

import shapely
from shapely import Polygon

from .blocks import Block, across_border, blocks_of, notch
from .settings import COMMITTEE, DISTRICTS, ESTATE, VILLAGE, District, stream
from .town import Bend, communities, river

NEW_TOWN = {"990102": -150, "990128": -70}  # the side where the estates were built, degrees from east
ACROSS_PARCELS = 7


@dataclass
class Place:
    """One community on the map: ``straight`` before, ``ground`` after bending (EPSG:4545)."""

    district: District
    kind: str
    straight: Polygon
    ground: Polygon
    neighbours: list[int] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def _kinds(district: District, shapes: list[Polygon]) -> list[str]:
    """Old committees in the middle, estates on the side of the new town, former villages around."""
    old, _villages, estates = district.kinds
    x, y = (1000 * c for c in district.centre_km)
    middles = [s.centroid for s in shapes]
    by_distance = sorted(range(len(shapes)), key=lambda i: hypot(middles[i].x - x, (middles[i].y - y) * 1.2))
    way = radians(NEW_TOWN.get(district.code, 60))
    rest = sorted(by_distance[old:], key=lambda i: -((middles[i].x - x) * cos(way) + (middles[i].y - y) * sin(way)))
    return [COMMITTEE if i in by_distance[:old] else ESTATE if i in rest[:estates] else VILLAGE for i in range(len(shapes))]


def _places(bend: Bend) -> list[Place]:
    water = river()
    places = []
    for district in DISTRICTS:
        shapes = communities(district, water)
        order = sorted(range(len(shapes)), key=lambda i: (-round(shapes[i].centroid.y / 500), shapes[i].centroid.x))
        kinds = _kinds(district, shapes)
        places += [Place(district, kinds[i], shapes[i], bend(shapes[i], 45)) for i in order]
    return places


def _meet(places: list[Place]) -> None:
    """Notes for each community the communities that share a border with it."""
    tree = shapely.STRtree([p.straight for p in places])
    for place in places:
        near = tree.query(place.straight, predicate="touches")
        place.neighbours = sorted(int(n) for n in near if shapely.length(place.straight.boundary & places[n].straight.boundary) > 50)


def _across(places: list[Place]) -> list[Block]:
    """A few parcels that lie in two communities, estates first."""
    rng = stream("parcels across borders")
    pairs = [(a, b) for a, p in enumerate(places) for b in p.neighbours if a < b and ESTATE in (p.kind, places[b].kind)]
    rng.shuffle(pairs)
    found: list[Block] = []
    for a, b in pairs:
        used = {c for block in found for c in block.parts}
        shape = across_border(rng, places[a].straight, places[b].straight) if not {a, b} & used else None
        if shape is not None and len(found) < ACROSS_PARCELS:
            found.append(Block(a, shape, across=b))
    return found


def _notched(blocks: list[Block]) -> list[Block]:
    """Some blocks become an L with a small parcel in the corner."""
    rng = stream("notches")
    found: list[Block] = []
    for block in blocks:
        pieces = notch(rng, block.straight) if rng.random() < 0.16 and block.straight.area > 7000 else None
        if pieces is None:
            found.append(block)
        else:
            found += [Block(block.community, pieces[0]), Block(block.community, pieces[1], notch_of=len(found))]
    return found


def ground() -> tuple[list[Place], Polygon]:
    """All communities with their blocks, and the river."""
    bend = Bend(stream("bend"))
    places = _places(bend)
    _meet(places)
    across = _across(places)
    rng = stream("blocks")
    for number, place in enumerate(places):
        taken = [b.straight for b in across if number in b.parts]
        found = _notched(blocks_of(rng, number, place.straight, place.kind, taken))
        place.blocks = [b for b in across if b.community == number] + found
        for block in place.blocks:
            block.ground = bend(block.straight, 80)
    return places, bend(river(), 60)
