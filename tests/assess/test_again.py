"""Violations under other readings of the law, and open verdicts at the bounds of what is unknown."""

import json
from decimal import Decimal

from tests.assess.test_outcomes import HOUSING, run

AREAS = {"survey_above_ground_m2": 40000, "survey_residential_m2": 30000}
NOTHING = {"handovers": [], "payments": []}
ROOM = {"premises_id": "R1", "project_id": "P1", "kind": "community", "surveyed_m2": 350}
PRICE = {"zone": "990101", "use": "community", "from_on": "2009-01-01", "price_yuan_per_m2": 2000}


def readings(con, rule="AR03"):
    found = con.execute("SELECT robustness, alternatives FROM finding WHERE rule_id = ? AND outcome = 'violation'", [rule]).fetchone()
    return found[0], {(a["clause"], a["value"]): (a["outcome"], a["margin"]) for a in json.loads(found[1])}


def test_a_shortfall_that_another_base_would_mend_is_fragile_and_says_by_how_much():
    con = run(projects=[{**HOUSING, **AREAS}], premises=[ROOM], **NOTHING)
    robustness, tried = readings(con)
    assert robustness == "fragile"
    assert tried["base", "residential"] == ("pass", "-50.00")
    assert tried["base", "above_ground"] == ("violation", "50.00")
    assert tried["tolerance_m2", "1.00"] == ("violation", "149.00")
    assert ("base", "total") not in tried, "the governing reading itself is no alternative"


def test_a_base_that_was_not_delivered_is_tested_as_unknown():
    robustness, tried = readings(run(projects=[HOUSING], premises=[ROOM], **NOTHING))
    assert tried["base", "counted"] == ("undetermined", None)
    assert robustness == "robust", "the tolerance was tested and it stands"


def test_a_gap_within_the_tolerance_tried_falls_and_one_beyond_stands():
    near = {**ROOM, "surveyed_m2": 499}
    assert readings(run(projects=[HOUSING], premises=[near], **NOTHING))[1]["tolerance_m2", "1.00"] == ("pass", "0.00")
    less = {**ROOM, "surveyed_m2": Decimal("498.99")}
    assert readings(run(projects=[HOUSING], premises=[less], **NOTHING))[1]["tolerance_m2", "1.00"] == ("violation", "0.01")


def test_outcomes_other_than_violations_have_no_robustness():
    con = run(projects=[{**HOUSING, "survey_total_m2": None}], premises=[ROOM], **NOTHING)
    assert con.execute("SELECT DISTINCT robustness FROM finding WHERE rule_id = 'AR03'").fetchall() == [(None,)]


def exposure(con, rule="AR03"):
    return con.execute(
        "SELECT exposure_area_min_m2, exposure_area_max_m2, exposure_min_yuan, exposure_max_yuan FROM finding "
        "WHERE rule_id = ? AND outcome = 'undetermined'",
        [rule],
    ).fetchone()


def test_unknown_premises_lie_between_nothing_and_enough():
    con = run(projects=[HOUSING], premises=[{**ROOM, "surveyed_m2": None}], unit_prices=[PRICE], **NOTHING)
    assert exposure(con) == (0, 500, 0, 1_000_000)


def test_an_unknown_base_lies_between_what_other_stages_report():
    project = {**HOUSING, "survey_total_m2": None, "plan_total_m2": 40000, "permit_total_m2": 45000}
    con = run(projects=[project], premises=[ROOM], unit_prices=[PRICE], **NOTHING)
    assert exposure(con) == (50, 100, 100_000, 200_000)


def test_without_bounds_nothing_is_said():
    con = run(projects=[{**HOUSING, "survey_total_m2": None}], premises=[ROOM], unit_prices=[PRICE], **NOTHING)
    assert exposure(con) == (None, None, None, None)


def test_without_a_price_the_area_is_still_said():
    assert exposure(run(projects=[HOUSING], premises=[{**ROOM, "surveyed_m2": None}], **NOTHING)) == (0, 500, 0, None)


def test_an_unclear_anchor_may_mean_that_nothing_is_owed():
    con = run(projects=[{**HOUSING, "plan_approved_on": "2006-04"}], premises=[ROOM], unit_prices=[PRICE], **NOTHING)
    assert exposure(con) == (0, 150, 0, 300_000)


def test_an_unknown_use_may_or_may_not_bear_the_duty():
    con = run(projects=[{**HOUSING, "uses": None}], premises=[ROOM], unit_prices=[PRICE], **NOTHING)
    assert exposure(con) == (0, 150, 0, 300_000)
