"""What became of a project: cancelled, merged, split, stalled; a word that the record contradicts ends no duty."""

import pytest

from planning_check import assess
from tests.facts.tables import connection, facts, project
from tests.judged import BOOK, Judged, plan

BASE = {
    "project_id": "P1", "project_name": "甲苑", "district_code": "990101", "uses": ["residential"], "plan_approved_on": "2008-03-10",
    "permitted_on": "2008-06-01", "plan_total_m2": 50000, "permit_total_m2": 50000, "premises_register_complete": True,
}  # fmt: skip
OTHER = BASE | {"project_id": "P2", "project_name": "乙苑", "plan_total_m2": 90000, "permit_total_m2": 90000}
CANCELLED = {"project_status": "cancelled", "project_status_on": "2009-05-20"}
MERGED = {"project_status": "merged", "project_status_on": "2009-05-20", "successor_project_ids": "P2"}
UNREAD = {"not_read": ["project_status"]}
PLAN = plan("AR01", "HO01")


def life(changes: dict, others: tuple = (), **rows) -> tuple:
    con = connection(projects=[BASE | changes, *others], **{"handovers": [], "deposits": [], **rows})
    found = project(con)
    return found["life_state"], found["status_contradicted_by"] or found["successor_doubt"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "open"),
        ({"project_status": "building"}, "open"),
        ({"project_status": "stalled", "project_status_on": "2010-01-01"}, "open"),
        (CANCELLED, "cancelled"),
        (CANCELLED | {"project_status_on": None}, "cancelled"),
        (CANCELLED | {"project_status_on": "2011-06-30"}, "cancelled"),
        (CANCELLED | {"project_status_on": "2011-07-01"}, "open"),
        (CANCELLED | {"completed_on": "2011-12-01"}, "cancelled"),  # planned, before it was cancelled
    ],
)
def test_a_status_stands_from_its_day_on(changes, state):
    assert life(changes) == (state, None)


def test_a_status_of_a_month_that_the_day_cuts_is_unclear():
    con = connection(projects=[BASE | CANCELLED | {"project_status_on": "2011-06"}], handovers=[])
    assert project(con)["life_state"] == "cancelled"
    import datetime as dt

    con = connection(dt.date(2011, 6, 15), projects=[BASE | CANCELLED | {"project_status_on": "2011-06"}], handovers=[])
    assert project(con)["life_state"] == "day_unclear"


@pytest.mark.parametrize(
    ("changes", "rows", "by"),
    [
        ({"planning_accepted_on": "2008-12-01"}, {}, "accepted"),
        ({"completed_on": "2008-12-01"}, {}, "completed"),
        ({"delivered_on": "2010-12-01"}, {}, "delivered"),
        ({"survey_total_m2": 100}, {}, "surveyed"),
        ({"started_on": "2009-06-01"}, {}, "started"),
        ({"permitted_on": "2009-06-01"}, {}, "permitted"),
        ({}, {"handovers": [{"handover_id": "H1", "project_id": "P1", "area_m2": 9, "handed_over_on": "2009-01-01"}]}, "handed_over"),
        ({}, {"deposits": [{"event_id": "D1", "project_id": "P1", "event": "paid", "amount_yuan": 9, "event_on": "2010-01-01"}]},
         "deposit_paid"),
    ],
)  # fmt: skip
def test_what_was_built_is_not_cancelled_by_a_word(changes, rows, by):
    assert life(CANCELLED | changes, **rows) == ("open", by)


def test_before_the_cancellation_a_project_may_have_begun_and_paid():
    paid = {"event_id": "D1", "project_id": "P1", "event": "paid", "amount_yuan": 9, "event_on": "2008-07-01"}
    assert life(CANCELLED | {"started_on": "2008-08-01"}, deposits=[paid]) == ("cancelled", None)


def test_a_status_that_nobody_can_read_is_asked_for_but_unjudges_no_building():
    assert life(UNREAD) == ("status_unclear", None)
    assert life(UNREAD | {"planning_accepted_on": "2010-01-01"}) == ("open", None)
    assert life({"successor_project_ids": "P2"}, (OTHER,)) == ("status_unclear", None)
    assert life(CANCELLED | {"project_status_on": "any"}) == ("day_unclear", None)


