"""Facts measure: sums over unknowns are unknown, nothing is zero only where its register was delivered, later events do not count."""

import datetime as dt
from decimal import Decimal

import pytest

from planning_check.facts.dictionary import SUBJECTS
from tests.facts.tables import connection, project

P1 = {"project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"]}


def room(number, **values):
    return {"premises_id": f"R{number}", "project_id": "P1", "kind": "community", **values}


def event(number, kind, amount, on, **values):
    return {"event_id": f"E{number}", "project_id": "P1", "event": kind, "amount_yuan": amount, "event_on": on, **values}


def payment(number, amount, price, on="2009-01-05", **values):
    return {
        "payment_id": f"Z{number}",
        "project_id": "P1",
        "amount_yuan": amount,
        "unit_price_yuan_per_m2": price,
        "received_on": on,
        **values,
    }


def handover(number, area, on, **values):
    return {"handover_id": f"H{number}", "project_id": "P1", "area_m2": area, "handed_over_on": on, **values}


def test_every_fact_of_the_dictionary_is_a_column():
    con = connection(projects=[P1])
    for subject in SUBJECTS.values():
        columns = {r[0]: r[1] for r in con.execute(f"SELECT column_name, column_type FROM (DESCRIBE fact_{subject.name})").fetchall()}
        wanted = {c for f in subject.facts.values() if f.type != "geometry" for c in f.columns}
        assert wanted <= set(columns), wanted - set(columns)
        assert {c: t for c, t in columns.items() if t in ("DOUBLE", "FLOAT")} == {}
        exact = {f.name for f in subject.facts.values() if f.type in ("area", "money")}
        assert {name: columns[name] for name in exact if columns[name] != "DECIMAL(18,2)"} == {}


def test_premises_sum_is_unknown_if_one_room_is():
    rooms = [room(1, surveyed_m2=Decimal("120.50")), room(2)]
    assert project(connection(projects=[P1], premises=rooms))["community_surveyed_m2"] is None
    rooms[1]["surveyed_m2"] = Decimal("30")
    assert project(connection(projects=[P1], premises=rooms))["community_surveyed_m2"] == Decimal("150.50")


def test_property_management_rooms_do_not_count():
    rooms = [room(1, surveyed_m2=100), room(2, kind="property_management", surveyed_m2=400)]
    assert project(connection(projects=[P1], premises=rooms))["community_surveyed_m2"] == 100


def test_no_room_is_zero_only_where_the_register_is_complete():
    assert project(connection(projects=[P1], premises=[]))["community_surveyed_m2"] is None
    complete = {**P1, "premises_register_complete": True}
    assert project(connection(projects=[complete], premises=[]))["community_surveyed_m2"] == 0


def test_a_room_set_aside_leaves_the_sum_unknown():
    con = connection(projects=[P1], premises=[room(1, surveyed_m2=100)], quarantine=[("premises", "P1", "not_a_number")])
    assert project(con)["community_surveyed_m2"] is None


def test_a_row_that_only_repeats_another_leaves_no_hole():
    con = connection(projects=[P1], premises=[room(1, surveyed_m2=100)], quarantine=[("premises", "P1", "duplicate_row")])
    assert project(con)["community_surveyed_m2"] == 100


@pytest.mark.parametrize(("price", "area"), [(4000, "250.00"), (4001, "249.93")])
def test_money_in_lieu_as_area_is_rounded_down(price, area):
    assert project(connection(projects=[P1], payments=[payment(1, 1000000, price)]))["in_lieu_m2"] == Decimal(area)


def test_two_instalments_at_two_prices_are_rounded_once():
    paid = [payment(1, Decimal("100"), 3000), payment(2, Decimal("200"), 3000), payment(3, Decimal("1"), 700)]
    # 0.0333… + 0.0666… + 0.00142… = 0.1014…, each cut off alone would give 0.09
    assert project(connection(projects=[P1], payments=paid))["in_lieu_m2"] == Decimal("0.10")


