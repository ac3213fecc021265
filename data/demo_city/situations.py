"""What became of each development. One situation a function; nobody has complied, but everybody in their own way.

A situation of a completed, governed development leaves at least one of these unmet or unknown: the plan states the
premises, filing, area at the as-built survey, handover in full, to the right committee, before acceptance.
"""

from __future__ import annotations

from datetime import date

from .acts import (
    Books,
    accepted,
    build,
    file_with_civil_affairs,
    hand,
    hand_all,
    pay_in_lieu,
    plan_says,
    plan_silent,
    price_on,
)
from .days import Month, between, later
from .developments import Development
from .settings import AS_OF

ENOUGH_M2 = (0, 0, 2, 6, 15)


def nothing(books: Books, one: Development) -> None:
    """No word in the plan, no rooms, no filing, and accepted all the same."""
    plan_silent(books, one)
    one.row["premises_register_complete"] = True if books.rng.random() < 0.72 else None


def ready(books: Books, one: Development, share: float = 1.0) -> list[str]:
    """Planned, filed in time and built, in one or two rooms; ``share`` of what is due."""
    area = one.full_m2 + books.rng.choice(ENOUGH_M2) if share == 1.0 else round(one.need_m2() * share, 2)
    first = float(int(area * 0.55)) if area > 420 and books.rng.random() < 0.6 else area
    plan_says(one, area)
    file_with_civil_affairs(books, one)
    return build(books, one, [first] if first == area else [first, round(area - first, 2)])


def in_time(books: Books, one: Development) -> date:
    """A day shortly before planning acceptance and not before completion."""
    return max(later(accepted(one), -books.rng.randint(0, 9)), one.completed_on)


def kept(books: Books, one: Development) -> None:
    """Built in full, never handed over."""
    use = books.rng.choice(("vacant", "vacant", "property_management", "sales_office"))
    for number in ready(books, one):
        _room(books, number)["current_use"] = use


def short_kept(books: Books, one: Development) -> None:
    """Built too small and not handed over."""
    ready(books, one, books.rng.uniform(0.25, 0.85))
    if books.rng.random() < 0.55:
        one.row["filed_on"] = one.row["filing_no"] = None


def changed(books: Books, one: Development, by: str = "developer") -> None:
    """The room stands, but is a shop, or sold, or let."""
    share = books.rng.choice((1.0, 1.0, books.rng.uniform(0.45, 0.9)))
    use, since = books.rng.choice(("shop", "shop", "sold", "let", "sales_office")), later(one.completed_on, books.rng.randint(20, 200))
    for number in ready(books, one, share):
        _room(books, number).update(current_use=use, use_changed_by=by, use_changed_on=Month.of(min(since, AS_OF)))
        if use == "sold":
            _room(books, number).update(title_holder="个人", titled_on=min(later(since, 60), AS_OF), title_no=_title(books, since.year))


def changed_unknown(books: Books, one: Development) -> None:
    changed(books, one, by="unknown")


def partial(books: Books, one: Development) -> None:
    """Only a part handed over."""
    rooms = ready(books, one)
    if len(rooms) == 2:
        hand_all(books, one, rooms[:1], in_time(books, one))
    else:
        hand(books, one, round(one.need_m2() * books.rng.uniform(0.3, 0.75), 2), in_time(books, one), room=rooms[0])


def to_property_company(books: Books, one: Development) -> None:
    name = f"{one.row['developer_name'][:5]}物业服务有限公司"
    hand_all(books, one, ready(books, one), in_time(books, one), recipient_kind="property_company", recipient_name=name)


def to_owners(books: Books, one: Development) -> None:
    name = f"{one.row['project_name']}业主委员会"
    hand_all(books, one, ready(books, one), in_time(books, one), recipient_kind="owners_committee", recipient_name=name)


def to_wrong_community(books: Books, one: Development) -> None:
    wrong = one.site.extra["neighbour"]
    hand_all(books, one, ready(books, one), in_time(books, one), community_code=books.codes[wrong])


def half_each(books: Books, one: Development) -> None:
    """The parcel lies in two communities, and each got half; civil affairs had designated one of them."""
    half = float(int(one.full_m2 / 2) + 1)
    plan_says(one, 2 * half)
    file_with_civil_affairs(books, one)
    rooms, day = build(books, one, [half, half]), in_time(books, one)
    hand(books, one, half, day, room=rooms[0])
    hand(books, one, half, day, room=rooms[1], community_code=books.codes[one.site.second_place or 0])


def accepted_first(books: Books, one: Development) -> None:
    """All handed over to the right committee, but accepted before that."""
    hand_all(books, one, ready(books, one), min(later(accepted(one), books.rng.randint(20, 300)), AS_OF))


