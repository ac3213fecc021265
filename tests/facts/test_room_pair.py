"""Rooms of two projects that may be one: ``room_pair.sql`` alone, on its own tables."""

import datetime as dt
import itertools
from decimal import Decimal
from importlib.resources import files

import duckdb
import pytest

from planning_check.schema import BY_NAME, SQL_TYPES
from tests.facts.tables import GEO_TABLES, day, insert

FACTS = files("planning_check.facts")
AS_OF = dt.date(2011, 6, 20)
NOW, NEXT, CUT = "2011-06-20", "2011-06-21", "2011-06"
FIRST_DAY, NO_DAY = dt.date(1, 1, 1), dt.date(9999, 12, 31)
UNIT, OTHER_UNIT = "990101001001GB00001F00010001", "990101001001GB00001F00010002"
PARCEL, OTHER_PARCEL = UNIT[:19], UNIT[:18] + "2"
TITLE, OTHER_TITLE, NUMBER = "房权证安字第10203号", "房权证安字第10204号", "00123456"
HERE = {"building": "3号楼", "floor_from": 1, "surveyed_m2": 200}
TABLES = ("communities", "handovers", "premises", "projects")


def empty():
    con = duckdb.connect(config={"threads": 1})
    con.execute(
        f"SET VARIABLE as_of = DATE '{AS_OF}'; SET VARIABLE same_place_m = 5.0; "
        "SET VARIABLE apart_m = 50.0; SET VARIABLE common_projects = 3"
    )
    con.execute(
        "CREATE TABLE handed_room (project_id VARCHAR, room VARCHAR, is_named BOOLEAN, counts BOOLEAN, "
        "handed_over_on_lo DATE, handed_over_on_hi DATE)"
    )
    for name in TABLES:
        con.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {SQL_TYPES[f.type]}' for f in BY_NAME[name].fields for c in f.columns)})")
    for name in ("room_spot", "project_land"):
        con.execute(f"CREATE TABLE {name} ({GEO_TABLES[name]})")
    con.execute(FACTS.joinpath("identity.sql").read_text("utf-8"))
    return con


CON = empty()


def made(*rooms, projects=None, **rows):
    projects = projects or [{"project_id": p} for p in sorted({r["project_id"] for r in rooms})]
    for name in (*TABLES, "handed_room", "room_spot", "project_land"):
        CON.execute(f"DELETE FROM {name}")
        for given in {"premises": rooms, "projects": projects, **rows}.get(name, ()):
            row = {}
            for field, value in given.items():
                is_day = field.endswith("_on")
                row |= dict(zip((f"{field}_lo", f"{field}_hi"), day(value), strict=True)) if is_day else {field: value}
            insert(CON, name, row)
    CON.execute(FACTS.joinpath("room_pair.sql").read_text("utf-8"))
    return CON


def room(number, of, **values):
    return {"premises_id": f"R{number}", "project_id": f"P{of}", **values}


def two(one, other=None):
    """A room of each of two projects."""
    return room(1, 1, **one), room(2, 2, **(one if other is None else other))


def told(columns, *rooms, **rows):
    return made(*rooms, **rows).execute(f"SELECT {columns} FROM room ORDER BY premises_id").fetchall()


def pairs(*rooms, **rows):
    """(mark, one, other, proof, contradicted)"""
    query = """SELECT mark, a.premises_id, b.premises_id, is_proof, contradicted FROM room_pair p
               JOIN room a ON a.claim_no = p.one JOIN room b ON b.claim_no = p.other ORDER BY 1, 2, 3"""
    return made(*rooms, **rows).execute(query).fetchall()


def spot(number, x=1000.0, y=2000.0, width=0.0, height=0.0):
    return {"premises_id": f"R{number}", "x": x, "y": y, "west": x, "south": y, "east": x + width, "north": y + height}


def land(of, west=1000.0, south=2000.0, side=100.0):
    return {"project_id": f"P{of}", "west": west, "south": south, "east": west + side, "north": south + side}


