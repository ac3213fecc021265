"""A room under two projects counts once, for the first."""

import datetime as dt
from decimal import Decimal

import pytest

from planning_check.facts.claims import Claim, settle
from tests.facts.doubles import FILLERS, UNIT, claims, estate, handover, leads, room, spot, twice
from tests.facts.tables import connection, facts

TITLE = "示例房权证示城字第2009012345号"
HERE = {"building": "3号楼", "floor_from": 1}
HERE_ON_PARCEL = HERE | {"unit_code": UNIT[:19]}
SAME = [
    {"unit_code": UNIT},
    {"title_no": TITLE},
    HERE_ON_PARCEL,
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
    found = claims(room(1, 1, **HERE_ON_PARCEL), room(2, 2, **HERE_ON_PARCEL, surveyed_m2=area and Decimal(area)))
    assert [f[3] for f in found] == [False, same]


def test_a_building_is_the_same_however_its_number_is_written():
    one = room(1, 1, **HERE_ON_PARCEL)
    assert claims(one, room(2, 2, **HERE_ON_PARCEL | {"building": "3#"}))[1][3] is True
    assert claims(one, room(2, 2, **HERE_ON_PARCEL | {"building": "13号楼"}))[1][3] is False
    assert claims(one, room(2, 2, **HERE_ON_PARCEL | {"floor_from": 2}))[1][3] is False


@pytest.mark.parametrize("lacking", ["building", "floor_from"])
def test_a_place_without_building_or_floor_is_none(lacking):
    here = HERE_ON_PARCEL | {lacking: None}
    assert claims(room(1, 1, **here), room(2, 2, **here), room_spot=[spot(1), spot(2)])[1][3] is False


@pytest.mark.parametrize(("metres", "same"), [(0, True), (4.9, True), (5.1, False), (800, False)])
def test_a_place_is_a_point_within_a_few_metres(metres, same):
    pair = room(1, 1, **HERE), room(2, 2, **HERE)
    assert claims(*pair, room_spot=[spot(1, 4.9, 9.9), spot(2, 4.9 + metres, 9.9)])[1][3] is same
    assert claims(*pair, room_spot=[spot(1, -0.1, 0.1), spot(2, -0.1, 0.1 - metres)])[1][3] is same
    apart = [estate(1), estate(2, community_code="C2")]
    assert claims(*pair, projects=apart, room_spot=[spot(1), spot(2, metres)])[1][3] is same


def test_one_building_number_floor_and_area_in_one_community_is_a_lead_only():
    pair = room(1, 1, **HERE), room(2, 2, **HERE)
    assert leads(*pair) == [(None, None), ("R1", "same_building")]
    assert leads(*pair, projects=[estate(1), estate(2, community_code="C2")]) == [(None, None)] * 2
    assert leads(*pair, projects=[estate(1, community_code=None), estate(2, community_code=None)]) == [(None, None)] * 2
    assert leads(*pair, room_spot=[spot(1), spot(2, 30)]) == [(None, None), ("R1", "same_building")]
    assert leads(*pair, room_spot=[spot(1), spot(2, 60)]) == [(None, None)] * 2
    assert leads(*pair, room_spot=[spot(1)]) == [(None, None), ("R1", "same_building")]


def test_a_building_that_many_estates_name_says_nothing():
    assert leads(*(room(n, n, **HERE) for n in range(1, 6)))[-1] == ("R1", "same_building")
    assert leads(*(room(n, n, **HERE) for n in range(1, 7))) == [(None, None)] * 6
    assert leads(*(room(n, n, building="见附件", floor_from=1) for n in (1, 2))) == [(None, None)] * 2


def test_lands_apart_tell_rooms_apart_that_only_resemble_each_other():
    lands = [{"project_id": f"P{n}", "west": x, "south": 0, "east": x + 100, "north": 100} for n, x in ((1, 0), (2, 2000))]
    assert leads(room(1, 1, **HERE), room(2, 2, **HERE), project_land=lands) == [(None, None)] * 2
    assert (
        claims(room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT), project_land=lands)[1][3] is True
    )  # whose land, the code says itself


def test_two_communities_do_not_receive_one_room_at_one_place():
    pair = room(1, 1, **HERE), room(2, 2, **HERE)
    handed = [handover(1, 1, "2009-05-04", community_code="C1"), handover(2, 2, "2009-06-04", community_code="C2")]
    places = {"communities": [{"community_code": c, "community_name": c, "district_code": "990101"} for c in ("C1", "C2")]}
    assert leads(*pair, handovers=handed, room_spot=[spot(1), spot(2)], **places) == [(None, None)] * 2
    handed[1]["community_code"] = "C1"  # handed twice to one committee: that is what is looked for
    assert claims(*pair, handovers=handed, room_spot=[spot(1), spot(2)], **places)[1][3] is True


