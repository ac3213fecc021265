"""Parcels drawn in every wrong way: each is told with reason and place, none stops the others, and no repair is silent."""

from __future__ import annotations

import datetime as dt
import struct
from decimal import Decimal

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning_check.geo.frames.plane import Places, parsed, plane_of
from planning_check.geo.land.locate import locate_land
from planning_check.geo.shapes.validity import examined, measured, mend
from tests.geo.tables import EAST, NORTH, PLANE, at, box, fresh, put, ring
from tests.widths import MEASURING

AS_OF = dt.date(2011, 6, 30)


def polygon_wkb(*points: tuple[float, float]) -> bytes:
    """One ring, as it is: GEOS would not write an open one."""
    return struct.pack("<BIII", 1, 3, 1, len(points)) + b"".join(struct.pack("<dd", *p) for p in points)


def curve_wkb() -> bytes:
    circle = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *p) for p in [(0, 0), (1, 1), (2, 0), (1, -1), (0, 0)])
    return struct.pack("<BII", 1, 10, 1) + circle


def shape_of(geometry, crs: str | None = PLANE) -> tuple:
    """has_crs, is_polygon, is_valid, invalid_reason, measured_m2 of one parcel, beside a sound one that must not suffer."""
    con = fresh()
    put(con, "parcels", geometry, crs, parcel_id="D1")
    put(con, "parcels", box(0, 0, 10, 10), parcel_id="D2")
    locate_land(con, AS_OF, MEASURING)
    told = "has_crs, is_polygon, is_valid, invalid_reason, measured_m2"
    one, other = con.execute(f"SELECT {told} FROM parcel_shape ORDER BY parcel_id").fetchall()
    assert other[:5] == (True, True, True, None, Decimal("100.00"))
    return one[:5]


BOW_TIE = ring((0, 0), (10, 10), (10, 0), (0, 10))
#: A square of 100 x 100 m whose corner is tied to a knot of 0.5 m2.
KNOT = ring((0, 0), (100, 0), (100, 100), (1, 100), (0, 101), (1, 101), (0, 100))
CORNER = (EAST, NORTH)


def test_a_sound_parcel():
    square = box(0, 0, 20, 10)
    assert shape_of(square) == (True, True, True, None, Decimal("200.00"))
    holed = square.difference(box(5, 5, 7, 6))
    assert shape_of(shapely.MultiPolygon([holed, box(30, 0, 31, 1)]))[4] == Decimal("199.00")
    assert shape_of(shapely.force_3d(square, 400.0)) == (True, True, True, None, Decimal("200.00"))
    tall = shapely.from_wkt("POLYGON ZM((500000 3800000 1 2, 500009 3800000 1 2, 500009 3800009 1 2, 500000 3800000 1 2))")
    assert shape_of(tall) == (True, True, True, None, Decimal("40.50"))


def test_a_bow_tie_is_told_and_its_repair_refused():
    """As drawn its two halves cancel to 0 m2, repaired it has 50: nobody knows which was meant."""
    reason = "自相交 Self-intersection at 500005, 3800005; 修复未采用 repair refused: 0 -> 50 m2"
    assert shape_of(BOW_TIE) == (True, True, False, reason, None)


def test_a_small_knot_is_repaired_and_told():
    has_crs, is_polygon, is_valid, reason, area = shape_of(KNOT)
    assert (has_crs, is_polygon, is_valid, area) == (True, True, False, Decimal("10000.50"))
    assert reason == "自相交 Self-intersection at 500000.5, 3800100.5; 已修复 repaired: 10000 -> 10000.5 m2"


@pytest.mark.parametrize(("knot_m", "accepted"), [(10, True), (10.1, False)])
def test_a_repair_may_change_one_percent(knot_m, accepted):
    """The knot's two triangles of ``knot_m``² / 4 cancel as drawn and add up to ``knot_m``² / 2 repaired, on land of 5,000 m2."""
    tied = ring((0, 0), (100, 0), (100, 50), (knot_m, 50), (0, 50 + knot_m), (knot_m, 50 + knot_m), (0, 50))
    assert (shape_of(tied)[4] is not None) is accepted


def test_places_are_in_the_delivered_coordinates():
    bow_tie = shapely.Polygon([(108.61, 33.52), (108.63, 33.54), (108.63, 33.52), (108.61, 33.54)])
    assert shape_of(bow_tie, "EPSG:4490")[3].startswith("自相交 Self-intersection at 108.62, 33.53; ")


def test_without_crs_nothing_is_measured():
    assert shape_of(box(0, 0, 10, 10), None) == (False, True, True, None, None)
    assert shape_of(BOW_TIE, None)[:4] == (False, True, False, "自相交 Self-intersection at 500005, 3800005")


@pytest.mark.parametrize("crs", ["EPSG:999999", "not a crs", ""])
def test_a_crs_that_nobody_knows(crs):
    assert shape_of(box(0, 0, 10, 10), crs) == (True, True, True, "无法按其坐标系定位 cannot be placed by its CRS", None)