@pytest.mark.parametrize(("values", "columns", "right"), [
    ({"building": "甲 3#号楼栋幢座"}, "building, floor", ("甲3", None)), ({"floor_from": 2}, "building, floor", (None, 2)),
    ({"surveyed_m2": Decimal("200.01"), "permitted_m2": 190, "planned_m2": 180}, "cents", (20001,)),
    ({"permitted_m2": Decimal("190.99"), "planned_m2": 180}, "cents", (19099,)),
    ({"planned_m2": 180}, "cents", (18000,)), ({}, "cents", (None,)),
    ({"unit_code": UNIT}, "unit, parcel", (UNIT, PARCEL)), ({"unit_code": PARCEL}, "unit, parcel", (None, PARCEL)),
    ({"unit_code": "见附件"}, "unit, parcel", (None, None)),
    *(({"title_no": TITLE, "titled_on": on}, "title, is_loose", (title, False))
      for on, title in [(None, TITLE), (NOW, TITLE), (NEXT, None), (CUT, TITLE)]),
    *(({"title_no": NUMBER, "titled_on": on}, "title, loose, is_loose", (None, number, number is not None))
      for on, number in [(None, NUMBER), (NOW, NUMBER), (NEXT, None), (CUT, NUMBER)]),
    ({"title_no": "办理中"}, "title, loose, is_loose", (None, None, False)),
])  # fmt: skip
def test_what_is_known_of_a_room(values, columns, right):
    assert told(columns, room(1, 1, **values)) == [right]


def handed(number, of, on, **values):
    return {"project_id": f"P{of}", "room": f"R{number}", "is_named": True, "counts": True, "handed_over_on": on, **values}


@pytest.mark.parametrize(("given", "lo", "hi"), [
    ([], NO_DAY, NO_DAY), ([handed(1, 1, "2009-05-20")], *day("2009-05-20")), ([handed(1, 1, "2009-05")], *day("2009-05")),
    ([handed(1, 1, None)], FIRST_DAY, AS_OF), ([handed(1, 1, None), handed(1, 1, "2009-05-20")], FIRST_DAY, day("2009-05-20")[0]),
    ([handed(1, 1, "2009-05"), handed(1, 1, "2009-05-20")], *day("2009-05-01")[:1], *day("2009-05-20")[:1]),
    ([handed(1, 1, "2009-05-20", counts=None)], *day("2009-05-20")), ([handed(1, 1, "2009-05-20", counts=False)], NO_DAY, NO_DAY),
    ([handed(1, 1, "2009-05-20", is_named=False)], NO_DAY, NO_DAY), ([handed(1, 2, "2009-05-20")], NO_DAY, NO_DAY),
    ([handed(2, 1, "2009-05-20")], NO_DAY, NO_DAY),
])  # fmt: skip
def test_when_it_was_handed_over(given, lo, hi):
    assert told("handed_lo, handed_hi", room(1, 1), handed_room=given) == [(lo, hi)]


@pytest.mark.parametrize(("approved", "planned"), [
    ({}, NO_DAY), ({"plan_approved_on": "2008-05"}, day("2008-05")[0]),
    ({"plan_approved_on_lo": FIRST_DAY, "plan_approved_on_hi": NO_DAY}, NO_DAY),
])  # fmt: skip
def test_whose_plan_was_approved_when(approved, planned):
    assert told("planned_lo, community_code", room(1, 1), projects=[{"project_id": "P1", "community_code": "C1", **approved}]) == [
        (planned, "C1")
    ]


def test_a_room_of_a_project_that_was_not_delivered_is_one_all_the_same():
    assert told("community_code, planned_lo", room(1, 1), projects=[{"project_id": "P2", "community_code": "C1"}]) == [(None, NO_DAY)]


COMMUNITIES = [{"community_code": "C1"}, {"community_code": "C2", "successor_code": "C1"}, {"community_code": "C3"}]


def filed(number, of, community, on="2009-05-20"):
    return {
        "handover_id": f"H{number}{of}{community}{on}",
        "premises_id": f"R{number}",
        "project_id": f"P{of}",
        "community_code": community,
        "handed_over_on": on,
    }


@pytest.mark.parametrize(("given", "receiver"), [
    ([], None), ([filed(1, 1, "C1", NOW)], "C1"), ([filed(1, 1, "C1", NEXT)], None),
    ([filed(1, 1, "C1", CUT)], None), ([filed(1, 1, "C2")], "C1"),
    ([filed(1, 1, "C1"), filed(1, 1, "C2")], "C1"), ([filed(1, 1, "C1"), filed(1, 1, "C3")], None), ([filed(1, 1, "C9")], None),
    ([filed(1, 2, "C1")], None), ([filed(2, 1, "C1")], None), ([filed(1, 1, "C3"), filed(1, 2, "C1")], "C3"),
    ([filed(1, 1, "C3"), filed(2, 1, "C1")], "C3"),
])  # fmt: skip
def test_which_community_received_it(given, receiver):
    assert told("receiver", room(1, 1), handovers=given, communities=COMMUNITIES) == [(receiver,)]