def test_money_not_yet_received_counts_as_agreed_only():
    paid = [payment(1, 400000, 4000, on=None, agreement_no="协1"), payment(2, 400000, 4000, on="2011-07-01", agreement_no="协2")]
    facts = project(connection(projects=[P1], payments=paid))
    assert (facts["in_lieu_m2"], facts["in_lieu_agreed_m2"]) == (0, 200)


def test_a_payment_without_a_price_is_an_unknown_area():
    facts = project(connection(projects=[P1], payments=[payment(1, 400000, None)]))
    assert (facts["in_lieu_m2"], facts["in_lieu_received_yuan"]) == (None, 400000)


def test_no_register_of_handovers_is_unknown_and_an_empty_one_is_zero():
    assert project(connection(projects=[P1]))["handed_m2"] is None
    assert project(connection(projects=[P1], handovers=[]))["handed_m2"] == 0


def test_a_room_handed_over_twice_counts_once():
    twice = [
        handover(1, 200, "2009-01-05", premises_id="R1"),
        handover(2, 200, "2010-01-05", premises_id="R1"),
        handover(3, 50, "2009-02-01"),
    ]
    assert project(connection(projects=[P1], handovers=twice))["handed_m2"] == 250


def test_handovers_after_the_day_of_the_check_do_not_count():
    assert project(connection(projects=[P1], handovers=[handover(1, 200, "2011-07-01")]))["handed_m2"] == 0
    assert project(connection(projects=[P1], handovers=[handover(1, 200, "2011-06-30")]))["handed_m2"] == 200
    assert project(connection(dt.date(2011, 6, 15), projects=[P1], handovers=[handover(1, 200, "2011-06")]))["handed_m2"] is None


def test_a_handover_agreed_but_not_dated_has_not_taken_place_and_one_without_any_date_is_unknown():
    assert project(connection(projects=[P1], handovers=[handover(1, 200, None, agreed_on="2009-01-05")]))["handed_m2"] == 0
    assert project(connection(projects=[P1], handovers=[handover(1, 200, None)]))["handed_m2"] is None


def test_deposit_balance():
    events = [event(1, "due", 800000, "2008-01-01"), event(2, "paid", 800000, "2008-01-05"), event(3, "refunded", 300000, "2009-01-05")]
    facts = project(connection(projects=[P1], deposits=events))
    assert (facts["deposit_paid_yuan"], facts["deposit_balance_yuan"]) == (800000, 500000)
    events[1]["guarantee_expires_on"] = "2010-01-01"
    assert project(connection(projects=[P1], deposits=events))["deposit_balance_yuan"] == 0


def test_what_had_been_done_by_the_day_of_a_refund():
    events = [
        event(1, "paid", 800000, "2008-01-05"),
        event(2, "refunded", 300000, "2009-03-01"),
        event(3, "refunded", 100000, "2010-03-01"),
    ]
    con = connection(projects=[P1], deposits=events, payments=[payment(1, 400000, 4000, on="2009-02-01")])
    rows = con.execute(
        "SELECT event_id, refunded_so_far_yuan, paid_so_far_yuan, in_lieu_by_then_m2 FROM fact_deposit ORDER BY 1"
    ).fetchall()
    assert rows == [("E1", 0, 800000, 0), ("E2", 300000, 800000, 100), ("E3", 400000, 800000, 100)]


def test_filed_or_not_is_known_only_where_filings_were_delivered():
    assert project(connection(projects=[P1]))["is_filed"] is False
    con = connection(projects=[{**P1, "filing_no": "备1"}])
    assert project(con)["is_filed"] is True


def test_price_of_the_day():
    prices = [
        {"zone": "990101", "use": "community", "from_on": "2007-01-01", "to_on": "2009-12-31", "price_yuan_per_m2": 2000},
        {"zone": "990101", "use": "community", "from_on": "2010-01-01", "price_yuan_per_m2": 2600},
    ]
    assert project(connection(projects=[P1], unit_prices=prices))["price_yuan_per_m2"] == 2600
    assert project(connection(dt.date(2009, 12, 31), projects=[P1], unit_prices=prices))["price_yuan_per_m2"] == 2000
    assert project(connection(dt.date(2006, 12, 31), projects=[P1], unit_prices=prices))["price_yuan_per_m2"] is None


