"""Neighbours of one developer, rooms off their land, the whole on nothing and on the bundled city."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import shapely

from planning_check.geo.land.locate import locate_land
from tests.geo.tables import at, box, fresh, put, ring
from tests.widths import MEASURING

AS_OF = dt.date(2011, 6, 30)
CODE = "610902001001"


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return fresh()


def near(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    locate_land(con, AS_OF, MEASURING)
    return [(a, b, float(m)) for a, b, m in con.execute("FROM project_near").fetchall()]


def develop(con: duckdb.DuckDBPyConnection, project: str, developer: str | None, *shapes) -> None:
    put(con, "projects", project_id=project, developer_code=developer)
    for number, shape in enumerate(shapes):
        put(con, "parcels", shape, parcel_id=f"{project}-{number}", project_id=project)


def test_neighbours_of_one_developer(con):
    develop(con, "P2", "A", box(0, 0, 100, 100), box(500, 0, 600, 100), box(500, 100, 600, 110))
    develop(con, "P1", "A", box(630, 40, 700, 100), box(103, 104, 200, 200))  # 30 m from one, 5 m from the other
    develop(con, "P3", "B", box(100, 0, 150, 50))  # between them, someone else's
    develop(con, "P4", None, box(700, 0, 710, 10))
    develop(con, "P5", None, box(700, 0, 710, 10))
    develop(con, "P6", "A", box(0, 150, 100, 200))  # 50 m: still near
    develop(con, "P7", "A", box(650, 150.01, 700, 200))  # 50.01 m from P1's east
    develop(con, "P8", "A")
    develop(con, "P9", "B", box(150, 0, 160, 50))
    put(con, "parcels", box(0, 0, 1, 1), parcel_id="X")
    assert near(con) == [("P1", "P2", 5.0), ("P1", "P6", 3.0), ("P2", "P6", 50.0), ("P3", "P9", 0.0)]


def test_neighbours_that_touch_or_cannot_be_placed(con):
    develop(con, "P1", "A", box(0, 0, 10, 10))
    develop(con, "P2", "A", box(10, 0, 20, 10))
    develop(con, "P3", "A", ring((0, 0), (10, 10), (10, 0), (0, 10)))
    assert near(con) == [("P1", "P2", 0.0)]


def rooms(con: duckdb.DuckDBPyConnection) -> dict[str, tuple]:
    locate_land(con, AS_OF, MEASURING)
    rows = con.execute("SELECT premises_id, outside_parcel_m, outside_communities_m FROM premises_place").fetchall()
    assert [r[0] for r in rows] == sorted(r[0] for r in rows)
    return {room: tuple(None if m is None else float(m) for m in rest) for room, *rest in rows}


def room(con: duckdb.DuckDBPyConnection, premises: str, geometry, project: str = "P1", **crs) -> None:
    put(con, "premises", geometry, premises_id=premises, project_id=project, **crs)


def test_rooms_off_their_land(con):
    put(con, "communities", box(-100, -100, 101, 100), community_code=CODE)
    put(con, "communities", box(101, -100, 500, 100), community_code="610902001002")
    develop(con, "P1", None, box(0, 0, 50, 50), box(60, 0, 100, 50))
    develop(con, "P2", None, box(200, 0, 300, 50))
    room(con, "R1", at(10, 10))
    room(con, "R2", at(103, 10))  # 3 m off, and 2 m into the next community
    room(con, "R3", at(103, 54))  # 3 m east and 4 m north of the corner
    room(con, "R4", at(55, 10))  # between the two parcels
    room(con, "R5", at(50, 50))  # on the corner
    room(con, "R6", at(10, 10), "P2")  # in another project's parcel
    room(con, "R7", None)
    room(con, "R8", at(10, 10), crs=None)
    room(con, "R9", box(1, 1, 3, 3))  # drawn as a footprint
    room(con, "S1", at(10, 10), "P9")  # of a project without land
    room(con, "S2", shapely.Point())
    room(con, "S3", at(10, 10), "P0")  # the same, of a smaller number
    assert rooms(con) == {
        "R1": (0, 0), "R2": (3, 2), "R3": (5, 2), "R4": (5, 0), "R5": (0, 0), "R6": (190, 91),
        "R7": (None, None), "R8": (None, None), "R9": (0, 0), "S1": (None, None), "S2": (None, None), "S3": (None, None),
    }  # fmt: skip


def test_a_room_of_land_in_two_communities_is_measured_to_the_nearest(con):
    put(con, "communities", box(0, 0, 100, 100), community_code=CODE)
    put(con, "communities", box(100, 0, 200, 100), community_code="610902001002")
    develop(con, "P1", None, box(60, 0, 160, 50))
    room(con, "R1", at(210, 10))
    assert rooms(con) == {"R1": (50, 10)}


def test_a_room_off_the_known_parcels_may_be_on_the_unknown_one(con):
    put(con, "communities", box(-100, -100, 500, 100), community_code=CODE)
    develop(con, "P1", None, box(0, 0, 50, 50), None)
    room(con, "R1", at(10, 10))
    room(con, "R2", at(70, 10))
    assert rooms(con) == {"R1": (0, None), "R2": (None, None)}


def test_nothing_delivered(con):
    locate_land(con, AS_OF, MEASURING)
    for table in ("parcel_shape", "project_place", "project_near", "project_alike", "premises_place", "geo_choice"):
        assert con.execute(f"FROM {table}").fetchall() == []


def test_rooms_where_no_parcel_has_a_project(con):
    put(con, "parcels", box(0, 0, 10, 10), parcel_id="D1")
    room(con, "R1", at(0))
    assert rooms(con) == {"R1": (None, None)}
    assert con.execute("SELECT measured_m2 FROM parcel_shape").fetchall() == [(Decimal("100.00"),)]


def test_projects_and_rooms_without_any_parcel(con):
    put(con, "projects", project_id="P1")
    room(con, "R1", at(0))
    assert rooms(con) == {"R1": (None, None)}
    assert con.execute("FROM project_place").fetchall() == [("P1", None, None, None, None, None, None)]


@pytest.fixture(scope="module")
def city() -> duckdb.DuckDBPyConnection:
    from tests.widths import load

    con = duckdb.connect()
    load(con, [Path(__file__).parents[2] / "data" / "demo"], None)
    locate_land(con, AS_OF, MEASURING)
    return con


def test_the_bundled_city_has_two_rooms_off_their_parcels(city):
    """See data/demo_city: a point put beside its parcel, and a room across the street with approval."""
    off = city.execute("SELECT premises_id FROM premises_place WHERE outside_parcel_m > 1 ORDER BY 1").fetchall()
    assert off == [("YF2006035-1",), ("YF2008136-1",)]


def test_the_bundled_city_has_the_flaws_of_land_that_were_put_there(city):
    """See data/demo_city/land_flaws.py: a bow-tie, a parcel swollen over three neighbours, two areas off by some percent,
    and one delivered twice."""
    faults = "NOT is_valid OR measured_m2 IS NULL OR overlap_m2 > 0 OR outside_city_m2 > 0"
    faulty = city.execute(f"SELECT parcel_id FROM parcel_shape WHERE {faults} ORDER BY 1").fetchall()
    swollen = [(f"990122001008{end}",) for end in ("GB00004", "JB00005", "JB00006", "JB00007")]
    twice = [("990102004004GB00017",), ("990102004004GB00999",)]
    assert faulty == [("990102003003GB00012",), *twice, *swollen]
    assert city.execute("SELECT count(*) FROM parcel_shape").fetchall() == [(2356,)]
    off = "abs(measured_m2 - land_area_m2) > 0.01"
    rows = city.execute(f"SELECT parcel_id FROM parcel_shape JOIN parcels USING (parcel_id) WHERE {off} ORDER BY 1").fetchall()
    assert rows == [("990102001002GB00010",), ("990102005003JB00009",), ("990122001008GB00004",)]


def test_every_project_of_the_bundled_city_is_somewhere(city):
    sums = city.execute(
        "SELECT count(*), count(community_by_map), count(*) FILTER (communities_touched > 1),"
        " bool_and((largest_share = 1) = (communities_touched = 1)),"
        " bool_and(parcel_area_m2 > 0) FROM project_place JOIN projects USING (project_id)"
    ).fetchall()
    ((projects, placed, straddling, alone, known),) = sums
    assert projects == placed and straddling > 0 and alone and known
    assert Decimal(0) < city.execute("SELECT max(metres) FROM project_near").fetchall()[0][0] <= 50
