"""Land that two projects claim, checked by head and against comparing every pair."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.geo import spread
from planning_check.geo.land.locate import locate_land
from planning_check.geo.land.overlaps import overlaps
from tests.geo.tables import box, fresh, put, ring
from tests.widths import MEASURING


def overlaps_of(*parcels: tuple[str, str | None, shapely.Geometry]) -> dict[str, tuple]:
    con = fresh()
    for parcel, project, shape in parcels:
        put(con, "parcels", shape, parcel_id=parcel, project_id=project)
    locate_land(con, dt.date(2011, 6, 30), MEASURING)
    rows = con.execute("SELECT parcel_id, overlap_m2, overlap_parcel_id, overlap_project_id FROM parcel_shape").fetchall()
    return {parcel: (None if m2 is None else float(m2), *rest) for parcel, m2, *rest in rows}


def test_two_projects_on_one_strip():
    assert overlaps_of(("D1", "P1", box(0, 0, 100, 100)), ("D2", "P2", box(90, 0, 200, 50)), ("D3", "P3", box(200, 0, 300, 50))) == {
        "D1": (500.0, "D2", "P2"), "D2": (500.0, "D1", "P1"), "D3": (0.0, None, None),
    }  # fmt: skip


def test_parcels_of_one_project_may_lie_on_each_other_and_of_none_may_not():
    square = box(0, 0, 10, 10)
    assert overlaps_of(("D1", "P1", square), ("D2", "P1", square))["D1"] == (0.0, None, None)
    assert overlaps_of(("D1", None, square), ("D2", None, square))["D1"] == (100.0, "D2", None)
    assert overlaps_of(("D1", "P1", square), ("D2", None, square)) == {"D1": (100.0, "D2", None), "D2": (100.0, "D1", "P1")}


def test_land_that_several_claim_is_shared_once_and_the_largest_is_named():
    found = overlaps_of(
        ("D1", "P1", box(0, 0, 100, 100)),
        ("D4", "P2", box(0, 0, 10, 10)),
        ("D3", "P3", box(0, 0, 20, 10)),
        ("D2", "P4", box(50, 50, 70, 60)),
    )
    assert found["D1"] == (400.0, "D2", "P4")  # 200 with D2 and with D3: the smaller id; D4 lies in D3
    assert found["D4"] == (100.0, "D1", "P1")


def test_a_neighbours_two_parcels_on_each_other_take_the_land_once():
    found = overlaps_of(("D1", "P1", box(0, 0, 100, 100)), ("D2", "P2", box(90, 0, 200, 60)), ("D3", "P2", box(90, 40, 200, 100)))
    assert found["D1"][0] == 1000.0


def test_slivers_do_not_count():
    """Below 1 m2 is measuring; 1 m2 is not."""
    west = box(0, 0, 100, 100)
    assert overlaps_of(("D1", "P1", west), ("D2", "P2", box(99.99, 0, 200, 99)))["D1"] == (0.0, None, None)
    assert overlaps_of(("D1", "P1", west), ("D2", "P2", box(99.99, 0, 200, 100)))["D1"] == (1.0, "D2", "P2")


def test_boxes_that_meet_are_no_overlap():
    lower, upper = ring((0, 0), (100, 0), (100, 100)), ring((0, 0), (0, 100), (100, 100))
    assert overlaps_of(("D1", "P1", lower), ("D2", "P2", upper))["D1"] == (0.0, None, None)


def test_a_parcel_that_cannot_be_measured_overlaps_nobody_knows_what():
    bow_tie = ring((0, 0), (10, 10), (10, 0), (0, 10))
    assert overlaps_of(("D1", "P1", bow_tie), ("D2", "P2", box(0, 0, 10, 10))) == {"D1": (None, None, None), "D2": (0.0, None, None)}


side = st.integers(0, 40)
square = st.tuples(side, side, st.integers(1, 15), st.integers(1, 15), st.integers(-1, 4))


def _cells(one):
    x, y, w, h, _ = one
    return {(a, b) for a in range(x, x + w) for b in range(y, y + h)}


def _sharing(squares, i):
    return [j for j, other in enumerate(squares) if j != i and (other[4] != squares[i][4] or other[4] < 0)]


@settings(max_examples=60, deadline=None)
@given(st.lists(square, min_size=1, max_size=25))
def test_overlaps_are_what_comparing_every_pair_gives(squares):
    shapes = np.array([shapely.box(x, y, x + w, y + h) for x, y, w, h, _ in squares], object)
    projects = np.array([s[4] for s in squares])
    found = overlaps(shapes, projects, MEASURING.sliver_m2)
    total, most = found.total, found.most
    for i, (x, y, w, h, project) in enumerate(squares):
        shared = [
            max(0, min(x + w, a + c) - max(x, a)) * max(0, min(y + h, b + d) - max(y, b))
            if i != j and (project != other or project < 0)
            else 0
            for j, (a, b, c, d, other) in enumerate(squares)
        ]
        cells = {cell for j in _sharing(squares, i) for cell in _cells(squares[i]) & _cells(squares[j])}
        assert total[i] == 100 * len(cells)
        assert most[i] == (shared.index(max(shared)) if any(shared) else -1)


def test_many_parcels_are_the_same_on_threads():
    """Squares of 10 m every 8 m in rows 20 m apart: 20 m2 with either neighbour in the row."""
    across, down = 250, 200
    assert across * down > 2 * spread.CHUNK
    x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(across) * 8, np.arange(down) * 20))
    found = overlaps(shapely.box(x, y, x + 10, y + 10), np.arange(across * down), MEASURING.sliver_m2)
    total, most = found.total, found.most
    ends = (x == 0) | (x == x.max())
    assert (total[ends] == 2000).all() and (total[~ends] == 4000).all()
    number = np.arange(across * down)
    assert (most == np.where(x == 0, number + 1, number - 1)).all()


def test_decimals_stay_exact():
    assert overlaps_of(("D1", "P1", box(0, 0, 10, 10)), ("D2", "P2", box(9.85, 0, 20, 7.7)))["D1"][0] == float(
        Decimal("1.16")
    )  # 0.15 x 7.7 = 1.155
