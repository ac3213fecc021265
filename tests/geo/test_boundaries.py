"""Boundaries of communities: what is wrong with them is found and said, never mended in silence; edges that nearly meet."""

import datetime as dt

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from planning_check.geo.land.boundaries import locate_boundaries
from planning_check.geo.land.edges import unmatched_edges
from tests.facts.tables import AS_OF
from tests.geo.tables import PLANE, box, fresh, put, ring
from tests.widths import MEASURING

NARROW_M = MEASURING.narrow_m


@pytest.fixture
def con():
    return fresh()


def found(con) -> dict[str, tuple]:
    locate_boundaries(con, AS_OF, MEASURING)
    return {row[0]: row[1:] for row in con.execute("FROM community_shape").fetchall()}


def community(con, code: str, shape, crs: str | None = PLANE, **fields) -> None:
    put(con, "communities", shape, crs, community_code=code, community_name=code, district_code="610902", **fields)


def test_what_is_wrong_is_said_with_the_area_before_and_after(con):
    community(con, "C1", box(0, 0, 100, 100))
    community(con, "C2", ring((100, 0), (200, 100), (200, 0), (100, 100)))  # bow-tie: its halves cancel out
    community(con, "C3", shapely.LineString([(0, 0), (10, 10)]))
    community(con, "C4", ring((300, 0), (400, 0), (400, 100), (300, 100), (300, 50), (299, 50), (300, 50)))  # a spike
    rows = found(con)
    assert rows["C1"][:5] == (True, True, None, 10_000, 10_000)
    polygon, valid, reason, before, after = rows["C2"][:5]
    assert (polygon, valid, after) == (True, False, None), "half of it would be lost: refused"
    assert "自相交" in reason
    assert rows["C3"][:2] == (False, True)
    polygon, valid, reason, before, after = rows["C4"][:5]
    assert (polygon, valid, before, after) == (True, False, 10_000, 10_000)


def test_overlaps_and_borders_that_do_not_meet(con):
    community(con, "C1", box(0, 0, 100, 100))
    community(con, "C2", box(90, 0, 200, 100))
    community(con, "C3", box(200.2, 0, 300, 100))  # a gap of 20 cm
    community(con, "C4", box(310, 0, 400, 100))  # a road
    community(
        con, "C5", box(0, 0, 400, 100), valid_to_lo=dt.date(2005, 1, 1), valid_to_hi=dt.date(2005, 1, 1)
    )  # abolished, its land is the others'
    rows = found(con)
    assert "C5" not in rows
    assert [(rows[c][5], rows[c][6]) for c in ("C1", "C2", "C3", "C4")] == [(1000, "C2"), (1000, "C1"), (0, None), (0, None)]
    edges = {c: float(rows[c][7]) for c in rows}
    assert edges["C3"] == pytest.approx(100, abs=1)
    assert edges["C2"] > 200
    assert edges["C4"] == 0


def test_without_crs_nothing_is_measured_but_faults_are_seen(con):
    community(con, "C1", ring((0, 0), (100, 100), (100, 0), (0, 100)), crs=None)
    community(con, "C2", None)
    rows = found(con)
    assert rows.keys() == {"C1"}
    assert rows["C1"][:2] == (True, False)
    assert rows["C1"][3:] == (None, None, None, None, None)


def test_thousands_of_broken_ones_are_each_told(con):
    generator = np.random.default_rng(5)
    for n in range(60):
        for m in range(50):
            x, y = 200 * n, 200 * m
            corners = [(x + a, y + b) for a, b in generator.uniform(0, 150, (7, 2))]
            community(con, f"C{n:02d}{m:02d}", ring(*corners))
    rows = found(con)
    broken = [row for row in rows.values() if not row[1]]
    assert len(rows) == 3000
    assert len(broken) > 2000
    assert all(row[2] for row in broken)
    assert all(row[4] is None or abs(row[4] - row[3]) <= row[3] / 100 for row in broken), "no silent change"


@given(st.integers(1, 6), st.integers(1, 6), st.floats(0.02, NARROW_M - 0.02), st.booleans())
def test_a_grid_has_no_unmatched_edge_until_one_cell_is_moved(across, down, shift, apart):
    x, y = (a.ravel() * 10.0 for a in np.meshgrid(np.arange(across + 1), np.arange(down)))
    cells = shapely.box(x, y, x + 10, y + 10)
    assert (unmatched_edges(cells, NARROW_M) == 0).all()
    moved = cells.copy()
    moved[across] = shapely.transform(cells[across], lambda xy: xy + np.array([shift if apart else -shift, 0]))
    edges = unmatched_edges(moved, NARROW_M)
    assert edges[across] >= 10
    assert edges[across - 1] >= 9.9
    wide = cells.copy()
    wide[across] = shapely.transform(cells[across], lambda xy: xy + np.array([3 * NARROW_M, 0]))
    if down == 1:
        assert (unmatched_edges(wide, NARROW_M) == 0).all(), "a road is no gap"


def test_block_by_block_is_the_same_as_all_at_once(monkeypatch):
    generator = np.random.default_rng(3)
    x, y = (a.ravel() * 10.0 for a in np.meshgrid(np.arange(60), np.arange(40)))
    cells = shapely.box(x, y, x + 10, y + 10)
    moved = generator.choice(len(cells), 200, replace=False)
    cells[moved] = shapely.transform(cells[moved], lambda xy: xy + 0.2)
    shapes = np.append(generator.permutation(cells), [shapely.box(0, 0, 600, 3), None])
    at_once = shapely.length(shapely.coverage_invalid_edges(shapes, gap_width=NARROW_M))
    assert (at_once[:-1] > 0).sum() > 400
    for rows in (7, 100, 900):
        monkeypatch.setattr("planning_check.geo.land.edges.CHUNK", rows)
        in_blocks = unmatched_edges(shapes, NARROW_M)
        assert np.array_equal(in_blocks[:-1], at_once[:-1])
        assert np.isnan(in_blocks[-1])


def test_no_shape_no_edge():
    assert np.isnan(unmatched_edges(np.array([None], object), NARROW_M))[0]
    assert len(unmatched_edges(np.array([], object), NARROW_M)) == 0
