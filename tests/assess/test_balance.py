"""Required = handed over + in lieu + waived + residual, nothing counted twice."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.assess.test_outcomes import HOUSING, run

NOTHING = {"handovers": [], "payments": [], "premises": []}
PARTS = ("required_m2", "handed_m2", "in_lieu_m2", "waived_m2", "residual_m2")


def line(con, project="P1"):
    found = con.execute("SELECT * FROM balance WHERE project_id = ?", [project])
    return dict(zip([d[0] for d in found.description], found.fetchone(), strict=True))


def handed(area, number=1, **values):
    return {
        "handover_id": f"H{number}",
        "project_id": "P1",
        "area_m2": area,
        "handed_over_on": "2010-05-20",
        "recipient_kind": "committee",
        **values,
    }


def paid(yuan, price, number=1, **values):
    return {
        "payment_id": f"Z{number}",
        "project_id": "P1",
        "amount_yuan": yuan,
        "unit_price_yuan_per_m2": price,
        "received_on": "2010-01-05",
        **values,
    }


def test_nothing_done_leaves_everything():
    owed = line(run(projects=[HOUSING], **NOTHING))
    assert owed["state"] == "overdue"
    assert [owed[p] for p in PARTS] == [500, 0, 0, 0, 500]


def test_room_and_money_at_the_dated_price_settle_it():
    con = run(projects=[HOUSING], handovers=[handed(300)], payments=[paid(400_000, 4000), paid(400_000, 4000, 2)], premises=[])
    settled = line(con)
    assert settled["state"] == "settled"
    assert [settled[p] for p in PARTS] == [500, 300, 200, 0, 0]
    assert settled["surplus_m2"] == 0


def test_more_than_due_is_surplus_and_pays_for_nobody_else():
    con = run(projects=[HOUSING, {**HOUSING, "project_id": "P2"}], handovers=[handed(620)], payments=[], premises=[])
    assert [line(con)[p] for p in PARTS] == [500, 500, 0, 0, 0]
    assert line(con)["surplus_m2"] == 120
    assert line(con, "P2")["residual_m2"] == 500


def test_one_receipt_pays_once():
    twice = [paid(400_000, 4000, receipt_no="A1"), paid(400_000, 4000, 2, receipt_no="A1")]
    owed = line(run(projects=[HOUSING], handovers=[], payments=twice, premises=[]))
    assert (owed["in_lieu_m2"], owed["residual_m2"], owed["twice_m2"]) == (100, 400, 100)


def test_a_room_that_two_projects_report_counts_for_the_first():
    rooms = [
        {
            "premises_id": f"R{n}",
            "project_id": f"P{n}",
            "kind": "community",
            "surveyed_m2": 200,
            "unit_code": "610902001001GB00001F00010001",
        }
        for n in (1, 2)
    ]
    given_ = [handed(200, premises_id="R1"), handed(200, 2, premises_id="R2", project_id="P2", handed_over_on="2010-06-20")]
    con = run(projects=[HOUSING, {**HOUSING, "project_id": "P2"}], handovers=given_, payments=[], premises=rooms)
    assert line(con)["handed_m2"] == 200
    assert (line(con, "P2")["handed_m2"], line(con, "P2")["twice_m2"]) == (0, 200)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"plan_approved_on": "2005-01-01"}, "no_duty"),
        ({"uses": ["commercial"]}, "no_duty"),
        ({"uses": None}, "unknown"),
        ({"plan_approved_on": "2006-04"}, "unknown"),
        ({"survey_total_m2": None}, "unknown"),
        ({"planning_accepted_on": None, "completed_on": "2011-07-01"}, "not_due"),
        ({"planning_accepted_on": "2011-06"}, "due_unclear"),
    ],
)
def test_states(changes, state):
    found = line(run(projects=[{**HOUSING, **changes}], **NOTHING))
    assert found["state"] == state
    assert (found["residual_m2"] is None) == (state in ("no_duty", "unknown"))
    assert (found["missing"] is not None) == (state == "unknown")


@settings(max_examples=6, deadline=None)
@given(
    base=st.decimals(0, 900_000, places=2), areas=st.lists(st.decimals(Decimal("0.01"), 3000, places=2), max_size=3),
    money=st.lists(st.decimals(1, 9_000_000, places=2), max_size=3), price=st.decimals(500, 9000, places=2),
)  # fmt: skip
def test_the_equation_holds_to_the_hundredth(base, areas, money, price):
    con = run(
        projects=[{**HOUSING, "survey_total_m2": base}], premises=[],
        handovers=[handed(a, n) for n, a in enumerate(areas)], payments=[paid(y, price, n) for n, y in enumerate(money)],
    )  # fmt: skip
    found = line(con)
    required, *parts = (found[p] for p in PARTS)
    assert required == sum(parts)
    assert min(parts) >= 0
    assert found["surplus_m2"] >= 0
    assert found["residual_m2"] == 0 or found["surplus_m2"] == 0
