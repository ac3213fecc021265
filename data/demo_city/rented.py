"""Which 23 offices are rented or borrowed, what the search of the planning archive found, and how each of them looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from .acts import Row
from .days import Month
from .developments import Development
from .ground import Place
from .settings import BORROWED, COMMITTEE, ESTATE, RENTED, VILLAGE, stream, words
from .sites import COMPLETED

RENTED_AT = {
    ESTATE: {"990102": 6, "990128": 3, "990124": 1, "990122": 1},
    COMMITTEE: {"990102": 4, "990128": 2, "990124": 1, "990123": 1, "990122": 1, "990125": 1},
    VILLAGE: {"990121": 1, "990124": 1},
}
SEARCHES = {
    ESTATE: "planned planned planned planned planned not_done planned planned not_done planned inconclusive",
    COMMITTEE: "not_done not_planned not_planned not_done not_done not_planned inconclusive not_done not_done not_planned",
    VILLAGE: "not_planned not_done",
}
PLANNED_ROOMS = ("changed",) * 6 + ("changed_unknown", "kept")  # what became of the rooms that the search found
LESSORS = words("供销联社 粮油公司 农机公司 丝绸厂留守处 百货公司 运输公司 水泥厂留守处 印刷厂 建筑公司 房产公司 酒厂 招待所")
LENDERS = words("第二小学 职工学校 福利院 水文站 文化站 林业站 电影公司 农技站 老年大学")
PATHS: dict[int, tuple[str, date]] = {
    3: ("return_by_developer", date(2011, 9, 30)),
    8: ("livelihood_project", date(2010, 12, 31)),
    12: ("co_build", date(2012, 12, 31)),
    21: ("livelihood_project", date(2011, 12, 31)),
}  # how some of them are to be resolved, by their order; none is resolved


@dataclass
class Rented:
    """One rented or borrowed office, and the development whose room the archive search found."""

    place: int
    tenure: str
    search: str
    development: Development | None = None


def choose_rented(places: list[Place], found: list[Development]) -> list[Rented]:
    """Where they are; the developments behind the planned ones get their situation here."""
    rng = stream("rented")
    chosen: list[Rented] = []
    for kind, by_district in RENTED_AT.items():
        at: list[int] = []
        for code, count in by_district.items():
            able = [
                i for i, p in enumerate(places) if p.kind == kind and p.district.code == code and (kind != ESTATE or _rooms_of(found, i))
            ]
            at += rng.sample(able, count)
        chosen += [Rented(number, "", search) for number, search in zip(at, SEARCHES[kind].split(), strict=True)]
    tenures = ["rented"] * RENTED + ["borrowed"] * BORROWED
    rng.shuffle(tenures)
    rooms = list(PLANNED_ROOMS)
    for one, tenure in zip(chosen, tenures, strict=True):
        one.tenure = tenure
        if one.search == "planned":
            one.development = rng.choice(_rooms_of(found, one.place))
            one.development.situation = rooms.pop(0)
    return chosen


def _rooms_of(found: list[Development], number: int) -> list[Development]:
    """Developments of a community of which the archive may have planned a room."""
    return [d for d in found if d.site.place == number and d.site.stage == COMPLETED and d.is_housing and d.site.second_place is None]


def rented_room(rng: Random, one: Rented, place: Place) -> Row:
    """A rented or borrowed office: small, from someone, often with an end in sight."""
    who = place.district.name[:2] + rng.choice(LESSORS if one.tenure == "rented" else LENDERS)
    since = Month(rng.randint(2003, 2010), rng.randint(1, 12))
    row: Row = {"tenure": one.tenure, "since": since, "lessor": who, "outdoor_m2": rng.choice((None, 20, 40, 60, 90, 150, 220))}
    if one.tenure == "borrowed":
        what = rng.choice(("闲置房屋", "教室两间", "办公室三间", "值班室"))
        return row | {"area_m2": round(rng.uniform(28, 140), 1), "tenure_text": f"借用{who}{what}，无租期"}
    area = round(rng.uniform(38, 190), 1)
    what = rng.choice(("临街门面两间", "办公楼一层三间", "职工宿舍底层", "旧厂房办公室", "二楼三间"))
    ends = rng.choice((date(2011, 8, 31), date(2011, 12, 31), date(2012, 6, 30), date(2013, 5, 31), None))
    return row | {
        "area_m2": area,
        "tenure_text": f"租用{who}{what}",
        "rent_yuan_per_year": float(round(area * rng.uniform(65, 130), -2)),
        "lease_end": ends,
    }


def archive(one: Rented) -> Row:
    """What the planning bureau's search found."""
    found: Row = {"archive_search": one.search}
    if one.development:
        found |= {"plan_project_id": one.development.id, "plan_premises_id": one.development.rooms[0]}
    return found