@pytest.mark.parametrize(
    ("changes", "others", "expected"),
    [
        (MERGED, (OTHER,), ("merged", None)),
        (MERGED, (), ("open", "not_in_ledger")),
        (MERGED | {"successor_project_ids": None}, (OTHER,), ("open", "not_named")),
        (MERGED | {"successor_project_ids": "P1"}, (OTHER,), ("open", "not_named")),
        (MERGED, (OTHER | CANCELLED,), ("open", "ended_itself")),
        (MERGED, (OTHER | MERGED | {"successor_project_ids": "P1"},), ("open", "ended_itself")),
        (MERGED, (OTHER | {"permit_total_m2": 49999.99},), ("successor_unclear", "smaller")),
        (MERGED, (OTHER | {"permit_total_m2": 50000},), ("merged", None)),
        (MERGED, (OTHER | {"plan_total_m2": None, "permit_total_m2": None},), ("successor_unclear", "area_unknown")),
        (MERGED | {"permitted_on": "2009-05-21"}, (OTHER,), ("open", "permitted")),
        (MERGED | {"project_status": "split", "successor_project_ids": "P2、P3"}, (OTHER, OTHER | {"project_id": "P3"}), ("split", None)),
    ],
)
def test_a_duty_goes_over_only_to_projects_that_carry_it(changes, others, expected):
    assert life(changes, others) == expected


def test_two_projects_into_one_that_is_too_small_for_both():
    second = BASE | MERGED | {"project_id": "P3"}
    assert life(MERGED, (second, OTHER | {"permit_total_m2": 99999})) == ("successor_unclear", "smaller")
    assert life(MERGED, (second, OTHER | {"permit_total_m2": 100000})) == ("merged", None)


def test_what_a_merged_project_handed_over_counts_for_its_successor():
    handed = [{"handover_id": "H1", "project_id": "P1", "area_m2": 500, "handed_over_on": "2009-01-01", "recipient_kind": "committee"}]
    con = connection(projects=[BASE | MERGED, OTHER], handovers=handed)
    assert facts(con, "project", "handed_m2") == [(0,), (500,)]


def test_what_a_split_project_handed_over_belongs_to_nobody_yet():
    handed = [{"handover_id": "H1", "project_id": "P1", "area_m2": 500, "handed_over_on": "2009-01-01", "recipient_kind": "committee"}]
    split = MERGED | {"project_status": "split", "successor_project_ids": "P2、P3"}
    con = connection(projects=[BASE | split, OTHER, OTHER | {"project_id": "P3"}], handovers=handed)
    assert facts(con, "project", "life_state") == [("split",), ("successor_unclear",), ("successor_unclear",)]


def test_a_project_cannot_go_into_one_that_the_law_does_not_bind():
    con = connection(projects=[BASE | MERGED, OTHER | {"plan_approved_on": "2005-01-01"}], handovers=[], payments=[])
    assert Judged(con, PLAN).execute("SELECT AR01__outcome, AR01__missing FROM judged_project ORDER BY project_id").fetchall() == [
        ("undetermined", "successor_project_ids,"), ("not_applicable", ""),
    ]  # fmt: skip


def test_a_cancelled_project_owes_nothing_and_is_counted_apart():
    con = connection(projects=[BASE | CANCELLED | {"plan_states_area_m2": 0, "status_document_no": "撤1号"}], handovers=[], payments=[])
    from planning_check.assess import OUTCOMES

    assess.assess(con, BOOK.plan(("AR01", "HO01"), shown=tuple(OUTCOMES)))
    assert con.execute("SELECT AR01__outcome, HO01__outcome FROM judged_project").fetchone() == ("not_applicable", "not_applicable")
    assert con.execute("SELECT state, residual_m2 FROM balance").fetchone() == ("ended", None)
    reason = con.execute("SELECT reason_zh FROM finding_head WHERE rule_id = 'AR01'").fetchone()[0]
    assert "2009-05-20" in reason and "撤1号" in reason


def test_a_cancelled_phase_is_no_phase():
    phases = [BASE | {"development_id": "D", "phase_no": n, "phase_count": 3, "project_id": f"P{n}"} for n in (1, 2, 3)]
    phases[0] |= {"planning_accepted_on": "2010-01-01"}
    phases[2] |= CANCELLED
    con = connection(projects=phases, handovers=[])
    assert facts(con, "development", "phases", "phase_count", "phases_accepted", "is_last_accepted", "is_stated_stalled") == [
        (2, 2, 1, False, False)
    ]
    phases[1] |= {"project_status": "stalled", "project_status_on": "2010-03-01"}
    con = connection(projects=phases, handovers=[])
    assert facts(con, "development", "is_stated_stalled") == [(True,)]
