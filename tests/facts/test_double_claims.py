"""A room under two projects, a receipt for two payments: each counts once, for the first."""

from decimal import Decimal

import pytest

from planning_check.facts.claims import Claim, settle
from tests.facts.tables import connection, facts

UNIT = "990101001001GB00001F00010001"


def estate(number, **values):
    return {"project_id": f"P{number}", "project_name": f"{number}号院", "district_code": "990101", "community_code": "C1", **values}


def room(number, of, **values):
    return {"premises_id": f"R{number}", "project_id": f"P{of}", "kind": "community", "surveyed_m2": 200, **values}


def handover(number, of, on, **values):
    return {
        "handover_id": f"H{number}",
        "project_id": f"P{of}",
        "premises_id": f"R{number}",
        "area_m2": 200,
        "handed_over_on": on,
        **values,
    }


def claims(*rooms, projects=None, handovers=(), **rest):
    """(room, the other, its project, claimed elsewhere first) of every room."""
    projects = projects or [estate(n) for n in sorted({int(r["project_id"][1:]) for r in rooms})]
    con = connection(projects=projects, premises=list(rooms), handovers=list(handovers), **rest)
    return facts(con, "premises", "premises_id", "same_room_premises_id", "same_room_project_id", "is_claimed_elsewhere")


SAME = [
    {"unit_code": UNIT},
    {"title_no": "示例房权证1号"},
    {"building": "3号楼", "floor_from": 1},
]


@pytest.mark.parametrize("told", SAME)
def test_one_room_under_two_projects(told):
    assert claims(room(1, 1, **told), room(2, 2, **told)) == [("R1", "R2", "P2", False), ("R2", "R1", "P1", True)]


@pytest.mark.parametrize("told", SAME)
def test_two_rooms_of_one_project_are_no_double(told):
    assert claims(room(1, 1, **told), room(2, 1, **told)) == [("R1", None, None, False), ("R2", None, None, False)]


def test_nothing_in_common_is_no_double_and_known_to_be_none():
    assert claims(room(1, 1), room(2, 2)) == [("R1", None, None, False), ("R2", None, None, False)]


@pytest.mark.parametrize(("area", "same"), [("200.01", True), ("199.99", True), ("200.02", False), (None, False)])
def test_place_needs_the_area_to_a_hundredth(area, same):
    here = {"building": "3号楼", "floor_from": 1}
    found = claims(room(1, 1, **here), room(2, 2, **here, surveyed_m2=area and Decimal(area)))
    assert [f[3] for f in found] == [False, same]


def test_a_building_is_the_same_however_its_number_is_written():
    assert claims(room(1, 1, building="3号楼", floor_from=1), room(2, 2, building="3#", floor_from=1))[1][3] is True
    assert claims(room(1, 1, building="3号楼", floor_from=1), room(2, 2, building="13号楼", floor_from=1))[1][3] is False
    assert claims(room(1, 1, building="3号楼", floor_from=1), room(2, 2, building="3号楼", floor_from=2))[1][3] is False


@pytest.mark.parametrize("lacking", ["building", "floor_from"])
def test_a_place_without_building_or_floor_is_none(lacking):
    here = {"building": "3号楼", "floor_from": 1, lacking: None}
    assert claims(room(1, 1, **here), room(2, 2, **here))[1][3] is False


def test_place_needs_one_community_or_one_point():
    here = {"building": "3号楼", "floor_from": 1}
    apart = [estate(1), estate(2, community_code="C2")]
    assert claims(room(1, 1, **here), room(2, 2, **here), projects=apart)[1][3] is False
    pointed = [room(1, 1, **here, geometry=b"point"), room(2, 2, **here, geometry=b"point")]
    assert claims(*pointed, projects=apart)[1][3] is True
    unknown = [estate(1, community_code=None), estate(2, community_code=None)]
    assert claims(room(1, 1, **here), room(2, 2, **here), projects=unknown)[1][3] is False


