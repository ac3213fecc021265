"""Dividing an area by shares, and the shares of communities in a project's land."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.geo.land.locate import LAND_TABLES, locate_land
from planning_check.geo.land.shares import allocate
from tests.geo.tables import EAST, NORTH, at, box, fresh, put, ring
from tests.widths import MEASURING

AS_OF = dt.date(2011, 6, 30)
WEST, MIDDLE, FAR = "610902001001", "610902001002", "610902001003"


def D(*values: str) -> list[Decimal]:
    return [Decimal(v) for v in values]


def test_the_last_takes_the_rest():
    assert allocate(Decimal("500.00"), D("0.6", "0.4")) == D("300.00", "200.00")
    assert allocate(Decimal("100.00"), D("0.333333", "0.333333", "0.333334")) == D("33.33", "33.33", "33.34")
    assert allocate(Decimal("0.01"), D("0.5", "0.5")) == D("0.01", "0.00")  # half up
    assert allocate(Decimal("0.05"), D(*["0.1"] * 10)) == D(*["0.01"] * 5, *["0.00"] * 5)  # nobody gets less than nothing
    assert allocate(Decimal("7.31"), D("1")) == D("7.31")


@pytest.mark.parametrize("shares", [[], D("0.5", "0.4"), D("1.5", "-0.5")])
def test_shares_that_are_none(shares):
    with pytest.raises(ValueError, match="sum to 1"):
        allocate(Decimal("1.00"), shares)


@pytest.mark.parametrize("total", ["-0.01", "1.001"])
def test_areas_that_are_none(total):
    with pytest.raises(ValueError, match="two decimals"):
        allocate(Decimal(total), D("1"))


weights = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=12).filter(any)


def shares_of(pieces: list[int]) -> list[Decimal]:
    whole = sum(pieces)
    shares = [(Decimal(p) / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP) for p in pieces[:-1]]
    return [*shares, 1 - sum(shares)]


@given(st.integers(0, 10**10), weights)
def test_parts_sum_to_the_total_and_none_is_off(hundredths, pieces):
    total, shares = Decimal(hundredths) / 100, shares_of(pieces)
    if min(shares) < 0:
        return
    parts = allocate(total, shares)
    assert sum(parts) == total and min(parts) >= 0
    assert all(abs(part - total * share) <= Decimal("0.005") * len(shares) for part, share in zip(parts, shares, strict=True))
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    """Two communities of 100 m side by side; a third a little further."""
    con = fresh()
    put(con, "communities", box(0, 0, 100, 100), community_code=WEST)
    put(con, "communities", box(100, 0, 200, 100), community_code=MIDDLE)
    put(con, "communities", box(300, 0, 400, 100), community_code=FAR)
    return con


def land(con: duckdb.DuckDBPyConnection, project: str, *shapes, **crs) -> None:
    if not con.execute("SELECT 1 FROM projects WHERE project_id = ?", [project]).fetchall():
        put(con, "projects", project_id=project)
    for number, shape in enumerate(shapes):
        put(con, "parcels", shape, parcel_id=f"{project}-{number}", project_id=project, **crs)


def place(con: duckdb.DuckDBPyConnection, project: str = "P1") -> tuple:
    """parcel_area_m2, communities_touched, community_by_map, largest_share, community_shares."""
    for table in LAND_TABLES:
        con.execute(f"DROP TABLE IF EXISTS {table}")
    locate_land(con, AS_OF, MEASURING)
    rows = con.execute("SELECT * EXCLUDE (project_id, share_parts) FROM project_place WHERE project_id = ?", [project]).fetchall()
    assert len(rows) == 1
    return rows[0]


def outside(con: duckdb.DuckDBPyConnection) -> list[Decimal | None]:
    return [m2 for (m2,) in con.execute("SELECT outside_city_m2 FROM parcel_shape ORDER BY parcel_id").fetchall()]


def test_sixty_forty(con):
    land(con, "P1", box(40, 0, 140, 50))
    assert place(con) == (Decimal("5000.00"), 2, WEST, Decimal("0.600000"), f"{WEST} 60.00%, {MIDDLE} 40.00%")
    assert outside(con) == [Decimal("0.00")]
    assert con.execute("SELECT share_parts FROM project_place WHERE project_id = 'P1'").fetchone() == (f"{WEST} 600000,{MIDDLE} 400000",)


def test_parcels_of_a_project_are_taken_together(con):
    land(con, "P1", box(0, 0, 10, 10), box(110, 0, 140, 10))
    assert place(con) == (Decimal("400.00"), 2, MIDDLE, Decimal("0.750000"), f"{MIDDLE} 75.00%, {WEST} 25.00%")


def test_equal_shares_go_by_code(con):
    land(con, "P1", box(90, 0, 110, 10))
    assert place(con)[1:] == (2, WEST, Decimal("0.500000"), f"{WEST} 50.00%, {MIDDLE} 50.00%")


def test_thirds_sum_to_one(con):
    con.execute("DELETE FROM communities WHERE community_code = ?", [FAR])
    put(con, "communities", box(200, 0, 300, 100), community_code=FAR)
    land(con, "P1", box(0, 0, 300, 100))
    assert place(con)[1:] == (3, WEST, Decimal("0.333333"), f"{WEST} 33.33%, {MIDDLE} 33.33%, {FAR} 33.34%")


@pytest.mark.parametrize(("beyond_m", "height", "touched"), [(0.9, 50, 1), (0.8, 62.5, 2), (0.9, 60, 2), (1.1, 10, 2), (1, 10, 2)])
def test_a_sliver_is_ignored_only_if_it_is_small_in_both_ways(con, beyond_m, height, touched):
    """Land of 100 m: 0.9 % and 45 m2 is nothing, 0.8 % and 50 m2 or 0.9 % and 54 m2 is something, and so is 1 % however small."""
    land(con, "P1", box(beyond_m, 0, 100 + beyond_m, height))
    assert place(con)[1] == touched
    assert place(con)[3] == (Decimal("1.000000") if touched == 1 else Decimal(100 - Decimal(str(beyond_m))) / 100)


def test_land_beyond_the_city(con):
    land(con, "P1", box(150, 0, 250, 10))
    land(con, "P2", box(900, 0, 910, 10))
    assert place(con) == (Decimal("1000.00"), 1, MIDDLE, Decimal("1.000000"), f"{MIDDLE} 100.00%")
    assert place(con, "P2") == (Decimal("100.00"), None, None, None, None)
    assert outside(con) == [Decimal("500.00"), Decimal("100.00")]


def test_a_community_without_boundary_may_have_the_rest(con):
    put(con, "communities", None, None, community_code="610902001009")
    land(con, "P1", box(150, 0, 250, 10))
    land(con, "P2", box(110, 0, 120, 10))
    assert place(con) == (Decimal("1000.00"), None, None, None, None)
    assert place(con, "P2")[2] == MIDDLE
    assert outside(con) == [None, Decimal("0.00")]
    con.execute("UPDATE communities SET valid_to_lo = DATE '2009-01-01', valid_to_hi = DATE '2009-01-01' WHERE geometry IS NULL")
    assert place(con)[2] == MIDDLE and outside(con)[0] == Decimal("500.00")
    con.execute("INSERT INTO quarantine VALUES (1, 'communities', NULL, NULL, NULL, 'total_row')")
    assert place(con)[2] == MIDDLE
    con.execute("INSERT INTO quarantine VALUES (2, 'communities', 'x', NULL, NULL, 'missing_required')")
    assert place(con)[2] is None and outside(con)[0] is None


@pytest.mark.parametrize(("unclear_m", "known"), [(0.05, True), (0.4, False)])
def test_land_of_a_community_that_may_be_gone_is_nobody_s_yet(unclear_m, known):
    """40 m2 of 1 ha lie in none, so many more in one that may be abolished by the day: a third, without boundary, may have both."""
    con = fresh()
    put(con, "communities", box(0, 0, 100, 100), community_code=WEST)
    put(con, "communities", box(100, 0, 100 + unclear_m, 100), community_code=MIDDLE, valid_to_lo="2011-06-30", valid_to_hi="2011-07-31")
    put(con, "communities", None, None, community_code=FAR)
    land(con, "P1", box(0.4 + unclear_m, 0, 100.4 + unclear_m, 100))
    assert place(con)[1:] == ((1, WEST, Decimal("1.000000"), f"{WEST} 100.00%") if known else (None,) * 4)


def test_no_boundary_at_all(con):
    con.execute("UPDATE communities SET geometry = NULL")
    land(con, "P1", box(0, 0, 10, 10))
    assert place(con) == (Decimal("100.00"), None, None, None, None)
    assert outside(con) == [None]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2011-06-29", "2011-06-29", MIDDLE),  # abolished the day before
        ("2011-06-30", "2011-06-30", MIDDLE),  # on the day
        ("2011-07-01", "2011-07-01", WEST),
        ("2011-06-01", "2011-06-30", MIDDLE),  # known to the month, over on its last day
        ("2011-06-30", "2011-07-31", None),  # may be over
        (None, None, WEST),
    ],
)
def test_an_abolished_community_has_no_share_but_is_still_the_city(con, first, last, found):
    """The land of P1 is in the west but for a tenth, that of P2 wholly."""
    con.execute("UPDATE communities SET valid_to_lo = ?, valid_to_hi = ? WHERE community_code = ?", [first, last, WEST])
    land(con, "P1", box(10, 0, 110, 10))
    land(con, "P2", box(10, 0, 20, 10))
    assert place(con)[2] == found
    assert place(con, "P2")[2] == (WEST if found == WEST else None)
    assert outside(con) == [Decimal("0.00")] * 2


def test_land_of_an_abolished_community_is_its_successors(con):
    con.execute("UPDATE communities SET valid_to_lo = '2010-01-01', valid_to_hi = '2010-01-01' WHERE community_code = ?", [WEST])
    put(con, "communities", box(0, 0, 15, 100), community_code="610902001004")
    land(con, "P1", box(10, 0, 20, 10))
    assert place(con)[1:] == (1, "610902001004", Decimal("1.000000"), "610902001004 100.00%")
    assert outside(con) == [Decimal("0.00")]


def test_a_community_not_yet_founded(con):
    con.execute("UPDATE communities SET valid_from_lo = '2011-07-01', valid_from_hi = '2011-07-01' WHERE community_code = ?", [WEST])
    land(con, "P1", box(10, 0, 110, 10))
    assert place(con)[2] == MIDDLE
    con.execute("UPDATE communities SET valid_from_lo = '2011-06-30', valid_from_hi = '2011-06-30' WHERE community_code = ?", [WEST])
    assert place(con)[2] == WEST


def test_one_unknown_parcel_makes_the_project_unknown(con):
    land(con, "P1", box(0, 0, 10, 10), ring((0, 0), (10, 10), (10, 0), (0, 10)))
    land(con, "P2", box(0, 0, 10, 10))
    put(con, "parcels", box(20, 0, 30, 10), None, parcel_id="X", project_id="P2")
    land(con, "P3", box(0, 0, 10, 10))
    con.execute("INSERT INTO quarantine VALUES (1, 'parcels', 'X', 'P3', NULL, 'missing_required')")
    land(con, "P4", box(0, 0, 10, 10))
    con.execute(
        "INSERT INTO quarantine VALUES (2, 'parcels', 'X', 'P4', NULL, 'duplicate_row'), (3, 'premises', 'X', 'P4', NULL, 'negative')"
    )
    put(con, "projects", project_id="P5")
    unknown = (None,) * 5
    assert [place(con, p) for p in ("P1", "P2", "P3", "P5")] == [unknown] * 4
    assert place(con, "P4")[2] == WEST


def test_nothing_that_can_be_placed(con):
    land(con, "P1", at(0), None)
    assert place(con) == (None,) * 5
    assert outside(con) == [None, None]
    con.execute("DELETE FROM parcels")
    assert place(con) == (None,) * 5


def test_boundaries_in_degrees_with_faults(con):
    """A community given in degrees, one as a point, one broken by a knot."""
    import pyproj

    to_degrees = pyproj.Transformer.from_crs("EPSG:4545", "EPSG:4490", always_xy=True)
    con.execute("DELETE FROM communities")
    put(
        con,
        "communities",
        shapely.transform(box(0, 0, 100, 100), to_degrees.transform, interleaved=False),
        "EPSG:4490",
        community_code=WEST,
    )
    knot = ring((100, 0), (200, 0), (200, 100), (101, 100), (100, 101), (101, 101), (100, 100))
    put(con, "communities", knot, community_code=MIDDLE)
    land(con, "P1", box(40, 10, 140, 60))
    assert place(con)[4] == f"{WEST} 60.00%, {MIDDLE} 40.00%"
    put(con, "communities", at(0), community_code=FAR)
    assert place(con)[4] == f"{WEST} 60.00%, {MIDDLE} 40.00%"  # all the land is covered: the point cannot have any
    land(con, "P2", box(150, 0, 250, 10))
    assert place(con, "P2")[2] is None


def test_a_boundary_that_nobody_can_repair_is_none(con):
    con.execute("DELETE FROM communities WHERE community_code = ?", [MIDDLE])
    put(con, "communities", ring((100, 0), (200, 100), (200, 0), (100, 100)), community_code=MIDDLE)
    land(con, "P1", box(0, 0, 10, 10))
    land(con, "P2", box(90, 0, 110, 10))
    assert place(con)[2] == WEST and place(con, "P2")[2] is None


def test_overlapping_boundaries_do_not_hide_land_outside(con):
    """Two communities both claim 50 m of it; 100 m lie outside: adding up what they cover would give less."""
    put(con, "communities", box(150, 0, 250, 100), community_code="610902001004")
    land(con, "P1", box(150, 0, 350, 10))
    place(con)
    assert outside(con) == [Decimal("500.00")]


def test_many_communities_are_the_same_on_threads():
    """225 squares of 100 m; every parcel has one quarter in each of four, those at the corners of the city too."""
    con = fresh()
    for row in range(15):
        for column in range(15):
            put(
                con,
                "communities",
                box(column * 100, row * 100, column * 100 + 100, row * 100 + 100),
                community_code=f"{row:02d}{column:02d}",
            )
    for row in range(1, 15, 4):
        for column in range(1, 15):
            land(con, f"P{row:02d}{column:02d}", box(column * 100 - 5, row * 100 - 5, column * 100 + 5, row * 100 + 5))
    assert place(con, "P0510")[1:] == (4, "0409", Decimal("0.250000"), "0409 25.00%, 0410 25.00%, 0509 25.00%, 0510 25.00%")
    wrong = (
        "communities_touched <> 4 OR "
        "community_by_map <> printf('%02d%02d', substr(project_id, 2, 2)::INT - 1, substr(project_id, 4)::INT - 1)"
    )
    assert con.execute(f"SELECT count(*), count(*) FILTER ({wrong}) FROM project_place").fetchall() == [(56, 0)]
    assert set(outside(con)) == {Decimal("0.00")}


line = st.integers(0, 300)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.lists(line, min_size=2, max_size=5, unique=True).map(sorted), st.lists(st.tuples(line, line), min_size=1, max_size=4))
def test_area_is_conserved(borders, spans):
    """Communities side by side between the borders, parcels from x to y, land of two parcels once:
    nothing is lost and nothing counted twice."""
    con = fresh()
    for number, (low, high) in enumerate(itertools.pairwise(borders)):
        put(con, "communities", box(low, 0, high, 7), community_code=f"C{number}")
    for number, (a, b) in enumerate(spans):
        slanted = ring((min(a, b), 0), (max(a, b) + 1, 0), (max(a, b) + 1.37, 7), (min(a, b) - 0.25, 6.5))
        put(con, "parcels", slanted, parcel_id=f"N{number}", project_id="P1")
    put(con, "projects", project_id="P1")
    area, touched, largest, share, shares = place(con)
    off = sum(outside(con))
    assert (touched is None) == (largest is None) == (shares is None)
    whole, inside, beside = exact(con, borders)
    if touched is None:
        assert inside < 50
    else:
        parts = [p.split() for p in shares.split(", ")]
        assert len(parts) == touched and parts[0][0] == largest
        assert sum(Decimal(p[:-1]) for _, p in parts) == 100
        assert abs(share * 100 - Decimal(parts[0][1][:-1])) <= Decimal("0.01") * touched
    # a neighbour's vertex within vertex_m of an edge becomes one of its own, and moves the border by so much
    slack = Decimal("0.02") * len(spans) + Decimal(MEASURING.vertex_m) * sum(abs(a - b) + 3 for a, b in spans)
    assert abs(whole - area) <= slack
    assert abs(beside - off) <= slack


def exact(con: duckdb.DuckDBPyConnection, borders: list[int]) -> list[Decimal]:
    """The land, what of it lies in the city, and what of each parcel lies outside, added up."""
    city = shapely.box(EAST + borders[0], NORTH, EAST + borders[-1], NORTH + 7)
    shapes = shapely.from_wkb([g for (g,) in con.execute("SELECT geometry FROM parcels").fetchall()])
    land_of_all = shapely.union_all(shapes)
    areas = (
        shapely.area(land_of_all),
        shapely.area(shapely.intersection(land_of_all, city)),
        shapely.area(shapely.difference(shapes, city)).sum(),
    )
    return [round(Decimal(float(m2)), 2) for m2 in areas]
