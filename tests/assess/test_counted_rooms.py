"""What of a project's rooms counts, where one of them is of unknown kind or its area is blank:
only what decides the verdict leaves it open.

Each scenario is a project of its own that owes 500 m2 at every stage.
"""

import pytest

from tests.judged import HOUSING, plan, run

AREAS = ("planned_m2", "permitted_m2", "surveyed_m2")
RULES = plan("AR01", "AR02", "AR03", "AR04")
PROJECT = HOUSING | {"developer_code": None, "plan_total_m2": 50000, "permit_total_m2": 50000, "permitted_on": "2008-09-01"}
STATED = {"plan_states_area_m2": 500}


def room(area, kind="community", **values):
    return {"kind": kind, **dict.fromkeys(AREAS, area), **values}


UNKNOWN = {"kind": None}
#: name -> (rooms, of the project, verdicts of AR01 AR02 AR03 AR04, shortfall as built)
SCENARIOS = {
    "enough without it": ([room(500), room(100, **UNKNOWN)], {}, "PPP?", 0),
    "enough without it, and it is blank": ([room(500), room(None, **UNKNOWN)], {}, "PPP?", 0),
    "short with it": ([room(300), room(100, **UNKNOWN)], {}, "VVV?", 200),
    "enough with it": ([room(300), room(200, **UNKNOWN)], {}, "????", None),
    "short without it, and it is blank": ([room(300), room(None, **UNKNOWN)], {}, "????", None),
    "alone and too small": ([room(499.99, **UNKNOWN)], {}, "VVV?", 500),
    "unknown, temporary": ([room(500), room(None, kind=None, temporary=True)], {}, "PPPP", 0),
    "unknown, of another duty": ([room(300), room(200, kind=None, counts_toward="other_duty")], {}, "VVVP", 200),
    "temporary and blank": ([room(500), room(None, temporary=True)], {}, "PPPP", 0),
    "temporary and blank, short": ([room(499), room(None, temporary=True)], {}, "VVVP", 1),
    "of another duty and blank": ([room(500), room(None, counts_toward="none")], {}, "PPPP", 0),
    "property room, blank": ([room(500), room(None, kind="property_management")], {}, "PPPP", 0),
    "temporary, surveyed smaller": ([room(500), room(200, temporary=True, surveyed_m2=90)], {}, "PPPP", 0),
    "blank": ([room(500), room(None)], {}, "????", None),
    "stated in the plan, enough with it": ([room(300), room(200, **UNKNOWN)], STATED, "P???", None),
    "stated in the plan, a temporary one blank": ([room(300), room(None, temporary=True)], STATED, "VVVP", 200),
    "stated in the plan, what does not count is unknown": ([room(None), room(None, temporary=True)], STATED, "????", None),
    "lost row": ([room(500), room(100, **UNKNOWN)], {}, "????", None),
    "phase": ([room(300), room(100, **UNKNOWN)], {"development_id": "D1", "phase_no": 1}, "VV??", None),
    "phase, enough": ([room(500), room(100, **UNKNOWN)], {"development_id": "D2", "phase_no": 1}, "PP??", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def con():
    projects = [PROJECT | {"project_id": name, "project_name": name} | own for name, (_, own, _, _) in SCENARIOS.items()]
    rooms = [
        {"premises_id": f"{name} R{n}", "project_id": name, **one} for name, (of_it, *_) in SCENARIOS.items() for n, one in enumerate(of_it)
    ]
    return run(RULES, projects=projects, premises=rooms, payments=[], quarantine=[("premises", "lost row", "bad_number")]).whole()


@pytest.mark.parametrize("name", SCENARIOS)
def test_only_what_decides_the_verdict_leaves_it_open(con, name):
    *_, verdicts, short = SCENARIOS[name]
    names = ("AR01__outcome", "AR02__outcome", "AR03__outcome", "AR04__outcome", "AR03__shortfall_m2")
    *outcomes, shortfall = con.execute(f"SELECT {', '.join(names)} FROM judged_project WHERE project_id = ?", [name]).fetchone()
    assert "".join({"undetermined": "?", "violation": "V", "pass": "P"}[one] for one in outcomes) == verdicts
    assert shortfall == short


def test_what_is_left_open_names_the_area(con):
    found = con.execute("SELECT missing FROM finding WHERE rule_id = 'AR03' AND subject_key = 'enough with it'").fetchone()
    assert found == ('["community_surveyed_m2"]',)