NOT_LAND = {
    "null": (None, None, "没有图形 no geometry"),
    "empty": (shapely.Polygon(), None, "空图形 empty geometry"),
    "bytes": (b"not wkb", False, "图形无法读取 unreadable geometry"),
    "no bytes": (b"", False, "图形无法读取 unreadable geometry"),
    "curve": (curve_wkb(), False, "图形无法读取 unreadable geometry"),
    "curve in a collection": (struct.pack("<BII", 1, 7, 1) + curve_wkb(), False, "图形无法读取 unreadable geometry"),
    "point": (at(0), True, "不是面状图形 not a polygon"),
    "line": (shapely.LineString([CORNER, (EAST + 1, NORTH)]), True, "不是面状图形 not a polygon"),
    "collection": (shapely.GeometryCollection([box(0, 0, 1, 1), at(0)]), True, "不是面状图形 not a polygon"),
}


@pytest.mark.parametrize("name", NOT_LAND)
def test_what_is_no_polygon(name):
    geometry, valid, reason = NOT_LAND[name]
    assert shape_of(geometry) == (True, False, valid, reason, None)


def test_a_coordinate_that_is_no_number():
    wkb = polygon_wkb((EAST, NORTH), (EAST + 9, NORTH), (float("nan"), NORTH + 9), (EAST, NORTH + 9), (EAST, NORTH))
    reason = "坐标无效 Invalid Coordinate at nan, 3800009; 无法按其坐标系定位 cannot be placed by its CRS"
    assert shape_of(wkb) == (True, True, False, reason, None)


@pytest.mark.parametrize("side", [1e300, 1e10])
def test_larger_than_the_earth(side):
    """The first cannot be computed, the second would not fit the column; two of them overlap nothing."""
    con = fresh()
    for parcel, project in (("D1", "P1"), ("D2", "P2")):
        put(con, "parcels", shapely.box(0, 0, side, side), parcel_id=parcel, project_id=project)
    put(con, "parcels", box(0, 0, 10, 10), parcel_id="D3")
    locate_land(con, AS_OF, MEASURING)
    rows = con.execute("SELECT is_valid, invalid_reason, measured_m2, overlap_m2 FROM parcel_shape ORDER BY parcel_id").fetchall()
    assert rows[:2] == [(True, "无法按其坐标系定位 cannot be placed by its CRS", None, None)] * 2
    assert rows[2] == (True, None, Decimal("100.00"), Decimal("0.00"))


def test_an_open_ring_is_closed_and_told():
    wkb = polygon_wkb((EAST, NORTH), (EAST + 9, NORTH), (EAST + 9, NORTH + 9), (EAST, NORTH + 9))
    assert shape_of(wkb) == (True, True, False, "环未闭合 Ring not closed at 500000, 3800000", Decimal("81.00"))


def test_other_reasons_have_chinese_words_too():
    shell = [(0, 0), (10, 0), (10, 10), (0, 10)]
    shapes = [
        shapely.Polygon(shell, [[(20, 20), (21, 20), (21, 21)]]),
        shapely.MultiPolygon([shapely.Polygon(shell), shapely.box(1, 1, 2, 2)]),
        shapely.Polygon([(0, 0), (10, 0), (5, 5), (10, 10), (0, 10), (5, 5)]),
    ]
    told = [r.split(" at ")[0] for r in examined(shapely.to_wkb(shapes).astype(object)).reason]
    assert told == ["内环在外环之外 Hole lies outside shell", "外环嵌套 Nested shells", "环自相交 Ring Self-intersection"]


def test_a_ring_of_a_hundred_thousand_vertices():
    turn = np.linspace(0, 2 * np.pi, 100_001)
    circle = shapely.Polygon(np.column_stack([EAST + 1000 * np.cos(turn), NORTH + 1000 * np.sin(turn)]))
    assert shape_of(circle)[4] == Decimal("3141592.65")


def test_mixed_systems_are_measured_in_one_plane():
    con = fresh()
    put(con, "parcels", box(0, 0, 10, 10), parcel_id="D1")
    put(con, "parcels", shapely.box(36_500_000, NORTH, 36_500_010, NORTH + 10), "EPSG:4524", parcel_id="D2")
    put(con, "parcels", box(20, 0, 30, 10), None, parcel_id="D3")
    locate_land(con, AS_OF, MEASURING)
    assert con.execute("SELECT parcel_id, measured_m2, overlap_m2, overlap_parcel_id FROM parcel_shape").fetchall() == [
        ("D1", Decimal("100.00"), Decimal("100.00"), "D2"), ("D2", Decimal("100.00"), Decimal("100.00"), "D1"), ("D3", None, None, None),
    ]  # fmt: skip
    assert set(con.execute("FROM geo_choice").fetchall()) == {
        (table, PLANE) for table in ("parcel_shape", "project_land", "project_place", "project_near", "project_alike", "premises_place")
    }


