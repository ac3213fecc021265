"""What the registers refer to, where sources disagree, parcels, offices; and the names and rows of every subject."""

import datetime as dt

from planning_check.facts.dictionary import SUBJECTS
from tests.facts.tables import connection, facts

P1 = {"project_id": "P1", "project_name": "甲苑", "district_code": "990101", "community_code": "C1", "developer_name": "甲公司"}


def deposit(number, kind, amount, of="P9"):
    return {"event_id": f"E{number}", "project_id": of, "event": kind, "amount_yuan": amount, "event_on": "2009-01-05"}


def references(**rest):
    return facts(connection(**rest), "reference", "project_id", "is_in_ledger", "tables", "rows", "handed_m2", "money_yuan")


def test_what_is_booked_under_a_project_that_the_ledger_does_not_have():
    handovers = [{"handover_id": f"H{n}", "project_id": "P9", "area_m2": 100} for n in (1, 2)]
    payments = [{"payment_id": "Z1", "project_id": "P9", "amount_yuan": 400000}]
    deposits = [deposit(1, "due", 800000), deposit(2, "paid", 500000), deposit(3, "refunded", 300000), deposit(4, "credited", 100000)]
    assert references(projects=[P1], handovers=handovers, payments=payments, deposits=deposits) == [
        ("P1", True, None, 0, 0, 0), ("P9", False, ["deposits", "handovers", "payments"], 7, 200, 900000),
    ]  # fmt: skip


def test_what_was_given_back_must_have_been_paid_in():
    assert references(projects=[P1], deposits=[deposit(1, "refunded", 300000), deposit(2, "forfeited", 200000)])[1][5] == 500000
    assert references(projects=[P1], deposits=[deposit(1, "due", 300000)])[1][2:] == (["deposits"], 1, 0, 0)


def test_every_register_is_looked_at():
    named = {
        "parcels": [{"parcel_id": "D1", "project_id": "P9", "geometry": b"x"}, {"parcel_id": "D2", "geometry": b"x"}],
        "premises": [{"premises_id": "R1", "project_id": "P9"}],
        "demands": [{"demand_id": "T1", "project_id": "P9", "served_on": "2009-01-05", "deadline_on": "2009-02-05"}],
        "decisions": [{"decision_id": "J1", "project_id": "P9", "matter": "other"}],
    }
    assert references(projects=[P1], **named)[1] == ("P9", False, ["decisions", "demands", "parcels", "premises"], 4, 0, 0)


def test_a_project_whose_row_was_set_aside_may_be_in_the_ledger():
    room, lost = [{"premises_id": "R1", "project_id": "P9"}], {"table_name": "projects", "key": "P9", "code": "duplicate_key"}
    assert references(projects=[P1], premises=room, quarantine=[lost])[1][1] is None
    assert references(projects=[P1], premises=room, quarantine=[{**lost, "code": "duplicate_row"}])[1][1] is False
    assert references(premises=room)[0][1] is None  # no ledger was delivered


def test_parcels_and_their_projects():
    shape = {
        "parcel_id": "D1",
        "has_crs": True,
        "is_polygon": True,
        "is_valid": True,
        "measured_m2": 999,
        "overlap_m2": 0,
        "outside_city_m2": 0,
    }
    parcels = [
        {"parcel_id": f"D{n}", "project_id": of, "land_area_m2": 1000, "geometry": b"x"}
        for n, of in ((1, "P1"), (2, "P9"), (3, None), (4, "P8"))
    ]
    con = connection(
        projects=[P1], parcels=parcels, parcel_shape=[shape], quarantine=[{"table_name": "projects", "key": "P8", "code": "duplicate_key"}],
    )  # fmt: skip
    assert facts(con, "parcel", "project_is_known", "measured_m2", "is_valid") == [
        (True, 999, True),
        (False, None, None),
        (None, None, None),
        (None, None, None),
    ]


def test_layers_with_what_is_stated_and_what_to_type():
    con = connection(
        source=[{"source_id": 1, "file": "a/宗地.shp", "sheet": "宗地", "table_name": "parcels", "crs": "EPSG:4545"},
                {"source_id": 2, "file": "b.xlsx", "sheet": "", "table_name": "offices", "header_row": 1},
                {"source_id": 3, "file": "c.gpkg", "sheet": "c", "table_name": "communities"}],
        layer_frame=[{"source_id": 1, "features": 5}, {"source_id": 2, "features": 3, "proposed": "gcj02"},
                     {"source_id": 3, "features": 1}],
    )  # fmt: skip
    assert facts(con, "layer", "layer_id", "has_crs", "crs", "features", "typed") == [
        ("a/宗地.shp > 宗地", True, "EPSG:4545", 5, None), ("b.xlsx", True, "EPSG:4490", 3, '--crs "b.xlsx=gcj02"'),
        ("c.gpkg > c", False, None, 1, None),
    ]  # fmt: skip


def test_sources_that_disagree():
    told = {
        "table_name": "projects",
        "key": "P1",
        "field": "plan_total_m2",
        "code": "conflict",
        "quarantined": False,
        "what_zh": "甲 / 乙",
        "what_en": "a / b",
    }
    problems = [told, told, {**told, "field": "permit_no", "quarantined": True}, {**told, "code": "not_a_number"}, {**told, "key": None}]
    con = connection(projects=[P1], problem=problems)
    names = ("conflict_id", "table_name", "record_key", "field_zh", "field_en", "told_zh", "told_en", "lost_the_row")
    assert facts(con, "conflict", *names) == [
        ("projects:P1:permit_no", "projects", "P1", "工规证号", "planning permit no.", "甲 / 乙", "a / b", True),
        ("projects:P1:plan_total_m2", "projects", "P1", "规划总建筑面积", "Plan total floor area", "甲 / 乙", "a / b", False),
    ]


