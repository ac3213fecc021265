"""Shapes of findings, in degrees: their own, else their project's land; none where the place is unknown."""

from types import SimpleNamespace

import shapely

from planning_check.report.told.places import located

ZONE_36 = "EPSG:4545"  # CGCS2000, 3-degree, central meridian 108 east, easting 500 km at it
SQUARE = shapely.box(500_000, 3_600_000, 500_100, 3_600_100)


def row(subject, key, geometry, *, project=None, crs=ZONE_36, name=None):
    wkb = geometry if isinstance(geometry, bytes | None) else shapely.to_wkb(geometry)
    return SimpleNamespace(subject=subject, subject_key=key, project_id=project, name=name, crs=crs, geometry=wkb)


def finding(subject, key, project=None):
    return {"subject": subject, "subject_key": key, "project_id": project}


def test_its_own_shape_else_its_projects_land_else_none():
    places = located(
        [
            row("parcel", "L1", SQUARE, project="P1", name="一号地"),
            row("parcel", "L2", shapely.box(500_200, 3_600_000, 500_300, 3_600_100), project="P1"),
            row("premises", "U1", shapely.Point(500_050, 3_600_050), project="P1"),
        ]
    )
    own = places.of(finding("premises", "U1", "P1"))
    assert own.geom_type == "Point"
    land = places.of(finding("project", "P1", "P1"))
    assert shapely.get_num_geometries(land) == 2
    assert places.of(finding("agreement", "A1", "P1")).equals(land)
    assert land.covers(own)
    assert abs(own.x - 108.0005) < 0.0001  # 50 m east of the meridian
    assert 32 < own.y < 33
    assert places.of(finding("project", "P2", "P2")) is None
    assert places.of(finding("community", "C1", None)) is None
    assert [(key, name) for key, name, _ in places.layer("parcel")] == [("L1", "一号地"), ("L2", "")]


def test_what_cannot_be_placed_is_left_out():
    places = located(
        [
            row("parcel", "no_crs", SQUARE, crs=None, project="P1"),
            row("parcel", "nothing", None, project="P2"),
            row("parcel", "empty", shapely.Polygon(), project="P3"),
            row("parcel", "broken", b"\x01\x02", project="P4"),
            row("parcel", "good", SQUARE, project="P5"),
        ]
    )
    assert [key for key, *_ in places.layer("parcel")] == ["good"]
    assert [key for key, *_ in places.layer("project")] == ["P5"]


def test_no_shapes_at_all():
    assert located([]).of(finding("project", "P1", "P1")) is None