def accepted_a_day_early(books: Books, one: Development) -> None:
    """As before, by a single day."""
    hand_all(books, one, ready(books, one), later(accepted(one), 1))


def unfiled(books: Books, one: Development) -> None:
    """Everything done but the filing."""
    hand_all(books, one, ready(books, one), in_time(books, one))
    one.row["filed_on"] = one.row["filing_no"] = None


def filed_late(books: Books, one: Development) -> None:
    """Everything done, filed months after the plan was approved; once a day after."""
    hand_all(books, one, ready(books, one), in_time(books, one))
    file_with_civil_affairs(books, one, later(one.plan_on, books.rng.choice((1, 45, 130, 260))))


def let_by_committee(books: Books, one: Development) -> None:
    """Filed late and handed over; then the committee let the room."""
    filed_late(books, one)
    for number in one.rooms:
        _room(books, number).update(current_use="let", use_changed_by="committee", use_changed_on=Month(2011, 3))


def plan_incomplete(books: Books, one: Development) -> None:
    """Everything done, but the plan had not said where, or on which floor."""
    rooms = ready(books, one)
    place = books.rng.random() < 0.4
    plan_says(one, one.row["plan_states_area_m2"], place=place, floor=False)
    hand_all(books, one, rooms, in_time(books, one))


def lieu_short(books: Books, one: Development) -> None:
    """Money instead of premises, and too little of it."""
    plan_silent(books, one)
    one.row["premises_register_complete"] = True
    file_with_civil_affairs(books, one)
    pay_in_lieu(books, one, round(one.need_m2() * books.rng.uniform(0.4, 0.85), 2), later(accepted(one), -books.rng.randint(5, 60)))


def lieu_whole(books: Books, one: Development) -> None:
    """Money for all of it; never filed, and the plan is silent."""
    lieu_short(books, one)
    last = books.rows["payments"][-1]
    last["amount_yuan"] = round(one.full_m2 * price_on(books, one, last["received_on"]), 2)
    one.row["filed_on"] = one.row["filing_no"] = None


def _mixed(books: Books, one: Development, missing_m2: float = 0) -> list[str]:
    """A room for a part, money in two instalments for the rest, up to ``missing_m2``."""
    rooms = ready(books, one, 0.5)
    open_m2 = round(one.need_m2() - _area(books, rooms) - missing_m2, 2)
    first = round(open_m2 / 2, 2)
    day = max(one.completed_on, accepted(one))
    pay_in_lieu(books, one, first, later(day, -40))
    pay_in_lieu(books, one, round(open_m2 - first, 2), min(later(day, 120), later(AS_OF, -20)))
    return rooms


def mixed_two_prices(books: Books, one: Development) -> None:
    """A room and two instalments at two prices, in the end 0.07 m2 short."""
    hand_all(books, one, _mixed(books, one, 0.07), in_time(books, one))
    second = books.rows["payments"][-1]
    second.update(received_on=between(books.rng, max(one.completed_on, AS_OF.replace(2010, 2, 1)), later(AS_OF, -30)))
    first = books.rows["payments"][-2]
    first.update(received_on=min(first["received_on"], AS_OF.replace(2009, 12, 11)))
    for row in (first, second):
        _reprice(books, one, row)


def mixed_filed_late(books: Books, one: Development) -> None:
    """A room and money, together enough; filed late."""
    hand_all(books, one, _mixed(books, one, -0.5), in_time(books, one))
    file_with_civil_affairs(books, one, later(one.plan_on, 75))


def mixed_kept(books: Books, one: Development) -> None:
    """The money was paid, the room was not handed over."""
    _mixed(books, one, -0.5)


def mixed_underpaid(books: Books, one: Development) -> None:
    """The room was handed over, of the money a part is missing."""
    hand_all(books, one, _mixed(books, one, round(one.need_m2() * 0.2, 2)), in_time(books, one))


def _reprice(books: Books, one: Development, row: dict) -> None:
    """The instalment at the price of its own day, for the area that it was for."""
    area, day = round(row["amount_yuan"] / row["unit_price_yuan_per_m2"], 2), row["received_on"]
    price = price_on(books, one, day)
    row.update(unit_price_yuan_per_m2=price, amount_yuan=round(area * price, 2), due_on=day)
    row.update(agreement_no=f"棠建折〔{day.year}〕{row['payment_id'][2:]}号", credited_on=None, credited_community_code=None)


def _room(books: Books, number: str) -> dict:
    return next(p for p in books.rows["premises"] if p["premises_id"] == number)


def _area(books: Books, rooms: list[str]) -> float:
    return sum(float(_room(books, number)["planned_m2"]) for number in rooms)


def _title(books: Books, year: int) -> str:
    return f"棠房权证棠城字第{year}{books.rng.randint(1, 99999):05d}号"
