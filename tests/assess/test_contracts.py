"""Projects older than any ordinance: bound by what their land contract or planning conditions state, and by nothing else."""

from dataclasses import replace

import pytest

from tests.judged import plan, run, together

PLAN = plan("AP01", "AR01", "AR03", "HO01", "HO03", "MO05", "PL02")
OLD = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"], "plan_approved_on": "2005-10-01",
    "completed_on": "2007-03-01", "planning_accepted_on": "2007-06-01", "plan_total_m2": 50000, "survey_total_m2": 50000,
    "plan_states_area_m2": 0, "premises_register_complete": True, "conditions_state_duty": True,
}  # fmt: skip
REGISTERS = {"handovers": [], "payments": [], "premises": [], "deposits": [], "demands": []}
PAID = {
    "event_id": "D1", "project_id": "P1", "event": "paid", "amount_yuan": 400000, "event_on": "2006-06-10", "basis_kind": "contract",
}  # fmt: skip
TERMS = [
    ({"conditions_percent": 0.5}, 250),
    ({"conditions_percent": 0.5, "conditions_base": "residential", "survey_residential_m2": 40000}, 200),
    ({"conditions_area_m2": 320}, 320),
    ({"conditions_base": "residential", "survey_residential_m2": 40000}, 400),
    ({"conditions_percent": 0}, 0),
]
#: name -> (what is its own of the project, deposits)
CASES = {
    "as it is": ({}, []),
    "stated: False": ({"conditions_state_duty": False}, []),
    "stated: None": ({"conditions_state_duty": None}, []),
    "shops": ({"uses": ["commercial"]}, []),
    "deposit": ({}, [PAID]),
    "governed": ({"plan_approved_on": "2008-03-10"}, []),
    **{str(terms): (terms, []) for terms, _ in TERMS},
}


def city(plan, cases):
    made = {
        name: {"projects": [{**OLD, "project_name": name, **own}], **REGISTERS, "deposits": deposits}
        for name, (own, deposits) in cases.items()
    }
    return run(plan, **together(made)).whole()


@pytest.fixture(scope="module")
def con():
    return city(PLAN, CASES)


def one(con, case, columns, table="judged_project"):
    return con.execute(f"SELECT {columns} FROM {table} WHERE project_id = ?", [f"{case}:P1"]).fetchone()


def found(con, case, rule, columns):
    """These columns of a finding of a case."""
    return con.execute(f"SELECT {columns} FROM finding WHERE rule_id = ? AND subject_key = ?", [rule, f"{case}:P1"]).fetchone()


def outcomes(con, case) -> dict[str, str]:
    return {rule.id: one(con, case, f"{rule.id}__outcome")[0] for rule in PLAN.rules}


def test_a_contract_binds_whatever_the_date_and_says_so(con):
    assert outcomes(con, "as it is") == {
        "AP01": "pass", "AR01": "violation", "AR03": "violation", "HO01": "violation",
        "HO03": "not_applicable", "MO05": "not_applicable", "PL02": "not_applicable",
    }  # fmt: skip
    area, state, ordinance, zh, en = found(con, "as it is", "AR03", "area_m2, law_state, ordinance_id, message_zh, message_en")
    assert (area, state, ordinance) == (500, "contract", "survey_share")
    assert "按现行办法 survey_share" in zh and "the ordinance now in force, survey_share" in en
    assert one(con, "as it is", "state, residual_m2", "balance") == ("overdue", 500)


@pytest.mark.parametrize("stated", [False, None])
def test_without_a_duty_in_the_contract_nothing_is_applied_backwards(con, stated):
    case = f"stated: {stated}"
    assert set(outcomes(con, case).values()) == {"not_applicable"}
    rule = next(rule for rule in PLAN.rules if rule.id == "AP01")
    reason = rule.reasons[one(con, case, "AP01__reason")[0]][1]
    counted = con.execute("SELECT subjects FROM register_count WHERE rule_id = 'AP01' AND reason_en = ?", [reason]).fetchall()
    assert counted == [(1,)]
    assert ("was not reported" in reason) == (stated is None)


@pytest.mark.parametrize(("terms", "required"), TERMS)
def test_what_the_contract_says_goes_before_the_ordinance(con, terms, required):
    assert one(con, terms, "required_m2, law_state") == (required, "contract")
    if required:
        said = found(con, terms, "AR03", "message_en")[0]
        assert ("those of its land contract" in said) == ("conditions_percent" in terms or "conditions_area_m2" in terms)


def test_a_contract_names_its_project_whatever_that_is_used_for(con):
    assert outcomes(con, "shops")["AR03"] == "violation"


def test_the_deposit_is_judged_where_one_was_lodged(con):
    assert outcomes(con, "deposit")["MO05"] == "violation"
    assert found(con, "deposit", "MO05", "yuan") == (400000,)


def test_neither_the_contract_nor_an_ordinance_says_how_much():
    stated = {"conditions_percent": 1, "conditions_base": "total", "plan_total_m2": 50000}
    con = city(replace(PLAN, law_versions=()), {"silent": ({}, []), "stated": (stated, [])})
    outcome, missing, reason = found(con, "silent", "AR03", "outcome, missing, reason_en")
    assert outcome == "undetermined" and "conditions_percent" in missing and "law" in missing
    assert "not how much" in reason
    assert one(con, "stated", "required_m2, law_state, ordinance_id") == (500, "contract", None)


def test_a_governed_project_is_judged_by_its_ordinance(con):
    assert one(con, "governed", "law_state") == ("governed",)


def test_the_terms_of_a_contract_govern_nothing_but_their_project():
    con = run(
        plan("AR03", "OF03"), projects=[OLD], offices=[{"office_id": "O1", "community_code": "C1", "tenure": "rented", "area_m2": 100}],
        communities=[{"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}], **REGISTERS,
    )  # fmt: skip
    assert con.execute("SELECT law_state FROM governing_office").fetchone() == ("governed",)
    assert con.execute("SELECT OF03__outcome FROM judged_office").fetchone() == ("violation",)
