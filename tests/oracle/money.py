"""In lieu and deposits: area that money stands for, what is still held, what a case of forfeiture may take."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.oracle.known import Day, at_or_before, before, both, half_up, round_down
from tests.oracle.reading import City, known_by


def list_price(city: City, district: str, on: Day | None) -> Decimal | None:
    if on is None:
        return None
    rows = [
        r
        for r in city.rows("unit_prices", zone=district, use="community")
        if r["from_on"].lo <= on.lo and (r.get("to_on") is None or on.hi <= r["to_on"].hi)
    ]
    return rows[0]["price_yuan_per_m2"] if len({r["price_yuan_per_m2"] for r in rows}) == 1 else None


def price_that_counts(city: City, project: dict, row: dict, as_of: Day) -> Decimal | None:
    """The list's on the agreement's day (else the receipt's, else the day due), or what was agreed above it;
    below it only with an approval."""
    agreed = row.get("unit_price_yuan_per_m2")
    days = [row.get(name) for name in ("agreed_on", "received_on")]
    on = next((day for day in days if day and known_by(day, as_of) is not False), row.get("due_on"))
    listed = list_price(city, project.get("district_code"), on)
    if row.get("price_approval_no") or not listed:
        return agreed
    return max(listed, agreed or listed)


def is_told_before(city: City, row: dict) -> bool:
    """One receipt (number, amount and year received) told for another payment before this one is the same money."""
    number, day = row.get("receipt_no"), row.get("received_on")
    if not number or not day:
        return False
    same = city.rows("payments", receipt_no=number, amount_yuan=row["amount_yuan"])
    same = [one["payment_id"] for one in same if one.get("received_on") and one["received_on"].lo.year == day.lo.year]
    return min(same) != row["payment_id"]


def in_lieu_m2(city: City, project: dict, payments: list[dict], as_of: Day, hole: bool, agreed: bool = False) -> Decimal | None:
    """Money received and not given back (``agreed``: agreed upon, whatever became of it), each at the list's price on the agreement's day;
    the sum rounded down."""
    if hole:
        return None
    area = Fraction(0)
    for row in payments:
        if not agreed and is_told_before(city, row):
            continue
        day = row.get("received_on")
        if agreed:
            day = row.get("agreed_on") if row.get("agreement_no") else None
        arrived = known_by(day, as_of) if day else False
        back = known_by(row.get("refunded_on"), as_of) if row.get("refunded_on") and not agreed else False
        if arrived is False or back is True:
            continue
        price = price_that_counts(city, project, row, as_of)
        if arrived is None or back is None or not price:
            return None
        area += Fraction(row["amount_yuan"]) / Fraction(price)
    return round_down(area)


def instrument(row: dict) -> str:
    """What an event belongs to: a guarantee by its number, cash by its receipt."""
    return row.get("guarantee_no") or row.get("receipt_no") or row["event_id"]


def held_yuan(events: list[dict], as_of: Day, hole: bool) -> Decimal | None:
    """Instrument by instrument (the receipt): paid less what was given back or taken; an expired guarantee holds nothing."""
    if hole:
        return None
    paid: dict[str, Decimal] = {}
    ends: dict[str, Day] = {}
    loose = Decimal(0)
    for row in sorted(events, key=lambda r: r["event"] != "paid"):
        happened = known_by(row["event_on"], as_of)
        if row["event"] in ("due", "credited") or happened is False:
            continue
        if happened is None:
            return None
        number = instrument(row)
        end = row.get("guarantee_expires_on")
        if row["event"] == "paid" and number in ends and end and end != ends[number]:  # the same guarantee prolonged
            paid[number], ends[number] = max(paid[number], row["amount_yuan"]), max(end, ends[number])
        elif row["event"] == "paid":
            paid[number] = paid.get(number, Decimal(0)) + row["amount_yuan"]
            if end:
                ends[number] = end
        elif number in paid or len(paid) == 1:
            paid[number if number in paid else next(iter(paid))] -= row["amount_yuan"]
        else:
            loose += row["amount_yuan"]
    held, dead = Decimal(0), Decimal(0)
    for number, amount in paid.items():
        if number not in ends or ends[number].lo >= as_of.hi:
            held += max(amount, Decimal(0))
        else:
            dead += max(amount, Decimal(0))
        loose -= min(amount, Decimal(0))
    least, most = max(held - loose, Decimal(0)), max(held - max(loose - dead, Decimal(0)), Decimal(0))
    return least if least == most else None  # what bears no number may have come off an expired guarantee or off another


def stage(demands: list[dict], events: list[dict], held: Decimal | None, as_of: Day, hole: bool) -> str:
    """decided (all that was held is taken), partly_decided, demand_to_serve, demand_running, ready_for_decision or stage_unknown;
    every deadline that was given must have passed, and an extension counts with its document only."""
    if hole:
        return "stage_unknown"
    served = [row for row in demands if known_by(row["served_on"], as_of)]
    if any(known_by(row["served_on"], as_of) is None for row in demands):
        return "stage_unknown"
    taken = any(row["event"] == "forfeited" and known_by(row["event_on"], as_of) for row in events)
    if held == 0 and taken:
        return "decided"
    if not served:
        return "partly_decided" if taken else "demand_to_serve"
    ends = [row["extended_to"] if row.get("extended_to") and row.get("extension_no") else row["deadline_on"] for row in served]
    over = both(*(before(end, as_of) for end in ends))
    return "stage_unknown" if over is None else (("partly_decided" if taken else "ready_for_decision") if over else "demand_running")


def is_dismissed(decisions: list[dict], demands: list[dict], as_of: Day) -> bool:
    """The meeting's latest word on the forfeiture was no, and nothing was demanded after it."""
    said = [row for row in decisions if row["matter"] == "forfeiture" and row.get("conclusion") in ("confirmed", "dismissed")]
    said = [row for row in said if known_by(row.get("decided_on"), as_of)]
    if not said:
        return False
    last = max(said, key=lambda row: (row["decided_on"].hi, row["conclusion"] == "confirmed"))
    served = [row["served_on"] for row in demands if known_by(row["served_on"], as_of)]
    return last["conclusion"] == "dismissed" and all(at_or_before(day, last["decided_on"]) for day in served)


def proportional(held: Decimal, missing_m2: Decimal, required_m2: Decimal) -> Decimal:
    return half_up(Fraction(held) * Fraction(missing_m2) / Fraction(required_m2))