def test_different_units_or_titles_are_different_rooms_in_one_place():
    here = {"building": "3号楼", "floor_from": 1}
    other = UNIT[:-1] + "2"
    assert claims(room(1, 1, **here, unit_code=UNIT), room(2, 2, **here, unit_code=other))[1][3] is False
    assert claims(room(1, 1, **here, title_no="甲1"), room(2, 2, **here, title_no="甲2"))[1][3] is False
    assert claims(room(1, 1, **here, unit_code=UNIT, title_no="甲1"), room(2, 2, **here, unit_code=other, title_no="甲1"))[1][3] is False
    assert claims(room(1, 1, **here, unit_code=UNIT), room(2, 2, **here, title_no="甲1"))[1][3] is True  # nothing tells them apart


def test_the_number_of_a_parcel_is_no_room():
    assert claims(room(1, 1, unit_code=UNIT[:19]), room(2, 2, unit_code=UNIT[:19]))[1][3] is False
    land = UNIT[:19] + "W00000000"
    assert claims(room(1, 1, unit_code=land), room(2, 2, unit_code=land))[1][3] is False


def test_a_title_after_the_day_of_the_check_is_not_there_yet():
    assert claims(room(1, 1, title_no="甲1", titled_on="2011-06-30"), room(2, 2, title_no="甲1"))[1][3] is True
    assert claims(room(1, 1, title_no="甲1", titled_on="2011-07-01"), room(2, 2, title_no="甲1"))[1][3] is False


def test_who_handed_over_first_has_it_then_whose_plan_was_first_then_the_smaller_id():
    rooms = [room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT)]
    first_is_two = [("R1", "R2", "P2", True), ("R2", "R1", "P1", False)]
    assert claims(*rooms, handovers=[handover(1, 1, "2009-05-05"), handover(2, 2, "2009-05-04")]) == first_is_two
    assert claims(*rooms, handovers=[handover(2, 2, "2009-05-04")]) == first_is_two
    assert claims(*rooms, handovers=[handover(1, 1, "2009-05-05"), handover(2, 2, "2011-07-01")])[0][3] is False  # not yet
    other_room_first = [handover(2, 2, "2009-05-04"), {**handover(3, 1, "2008-01-05")}]
    assert claims(*rooms, room(3, 1), handovers=other_room_first)[:2] == first_is_two
    planned = [estate(1, plan_approved_on="2008-02-01"), estate(2, plan_approved_on="2008-01-31")]
    assert claims(*rooms, projects=planned) == first_is_two
    assert claims(*rooms, projects=[estate(1), estate(2, plan_approved_on="2008-01-31")]) == first_is_two
    assert claims(*rooms)[0][3] is False


def test_first_is_unknown_where_the_months_of_the_handovers_overlap():
    rooms = [room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT)]
    con = connection(
        projects=[estate(1), estate(2)], premises=rooms, handovers=[handover(1, 1, "2009-05"), handover(2, 2, "2009-05-20")],
    )  # fmt: skip
    assert facts(con, "premises", "is_claimed_elsewhere") == [(None,), (None,)]
    assert facts(con, "project", "handed_m2", "handed_elsewhere_m2") == [(200, None), (200, None)]
    assert claims(*rooms, handovers=[handover(1, 1, "2009-05"), handover(2, 2, "2009-05-31")])[1][3] is True
    assert claims(*rooms, handovers=[handover(1, 1, "2009-05"), handover(2, 2, "2009-06")])[1][3] is True


def test_of_three_claims_all_but_the_first_are_elsewhere():
    rooms = [room(n, n, unit_code=UNIT) for n in (1, 2, 3)]
    assert [f[1:] for f in claims(*rooms)] == [("R2", "P2", False), ("R1", "P1", True), ("R1", "P1", True)]


def test_a_room_that_only_resembles_one_that_does_not_count_does_count():
    here = {"building": "3号楼", "floor_from": 1}
    rooms = [room(1, 1, **here, unit_code=UNIT), room(2, 2, **here), room(3, 3, **here, unit_code=UNIT[:-1] + "2")]
    assert [f[3] for f in claims(*rooms)] == [False, True, False]


def test_a_room_known_by_its_place_only_is_held_against_all_that_are_known_better():
    here = {"building": "3号楼", "floor_from": 1}
    rooms = [room(1, 1, **here), room(2, 2, **here, unit_code=UNIT), room(3, 3, **here, unit_code=UNIT)]
    assert [f[3] for f in claims(*rooms)] == [False, True, True]


