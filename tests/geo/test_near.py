"""What lies around an office, and the land of a project, against shapes whose distances are known."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.geo.frames.plane import zone_of
from planning_check.geo.places.near import locate_facilities, locate_offices
from tests.geo.tables import EAST, NORTH, PLANE, at, fresh, put

AS_OF = dt.date(2011, 6, 30)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return fresh()


def places(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    locate_offices(con, AS_OF)
    return con.execute("FROM office_place").fetchall()


def test_the_nearest_facility_that_is_large_enough_and_free(con):
    put(con, "offices", at(0), office_id="B1", area_m2=300)
    put(con, "offices", at(0), office_id="B2", area_m2=None)
    put(con, "offices", at(0), office_id="B3", area_m2=5000)
    put(con, "offices", at(0, -5), office_id="B4", area_m2=300.01)
    put(con, "idle_facilities", at(10), facility_id="S1", usable_m2=100)
    put(con, "idle_facilities", at(5), facility_id="S2", usable_m2=None)
    put(con, "idle_facilities", at(30, 40), facility_id="S3", usable_m2=300)
    put(
        con,
        "idle_facilities",
        at(20),
        facility_id="S4",
        usable_m2=900,
        available_from_lo=dt.date(2011, 6, 1),
        available_from_hi=dt.date(2011, 7, 1),
    )
    put(con, "idle_facilities", at(0, 2995), facility_id="S5", usable_m2=900, available_from_lo=AS_OF, available_from_hi=AS_OF)
    assert places(con) == [
        ("B1", None, "S3", Decimal("50.00")), ("B2", None, "S2", Decimal("5.00")), ("B3", None, None, None),
        ("B4", None, "S5", Decimal("3000.00")),
    ]  # fmt: skip
    assert con.execute("FROM geo_choice").fetchall() == [("office_place", PLANE)]


def test_of_equally_near_facilities_the_first_id(con):
    put(con, "offices", at(0), office_id="B1", area_m2=1)
    for facility, east in (("S9", 100), ("S2", -100), ("S5", 100)):
        put(con, "idle_facilities", at(east), facility_id=facility, usable_m2=5)
    assert places(con) == [("B1", None, "S2", Decimal("100.00"))]


def test_degrees_and_metres_are_brought_into_one_plane(con):
    import pyproj

    lon, lat = pyproj.Transformer.from_crs(PLANE, "EPSG:4490", always_xy=True).transform(EAST + 1000, NORTH + 1000)
    put(con, "offices", shapely.Point(lon, lat), "EPSG:4490", office_id="B1", area_m2=1)
    put(con, "idle_facilities", at(1000, 1003), facility_id="S1", usable_m2=1)
    put(con, "idle_facilities", shapely.Point(36_501_000, NORTH + 998), "EPSG:4524", facility_id="S2", usable_m2=1)
    assert places(con) == [("B1", None, "S2", Decimal("2.00"))]


def test_inside_a_renewal_area(con):
    con.execute("INSERT INTO delivered VALUES ('renewal_areas', 'geometry')")
    for office, east in (("B1", 5), ("B2", 10), ("B3", 10.01)):
        put(con, "offices", at(east, 5), office_id=office, area_m2=1)
    put(con, "offices", None, None, office_id="B4")
    put(con, "offices", at(5, 5), None, office_id="B5")
    put(con, "renewal_areas", shapely.box(EAST, NORTH, EAST + 10, NORTH + 10), renewal_id="R1")
    expected = [("B1", True), ("B2", True), ("B3", False), ("B4", None), ("B5", None)]
    assert [row[:2] for row in places(con)] == expected


with np.errstate(invalid="ignore"):
    NAN_RING = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH), (np.nan, NORTH + 10), (EAST, NORTH + 10)])


@pytest.mark.parametrize("lost", ["no crs", "a crs that nobody knows", "no number", "quarantined"])
def test_a_renewal_area_that_cannot_be_placed_leaves_no_office_outside_for_certain(con, lost):
    con.execute("INSERT INTO delivered VALUES ('renewal_areas', 'geometry')")
    put(con, "offices", at(5, 5), office_id="B1")
    put(con, "offices", at(50, 5), office_id="B2")
    put(con, "renewal_areas", shapely.box(EAST, NORTH, EAST + 10, NORTH + 10), renewal_id="R1")
    if lost == "no crs":
        put(con, "renewal_areas", shapely.box(0, 0, 1, 1), None, renewal_id="R2")
    elif lost == "a crs that nobody knows":
        put(con, "renewal_areas", shapely.box(0, 0, 1, 1), "EPSG:999999", renewal_id="R2")
    elif lost == "no number":
        put(con, "renewal_areas", NAN_RING, renewal_id="R2")
    else:
        con.execute(
            "INSERT INTO quarantine VALUES (1, 'renewal_areas', 'R2', NULL, NULL, 'missing_required'), "
            "(2, 'renewal_areas', NULL, NULL, NULL, 'total_row')"
        )
    assert [row[:2] for row in places(con)] == [("B1", True), ("B2", None)]


def test_no_renewal_areas_delivered_is_unknown_and_an_empty_register_is_no(con):
    put(con, "offices", at(5, 5), office_id="B1")
    assert places(con) == [("B1", None, None, None)]
    con.execute("DROP TABLE office_place; INSERT INTO delivered VALUES ('renewal_areas', 'renewal_id')")
    assert places(con) == [("B1", False, None, None)]


def test_nothing_delivered(con):
    assert places(con) == []
    assert con.execute("FROM geo_choice").fetchall() == []


BOW_TIE = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])


def test_shapes_that_are_broken_stop_nothing(con):
    con.execute("INSERT INTO delivered VALUES ('renewal_areas', 'geometry')")
    for number, shape in enumerate([at(1, 5), shapely.Point(), b"not wkb", None, shapely.Point(np.inf, 0)]):
        put(con, "offices", shape, office_id=f"B{number}", area_m2=1)
        put(con, "idle_facilities", shape, facility_id=f"S{number}", usable_m2=1)
    put(con, "idle_facilities", at(2, 5), "EPSG:999999", facility_id="S9", usable_m2=1)
    put(con, "renewal_areas", BOW_TIE, renewal_id="R1")
    assert places(con) == [("B0", True, "S0", Decimal("0.00")), *((f"B{n}", None, None, None) for n in range(1, 5))]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_nearest_is_what_comparing_every_pair_gives(data):
    spot = st.tuples(st.integers(-20_000, 20_000), st.integers(-20_000, 20_000), st.none() | st.integers(0, 20))
    offices, facilities = (data.draw(st.lists(spot, min_size=1, max_size=12)) for _ in range(2))
    con = fresh()
    for n, (x, y, area) in enumerate(offices):
        put(con, "offices", at(x, y), office_id=f"B{n:02d}", area_m2=area)
    for n, (x, y, area) in enumerate(facilities):
        put(con, "idle_facilities", at(x, y), facility_id=f"S{n:02d}", usable_m2=area)
    for (x, y, wanted), (_, _, found, metres) in zip(offices, places(con), strict=True):
        fits = [
            (round(float(np.hypot(x - fx, y - fy)), 2), f"S{n:02d}")
            for n, (fx, fy, usable) in enumerate(facilities)
            if wanted is None or (usable is not None and usable >= wanted)
        ]
        assert (None if metres is None else float(metres), found) == (min(fits) if fits else (None, None))


def test_zones():
    assert [zone_of(np.array([x])) for x in (108.9, 106.4, 109.6, 60.0, 150.0)] == [
        "EPSG:4545",
        "EPSG:4544",
        "EPSG:4546",
        "EPSG:4534",
        "EPSG:4554",
    ]


def test_the_nearest_office_without_a_title_of_its_own(con):
    put(con, "idle_facilities", at(0), facility_id="S1")
    put(con, "idle_facilities", at(1000), facility_id="S2")
    put(con, "idle_facilities", None, facility_id="S3")
    put(con, "offices", at(30, 40), office_id="B2", tenure="rented")
    put(con, "offices", at(-30, 40), office_id="B1", tenure="borrowed")
    put(con, "offices", at(1), office_id="B0", tenure="owned_untitled")
    put(con, "offices", at(2), office_id="B3", tenure="unknown")
    put(con, "offices", None, office_id="B4", tenure="none")
    put(con, "offices", at(1300, 400), office_id="B5", tenure="coordinated")
    locate_facilities(con)
    assert con.execute("FROM facility_place").fetchall() == [("S1", "B1", Decimal("50.00")), ("S2", "B5", Decimal("500.00"))]


@pytest.mark.parametrize("table", ["offices", "idle_facilities"])
def test_without_one_of_the_two_nothing_is_near(con, table):
    put(con, table, at(0), **({"office_id": "B1", "tenure": "rented"} if table == "offices" else {"facility_id": "S1"}))
    locate_facilities(con)
    assert con.execute("FROM facility_place").fetchall() == []
