"""Values told differently that the city's precedence settles, and those that it must not."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from planning_check.precedence import Precedence, settled_by
from tests.widths import load

AREA = Precedence(
    "projects", "plan_total_m2", ("planning", "housing"), "", dt.date(2010, 1, 1), dt.date(2011, 12, 31), "纪要", False, "city/p.yaml:2"
)
LATEST = replace(AREA, order=(), latest_by="plan_approved_on")
DAY = dt.date(2011, 6, 30)
HEADS = "项目编号,项目名称,区县,总建筑面积,详规批准日期"


def told(folder, rules, choice=0, day=DAY, **areas):
    """P1 as the bureaus tell it: area and day; the area that is used, what is unknown of it, and why."""
    for bureau, cells in areas.items():
        (folder.path / bureau).mkdir(exist_ok=True)
        folder.csv(f"{bureau}/开发项目.csv", f"{HEADS}\nP1,甲,610102,{cells}\n")
    load(folder.con, [folder.path], day=day, precedence=rules, choice=choice)
    area, unread = folder.one("SELECT plan_total_m2, not_read FROM projects")
    why = [why for (why,) in folder.rows("SELECT why FROM disagreement WHERE field = 'plan_total_m2'")]
    assert ("plan_total_m2" in [p["field"] for p in folder.problems("conflict")]) is (why == ["unknown"])
    return area and int(area), list(unread), why


def test_the_bureau_that_goes_before_is_taken_and_every_value_stays_in_sight(folder):
    area, unread, (why,) = told(folder, [AREA], 住建局="600,2009-05-01", 规划局="500,2009-05-01")
    assert (area, unread, why) == (500, [], "precedence:?纪要 (city/p.yaml:2)")
    values, used, apart = folder.one("SELECT told, used, difference FROM disagreement")
    assert [(v["file"], v["raw"]) for v in json.loads(values)] == [("住建局/开发项目.csv", "600"), ("规划局/开发项目.csv", "500")]
    assert (used, apart) == ("500.00", "100.00") and [p["code"] for p in folder.problems()] == ["conflict_settled"]
    assert (settled_by(why).zh, settled_by(why).en) == ("纪要 (city/p.yaml:2)，未核实", "纪要 (city/p.yaml:2), not verified")
    assert settled_by("precedence:纪要").en == "纪要" and settled_by("unknown") is None


def test_the_next_one_is_taken_to_see_what_turns_on_it(folder):
    assert told(folder, [AREA], 1, 住建局="600,2009-05-01", 规划局="500,2009-05-01")[0] == 600


@pytest.mark.parametrize(
    ("rules", "day"),
    [([], DAY), ([AREA], dt.date(2009, 12, 31)), ([AREA], dt.date(2012, 1, 1)), ([replace(AREA, field="households")], DAY),
     ([replace(AREA, order=("planning", "civil_affairs"))], DAY)],
)  # fmt: skip
def test_without_a_word_for_it_that_is_in_force_it_stays_unknown(folder, rules, day):
    assert told(folder, rules, day=day, 住建局="600,2009-05-01", 规划局="500,2009-05-01") == (None, ["plan_total_m2"], ["unknown"])


def test_a_source_that_is_in_no_order_leaves_it_unknown(folder):
    assert told(folder, [AREA], 住建局="600,2009-05-01", 规划局="500,2009-05-01", 台账="700,2009-05-01")[0] is None


def test_two_files_of_the_bureau_that_goes_before_must_agree(folder):
    folder.csv("规划局.csv", f"{HEADS}\nP1,甲,610102,550,2009-05-01\n")
    assert told(folder, [AREA], 住建局="600,2009-05-01", 规划局="500,2009-05-01")[0] is None


def test_a_cell_that_cannot_be_read_is_not_passed_over_but_a_blank_one_is(folder):
    folder.csv("规划局.csv", f"{HEADS}\nP1,甲,610102,见附件,2009-05-01\n")
    assert told(folder, [AREA], 住建局="600,2009-05-01", 规划局="500,2009-05-01")[0] is None


def test_what_agrees_is_no_disagreement(folder):
    assert told(folder, [AREA], 住建局="500,2009-05-01", 规划局="500.00,2009-05-01") == (500, [], [])
    assert not folder.problems()


@pytest.mark.parametrize(("days", "area"), [(("2009-05-01", "2010-05-01"), 500), (("2011-05-01", "2010-05-01"), 600)])
def test_the_latest_dated_document_goes_before(folder, days, area):
    assert told(folder, [LATEST], 住建局=f"600,{days[0]}", 规划局=f"500,{days[1]}")[0] == area


@pytest.mark.parametrize("days", [("2010-05-01", "2010-05-01"), ("2010-05", "2009-05-01"), ("", "2009-05-01"), ("见附件", "2009-05-01")])
def test_without_two_days_there_is_no_latest(folder, days):
    assert told(folder, [LATEST], 住建局=f"600,{days[0]}", 规划局=f"500,{days[1]}")[0] is None
