"""What the bureaus keep of rooms: what they count toward, how they were filed, titles, vacancies; and of their handovers and offices."""

from __future__ import annotations

from datetime import date

import shapely

from .acts import Books, Row
from .days import later
from .developments import Development
from .settings import AS_OF, stream


def room_papers(books: Books, found: list[Development]) -> None:
    """Fills the columns of rooms and handovers; the flaws among them are listed in ``flaws``."""
    by_id = {one.id: one for one in found}
    rooms = books.rows["premises"]
    handed = {str(r["premises_id"]): r for r in books.rows["handovers"] if r.get("premises_id")}
    _qualities(rooms)
    _filings(rooms, by_id)
    _titles(rooms, handed)
    _vacancies(rooms, handed)
    _units(books, rooms, by_id)
    _shrunk(rooms, by_id)
    _off_site(books, by_id)
    _handovers(books, handed)


def _qualities(rooms: list[Row]) -> None:
    """Lift, daylight, what each room counts toward; one is promised twice, one is a hut, one is the property company's."""
    rng = stream("room qualities")
    for room in rooms:
        counts = room["kind"] == "community"
        room |= {
            "has_lift": rng.random() < 0.4,
            "daylit": rng.random() < 0.93,
            "counts_toward": "community" if counts else "none",
            "temporary": False,
        }
    ours = [r for r in rooms if r["kind"] == "community" and r.get("surveyed_m2") and r["current_use"] == "vacant"]
    ours[20]["counts_toward"] = "other_duty"
    ours[22]["temporary"] = True
    next(r for r in rooms if r["kind"] == "property_management" and r.get("surveyed_m2"))["counts_toward"] = "community"


def _filings(rooms: list[Row], by_id: dict[str, Development]) -> None:
    """Rooms as filed with civil affairs; one with less area, one on another floor."""
    filed = [r for r in rooms if r["kind"] == "community" and by_id[str(r["project_id"])].row.get("filing_no") and r.get("planned_m2")]
    for room in filed:
        room |= {"filed_m2": room["planned_m2"], "filed_building": room["building"], "filed_floor": room["floor_from"]}
    filed[9]["filed_m2"] = round(float(filed[9]["planned_m2"]) - 24, 2)
    filed[16]["filed_floor"] = int(filed[16]["floor_from"]) + 1


def _titles(rooms: list[Row], handed: dict[str, Row]) -> None:
    """Who holds the titles that there are; two thirds of what was handed over long ago got one."""
    rng = stream("titles")
    for room in rooms:
        if room.get("title_no"):
            room |= {"title_holder_kind": "private", "title_use": "shop", "encumbrance": "none"}
    long_ago = [
        r for r in rooms if r["premises_id"] in handed and not r.get("title_no") and _day(handed[r["premises_id"]]) < date(2010, 3, 1)
    ]
    for number, room in enumerate(long_ago):
        if rng.random() < 0.66:
            on = later(_day(handed[room["premises_id"]]), rng.randint(60, 330))
            room |= {
                "title_no": f"棠房权证棠城字第{on.year}{rng.randint(1, 99999):05d}号",
                "titled_on": min(on, AS_OF),
                "title_use": "community",
            }
            room |= {"title_holder": "社区居民委员会", "title_holder_kind": "committee", "encumbrance": "none"}
            if number % 9 == 4:
                room |= {"title_holder": "开发企业", "title_holder_kind": "developer"}
    titled = [r for r in long_ago if r.get("title_no") and r["title_holder_kind"] == "committee"]
    titled[9] |= {"title_holder": "全体业主", "title_holder_kind": "owners_common"}
    titled[3]["encumbrance"] = "mortgaged"
    titled[4]["title_use"] = "shop"


def _day(handover: Row) -> date:
    day = handover["handed_over_on"]
    return day if isinstance(day, date) else date(2100, 1, 1)


def _vacancies(rooms: list[Row], handed: dict[str, Row]) -> None:
    """Two rooms that nobody has moved into, one of them for long."""
    used = [r for r in rooms if r["premises_id"] in handed and r.get("current_use") == "community" and r["kind"] == "community"]
    used[2] |= {"current_use": "vacant", "vacant_since": date(2010, 9, 1)}
    used[5] |= {"current_use": "vacant", "vacant_since": date(2011, 4, 1)}


