"""Parcels of one project that overlap: their land counts once, they are told, and the map shows what they share."""

import datetime as dt
from decimal import Decimal

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.geo.land.boundaries import locate_boundaries
from planning_check.geo.land.locate import locate_land
from planning_check.report.told.places import located
from tests.geo.tables import EAST, NORTH, PLANE, box, fresh, put
from tests.widths import MEASURING

AS_OF = dt.date(2011, 6, 30)


def measured(*parcels, communities=()):
    """``parcels``: (project, shape)."""
    con = fresh()
    for n, (project, shape) in enumerate(parcels):
        put(con, "parcels", shape, parcel_id=f"Z{n}", project_id=project)
    for project in sorted({p for p, _ in parcels}):
        put(con, "projects", project_id=project)
    for n, shape in enumerate(communities):
        put(con, "communities", shape, community_code=f"C{n}", community_name=f"C{n}")
    locate_boundaries(con, AS_OF, MEASURING)
    locate_land(con, AS_OF, MEASURING)
    return con


def rows(con, what: str) -> list[tuple]:
    return con.execute(f"SELECT {what}").fetchall()


def test_land_of_two_parcels_of_a_project_counts_once():
    con = measured(
        ("P1", box(0, 0, 100, 100)), ("P1", box(50, 0, 150, 100)), communities=[box(-10, -10, 110, 110), box(110, -10, 200, 110)]
    )
    assert rows(con, "parcel_area_m2, community_shares FROM project_place") == [(Decimal(15000), "C0 73.33%, C1 26.67%")]
    assert rows(con, "parcel_id, own_overlap_m2, own_overlap_parcel_id, overlap_m2, measured_m2 FROM parcel_shape ORDER BY 1") == [
        ("Z0", Decimal(5000), "Z1", Decimal(0), Decimal(10000)),
        ("Z1", Decimal(5000), "Z0", Decimal(0), Decimal(10000)),
    ]


def test_one_parcel_delivered_twice_under_one_project_counts_once():
    con = measured(
        ("P1", box(0, 0, 100, 100)), ("P1", box(0, 0, 100, 100)), ("P1", box(20, 20, 40, 40)), communities=[box(-10, -10, 110, 110)]
    )
    assert rows(con, "parcel_area_m2, community_shares FROM project_place") == [(Decimal(10000), "C0 100.00%")]


def test_parcels_of_two_projects_each_keep_their_land():
    con = measured(("P1", box(0, 0, 100, 100)), ("P2", box(50, 0, 150, 100)), communities=[box(-10, -10, 200, 110)])
    assert rows(con, "project_id, parcel_area_m2 FROM project_place ORDER BY 1") == [("P1", Decimal(10000)), ("P2", Decimal(10000))]
    assert rows(con, "own_overlap_m2, overlap_m2 FROM parcel_shape ORDER BY parcel_id") == [(Decimal(0), Decimal(5000))] * 2


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(20, 90)] * 2), min_size=1, max_size=6))
def test_the_land_of_a_project_is_the_union_of_its_parcels(corners):
    shapes = [box(x, y, x + width, y + depth) for x, y, width, depth in corners]
    con = measured(*(("P1", shape) for shape in shapes), communities=[box(-10, -10, 70, 300), box(70, -10, 300, 300)])
    union = shapely.union_all(shapes)
    ((area, parts),) = rows(con, "parcel_area_m2, share_parts FROM project_place")
    assert area == Decimal(str(round(union.area, 2)))
    shares = {part.split()[0]: int(part.split()[1]) for part in parts.split(",")}
    west = shapely.intersection(union, box(-10, -10, 70, 300)).area / union.area
    if min(west, 1 - west) * 100 > MEASURING.ignored_share_percent:
        assert abs(shares["C0"] / 1e6 - west) < 1e-4


def shown(con) -> dict[tuple[str, str], float]:
    """The pieces that the map would show, in m2."""
    return {(s, k): shapely.from_wkb(bytes(g)).area for s, k, g in rows(con, "subject, subject_key, geometry FROM overlap_piece")}


def test_the_finding_of_an_overlap_carries_the_land_shared():
    two = [box(-500, -500, 100, 500), box(90, -500, 500, 500)]
    con = measured(("P1", box(0, 0, 100, 100)), ("P1", box(80, 0, 150, 100)), ("P2", box(0, 95, 50, 200)), communities=two)
    assert shown(con) == {
        ("parcel_own_overlap", "Z0"): 2000, ("parcel_own_overlap", "Z1"): 2000, ("parcel_overlap", "Z0"): 250,
        ("parcel_overlap", "Z2"): 250,
        ("community_overlap", "C0"): 10000, ("community_overlap", "C1"): 10000,
    }  # fmt: skip


class Row:
    def __init__(self, subject, shape):
        self.subject, self.subject_key, self.project_id, self.name = subject, "Z0", None, None
        self.crs, self.geometry = PLANE, shapely.to_wkb(shape)


def test_the_map_places_a_finding_by_its_status():
    whole, piece, own = box(0, 0, 100, 100), box(0, 0, 10, 10), box(50, 50, 60, 60)
    places = located([Row("parcel", whole), Row("parcel_overlap", piece), Row("parcel_own_overlap", own)])

    def middle(status):
        shape = places.of({"subject": "parcel", "subject_key": "Z0", "project_id": None, "status": status})
        back = shapely.transform(shape, _in_plane)
        return tuple(np.round(shapely.get_coordinates(shapely.centroid(back))[0] - [EAST, NORTH]).astype(int))

    assert [middle(s) for s in ("overlaps", "same_parcel", "overlaps_own", "invalid", None)] == [
        (5, 5),
        (5, 5),
        (55, 55),
        (50, 50),
        (50, 50),
    ]


def _in_plane(xy):
    import pyproj

    return np.column_stack(pyproj.Transformer.from_crs("EPSG:4490", PLANE, always_xy=True).transform(*xy.T))