def test_whose_claim_comes_first():
    rooms, projects = [room(n, n) for n in range(1, 6)], [{"project_id": f"P{n}"} for n in range(1, 6)]
    projects[2]["plan_approved_on"], projects[1]["plan_approved_on"] = "2008-05-02", "2008-05"
    given = [handed(5, 5, "2009-05-20"), handed(4, 4, "2009-05-21")]
    assert told("claim_no", *rooms, projects=projects, handed_room=given) == [(5,), (3,), (4,), (2,), (1,)]
    assert told("claim_no", *rooms) == [(n,) for n in range(1, 6)]


def test_the_room_that_may_have_been_handed_over_first_comes_first():
    rooms = [room(1, 1, unit_code=UNIT), room(2, 2, unit_code=UNIT)]
    assert told("claim_no", *rooms, handed_room=[handed(1, 1, "2009-05-20"), handed(2, 2, "2009-05")]) == [(2,), (1,)]


@pytest.mark.parametrize(("other", "x", "y", "located"), [
    ({}, 0, 0, True), ({"floor_from": 2}, 0, 0, False), ({"building": "4号楼"}, 0, 0, False), ({"building": None}, 0, 0, False),
    ({"floor_from": 2}, 0.04, 0, False), ({"floor_from": 2}, 0.06, 0, True), ({"floor_from": 2}, 0, 0.04, False),
    ({"floor_from": 2}, 0, 0.06, True),
])  # fmt: skip
def test_a_point_where_others_stand_too_locates_no_room(other, x, y, located):
    rooms = *two(HERE, HERE | other), room(3, 3, **HERE)
    assert told("is_located", *rooms, room_spot=[spot(1), spot(2, 1000 + x, 2000 + y)]) == [(located,), (located,), (False,)]


KNOWN = [(1, {"unit_code": UNIT}, True), (2, {"title_no": TITLE}, True), (5, {"title_no": NUMBER}, False)]


@pytest.mark.parametrize(("mark", "number", "proof"), KNOWN)
def test_one_number_in_two_projects(mark, number, proof):
    assert pairs(*two(number)) == [(mark, "R1", "R2", proof, False)]
    assert pairs(*two(number), handed_room=[handed(2, 2, "2009-05-20")]) == [(mark, "R2", "R1", proof, False)]
    assert pairs(room(1, 1, **number), room(2, 1, **number)) == []
    assert pairs(*two(number, {"unit_code": OTHER_UNIT, "title_no": OTHER_TITLE})) == []
    assert pairs(*two(number, {"title_no": "00123457"})) == []
    assert pairs(*two(number, {"title_no": "见附件", "unit_code": "见附件"})) == []


@pytest.mark.parametrize(("mark", "number", "proof"), KNOWN)
def test_several_rooms_under_one_number(mark, number, proof):
    rooms = [room(n, of, **number) for n, of in ((1, 1), (2, 1), (3, 1), (4, 2), (5, 2), (6, 2))]
    found = {(one, other) for _, one, other, _, _ in pairs(*rooms)}
    assert found == {(f"R{a}", f"R{b}") for a in (1, 2, 3) for b in (4, 5, 6)} - {("R2", "R6"), ("R3", "R5")}


@pytest.mark.parametrize(("mark", "number", "proof"), KNOWN)
def test_a_number_that_many_projects_give_is_a_filler(mark, number, proof):
    rooms = [room(n, n, **number) for n in range(1, 5)]
    ids = [r["premises_id"] for r in rooms]
    assert pairs(*rooms[:3]) == [(mark, *pair, proof, False) for pair in itertools.combinations(ids[:3], 2)]
    assert pairs(*rooms) == []
    assert len(pairs(*rooms[:3], room(4, 1, **number))) == 5  # of three projects still


LIKE = [(3, {"unit_code": PARCEL}, {"unit_code": PARCEL}, True), (4, {}, {}, False)]
IN_ONE = [{"project_id": f"P{n}", "community_code": "C1"} for n in range(1, 9)]
DIFFERENT = [
    ({"surveyed_m2": Decimal("200.01")}, True), ({"surveyed_m2": Decimal("199.99")}, True), ({"surveyed_m2": Decimal("200.02")}, False),
    ({"surveyed_m2": Decimal("199.98")}, False), ({"surveyed_m2": None}, False), ({"building": "4号楼"}, False), ({"building": "3#"}, True),
    ({"building": None}, False), ({"floor_from": 2}, False), ({"floor_from": None}, False),
]  # fmt: skip