def test_demand_with_extension():
    demands = [
        {
            "demand_id": "D1",
            "project_id": "P1",
            "served_on": "2011-01-05",
            "deadline_on": "2011-02-05",
            "extended_to": "2011-08-01",
            "extension_no": "延〔2011〕1号",
        }
    ]
    facts = project(connection(projects=[P1], demands=demands))
    assert (facts["demands"], facts["demand_deadline_on_lo"]) == (1, dt.date(2011, 8, 1))


def test_receiver_is_the_designated_community_or_its_successor_on_that_day():
    communities = [
        {"community_code": "C1", "community_name": "甲", "district_code": "990101", "valid_to": "2009-12-31", "successor_code": "C2"},
        {"community_code": "C2", "community_name": "乙", "district_code": "990101"},
    ]
    given = [
        handover(1, 10, "2009-06-01", community_code="C1"), handover(2, 10, "2010-06-01", community_code="C2"),
        handover(3, 10, "2009-06-01", community_code="C2"), handover(4, 10, "2009-06-01", community_code="C9"),
        handover(5, 10, "2009-06-01"),
    ]  # fmt: skip
    con = connection(projects=[{**P1, "designated_community_code": "C1"}], communities=communities, handovers=given)
    found = con.execute("SELECT receiver_is_designated FROM fact_handover ORDER BY handover_id").fetchall()
    assert [f[0] for f in found] == [True, True, False, False, None]


@pytest.mark.parametrize(
    ("later", "again"),
    [
        ([], (False, None, None)),
        ([{"on": "2009-06-18"}], (True, "committee", True)),
        ([{"on": "2009-06-10"}], (True, "committee", True)),  # on the same day
        ([{"on": "2009-06-09"}], (False, None, None)),  # before it
        ([{"on": "2009-06"}], (None, None, None)),  # before or after
        ([{"on": None}], (None, None, None)),  # whenever
        ([{"on": None, "agreed_on": "2009-06-12"}], (False, None, None)),  # agreed, not done
        ([{"on": "2012-01-01"}], (False, None, None)),  # has not come
        ([{"on": "2009-06-18", "area": 9}], (False, None, None)),  # a part of it
        ([{"on": "2009-06-18", "premises_id": "R2"}], (False, None, None)),  # another room
        (
            [{"on": "2009-06-18"}, {"on": "2009-07-01", "recipient_kind": "other", "community_code": "C9"}],
            (True, "other", False),
        ),  # the last time counts
    ],
)
def test_a_room_handed_over_again_later(later, again):
    first = handover(1, 10, "2009-06-10", premises_id="R1", recipient_kind="property_company")
    more = [
        handover(
            n, one.pop("area", 10), one.pop("on"), **{"premises_id": "R1", "recipient_kind": "committee", "community_code": "C1", **one}
        )
        for n, one in enumerate(({**told} for told in later), 2)
    ]
    con = connection(projects=[{**P1, "designated_community_code": "C1"}], handovers=[first, *more])
    asked = "SELECT is_handed_again, later_recipient_kind, later_receiver_is_designated FROM fact_handover WHERE handover_id = 'H1'"
    assert con.execute(asked).fetchone() == again


def test_the_price_and_condition_of_the_last_handover_of_a_room():
    first = handover(1, 10, "2009-06-10", premises_id="R1", price_yuan=0, condition="lease")
    later = handover(2, 10, "2010-06-10", premises_id="R1", price_yuan=7, condition="none")
    asked = "SELECT later_price_yuan, later_condition FROM fact_handover ORDER BY handover_id"
    assert connection(projects=[P1], handovers=[first, later]).execute(asked).fetchall() == [(7, "none"), (None, None)]
    later["handed_over_on"] = "2009-06"  # before or after
    assert connection(projects=[P1], handovers=[first, later]).execute(asked).fetchall()[0] == (None, None)
