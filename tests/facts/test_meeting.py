"""What the joint meeting said of a room and of a forfeiture, as of a day."""

import pytest

from tests import estates
from tests.facts.tables import connection


def decision(number=1, conclusion="dismissed", on="2011-03-10", **values):
    return {"decision_id": f"D{number}", "project_id": "P1", "premises_id": "R1", "matter": "change_of_use", "conclusion": conclusion,
            "decided_on": on, "minutes_no": f"纪要{number}号", **values}  # fmt: skip


def heard(*decisions, changed_on="2010-09-01", rooms=2, **more):
    projects = [{"project_id": p, "project_name": p, "district_code": "990101"} for p in ("P1", "P2")]
    premises = [{"premises_id": f"R{n}", "project_id": "P1", "use_changed_on": changed_on} for n in range(1, rooms + 1)]
    con = connection(projects=projects, premises=premises, decisions=list(decisions), **more)
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
    con = connection(projects=projects, decisions=decisions, demands=demands)
    assert con.execute("SELECT forfeiture_is_dismissed FROM forfeiture_heard ORDER BY project_id").fetchall()[0][0] is dismissed


@pytest.mark.parametrize(("known", "lost_of", "answer"), [
    ((), "P1", (None, None)),  # nobody can say that the meeting did not dismiss it
    ((), "P2", (False, False)),
    ((decision(),), "P1", (True, None)),
    ((decision(1, "confirmed", "2010-11-10", matter="return_order", fulfilled_on="2010-12-20"),), "P1", (None, True)),
])  # fmt: skip
def test_a_decision_that_was_set_aside_leaves_its_rooms_open(known, lost_of, answer):
    assert heard(*known, quarantine=[("decisions", lost_of, "too_many_cells")]) == answer


def test_and_the_forfeiture_of_its_project():
    projects = [{"project_id": p, "project_name": p, "district_code": "990101"} for p in ("P1", "P2")]
    con = connection(projects=projects, quarantine=[("decisions", "P1", "too_many_cells")])
    assert con.execute("SELECT project_id, forfeiture_is_dismissed FROM forfeiture_heard ORDER BY 1").fetchall() == [
        ("P1", None),
        ("P2", False),
    ]


@pytest.mark.parametrize(("legible", "told"), [(True, ("undetermined", None)), (False, ("violation", "fragile"))])
def test_a_dismissal_in_a_shifted_row_accuses_nobody_without_a_word(tmp_path, legible, told):
    """The room is a shop; the meeting dismissed that, in a row with a cell too many, with or without its project."""
    tables = estates.in_order(2)
    tables["用房"][0] |= {"现状用途": "商铺", "改变用途人": "开发企业", "改变用途日期": "2010-09-01"}
    folder = estates.write(tmp_path / "delivery", tables)
    row = "J1,P01,P01-Y1,擅改用途,9,不予认定,2011-03-01,3号\n" if legible else ",？？,,擅改用途,9,不予认定,2011-03-01,3号\n"
    (folder / "会议决定.csv").write_text("决定编号,项目编号,用房编号,决定事由,会议结论,会议日期,会议纪要号\n" + row, "utf-8")
    checked = estates.check(folder, select=("US01", "MO05"))
    assert not {f["rule_id"] for f in checked.findings} - {"US01"}  # all was handed over: no case, whatever the meeting said of it
    found = checked.one("US01", "P01-Y1")
    assert (found["outcome"], found["robustness"]) == told
    assert "会议决定.csv > 第 2 行" in (found["reason_zh"] or "") + (found["message_zh"] or "")
