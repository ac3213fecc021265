"""The ledger of deposits: a balance is the sum of what its instruments hold, whatever order the rows come in."""

import datetime as dt
from decimal import Decimal
from importlib.resources import files

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.schema import BY_NAME, SQL_TYPES
from tests.facts.tables import AS_OF, day, insert

SQL = files("planning_check.facts").joinpath("instrument.sql").read_text("utf-8")


def ledger(*projects, as_of=AS_OF):
    """The ledger on the day of the check of every project, each a list of events: paid, refunded, balance, expired."""
    con = duckdb.connect()
    con.execute(f"SET VARIABLE as_of = DATE '{as_of.isoformat()}'")
    con.execute("CREATE MACRO number_of(text) AS text")
    types = {c: SQL_TYPES[f.type] for f in BY_NAME["deposits"].fields for c in f.columns} | {"row_ids": "BIGINT[]"}
    con.execute(f"CREATE TABLE deposits ({', '.join(f'{n} {x}' for n, x in types.items())})")
    for project, events in enumerate(projects):
        for number, event in enumerate(events):
            row = {"event_id": f"{project}-{event.get('id', number)}", "project_id": f"P{project:03d}"}
            for name, value in event.items():
                if name != "id":
                    field = BY_NAME["deposits"].field(name)
                    row |= dict(zip(field.columns, day(value), strict=True)) if field.type == "date" else {name: value}
            insert(con, "deposits", row)
    con.execute(SQL)
    asked = "day_lo = getvariable('as_of')::DATE AND day_hi = day_lo"
    held = "sum(left_yuan) FILTER (NOT is_expired AND NOT is_replaced)"
    parts = con.execute(f"SELECT project_id, {held} FROM instrument WHERE {asked} GROUP BY 1 ORDER BY 1").fetchall()
    found = con.execute(
        f"SELECT project_id, paid_yuan, refunded_yuan, balance_yuan, expired_yuan FROM deposit_ledger WHERE {asked} ORDER BY 1"
    ).fetchall()
    return [row[1:] for row in found], dict(parts)


def one(*events, as_of=AS_OF):
    [found] = ledger(events, as_of=as_of)[0]
    return found


def paid(yuan, on="2008-06-10", **more):
    return {"event": "paid", "amount_yuan": yuan, "event_on": on, **more}


def taken(kind, yuan, on="2010-06-10", **more):
    return {"event": kind, "amount_yuan": yuan, "event_on": on, **more}


def due(yuan):
    return {"event": "due", "amount_yuan": yuan, "event_on": "2008-06-01"}


def old(yuan, ends="2010-06-30", on="2008-06-10", number="函1", **more):
    return paid(yuan, on, guarantee_no=number, guarantee_expires_on=ends, **more)


def new(yuan, ends="2013-06-30", on="2010-06-01", number="函2", **more):
    return paid(yuan, on, guarantee_no=number, guarantee_expires_on=ends, **more)


def test_what_is_taken_comes_off_the_instrument_whose_number_it_bears():
    cash, expired = paid(300, receipt_no="票1"), old(500)
    assert one(cash, expired) == (800, 0, 300, 500)
    assert one(cash, expired, taken("refunded", 100, receipt_no="票1")) == (800, 100, 200, 500)
    assert one(cash, expired, taken("refunded", 500, receipt_no="函1")) == (800, 500, 300, 0)
    assert one(cash, expired, taken("forfeited", 400, guarantee_no="函1")) == (800, 0, 300, 100)


def test_an_expired_guarantee_is_no_more_than_what_was_left_of_it():
    assert one(old(800), taken("refunded", 300)) == (800, 300, 0, 500)
    assert one(old(800), taken("refunded", 800)) == (800, 800, 0, 0)
    assert one(paid(200, receipt_no="票1"), old(800), taken("forfeited", 900, guarantee_no="函1")) == (1000, 0, 100, 0)


def test_what_cannot_be_tied_leaves_the_balance_unknown_only_where_it_matters():
    assert one(paid(300), paid(500), taken("refunded", 200)) == (800, 200, 600, 0)
    assert one(paid(300), old(500), taken("refunded", 200))[2:] == (None, None)
    assert one(paid(300), old(500), taken("refunded", 800))[2:] == (0, 0)


