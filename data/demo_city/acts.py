"""What developers and bureaus do, one act a function; each writes the rows that it leaves in the bureaus' books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random

from .days import Day, later
from .developments import Development
from .settings import AS_OF

Row = dict[str, object]


@dataclass
class Books:
    """All rows of the delivery by table, the communities' codes and names by place, and one stream of chance."""

    rng: Random
    codes: list[str]
    names: list[str]
    prices: dict[str, tuple[int, int]]
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **row: object) -> Row:
        self.rows[table].append(row)
        return row

    def code_of(self, one: Development) -> str:
        return self.codes[one.site.place]


def accepted(one: Development) -> date:
    """The day of planning acceptance; brought forward if it would lie after the day of the delivery."""
    if one.accepted_on is None:
        one.accepted_on = later(one.completed_on, 9)
        one.row["planning_accepted_on"] = one.accepted_on
    return one.accepted_on


def plan_says(one: Development, area_m2: float | None, place: bool = True, floor: bool = True) -> None:
    """What the approved detailed plan says about the premises."""
    one.row |= {"plan_states_place": place, "plan_states_floor": floor, "plan_states_area_m2": area_m2}


def plan_silent(books: Books, one: Development) -> None:
    """The plan says nothing; the ledger shows that as no, and the area as 0 or as a blank."""
    plan_says(one, books.rng.choice((0, 0, None)), place=False, floor=False)


def build(books: Books, one: Development, areas: list[float], **fields: object) -> list[str]:
    """Rooms of community premises, planned, permitted and surveyed alike unless ``fields`` say otherwise."""
    rng, made = books.rng, []
    building, floor = rng.randint(1, 9), rng.choice((1, 1, 1, 2, 2, 3))
    for area in areas:
        number = f"YF{one.id[2:]}-{len(one.rooms) + 1}"
        row: Row = {"premises_id": number, "project_id": one.id, "kind": "community", "planned_m2": area}
        row |= {"permitted_m2": area if one.row["permitted_on"] else None, "surveyed_m2": area if is_built(one) else None}
        row |= {"building": f"{building}号楼", "floor_from": floor, "floor_to": floor, "basement": False, "stilt": False}
        row |= {"own_entrance": rng.random() < 0.8, "storey_height_m": rng.choice((3.0, 3.2, 3.3, 3.6, 3.9))}
        row |= {"current_use": "vacant" if is_built(one) else None, **fields}
        books.add("premises", **row)
        one.rooms.append(number)
        made.append(number)
        floor = min(floor + 1, 3)
    one.row["premises_register_complete"] = True
    return made


def is_built(one: Development) -> bool:
    return one.completed_on is not None and one.completed_on <= AS_OF


def file_with_civil_affairs(books: Books, one: Development, on: Day | None = None, undated: bool = False) -> None:
    """The developer's filing, by default a few days before the plan is approved."""
    day = on or later(one.plan_on, -books.rng.randint(0, 12))
    year = day.year
    one.row["filed_on"] = None if undated else day
    one.row["filing_no"] = f"棠民备〔{year}〕{books.rng.randint(1, 60)}号"


def hand(books: Books, one: Development, area_m2: float, on: Day, *, room: str | None = None, **fields: object) -> None:
    """A handover, by default to the residents' committee that civil affairs designated."""
    number = len(books.rows["handovers"]) + 1
    code = str(fields.pop("community_code", None) or books.code_of(one))
    name = f"{books.names[books.codes.index(code)]}社区居民委员会"
    row: Row = {"handover_id": f"YJ{number:04d}", "project_id": one.id, "premises_id": room, "community_code": code}
    row |= {"recipient_name": name, "recipient_kind": "committee", "area_m2": area_m2, "handed_over_on": on}
    row |= {"agreed_on": later(on, -books.rng.randint(3, 40)) if isinstance(on, date) else None, "price_yuan": 0}
    row["receipt_no"] = f"{on.year}{number:05d}"
    books.add("handovers", **(row | fields))
    for premises in books.rows["premises"]:
        if premises["premises_id"] == room and "recipient_kind" not in fields:
            premises["current_use"] = "community"


def hand_all(books: Books, one: Development, rooms: list[str], on: Day, **fields: object) -> None:
    areas = {p["premises_id"]: p["surveyed_m2"] or p["planned_m2"] for p in books.rows["premises"]}
    for room in rooms:
        hand(books, one, float(areas[room]), on, room=room, **fields)


def price_on(books: Books, one: Development, day: date) -> int:
    """The unit price in lieu of the district on a day."""
    return books.prices[str(one.row["district_code"])][day >= date(2010, 1, 1)]


def pay_in_lieu(books: Books, one: Development, area_m2: float, on: date, receipt_no: str | None = None) -> None:
    """Money for an area at the unit price of the day, credited to the community a while later."""
    number, price = len(books.rows["payments"]) + 1, price_on(books, one, on)
    credited = later(on, books.rng.randint(20, 120))
    books.add(
        "payments",
        payment_id=f"ZZ{number:03d}",
        project_id=one.id,
        amount_yuan=round(area_m2 * price, 2),
        due_on=later(on, books.rng.choice((0, 5, 10, 20))),
        received_on=on,
        agreement_no=f"棠建折〔{on.year}〕{number}号",
        unit_price_yuan_per_m2=price,
        receipt_no=receipt_no or f"{on.year}{70000 + 37 * number}",
        account="市财政社区用房专户",
        credited_community_code=books.code_of(one) if credited <= AS_OF else None,
        credited_on=credited if credited <= AS_OF else None,
    )
