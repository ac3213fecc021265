"""Violations under other readings of the law, and open verdicts at the bounds of what is unknown."""

import json
from decimal import Decimal

import pytest

from tests.judged import HOUSING, plan, run, together

AREAS = {"survey_above_ground_m2": 40000, "survey_residential_m2": 30000}
NOTHING = {"handovers": [], "payments": []}
ROOM = {"premises_id": "R1", "project_id": "P1", "kind": "community", "surveyed_m2": 350}
PRICE = {"zone": "990101", "use": "community", "from_on": "2009-01-01", "price_yuan_per_m2": 2000}
UNMEASURED = {"survey_total_m2": None}
#: name -> what is its own of the project and of its room
WITHOUT_PRICES = {
    "other areas": (AREAS, {}),
    "one area": ({}, {}),
    "within the tolerance": ({}, {"surveyed_m2": 499}),
    "beyond the tolerance": ({}, {"surveyed_m2": Decimal("498.99")}),
    "unknown base": (UNMEASURED, {}),
    "unknown premises": ({}, {"surveyed_m2": None}),
}
WITH_PRICES = {
    "unknown premises": ({}, {"surveyed_m2": None}),
    "other stages": ({**UNMEASURED, "plan_total_m2": 40000, "permit_total_m2": 45000}, {}),
    "unknown base": (UNMEASURED, {}),
    "unclear anchor": ({"plan_approved_on": "2006-04"}, {}),
    "unknown use": ({"uses": None}, {}),
}


def city(cases, **more):
    made = {name: {"projects": [{**HOUSING, **own}], "premises": [{**ROOM, **room}], **NOTHING} for name, (own, room) in cases.items()}
    return run(plan("AR03"), **together(made), **more)


@pytest.fixture(scope="module")
def con():
    return city(WITHOUT_PRICES)


@pytest.fixture(scope="module")
def priced():
    return city(WITH_PRICES, unit_prices=[PRICE])


def readings(con, case):
    found = con.execute(
        "SELECT robustness, alternatives FROM finding WHERE rule_id = 'AR03' AND outcome = 'violation' AND subject_key = ?", [f"{case}:P1"]
    ).fetchone()
    return found[0], {(a["clause"], a["value"]): (a["outcome"], a["margin"]) for a in json.loads(found[1])}


def test_a_shortfall_that_another_base_would_mend_is_fragile_and_says_by_how_much(con):
    robustness, tried = readings(con, "other areas")
    assert robustness == "fragile"
    assert tried["base", "residential"] == ("pass", "-50.00")
    assert tried["base", "above_ground"] == ("violation", "50.00")
    assert tried["tolerance_m2", "1.00"] == ("violation", "149.00")
    assert ("base", "total") not in tried, "the governing reading itself is no alternative"


def test_a_base_that_was_not_delivered_is_tested_as_unknown(con):
    robustness, tried = readings(con, "one area")
    assert tried["base", "counted"] == ("undetermined", None)
    assert robustness == "robust", "the tolerance was tested and it stands"


def test_a_gap_within_the_tolerance_tried_falls_and_one_beyond_stands(con):
    assert readings(con, "within the tolerance")[1]["tolerance_m2", "1.00"] == ("pass", "0.00")
    assert readings(con, "beyond the tolerance")[1]["tolerance_m2", "1.00"] == ("violation", "0.01")


def test_outcomes_other_than_violations_have_no_robustness(con):
    found = con.execute("SELECT DISTINCT outcome, robustness FROM finding WHERE rule_id = 'AR03' AND outcome <> 'violation'").fetchall()
    assert found == [("undetermined", None)]


def exposure(con, case):
    return con.execute(
        "SELECT exposure_area_min_m2, exposure_area_max_m2, exposure_min_yuan, exposure_max_yuan FROM finding "
        "WHERE rule_id = 'AR03' AND outcome = 'undetermined' AND subject_key = ?",
        [f"{case}:P1"],
    ).fetchone()


def test_unknown_premises_lie_between_nothing_and_enough(priced):
    assert exposure(priced, "unknown premises") == (0, 500, 0, 1_000_000)


def test_an_unknown_base_lies_between_what_other_stages_report(priced):
    assert exposure(priced, "other stages") == (50, 100, 100_000, 200_000)


def test_without_bounds_nothing_is_said(priced):
    assert exposure(priced, "unknown base") == (None, None, None, None)


def test_without_a_price_the_area_is_still_said(con):
    assert exposure(con, "unknown premises") == (0, 500, 0, None)


def test_an_unclear_anchor_may_mean_that_nothing_is_owed(priced):
    assert exposure(priced, "unclear anchor") == (0, 150, 0, 300_000)


def test_an_unknown_use_may_or_may_not_bear_the_duty(priced):
    assert exposure(priced, "unknown use") == (0, 150, 0, 300_000)
