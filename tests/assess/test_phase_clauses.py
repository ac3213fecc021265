"""How phases count (``law.phases``) for every rule on a phase, and whose law a development of several phases stands under."""

from dataclasses import replace
from functools import cache

import pytest

from planning_check.assess.law import VERSION_COLUMNS
from tests.assess.test_phases import RULES
from tests.assess.test_phases import city as phases_city

NOT_YET = {"planning_accepted_on": None, "completed_on": "2012-03-01", "survey_total_m2": None, "permit_total_m2": 30000}
STOPPED = {"project_status": "stalled", "project_status_on": "2011-01-10"}


def counting(how):
    """The rules under the survey's ordinance, but for how phases count."""
    return replace(RULES, law_versions=tuple(changed(row, law_phases=how) for row in RULES.law_versions))


def changed(row, **values):
    """A version of the law with other values in some of its columns."""
    names = [name for name, _ in (*VERSION_COLUMNS, *RULES.law_columns)]
    return tuple((dict(zip(names, row, strict=True)) | values).values())


def city(developments, plan=RULES):
    """developments: name -> [(phase's own values, area handed over, day of it)], as many phases as are given."""
    whole = {name: [({"phase_count": len(phases), **values}, *rest) for values, *rest in phases] for name, phases in developments.items()}
    return phases_city(whole, plan, 9000)


SHORT = {"violation": "V", "pass": "P", "undetermined": "?", "not_applicable": "N", "not_due": "D", "exempt": "E"}
TODAY, TOMORROW = {"planning_accepted_on": "2011-06-30"}, {"planning_accepted_on": "2011-07-01", "completed_on": "2011-05-01"}
#: of every city below: developments that are accepted on the day of the check, on the next, and whose second phase stopped
ON_THE_DAY = {
    "today": [(TODAY, 0, None)],
    "tomorrow": [(TOMORROW, 0, None)],
    "halted": [(TODAY, 0, None), ({**NOT_YET, **STOPPED}, 0, None)],
}
CITIES = {
    "end": {
        "open": [({}, 0, None), (NOT_YET, 0, None)],
        "over": [({}, 0, None), ({}, 0, None)],
        "late": [({}, 300, "2010-12-01"), ({}, 300, "2011-05-30")],
        "together": [({}, 0, None), ({}, 600, "2011-05-30")],
        "stopped": [({}, 0, None), ({**NOT_YET, **STOPPED}, 0, None)],
        "alone": [({}, 0, None)],
    },
    "first_phase": {
        "own": [({}, 300, "2010-05-20"), (NOT_YET, 0, None)],
        "all": [({}, 600, "2010-05-20"), (NOT_YET, 0, None)],
        "later": [({}, 300, "2010-05-20"), ({}, 300, "2011-05-20")],
        "none": [(NOT_YET, 0, None), (NOT_YET, 0, None)],
    },
    "cumulative": {"own": [({}, 300, "2010-05-20"), (NOT_YET, 0, None)]},
}


@cache
def counted(how):
    """The city of this way of counting, judged once."""
    return city(CITIES[how] | ON_THE_DAY, counting(how))


def of_phase(con, key):
    columns = ", ".join(f"{rule}__outcome" for rule in ("AR03", "HO01", "HO02", "HO03", "MO05"))
    return "".join(SHORT[o] for o in con.execute(f"SELECT {columns} FROM judged_project WHERE project_id = ?", [key]).fetchone())


def of_development(con, name):
    found = con.execute("SELECT HO07__outcome, HO07__shortfall_m2 FROM judged_development WHERE development_id = ?", [name]).fetchone()
    return SHORT[found[0]], found[1]


def test_end_nothing_is_due_before_the_last_phase_is_accepted():
    con = counted("end")
    assert [of_phase(con, f"open-{n}") for n in (1, 2)] == ["DDNDD", "DDNDD"]
    assert of_development(con, "open") == ("D", 0)
    assert [of_phase(con, f"over-{n}") for n in (1, 2)] == ["VVNVV", "VVNVV"]
    assert of_development(con, "over") == ("V", 600)
    assert [of_phase(con, f"late-{n}") for n in (1, 2)] == ["PPPPP", "PPPPP"]  # after its own acceptance, before the last one
    assert [of_phase(con, f"together-{n}") for n in (1, 2)] == ["PPNPP", "PPPPP"]
    assert of_phase(con, "stopped-1") == "VVNDV"  # what was accepted is settled; nobody accepted the last phase
    assert of_phase(con, "stopped-2")[1] == "D"
    assert of_phase(con, "alone-1") == "VVNVV"