def _units(books: Books, rooms: list[Row], by_id: dict[str, Development]) -> None:
    """Real-estate units of surveyed rooms; one has lost a character, one is that of a room far away."""
    land = {str(p["project_id"]): str(p["parcel_id"]) for p in books.rows["parcels"] if p.get("project_id")}
    surveyed = [r for r in rooms if r.get("surveyed_m2") and str(r["project_id"]) in land and not str(r["premises_id"]).endswith("-9")][::3]
    for number, room in enumerate(surveyed):
        room["unit_code"] = f"{land[str(room['project_id'])]}F0001{number + 1:04d}"
    twin = next(r for r in rooms if str(r["premises_id"]).endswith("-9"))  # one room that two developments report
    room = next(r for r in rooms if r is not twin and (r["building"], r.get("planned_m2")) == (twin["building"], twin.get("planned_m2")))
    room["unit_code"] = twin["unit_code"] = f"{land[str(room['project_id'])]}F00019999"
    surveyed[5]["unit_code"] = str(surveyed[5]["unit_code"])[:-1]
    other = next(r for r in surveyed[9:] if r["project_id"] != surveyed[8]["project_id"])
    other["unit_code"] = surveyed[8]["unit_code"]  # copied from the line above


def _shrunk(rooms: list[Row], by_id: dict[str, Development]) -> None:
    """Two rooms were built smaller than permitted; they were too small already."""
    small = [
        r for r in rooms if by_id[str(r["project_id"])].situation == "short_kept" and r["kind"] == "community" and r.get("surveyed_m2")
    ]
    for room, lost in zip(small[4:6], (18.0, 42.5), strict=True):
        room["surveyed_m2"] = round(float(room["surveyed_m2"]) - lost, 2)


def _off_site(books: Books, by_id: dict[str, Development]) -> None:
    """One room was built across the street from its development's land, with approval."""
    one = next(d for d in by_id.values() if d.situation == "plan_incomplete")
    room = next(r for r in books.rows["premises"] if r["project_id"] == one.id and not r.get("unit_code"))
    own = shapely.union_all([block.ground for block in one.site.blocks])
    free = [p for p in books.rows["parcels"] if not p.get("project_id") and str(p["parcel_id"]).startswith(books.code_of(one))]
    across = min(free, key=lambda p: (p["geometry"].distance(own), p["parcel_id"]))
    room |= {"point": shapely.point_on_surface(across["geometry"]), "off_site_approval_no": "棠规函〔2008〕27号"}


def _handovers(books: Books, handed: dict[str, Row]) -> None:
    """Where the handed room lies and on what terms: one under a lease, one for a price, one on another floor without approval,
    one with it."""
    rooms = {str(r["premises_id"]): r for r in books.rows["premises"]}
    for number, row in handed.items():
        room = rooms.get(number)
        row |= {"condition": "none", "price_yuan": 0}
        if room:
            row |= {
                "building": room.get("filed_building") or room.get("building"),
                "floor": room.get("filed_floor") or room.get("floor_from"),
            }
    rows = list(handed.values())
    rows[4]["condition"] = "lease"
    rows[8]["price_yuan"] = 126_000
    rows[11]["floor"] = int(rows[11]["floor"]) + 2
    rows[14] |= {"floor": int(rows[14]["floor"]) + 1, "approval_no": "棠民调〔2009〕3号"}
    for row in books.rows["handovers"]:
        row.setdefault("condition", "none")
        row.setdefault("price_yuan", 0)


def office_papers(books: Books) -> None:
    """Rooms that an office shares, and a plan for one office of those that face demolition."""
    rng = stream("office papers")
    for row in books.rows["offices"]:
        row["shared_m2"] = 0
    shared = [r for r in books.rows["offices"] if r["tenure"] == "shared" and r.get("area_m2")]
    for row in shared:
        row["shared_m2"] = round(float(row["area_m2"]) * rng.uniform(0.1, 0.3), 1) if rng.random() < 0.5 else None
    [planned] = [r for r in books.rows["offices"] if r.get("demolition_risk") and r["tenure"] == "borrowed"][:1]
    planned["relocation_plan_no"] = "棠民函〔2011〕18号"
