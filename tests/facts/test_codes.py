"""Codes by their national formats; the vectors of check characters are those of the background paper (REGULATION part C3)."""

import pytest

from planning_check.facts.codes import organisation_code_is_right
from tests.facts.tables import connection, facts


def of_developer(code):
    con = connection(projects=[{"project_id": "P1", "project_name": "甲苑", "district_code": "990101", "developer_code": code}])
    return facts(con, "code", "code_kind", "is_well_formed", "check_digit_is_right")


@pytest.mark.parametrize(("code", "well_formed", "right"), [
    ("91350100M000100Y43", True, True),
    ("91512081MA62K0260E", True, True),
    ("9131000063159284XQ", True, True),
    ("91350100m000100y43", True, True),
    ("9135 0100 M000 100Y 43", True, True),
    ("91350100M000100Y4Z", False, None),  # no Z in the alphabet
    ("91350211M0000XUF46", True, False),
    ("91350100M000100Y44", True, False),
    ("91350100M000100Y4", False, None),
    ("91350100M000100Y433", False, None),
    ("M000100Y4", True, True),  # the organisation code inside the first
    ("63159284-X", True, True),
    ("63159284-0", True, False),
    ("M000100Y", False, None),
    ("61000000000001", False, None),
])  # fmt: skip
def test_developer_codes(code, well_formed, right):
    assert of_developer(code) == [("credit_code", well_formed, right)]


def test_organisation_codes_inside_credit_codes():
    assert all(organisation_code_is_right(code) for code in ("M000100Y4", "MA62K0260", "63159284X"))
    assert not any(organisation_code_is_right(code) for code in ("M000100Y5", "MA62K0206", "631592840"))


def test_each_code_once_with_its_rows():
    projects = [
        {"project_id": f"P{n}", "project_name": "甲苑", "district_code": "990101", "developer_code": "91350100M000100Y43"} for n in range(3)
    ]
    assert facts(connection(projects=projects), "code", "code_key", "uses") == [("credit_code:91350100M000100Y43", 3)]
    projects[0]["developer_code"] = None
    assert facts(connection(projects=projects), "code", "uses") == [(2,)]


@pytest.mark.parametrize(("parcel", "unit", "expected"), [
    ("990101001001GB00001", "990101001001GB00001F00010001", [True, True]),
    ("990101001001GB00001", "990101001001GB00001", [True, True]),
    ("ZD-2009-17", "990101001001GB00001X00010001", [False, False]),
    ("990101001001GB0001", "990101001001GB00001F0001001", [False, False]),
    ("990101001001AB00001", None, [False]),
])  # fmt: skip
def test_parcels_and_units(parcel, unit, expected):
    con = connection(parcels=[{"parcel_id": parcel, "unit_code": unit, "geometry": b"x"}])
    assert [w for (w,) in facts(con, "code", "is_well_formed")] == expected
    assert {r for (r,) in facts(con, "code", "check_digit_is_right")} == {None}


def test_a_unit_of_parcels_and_rooms_is_one_code():
    unit = "990101001001GB00001F00010001"
    con = connection(
        parcels=[{"parcel_id": "1", "unit_code": unit, "geometry": b"x"}],
        premises=[{"premises_id": "R1", "project_id": "P1", "unit_code": unit}],
    )
    assert facts(con, "code", "code_key", "uses")[1] == (f"unit_code:{unit}", 2)


def test_communities_and_districts():
    con = connection(
        communities=[{"community_code": c, "community_name": "甲", "district_code": "990101"} for c in ("990101001001", "99010100100")],
        districts=[{"district_code": c, "district_name": "甲区"} for c in ("990101", "9901O1")],
    )
    assert facts(con, "code", "code_key", "is_well_formed") == [
        ("community_code:99010100100", False), ("community_code:990101001001", True), ("district_code:990101", True),
        ("district_code:9901O1", False),
    ]  # fmt: skip
