"""What the matching says: the runner-up and why it lost, who is left, and who loses by a withdrawal."""

import datetime as dt
import json
from decimal import Decimal
from types import SimpleNamespace as Row

import pytest

from planning_check.errors import UsageError
from planning_check.report.console.layout import WIDTH, display_width
from planning_check.report.console.matching import matching_csv, matching_json, matching_lines, reason
from planning_check.report.told.matching import matching

RUN = Row(id=1, as_of=dt.date(2011, 6, 30), manifest={"match_far_m": 1000})


def office(office_id, lacks=None):
    need = (Decimal(300), Decimal(1000))
    return Row(office_id=office_id, community_name="榕园", district_code="D1", need_m2=need[0], outdoor_need_m2=need[1], lacks=lacks)


def facility(facility_id, slots=1, usable=Decimal(300), outdoor=None, day=None):
    name = f"旧校舍{facility_id}"
    return Row(facility_id=facility_id, name=name, usable_m2=usable, outdoor_m2=outdoor, available_on=day, slots=slots)


def pair(office_id, facility_id, metres, hindrance="", more=0):
    cost = 100 * (metres + more)
    return Row(
        office_id=office_id, facility_id=facility_id, distance_cm=100 * metres, cost_cm=cost, hindrance=hindrance,
        same_community=not more, same_district=True,
    )  # fmt: skip


def of(offices, facilities, candidates, without=()):
    return matching(RUN, Row(offices=offices, facilities=facilities, candidates=candidates), without)


def said(found):
    return {line.office_id: (line.facility_id, line.runner_up_id, line.reason, line.detail) for line in found.lines}


#: One school for two: B2 has nowhere else, so B1 goes to the farther S2.
TWO = (
    [office("B1"), office("B2")],
    [facility("S1"), facility("S2")],
    [pair("B1", "S1", 100), pair("B1", "S2", 300), pair("B2", "S1", 200)],
)


def test_the_nearer_school_was_taken_by_the_office_that_has_no_other():
    found = of(*TWO)
    assert said(found) == {"B1": ("S2", "S1", "taken", "B2"), "B2": ("S1", None, None, None)}
    assert [line.distance_m for line in found.lines] == [300, 200]


def test_who_loses_by_each_withdrawal():
    moves = [(m.withdrawn, m.office_id, m.before, m.after, m.farther_m) for m in of(*TWO).moves]
    assert moves == [("S1", "B2", "S1", None, None), ("S2", "B1", "S2", "S1", -200), ("S2", "B2", "S1", None, None)]


def test_without_a_facility_it_is_matched_anew():
    found = of(*TWO, without=["S2"])
    assert said(found) == {"B1": ("S1", "S2", "withdrawn", None), "B2": (None, "S1", "taken", "B1")}
    assert [(m.office_id, m.before, m.after) for m in found.moves] == [("B1", "S2", "S1"), ("B2", "S1", None)]


@pytest.mark.parametrize(
    ("other", "candidate", "expected"),
    [
        (facility("S2"), pair("B1", "S2", 150), ("farther", "50.00")),
        (facility("S2"), pair("B1", "S2", 90, more=200), ("other_place_or_owner", None)),
        (facility("S2"), pair("B1", "S2", 100), ("equal", None)),
        (facility("S2", usable=Decimal("288.5")), pair("B1", "S2", 50, "too_small"), ("too_small", "11.5")),
        (facility("S2", day=dt.date(2011, 9, 1)), pair("B1", "S2", 50, "not_available"), ("not_available", "2011-09-01")),
        (facility("S2"), pair("B1", "S2", 50, "in_use"), ("in_use", None)),
        (facility("S2", usable=None), pair("B1", "S2", 50, "area_unknown"), ("area_unknown", None)),
    ],
)
def test_why_the_runner_up_lost(other, candidate, expected):
    line = of([office("B1")], [facility("S1"), other], [pair("B1", "S1", 100), candidate]).lines[0]
    assert (line.runner_up_id, line.reason, line.detail) == ("S2", *expected)
    assert reason(line, "zh")
    assert reason(line, "en").isascii() or "㎡" in reason(line, "en")


def test_what_was_lost_to_others_is_said_before_what_could_never_be():
    near_but_small = [pair("B2", "S2", 10, "too_small"), pair("B2", "S1", 500), pair("B1", "S1", 20)]
    found = of([office("B1"), office("B2")], [facility("S1"), facility("S2", slots=0, usable=Decimal(1))], near_but_small)
    assert said(found)["B2"] == (None, "S1", "taken", "B1")


@pytest.mark.parametrize(("lacks", "code"), [(None, "too_far"), ("no_point", "no_point"), ("no_standard", "no_standard")])
def test_nothing_in_reach(lacks, code):
    assert said(of([office("B1", lacks)], [], []))["B1"] == (None, None, code, None)


def test_the_ground_goes_to_the_nearer_office_first():
    both = [facility("S1", slots=2, outdoor=Decimal(1300))], [pair("B1", "S1", 90), pair("B2", "S1", 50)]
    assert [line.outdoor_m2 for line in of([office("B1"), office("B2")], *both).lines] == [300, 1000]
    assert of([office("B1")], [facility("S1")], [pair("B1", "S1", 90)]).lines[0].outdoor_m2 is None  # unknown, not none


def test_an_unknown_facility_has_near_ones():
    with pytest.raises(UsageError, match="no idle facility S11") as error:
        of(*TWO, without=["S11"])
    assert "S1" in error.value.fix.en


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("without", [(), ("S2",)])
def test_the_page_can_be_read(lang, without):
    lines = matching_lines(of(*TWO, without=without), lang)
    assert all(display_width(line) <= WIDTH + 2 for line in lines)
    "\n".join(lines).encode("gbk")


def test_for_programs():
    found = of(*TWO)
    rows = "".join(matching_csv(found)).splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("B1,榕园,D1,S2,旧校舍S2,300.00,300,")
    assert json.loads("".join(matching_json(found)))["lines"][0]["facility_id"] == "S2"