def test_a_point_where_several_buildings_stand_is_none():
    """Rooms that were all set on the middle of their community."""
    rooms = room(1, 1, **HERE), room(2, 2, **HERE), room(3, 3, **HERE | {"building": "4号楼"})
    assert leads(*rooms, room_spot=[spot(1), spot(2), spot(3)])[1] == ("R1", "same_building")
    assert claims(*rooms, room_spot=[spot(1), spot(2), spot(3, 20)])[1][3] is True


def test_neighbours_wall_to_wall_are_two_rooms():
    drawn = [spot(1, 0, 0, half=7), spot(2, 14, 0, half=7)]
    assert leads(room(1, 1, **HERE), room(2, 2, **HERE), room_spot=drawn) == [(None, None), ("R1", "same_building")]


def test_different_units_or_titles_are_different_rooms_in_one_place():
    other, another = UNIT[:-1] + "2", TITLE[:-2] + "6号"
    points = {"room_spot": [spot(1), spot(2)]}
    assert leads(room(1, 1, **HERE, unit_code=UNIT), room(2, 2, **HERE, unit_code=other), **points) == [(None, None)] * 2
    assert leads(room(1, 1, **HERE, title_no=TITLE), room(2, 2, **HERE, title_no=another), **points) == [(None, None)] * 2
    assert (
        claims(room(1, 1, **HERE, unit_code=UNIT), room(2, 2, **HERE, title_no=TITLE), **points)[1][3] is True
    )  # nothing tells them apart


def test_what_contradicts_a_number_makes_it_a_lead():
    one, two = room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT)
    assert leads(one, two, room_spot=[spot(1), spot(2, 800)]) == [(None, None), ("R1", "same_unit")]
    assert leads({**one, "title_no": TITLE}, {**two, "title_no": TITLE[:-2] + "6号"}) == [(None, None), ("R1", "same_unit")]
    titled = room(1, 1, title_no=TITLE), room(2, 2, title_no=TITLE)
    assert leads(*titled, room_spot=[spot(1), spot(2, 800)]) == [(None, None), ("R1", "same_title")]
    assert leads({**titled[0], "unit_code": UNIT}, {**titled[1], "unit_code": UNIT[:-1] + "2"}) == [(None, None), ("R1", "same_title")]
    assert claims(one, two, room_spot=[spot(1), spot(2, 30)])[1][3] is True  # one room measured twice


@pytest.mark.parametrize("field", ["title_no", "unit_code"])
def test_a_word_instead_of_a_number_links_nothing(field):
    rooms = [room(2 * n + of, of, **{field: word}) for n, word in enumerate(FILLERS) for of in (1, 2)]
    assert leads(*rooms) == [(None, None)] * len(rooms)


def test_a_number_that_is_no_whole_title_is_a_lead():
    assert leads(room(1, 1, title_no="00123456"), room(2, 2, title_no="00123456")) == [(None, None), ("R1", "same_number")]


def test_a_number_that_many_projects_give_is_a_filler_however_it_looks():
    assert [c[3] for c in claims(*(room(n, n, title_no=TITLE) for n in range(1, 6)))] == [False, True, True, True, True]
    assert leads(*(room(n, n, title_no=TITLE) for n in range(1, 7))) == [(None, None)] * 6


def test_a_word_instead_of_a_title_is_no_title():
    con = connection(projects=[estate(1)], premises=[room(n, 1, title_no=word) for n, word in enumerate(("办理中", "见附件", "0000"))])
    assert facts(con, "premises", "title_no", "is_titled") == [(None, False)] * 3


def test_the_number_of_a_parcel_is_no_room():
    assert claims(room(1, 1, unit_code=UNIT[:19]), room(2, 2, unit_code=UNIT[:19]))[1][3] is False
    land = UNIT[:19] + "W00000000"
    assert claims(room(1, 1, unit_code=land), room(2, 2, unit_code=land))[1][3] is False


def test_a_title_after_the_day_of_the_check_is_not_there_yet():
    assert claims(room(1, 1, title_no=TITLE, titled_on="2011-06-30"), room(2, 2, title_no=TITLE))[1][3] is True
    assert claims(room(1, 1, title_no=TITLE, titled_on="2011-07-01"), room(2, 2, title_no=TITLE))[1][3] is False


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
    points = [spot(1), spot(2), spot(3)]
    rooms = [room(1, 1, **HERE, unit_code=UNIT), room(2, 2, **HERE), room(3, 3, **HERE, unit_code=UNIT[:-1] + "2")]
    assert [f[3] for f in claims(*rooms, room_spot=points)] == [False, True, False]


def test_a_room_known_by_its_place_only_is_held_against_all_that_are_known_better():
    points = [spot(1), spot(2), spot(3)]
    rooms = [room(1, 1, **HERE), room(2, 2, **HERE, unit_code=UNIT), room(3, 3, **HERE, unit_code=UNIT)]
    assert [f[3] for f in claims(*rooms, room_spot=points)] == [False, True, True]


