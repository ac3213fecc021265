"""People spread over land, what lies within reach, who is sent where, and a pack's own table of facilities."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check import following
from planning_check.pipeline.rules import bundled, load_rules
from planning_check.rulebook.facilities import facilities_of
from planning_check.siting.assigning import Group, assigned
from planning_check.siting.choice import choose
from planning_check.siting.demand import divided, spread
from planning_check.siting.ground import Ground
from planning_check.siting.reach import places_within
from planning_check.siting.result import Community
from planning_check.siting.supply import supply_of
from tests.geo.tables import PLANE, at, box
from tests.siting.made import problems, served, told

L_SHAPE = shapely.Polygon([(0, 0), (300, 0), (300, 100), (100, 100), (100, 300), (0, 300)])


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_people_are_divided_to_the_last_one(people, parts):
    made = divided(people, parts)
    assert made.sum() == people and len(made) == parts and made.max() - made.min() <= 1


@pytest.mark.parametrize(("shape", "spacing", "at_most", "points"), [
    (box(0, 0, 200, 200), 100, 400, 4), (box(0, 0, 200, 200), 50, 400, 16), (L_SHAPE, 100, 400, 5), (box(3, 3, 7, 7), 100, 400, 1),
    (box(0, 0, 1000, 1000), 10, 100, 100),
])  # fmt: skip
def test_a_grid_inside_the_land(shape, spacing, at_most, points):
    made, people = spread(shape, 1_003, spacing, at_most)
    assert len(made) == points and people.sum() == 1_003
    assert shapely.contains_xy(shape, made[:, 0], made[:, 1]).all()


def test_a_place_reaches_to_its_radius_and_no_further():
    points = np.array([[0.0, 0.0], [300.0, 0.0], [300.01, 0.0], [0.0, 10.0]])
    places = places_within(points, np.array([[0.0, 0.0], [1e6, 0.0]]), np.array([5, 5]), 300)
    assert [places.reach(0).tolist(), places.reach(1).tolist()] == [[0, 3, 1], []]


@given(problems())
@settings(deadline=None)
def test_everybody_who_can_be_served_is_sent_somewhere_that_has_room(given):
    """The totals are those of the choice; what is there keeps serving as many as it can."""
    answer = choose(given, 60)
    numbers = np.array(answer.best.numbers, np.int64)
    chosen, count = given.sites.of(numbers), len(given.people)
    xy = np.stack([np.arange(count) * 10.0, np.zeros(count)], -1)
    spots = [np.zeros((len(places), 2)) for places in (given.present, chosen)]
    by_point, serves = assigned(
        given.people, xy, Group(given.present, spots[0], answer.served_now), Group(chosen, spots[1], answer.best.people)
    )
    assert (by_point <= given.people).all() and (serves <= chosen.capacity).all()
    assert by_point.sum() == answer.served_now + answer.best.people == served(given.people.tolist(), told(given.present) + told(chosen))
    assert serves.sum() == answer.best.people


def test_of_those_who_can_be_served_the_nearest_are():
    """Room for 5 between 5 people at 10 m and 5 at 200 m."""
    xy = np.array([[200.0, 0.0], [10.0, 0.0]])
    place = places_within(xy, np.array([[0.0, 0.0]]), np.array([5]), 300)
    none = places_within(xy, np.zeros((0, 2)), np.zeros(0, np.int64), 300)
    by_point, _ = assigned(np.array([5, 5]), xy, Group(place, np.zeros((1, 2)), 5), Group(none, np.zeros((0, 2)), 0))
    assert by_point.tolist() == [0, 5]


@pytest.fixture
def ground():
    communities = (Community("C1", "榕园", "甲区", 100, 40), Community("C2", "花墙", "甲区", 100, 40))
    return Ground(PLANE, communities, np.array([box(0, 0, 200, 200), None], object), {})


@pytest.fixture
def registers():
    con = duckdb.connect()
    con.execute("CREATE TABLE delivered (table_name VARCHAR, field VARCHAR)")
    con.execute("CREATE TABLE quarantine (table_name VARCHAR, code VARCHAR)")
    con.execute("CREATE TABLE communities (community_code VARCHAR, community_name VARCHAR)")
    con.execute("CREATE TABLE community_facilities (community_code VARCHAR, kind VARCHAR, area_m2 DECIMAL(18, 2))")
    con.execute(
        "CREATE TABLE service_facilities (facility_id VARCHAR, community_code VARCHAR, kind VARCHAR, name VARCHAR, area_m2 DECIMAL(18, 2),"
        " capacity BIGINT, open_to_residents BOOLEAN, geometry BLOB, geometry_crs VARCHAR)"
    )
    con.execute("INSERT INTO delivered VALUES ('community_facilities', 'kind'), ('service_facilities', 'kind')")
    return con


def own(con, key, kind, community="C1", area=None, capacity=None, is_open=True, point=None):
    row = [key, community, kind, key, area, capacity, is_open, point and shapely.to_wkb(point), PLANE if point else None]
    con.execute("INSERT INTO service_facilities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def kind(code):
    return facilities_of([bundled("rules") / "packs" / "facilities"]).kinds[code]


def test_a_packs_own_table_tells_by_place_capacity_and_whether_it_is_open(registers, ground):
    own(registers, "S1", "elderly", area=100, point=at(10, 20))
    own(registers, "S2", "elderly", area=50, capacity=70)  # 70 at a time is not 70 people served; no place: inside its community
    own(registers, "S3", "elderly", is_open=False, area=100)
    own(registers, "S4", "elderly", is_open=None, area=100)
    own(registers, "S5", "elderly")
    own(registers, "S6", "elderly", community="C2", area=100)
    own(registers, "S7", "market", area=100)
    own(registers, "S8", "elderly", capacity=70)
    found = supply_of(registers, ground, kind("elderly"))
    assert [(one.key, one.capacity) for one in found.known] == [("S1", 1600), ("S2", 800)]
    assert (found.known[0].x, found.known[0].y) == (500_010, 3_800_020)
    assert shapely.contains_xy(box(0, 0, 200, 200), found.known[1].x, found.known[1].y)
    assert [(one.key, one.why) for one in found.unsure] == [("S4", "open_unknown"), ("S5", "no_area"), ("S8", "no_area")]
    assert [(one.key, one.why) for one in found.left_out] == [("S3", "not_open"), ("S6", "no_place")]


def test_a_parking_place_serves_as_the_pack_says(registers, ground):
    own(registers, "S1", "parking", capacity=30)
    own(registers, "S2", "parking", area=100)
    own(registers, "S3", "parking", area=100, capacity=2)  # places go before the land
    own(registers, "S4", "parking")
    found = supply_of(registers, ground, kind("parking"))
    assert [one.capacity for one in found.known] == [870, 97, 58] and [one.why for one in found.unsure] == ["no_capacity"]


def test_what_two_registers_tell_of_a_community_counts_once(registers, ground):
    registers.execute("INSERT INTO community_facilities VALUES ('C1', 'elderly_day_care', 50)")
    assert [one.capacity for one in supply_of(registers, ground, kind("elderly")).known] == [800]
    own(registers, "S1", "elderly", area=20)
    found = supply_of(registers, ground, kind("elderly"))
    assert [one.capacity for one in found.known] == [320] and [one.why for one in found.left_out] == ["told_twice"]


def test_rows_set_aside_of_a_register_that_tells_of_the_kind_are_said(registers, ground):
    registers.execute("INSERT INTO quarantine VALUES ('community_facilities', 'missing_key'), ('community_facilities', 'total_row'), "
                      "('service_facilities', 'missing_key')")  # fmt: skip
    with following.in_force(load_rules([Path("packs/facilities")]).own):
        elderly, market = (supply_of(registers, ground, kind(code)).lost for code in ("elderly", "market"))
    assert [(one.register, one.label.zh, one.rows) for one in elderly] == [
        ("community_facilities", "社区服务设施", 1), ("service_facilities", "服务设施台账", 1),
    ]  # fmt: skip
    assert [one.register for one in market] == ["service_facilities"]
