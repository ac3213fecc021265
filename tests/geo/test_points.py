"""Offices, rooms and idle facilities in the communities that cover them; neighbours with names alike; the fitness of rooms."""

import datetime as dt
import math

import pytest
import shapely

from planning_check.geo.land.locate import locate_land
from planning_check.geo.places.points import locate_points
from tests.facts.tables import AS_OF
from tests.geo.tables import EAST, NORTH, at, box, fresh, put
from tests.widths import MEASURING


@pytest.fixture
def con():
    return fresh()


def community(con, code, shape, **fields):
    put(con, "communities", shape, community_code=code, community_name=code, district_code="610902", **fields)


def places(con) -> dict[tuple[str, str], tuple]:
    locate_points(con, AS_OF, MEASURING)
    return {(t, k): (c, off if off is None else float(off)) for t, k, c, off in con.execute("FROM point_place").fetchall()}


def test_each_in_the_community_that_covers_it(con):
    community(con, "C2", box(0, 0, 100, 100))
    community(con, "C1", box(100, 0, 200, 100))
    gone = {"valid_to_lo": dt.date(2000, 1, 1), "valid_to_hi": dt.date(2000, 1, 1)}
    community(con, "C0", box(0, 0, 200, 100), **gone)
    put(con, "offices", at(50, 50), office_id="O1", community_code="C2")
    put(con, "offices", at(150, 50), office_id="O2", community_code="C2")
    put(con, "offices", at(100, 50), office_id="O3", community_code="C2")  # on the border: both cover it
    put(con, "offices", at(500, 50), office_id="O4", community_code="C1")
    put(con, "offices", at(50, 50), office_id="O5", community_code="C9")  # a community without boundary
    put(con, "offices", None, office_id="O6", community_code="C1")
    put(con, "offices", at(50, 50), None, office_id="O7", community_code="C2")  # no CRS
    put(con, "premises", box(40, 40, 60, 60), premises_id="R1", project_id="P1")  # drawn as an area
    put(con, "idle_facilities", at(150, 1), facility_id="F1")
    assert places(con) == {
        ("offices", "O1"): ("C2", 0.0), ("offices", "O2"): ("C1", 50.0), ("offices", "O3"): ("C1", 0.0), ("offices", "O4"): (None, 300.0),
        ("offices", "O5"): ("C2", None), ("premises", "R1"): ("C2", None), ("idle_facilities", "F1"): ("C1", None),
    }  # fmt: skip


def test_without_boundaries_nothing_is_known(con):
    put(con, "offices", at(50, 50), office_id="O1", community_code="C2")
    assert places(con) == {}


def develop(con, project, name, code, west):
    put(con, "projects", project_id=project, developer_name=name, developer_code=code)
    put(con, "parcels", box(west, 0, west + 50, 50), parcel_id=f"{project}-1", project_id=project)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("安康市宏远房地产开发有限公司", "A"), ("宏远置业有限责任公司", "B"), True),
        (("宏远房地产开发有限公司", "A"), ("宏达房地产开发有限公司", "B"), False),  # two characters: one apart says nothing
        (("新宏远置业有限公司", "A"), ("新宏源置业有限公司", "B"), True),
        (("新宏远置业有限公司", None), ("新宏远地产（集团）有限公司", "B"), True),
        (("宏远置业有限公司", "A"), ("宏远置业有限公司", "A"), False),  # one code: AP03's business
        (("置业有限公司", "A"), ("房地产开发公司", "B"), False),  # nothing of their own
        ((None, "A"), (None, "B"), False),
    ],
)
def test_names_alike_are_proposed(con, one, other, alike):
    develop(con, "P1", *one, 0)
    develop(con, "P2", *other, 80)
    develop(con, "P3", *other, 500)
    locate_land(con, AS_OF, MEASURING)
    found = [(a, b, float(m)) for a, b, m in con.execute("FROM project_alike").fetchall()]
    assert found == ([("P1", "P2", 30.0)] if alike else [])


def test_how_fit_a_room_is(con):
    put(con, "projects", project_id="P1")
    put(con, "parcels", box(0, 0, 300, 400), parcel_id="L1", project_id="P1")
    put(con, "premises", at(0, 0), premises_id="R1", project_id="P1")
    put(con, "premises", box(100, 100, 120, 120), premises_id="R2", project_id="P1")
    put(con, "premises", box(0, 0, 100, 1), premises_id="R3", project_id="P1")
    put(con, "premises", shapely.Point(EAST, NORTH).buffer(10, quad_segs=64), premises_id="R4", project_id="P1")
    put(con, "premises", None, premises_id="R5", project_id="P1")
    locate_land(con, AS_OF, MEASURING)
    rows = {k: (f, c) for k, f, c in con.execute("SELECT premises_id, farthest_m, compactness FROM premises_place").fetchall()}
    assert (float(rows["R1"][0]), rows["R1"][1]) == (500.0, None)
    assert float(rows["R2"][1]) == pytest.approx(math.pi / 4, abs=1e-5)
    assert float(rows["R3"][1]) < 0.04
    assert float(rows["R4"][1]) > 0.99
    assert rows["R5"] == (None, None)