@pytest.mark.parametrize("by", ["point", "parcel"])
def test_twins_in_one_project_are_held_against_as_many_in_the_other(by):
    here = HERE if by == "point" else HERE_ON_PARCEL
    points = {"room_spot": [spot(1), spot(2), spot(3)]} if by == "point" else {}
    assert [f[3] for f in claims(room(1, 1, **here), room(2, 1, **here), room(3, 2, **here), **points)] == [False, False, True]
    assert [f[3] for f in claims(room(1, 1, **here), room(2, 2, **here), room(3, 2, **here), **points)] == [False, True, False]


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


def test_a_room_number_of_each_project_s_own_is_not_one_room():
    def handed(room_id, **second):
        rows = [{**handover(1, 1, "2009-06-04"), "premises_id": room_id, "building": "3号楼", "floor": 1},
                {**handover(2, 2, "2009-05-04"), "premises_id": room_id, "building": "3栋", "floor": 1, **second}]  # fmt: skip
        return [row[0] for row in twice(projects=[estate(1), estate(2)], premises=[room(9, 1)], handovers=rows)]

    assert handed("YF2008001-1") == [200, 0]
    assert handed("YF2008001-1", building="5号楼") == [0, 0]
    assert handed("YF2008001-1", floor=2) == [0, 0]
    assert handed("YF2008001-1", floor=None) == [200, 0]
    assert handed("YF2008001-1", building="见附件") == [200, 0]  # a word instead of a building tells no rooms apart
    for own in ("1", "01", "见附件"):
        assert handed(own) == [0, 0]


def test_of_a_room_told_several_times_the_one_building_or_floor_that_is_told_counts():
    def handed(*places):
        rows = [{**handover(1, 1, "2009-05-04"), "premises_id": "YF2008001-1", "building": "3号楼", "floor": 1}]
        rows += [
            {**handover(n, 2, "2009-06-04", area_m2=100), "premises_id": "YF2008001-1", "building": building, "floor": floor}
            for n, (building, floor) in enumerate(places, 2)
        ]
        return [row[0] for row in twice(projects=[estate(1), estate(2)], premises=[room(9, 1)], handovers=rows)][1]

    assert handed(("见附件", 1), ("3栋", 1)) == 100
    assert handed(("见附件", 1), ("5号楼", 1)) == 0
    assert handed(("5号楼", 1), ("5栋", 1)) == 0
    assert handed(("3栋", 1), ("5号楼", 1)) == 100  # two buildings are told of one room: neither tells it apart
    assert handed(("3栋", 2), ("3栋", 2)) == 0
    assert handed(("3栋", 1), ("3栋", 2)) == 100


def test_parts_of_a_room_that_another_has_first_are_counted_once_each():
    parts = [handover(1, 2, "2009-06-04", area_m2=120, handover_id="H2"), handover(1, 2, "2009-07-04", area_m2=80, handover_id="H3")]
    told = twice(projects=[estate(1), estate(2)], premises=[room(1, 1)], handovers=[handover(1, 1, "2009-05-04"), *parts])
    assert [row[0] for row in told] == [0, 200]


def test_what_another_has_first_is_unknown_where_it_is_unknown_of_one_room():
    other = UNIT[:-1] + "2"
    rooms = [room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT), room(3, 3, unit_code=other), room(4, 2, unit_code=other)]
    handed = [handover(1, 1, "2009-05-04"), handover(2, 2, "2009-06-04"), handover(3, 3, "2009-05"), handover(4, 2, "2009-05-20")]
    told = twice(projects=[estate(n) for n in (1, 2, 3)], premises=rooms, handovers=handed)
    assert [row[0] for row in told] == [0, None, None]


def test_a_handover_names_a_room_that_the_register_has():
    con = connection(
        projects=[estate(1), estate(2)],
        premises=[room(1, 1), room(8, 1), room(9, 2)],
        handovers=[handover(1, 1, "2009-06-04"), handover(2, 2, "2009-06-04"), handover(3, 2, "2009-06-04", premises_id=None)],
    )
    told = con.execute("SELECT room, names_room FROM handed").fetchall()
    assert sorted(told) == [("R1", True), ("R2", False), ("handover H3", False)]


def test_all_handovers_of_a_project_are_known_where_one_is_told_or_the_register_is_and_none_was_set_aside():
    def known(**told):
        con = connection(projects=[estate(1), estate(2)], **told)
        return [row[0] for row in con.execute("SELECT known FROM handed_known ORDER BY project_id").fetchall()]

    told = [handover(1, 1, "2009-06-04")]
    assert known() == [False, False]
    assert known(handovers=told) == [True, True]  # who is not in a register that was delivered handed nothing over
    assert known(handovers=told, quarantine=[("handovers", "P1", "bad_value")]) == [False, True]
    assert known(handovers=told, quarantine=[("handovers", "P2", "bad_value")]) == [True, False]


def test_many_claims_are_settled_one_by_one():
    day = dt.date(9999, 12, 31)
    many = [Claim(f"R{n:06}", f"P{n:06}", day, day, n) for n in range(100_000)]
    settle(many, [(n, n - 1, 2) for n in range(1, 100_000)])
    assert [c.elsewhere for c in many[:4]] == [False, True, False, True]
    assert sum(c.elsewhere for c in many) == 50_000
