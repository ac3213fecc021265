"""Flaws of the map: boundaries, parcels and an office drawn wrong, areas on record not those of the map, old numbers."""

from __future__ import annotations

import shapely
import shapely.ops

from .acts import Books
from .developments import Development
from .papers import plain


def land_flaws(books: Books, found: list[Development]) -> None:
    """One bow-tie on land without a development, one swollen parcel of a development, two areas off by some percent, two numbers malformed,
    two granted parcels of no project, one parcel delivered twice."""
    rows = books.rows["parcels"]
    free = [r for r in rows if not r.get("project_id")]
    x0, y0, x1, y1 = free[40]["geometry"].bounds
    free[40]["geometry"] = shapely.Polygon([(x0, y0), (x1, y1), (x1, y0), (x0, y1)])
    wide = plain(found)[26]
    swollen = next(r for r in rows if r.get("project_id") == wide.id)
    swollen["geometry"] = swollen["geometry"].buffer(16, join_style="mitre")
    for row, factor in ((free[75], 1.034), (free[110], 0.955)):
        row["land_area_m2"] = round(float(row["land_area_m2"]) * factor, 2)
    slip = str(free[150]["parcel_id"])
    free[150]["parcel_id"] = f"{slip[:14]}O{slip[15:]}"  # the letter for the digit
    free[260]["parcel_id"] = "02-14-0037"  # the number of the old cadastre
    for row, ratio in ((free[180], 1.8), (free[205], 2.2)):  # granted for housing, and no project names them
        row |= {"land_use_code": "R2", "far_permitted": ratio}
    again = dict(free[300])
    books.add("parcels", **again | {"parcel_id": f"{str(again['parcel_id'])[:14]}00999"})


def community_flaws(books: Books) -> None:
    """One office drawn in the community beside its own, and one boundary drawn 12 m over its neighbour's on 60 m."""
    ground = {str(row["community_code"]): row for row in books.rows["communities"]}
    office = next(row for row in books.rows["offices"] if row["office_id"] == "BG110")
    beside = _beside(ground, str(office["community_code"]))[0]
    office["point"] = shapely.point_on_surface(ground[beside]["geometry"])
    drawn = ground["990124002005"]
    other = ground[_beside(ground, "990124002005")[0]]
    border = shapely.line_merge(shapely.intersection(drawn["geometry"].boundary, other["geometry"].boundary))
    longest = max(shapely.get_parts(border), key=shapely.length)
    piece = shapely.ops.substring(longest, longest.length / 2 - 30, longest.length / 2 + 30)
    drawn["geometry"] = shapely.union(drawn["geometry"], piece.buffer(12, cap_style="flat"))


def _beside(ground: dict[str, dict], code: str) -> list[str]:
    """The communities that share a border with one, by code."""
    own = ground[code]["geometry"].boundary
    return sorted(c for c, row in ground.items() if c != code and shapely.length(own & row["geometry"].boundary) > 50)


def told_differently(found: list[Development]) -> None:
    """Housing counts other homes than planning for one development, and another credit code for a second."""
    one, two = plain(found)[27:29]
    one.row["项目竣工:households"] = int(one.row["households"]) + 14
    code = str(two.row["developer_code"])
    two.row["项目竣工:developer_code"] = code[:8] + ("7" if code[8] != "7" else "8") + code[9:]
