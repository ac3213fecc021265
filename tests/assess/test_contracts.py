"""Projects older than any ordinance: bound by what their land contract or planning conditions state, and by nothing else."""

import pytest

from planning_check import assess, pipeline
from tests.facts.tables import connection

BOOK = pipeline.load_rules()
PLAN = BOOK.plan(("AP01", "AR01", "AR03", "HO01", "HO03", "MO05", "PL02"))
OLD = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"], "plan_approved_on": "2005-10-01",
    "completed_on": "2007-03-01", "planning_accepted_on": "2007-06-01", "plan_total_m2": 50000, "survey_total_m2": 50000,
    "plan_states_area_m2": 0, "premises_register_complete": True, "conditions_state_duty": True,
}  # fmt: skip
REGISTERS = {"handovers": [], "payments": [], "premises": [], "deposits": [], "demands": []}


def run(plan=PLAN, rows=None, **changes):
    con = connection(projects=[{**OLD, **changes}], **{**REGISTERS, **(rows or {})})
    assess.assess(con, plan)
    assess.tell(con, plan)
    return con


def outcomes(con) -> dict[str, str]:
    row = con.execute("SELECT * FROM judged_project")
    found = dict(zip([d[0] for d in row.description], row.fetchone(), strict=True))
    return {rule.id: found[f"{rule.id}__outcome"] for rule in PLAN.rules}


def test_a_contract_binds_whatever_the_date_and_says_so():
    con = run()
    assert outcomes(con) == {
        "AP01": "pass", "AR01": "violation", "AR03": "violation", "HO01": "violation",
        "HO03": "not_applicable", "MO05": "not_applicable", "PL02": "not_applicable",
    }  # fmt: skip
    area, state, ordinance, zh, en = con.execute(
        "SELECT area_m2, law_state, ordinance_id, message_zh, message_en FROM finding WHERE rule_id = 'AR03'"
    ).fetchone()
    assert (area, state, ordinance) == (500, "contract", "survey_share")
    assert "按现行办法 survey_share" in zh and "the ordinance now in force, survey_share" in en
    assert con.execute("SELECT state, residual_m2 FROM balance").fetchone() == ("overdue", 500)


@pytest.mark.parametrize("stated", [False, None])
def test_without_a_duty_in_the_contract_nothing_is_applied_backwards(stated):
    con = run(conditions_state_duty=stated)
    assert set(outcomes(con).values()) == {"not_applicable"}
    reason = con.execute("SELECT reason_en FROM register_count WHERE rule_id = 'AP01'").fetchone()[0]
    assert ("was not reported" in reason) == (stated is None)


@pytest.mark.parametrize(
    ("terms", "required"),
    [
        ({"conditions_percent": 0.5}, 250),
        ({"conditions_percent": 0.5, "conditions_base": "residential", "survey_residential_m2": 40000}, 200),
        ({"conditions_area_m2": 320}, 320),
        ({"conditions_base": "residential", "survey_residential_m2": 40000}, 400),
        ({"conditions_percent": 0}, 0),
    ],
)
def test_what_the_contract_says_goes_before_the_ordinance(terms, required):
    con = run(**terms)
    assert con.execute("SELECT required_m2, law_state FROM judged_project").fetchone() == (required, "contract")
    if required:
        said = con.execute("SELECT message_en FROM finding WHERE rule_id = 'AR03'").fetchone()[0]
        assert ("those of its land contract" in said) == ("conditions_percent" in terms or "conditions_area_m2" in terms)


def test_a_contract_names_its_project_whatever_that_is_used_for():
    assert outcomes(run(uses=["commercial"]))["AR03"] == "violation"


def test_the_deposit_is_judged_where_one_was_lodged():
    paid = {
        "event_id": "D1",
        "project_id": "P1",
        "event": "paid",
        "amount_yuan": 400000,
        "event_on": "2006-06-10",
        "basis_kind": "contract",
    }
    con = run(rows={"deposits": [paid]})
    assert outcomes(con)["MO05"] == "violation"
    assert con.execute("SELECT yuan FROM finding WHERE rule_id = 'MO05'").fetchone()[0] == 400000


def test_neither_the_contract_nor_an_ordinance_says_how_much():
    from dataclasses import replace

    con = run(replace(PLAN, law_versions=()))
    found = con.execute("SELECT outcome, missing, reason_en FROM finding WHERE rule_id = 'AR03'").fetchone()
    assert found[0] == "undetermined" and "conditions_percent" in found[1] and "law" in found[1]
    assert "not how much" in found[2]
    con = run(replace(PLAN, law_versions=()), conditions_percent=1, conditions_base="total", plan_total_m2=50000)
    assert con.execute("SELECT required_m2, law_state, ordinance_id FROM judged_project").fetchone() == (500, "contract", None)


def test_a_governed_project_is_judged_by_its_ordinance():
    assert run(plan_approved_on="2008-03-10").execute("SELECT law_state FROM judged_project").fetchone() == ("governed",)


def test_the_terms_of_a_contract_govern_nothing_but_their_project():
    con = connection(
        projects=[OLD], offices=[{"office_id": "O1", "community_code": "C1", "tenure": "rented", "area_m2": 100}],
        communities=[{"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}], **REGISTERS,
    )  # fmt: skip
    assess.assess(con, BOOK.plan(("AR03", "OF03")))
    assert con.execute("SELECT law_state FROM governing_office").fetchone() == ("governed",)
    assert con.execute("SELECT OF03__outcome FROM judged_office").fetchone() == ("violation",)
