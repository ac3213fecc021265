"""What a deposit event found, against every day that a month-only date may mean: many made-up projects at once."""

import datetime as dt
import random

from tests.facts.tables import connection, day, facts

AS_OF = dt.date(2009, 3, 20)
DAYS = ("2009-01-01", "2009-01-20", "2009-01-31", "2009-02-10", "2009-03-20", "2009-03-21", "2009-01", "2009-02", "2009-03")
KINDS = ("due", "paid", "refunded", "forfeited", "offset", "credited")
TAKES = ("refunded", "forfeited", "offset")
PRICE = 4000


def made_up(count):
    """Projects: events (kind, yuan, day; no sum of some is that of others), payments (m2 or None, received, refunded),
    which rows were lost."""
    chance = random.Random(2009)
    found = {}
    for number in range(count):
        events = [(chance.choice(KINDS), 2**n, chance.choice(DAYS)) for n in range(chance.randint(1, 4))]
        paid = []
        for n in range(chance.choice((0, 1, 1, 2))):
            received = chance.choice((*DAYS, None))
            later = [d for d in DAYS if received and day(d)[0] > day(received)[1]]
            paid.append(
                (chance.choice((10**n,) * 7 + (None,)), received, chance.choice(later) if later and chance.random() < 0.5 else None)
            )
        found[f"P{number:03d}"] = (events, paid, chance.choice((None,) * 8 + ("deposits", "payments")))
    # given back in the month that the event begins: perhaps on the day itself
    found["P998"] = ([("paid", 1, "2009-02-01")], [(1, "2009-01-01", "2009-02")], None)
    return found


PROJECTS = made_up(90)


def days(text):
    first, last = day(text)
    return [first + dt.timedelta(n) for n in range((last - first).days + 1)]


def one(values):
    """The one value, if there is but one."""
    first, *others = set(values)
    return None if others else first


def order(a, b):
    """-1, 0, 1: the first before, on or after the day of the second; None where that depends on their days."""
    return one((x > y) - (x < y) for x in days(a) for y in days(b))


def held(events, event):
    kind, _, on = event
    total = 0
    for other in events:
        if other is event or other[0] in ("due", "credited"):
            continue
        when = order(other[2], on)
        if when is None:
            return None
        if when < 0 or (when == 0 and other[0] == "paid" and kind not in ("due", "paid")):
            total += -other[1] if other[0] in TAKES else other[1]
    return total


def so_far(events, event, kind):
    came = [(True if e is event else one(x <= y for x in days(e[2]) for y in days(event[2])), e) for e in events]
    return None if None in [c for c, _ in came] else sum(e[1] for c, e in came if c and e[0] == kind)


def in_lieu(paid, event):
    total = 0
    for area, received, refunded in paid:
        counts = received is not None and one(
            r <= on and not (f is not None and f <= on)
            for on in days(event[2])
            if on <= AS_OF
            for r in days(received)
            for f in (days(refunded) if refunded else [None])
        )
        if counts is None or (counts and area is None):
            return None
        total += area if counts else 0
    return total


def expected(events, paid, lost):
    happened = [e for e in events if day(e[2])[0] <= AS_OF]
    told = lost != "deposits"
    return [
        (
            held(happened, e) if told else None,
            so_far(happened, e, "refunded") if told else None,
            so_far(happened, e, "paid") if told else None,
            in_lieu(paid, e) if lost != "payments" else None,
        )
        for e in happened
    ]


NAMES = ("held_before_yuan", "refunded_so_far_yuan", "paid_so_far_yuan", "in_lieu_by_then_m2")


def tables():
    deposits = [
        {"event_id": f"{project} E{n}", "project_id": project, "event": kind, "amount_yuan": yuan, "event_on": on}
        for project, (events, _, _) in PROJECTS.items()
        for n, (kind, yuan, on) in enumerate(events)
    ]
    payments = [
        {"payment_id": f"{project} Z{n}", "project_id": project, "amount_yuan": (area or 7) * PRICE,
         "received_on": received, "refunded_on": refunded,
         "unit_price_yuan_per_m2": None if area is None else PRICE}
        for project, (_, paid, _) in PROJECTS.items()
        for n, (area, received, refunded) in enumerate(paid)
    ]  # fmt: skip
    return {"projects": [{"project_id": project} for project in PROJECTS], "deposits": deposits, "payments": payments}


def test_what_an_event_found_is_known_where_every_day_that_it_may_mean_says_the_same():
    lost = [(table, project, "negative") for project, (_, _, table) in PROJECTS.items() if table]
    con = connection(AS_OF, quarantine=lost, **tables())
    assert facts(con, "deposit", *NAMES) == [row for given in PROJECTS.values() for row in expected(*given)]


def test_money_in_lieu_is_unknown_without_its_register_and_none_where_that_is_empty():
    event = {"event_id": "E1", "project_id": "P1", "event": "paid", "amount_yuan": 1, "event_on": "2009-01-01"}
    given = {"projects": [{"project_id": "P1"}], "deposits": [event]}
    assert facts(connection(AS_OF, **given), "deposit", "in_lieu_by_then_m2") == [(None,)]
    assert facts(connection(AS_OF, payments=[], **given), "deposit", "in_lieu_by_then_m2") == [(0,)]


def test_an_event_whose_project_no_register_names_has_what_it_found_all_the_same():
    event = {"event_id": "E1", "project_id": "P9", "event": "refunded", "amount_yuan": 5, "event_on": "2009-01-01"}
    con = connection(AS_OF, projects=[], payments=[], deposits=[event])
    assert facts(con, "deposit", *NAMES) == [(0, 5, 0, 0)]
