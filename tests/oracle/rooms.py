"""Rooms: which count, which are one and the same by proof, and what a project provides at each stage."""

from __future__ import annotations

import re
from decimal import Decimal

from tests.oracle.fields import COMMUNITY, UNREAD
from tests.oracle.known import Day, either, no, total
from tests.oracle.reading import City, known_by

STAGE_AREA = {"plan": "planned_m2", "permit": "permitted_m2", "survey": "surveyed_m2"}


def is_not_countable(room: dict) -> bool | None:
    """AR07: another kind, another duty's, temporary. The survey's ordinance bars no floor and names no height
    (``law.ordinance`` asserts it)."""
    kind, toward = room.get("kind"), room.get("counts_toward")
    other_kind = None if kind is None else kind != COMMUNITY
    temporary = room.get("temporary")
    return either(other_kind, toward in ("other_duty", "none"), None if temporary == UNREAD else bool(temporary))


def is_meant(room: dict) -> bool:
    """Listed as a room for the community, whether it counts or not."""
    return room.get("kind") in (None, COMMUNITY) or room.get("counts_toward") == "community"


def unit(room: dict) -> str | None:
    code = room.get("unit_code")
    return code if code and re.fullmatch(r"\d{12}[A-Z]{2}[0-9A-Z]{5}[FWQ][0-9]{8}", code) else None


def title(room: dict) -> str | None:
    number = room.get("title_no")
    return number if number and len(re.findall(r"\d", number)) >= 4 else None


#: Two points so close are one place, so far apart are two; between them a point decides nothing.
ONE_PLACE_M, TWO_PLACES_M = 5.0, 50.0


def is_same(one: dict, other: dict, apart_m: float | None) -> bool:
    """AR08: proof that two records are one room. What contradicts tells them apart whatever else agrees; likeness alone is a lead."""
    if apart_m is not None and apart_m > TWO_PLACES_M:
        return False
    for code in (unit, title):
        if code(one) and code(other) and code(one) != code(other):
            return False
    if any(code(one) and code(one) == code(other) for code in (unit, title)):
        return True
    alike = all(one.get(name) is not None and one.get(name) == other.get(name) for name in ("building", "floor_from"))
    areas = [(one.get(name), other.get(name)) for name in ("surveyed_m2", "permitted_m2", "planned_m2")]
    areas = [pair for pair in areas if None not in pair]
    return alike and bool(areas) and abs(areas[0][0] - areas[0][1]) <= Decimal("0.01") and apart_m is not None and apart_m <= ONE_PLACE_M


def twins(city: City, distance, handed_on) -> set[str]:
    """Rooms that another project gave first: counted there, not here. ``handed_on``: premises_id -> first day handed over."""
    rooms = sorted(city.rows("premises"), key=lambda r: (handed_on.get(r["premises_id"], (10**7,)), r["premises_id"]))
    kept: list[dict] = []
    out: set[str] = set()
    for room in rooms:
        if any(k["project_id"] != room["project_id"] and is_same(k, room, distance(k, room)) for k in kept):
            out.add(room["premises_id"])
        else:
            kept.append(room)
    return out


def provided(project: dict, rooms: list[dict], stage: str, left_out: set[str], hole: bool) -> list[Decimal | None]:
    """Area of the countable rooms at a stage, once with and once without the rooms of unknown kind. Where none is listed for
    the community, or what is listed does not tell, the plan's own statement, less the listed
    rooms that do not count; else an empty register told complete is zero."""
    if hole:
        return [None]
    stated = project.get("plan_states_area_m2") if stage == "plan" else None
    if not any(is_meant(room) for room in rooms):
        none = Decimal(0) if project.get("premises_register_complete") else None
        return [none if stated is None else stated]
    counts = [(no(is_not_countable(room)), room.get(STAGE_AREA[stage])) for room in rooms if room["premises_id"] not in left_out]
    sure = total(area for counted, area in counts if counted is True)
    perhaps = total(area for counted, area in counts if counted is not False)
    if stated is None or (sure is not None and sure == perhaps):
        return [sure, perhaps]
    odd = [(True if room["premises_id"] in left_out else is_not_countable(room), room.get(STAGE_AREA[stage]))
           for room in rooms if room.get("kind") == COMMUNITY]  # fmt: skip
    least, most = total(area for does, area in odd if does), total(area for does, area in odd if does is not False)
    return [None if lost is None else max(stated - lost, Decimal(0)) for lost in (most, least)]


def first_days(handovers: list[dict], as_of: Day) -> dict[str, tuple]:
    found: dict[str, tuple] = {}
    for row in handovers:
        room, day = row.get("premises_id"), row.get("handed_over_on")
        if room and known_by(day, as_of):
            found[room] = min(found.get(room, (10**7,)), (day.lo.toordinal(),))
    return found
