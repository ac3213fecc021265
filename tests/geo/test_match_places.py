"""Which offices look for a place, what stands in the way of a facility, and how many it holds."""

import datetime as dt

import pytest

from planning_check.geo.places.assignment import MatchSettings
from planning_check.geo.places.match_places import match_offices
from tests.geo.tables import at, box, fresh, put

AS_OF = dt.date(2011, 6, 30)
SETTINGS = MatchSettings(("rented", "none"), 1000, 0.5, 200, 1000, {"other": 100})


def town(offices=(), facilities=(), need=300, settings=SETTINGS):
    """Offices and facilities as (id, east, values); two communities side by side, the border 500 m east."""
    con = fresh()
    con.execute(f"SET VARIABLE as_of = DATE '{AS_OF}'")
    put(con, "communities", box(-5000, -10, 500, 10), community_code="C1", district_code="D1")
    put(con, "communities", box(500, -10, 5000, 10), community_code="C2", district_code="D1")
    for office, east, values in offices:
        placed = at(east) if east is not None else None
        put(con, "offices", placed, **{"office_id": office, "community_code": "C1", "tenure": "rented", **values})
    for facility, east, values in facilities:
        put(con, "idle_facilities", at(east), **{"facility_id": facility, "usable_m2": 300, **values})
    con.execute(
        "CREATE TABLE fact_office AS SELECT o.* EXCLUDE (geometry, geometry_crs), c.community_name, c.district_code"
        " FROM offices o LEFT JOIN communities c USING (community_code)"
    )
    con.execute("CREATE TABLE governing_office AS SELECT office_id, 0 AS version_no FROM offices")
    con.execute(
        f"CREATE TABLE law_version AS SELECT 0 AS version_no, {need}::DECIMAL(18, 2) AS law_office_minimum_m2,"
        " 1000::DECIMAL(18, 2) AS law_outdoor_minimum_m2"
    )
    match_offices(con, settings)
    return con


def found(con):
    return dict(con.execute("SELECT office_id, facility_id FROM match_office ORDER BY 1").fetchall())


def hindrance(con):
    return con.execute("SELECT hindrance FROM match_candidate").fetchall()


def test_two_offices_one_small_school_the_nearer_gets_it():
    assert found(town([("B1", 100, {}), ("B2", 50, {})], [("S1", 0, {})])) == {"B1": None, "B2": "S1"}


@pytest.mark.parametrize(("usable", "slots"), [(599.99, 1), (600, 2), (900, 3)])
def test_a_facility_holds_as_many_offices_as_fit(usable, slots):
    con = town([("B1", 100, {}), ("B2", 50, {}), ("B3", 10, {})], [("S1", 0, {"usable_m2": usable})])
    assert con.execute("SELECT slots FROM match_facility").fetchall() == [(slots,)]
    assert sum(f is not None for f in found(con).values()) == slots


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"usable_m2": 299.99}, "too_small"), ({"usable_m2": None}, "area_unknown"),
        ({"use_rate": 0.51}, "in_use"), ({"use_rate": 0.5}, ""),
        ({"available_from_lo": AS_OF, "available_from_hi": AS_OF}, ""),
        ({"available_from_lo": dt.date(2011, 7, 1), "available_from_hi": dt.date(2011, 7, 1)}, "not_available"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way(values, code):
    con = town([("B1", 0, {})], [("S1", 10, values)])
    assert hindrance(con) == [(code,)]
    assert found(con) == {"B1": None if code else "S1"}


@pytest.mark.parametrize(("east", "reached"), [(1000, 1), (1000.5, 0)])
def test_nothing_beyond_reach(east, reached):
    assert len(hindrance(town([("B1", 0, {})], [("S1", east, {})]))) == reached


def test_the_own_community_before_a_nearer_one_and_owners_weigh():
    con = town([("B1", 400, {})], [("S1", 560, {}), ("S2", 100, {}), ("S3", 350, {"owner_kind": "other"})])
    costs = con.execute("SELECT facility_id, distance_cm, cost_cm FROM match_candidate ORDER BY 1").fetchall()
    assert costs == [("S1", 16_000, 36_000), ("S2", 30_000, 30_000), ("S3", 5_000, 15_000)]


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        ({"tenure": "owned_titled", "area_m2": 299.99}, True), ({"tenure": "owned_titled", "area_m2": 300}, False),
        ({"tenure": "owned_titled", "area_m2": None}, False), ({"tenure": "rented", "area_m2": 500}, True),
        ({"resolved_on_lo": AS_OF, "resolved_on_hi": AS_OF}, True),  # still rented: closed on paper
        ({"resolved_on_lo": dt.date(2011, 7, 1), "resolved_on_hi": dt.date(2011, 7, 31)}, True),
    ],
)  # fmt: skip
def test_who_looks_for_a_place(values, looks):
    assert found(town([("B1", 0, values)])) == ({"B1": None} if looks else {})


def test_no_point_and_no_standard_are_said():
    assert town([("B1", None, {})]).execute("SELECT lacks FROM match_office").fetchall() == [("no_point",)]
    con = town([("B1", 0, {})], [("S1", 0, {})], need="NULL")
    assert con.execute("SELECT lacks, facility_id FROM match_office").fetchall() == [("no_standard", None)]


def test_nothing_delivered():
    assert found(town()) == {}
