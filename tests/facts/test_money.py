"""Money in lieu and deposits: the price of the day, money given back, what was held before, guarantees that end."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.facts.tables import connection, facts, project

P1 = {"project_id": "P1", "project_name": "甲苑", "district_code": "990101"}
DISTRICT = {"district_code": "990101", "district_name": "甲区"}
AS_OF, DAY_AFTER = "2011-06-30", "2011-07-01"


def payment(number=1, **values):
    return {
        "payment_id": f"Z{number}",
        "project_id": "P1",
        "amount_yuan": 400000,
        "unit_price_yuan_per_m2": 4000,
        "received_on": "2009-06-01",
        **values,
    }


def price(yuan, since, until=None, zone="990101", use="community"):
    return {"zone": zone, "use": use, "from_on": since, "to_on": until, "price_yuan_per_m2": yuan}


def listed(prices, **values):
    con = connection(projects=[P1], districts=[DISTRICT], payments=[payment(**values)], unit_prices=prices)
    return facts(con, "payment", "listed_price_yuan_per_m2")[0][0]


TWO = [price(2000, "2007-01-01", "2009-12-31"), price(2600, "2010-01-01")]


@pytest.mark.parametrize(("dates", "yuan"), [
    ({"agreed_on": "2009-12-31", "received_on": "2010-06-01"}, 2000),
    ({"agreed_on": "2010-01-01", "received_on": "2009-06-01"}, 2600),
    ({"received_on": "2009-12-31"}, 2000),
    ({"received_on": None, "due_on": "2010-01-01"}, 2600),
    ({"received_on": DAY_AFTER, "due_on": "2009-12-31"}, 2000),  # not received yet
    ({"agreed_on": DAY_AFTER, "received_on": "2009-12-31"}, 2000),  # not agreed yet
    ({"received_on": None}, None),
    ({"received_on": "2006-12-31"}, None),
    ({"received_on": "2009-12"}, 2000),
])  # fmt: skip
def test_the_price_of_the_agreement_else_of_the_receipt_else_of_the_day_due(dates, yuan):
    assert listed(TWO, **dates) == yuan


def test_a_month_with_two_prices_has_none_that_is_known():
    prices = [price(2000, "2007-01-01", "2009-06-14"), price(2600, "2009-06-15")]
    assert listed(prices, received_on="2009-06") is None
    assert listed(prices, received_on="2009-06-14") == 2000
    assert listed([price(2600, "2009-06-15")], received_on="2009-06") is None  # the day may be before the list
    assert listed([price(2000, "2007-01-01"), price(2600, "2009-06-01")]) is None  # two prices for one day


def test_the_list_goes_by_district_code_or_else_by_name_and_for_community_premises_only():
    by_name = price(2500, "2007-01-01", zone="甲区")
    assert listed([by_name]) == 2500
    assert listed([by_name, price(2000, "2007-01-01")]) == 2000
    assert listed([price(9000, "2007-01-01", use="residential")]) is None
    con = connection(projects=[P1], payments=[payment(), payment(2, project_id="P9")], unit_prices=[price(2000, "2012-01-01")])
    assert facts(con, "payment", "price_zone", "listed_price_yuan_per_m2") == [("990101", None), (None, None)]


def test_what_comes_after_the_day_of_the_check_has_not_happened():
    later = payment(
        received_on=DAY_AFTER, receipt_no="票1", account="专户", spent_on="services", agreement_no="协1", agreed_on=DAY_AFTER,
        credited_on=DAY_AFTER, credited_community_code="C1", refunded_on=DAY_AFTER,
    )  # fmt: skip
    names = (
        "received_on_lo",
        "receipt_no",
        "account",
        "spent_on",
        "agreement_no",
        "agreed_on_lo",
        "credited_on_lo",
        "credited_community_code",
        "refunded_on_lo",
    )
    assert facts(connection(projects=[P1], payments=[later]), "payment", *names) == [(None,) * 9]
    there = {k: AS_OF if v == DAY_AFTER else v for k, v in later.items()}
    assert None not in facts(connection(projects=[P1], payments=[there]), "payment", *names)[0]


def test_money_given_back_is_not_paid():
    names = ("in_lieu_m2", "in_lieu_received_yuan")
    paid = [payment(1), payment(2, refunded_on=AS_OF)]
    assert facts(connection(projects=[P1], payments=paid), "project", *names) == [(100, 400000)]
    paid[1]["refunded_on"] = DAY_AFTER
    assert facts(connection(projects=[P1], payments=paid), "project", *names) == [(200, 800000)]
    paid[1]["received_on"] = AS_OF
    assert facts(connection(projects=[P1], payments=paid), "project", *names) == [(200, 800000)]
    paid[1]["received_on"] = DAY_AFTER
    assert facts(connection(projects=[P1], payments=paid), "project", *names) == [(100, 400000)]
    paid[1] |= {"received_on": "2010-01-05", "refunded_on": "2011-06"}
    assert facts(connection(dt.date(2011, 6, 1), projects=[P1], payments=paid), "project", *names) == [(None, None)]
    assert facts(connection(dt.date(2011, 6, 15), projects=[P1], payments=paid), "project", *names) == [(None, None)]


def test_an_agreement_counts_from_its_day():
    assert project(connection(projects=[P1], payments=[payment(agreement_no="协1")]))["in_lieu_agreed_m2"] == 100
    assert project(connection(projects=[P1], payments=[payment(agreement_no="协1", agreed_on=DAY_AFTER)]))["in_lieu_agreed_m2"] == 0
    con = connection(dt.date(2011, 6, 15), projects=[P1], payments=[payment(agreement_no="协1", agreed_on="2011-06")])
    assert project(con)["in_lieu_agreed_m2"] is None


def event(number, kind, amount, on, **values):
    return {"event_id": f"E{number}", "project_id": "P1", "event": kind, "amount_yuan": amount, "event_on": on, **values}


def held(*events):
    return [h for (h,) in facts(connection(projects=[P1], deposits=list(events)), "deposit", "held_before_yuan")]


def test_held_before_each_event():
    events = [
        event(1, "due", 900, "2008-01-01"), event(2, "paid", 500, "2008-01-05"), event(3, "paid", 400, "2008-02-05"),
        event(4, "refunded", 300, "2009-01-05"), event(5, "forfeited", 600, "2010-01-05"), event(6, "forfeited", 600, "2010-01-06"),
        event(7, "credited", 600, "2010-01-07"),
    ]  # fmt: skip
    assert held(*events) == [0, 0, 500, 900, 600, 0, -600]


def test_of_one_day_what_is_paid_is_there_before_what_is_taken():
    assert held(event(1, "refunded", 300, "2009-01-05"), event(2, "paid", 500, "2009-01-05")) == [500, 0]
    assert held(event(1, "paid", 500, "2009-01-05"), event(2, "refunded", 100, "2009-01-06"), event(3, "forfeited", 200, "2009-01-06")) == [
        0,
        500,
        500,
    ]


def test_a_month_that_may_be_before_or_after_leaves_it_unknown():
    assert held(event(1, "paid", 500, "2009-01"), event(2, "refunded", 300, "2009-01-05")) == [None, None]
    assert held(event(1, "paid", 500, "2009-01"), event(2, "refunded", 300, "2009-02-01")) == [0, 500]
    assert held(event(1, "due", 500, "2009-01"), event(2, "refunded", 300, "2009-01-05")) == [None, 0]


def test_held_before_is_unknown_where_a_row_was_set_aside():
    con = connection(projects=[P1], deposits=[event(1, "forfeited", 500, "2009-01-05")], quarantine=[("deposits", "P1", "duplicate_key")])
    assert facts(con, "deposit", "held_before_yuan") == [(None,)]


def test_in_lieu_by_the_day_of_an_event_without_what_was_given_back_or_told_twice():
    paid = [
        payment(1, received_on="2009-01-05", refunded_on="2009-06-05", receipt_no="票1"),
        payment(2, received_on="2009-02-05", receipt_no="票1"),
    ]
    events = [event(n, "refunded", 1, on) for n, on in enumerate(["2009-01-04", "2009-01-05", "2009-03-05", "2009-06-04", "2009-06-05"])]
    con = connection(projects=[P1], deposits=events, payments=paid)
    assert [m for (m,) in facts(con, "deposit", "in_lieu_by_then_m2")] == [0, 100, 100, 100, 0]


def guarantee(number, amount, until, on="2008-01-05"):
    return event(number, "paid", amount, on, guarantee_expires_on=until)


def guaranteed(*events, as_of=dt.date(2011, 6, 30)):
    found = project(connection(as_of, projects=[P1], deposits=list(events)))
    return found["deposit_expired_yuan"], found["guarantee_ends_on_lo"], found["deposit_balance_yuan"]


def test_guarantees():
    assert guaranteed(event(1, "paid", 800, "2008-01-05")) == (0, None, 800)
    assert guaranteed(guarantee(1, 800, "2011-06-30")) == (0, dt.date(2011, 6, 30), 800)
    assert guaranteed(guarantee(1, 800, "2011-06-29")) == (800, dt.date(2011, 6, 29), 0)
    assert guaranteed(guarantee(1, 300, "2012-01-05"), guarantee(2, 500, "2011-12-05")) == (0, dt.date(2011, 12, 5), 800)
    found = project(connection(projects=[P1], deposits=[guarantee(1, 300, "2012-01"), guarantee(2, 500, "2011-12")]))
    assert (found["guarantee_ends_on_lo"], found["guarantee_ends_on_hi"]) == (dt.date(2011, 12, 1), dt.date(2011, 12, 31))
    assert guaranteed(guarantee(1, 300, "2010-01-05"), guarantee(2, 500, "2011-12-05", on=DAY_AFTER)) == (300, dt.date(2010, 1, 5), 0)


def test_a_guarantee_that_ends_in_the_month_that_the_day_cuts():
    assert guaranteed(guarantee(1, 800, "2011-06"), as_of=dt.date(2011, 6, 15)) == (None, dt.date(2011, 6, 1), None)
    assert guaranteed(guarantee(1, 800, "2011-06"), as_of=dt.date(2011, 7, 1)) == (800, dt.date(2011, 6, 1), 0)


def test_deposits_are_unknown_without_their_register():
    found = project(connection(projects=[P1]))
    assert (found["deposit_expired_yuan"], found["deposit_balance_yuan"]) == (None, None)
    assert project(connection(projects=[P1], deposits=[]))["deposit_expired_yuan"] == 0


def test_forfeitures_by_the_day():
    events = [
        event(1, "paid", 900, "2008-01-05"),
        event(2, "forfeited", 500, "2010-02", decision_no="决1"),
        event(3, "forfeited", 100, DAY_AFTER, decision_no="决0"),
    ]
    found = project(connection(projects=[P1], deposits=events))
    assert (found["forfeited_on_lo"], found["forfeited_on_hi"]) == (dt.date(2010, 2, 1), dt.date(2010, 2, 28))
    assert (found["forfeiture_decision_no"], found["deposit_forfeited_yuan"], found["deposit_balance_yuan"]) == ("决1", 500, 400)


def test_more_refunded_than_paid_shows_in_what_was_refunded():
    found = project(connection(projects=[P1], deposits=[event(1, "paid", 100, "2008-01-05"), event(2, "refunded", 300, "2009-01-05")]))
    assert (found["deposit_paid_yuan"], found["deposit_refunded_yuan"], found["deposit_balance_yuan"]) == (100, 300, 0)


def test_two_prices_for_the_day_of_the_check_are_none_that_is_known():
    prices = [price(2000, "2007-01-01"), price(2600, "2010-01-01")]
    assert project(connection(projects=[P1], unit_prices=prices))["price_yuan_per_m2"] is None


DECISION = {"decision_id": "J1", "project_id": "P1", "premises_id": "R1", "matter": "return_order", "decided_on": "2010-01-05"}


def test_decisions_by_the_day():
    room = {"premises_id": "R1", "project_id": "P1", "kind": "community", "permitted_m2": 180, "planned_m2": 200, "current_use": "shop",
            "use_changed_on": "2009-01-05"}  # fmt: skip

    def decided(as_of=dt.date(2011, 6, 30), **values):
        con = connection(as_of, projects=[P1], premises=[room], decisions=[{**DECISION, **values}])
        return facts(con, "decision", "fulfilled_on_lo", "credit_recorded_on_lo", "credit_record_no", "premises_m2", "premises_use")

    assert decided() == [(None, None, None, 180, "shop")]
    assert decided(fulfilled_on=AS_OF, credit_recorded_on=AS_OF, credit_record_no="信1")[0][:3] == (dt.date(2011, 6, 30),) * 2 + ("信1",)
    assert decided(credit_record_no="信1")[0][1:3] == (None, "信1")  # no day told
    assert decided(fulfilled_on=DAY_AFTER, credit_recorded_on=DAY_AFTER, credit_record_no="信1")[0][:3] == (None, None, None)
    assert decided(decided_on=DAY_AFTER) == []
    assert len(decided(decided_on=None)) == 1
    assert decided(premises_id=None)[0][3:] == (None, None)
    assert decided(dt.date(2009, 1, 4), decided_on="2009-01-04")[0][4] == "community"  # as of that day


def test_prices_are_decimals():
    assert listed([price(Decimal("2000.55"), "2007-01-01")]) == Decimal("2000.55")


def demanded(*rows, as_of=dt.date(2011, 6, 30)):
    given = [
        {"demand_id": f"D{n}", "project_id": "P1", "served_on": "2010-12-01", "deadline_on": "2011-03-01", **row}
        for n, row in enumerate(rows)
    ]
    found = project(connection(as_of, projects=[P1], demands=given))
    return found["demand_deadline_on_lo"], found["demand_extension"]


def test_an_extension_moves_the_deadline_only_with_its_document():
    assert demanded({}) == (dt.date(2011, 3, 1), "none")
    assert demanded({"extended_to": "2011-12-31"}) == (dt.date(2011, 3, 1), "no_document")
    assert demanded({"extended_to": "2011-12-31", "extension_no": "延1"}) == (dt.date(2011, 12, 31), "approved")
    assert demanded({"extension_no": "延1"}) == (dt.date(2011, 3, 1), "none")
    assert demanded({"extended_to": "2011-12-31"}, {"deadline_on": "2011-08-01"}) == (dt.date(2011, 8, 1), "no_document")
    assert project(connection(projects=[P1], demands=[]))["demand_extension"] == "none"
    assert project(connection(projects=[P1]))["demand_extension"] is None


def counts_at(prices=None, **values):
    con = connection(projects=[P1], districts=[DISTRICT], payments=[payment(**values)], unit_prices=prices or [price(2500, "2007-01-01")])
    return facts(con, "payment", "counts_at_yuan_per_m2")[0][0], facts(con, "project", "in_lieu_m2")[0][0]


def test_money_counts_as_area_at_the_price_of_the_list():
    assert counts_at(unit_price_yuan_per_m2=2000, amount_yuan=1000000) == (2500, 400)
    assert counts_at(unit_price_yuan_per_m2=2000, amount_yuan=1000000, price_approval_no="价批1") == (2000, 500)
    assert counts_at(unit_price_yuan_per_m2=4001, amount_yuan=1000000) == (4001, Decimal("249.93"))  # no more than was agreed
    assert counts_at(unit_price_yuan_per_m2=None, amount_yuan=1000000) == (2500, 400)
    assert counts_at([price(2500, "2007-01-01", zone="990102")], amount_yuan=1000000) == (4000, 250)  # the list is silent
    two = [price(2500, "2007-01-01", "2009-06-14"), price(4500, "2009-06-15")]
    assert counts_at(two, received_on="2009-06") == (None, None)  # one of the two is above what was agreed
    assert counts_at([price(2500, "2007-01-01", "2009-06-14"), price(3500, "2009-06-15")], received_on="2009-06") == (4000, 100)


def fund(deposits=(), payments=(), **project_values):
    con = connection(projects=[{**P1, "community_code": "C1", **project_values}], deposits=list(deposits), payments=list(payments))
    found = project(con)
    return tuple(found[f"fund_{n}"] for n in ("in_yuan", "credited_yuan", "elsewhere_yuan", "waiting_since_lo"))


def test_money_for_the_community_is_followed_from_what_came_in_to_what_was_credited():
    taken = event(1, "forfeited", 400, "2010-12-01", booked_to="fiscal_account")
    assert fund([taken]) == (400, 0, 0, dt.date(2010, 12, 1))
    assert fund([taken, event(2, "credited", 400, "2011-01-05", community_code="C1")]) == (400, 400, 0, None)
    assert fund([taken, event(2, "credited", 100, "2011-01-05", community_code="C9")]) == (400, 100, 100, dt.date(2010, 12, 1))
    assert fund([taken, event(2, "credited", 100, "2011-01-05")]) == (400, 100, None, dt.date(2010, 12, 1))
    assert fund([event(1, "credited", 100, "2011-01-05", community_code="C1")]) == (0, 100, 0, None)
    in_lieu = payment(1, amount_yuan=300, received_on="2009-06-01")
    assert fund([taken], [in_lieu]) == (700, 0, 0, dt.date(2009, 6, 1))
    assert fund([taken], [in_lieu | {"credited_on": "2009-08-01", "credited_community_code": "C1"}]) == (700, 300, 0, dt.date(2010, 12, 1))
    assert fund([], [in_lieu | {"refunded_on": "2010-08-01"}]) == (0, 0, 0, None)
    assert fund([taken | {"booked_to": "community", "community_code": "C1"}]) == (400, 400, 0, None)
    assert fund([taken, event(2, "credited", 400, DAY_AFTER, community_code="C1")]) == (400, 0, 0, dt.date(2010, 12, 1))
    booked = taken | {"booked_to": "community", "community_code": "C1"}
    again = event(2, "credited", 400, "2011-01-05", community_code="C1")
    assert fund([booked, again]) == (400, 400, 0, None)  # the same money, told as it was booked and as it arrived
    assert fund([booked, event(2, "credited", 150, "2011-01-05", community_code="C1")]) == (
        400,
        550,
        0,
        None,
    )  # nothing says that it is the same
    part = {"decision_no": "棠联会〔2010〕9号"}
    assert fund([booked | part, event(2, "credited", 150, "2011-01-05", community_code="C1", **part)]) == (
        400,
        150,
        0,
        dt.date(2010, 12, 1),
    )
    other = event(3, "forfeited", 400, "2010-12-01", booked_to="fiscal_account")
    assert fund([booked, other, again]) == (800, 800, 0, None)  # the credit is of what was booked elsewhere
    con = connection(projects=[P1], deposits=[taken])  # nobody delivered the payments
    assert project(con)["fund_in_yuan"] is None
