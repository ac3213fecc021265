"""Developments of several phases, and neighbouring projects of one developer: strict sums, and what had happened by the day."""

import datetime as dt
from decimal import Decimal

from tests.facts.tables import connection, facts, project


def phase(number, accepted=None, **values):
    return {
        "project_id": f"P{number}", "project_name": f"甲苑{number}期", "district_code": "990101", "development_id": "K1", "phase_no": number,
        "phase_count": 3, "planning_accepted_on": accepted, **values,
    }  # fmt: skip


def development(*phases, handovers=(), payments=(), **rest):
    con = connection(projects=list(phases), handovers=list(handovers), payments=list(payments), **rest)
    found = con.execute("SELECT * FROM fact_development")
    return dict(zip([d[0] for d in found.description], found.fetchone(), strict=True))


def test_as_of_between_the_phases():
    found = development(phase(1, "2009-01-05"), phase(2, "2011-06-30"), phase(3, "2011-07-01"))
    assert (found["phases"], found["phase_count"], found["phases_accepted"], found["is_last_accepted"]) == (3, 3, 2, False)
    assert (found["first_accepted_on_lo"], found["first_accepted_on_hi"]) == (dt.date(2009, 1, 5), dt.date(2009, 1, 5))
    assert (found["last_accepted_on_lo"], found["last_accepted_on_hi"]) == (dt.date(2011, 6, 30), dt.date(2011, 6, 30))
    assert found["project_id"] == "P1"


def test_a_phase_accepted_in_a_month_that_the_day_cuts_leaves_the_count_unknown():
    found = development(phase(1, "2009-01-05"), phase(3, "2011-06"), as_of=dt.date(2011, 6, 15))
    assert (found["phases_accepted"], found["is_last_accepted"]) == (None, None)


def test_the_last_phase_is_unknown_without_the_number_of_phases_or_without_that_phase():
    assert development(phase(1, "2009-01-05"), phase(2, "2010-01-05"))["is_last_accepted"] is None
    assert development(phase(1, "2009-01-05", phase_count=None), phase(2, phase_count=None))["is_last_accepted"] is None
    assert development(phase(1, phase_count=None), phase(2, phase_count=None))["is_last_accepted"] is False  # none is
    assert development(phase(1, phase_count=3), phase(3, "2010-01-05", phase_count=4))["phase_count"] is None
    assert development(phase(1), phase(3, "2010-01-05"))["is_last_accepted"] is True


def test_a_phase_of_two_projects_is_accepted_when_both_are():
    two = [phase(1, "2009-01-05"), phase(2, "2009-02-05", phase_no=1)]
    found = development(*two)
    assert (found["phases"], found["phases_accepted"]) == (1, 1)
    two[1]["planning_accepted_on"] = None
    assert development(*two)["phases_accepted"] == 0


def test_every_phase_knows_of_its_development():
    con = connection(projects=[phase(1, "2009-01-05"), phase(3, "2010-01-05"), phase(4, development_id=None)])
    names = ("is_last_phase_accepted", "development_active_on_lo", "is_development_stated_stalled")
    assert facts(con, "project", *names) == [(True, dt.date(2010, 1, 5), False)] * 2 + [(None, None, None)]


def test_the_first_phase_stands_for_the_development():
    assert development(phase(2), phase(1, project_id="P9"))["project_id"] == "P9"
    assert development(phase(2, phase_no=None), phase(1, phase_no=None))["project_id"] == "P1"


def test_last_activity_is_the_latest_day_that_has_come():
    found = development(phase(1, "2008-01-05", started_on="2007-01-05"), phase(2, "2012-01-05", permitted_on="2009-03"))
    assert (found["last_activity_on_lo"], found["last_activity_on_hi"]) == (dt.date(2009, 3, 1), dt.date(2009, 3, 31))
    assert development(phase(1))["last_activity_on_lo"] is None


def test_phases_of_a_project():
    con = connection(projects=[phase(1, plan_total_m2=30000), phase(2, plan_total_m2=Decimal("20000.50")), phase(3, development_id=None)])
    assert facts(con, "project", "phases_delivered", "phases_total_m2") == [
        (2, Decimal("50000.50")),
        (2, Decimal("50000.50")),
        (None, None),
    ]
    assert project(connection(projects=[phase(1, plan_total_m2=30000), phase(2)]))["phases_total_m2"] is None


def near(one, other, metres):
    return {"project_id": one, "other_id": other, "metres": Decimal(metres)}


def member(number, code="91610000M000100Y43", **values):
    return {"project_id": f"P{number}", "project_name": f"{number}号院", "district_code": "990101", "developer_code": code, **values}


def test_neighbours_of_one_developer_are_a_group_directly_or_through_others():
    pairs = [
        near("P1", "P2", "5.00"),
        near("P3", "P4", "6.00"),
        near("P2", "P3", "40.00"),
        near("P1", "P3", "45.00"),
        near("P6", "P7", "1.00"),
    ]
    con = connection(projects=[*map(member, range(1, 7)), member(7, code="91610000M000100Y99")], project_near=pairs)
    assert [c for (c,) in facts(con, "project", "cluster_ids")] == [["P1"]] * 4 + [None] * 3  # P6 and P7 are of two developers
    assert facts(con, "cluster", "cluster_id", "project_id", "projects", "farthest_m") == [("P1", "P1", 4, Decimal(40))]


def test_a_group_is_unknown_where_a_member_is():
    given = [
        member(1, plan_total_m2=29000, households=300, permitted_on="2008-01-05"),
        member(2, plan_total_m2=29000, permitted_on="2009-03"),
    ]
    con = connection(projects=given, project_near=[near("P1", "P2", "12.00")])
    names = ("plan_total_m2", "households", "plan_counted_m2", "first_permitted_on_hi", "last_permitted_on_lo", "last_permitted_on_hi")
    assert facts(con, "cluster", *names) == [(58000, None, None, dt.date(2008, 1, 5), dt.date(2009, 3, 1), dt.date(2009, 3, 31))]
    given[1]["permitted_on"] = None
    assert facts(connection(projects=given, project_near=[near("P1", "P2", "12.00")]), "cluster", "first_permitted_on_lo") == [(None,)]


def test_a_long_chain_of_neighbours_is_one_group():
    given = [{**member(1), "project_id": f"P{n:04}"} for n in range(400)]
    con = connection(projects=given, project_near=[near(f"P{n:04}", f"P{n + 1:04}", "3.00") for n in range(399)])
    assert facts(con, "cluster", "cluster_id", "projects") == [("P0000", 400)]