def test_figures_a_unit_apart_are_a_conflict_of_their_own_with_all_that_they_lie_apart_from():
    told = {"table_name": "projects", "key": "P1", "field": "plan_total_m2", "quarantined": False}
    slips = [{**told, "code": "unit_slip", "what_zh": f"与{other}", "what_en": f"from {other}"} for other in ("b", "a", "a")]
    conflict = {**told, "code": "conflict", "what_zh": "甲 / 乙", "what_en": "a / b"}
    con = connection(projects=[P1], problem=[*slips, conflict, {**slips[0], "key": None}])
    assert facts(con, "conflict", "conflict_id", "told_zh", "told_en", "lost_the_row", "is_unit_apart") == [
        ("projects:P1:plan_total_m2", "甲 / 乙", "a / b", False, False),
        ("projects:P1:plan_total_m2:unit", "与a；与b", "from a; from b", False, True),
    ]


def test_a_conflict_has_the_rows_of_its_own_table_only():
    told = {"table_name": "premises", "key": "X1", "field": "kind", "code": "conflict", "quarantined": False, "what_zh": "", "what_en": ""}
    con = connection(
        projects=[{**P1, "project_id": "X1"}], premises=[{"premises_id": "X1", "project_id": "X1"}], problem=[told],
    )  # fmt: skip
    assert con.execute("SELECT ids_projects, ids_premises FROM subject_source_conflict").fetchone() == (None, [0])
    assert con.execute("SELECT district_code, developer_name FROM subject_info WHERE subject = 'conflict'").fetchone() == (
        "990101",
        "甲公司",
    )


def test_the_planned_room_of_an_office_as_of_the_day():
    room = {
        "premises_id": "R1",
        "project_id": "P1",
        "kind": "community",
        "current_use": "shop",
        "use_changed_by": "developer",
        "use_changed_on": "2010-01-05",
    }
    office = {"office_id": "O1", "community_code": "C1", "tenure": "rented", "plan_premises_id": "R1"}
    names = ("plan_premises_use", "plan_premises_changed_by")
    assert facts(connection(premises=[room], offices=[office]), "office", *names) == [("shop", "developer")]
    assert facts(connection(dt.date(2010, 1, 4), premises=[room], offices=[office]), "office", *names) == [("community", None)]


def test_every_subject_has_a_name_and_a_place_and_its_rows():
    given = {
        "districts": [{"district_code": "990101", "district_name": "甲区"}],
        "projects": [{**P1, "development_id": "K1", "developer_code": "9A"}, {**P1, "project_id": "P2", "developer_code": "9A"}],
        "project_near": [{"project_id": "P1", "other_id": "P2", "metres": 3}],
        "parcels": [{"parcel_id": "D1", "project_id": "P1", "geometry": b"x"}],
        "premises": [{"premises_id": "R1", "project_id": "P1", "building": "3号楼"}],
        "handovers": [{"handover_id": "H1", "project_id": "P1", "area_m2": 1, "handed_over_on": "2009-01-05"}],
        "payments": [{"payment_id": "Z1", "project_id": "P1", "amount_yuan": 1}],
        "deposits": [deposit(1, "paid", 1, of="P1")],
        "decisions": [{"decision_id": "J1", "project_id": "P1", "matter": "other"}],
        "communities": [{"community_code": "C1", "community_name": "甲社区", "district_code": "990101"}],
        "offices": [{"office_id": "O1", "community_code": "C1", "tenure": "rented"}],
        "idle_facilities": [{"facility_id": "S1", "name": "旧校舍"}],
        "source": [{"source_id": 1, "file": "a.gpkg", "sheet": "a", "table_name": "parcels"}],
        "layer_frame": [{"source_id": 1, "features": 5}],
        "reported_figures": [{"figure_id": "F1", "figure": "communities", "stated": 1, "district_code": "990101"}],
        "problem": [
            {"table_name": "premises", "key": "R1", "field": "kind", "code": "conflict", "quarantined": False, "what_zh": "", "what_en": ""}
        ],
    }
    con = connection(**given)
    for name, subject in SUBJECTS.items():
        keys = {k for (k,) in con.execute(f"SELECT CAST({subject.key} AS VARCHAR) FROM fact_{name}").fetchall()}
        info = con.execute(f"SELECT subject_key, subject_name, district_name FROM subject_info WHERE subject = '{name}'").fetchall()
        assert keys and sorted(i[0] for i in info) == sorted(keys), name
        assert all(i[1] for i in info), name
        assert name in ("code", "layer", "idle_facility") or all(i[2] == "甲区" for i in info), name
        assert con.execute(f"SELECT count(*) FROM subject_source_{name}").fetchone()[0] == len(keys), name


def test_a_subject_of_a_project_that_the_ledger_does_not_have_still_has_a_name():
    con = connection(projects=[P1], deposits=[deposit(1, "paid", 1)])
    found = con.execute("SELECT subject, subject_name FROM subject_info WHERE subject_key IN ('E1', 'P9') ORDER BY 1").fetchall()
    assert found == [("deposit", "E1"), ("reference", "P9")]
