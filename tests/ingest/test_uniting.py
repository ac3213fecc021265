"""Rows of one key from several files; what is set aside; and that every row is accounted for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning_check.schema import SQL_TYPES, TABLES
from tests.ingest.conftest import Folder
from tests.widths import load

PLANNING = '项目编号,项目名称,区县,总建筑面积,竣工日期\nP1,甲,610102,"50,000",2009年5月\nP2,乙,610102,30000,\n'
HOUSING = "项目编号,竣工日期,交付日期\nP1,2009-05-12,2009-08\nP2,2010-01-01,\nP9,2010-01-01,\n"


def test_bureaus_deliver_parts_of_one_project(folder: Folder):
    folder.csv("1规划局项目.csv", PLANNING).csv("2住建局项目.csv", HOUSING).load()
    assert folder.rows(
        "SELECT project_id, project_name, plan_total_m2, completed_on_lo, completed_on_hi, delivered_on_hi, row_ids FROM projects"
    ) == [
        ("P1", "甲", Decimal("50000.00"), dt.date(2009, 5, 12), dt.date(2009, 5, 12), dt.date(2009, 8, 31), [1, 3]),
        ("P2", "乙", Decimal("30000.00"), dt.date(2010, 1, 1), dt.date(2010, 1, 1), None, [2, 4]),
    ]  # fmt: skip
    assert folder.rows("SELECT key, project_id, code FROM quarantine") == [("P9", "P9", "missing_required")]
    (problem,) = folder.problems()
    assert (problem["row"], problem["what_zh"]) == (4, "P9 缺少必填的项目名称、区县，其他报送文件里也没有")
    assert folder.totals() == [(2, 2, 0), (3, 2, 1)]
    assert folder.one("SELECT raw_projects.plan_total_m2 FROM raw_projects WHERE row_id = 1") == ("50,000",), "the text as delivered stays"


def test_a_name_told_differently_is_shown_in_both_forms(folder: Folder):
    folder.csv("1项目.csv", "项目编号,项目名称,区县\nP1,甲花园,1\n").csv("2项目.csv", "项目编号,项目名称\nP1,甲花园小区\n").load()
    assert folder.one("SELECT project_name FROM projects") == ("甲花园 / 甲花园小区",)
    assert [(p["code"], p["quarantined"]) for p in folder.problems()] == [("conflict", False)]


def test_a_required_value_told_differently_is_unknown_and_costs_the_row(folder: Folder):
    folder.csv("1移交.csv", "移交编号,项目编号,移交面积\nH1,P1,500\n").csv("2移交.csv", "移交编号,项目编号,移交面积\nH1,P1,400\n").load()
    assert folder.rows("FROM handovers") == []
    assert folder.rows("SELECT key, project_id, code FROM quarantine") == [("H1", "P1", "conflict")] * 2
    (problem,) = folder.problems()
    assert problem["quarantined"] and "1移交.csv > 第 2 行 > C 列“500”；2移交.csv > 第 2 行 > C 列“400”" in problem["what_zh"]


def test_equal_values_written_differently_are_no_conflict(folder: Folder):
    folder.csv("1移交.csv", '移交编号,项目编号,移交面积(㎡)\nH1,P1,"5,000"\n').csv(
        "2移交.csv", "移交编号,项目编号,移交面积（公顷）\nH1,P1,0.5\n"
    ).load()
    assert folder.one("SELECT area_m2, row_ids FROM handovers") == (Decimal("5000.00"), [1, 2])
    assert folder.problems() == []


def test_a_parcel_is_its_sheet_and_its_layer(folder: Folder):
    import geopandas
    import shapely

    layer = geopandas.GeoDataFrame({"宗地编号": ["D1"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4545")
    layer.to_file(folder.path / "宗地.gpkg", layer="宗地")
    folder.csv("宗地.csv", "宗地编号,项目编号,宗地面积\nD1,P1,1\nD2,P1,1\n").load()
    assert folder.one("SELECT parcel_id, project_id, geometry_crs FROM parcels") == ("D1", "P1", "EPSG:4545")
    (problem,) = folder.problems()
    assert (problem["code"], problem["key"], problem["what_zh"]) == ("missing_required", "D2", "D2 缺少必填的边界，其他报送文件里也没有")


def test_districts_by_code_or_name(folder: Folder):
    folder.csv("区县.csv", "区县代码,区县名称\n610102,东区\n610103,西 区\n610104,北区\n610105,北区\n")
    folder.csv("社区.csv", "社区代码,社区名称,区县\nC1,a,610102\nC2,b,西区\nC3,c,北区\nC4,d,\n").load()
    assert folder.rows("SELECT community_code, district_code FROM communities") == [("C1", "610102"), ("C2", "610103")]
    assert folder.rows("SELECT key, community_code, code FROM quarantine") == [
        ("C3", "C3", "unknown_district"),
        ("C4", "C4", "missing_required"),
    ]


def test_without_a_district_table_districts_stay_as_delivered(folder: Folder):
    folder.csv("社区.csv", "社区代码,社区名称,区县\nC1,a,东区\n").load()
    assert folder.one("SELECT district_code FROM communities") == ("东区",)


def test_repeats_of_a_row(folder: Folder):
    rows = [
        "E1,P1,缴存,5,2010-01-01",
        "E1,P1,缴存,5,2010-01-01",
        "E2,P1,缴存,5,2010-01-01",
        "E2,P1,缴存,6,2010-01-01",
        "E2,P1,缴存,5,2010-01-01",
        "E3,P1,缴存,5,2010",
    ]
    folder.csv("保证金.csv", "流水号,项目编号,事项,金额,日期\n" + "\n".join(rows)).load()
    assert folder.rows("SELECT event_id, event_on_lo, event_on_hi FROM deposits") == [
        ("E1", dt.date(2010, 1, 1), dt.date(2010, 1, 1)), ("E3", dt.date(2010, 1, 1), dt.date(2010, 12, 31)),
    ]  # fmt: skip
    assert folder.rows("SELECT row_id, code FROM quarantine") == [
        (2, "duplicate_row"),
        (3, "duplicate_key"),
        (4, "duplicate_key"),
        (5, "duplicate_key"),
    ]
    assert folder.problems("duplicate_key")[0]["what_zh"].startswith("E2 在本表不止一行（第 4、5、6 行）")


def test_keys_of_several_columns(folder: Folder):
    folder.csv(
        "折资单价.csv",
        "片区,用途,起始日期,单价\n东,住宅,2009-01-01,4000\n东,住宅,2010-01-01,4500\n东,社区用房,2009-01-01,3000\n东,坟墓,2009-01-01,1\n",
    ).load()
    assert folder.rows("SELECT zone, use, from_on_lo, price_yuan_per_m2 FROM unit_prices") == [
        ("东", "residential", dt.date(2009, 1, 1), Decimal(4000)), ("东", "residential", dt.date(2010, 1, 1), Decimal(4500)),
        ("东", "community", dt.date(2009, 1, 1), Decimal(3000)),
    ]  # fmt: skip
    (problem,) = folder.problems()
    assert (problem["code"], problem["quarantined"], problem["key"]) == ("unknown_choice", True, "东 / 2009-01-01")


def test_an_unreadable_required_value_sets_the_row_aside(folder: Folder):
    folder.csv("移交.csv", "移交编号,项目编号,移交面积,移交日期\nH1,P1,若干,2010-01-01\nH2,P1,5,某日\n").load()
    assert folder.rows("SELECT handover_id, area_m2, handed_over_on_lo FROM handovers") == [("H2", Decimal(5), dt.date(1, 1, 1))]
    assert [(p["code"], p["quarantined"]) for p in folder.problems()] == [("not_a_number", True), ("not_a_date", False)]


def test_a_header_without_rows_is_a_delivered_empty_table(folder: Folder):
    folder.csv("移交台账.csv", "移交编号,项目编号,移交面积\n").csv("项目.csv", PLANNING).load()
    assert ("handovers", "area_m2") in folder.rows("FROM delivered")
    assert folder.rows("FROM handovers") == []
    assert [p["code"] for p in folder.problems()] == ["empty_register"], "said, for it means that there are none"


def test_every_table_is_there_with_its_columns(folder: Folder):
    folder.csv("项目.csv", PLANNING).load()
    for table in TABLES:
        told = dict(folder.rows(f"SELECT column_name, column_type FROM (DESCRIBE {table.name})"))
        expected = {c: SQL_TYPES[f.type].replace(" ", "") for f in table.fields for c in f.columns}
        expected |= {"not_read": "VARCHAR[]", "row_ids": "BIGINT[]"} | ({"geometry_crs": "VARCHAR"} if table.geometry else {})
        assert told == expected
        assert "row_id" in dict(folder.rows(f"SELECT column_name, column_type FROM (DESCRIBE raw_{table.name})"))
    assert folder.rows("SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'ingest'") == []


cell = st.sampled_from(["", "P1", "P2", "合计", "甲", "610102", "-5", "abc", "2009-05-01", "100", "—", "项目编号", " ", '"'])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(cell, max_size=6), max_size=12), st.lists(st.lists(cell, max_size=6), max_size=6))
def test_every_row_is_used_or_quarantined_whatever_the_cells(tmp_path_factory, first, second):
    import csv

    import duckdb

    path = tmp_path_factory.mktemp("delivery")
    for name, rows in (("1项目.csv", first), ("2项目.csv", second)):
        with (path / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([["项目编号", "项目名称", "区县", "总建筑面积", "竣工日期"], *rows])
    con = duckdb.connect()
    load(con, [path])
    blank = [sum(bool("".join(r).strip()) for r in rows) for rows in (first, second)]
    assert [(n,) for n in blank] == con.execute("SELECT rows_used + rows_quarantined FROM source ORDER BY source_id").fetchall()
    assert con.execute("SELECT count(*) FROM quarantine WHERE row_id IN (SELECT unnest(row_ids) FROM projects)").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) - count(DISTINCT project_id) FROM projects").fetchall() == [(0,)]
    assert con.execute(
        "SELECT count(*) FROM problem WHERE what_zh IS NULL OR what_en IS NULL OR fix_zh IS NULL OR fix_en IS NULL"
    ).fetchall() == [(0,)]


def test_the_same_delivery_gives_the_same_rows_in_the_same_order(folder: Folder, tmp_path):
    import duckdb

    folder.csv("1规划局项目.csv", PLANNING + "P2,丁,1,x,y\n").csv("2住建局项目.csv", HOUSING).load()
    again = duckdb.connect()
    load(again, [folder.path])
    for name in ("projects", "raw_projects", "problem", "quarantine", "source", "source_column", "raw_row", "delivered"):
        assert folder.rows(f"FROM {name}") == again.execute(f"FROM {name}").fetchall()
