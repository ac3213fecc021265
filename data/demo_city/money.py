"""Deposits, demands and forfeitures, and the unit prices in lieu."""

from __future__ import annotations

from datetime import date
from random import Random

from .acts import Books
from .days import later
from .developments import Development
from .settings import AS_OF, DISTRICTS, stream
from .sites import LEGACY

NOT_HANDED = ("nothing", "short_kept", "kept", "changed")
STAGES = {"decided": 5, "ready": 9, "running": 7}  # of the demands; whoever is left was never sent one
REFUNDED_EARLY = ("nothing", "short_kept", "kept", "changed", "partial", "accepted_first")
REFUNDED_DULY = ("accepted_first", "unfiled", "filed_late", "plan_incomplete", "unknown_survey", "mixed_filed_late")
BASES = ("土地出让合同约定", "市政府办公室通知", "土地出让合同约定", None, "市政府办公室通知")


def unit_prices(books: Books) -> None:
    """Two prices for each district, before and from 2010."""
    for district in DISTRICTS:
        periods = ((date(2007, 1, 1), date(2009, 12, 31)), (date(2010, 1, 1), None))
        for (first, last), price, number in zip(periods, district.prices, (12, 3), strict=True):
            source = f"棠建发〔{first.year}〕{number}号"
            books.add("unit_prices", zone=district.code, use="community", from_on=first, to_on=last, price_yuan_per_m2=price, source=source)


def deposits(books: Books, found: list[Development]) -> None:
    """What was due, paid, refunded and forfeited; the events are numbered by day."""
    rng = stream("deposits")
    bound = [
        d
        for d in found
        if d.site.stage != LEGACY and d.is_housing and d.row["permitted_on"] and not d.situation.startswith(("exempt", "lieu"))
    ]
    held = {one.id: amount for one in bound if (amount := _paid(rng, books, one))}
    _demands(rng, books, [d for d in bound if d.id in held], held)
    _refunds(rng, books, [d for d in bound if d.id in held], held)
    rows = books.rows["deposits"]
    rows.sort(key=lambda r: (r["event_on"], r["project_id"]))
    for number, row in enumerate(rows, start=1):
        row["event_id"] = f"BZ{number:04d}"


def _event(books: Books, one: Development, event: str, yuan: float, on: date, **fields: object) -> None:
    if on <= AS_OF:
        books.add("deposits", project_id=one.id, event=event, amount_yuan=yuan, event_on=on, **fields)


def _paid(rng: Random, books: Books, one: Development) -> int:
    """A deposit of 50 to 800 thousand yuan due at the permit; some never paid, some in two payments, some as a guarantee."""
    fate = rng.random()
    if fate < 0.07:
        return 0
    due = min(max(round(float(one.row["permit_total_m2"]) * rng.uniform(6, 11) / 5000) * 5000, 50_000), 800_000)
    permitted = one.row["permitted_on"]
    _event(books, one, "due", due, permitted)
    first = later(permitted, rng.randint(4, 45))
    if fate < 0.11 or first > AS_OF:
        return 0
    receipt = f"{first.year}{rng.randint(1, 99999):06d}"
    if fate < 0.17 and later(first, 200) <= AS_OF:
        _event(books, one, "paid", due // 2, first, receipt_no=receipt)
        _event(books, one, "paid", due - due // 2, later(first, 120), receipt_no=f"{first.year}{rng.randint(1, 99999):06d}")
    elif fate < 0.22:
        _event(books, one, "paid", due, first, receipt_no=f"保函{receipt}", guarantee_expires_on=first.replace(year=first.year + 3, day=1))
    else:
        _event(books, one, "paid", due, first, receipt_no=receipt)
    return due


def _demands(rng: Random, books: Books, bound: list[Development], held: dict[str, int]) -> None:
    """Demands to hand over in each stage: decided, ready for decision, running; one of the running was extended."""
    able = [d for d in bound if d.row["uses"] and d.row["plan_approved_on"] and d.accepted_on]
    pool = [d for d in able if d.situation in NOT_HANDED and d.accepted_on < date(2010, 11, 1)]
    rng.shuffle(pool)
    for stage, count in STAGES.items():
        for order in range(count):
            _demand(rng, books, pool.pop(), held, stage, order)
    for one in [d for d in able if d.situation == "partial"][:2]:
        _demand(rng, books, one, held, "ready", 0)


def _demand(rng: Random, books: Books, one: Development, held: dict[str, int], stage: str, order: int) -> None:
    number = len(books.rows["demands"]) + 1
    served = later(date(2011, 6, 28), -rng.randint(2, 24)) if stage == "running" else later(date(2011, 4, 15), -rng.randint(0, 120))
    deadline = later(served, rng.choice((30, 45, 60)))
    row = {"demand_id": f"CG{number:03d}", "project_id": one.id, "served_on": served, "deadline_on": deadline}
    row["document_no"] = f"棠建催〔{served.year}〕{number}号"
    if stage == "running" and order == 0:
        served = date(2011, 3, 10)
        row |= {
            "served_on": served,
            "deadline_on": date(2011, 5, 10),
            "extended_to": date(2011, 8, 31),
            "extension_no": "棠建函〔2011〕21号",
        }
    if stage == "decided":
        row |= {"served_on": later(served, -120), "deadline_on": later(served, -75)}
        _forfeit(rng, books, one, held, later(served, -20), order)
    books.add("demands", **row)


def _forfeit(rng: Random, books: Books, one: Development, held: dict[str, int], on: date, order: int) -> None:
    """A decision of the joint meeting: the whole deposit, once a half; some of it reached the community."""
    amount = held.pop(one.id) * (0.5 if order == 4 else 1)
    decision = f"棠联会〔{on.year}〕{order + 1}号"
    _event(
        books,
        one,
        "forfeited",
        amount,
        on,
        decision_no=decision,
        legal_basis=BASES[order],
        notice_on=later(on, -15),
        hearing_offered=order != 3,
    )
    if order < 2:
        _event(books, one, "credited", amount, later(on, 35), decision_no=decision, community_code=books.code_of(one))


def _refunds(rng: Random, books: Books, bound: list[Development], held: dict[str, int]) -> None:
    """Refunds before the duty was met, one of each kind, and refunds after everything had been handed over."""
    demanded = {row["project_id"] for row in books.rows["demands"]}
    judged = [d for d in bound if d.row["uses"] and d.row["plan_approved_on"] and d.id in held and d.id not in demanded]
    able = [d for d in judged if d.accepted_on and d.accepted_on < date(2010, 10, 1)]
    handed = {row["project_id"]: row["handed_over_on"] for row in books.rows["handovers"]}
    for situation in REFUNDED_EARLY:
        one = next(d for d in able if d.situation == situation)
        able.remove(one)
        share, on = (0.4 if situation == "partial" else 1), later(one.accepted_on, rng.randint(5, 18))
        _event(books, one, "refunded", round(held[one.id] * share), on, decision_no=f"棠建退〔{on.year}〕{rng.randint(1, 40)}号")
    for one in [d for d in able if d.situation in REFUNDED_DULY][:9]:
        on = later(max(one.accepted_on, handed[one.id]), rng.randint(20, 90))
        _event(books, one, "refunded", held[one.id], on, decision_no=f"棠建退〔{on.year}〕{rng.randint(41, 80)}号")
