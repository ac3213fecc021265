import numpy as np
import shapely

from planning_check.geo.land.collect import together
from tests.geo.tables import EAST, NORTH, PLANE

BOW_TIE = shapely.Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
ONE, TWO = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
RING = shapely.box(5, 5, 9, 9).difference(shapely.box(6, 6, 7, 7))


def put_together(*parcels):
    """Parcels as (key, shape or WKB, CRS)."""
    wkb = [shapely.to_wkb(shape) if isinstance(shape, shapely.Geometry) else shape for _, shape, _ in parcels]
    columns = ([p[0] for p in parcels], wkb, [p[2] for p in parcels])
    return together(*(np.array([*column, None], object)[:-1] for column in columns))


def test_parcels_of_one_key_are_one_shape_not_merged():
    found = put_together(
        ("P1", ONE, PLANE), ("P1", TWO, PLANE), ("P2", shapely.MultiPolygon([ONE, RING]), PLANE), ("P3", ONE, None),
        ("P4", shapely.LineString([(0, 0), (1, 1)]), PLANE),
        ("P5", shapely.GeometryCollection([shapely.MultiPolygon([ONE, TWO]), shapely.Point(0, 0)]), PLANE),
        ("P6", shapely.force_3d(BOW_TIE), PLANE), ("P7", b"not wkb", PLANE), ("P7", shapely.Polygon(), PLANE),
    )  # fmt: skip
    assert dict(zip(found.keys, found.geometries, strict=True)) == {
        "P1": shapely.MultiPolygon([ONE, TWO]), "P2": shapely.MultiPolygon([ONE, RING]), "P5": shapely.MultiPolygon([ONE, TWO]),
        "P6": shapely.MultiPolygon([BOW_TIE]),
    }  # fmt: skip
    assert set(found.crs) == {PLANE}


def test_keys_need_not_stand_together():
    found = put_together(("P2", ONE, PLANE), ("P1", TWO, PLANE), ("P2", RING, PLANE))
    assert list(found.keys) == ["P1", "P2"]
    assert list(found.geometries) == [shapely.MultiPolygon([TWO]), shapely.MultiPolygon([ONE, RING])]


def test_parcels_in_two_systems_are_given_in_the_first():
    square = shapely.box(EAST, NORTH, EAST + 10, NORTH + 10)
    found = put_together(("P1", square, PLANE), ("P1", shapely.box(36_500_020, NORTH, 36_500_030, NORTH + 10), "EPSG:4524"))
    assert list(found.crs) == [PLANE]
    expected = shapely.MultiPolygon([square, shapely.box(EAST + 20, NORTH, EAST + 30, NORTH + 10)])
    assert shapely.hausdorff_distance(found.geometries[0], expected) < 0.001


def test_nothing():
    assert len(put_together()) == 0
