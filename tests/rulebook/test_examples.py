"""Real variants of the duty as example layers: their cases pass, and they judge as their texts say, to the hundredth and to the day."""

from decimal import Decimal as D
from functools import cache
from pathlib import Path

import pytest

from planning_check import assess, pipeline
from planning_check.rulebook.cases import run_cases
from planning_check.rulebook.loading import load
from tests.facts.tables import connection
from tests.rulebook import mutations

FOLDER = pipeline.bundled("rules") / "examples"
NAMES = sorted(p.name for p in FOLDER.iterdir() if p.is_dir())
BASE = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990102", "uses": ["residential"], "plan_approved_on": "2008-03-10",
    "permitted_on": "2008-06-02", "completed_on": "2010-05-04", "planning_accepted_on": "2010-06-01", "survey_total_m2": 62000,
    "survey_above_ground_m2": 48000, "survey_counted_m2": 47500, "survey_residential_m2": 45000, "premises_register_complete": True,
}  # fmt: skip
ROOM = {"premises_id": "R1", "project_id": "P1", "kind": "community", "surveyed_m2": 480, "floor_from": 1, "floor_to": 1, "basement": False,
        "stilt": False, "own_entrance": True, "daylit": True, "storey_height_m": 3.3, "temporary": False}  # fmt: skip


@cache
def planned(name, rules):
    return pipeline.load_rules([FOLDER / name]).plan(rules)


def judged(name, rooms=(ROOM,), payments=(), handovers=(), rules=("AR03",), **changes):
    """The project judged by some rules under an example laid over the bundled ones."""
    plan = planned(name, rules)
    con = connection(projects=[{**BASE, **changes}], premises=list(rooms), payments=list(payments), handovers=list(handovers))
    assess.assess(con, plan)
    found = con.execute("SELECT * FROM judged_project")
    return dict(zip([d[0] for d in found.description], found.fetchone(), strict=True)), con


def test_there_is_an_example_for_every_variant():
    assert {"base_above_ground", "base_residential", "base_counted", "per_household", "floors_and_entrance", "tiers", "pooled_phases",
            "tolerance_bands"} <= set(NAMES)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_its_cases_pass_and_every_day_matters(name):
    book = pipeline.load_rules([FOLDER / name])
    own = [o for o in book.ordinances if FOLDER.name in Path(o.path).parts]
    assert own
    assert all(o.example and not o.verified for o in own)
    assert [r.detail.en for r in run_cases(book, [], own) if not r.passed] == []
    assert [what for o in own for what in mutations.ordinance_survivors(o, book)] == []


def test_examples_do_not_judge_by_themselves():
    assert [o.id for o in load([pipeline.bundled("rules")]).ordinances] == ["survey_share"]
    assert "tiers" in [o.id for o in pipeline.load_rules([Path("examples/tiers")]).ordinances], "by name, from any folder"


@pytest.mark.parametrize(
    ("name", "required"),
    [("base_above_ground", 480), ("base_residential", 540), ("base_counted", 475), ("tiers", 800), ("pooled_phases", 620)],
)
def test_the_same_project_owes_by_the_base(name, required):
    assert judged(name)[0]["required_m2"] == required


def test_a_share_changed_on_a_day_counts_from_that_day():
    assert judged("base_above_ground", plan_approved_on="2009-12-31")[0]["required_m2"] == 480
    assert judged("base_above_ground", plan_approved_on="2010-01-01")[0]["required_m2"] == 384


def test_areas_may_be_cut_off():
    assert judged("base_counted", survey_counted_m2=D("47500.99"))[0]["required_m2"] == D("475.00")


@pytest.mark.parametrize(("homes", "required"), [("29999.99", 300), ("30000.00", 800), ("99999.99", 800), ("280000.00", 4800)])
def test_steps(homes, required):
    assert judged("tiers", survey_residential_m2=D(homes))[0]["required_m2"] == required


@pytest.mark.parametrize(("approved", "households", "required"), [
    ("2010-12-31", 2000, 400), ("2011-01-01", 2000, 600), ("2010-12-31", 1499, 300), ("2010-12-31", 1501, D("300.20")),
])  # fmt: skip
def test_per_household_with_a_minimum(approved, households, required):
    assert judged("per_household", plan_approved_on=approved, households=households)[0]["required_m2"] == required


def test_rooms_that_the_ordinance_bars_are_left_out():
    low = {**ROOM, "premises_id": "R2", "basement": True, "floor_from": -1, "floor_to": -1, "surveyed_m2": 200}
    third = {**ROOM, "premises_id": "R3", "floor_from": 3, "floor_to": 3, "surveyed_m2": 40}
    found, con = judged("floors_and_entrance", rooms=[{**ROOM, "surveyed_m2": 140}, low, third], rules=("AR03", "AR07", "AR09", "PL05"))
    assert found["required_m2"] == D("186.00")
    assert found["counted_survey_m2"] == 180
    fired = set(
        con.execute("SELECT rule_id || ' ' || subject_key FROM finding WHERE outcome = 'violation' AND subject = 'premises'").fetchall()
    )
    assert {("AR07 R2",), ("PL05 R2",), ("PL05 R3",)} <= fired
    assert ("AR07 R1",) not in fired
    assert found["AR09__outcome"] == "violation", "a room of 40 m2, and three places of two"
    assert judged("floors_and_entrance", survey_total_m2=10000)[0]["required_m2"] == 150


