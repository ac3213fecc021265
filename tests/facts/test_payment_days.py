"""What is told of a payment in lieu as of a day: an agreement, a receipt, a credit, a refund of a later day has not happened;
of a month that the day cuts it may have, and is told as the month that it is."""

import datetime as dt
import random

from tests.facts.tables import connection, day, facts

AS_OF = dt.date(2009, 3, 20)
DAYS = (None, "2009-02-10", "2009-02", "2009-03-20", "2009-03-21", "2009-03", "2009-04")
EVENTS = ("agreed", "received", "credited", "refunded")
WORDS = {"agreement_no": "协1", "receipt_no": "票1", "account": "专户", "spent_on": "services", "credited_community_code": "C1"}


def made_up(count):
    chance = random.Random(3)
    return [{f"{name}_on": chance.choice(DAYS) for name in EVENTS} | {"due_on": chance.choice(DAYS)} for _ in range(count)]


def is_later(text):
    return text is not None and day(text)[0] > AS_OF


def expected(given):
    row = list(day(given["due_on"]))
    for name in EVENTS:
        row += (None, None) if is_later(given[f"{name}_on"]) else day(given[f"{name}_on"])
    reached = given["credited_on"] or given["received_on"]  # credited without a day: not before it came in
    dates = {"agreement_no": given["agreed_on"], "credited_community_code": reached}
    return (*row, *(None if is_later(dates.get(name, given["received_on"])) else word for name, word in WORDS.items()))


def test_what_is_later_than_the_day_has_not_happened():
    given = made_up(60)
    con = connection(
        AS_OF,
        projects=[{"project_id": "P1"}],
        payments=[{"payment_id": f"Z{n:02d}", "project_id": "P1", "amount_yuan": 1, **WORDS, **values} for n, values in enumerate(given)],
    )
    dates = [f"{name}_on_{end}" for name in ("due", *EVENTS) for end in ("lo", "hi")]
    assert facts(con, "payment", *dates, *WORDS) == [expected(values) for values in given]
