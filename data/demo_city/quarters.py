"""Renewal areas over old quarters, idle public facilities, and the parcels of all land."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import shapely
from shapely import Point, Polygon

from .acts import Books, Row
from .blocks import Block
from .days import Month
from .developments import Development
from .ground import Place
from .rented import Rented
from .settings import COMMITTEE, DISTRICTS, ESTATE, VILLAGE, stream
from .sites import OPEN

RENEWAL_NAMES = ("桂井—染坊片区", "书院巷片区", "老码头片区", "清漪旧城片区", "禾渡老街片区")
STARTS = (date(2011, 10, 1), Month(2012, 3), date(2010, 9, 1), Month(2012, 6), None)
IDLE = (
    ("旧校舍", "学校", "school", 0.0), ("原粮库仓房", "仓库", "state_enterprise", 0.05), ("旧礼堂", "礼堂", "public_institution", 0.1),
    ("原厂部办公楼", "办公楼", "state_enterprise", 0.0), ("老文化馆", "文化馆", "public_institution", 0.15), ("原乡政府办公楼", "办公楼", "government", 0.1),
    ("体育馆附属用房", "体育设施", "public_institution", 0.2), ("旧图书馆", "图书馆", "public_institution", 0.12), ("供销社旧门市", "商铺", "state_enterprise", 0.0),
    ("职工活动中心", "活动中心", "state_enterprise", 0.25),
)  # fmt: skip
FREE_LATER = (date(2011, 9, 1), date(2012, 1, 1), Month(2012, 7))
NEAR_M, AWAY_M = (130, 440), 900
LAND_USES = {
    COMMITTEE: ("R2", "R3", "R3", "R2", "B1", "B1", "A3", "A1", "G1", "M1"),
    ESTATE: ("R2", "R2", "R2", "B1", "A3", "G1", "U", "S4"),
    VILLAGE: ("R3", "R3", "R3", "M1", "W1", "E2", "A3"),
}


def _quarter(blocks: list[Block], middle: Point, reach_m: float) -> Polygon:
    """The blocks around a point with the streets between them, its edge along streets."""
    near = [b.ground for b in blocks if not b.taken.startswith("XM") and b.ground.centroid.distance(middle) < reach_m]
    joined = shapely.union_all([shapely.buffer(b, 13, join_style="mitre") for b in near])
    largest = max(shapely.get_parts(shapely.buffer(joined, -9, join_style="mitre")), key=lambda p: p.area)
    return shapely.set_precision(Polygon(largest.exterior).simplify(2), 0.001)


def renewal_areas(books: Books, places: list[Place], found: list[Development], rented: list[Rented], points: list[Point]) -> list[Polygon]:
    """Five old quarters to be renewed: some rented offices lie in them, and the coordinated one."""
    rng = stream("renewal")
    old = [one.place for one in rented if places[one.place].kind == COMMITTEE]
    coordinated = next(i for i, row in enumerate(books.rows["offices"]) if row["tenure"] == "coordinated")
    built = Counter(one.site.place for one in found if one.site.stage != OPEN)
    main = sorted((i for i in old if places[i].district is DISTRICTS[0]), key=lambda i: (built[i], i))  # where nothing else helps
    others = [next(i for i in old if places[i].district.name == name) for name in ("清漪县", "禾渡县")]
    areas = []
    for number, (place, name, start) in enumerate(
        zip([main[0], main[1], coordinated, *others], RENEWAL_NAMES, STARTS, strict=True), start=1
    ):
        district = places[place].district
        blocks = [b for p in places if p.district is district and p.kind == COMMITTEE for b in p.blocks]
        areas.append(_quarter(blocks, points[place], rng.uniform(190, 290)))
        books.add("renewal_areas", renewal_id=f"JG{number:02d}", name=name, planned_start_on=start, geometry=areas[-1])
    return areas


def idle_facilities(books: Books, places: list[Place], rented: list[Rented], points: list[Point]) -> None:
    """Idle public facilities: some near rented offices, none near two of them, the others anywhere."""
    rng = stream("idle")
    old = [one.place for one in rented if places[one.place].kind == COMMITTEE]
    alone = [points[old[-1]], *(points[one.place] for one in rented if places[one.place].kind == VILLAGE)]
    near = [*old[2:9], *(one.place for one in rented if places[one.place].kind == ESTATE)][:10]
    for place in near:
        _idle(rng, books, places, place, points[place], alone)
    towns = [i for i, p in enumerate(places) if p.kind != ESTATE]
    while len(books.rows["idle_facilities"]) < 26:
        place = rng.choice(towns)
        _idle(rng, books, places, place, None, alone)


def _idle(rng: Random, books: Books, places: list[Place], place: int, office: Point | None, alone: list[Point]) -> None:
    """One facility on a free block: within reach of an office where one is given, never near the lonely ones."""
    blocks = [b for p in ([places[place]] if office is None else places) for b in p.blocks if not b.taken and b.across is None]
    free = [b for b in blocks if all(b.ground.distance(p) > AWAY_M for p in alone)]
    if office is not None:
        free = [b for b in free if NEAR_M[0] < b.ground.centroid.distance(office) < NEAR_M[1]]
    if not free:
        return
    block = rng.choice(free)
    block.taken = "idle"
    at, serial = block.community, len(books.rows["idle_facilities"])
    books.add("idle_facilities", **_idle_row(rng, serial, places[at], books.names[at], shapely.point_on_surface(block.ground)))


def _idle_row(rng: Random, serial: int, place: Place, name: str, point: Point) -> Row:
    what, kind, owner_kind, rate = IDLE[serial % len(IDLE)]
    usable = round(rng.uniform(150, 900))
    owner = {"school": "教育局", "government": "机关事务管理局", "public_institution": "文体局", "state_enterprise": "国有资产经营公司"}[
        owner_kind
    ]
    row: Row = {"facility_id": f"XZ{serial + 1:03d}", "name": f"{name}{what}", "owner": f"{place.district.name}{owner}"}
    row |= {"owner_kind": owner_kind, "kind": kind, "area_m2": round(usable * rng.uniform(1.05, 1.9)), "usable_m2": usable}
    row |= {"outdoor_m2": rng.choice((None, 0, round(rng.uniform(80, 1500)))), "use_rate": rate, "open_to_residents": rng.random() < 0.25}
    free_later = FREE_LATER[serial // 8 - 1] if serial in (8, 16, 24) else date(rng.randint(2006, 2010), rng.randint(1, 12), 1)
    return row | {"available_from": free_later, "point": point}


def parcels(books: Books, places: list[Place], found: list[Development]) -> None:
    """All land in parcels, those of developments with their project; other land without one."""
    rng = stream("parcels")
    owner = {id(block): one for one in found for block in one.site.blocks}
    for number, place in enumerate(places):
        code = books.codes[number]
        for serial, block in enumerate(place.blocks, start=1):
            one = owner.get(id(block))
            right = "JB" if place.kind == VILLAGE and one is None else "GB"
            parcel_id = f"{code}{right}{serial:05d}"
            area = round(block.ground.area, 2)
            row: Row = {"parcel_id": parcel_id, "land_area_m2": area, "geometry": block.ground}
            if one is None:
                row |= {"land_use_code": rng.choice(LAND_USES[place.kind])}
            else:
                use = "R2" if one.is_housing else "M1" if one.row["uses"] == ["industrial"] else "B1"
                row |= {"project_id": one.id, "unit_code": f"{parcel_id}W00000000", "land_use_code": use}
                row |= {"far_permitted": one.row["far_permitted"]}
            books.add("parcels", **row)
