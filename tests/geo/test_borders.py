"""A border with more vertices on one side is no overlap and no gap, whatever the coordinate system; what was drawn apart is found."""

import datetime as dt
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning_check.geo.land.borders import with_common_vertices
from planning_check.geo.land.boundaries import locate_boundaries
from planning_check.geo.land.locate import locate_land
from tests.geo.tables import fresh, put
from tests.widths import MEASURING

DEGREES, PLANE = "EPSG:4490", "EPSG:4545"
AS_OF = dt.date(2011, 6, 30)
WEST, NORTH = 108.6, 33.0


def turned(shape, angle: float, size: float):
    """A shape of the unit square at any angle and of any size in degrees."""
    return shapely.transform(shapely.affinity.rotate(shape, angle, origin=(0, 0)), lambda xy: xy * size + np.array([WEST, NORTH]))


def with_extra(shape, shares):
    """The polygon with further vertices on its edges, at these shares of each."""
    corners = shapely.get_coordinates(shape)
    ring = [c for a, b in pairwise(corners) for c in (a, *(a + s * (b - a) for s in sorted(shares)))]
    return shapely.Polygon(ring)


def found(*shapes, crs=DEGREES) -> tuple[list[float], list[float], list[float], list[float]]:
    """Overlap and unmatched border, of the shapes as communities and as parcels of different projects."""
    con = fresh()
    for n, shape in enumerate(shapes):
        put(con, "communities", shape, crs, community_code=f"C{n}", community_name=f"C{n}")
        put(con, "parcels", shape, crs, parcel_id=f"Z{n}", project_id=f"P{n}")
    locate_boundaries(con, AS_OF, MEASURING)
    locate_land(con, AS_OF, MEASURING)
    facts = [
        ("boundary_overlap_m2", "community_shape", "community_code"),
        ("boundary_edge_m", "community_shape", "community_code"),
        ("overlap_m2", "parcel_shape", "parcel_id"),
        ("unmatched_edge_m", "parcel_shape", "parcel_id"),
    ]
    return tuple([float(v) for (v,) in con.execute(f"SELECT {f} FROM {table} ORDER BY {key}").fetchall()] for f, table, key in facts)


NOTHING = tuple([0.0, 0.0] for _ in range(4))
LOWER, UPPER = shapely.Polygon([(0, -1), (1, -1), (1, 0), (0, 0)]), shapely.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("angle", [0, 17, 45, 133])
@pytest.mark.parametrize("size", [0.001, 0.03, 0.3])  # 100 m, 3 km, 30 km
def test_one_border_with_more_vertices_on_one_side(size, angle, order):
    shapes = [turned(LOWER, angle, size), with_extra(turned(UPPER, angle, size), [1 / 3, 0.5, 0.7])]
    assert found(*shapes[::order]) == NOTHING


@pytest.mark.parametrize("crs", [DEGREES, PLANE])
def test_three_that_meet_in_a_t_junction(crs):
    left, right = (shapely.Polygon([(a, 0), (b, 0), (b, 1), (a, 1)]) for a, b in ((0, 1 / 3), (1 / 3, 1)))
    shapes = [turned(s, 31, 0.02) for s in (LOWER, left, right)]
    if crs == PLANE:
        shapes = [shapely.transform(s, lambda xy: (xy - [WEST, NORTH]) * 1e5 + [500_000, 3_800_000]) for s in shapes]
    assert found(*shapes, crs=crs) == tuple([0.0] * 3 for _ in range(4))


def test_vertices_written_to_seven_decimals():
    shapes = [turned(LOWER, 31, 0.02), with_extra(turned(UPPER, 31, 0.02), [0.21, 0.5, 0.83])]
    shapes = [shapely.transform(s, lambda xy: np.round(xy, 7)) for s in shapes]
    assert found(*shapes) == NOTHING


@pytest.mark.parametrize("metres", [1, -1])
def test_what_is_drawn_a_metre_over_or_apart_is_found(metres):
    moved = shapely.transform(with_extra(turned(UPPER, 0, 0.01), [0.3, 0.6]), lambda xy: xy - [0, metres / 111_000])
    overlap, edge, _, parcel_edge = found(turned(LOWER, 0, 0.01), moved)
    if metres > 0:
        assert all(900 < m2 < 960 for m2 in overlap)
        assert all(m > 900 for m in (*edge, *parcel_edge))
    else:
        assert overlap == [0, 0], "a strip of a metre is a road"


def test_holes_and_parts_keep_their_place():
    ground = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 3), (3, 3), (3, 1)]])
    island = with_extra(shapely.box(1, 1, 3, 3), [0.5])
    apart = shapely.MultiPolygon([shapely.box(6, 0, 7, 1), shapely.box(8, 0, 9, 1)])
    shapes = np.array([ground, island, apart, None], object)
    made = with_common_vertices(shapes, np.array([PLANE, PLANE, PLANE, None], object), 0.01)
    assert [shapely.get_num_coordinates(s) for s in made] == [14, 9, 10, 0]
    assert len(made[0].interiors[0].coords) == 9 and shapely.equals(made[0], ground)
    assert made[2] is apart and made[3] is None


@settings(max_examples=12, deadline=None)
@example(3, 2, 456, 0.0005)  # vertices of two neighbours a centimetre apart on their common border
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 10**6), st.sampled_from([0.0005, 0.01, 0.1]))
def test_any_tiling_has_no_overlap_and_no_gap(across, down, seed, size):
    """Quadrilaterals between jittered grid points, each with collinear vertices of its own."""
    random = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(np.arange(across + 1), np.arange(down + 1), indexing="ij"), axis=-1) + random.uniform(
        -0.3, 0.3, (across + 1, down + 1, 2)
    )
    cells = []
    for x in range(across):
        for y in range(down):
            cell = shapely.Polygon([grid[x, y], grid[x + 1, y], grid[x + 1, y + 1], grid[x, y + 1]])
            cells.append(turned(with_extra(cell, random.uniform(0.05, 0.95, random.integers(0, 4))), 0, size))
    assert found(*cells) == tuple([0.0] * len(cells) for _ in range(4))
