"""What a community has, and how much of it lies beyond the reach of its offices."""

import math

import pytest

from planning_check.geo.places.coverage import cover_communities
from tests.geo.tables import at, box, fresh, put


def line(offices=(), shape=None, population=1000, functions=(True, False, None), governed=True):
    """The coverage of one community 200 m by 200 m; offices as (east, values), a radius of 50 m."""
    con = fresh()
    put(
        con,
        "communities",
        shape or box(-100, -100, 100, 100),
        community_code="C1",
        community_name="榕园",
        district_code="D1",
        population=population,
    )
    for number, (east, values) in enumerate(offices):
        row = {"office_id": f"B{number}", "community_code": "C1", "tenure": "rented", "area_m2": 120, "outdoor_m2": 0, **values}
        put(con, "offices", None if east is None else at(east), **row)
    con.execute(
        "CREATE TABLE fact_community AS SELECT community_code, community_name, district_code, population, ?::BOOLEAN AS has_library,"
        " ?::BOOLEAN AS has_police_room, ?::BOOLEAN AS has_outdoor_ground FROM communities",
        list(functions),
    )
    con.execute("CREATE TABLE districts AS SELECT 'D1' AS district_code, '棠城区' AS district_name")
    if governed:
        con.execute("CREATE TABLE governing_community AS SELECT 'C1' AS community_code, 0 AS version_no")
        con.execute("CREATE TABLE law_version AS SELECT 0 AS version_no, 300 AS law_office_minimum_m2, 1000 AS law_outdoor_minimum_m2")
    cover_communities(con, 50)
    result = con.execute("FROM coverage_line")
    names = [d[0] for d in result.description]
    return dict(zip(names, result.fetchall()[0], strict=True))


def test_there_missing_and_unknown_are_three_things():
    found = line()
    assert (found["has"], found["lacks"], found["not_known"]) == ("library", "police_room", "outdoor_ground")
    found = line(functions=(True, True, True))
    assert (found["lacks"], found["not_known"]) == (None, None)


def test_the_share_outside_is_what_the_circle_leaves():
    found = line([(0, {})])
    assert float(found["outside_share"]) == pytest.approx(1 - math.pi * 50**2 / 200**2, abs=2e-4)
    assert found["outside_people"] == round(1000 * float(found["outside_share"]))


def test_two_offices_that_overlap_count_once():
    assert line([(0, {}), (0, {})])["outside_share"] == line([(0, {})])["outside_share"]
    assert line([(-50, {}), (50, {})])["outside_share"] < line([(0, {})])["outside_share"]


@pytest.mark.parametrize(
    ("offices", "share", "office_m2"),
    [
        ([], None, None),  # not reported
        ([(None, {})], None, 120), ([(0, {}), (None, {})], None, 240),  # one of them is somewhere
        ([(5000, {})], 1, 120), ([(None, {"tenure": "none", "area_m2": None})], 1, 0),
        ([(None, {"area_m2": None})], None, None),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_guessed(offices, share, office_m2):
    found = line(offices)
    assert (found["outside_share"], found["office_m2"]) == (share, office_m2)
    assert (found["outside_people"] is None) == (share is None)


def test_unknown_population_and_no_law():
    assert line([(0, {})], population=None)["outside_people"] is None
    found = line([(0, {})])
    assert (found["office_need_m2"], found["outdoor_need_m2"]) == (300, 1000)
    found = line([(0, {})], governed=False)
    assert (found["office_need_m2"], found["outdoor_need_m2"]) == (None, None)
