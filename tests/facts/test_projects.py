"""Projects that may be one, developers that were renamed, and what happens to events after the day of the check."""

import datetime as dt

import pytest

from tests.facts.tables import connection, facts, project
from tests.widths import MEASURING

CODE = "91350100M000100Y43"


def estate(number, **values):
    return {"project_id": f"P{number}", "project_name": f"{number}号院", "district_code": "990101", **values}


def twins(name, *projects):
    return [t for (t,) in facts(connection(projects=list(projects)), "project", name)]


def test_the_same_permit_however_it_is_written():
    one = estate(1, permit_no="建字第990101200900001号")
    assert twins("same_permit_project_id", one, estate(2, permit_no="建字第 990101200900001 号")) == ["P2", "P1"]
    assert twins("same_permit_project_id", one, estate(2, permit_no="990101200900001")) == ["P2", "P1"]
    assert twins("same_permit_project_id", one, estate(2, permit_no="建字第990101200900002号")) == [None, None]
    assert twins("same_permit_project_id", estate(1), estate(2)) == [None, None]
    assert twins("same_permit_project_id", *(estate(n, permit_no="甲1") for n in (1, 2, 3))) == ["P2", "P1", "P1"]
    assert twins("same_permit_project_id", estate(1, permit_no="第号"), estate(2, permit_no="第号")) == [None, None]


def test_the_same_developer_name_and_phase():
    def called(*given):
        return twins(
            "same_name_project_id",
            *(estate(n, **{"developer_code": CODE, "project_name": "甲苑（一期）", **g}) for n, g in enumerate(given, 1)),
        )

    assert called({}, {"project_name": "甲苑 (一期)"}) == ["P2", "P1"]
    assert called({}, {"project_name": "甲苑（二期）"}) == [None, None]
    assert called({}, {"developer_code": "9A"}) == [None, None]
    assert called({"developer_code": None}, {"developer_code": None}) == [None, None]
    assert called({"phase_no": 1}, {"phase_no": 1}) == ["P2", "P1"]
    assert called({"phase_no": 1}, {"phase_no": 2}) == [None, None]
    assert called({"phase_no": 1}, {}) == [None, None]
    assert called({"phase_no": 0}, {}) == [None, None]


def test_names_under_one_code():
    given = [
        estate(1, developer_code=CODE, developer_name="甲房地产（示例）有限公司"), estate(2, developer_code=CODE, developer_name="甲房地产(示例)有限公司"),
        estate(3, developer_code=CODE, developer_name="乙置业有限公司"), estate(4, developer_code=CODE), estate(5, developer_name="丙公司"),
    ]  # fmt: skip
    found = facts(connection(projects=given), "project", "names_under_code", "other_names")
    assert [n for n, _ in found] == [2, 2, 2, 2, None]
    assert [o for _, o in found][:3] == ["乙置业有限公司", "乙置业有限公司", "甲房地产(示例)有限公司"]
    assert found[4] == (None, None)
    assert facts(connection(projects=given[:2]), "project", "names_under_code", "other_names") == [(1, None), (1, None)]


def test_very_many_names_are_cut_short():
    given = [estate(n, developer_code=CODE, developer_name=f"公司{n}") for n in range(1, 9)]
    assert facts(connection(projects=given), "project", "names_under_code", "other_names")[0] == (8, "公司2、公司3、公司4、公司5、公司6等")


@pytest.mark.parametrize(("name", "says"), [
    ("甲苑一期", True), ("甲苑2期", True), ("甲苑第十二期", True), ("甲苑Ⅱ期", True), ("甲苑II期", True), ("甲苑", False), ("期望花园", False),
])  # fmt: skip
def test_a_name_that_says_phase(name, says):
    assert project(connection(projects=[estate(1, project_name=name)]))["name_says_phase"] is says


@pytest.mark.parametrize(("values", "changed"), [
    ({"developer_changed_on": "2011-06-15"}, True),
    ({"developer_changed_on": "2011-06-16"}, False),
    ({"developer_changed_on": "2011-06"}, None),
    ({"previous_developer_name": "乙公司"}, True),
    ({"previous_developer_name": "乙公司", "developer_changed_on": "2011-07-01"}, False),
    ({}, False),
])  # fmt: skip
def test_change_of_developer(values, changed):
    assert project(connection(dt.date(2011, 6, 15), projects=[estate(1, **values)]))["developer_was_changed"] is changed


@pytest.mark.parametrize(("values", "filed"), [
    ({"filed_on": "2011-06-15"}, True),
    ({"filed_on": "2011-06-16", "filing_no": "备1"}, False),
    ({"filed_on": "2011-06"}, None),
    ({"filing_no": "备1"}, True),
])  # fmt: skip
def test_a_filing_after_the_day_of_the_check_is_none_yet(values, filed):
    assert project(connection(dt.date(2011, 6, 15), projects=[estate(1, **values)]))["is_filed"] is filed


def test_filings_and_changes_are_unknown_where_their_columns_were_not_delivered():
    con = connection(projects=[estate(1)])
    con.execute("DELETE FROM delivered WHERE field IN ('filed_on', 'filing_no', 'developer_changed_on', 'previous_developer_name')")
    from planning_check.facts.measuring import measure

    measure(con, dt.date(2011, 6, 30), MEASURING)
    assert facts(con, "project", "is_filed", "developer_was_changed") == [(None, None)]


def test_parcels_of_a_project():
    parcels = [{"parcel_id": "D1", "project_id": "P1", "geometry": b"x"}, {"parcel_id": "D2", "geometry": b"x"}]
    assert facts(connection(projects=[estate(1), estate(2)], parcels=parcels), "project", "parcels") == [(1,), (0,)]
    assert project(connection(projects=[estate(1)]))["parcels"] is None
    assert project(connection(projects=[estate(1)], parcels=parcels, quarantine=[("parcels", "P1", "missing_required")]))["parcels"] is None


def test_place_of_a_project_by_the_map():
    place = {
        "project_id": "P1",
        "parcel_area_m2": 1000,
        "communities_touched": 1,
        "community_by_map": "C1",
        "largest_share": 1,
        "community_shares": "C1 100.00%",
    }
    names = ("parcel_area_m2", "communities_touched", "community_by_map", "largest_share", "community_shares")
    assert facts(connection(projects=[estate(1), estate(2)], project_place=[place]), "project", *names) == [
        (1000, 1, "C1", 1, "C1 100.00%"),
        (None,) * 5,
    ]
