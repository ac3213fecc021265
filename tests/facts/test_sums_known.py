"""Facts of a project that are known only where all that they rest on is."""

import datetime as dt

import pytest

from tests.facts.tables import connection, project

P1 = {"project_id": "P1", "project_name": "甲苑", "district_code": "990101", "community_code": "C1"}
LOST = [("premises", "P1", "bad_number")]


@pytest.mark.parametrize(("rooms", "lost", "known"), [
    ([], [], False),
    ([{"kind": "community"}], [], True),
    ([{"kind": None}], [], True),
    ([{"kind": "property_management"}], [], False),
    ([{"kind": "property_management", "counts_toward": "community"}], [], True),
    ([{"kind": "community"}], LOST, False),
    ([], LOST, False),
])  # fmt: skip
def test_rooms_are_known_one_by_one(rooms, lost, known):
    rows = [{"premises_id": f"R{n}", "project_id": "P1", **one} for n, one in enumerate(rooms)]
    assert project(connection(projects=[P1], premises=rows, quarantine=lost))["rooms_are_known"] is known


def test_a_community_that_ended_without_a_successor_stays_the_one_on_record():
    def recorded(**values):
        ended = {"community_code": "C1", "community_name": "甲社区", "district_code": "990101", "valid_to": "2010-01-01", **values}
        return project(connection(projects=[P1], communities=[ended]))["recorded_community_code"]

    assert recorded() == "C1"
    assert recorded(successor_code="C2") == "C2"
    assert recorded(successor_code="C2", valid_to="2011-07-01") == "C1"


def test_the_deadline_of_a_demand_has_both_ends_unless_a_row_is_lost():
    demand = {"demand_id": "D1", "project_id": "P1", "served_on": "2011-01-05", "deadline_on": "2011-03"}
    told = project(connection(projects=[P1], demands=[demand]))
    assert (told["demand_deadline_on_lo"], told["demand_deadline_on_hi"]) == (dt.date(2011, 3, 1), dt.date(2011, 3, 31))
    told = project(connection(projects=[P1], demands=[demand], quarantine=[("demands", "P1", "bad_number")]))
    assert (told["demand_deadline_on_lo"], told["demand_deadline_on_hi"]) == (None, None)


def test_one_event_that_may_lie_ahead_leaves_the_sums_of_money_open():
    paid = {"event_id": "E1", "project_id": "P1", "event": "paid", "amount_yuan": 100, "event_on": "2010-01-01"}
    due = {"event_id": "E2", "project_id": "P1", "event": "due", "amount_yuan": 100, "event_on": "2011-06"}
    middle = dt.date(2011, 6, 15)
    assert project(connection(middle, projects=[P1], deposits=[paid, due]))["deposit_due_yuan"] is None
    assert project(connection(projects=[P1], deposits=[paid, due]))["deposit_due_yuan"] == 100


@pytest.mark.parametrize(("day", "fact", "number"), [
    ("filed_on", "is_filed", {"filing_no": "备1"}), ("developer_changed_on", "developer_was_changed", {"previous_developer_name": "甲置业"}),
])  # fmt: skip
def test_a_day_that_may_be_any_beside_a_number_or_name_says_that_it_happened(day, fact, number):
    assert project(connection(projects=[{**P1, day: "any", **number}]))[fact] is True
    assert project(connection(projects=[{**P1, day: "any"}]))[fact] is None


def test_a_register_without_a_row_of_the_project_says_nothing_was_paid():
    told = project(connection(projects=[P1], payments=[]))
    assert [told[name] for name in ("in_lieu_m2", "in_lieu_agreed_m2", "in_lieu_received_yuan")] == [0, 0, 0]
    assert project(connection(projects=[P1]))["in_lieu_m2"] is None


def test_the_first_day_of_a_handover_has_both_ends():
    given = {"handover_id": "H1", "project_id": "P1", "area_m2": 100, "handed_over_on": "2010-03", "community_code": "C1"}
    told = project(connection(projects=[P1], handovers=[given]))
    assert (told["first_handed_over_on_lo"], told["first_handed_over_on_hi"]) == (dt.date(2010, 3, 1), dt.date(2010, 3, 31))