def test_the_area_before_a_repair_is_kept_beside_the_one_after():
    con = fresh()
    for number, shape in enumerate((BOW_TIE, KNOT, box(20, 0, 30, 10), shapely.Point(0, 0))):
        put(con, "parcels", shape, parcel_id=f"D{number}")
    locate_land(con, AS_OF, MEASURING)
    assert con.execute("SELECT drawn_m2, measured_m2, repair_refused FROM parcel_shape ORDER BY parcel_id").fetchall() == [
        (0, None, True), (Decimal("10000.00"), Decimal("10000.50"), False), (100, 100, False), (None, None, False),
    ]  # fmt: skip


def in_plane(*corners: tuple[float, float]) -> tuple:
    """A shape drawn in degrees, its area and what is told of it, brought into the plane."""
    drawn = examined(np.array([shapely.to_wkb(shapely.Polygon(corners))], object))
    assert drawn.valid[0]
    land = measured(drawn, np.array(["EPSG:4490"], object), PLANE, MEASURING.repair_share)
    (shape,), (area,) = land.shapes, land.areas
    return shape, area, drawn.reason[0]


def test_what_only_the_plane_makes_invalid_is_mended_or_told():
    """A side along a parallel is straight in degrees; in the plane it passes 112 m north of the parallel's middle, over a corner there."""
    shape, area, reason = in_plane((107.5, 34), (108.5, 34), (108.5, 34.5), (108, 34.0005), (107.5, 34.5))
    assert shapely.is_valid(shape) and area == shapely.area(shape) and reason == ""
    shape, area, reason = in_plane((107.5, 34), (108.5, 34), (108.5, 34.0003), (108, 34.0005), (107.5, 34.0003))
    assert shape is None and np.isnan(area) and reason.startswith("修复未采用 repair refused: ")


def degrees(*west: float) -> Places:
    shapes = np.array([shapely.box(x, 34, x + 0.001, 34.001) for x in west])
    return Places(np.arange(len(west)), shapes, np.full(len(west), "EPSG:4490", object))


def test_land_wider_than_a_zone_is_measured_in_an_equal_area_plane():
    import pyproj

    assert plane_of(degrees(107, 108, 109.9)) == PLANE
    wide = degrees(104, 108, 112)
    plane = plane_of(wide)
    assert "CGCS2000 equal area 108E 34N" in plane
    drawn = examined(shapely.to_wkb(wide.geometries).astype(object))
    areas = measured(drawn, wide.crs, plane, MEASURING.repair_share).areas
    truth = [pyproj.Geod(ellps="GRS80").geometry_area_perimeter(s)[0] for s in wide.geometries]
    assert areas == pytest.approx(truth, rel=1e-6)


def test_one_stray_parcel_in_a_hundred_widens_nothing():
    assert plane_of(degrees(*[108 + n / 1000 for n in range(200)], 20)) == PLANE
    assert plane_of(degrees()) is None


def test_one_curve_among_many_costs_only_itself():
    sound = shapely.to_wkb(box(0, 0, 1, 1))
    shapes = parsed(np.array([sound] * 37 + [curve_wkb()] + [sound] * 25 + [b"x", None], object))
    assert np.flatnonzero(shapely.is_missing(shapes)).tolist() == [37, 63, 64]


corner = st.tuples(st.integers(0, 12), st.integers(0, 12))


@given(st.lists(corner, min_size=3, max_size=9))
def test_any_ring_is_measured_or_refused(corners):
    drawn = examined(np.array([shapely.to_wkb(ring(*corners))], object))
    before = shapely.area(drawn.shapes)[0]
    land = measured(drawn, np.array([PLANE], object), PLANE, MEASURING.repair_share)
    (shape,), (area,) = land.shapes, land.areas
    if drawn.valid[0]:
        assert area == before and drawn.reason[0] == ""
    elif shape is None:
        assert np.isnan(area) and "repair refused" in drawn.reason[0]
    else:
        assert shapely.is_valid(shape) and area == shapely.area(shape) > 0
        assert abs(area - before) <= 0.01 * before and "repaired" in drawn.reason[0]


def test_a_ring_that_one_repair_leaves_invalid():
    folded = ring((1, 0), (0, 1), (0, 0), (1, 0), (0, 1), (2, 2))
    assert not shapely.is_valid(shapely.make_valid(folded, method="structure", keep_collapsed=False))
    assert shapely.area(mend(np.array([folded])))[0] == 2


@given(st.lists(corner, min_size=3, max_size=9))
def test_mended_is_valid_and_mending_again_changes_nothing(corners):
    once = mend(np.array([ring(*corners)]))
    assert shapely.is_valid(once).all()
    assert shapely.equals(once, mend(once)).all() or shapely.is_empty(once).all()
