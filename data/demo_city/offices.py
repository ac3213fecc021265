"""The 129 offices of the residents' committees: owned, allocated, shared, rented, borrowed, and one coordinated."""

from __future__ import annotations

from datetime import date
from random import Random

import shapely
from shapely import Point

from .acts import Books, Row
from .days import Month, between, later
from .ground import Place
from .rented import PATHS, Rented, archive, rented_room
from .settings import COMMITTEE, DISTRICTS, SUPPORTED, VILLAGE, stream

OWN = {"owned_titled": 44, "owned_untitled": 26, "government_allocated": 29, "shared": 6}
TENURE_TEXT = {
    "owned_titled": "自有，证件齐全",
    "owned_untitled": "自建，未办证",
    "government_allocated": "区县调配",
    "shared": "与村委会合署办公",
}
SUPPORTED_RENTED = 12  # of 23: at least 9 must be, as only 14 of 129 had no support
NEW_ROOMS = 64
LARGEST_M2 = 650.0


def position(rng: Random, place: Place) -> Point:
    """A point on a block near the middle of the community that no development took."""
    free = [b for b in place.blocks if not b.taken and b.across is None] or place.blocks
    middle = place.ground.centroid
    block = rng.choice(sorted(free, key=lambda b: b.ground.distance(middle))[:4])
    block.taken = "office"
    return shapely.point_on_surface(block.ground)


def _supported(rng: Random, rented: list[Rented], coordinated: int, count: int) -> set[int]:
    """The 115 places with project support, 12 of the rented ones among them."""
    without = {one.place for one in rng.sample(rented, len(rented) - SUPPORTED_RENTED)} | {coordinated}
    others = [i for i in range(count) if i not in {one.place for one in rented} | without]
    return set(range(count)) - without - set(rng.sample(others, count - SUPPORTED - len(without)))


def _coordinated(places: list[Place], rented: list[Rented]) -> int:
    """The old community of the main town whose office was talked out of an enterprise and a police station."""
    taken = {one.place for one in rented}
    old = [i for i, p in enumerate(places) if p.district is DISTRICTS[0] and p.kind == COMMITTEE and i not in taken]
    middle = shapely.MultiPoint([places[i].ground.centroid for i in old]).centroid
    return min(old, key=lambda i: places[i].ground.centroid.distance(middle))


def _coordinated_room() -> Row:
    text = "经机电三处实业公司、派出所协调使用，320平方米，未取得产权；所在片区面临拆迁，新址未定"
    row: Row = {"tenure": "coordinated", "tenure_text": text, "area_m2": 320.0, "outdoor_m2": 180, "since": Month(2008, 5)}
    return row | {"lessor": "机电三处实业公司、派出所", "demolition_risk": True, "archive_search": "not_done"}


def _new_room(rng: Random) -> Row:
    """Built since 2007: 200 to 650 m2, outdoors 100 m2 or more."""
    built = between(rng, date(2007, 4, 1), date(2011, 4, 29))
    outdoor = rng.choice((rng.uniform(100, 400), rng.uniform(100, 400), rng.uniform(300, 1000), rng.uniform(1000, 1600)))
    area = min(round(200 + rng.expovariate(1 / 85), 1), LARGEST_M2 - 12)
    return {"area_m2": area, "outdoor_m2": round(outdoor), "built_on": Month.of(built), "since": built}


def _old_room(rng: Random, kind: str) -> Row:
    """What there was before 2007: mostly under 300 m2, hardly any ground outside."""
    built = date(rng.randint(1984, 2005), rng.randint(1, 12), 1)
    area = rng.uniform(45, 230) if kind == COMMITTEE else rng.uniform(80, 320)
    row: Row = {"area_m2": round(area, 1), "outdoor_m2": rng.choice((None, *(round(rng.uniform(30, 700)) for _ in range(14))))}
    return row | {"built_on": Month.of(built), "since": Month.of(later(built, rng.randint(30, 300)))}


def _owned(rng: Random, tenure: str, place: Place, is_new: bool) -> Row:
    row = _new_room(rng) if is_new else _old_room(rng, place.kind)
    row |= {"tenure": tenure, "tenure_text": TENURE_TEXT[tenure], "demolition_risk": False}
    if tenure == "owned_titled":
        year = rng.randint(2008, 2011) if is_new else rng.randint(1998, 2006)
        row["title_no"] = f"棠房权证{place.district.name[:2]}字第{year}{rng.randint(1, 99999):05d}号"
    return row


def _tenures(rng: Random, places: list[Place], others: list[int]) -> dict[int, str]:
    """Tenures of the offices that are neither rented nor borrowed; villages share with their committee."""
    rng.shuffle(others)
    villages = [i for i in others if places[i].kind == VILLAGE]
    found = dict.fromkeys(villages[: OWN["shared"]], "shared")
    rest = [i for i in others if i not in found]
    names = [name for name, count in OWN.items() if name != "shared" for _ in range(count)]
    return found | dict(zip(rest, names, strict=True))


def offices(books: Books, places: list[Place], rented: list[Rented]) -> list[Point]:
    """Writes the office of every community; returns where they are."""
    rng = stream("offices")
    coordinated = _coordinated(places, rented)
    supported = _supported(rng, rented, coordinated, len(places))
    by_place = {one.place: one for one in rented}
    tenures = _tenures(rng, places, [i for i in range(len(places)) if i not in by_place and i != coordinated])
    renewed = set(rng.sample(sorted(i for i in tenures if i in supported), NEW_ROOMS))
    points = []
    for number, place in enumerate(places):
        points.append(position(rng, place))
        head: Row = {"office_id": f"BG{number + 1:03d}", "community_code": books.codes[number], "point": points[-1]}
        if number in by_place:
            body = rented_room(rng, by_place[number], place) | archive(by_place[number]) | {"demolition_risk": rng.random() < 0.2}
        elif number == coordinated:
            body = _coordinated_room()
        else:
            body = _owned(rng, tenures[number], place, number in renewed)
        books.add("offices", **(head | body))
        books.rows["communities"][number]["project_supported"] = number in supported
    _paths(books, rented, sorted(renewed))
    return points


def _paths(books: Books, rented: list[Rented], renewed: list[int]) -> None:
    """Paths decided for some rented offices, and three that were rented once and are resolved; one new room is the largest."""
    rows = books.rows["offices"]
    for order, (path, due) in PATHS.items():
        rows[rented[order].place] |= {"resolution_path": path, "resolution_due_on": due}
    for number, path, day in zip(renewed[4::20], ("livelihood_project", "idle_reuse", "co_build"), (2009, 2010, 2010), strict=False):
        rows[number] |= {"resolution_path": path, "resolved_on": date(day, 11, 20)}
    rows[renewed[1]]["area_m2"] = LARGEST_M2