def alike(by, *rooms):
    """Rooms on one parcel, in one community or at one point."""
    if by == "point":
        return pairs(*rooms, room_spot=[spot(r["premises_id"][1:]) for r in rooms])
    projects = IN_ONE if by == "community" else None
    return pairs(*({**r, "unit_code": PARCEL} if by == "parcel" else r for r in rooms), projects=projects)


BY = [("parcel", 3), ("community", 4), ("point", 3)]


@pytest.mark.parametrize(("by", "mark"), BY)
@pytest.mark.parametrize(("other", "same"), DIFFERENT)
def test_building_floor_and_area_agree(by, mark, other, same):
    found = [(mark, "R1", "R2", mark == 3, False)]
    assert alike(by, *two(HERE, HERE | other)) == (found if same and not (by == "point" and "floor_from" in other) else [])
    assert alike(by, *two(HERE | other, HERE)) == (found if same else [])
    assert alike(by, room(1, 1, **HERE), room(2, 1, **HERE)) == []


@pytest.mark.parametrize(("by", "mark"), BY)
@pytest.mark.parametrize(
    "lacks", [{"building": None}, {"building": "见附件"}, {"building": "号楼"}, {"floor_from": None}, {"surveyed_m2": None}]
)
def test_what_both_do_not_say_does_not_agree(by, mark, lacks):
    assert alike(by, *two(HERE | lacks)) == []


def test_another_parcel_or_community_is_another_place():
    assert pairs(*two(HERE | {"unit_code": PARCEL}, HERE | {"unit_code": OTHER_PARCEL})) == []
    assert pairs(*two(HERE), projects=[IN_ONE[0], {"project_id": "P2", "community_code": "C2"}]) == []
    assert pairs(*two(HERE)) == []


@pytest.mark.parametrize(("by", "mark"), BY[:2])
def test_twins_of_one_project_are_held_against_as_many(by, mark):
    def found(*of):
        return [pair[1:3] for pair in alike(by, *(room(n, p, **HERE) for n, p in enumerate(of, 1)))]

    assert found(1, 1, 2) == [("R1", "R3")]
    assert found(1, 1, 2, 2) == [("R1", "R3"), ("R2", "R4")]
    assert found(1, 2, 3) == [("R1", "R2"), ("R1", "R3"), ("R2", "R3")]
    assert found(1, 1, 2, 3) == [("R1", "R3"), ("R1", "R4"), ("R3", "R4")]
    assert found(1, 2, 3, 4) == []


@pytest.mark.parametrize(("by", "mark"), BY[:2])
@pytest.mark.parametrize("area", [Decimal("199.99"), Decimal("200.01")])
def test_what_many_projects_have_is_like_nothing(by, mark, area):
    many = [room(n, n, **HERE) for n in range(1, 5)]
    assert alike(by, *many, room(5, 5, **HERE | {"surveyed_m2": area})) == []
    assert alike(by, room(0, 5, **HERE | {"surveyed_m2": area}), *many) == []
    assert len(alike(by, *many[:3], room(5, 5, **HERE | {"surveyed_m2": area}))) == 6


@pytest.mark.parametrize("start", [(1004.9, 2004.9), (1000.1, 2000.1), (-0.1, -0.1)])
@pytest.mark.parametrize(("dx", "dy", "same"), [
    *((x, y, True) for x in (-0.2, 0, 0.2) for y in (-0.2, 0, 0.2)), (4.9, 0, True), (-4.9, 0, True),
    (0, 4.9, True), (0, -4.9, True), (5.1, 0, False),
    (0, -5.1, False), (6, 6, False), (6, -6, False), (8, 0, False), (0, 8, False), (3.6, 3.6, False), (3.5, -3.5, True),
])  # fmt: skip
def test_points_of_one_place(start, dx, dy, same):
    spots = [spot(1, *start), spot(2, start[0] + dx, start[1] + dy)]
    assert pairs(*two(HERE), room_spot=spots) == ([(3, "R1", "R2", True, False)] if same else [])


