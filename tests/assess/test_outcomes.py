"""Outcomes, registers and governing law on small made-up tables, through the compiled bundled rules."""

import duckdb
import pytest

from planning_check import assess, pipeline
from tests.facts.tables import connection

BOOK = pipeline.load_rules()
FEW = BOOK.plan(("AR03", "HO01", "HO04", "MO05", "OF01", "OF02"))  # planning all rules for every little table takes seconds
DUTIES = BOOK.plan(("OF02",))
HOUSING = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"], "community_code": "C1",
    "plan_approved_on": "2008-03-10", "completed_on": "2010-05-04", "planning_accepted_on": "2010-06-01", "survey_total_m2": 50000,
    "premises_register_complete": True,
}  # fmt: skip
COMMUNITY = {"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}
OFFICE = {"office_id": "O1", "community_code": "C1", "tenure": "rented", "archive_search": "not_planned"}


def run(plan=None, **rows) -> duckdb.DuckDBPyConnection:
    plan = plan or FEW
    con = connection(**rows)
    assess.assess(con, plan)
    assess.tell(con, plan)
    return con


def outcome(con, rule_id: str, key: str = "P1"):
    subject = next(r.subject for r in BOOK.rules if r.id == rule_id)
    column = {"project": "project_id", "office": "office_id", "handover": "handover_id"}[subject]
    return con.execute(f"SELECT {rule_id}__outcome FROM judged_{subject} WHERE {column} = ?", [key]).fetchone()[0]


def law_state(con) -> str:
    return con.execute("SELECT law_state FROM governing_project").fetchone()[0]


@pytest.mark.parametrize(
    ("dates", "state"),
    [
        ({"plan_approved_on": "2006-04-09"}, "governed"),
        ({"plan_approved_on": "2006-04-08"}, "legacy"),
        ({"plan_approved_on": "2006-04"}, "anchor_unclear"),
        ({"plan_approved_on": "2006-03"}, "legacy"),
        ({"plan_approved_on": None, "permitted_on": "2006-01-01"}, "legacy"),
        ({"plan_approved_on": None, "land_acquired_on": "2006-05-01"}, "governed"),
        ({"plan_approved_on": None, "permitted_on": "2010-01-01"}, "anchor_unclear"),
    ],
)
def test_which_law_governs(dates, state):
    assert law_state(run(projects=[{**HOUSING, "planning_accepted_on": None, "completed_on": None, **dates}])) == state


def test_nothing_handed_over_is_a_violation_and_its_evidence_adds_up():
    con = run(projects=[HOUSING], handovers=[], payments=[], premises=[])
    assert outcome(con, "HO01") == "violation"
    assert outcome(con, "AR03") == "violation"
    found = con.execute("SELECT area_m2, message_en, sources, severity, fingerprint FROM finding WHERE rule_id = 'AR03'").fetchone()
    assert found[0] == 500
    assert "required 500.00 m2" in found[1]
    assert '"projects":[0]' in found[2]
    assert found[3] == "critical"


def test_nothing_checked_is_never_a_pass():
    """Without registers of handovers and payments nothing passes and nothing is violated: it is undetermined."""
    con = run(projects=[HOUSING])
    assert outcome(con, "HO01") == "undetermined"
    missing, owner = con.execute("SELECT missing, missing_owner FROM finding WHERE rule_id = 'HO01'").fetchone()
    assert "handed_m2" in missing
    assert "civil_affairs" in owner


def test_register_has_one_letter_for_every_rule():
    con = run(projects=[HOUSING], offices=[OFFICE], communities=[COMMUNITY])
    rules = sorted(r.id for r in FEW.rules if r.subject == "project")
    letters = con.execute("SELECT outcomes FROM register WHERE subject = 'project'").fetchone()[0]
    assert len(letters) == len(rules)
    assert set(letters) <= set(assess.OUTCOMES.values())


def test_open_duties_of_a_community_count_governed_projects_whose_handover_is_overdue():
    rest = {"offices": [OFFICE], "communities": [COMMUNITY], "handovers": [], "payments": [], "premises": []}

    def duties(**changes):
        return run(DUTIES, projects=[{**HOUSING, **changes}], **rest).execute("SELECT open_duties FROM judged_office").fetchone()[0]

    assert duties() == 1
    assert duties(plan_approved_on="2006-04-08") == 0
    assert duties(planning_accepted_on="2011-06-30") == 0
    assert duties(uses=["commercial"]) == 0
    assert duties(community_code="C2") == 0
    handed = [{"handover_id": "H1", "project_id": "P1", "area_m2": 500, "handed_over_on": "2010-05-20", "recipient_kind": "committee"}]
    assert (
        run(DUTIES, projects=[HOUSING], **{**rest, "handovers": handed}).execute("SELECT open_duties FROM judged_office").fetchone()[0] == 0
    )


def test_a_handover_of_an_unknown_project_is_undetermined():
    handed = [{"handover_id": "H1", "project_id": "P9", "area_m2": 100, "handed_over_on": "2010-01-01", "recipient_kind": "committee"}]
    con = run(projects=[HOUSING], handovers=handed)
    assert outcome(con, "HO04", "H1") == "undetermined"
    assert con.execute("SELECT reason_en FROM finding WHERE rule_id = 'HO04'").fetchone()[0] == "its project is not in the delivery"


def test_a_rule_that_cannot_run_is_shown_and_hides_no_other():
    plan = FEW
    from dataclasses import replace

    broken = [replace(r, items=(("no_such_function(1) AS x",), *r.items)) if r.id == "AR03" else r for r in plan.rules]
    plan = replace(plan, rules=tuple(broken))
    con = connection(projects=[HOUSING], handovers=[], payments=[], premises=[])
    errors = assess.assess(con, plan)
    assess.tell(con, plan)
    assert list(errors) == ["AR03"]
    assert outcome(con, "AR03") == "error"
    assert outcome(con, "HO01") == "violation"
    assert con.execute("SELECT count(*) FROM finding WHERE rule_id = 'AR03' AND outcome = 'error'").fetchone()[0] == 1


def test_a_legacy_city_passes_nothing_and_still_lists_its_offices():
    con = run(projects=[{**HOUSING, "plan_approved_on": "2005-01-01"}], offices=[OFFICE], communities=[COMMUNITY])
    counts = con.execute("SELECT rule_id, outcome FROM register_count WHERE rule_id IN ('AR03', 'HO01', 'OF01')").fetchall()
    assert sorted(counts) == [("AR03", "not_applicable"), ("HO01", "not_applicable"), ("OF01", "violation")]


def test_findings_come_in_a_fixed_order():
    rows = [{**HOUSING, "project_id": f"P{n}"} for n in (3, 1, 2)]
    con = run(projects=rows, handovers=[], payments=[], premises=[])
    found = con.execute("SELECT rule_id, subject_key FROM finding WHERE list = 'violations'").fetchall()
    assert found == sorted(found)


def test_an_unclear_anchor_day_is_asked_of_the_bureau_that_owns_it():
    con = run(projects=[{**HOUSING, "plan_approved_on": "2006-04"}], handovers=[], payments=[], premises=[])
    found = con.execute("SELECT outcome, missing, missing_owner, reason_en FROM finding WHERE rule_id = 'HO01'").fetchone()
    assert found[:3] == ("undetermined", '["plan_approved_on"]', "planning")
    assert "not known well enough" in found[3]
