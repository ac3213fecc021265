"""What the joint meeting said of a room and of a forfeiture, as of a day."""

import pytest

from tests.facts.tables import connection


def decision(number=1, conclusion="dismissed", on="2011-03-10", **values):
    return {"decision_id": f"D{number}", "project_id": "P1", "premises_id": "R1", "matter": "change_of_use", "conclusion": conclusion,
            "decided_on": on, "minutes_no": f"纪要{number}号", **values}  # fmt: skip


def heard(*decisions, changed_on="2010-09-01", rooms=2):
    projects = [{"project_id": p, "project_name": p, "district_code": "990101"} for p in ("P1", "P2")]
    premises = [{"premises_id": f"R{n}", "project_id": "P1", "use_changed_on": changed_on} for n in range(1, rooms + 1)]
    con = connection(last_step="meeting", projects=projects, premises=premises, decisions=list(decisions))
    return con.execute("SELECT is_dismissed, is_recorded_returned FROM room_heard ORDER BY premises_id").fetchall()[0]


@pytest.mark.parametrize(("decisions", "changed_on", "dismissed"), [
    ([], "2010-09-01", False),
    ([decision()], "2010-09-01", True),
    ([decision()], None, True),
    ([decision()], "2011-03-11", False),  # changed again after the meeting
    ([decision()], "2011-03", None),
    ([decision(on="2011-06-30")], "2010-09-01", True),
    ([decision(on="2011-07-01")], "2010-09-01", False),
    ([decision(on="2011-06")], "2010-09-01", True),
    ([decision(on=None)], "2010-09-01", None),
    ([decision(premises_id="R2")], "2010-09-01", False),
    ([decision(premises_id=None)], "2010-09-01", False),  # which of two rooms is not said
    ([decision(project_id="P2")], "2010-09-01", False),
    ([decision(matter="forfeiture")], "2010-09-01", False),
    ([decision(conclusion="deferred")], "2010-09-01", False),
    ([decision(), decision(2, "confirmed", "2011-04-10")], "2010-09-01", False),
    ([decision(1, "confirmed", "2011-01-10"), decision(2)], "2010-09-01", True),
    ([decision(), decision(2, "confirmed")], "2010-09-01", False),
])  # fmt: skip
def test_the_latest_dismissal_covers_what_was_there(decisions, changed_on, dismissed):
    assert heard(*decisions, changed_on=changed_on)[0] is dismissed


def test_a_decision_on_a_project_is_on_its_only_room():
    assert heard(decision(premises_id=None), rooms=1)[0] is True


@pytest.mark.parametrize(("fulfilled_on", "changed_on", "returned"), [
    ("2010-12-20", "2010-09-01", True),
    ("2011-07-01", "2010-09-01", False),
    (None, "2010-09-01", False),
    ("2010-12-20", "2011-01-05", False),  # returned, and changed again since
    ("2010-12-20", None, True),
])  # fmt: skip
def test_a_return_is_on_record(fulfilled_on, changed_on, returned):
    order = decision(1, "confirmed", "2010-11-10", matter="return_order", fulfilled_on=fulfilled_on)
    assert heard(order, changed_on=changed_on) == (False, returned)


@pytest.mark.parametrize(("decisions", "served_on", "dismissed"), [
    ([], None, False),
    ([decision(matter="forfeiture")], None, True),
    ([decision(matter="forfeiture")], "2011-01-05", True),
    ([decision(matter="forfeiture")], "2011-04-05", False),  # demanded anew after the meeting
    ([decision(matter="forfeiture")], "2011-03", None),
    ([decision(matter="forfeiture", on=None)], None, None),
    ([decision(matter="forfeiture", project_id="P2")], None, False),
    ([decision()], None, False),
])  # fmt: skip
def test_a_forfeiture_that_was_dismissed(decisions, served_on, dismissed):
    projects = [{"project_id": p, "project_name": p, "district_code": "990101"} for p in ("P1", "P2")]
    demands = [{"demand_id": "C1", "project_id": "P1", "served_on": served_on, "deadline_on": "2011-06-01"}] if served_on else []
    con = connection(last_step="meeting", projects=projects, decisions=decisions, demands=demands)
    assert con.execute("SELECT forfeiture_is_dismissed FROM forfeiture_heard ORDER BY project_id").fetchall()[0][0] is dismissed
