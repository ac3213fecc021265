"""The 129 communities: codes, names, street offices, and nearly half a million people."""

from __future__ import annotations

from datetime import date
from random import Random

from .acts import Row
from .days import between
from .developments import Development
from .ground import Place
from .names import community_names
from .settings import COMMITTEE, ESTATE, FACILITIES, POPULATION, VILLAGE, stream
from .sites import OPEN

PEOPLE = {COMMITTEE: 3700, VILLAGE: 3050, ESTATE: 1600}
FACILITY_M2 = {
    "service_station": (40, 160), "one_stop_hall": (120, 260), "health_station": (30, 120), "police_room": (12, 36), "library": (18, 80),
    "culture_sports_station": (40, 180), "charity_shop": (60, 90), "disabled_services": (30, 90), "elderly_day_care": (60, 220),
    "party_office": (12, 30), "committee_office": (20, 80), "social_security_station": (15, 45), "outdoor_ground": (100, 900),
}  # fmt: skip


def communities(places: list[Place], found: list[Development]) -> list[Row]:
    """One row for each place, in the same order."""
    rng, names = stream("communities"), community_names(stream("community names"))
    rows: list[Row] = []
    serials: dict[tuple[str, int], int] = {}
    for number, place in enumerate(places):
        street = _street(places, number)
        serial = serials[place.district.code, street] = serials.get((place.district.code, street), 0) + 1
        first, last = (date(2004, 3, 1), date(2010, 9, 30)) if place.kind == ESTATE else (date(2001, 4, 1), date(2004, 12, 30))
        row: Row = {"community_code": f"{place.district.code}{street + 1:03d}{serial:03d}", "community_name": names[place.kind].pop()}
        row |= {"kind": place.kind, "district_code": place.district.code, "street": place.district.streets[street]}
        rows.append(row | {"valid_from": between(rng, first, last)})
    _count_people(rng, places, found, rows)
    return rows


def _street(places: list[Place], number: int) -> int:
    """The street office of a community: the town from west to east in parts of equal number."""
    here = [i for i, p in enumerate(places) if p.district is places[number].district]
    west_to_east = sorted(here, key=lambda i: places[i].straight.centroid.x)
    return west_to_east.index(number) * len(places[number].district.streets) // len(here)


def _count_people(rng: Random, places: list[Place], found: list[Development], rows: list[Row]) -> None:
    """People by kind of community, in estates by the homes completed there, to the exact total."""
    weights = [PEOPLE[p.kind] * rng.uniform(0.72, 1.3) for p in places]
    for one in found:
        if one.site.stage != OPEN and places[one.site.place].kind == ESTATE:
            weights[one.site.place] += 2.3 * int(one.row.get("households") or 0)
    people = [int(POPULATION * w / sum(weights)) for w in weights]
    people[0] += POPULATION - sum(people)
    for row, count in zip(rows, people, strict=True):
        row["population"], row["households"] = count, round(count / rng.uniform(2.7, 3.3))


def facilities(rows: list[Row], outdoor_m2: dict[str, float]) -> list[Row]:
    """The facilities in the survey's numbers; who has a one-stop hall has no service station besides."""
    rng = stream("facilities")
    codes = [str(r["community_code"]) for r in rows]
    halls = set(rng.sample(codes, FACILITIES["one_stop_hall"]))
    outside = sorted((c for c in codes if outdoor_m2.get(c, 0) >= 100), key=lambda c: (-outdoor_m2[c], c))
    chosen: dict[str, list[str]] = {
        "one_stop_hall": sorted(halls),
        "service_station": [c for c in codes if c not in halls],
        "outdoor_ground": outside,
    }
    found = []
    for kind, count in FACILITIES.items():
        at = sorted(chosen[kind][:count] if kind in chosen else rng.sample(codes, count))
        for code in at:
            area = outdoor_m2[code] if kind == "outdoor_ground" else round(rng.uniform(*FACILITY_M2[kind]))
            found.append({"community_code": code, "kind": kind, "area_m2": area})
    return sorted(found, key=lambda r: codes.index(r["community_code"]))
