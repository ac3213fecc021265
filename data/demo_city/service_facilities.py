"""The register of service facilities one by one: markets, vegetable shops, car parks, and the rooms and grounds of the communities with a
place.

The survey counts 8 markets in the central city, badly spread, hardly any small vegetable shop, and no car park in early estates or back
streets. The rooms of the communities are those of ``community_facilities``, with a point, a capacity and their hours; everything else is
invented. ``FLAWS`` says what is wrong with which row on purpose.
"""

from __future__ import annotations

from random import Random

import shapely

from .acts import Row
from .settings import DISTRICTS, stream

CENTRE = DISTRICTS[0].code
MARKETS, SHOPS, CAR_PARKS = 8, 21, 17
#: Kind in ``community_facilities`` -> kind here, people served at a time by a square metre.
_ROOMS = {
    "elderly_day_care": ("老年活动与日间照料", 0.2), "health_station": ("卫生服务站", 0.1), "culture_sports_station": ("文体活动站", 0.25),
    "outdoor_ground": ("室外活动场地", 0.2),
}  # fmt: skip
_HOURS = ("8:00-17:30", "8:00—12:00，14:30—18:00", "全天", "周一至周五 8:30-17:00", None)
#: Key of a row -> what is wrong with it on purpose.
FLAWS = {
    "FW0003": "a market without an area: nobody knows how large it is",
    "FW0011": "a vegetable shop of which nobody says whether it is open",
    "FW0030": "a car park that a company keeps for itself: not open to residents",
    "FW0033": "a car park without a number of places, only its land",
    "FW0036": "a car park without a place on the map: it counts at a point inside its community",
    "FW0040": "a car park in a community that there is not",
    "FW0047": "'not open for now' is neither yes nor no: nobody knows whether it is open",
    "FW0052": "a room for the old with neither area nor capacity",
    "FW0055": "a room for the old whose point lies in another district",
    "FW0060": "told twice, with another area the second time",
}


def service_facilities(books: dict[str, list[Row]]) -> list[Row]:
    """A row a facility, by id; the last are errors that real registers have."""
    rng = stream("service facilities")
    communities = [row for row in books["communities"] if row.get("geometry") is not None]
    by_code = {str(row["community_code"]): row for row in communities}
    centre = [row for row in communities if row["district_code"] == CENTRE]
    rows: list[Row] = []
    for row in sorted(rng.sample(centre[: len(centre) // 2], MARKETS), key=lambda r: str(r["community_code"])):
        rows.append(_row(rng, rows, row, "农贸市场", f"{row['community_name']}农贸市场", 600 + 50 * rng.randrange(18)))
    for row in sorted(rng.sample(communities, SHOPS), key=lambda r: str(r["community_code"])):
        rows.append(_row(rng, rows, row, "便民菜店", f"{row['community_name']}便民菜店", 40 + 5 * rng.randrange(16)))
    for row in sorted(rng.sample(communities, CAR_PARKS), key=lambda r: str(r["community_code"])):
        places = 20 + 5 * rng.randrange(25)
        rows.append(_row(rng, rows, row, "停车场", f"{row['community_name']}停车场", 30.0 * places) | {"capacity": places})
    for kind, (name, per_m2) in _ROOMS.items():
        for told in (row for row in books["community_facilities"] if row["kind"] == kind and row["community_code"] in by_code):
            area = float(str(told["area_m2"]))
            made = _row(
                rng,
                rows,
                by_code[str(told["community_code"])],
                name,
                f"{by_code[str(told['community_code'])]['community_name']}{name}",
                area,
            )
            rows.append(made | {"capacity": round(area * per_m2)})
    return _spoilt(rows)


def _row(rng: Random, before: list[Row], community: Row, kind: str, name: str, area: float) -> Row:
    """One facility somewhere in its community; ``before``: those with a number already."""
    shape = shapely.Polygon(community["geometry"].exterior) if community["geometry"].geom_type == "Polygon" else community["geometry"]
    west, south, east, north = shape.bounds
    spots = [shapely.Point(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(12)]
    point = next((p for p in spots if shape.buffer(-5).contains(p)), shapely.point_on_surface(shape))
    return {
        "facility_id": f"FW{len(before) + 1:04d}", "community_code": community["community_code"], "kind": kind, "name": name,
        "area_m2": area, "capacity": None, "open_to_residents": "是", "opening_hours": _HOURS[rng.randrange(len(_HOURS))], "point": point,
    }  # fmt: skip


def _spoilt(rows: list[Row]) -> list[Row]:
    """The rows with the flaws of ``FLAWS``."""
    by_key = {str(row["facility_id"]): row for row in rows}
    by_key["FW0003"]["area_m2"] = None
    by_key["FW0011"]["open_to_residents"] = None
    by_key["FW0030"]["open_to_residents"] = "否"
    by_key["FW0033"]["capacity"] = None
    by_key["FW0036"]["point"] = None
    by_key["FW0040"]["community_code"] = "990102009099"
    by_key["FW0047"]["open_to_residents"] = "暂不开放"
    by_key["FW0052"] |= {"area_m2": None, "capacity": None}
    by_key["FW0055"]["point"] = by_key["FW0001"]["point"]
    twice = by_key["FW0060"] | {"area_m2": 2 * float(str(by_key["FW0060"]["area_m2"]))}
    return [*rows, twice, {"facility_id": "合计", "area_m2": sum(float(str(row["area_m2"] or 0)) for row in rows)}]