def test_an_old_guarantee_given_back_after_a_new_one_is_neither_a_refund_nor_a_lapse():
    assert one(due(800), old(800), new(800), taken("refunded", 800, guarantee_no="函1")) == (800, 0, 800, 0)
    assert one(due(800), old(800), new(800)) == (800, 0, 800, 0)  # lapsed, but another stands in its place
    assert one(old(800), new(800), taken("refunded", 800, guarantee_no="函1")) == (800, 0, 800, 0)  # no amount due on record
    assert one(old(800), new(800, renews_no="函1"), as_of=dt.date(2010, 6, 2)) == (800, 0, 800, 0)  # both still run
    assert (
        one(
            due(800),
            old(800, number=None, receipt_no="函1"),
            new(800, number=None, receipt_no="函2"),
            taken("refunded", 800, receipt_no="函1"),
        )[1]
        == 0
    )


def test_a_new_guarantee_that_is_no_renewal_leaves_the_old_one_as_it_is():
    assert one(due(1600), old(800), new(800), taken("refunded", 800, guarantee_no="函1")) == (1600, 800, 800, 0)
    assert one(due(1600), old(800), new(800)) == (1600, 0, 800, 800)
    assert one(due(800), old(800), new(800, on="2010-07-01"), taken("refunded", 800, guarantee_no="函2", on="2010-08-01")) == (
        800,
        800,
        0,
        0,
    )
    late = taken("refunded", 800, on="2010-06-01", guarantee_no="函1")
    assert one(due(800), old(800), late, as_of=dt.date(2010, 6, 2)) == (800, 800, 0, 0)  # nothing had taken its place
    assert one(due(800), old(800, ends="2010-01-31"), new(300)) == (1100, 0, 300, 800)  # too small to stand for it


def test_a_guarantee_prolonged_under_its_own_number_is_paid_once():
    assert one(old(800), old(800, ends="2013-06-30", on="2010-06-01")) == (800, 0, 800, 0)
    assert one(old(800, ends="2009-06-30"), old(800, ends="2010-06-30", on="2009-06-01")) == (800, 0, 0, 800)


def test_a_month_that_the_day_of_the_check_cuts_leaves_it_unknown():
    assert one(old(800, ends="2011-06"), as_of=dt.date(2011, 6, 15))[2] is None
    assert one(old(800, ends="2011-06"), taken("refunded", 800), as_of=dt.date(2011, 6, 15))[2] == 0


YUAN = st.integers(1, 90).map(lambda n: Decimal(n * 10000))
DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2011, 6, 29)).map(str)
NUMBERS = st.sampled_from([None, "票1", "票2", "函1", "函2"])
PAID = st.builds(
    lambda yuan, on, number, ends: paid(yuan, on, receipt_no=number, guarantee_expires_on=ends),
    YUAN, DAYS, NUMBERS, st.none() | st.dates(dt.date(2009, 1, 1), dt.date(2013, 1, 1)).map(str),
)  # fmt: skip
TAKEN = st.builds(lambda kind, yuan, on, number: taken(kind, yuan, on, receipt_no=number),
                  st.sampled_from(["refunded", "forfeited", "offset"]), YUAN, DAYS, NUMBERS)  # fmt: skip
CITY = st.lists(
    st.tuples(st.lists(PAID, min_size=1, max_size=4), st.lists(TAKEN, max_size=3), st.none() | YUAN).map(
        lambda t: [dict(e, id=n) for n, e in enumerate([*([due(t[2])] if t[2] else []), *t[0], *t[1]])]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15, deadline=None)
@given(CITY)
def test_a_balance_is_never_negative_and_is_what_the_instruments_hold(city):
    found, parts = ledger(*city)
    for number, (_, _, balance, expired) in enumerate(found):
        assert balance is None or balance >= 0
        assert expired is None or expired >= 0
        held = parts.get(f"P{number:03d}") or 0
        assert balance is None or balance <= held
        if not any(e["event"] != "paid" and e["event"] != "due" for e in city[number]):
            assert balance == held


@settings(max_examples=10, deadline=None)
@given(CITY, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(city, random):
    shuffled = [random.sample(events, len(events)) for events in city]
    assert ledger(*city)[0] == ledger(*shuffled)[0]


@settings(max_examples=10, deadline=None)
@given(CITY)
def test_a_payment_told_in_two_parts_is_the_same_payment(city):
    parted = []
    for events in city:
        rows = []
        for event in events:
            numbered = dict(event, receipt_no=event.get("receipt_no") or f"票{event['id']}") if event["event"] == "paid" else event
            rows.append(numbered)
        parted.append(rows)
    halves = [
        [part for e in rows for part in ([dict(e, amount_yuan=e["amount_yuan"] / 2),
                                          dict(e, amount_yuan=e["amount_yuan"] / 2, id=f"{e['id']}b")]
                                         if e["event"] == "paid" else [e])] for rows in parted
    ]  # fmt: skip
    assert ledger(*parted)[0] == ledger(*halves)[0]