def test_first_phase_all_is_due_with_the_first_acceptance():
    con = counted("first_phase")
    assert [of_phase(con, f"own-{n}") for n in (1, 2)] == ["PPPPP", "DVNVV"]
    assert of_development(con, "own") == ("V", 300)
    assert [of_phase(con, f"all-{n}") for n in (1, 2)] == ["PPPPP", "DPNPP"]
    assert of_development(con, "all") == ("P", 0)
    assert of_phase(con, "later-2") == "PPPVP"  # before its own acceptance, but after the first
    assert of_phase(con, "none-2") == "DDNDD" and of_development(con, "none")[0] == "D"


@pytest.mark.parametrize("how", ["cumulative", "first_phase", "end"])
def test_a_phase_counts_from_the_day_of_its_acceptance_on(how):
    found = dict(counted(how).execute("SELECT project_id, own_duty_has_come FROM judged_project").fetchall())
    later = how == "first_phase"  # all is due with the first
    told = {"today-1": True, "tomorrow-1": False, "halted-1": True, "halted-2": later}
    assert {key: found[key] for key in told} == told


def test_cumulative_each_is_due_with_its_own():
    con = counted("cumulative")
    assert [of_phase(con, f"own-{n}")[1:] for n in (1, 2)] == ["PPPP", "DNDD"]
    assert of_development(con, "own") == ("P", 0)


OLD, UNCLEAR = {"plan_approved_on": "2005-03-10"}, {"plan_approved_on": None}


BOUND = [
    ([(OLD, 0, None), ({}, 0, None)], ("V", 300)),  # what binds is the law of the second
    ([(OLD, 300, "2010-05-20"), ({}, 0, None)], ("V", 300)),  # what a phase older than the law gave counts for none under it
    ([(OLD, 0, None), ({}, 300, "2011-05-20")], ("P", 0)),
    ([(OLD, 0, None), (NOT_YET, 0, None)], ("D", 0)),  # the acceptance of a phase that the law does not bind makes nothing due
    ([(OLD, 0, None), (OLD, 0, None)], ("N", None)),
    ([({"uses": ["commercial"]}, 0, None), ({}, 0, None)], ("V", 300)),
    ([({"uses": ["commercial"]}, 0, None), ({"uses": None}, 0, None)], ("?", None)),
    ([(UNCLEAR, 0, None), (OLD, 0, None)], ("?", None)),
    ([(UNCLEAR, 0, None), ({}, 300, "2011-05-20")], ("?", None)),  # what the first owes is not known
    ([({**OLD, "conditions_state_duty": True}, 0, None), (OLD, 0, None)], ("V", 300)),  # the first is bound by its contract
]  # fmt: skip


@pytest.fixture(scope="module")
def bound():
    """Each of these in a development of its own."""
    return city({str(phases): phases for phases, _ in BOUND}).whole()


@pytest.mark.parametrize(("phases", "expected"), BOUND, ids=str)
def test_a_development_stands_under_the_law_of_the_phases_that_it_binds(bound, phases, expected):
    outcome, short = of_development(bound, str(phases))
    assert outcome == expected[0]
    assert expected[1] is None or short == expected[1]


def test_the_law_that_is_cited_is_that_of_the_first_phase_bound(bound):
    name = str(BOUND[0][0])
    found = bound.execute("SELECT ordinance_id FROM finding WHERE rule_id = 'HO07' AND subject_key = ?", [name]).fetchone()
    assert found == ("survey_share",)
    assert bound.execute("SELECT project_id FROM fact_development WHERE development_id = ?", [name]).fetchone() == (f"{name}-2",)


def test_phases_under_different_laws_have_nothing_from_each_other():
    """One law counts phases together, the other says nothing of it: what one phase has over stays there."""
    plan = counting("cumulative")
    row = plan.law_versions[-1]
    first, second = changed(row, version_no=0, to_on="2008-05-31"), changed(row, version_no=1, from_on="2008-06-01", law_phases="end")
    con = city(
        {"ZT1": [({}, 600, "2010-05-20"), ({"plan_approved_on": "2009-01-05"}, 0, None)]}, replace(plan, law_versions=(first, second))
    )
    assert of_phase(con, "ZT1-1")[1] == "P"
    assert of_phase(con, "ZT1-2")[1] == "V"