def test_twins_in_one_project_are_held_against_as_many_in_the_other():
    here = {"building": "3号楼", "floor_from": 1}
    assert [f[3] for f in claims(room(1, 1, **here), room(2, 1, **here), room(3, 2, **here))] == [False, False, True]
    assert [f[3] for f in claims(room(1, 1, **here), room(2, 2, **here), room(3, 2, **here))] == [False, True, False]


def test_area_handed_over_counts_once_and_never_more_than_was_handed_over():
    rooms = [room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT), room(3, 2)]
    handed = [handover(1, 1, "2009-05-04"), handover(2, 2, "2009-06-04", area_m2=180), handover(3, 2, "2009-06-04", area_m2=50)]
    con = connection(projects=[estate(1), estate(2), estate(3)], premises=rooms, handovers=handed)
    assert facts(con, "project", "handed_m2", "handed_elsewhere_m2") == [(200, 0), (230, 180), (0, 0)]
    handed[1]["handed_over_on"] = "2011-07-01"
    con = connection(projects=[estate(1), estate(2)], premises=rooms, handovers=handed)
    assert facts(con, "project", "handed_m2", "handed_elsewhere_m2") == [(200, 0), (50, 0)]


def test_one_room_id_handed_over_by_two_projects_counts_for_the_first():
    handed = [handover(1, 1, "2009-06-04"), {**handover(1, 2, "2009-05-04"), "handover_id": "H2"}]
    con = connection(projects=[estate(1), estate(2)], premises=[room(1, 1)], handovers=handed)
    assert facts(con, "project", "handed_m2", "handed_elsewhere_m2") == [(200, 200), (200, 0)]


def payment(number, of, receipt, on="2009-01-05", amount=400000):
    return {
        "payment_id": f"Z{number}",
        "project_id": f"P{of}",
        "amount_yuan": amount,
        "unit_price_yuan_per_m2": 4000,
        "received_on": on,
        "receipt_no": receipt,
    }


def test_a_receipt_used_twice():
    paid = [
        payment(1, 1, "票1", "2009-02-01"),
        payment(2, 2, "票1", "2009-01-31"),
        payment(3, 1, "票2"),
        payment(4, 1, None),
        payment(5, 2, None),
    ]
    con = connection(projects=[estate(1), estate(2)], payments=paid)
    assert facts(con, "payment", "same_receipt_payment_id") == [("Z2",), (None,), (None,), (None,), (None,)]
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(300, 100), (200, 0)]


def test_what_a_repeated_receipt_adds_is_the_sum_less_the_sum_without_it():
    paid = [
        {**payment(1, 1, "票1", amount=100), "unit_price_yuan_per_m2": 3000},
        {**payment(2, 1, "票1", amount=200), "unit_price_yuan_per_m2": 3000},
    ]  # 0.0333… + 0.0666… is 0.10, the first alone 0.03
    assert facts(connection(projects=[estate(1)], payments=paid), "project", "in_lieu_m2", "in_lieu_twice_m2") == [(Decimal("0.10"), Decimal("0.07"))]  # fmt: skip


def test_a_receipt_after_the_day_of_the_check_is_not_there_yet():
    paid = [payment(1, 1, "票1"), payment(2, 1, "票1", "2011-07-01")]
    con = connection(projects=[estate(1)], payments=paid)
    assert facts(con, "payment", "receipt_no", "same_receipt_payment_id") == [("票1", None), (None, None)]
    assert facts(con, "project", "in_lieu_m2", "in_lieu_twice_m2") == [(100, 0)]
    paid[1]["received_on"] = "2011-06-30"
    assert facts(connection(projects=[estate(1)], payments=paid), "project", "in_lieu_m2", "in_lieu_twice_m2") == [(200, 100)]


def test_a_hundred_thousand_claims_under_one_key_are_settled_one_by_one():
    import datetime as dt

    day = dt.date(9999, 12, 31)
    many = [Claim(f"R{n:06}", f"P{n:06}", day, day, n % 4, [2, 3], ["title 办理中", "place 1 1"]) for n in range(100_000)]
    settle(many)
    assert sum(c.elsewhere is False for c in many) >= 1
    assert all(c.same for c in many if c.elsewhere)