def test_five_metres_are_one_place():
    assert len(pairs(*two(HERE), room_spot=[spot(1), spot(2, 1003, 2004)])) == 1
    assert len(pairs(*two(HERE), room_spot=[spot(1), spot(2, 1000, 1995)])) == 1


def test_at_a_point_where_others_stand_nothing_is_one():
    rooms = *two(HERE), room(3, 3, **HERE | {"building": "4号楼"})
    assert pairs(*rooms, room_spot=[spot(1), spot(2), spot(3)]) == []
    assert pairs(*rooms, room_spot=[spot(1), spot(2), spot(3, 1001)]) == [(3, "R1", "R2", True, False)]


@pytest.mark.parametrize(("one", "other", "right"), [
    ({"title_no": TITLE, "unit_code": UNIT}, {"title_no": TITLE, "unit_code": OTHER_UNIT}, [(2, True)]),
    ({"title_no": TITLE, "unit_code": UNIT}, {"title_no": TITLE, "unit_code": UNIT}, [(1, False), (2, False)]),
    ({"title_no": TITLE, "unit_code": UNIT}, {"title_no": TITLE}, [(2, False)]),
    ({"title_no": TITLE, "unit_code": UNIT}, {"title_no": OTHER_TITLE, "unit_code": UNIT}, [(1, True)]),
    ({"title_no": TITLE, "unit_code": UNIT}, {"title_no": NUMBER, "unit_code": UNIT}, [(1, False)]),
    ({"title_no": TITLE, "unit_code": PARCEL}, {"title_no": TITLE, "unit_code": OTHER_PARCEL}, [(2, True)]),
    ({"title_no": TITLE, "unit_code": PARCEL}, {"title_no": TITLE, "unit_code": "见附件"}, [(2, False)]),
    ({"title_no": NUMBER, "unit_code": UNIT}, {"title_no": NUMBER, "unit_code": OTHER_UNIT}, [(5, True)]),
])  # fmt: skip
def test_numbers_that_contradict(one, other, right):
    assert [(mark, contradicted) for mark, _, _, _, contradicted in pairs(*two(one, other))] == right


def gaps(box, width):
    """Boxes of that width beside the first, so many metres apart, on each of its four sides."""
    for metres, apart in ((50, False), (50.01, True), (0, False), (-width, False)):
        for x, y in ((width + metres, 0), (-width - metres, 0), (0, width + metres), (0, -width - metres), (width + metres, width)):
            yield box(1000.0 + x, 2000.0 + y), apart


def test_rooms_drawn_apart_are_two():
    for other, apart in gaps(lambda x, y: spot(2, x, y, 10, 10), 10):
        spots = [spot(1, width=10, height=10), other]
        for mark, number, proof in KNOWN:
            assert pairs(*two(number), room_spot=spots) == [(mark, "R1", "R2", proof, apart)]
    assert pairs(*two({"title_no": TITLE}), room_spot=[spot(1)]) == [(2, "R1", "R2", True, False)]


MARKS = [(mark, number, None) for mark, number, _ in KNOWN] + [(3, HERE | {"unit_code": PARCEL}, None), (4, HERE, IN_ONE)]


@pytest.mark.parametrize(("mark", "values", "projects"), MARKS)
def test_lands_apart_tell_rooms_apart_that_are_only_alike(mark, values, projects):
    for other, apart in gaps(lambda x, y: land(2, x, y), 100):
        found = pairs(*two(values), projects=projects, project_land=[land(1), other])
        assert found == [(mark, "R1", "R2", mark <= 3, apart and mark >= 4)]
    assert pairs(*two(values), projects=projects, project_land=[land(1)])[0][4] is False


@pytest.mark.parametrize(("mark", "values", "projects"), MARKS)
@pytest.mark.parametrize(("receives", "differs"), [("C3", True), ("C2", False), ("C9", False)])
def test_two_communities_receive_two_rooms_unless_a_number_proves_one(mark, values, projects, receives, differs):
    given = [filed(1, 1, "C1"), filed(2, 2, receives)]
    found = pairs(*two(values), projects=projects, handovers=given, communities=COMMUNITIES)
    assert found == [(mark, "R1", "R2", mark <= 3, differs and mark >= 3)]


def test_a_place_that_is_known_by_parcel_and_by_point_is_told_once():
    rooms = two({**HERE, "unit_code": PARCEL})
    assert pairs(*rooms, room_spot=[spot(1), spot(2)]) == [(3, "R1", "R2", True, False)]