def test_tolerance_by_size_just_inside_and_outside():
    exact = {**ROOM, "surveyed_m2": D("601.40")}
    assert judged("tolerance_bands", rooms=[exact])[0]["AR03__outcome"] == "pass", "3 % of 620 are 18.60"
    assert judged("tolerance_bands", rooms=[{**exact, "surveyed_m2": D("601.39")}])[0]["AR03__outcome"] == "violation"
    large = {"survey_total_m2": 200_000}
    assert judged("tolerance_bands", rooms=[{**exact, "surveyed_m2": 1960}], **large)[0]["AR03__outcome"] == "pass", "2 % of 2,000"
    assert judged("tolerance_bands", rooms=[{**exact, "surveyed_m2": D("1959.99")}], **large)[0]["AR03__outcome"] == "violation"


def test_money_for_the_whole_by_agreement_into_the_named_account():
    paid = {"payment_id": "Z1", "project_id": "P1", "amount_yuan": 2_480_000, "unit_price_yuan_per_m2": 4000, "received_on": "2010-03-31",
            "agreement_no": "折1", "receipt_no": "A1", "account": "社区建设专户", "spent_on": "premises"}  # fmt: skip
    found, _con = judged("tolerance_bands", rooms=[], payments=[paid])
    assert found["AR03__outcome"] == "pass"
    assert judged("tolerance_bands", rooms=[], payments=[{**paid, "amount_yuan": 2_400_000}])[0]["in_lieu_counted_m2"] == 0
    assert judged("tolerance_bands", rooms=[], payments=[{**paid, "agreement_no": None}])[0]["in_lieu_counted_m2"] == 0
    _, con = judged("tolerance_bands", rooms=[], payments=[{**paid, "account": "往来户"}], rules=("MO03",))
    assert con.execute("SELECT status FROM finding WHERE rule_id = 'MO03'").fetchall() == [("wrong_account",)]


def test_phases_settled_at_the_end():
    def phase(number, accepted):
        return {**BASE, "project_id": f"P{number}", "development_id": "Z", "phase_no": number, "phase_count": 2, "planning_accepted_on": accepted,
                "survey_total_m2": 30000, "started_on": "2011-01-10"}  # fmt: skip

    for accepted, outcome in ((None, "not_due"), ("2011-03-01", "violation")):
        con = connection(projects=[phase(1, "2010-06-01"), phase(2, accepted)], premises=[], handovers=[], payments=[])
        assess.assess(con, planned("pooled_phases", ("HO07",)))
        assert con.execute("SELECT HO07__outcome FROM judged_development").fetchone() == (outcome,)


def test_ninety_days_after_completion():
    assert judged("agreement_gate", completed_on="2011-04-01", planning_accepted_on=None, rules=("HO01",))[0]["HO01__outcome"] == "not_due"
    late, _ = judged("agreement_gate", completed_on="2011-03-31", planning_accepted_on=None, rules=("HO01",))
    assert late["HO01__outcome"] == "violation"


@pytest.mark.parametrize(("district", "approved", "state", "required"), [
    ("990102", "2008-12-31", "governed", 310), ("990102", "2009-01-01", "gap", None), ("990102", "2009-06-30", "gap", None),
    ("990102", "2009-07-01", "governed", 960), ("990121", "2009-07-01", "gap", None), ("990102", "2005-01-01", "legacy", None),
])  # fmt: skip
def test_the_longest_prefix_governs_and_a_gap_is_never_filled(district, approved, state, required):
    found, _ = judged("two_places", district_code=district, plan_approved_on=approved)
    assert found["law_state"] == state
    assert (
        found["AR03__outcome"]
        == {"governed": "violation" if required and required > 480 else "pass", "gap": "undetermined", "legacy": "not_applicable"}[state]
    )
    assert required is None or found["required_m2"] == required


def test_two_small_developments_owe_less_than_one_under_steps():
    """Vector 7: 2 x 29,000 m2 owe 300 each, as one of 58,000 they would owe 800."""
    twins = [{**BASE, "project_id": f"P{n}", "developer_code": "91X", "plan_residential_m2": 29000, "plan_total_m2": 30000} for n in (1, 2)]
    con = connection(projects=twins, project_near=[{"project_id": "P1", "other_id": "P2", "metres": 12}])
    assess.assess(con, planned("tiers", ("AP03",)))
    assert con.execute("SELECT outcome, area_m2 FROM finding WHERE rule_id = 'AP03'").fetchall() == [("violation", 200)]
