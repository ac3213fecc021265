"""Rooms and their handover: what had happened by the day of the check, and what cannot be known of it."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.facts.tables import connection, facts, project
from tests.widths import MEASURING

P1 = {"project_id": "P1", "project_name": "甲苑", "district_code": "990101", "designated_community_code": "C1"}
AS_OF, DAY_AFTER = "2011-06-30", "2011-07-01"


def room(number=1, **values):
    return {"premises_id": f"R{number}", "project_id": "P1", "kind": "community", "surveyed_m2": 250, **values}


def handover(number=1, on="2009-05-04", **values):
    return {"handover_id": f"H{number}", "project_id": "P1", "premises_id": "R1", "area_m2": 250, "handed_over_on": on, **values}


def one(con, subject, *names):
    (row,) = facts(con, subject, *names)
    return row


def is_handed_over(*handovers, **rest):
    return one(connection(projects=[P1], premises=[room()], handovers=list(handovers), **rest), "premises", "is_handed_over")[0]


def test_handed_over_or_not():
    assert is_handed_over() is False
    assert is_handed_over(handover()) is True
    assert is_handed_over(handover(premises_id="R2")) is False
    assert is_handed_over(handover(on=AS_OF)) is True
    assert is_handed_over(handover(on=DAY_AFTER)) is False
    assert is_handed_over(handover(project_id="P2")) is True  # by whoever's record
    assert one(connection(projects=[P1], premises=[room()]), "premises", "is_handed_over") == (None,)


def test_a_handover_that_names_no_room_may_be_of_any():
    assert is_handed_over(handover(premises_id=None)) is None
    assert is_handed_over(handover(premises_id=None, on=DAY_AFTER)) is False
    assert is_handed_over(handover(premises_id=None, project_id="P2")) is False
    assert is_handed_over(handover(premises_id=None), handover(2)) is True


def test_a_month_that_begins_on_the_day_of_the_check_may_be_that_day():
    con = connection(dt.date(2011, 6, 1), projects=[P1], premises=[room()], handovers=[handover(on="2011-06")])
    assert (one(con, "premises", "is_handed_over"), project(con)["handed_m2"]) == ((None,), None)


def test_handed_over_is_unknown_without_a_day_or_with_a_row_set_aside():
    assert is_handed_over(handover(on=None)) is None
    assert is_handed_over(handover(on=DAY_AFTER, community_code="C1"), handover(2, on=None, community_code="C2")) is None
    assert is_handed_over(quarantine=[("handovers", "P1", "negative")]) is None
    assert is_handed_over(handover(), quarantine=[("handovers", "P1", "negative")]) is True
    assert is_handed_over(quarantine=[("handovers", "P1", "duplicate_row")]) is False


@pytest.mark.parametrize(("areas", "surveyed", "area"), [
    ((125, 125), 250, 250),  # half each
    ((125, 125), None, 125),  # how large the room is, is not known
    ((250, 250), 250, 250),  # the same room to one after the other
    ((200, 100), 250, 250),
    ((100, 100), 250, 200),
    ((260, 0), 250, 260),
])  # fmt: skip
def test_a_room_shared_between_two_communities_counts_as_far_as_it_is_large(areas, surveyed, area):
    shared = [handover(n, f"20{10 + n}-01-05", area_m2=m2, community_code=f"C{n}") for n, m2 in enumerate(areas)]
    con = connection(projects=[P1], premises=[room(surveyed_m2=surveyed)], handovers=shared)
    assert project(con)["handed_m2"] == area
    assert facts(con, "handover", "room_handed_m2") == [(area,), (area,)]


def test_room_handed_over_in_all_is_unknown_without_a_room_or_a_day():
    con = connection(projects=[P1], premises=[room()], handovers=[handover(1, premises_id=None), handover(2, on=None)])
    assert facts(con, "handover", "room_handed_m2") == [(None,), (None,)]


USED = {"current_use": "shop", "use_changed_by": "developer"}


@pytest.mark.parametrize(("changed", "use", "by", "on"), [
    (AS_OF, "shop", "developer", dt.date(2011, 6, 30)),
    (DAY_AFTER, "community", None, None),
    (None, "shop", "developer", None),
])  # fmt: skip
def test_a_change_of_use(changed, use, by, on):
    con = connection(projects=[P1], premises=[room(**USED, use_changed_on=changed)])
    assert one(con, "premises", "current_use", "use_changed_by", "use_changed_on_lo") == (use, by, on)


def test_a_change_of_use_in_the_month_that_the_day_cuts_is_unknown():
    con = connection(dt.date(2011, 6, 15), projects=[P1], premises=[room(**USED, use_changed_on="2011-06")])
    assert one(con, "premises", "current_use", "use_changed_by") == (None, None)


def test_a_vacancy_that_has_not_begun():
    con = connection(projects=[P1], premises=[room(current_use="vacant", vacant_since=DAY_AFTER)])
    assert one(con, "premises", "current_use", "vacant_since_lo") == (None, None)
    con = connection(projects=[P1], premises=[room(current_use="vacant", vacant_since=AS_OF)])
    assert one(con, "premises", "current_use", "vacant_since_lo") == ("vacant", dt.date(2011, 6, 30))


TITLE = {
    "title_no": "示例房权证1号",
    "title_holder": "甲社区居委会",
    "title_holder_kind": "committee",
    "title_use": "community",
    "encumbrance": "none",
}


def test_a_title_registered_after_the_day_of_the_check_is_not_there():
    names = (*TITLE, "is_titled")
    assert one(connection(projects=[P1], premises=[room(**TITLE, titled_on=AS_OF)]), "premises", *names) == (*TITLE.values(), True)
    assert one(connection(projects=[P1], premises=[room(**TITLE, titled_on=DAY_AFTER)]), "premises", *names) == (*[None] * 5, False)
    assert one(connection(projects=[P1], premises=[room(**TITLE)]), "premises", *names) == (*TITLE.values(), True)  # no day told
    assert one(connection(projects=[P1], premises=[room()]), "premises", "is_titled") == (False,)
    cut = connection(dt.date(2011, 6, 15), projects=[P1], premises=[room(**TITLE, titled_on="2011-06")])
    assert one(cut, "premises", "is_titled") == (None,)


def test_titles_are_unknown_where_they_were_not_delivered():
    con = connection(projects=[P1], premises=[room()])
    con.execute("DELETE FROM delivered WHERE field IN ('title_no', 'titled_on')")
    from planning_check.facts.measuring import measure

    measure(con, dt.date(2011, 6, 30), MEASURING)
    assert one(con, "premises", "is_titled") == (None,)


def test_where_a_room_lies():
    place = {"premises_id": "R1", "outside_parcel_m": Decimal("1.01"), "outside_communities_m": 0}
    con = connection(projects=[P1], premises=[room(1), room(2)], premises_place=[place])
    assert facts(con, "premises", "outside_parcel_m", "outside_communities_m") == [(Decimal("1.01"), 0), (None, None)]


def test_the_room_of_a_handover_as_filed():
    filed = room(filed_m2=Decimal("250.00"), filed_building="3号楼", filed_floor=1)
    con = connection(projects=[P1], premises=[filed], handovers=[handover(1), handover(2, premises_id="R9"), handover(3, premises_id=None)])
    names = ("room_is_known", "room_filed_m2", "room_filed_building", "room_filed_floor")
    assert facts(con, "handover", *names) == [(True, 250, "3号楼", 1), (False, None, None, None), (None, None, None, None)]


def test_whether_the_room_is_known_needs_the_register_and_its_row():
    assert one(connection(projects=[P1], handovers=[handover()]), "handover", "room_is_known") == (None,)
    lost = {"table_name": "premises", "key": "R1", "code": "negative"}
    assert one(connection(projects=[P1], premises=[], handovers=[handover()], quarantine=[lost]), "handover", "room_is_known") == (None,)


def test_an_agreement_after_the_day_of_the_check_is_no_handover_yet():
    assert facts(connection(projects=[P1], handovers=[handover(on=None, agreed_on=DAY_AFTER)]), "handover", "handover_id") == []
    assert facts(connection(projects=[P1], handovers=[handover(on=None, agreed_on=AS_OF)]), "handover", "handover_id") == [("H1",)]
    assert facts(connection(projects=[P1], handovers=[handover(on=None)]), "handover", "handover_id") == [("H1",)]
    con = connection(projects=[P1], handovers=[handover(agreed_on=DAY_AFTER)])
    assert facts(con, "handover", "handed_over_on_lo", "agreed_on_lo") == [(dt.date(2009, 5, 4), None)]


def test_designated_community_among_those_of_the_land():
    def touched(shares, **values):
        place = {"project_id": "P1", "communities_touched": 2, "community_shares": shares}
        communities = [{"community_code": "C1", "community_name": "甲", "district_code": "990101", "successor_code": "C3"}]
        return project(connection(projects=[{**P1, **values}], communities=communities, project_place=[place]))["designated_is_touched"]

    assert touched("C1 60.00%, C2 40.00%") is True
    assert touched("C2 60.00%, C3 40.00%") is True  # its successor
    assert touched("C11 60.00%, C2 40.00%") is False
    assert touched("C1 100.00%", designated_community_code="C2") is False  # C2 has no successor
    assert touched(None) is None
    assert touched("C1 100.00%", designated_community_code=None) is None


def test_a_room_of_the_property_company_that_is_told_to_count_is_no_community_room_and_the_plan_does_not_stand_in():
    passed_off = room(kind="property_management", counts_toward="community", planned_m2=250)
    assert project(connection(projects=[{**P1, "plan_states_area_m2": 250}], premises=[passed_off]))["community_planned_m2"] == 0
    plain = room(kind="property_management", counts_toward="none", planned_m2=250)
    assert project(connection(projects=[{**P1, "plan_states_area_m2": 250}], premises=[plain]))["community_planned_m2"] == 250
