"""Outcomes, registers and governing law on small made-up tables, through the compiled bundled rules."""

from dataclasses import replace

import pytest

from planning_check import assess
from tests.facts.tables import connection
from tests.judged import BOOK, HOUSING, plan, run, together

FEW = plan("AR03", "HO01", "HO04", "MO05", "OF01", "OF02")  # planning all rules for every little table takes seconds
NOTHING = {"handovers": [], "payments": [], "premises": []}
COMMUNITY = {"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}
OFFICE = {"office_id": "O1", "community_code": "C1", "tenure": "rented", "archive_search": "not_planned"}
DATES = [
    ({"plan_approved_on": "2006-04-09"}, "governed"),
    ({"plan_approved_on": "2006-04-08"}, "legacy"),
    ({"plan_approved_on": "2006-04"}, "anchor_unclear"),
    ({"plan_approved_on": "2006-03"}, "legacy"),
    ({"plan_approved_on": None, "permitted_on": "2006-01-01"}, "legacy"),
    ({"plan_approved_on": None, "land_acquired_on": "2006-05-01"}, "governed"),
    ({"plan_approved_on": None, "permitted_on": "2010-01-01"}, "anchor_unclear"),
]


def outcome(con, rule_id: str, key: str = "P1"):
    subject = next(r.subject for r in BOOK.rules if r.id == rule_id)
    column = {"project": "project_id", "office": "office_id", "handover": "handover_id"}[subject]
    return con.execute(f"SELECT {rule_id}__outcome FROM judged_{subject} WHERE {column} = ?", [key]).fetchone()[0]


@pytest.fixture(scope="module")
def dated():
    """Each of the dates in a project of its own."""
    return run(
        FEW,
        projects=[{**HOUSING, "project_id": str(dates), "planning_accepted_on": None, "completed_on": None, **dates} for dates, _ in DATES],
    )


@pytest.mark.parametrize(("dates", "state"), DATES)
def test_which_law_governs(dated, dates, state):
    assert dated.execute("SELECT law_state FROM governing_project WHERE project_id = ?", [str(dates)]).fetchone() == (state,)


@pytest.fixture(scope="module")
def nothing():
    """Three projects that handed over nothing, in no order, and one of which the law is not clear."""
    projects = [{**HOUSING, "project_id": f"P{n}"} for n in (3, 1, 2)]
    return run(FEW, projects=[*projects, {**HOUSING, "project_id": "P4", "plan_approved_on": "2006-04"}], **NOTHING).whole()


@pytest.fixture(scope="module")
def unchecked():
    """A project and an office, and no registers."""
    return run(FEW, projects=[HOUSING], offices=[OFFICE], communities=[COMMUNITY]).whole()


def test_nothing_handed_over_is_a_violation_and_its_evidence_adds_up(nothing):
    assert outcome(nothing, "HO01") == "violation"
    assert outcome(nothing, "AR03") == "violation"
    found = nothing.execute(
        "SELECT area_m2, message_en, sources, severity, fingerprint FROM finding WHERE rule_id = 'AR03' AND subject_key = 'P1'"
    ).fetchone()
    assert found[0] == 500
    assert "required 500.00 m2" in found[1]
    assert '"projects":[1]' in found[2]
    assert found[3] == "critical"


def test_nothing_checked_is_never_a_pass(unchecked):
    """Without registers of handovers and payments nothing passes and nothing is violated: it is undetermined."""
    assert outcome(unchecked, "HO01") == "undetermined"
    missing, owner = unchecked.execute("SELECT missing, missing_owner FROM finding WHERE rule_id = 'HO01'").fetchone()
    assert "handed_m2" in missing
    assert "civil_affairs" in owner


def test_register_has_one_letter_for_every_rule(unchecked):
    rules = sorted(r.id for r in FEW.rules if r.subject == "project")
    letters = unchecked.execute("SELECT outcomes FROM register WHERE subject = 'project'").fetchone()[0]
    assert len(letters) == len(rules)
    assert set(letters) <= set(assess.OUTCOMES.values())


def test_open_duties_of_a_community_count_governed_projects_whose_handover_is_overdue():
    handed = {"handover_id": "H1", "project_id": "P1", "area_m2": 500, "handed_over_on": "2010-05-20", "recipient_kind": "committee"}
    cases = {
        "as it is": ({}, [], 1),
        "legacy": ({"plan_approved_on": "2006-04-08"}, [], 0),
        "accepted today": ({"planning_accepted_on": "2011-06-30"}, [], 0),
        "shops": ({"uses": ["commercial"]}, [], 0),
        "elsewhere": ({"community_code": "C2"}, [], 0),
        "handed over": ({}, [handed], 0),
    }
    rest = {**NOTHING, "offices": [OFFICE], "communities": [COMMUNITY]}
    city = {case: {**rest, "projects": [{**HOUSING, **own}], "handovers": rows} for case, (own, rows, _) in cases.items()}
    found = run(plan("OF02"), **together(city)).execute("SELECT office_id, open_duties FROM judged_office").fetchall()
    assert dict(found) == {f"{case}:O1": duties for case, (_, _, duties) in cases.items()}


def test_a_handover_of_an_unknown_project_is_undetermined():
    handed = [{"handover_id": "H1", "project_id": "P9", "area_m2": 100, "handed_over_on": "2010-01-01", "recipient_kind": "committee"}]
    con = run(FEW, projects=[HOUSING], handovers=handed)
    assert outcome(con, "HO04", "H1") == "undetermined"
    assert con.execute("SELECT reason_en FROM finding WHERE rule_id = 'HO04'").fetchone()[0] == "its project is not in the delivery"


def test_a_rule_that_cannot_run_is_shown_and_hides_no_other():
    rules = [replace(r, items=(("no_such_function(1) AS x",), *r.items)) if r.id == "AR03" else r for r in FEW.rules]
    broken = replace(FEW, rules=tuple(rules))
    con = connection(projects=[HOUSING], **NOTHING)
    errors = assess.assess(con, broken)
    assess.tell(con, broken)
    assert list(errors) == ["AR03"]
    assert outcome(con, "AR03") == "error"
    assert outcome(con, "HO01") == "violation"
    assert con.execute("SELECT count(*) FROM finding WHERE rule_id = 'AR03' AND outcome = 'error'").fetchone()[0] == 1


def test_a_legacy_city_passes_nothing_and_still_lists_its_offices():
    con = run(FEW, projects=[{**HOUSING, "plan_approved_on": "2005-01-01"}], offices=[OFFICE], communities=[COMMUNITY])
    counts = con.execute("SELECT rule_id, outcome FROM register_count WHERE rule_id IN ('AR03', 'HO01', 'OF01')").fetchall()
    assert sorted(counts) == [("AR03", "not_applicable"), ("HO01", "not_applicable"), ("OF01", "violation")]


def test_findings_come_in_a_fixed_order(nothing):
    found = nothing.execute("SELECT rule_id, subject_key FROM finding WHERE list = 'violations'").fetchall()
    assert {key for _, key in found} >= {"P1", "P2", "P3"}
    assert found == sorted(found)


def test_an_unclear_anchor_day_is_asked_of_the_bureau_that_owns_it(nothing):
    found = nothing.execute(
        "SELECT outcome, missing, missing_owner, reason_en FROM finding WHERE rule_id = 'HO01' AND subject_key = 'P4'"
    ).fetchone()
    assert found[:3] == ("undetermined", '["plan_approved_on"]', "planning")
    assert "not known well enough" in found[3]
