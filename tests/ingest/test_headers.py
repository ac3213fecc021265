"""Headers and sheet names: which column and which table, and never by a guess."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.headers import letters, read_header, vocabulary
from planning_check.ingest.plain import plain
from planning_check.ingest.recognise import recognise, tables_named
from planning_check.ingest.traditional import PAIRS, simplified
from planning_check.ingest.units import UNITS, dimension
from planning_check.schema import BY_NAME, TABLES
from tests.ingest.conftest import Folder
from tests.ingest.typing_cells import QUICK


@pytest.mark.parametrize(
    ("header", "table", "field", "unit", "factor"),
    [
        ("建筑面积(㎡)", "projects", "plan_total_m2", "㎡", 1),
        ("总建筑面积\n（万㎡）", "projects", "plan_total_m2", "万㎡", 10_000),
        ("用地面积（公顷）", "projects", "land_area_m2", "公顷", 10_000),
        ("用地面积【亩】", "projects", "land_area_m2", "亩", Fraction(2000, 3)),
        ("用地面积/亩", "projects", "land_area_m2", "亩", Fraction(2000, 3)),
        ("建筑面积（单位：m2）", "projects", "plan_total_m2", "m2", 1),
        ("建筑面积 平方米", "projects", "plan_total_m2", "平方米", 1),
        ("金额（万元）", "deposits", "amount_yuan", "万元", 10_000),
        ("折资单价（万元/㎡）", "payments", "unit_price_yuan_per_m2", "万元/㎡", 10_000),
        ("折资单价（万元/亩）", "payments", "unit_price_yuan_per_m2", "万元/亩", 15),
        ("年租金（元/月）", "offices", "rent_yuan_per_year", "元/月", 12),
        ("利用率（％）", "idle_facilities", "use_rate", "%", Fraction(1, 100)),
        ("竣工验收（备案）日期", "projects", "completed_on", "", 1),
        ("详规批准日期（年月日）", "projects", "plan_approved_on", "", 1),
        ("规划容积率(FAR)", "projects", "far_permitted", "", 1),
        ("＊项目编号：", "projects", "project_id", "", 1),
        ("Project  ID", "projects", "project_id", "", 1),
        ("project_id", "projects", "project_id", "", 1),
        ("建筑面积（平方英尺）", "projects", "plan_total_m2", "平方英尺", None),
    ],
)
def test_header(header, table, field, unit, factor):
    column = read_header(header, table, 0, "A")
    assert (column.field, column.unit, column.factor) == (field, unit, factor)


@pytest.mark.parametrize("header", ["序号", "备注", "建筑面积-地下", ""])
def test_no_field_of_the_table(header):
    assert read_header(header, "projects", 0, "A") is None


def test_every_name_of_a_field_is_its_header_and_of_no_other():
    for table in TABLES:
        words = [(plain(w), f.name) for f in table.fields if f.type != "geometry" for w in (f.name, f.label.zh, f.label.en, *f.aliases)]
        assert {w: f for w, (f, _) in vocabulary(table.name).items()} == dict(words)
        assert len({w for w, _ in words}) == len(set(words)), f"one header for two fields in {table.name}"


_HEADS = sorted({(t.name, f.name, w) for t in TABLES for f in t.fields if f.type != "geometry" for w in (f.label.zh, *f.aliases)})
_OLD = str.maketrans({simple: old for old, simple in zip(PAIRS[::2], PAIRS[1::2], strict=True)})
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_DRESS = (
    lambda text: f"{text}①", lambda text: f"★{text}", lambda text: f"{text}（注1）", lambda text: f" {text}\n",
    lambda text: text.translate(_OLD), lambda text: text.translate(_WIDE), lambda text: f"12.{text}", lambda text: f"{text}：",
    lambda text: text.replace("（", "【").replace("）", "】"), lambda text: text[:1] + "\u200b\u3000" + text[1:],
)  # fmt: skip


@QUICK
@given(st.sampled_from(_HEADS), st.randoms(use_true_random=False), st.lists(st.sampled_from(_DRESS), max_size=4, unique=True))
def test_a_heading_in_any_dress_is_the_same_column(head: tuple[str, str, str], random, dresses: list):
    table, field, word = head
    units = sorted(UNITS.get(dimension(BY_NAME[table].field(field)), ()))
    text = f"{word}（{random.choice(units)}）" if units and not word.endswith(("）", ")")) else word
    bare = read_header(text, table, 0, "A", loose=True)
    assert bare is not None and bare.field == field
    for dress in dresses:
        text = dress(text)
    dressed = read_header(text, table, 0, "A", loose=True)
    assert dressed is not None and (dressed.field, dressed.factor) == (field, bare.factor)


@QUICK
@given(st.sampled_from(_HEADS), st.sampled_from(["计划", "预计", "拟", "约定", "下限", "不含地下", "已售", "应", "目标", "估算", "已改"]))
def test_a_measure_with_another_meaning_is_never_the_field(head: tuple[str, str, str], note: str):
    table, field, word = head
    spec = BY_NAME[table].field(field)
    column = read_header(f"{word}（{note}）", table, 0, "A", loose=True)
    if spec.type in ("text", "code", "choice", "choices") and note == "已改":
        assert column is not None, "a note beside words that says nothing else"
    elif column is not None and column.factor is not None:
        assert plain(f"{note}{word}") in vocabulary(table) or plain(f"{word}{note}") in vocabulary(table), (
            f"{word}（{note}） is {column.field}"
        )


def test_every_word_can_be_written_in_traditional_characters():
    """What the old code page of Taiwan does not hold is a character of the simplified script alone."""
    words = {w for t in TABLES for f in t.fields for w in (f.label.zh, *f.aliases)} | {w for units in UNITS.values() for w in units}
    lacking = {c for w in words for c in w if "\u4e00" <= c <= "\u9fff" and c not in PAIRS[1::2] and not _in_big5(c)}
    assert lacking == set()
    assert all(simplified(w.translate(_OLD)) == simplified(w) for w in words)


def _in_big5(character: str) -> bool:
    try:
        return bool(character.encode("big5"))
    except UnicodeEncodeError:
        return False


def test_the_attributes_of_a_layer_are_headings_too(folder: Folder):
    import geopandas
    import shapely

    columns = {"宗地編號①": ["Z1"], "项目编号（必填）": ["P1"], "用地面積（畝）": [18.0], "容积率(下限)": [2.0], "备注": ["x"]}
    frame = geopandas.GeoDataFrame(columns, geometry=[shapely.box(500000, 3.8e6, 500100, 3.8001e6)], crs="EPSG:4545")
    frame.to_file(folder.path / "宗地.gpkg")
    folder.load()
    assert folder.one("SELECT parcel_id, project_id, land_area_m2, far_permitted FROM parcels") == ("Z1", "P1", Decimal(12000), None)
    assert {p["code"]: p["what_zh"].split("：")[-1] for p in folder.problems()} == {
        "other_column": "容积率(下限)（不是“容积率”）", "unused_columns": "备注",
    }  # fmt: skip


def test_letters():
    assert [letters(i) for i in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("01规划局-开发项目台账2011", ("projects",)), ("住建局_保证金流水", ("deposits",)), ("项目保证金", ("deposits",)), ("折资单价", ("unit_prices",)),
        ("社区办公用房", ("offices",)), ("社区服务设施", ("community_facilities",)), ("Idle facilities 2011", ("idle_facilities",)),
        ("parcels", ("parcels",)),
        ("社区用房移交", ("handovers", "premises")), ("Sheet1", ()), ("民政局", ()),
    ],
)  # fmt: skip
def test_tables_are_known_by_name(text, tables):
    assert tables_named(text) == tables


def test_headers_decide_where_names_do_not():
    deposits = ["流水号", "项目编号", "事项", "金额", "日期"]
    assert recognise([["title"], deposits], "Sheet1", "附件3").header.table == "deposits"
    assert recognise([deposits], "项目", "附件3").header.table == "deposits", "the name says projects, every needed header deposits"
    assert recognise([["项目编号", "竣工日期"]], "项目", "住建局").header.table == "projects", "a sheet may be a part of a table"
    assert recognise([["项目编号", "竣工日期"]], "Sheet1", "住建局").header is None
    assert recognise([["项目编号", "移交日期"]], "社区用房移交", "a").header.table == "handovers"


def test_a_corner_cell_gives_the_unit_of_columns_without_one(folder: Folder):
    header = ["项目编号", "项目名称", "区县", "总建筑面积", "用地面积(㎡)"]
    folder.workbook("a.xlsx", 项目=[["填报单位：规划局", None, None, "单位：万平方米"], header, ["P1", "甲", "1", 5.5, 12000]]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal("55000.00"), Decimal("12000.00"))
    assert folder.rows("SELECT field, unit, factor FROM source_column WHERE unit IS NOT NULL ORDER BY field") == [
        ("land_area_m2", "㎡", Decimal(1)), ("plan_total_m2", "万平方米 (D1)", Decimal(10000)),
    ]  # fmt: skip


def test_an_unknown_unit_loses_only_its_column(folder: Folder):
    folder.csv("项目.csv", "项目编号,项目名称,区县,总建筑面积（坪）,户数\nP1,甲,1,5000,30\n").load()
    assert folder.one("SELECT plan_total_m2, households FROM projects") == (None, 30)
    assert folder.one("SELECT plan_total_m2 FROM raw_projects") == ("5000",)
    assert ("projects", "plan_total_m2") in folder.rows("FROM delivered")
    assert [p["code"] for p in folder.problems()] == ["unknown_unit"]


def test_a_fields_own_label_goes_before_an_alias(folder: Folder):
    folder.csv("项目.csv", "项目编号,项目名称,区县,规划总建筑面积,建筑面积\nP1,甲,1,100,200\n").load()
    assert folder.one("SELECT plan_total_m2 FROM projects") == (Decimal("100.00"),)
    (problem,) = folder.problems()
    assert problem["code"] == "duplicate_column" and "采用 D 列" in problem["what_zh"] and "column D is used" in problem["what_en"]


def test_two_key_columns_leave_no_key(folder: Folder):
    folder.csv("项目.csv", "项目编码,项目代码,项目名称,区县\nP1,Q1,甲,1\n").load()
    assert folder.rows("SELECT code FROM quarantine") == [("duplicate_column",)]
    assert folder.totals() == [(1, 0, 1)]
    assert [(p["code"], p["quarantined"]) for p in folder.problems()] == [("duplicate_column", True)]


def test_an_unknown_unit_of_a_required_value_costs_its_rows(folder: Folder):
    folder.csv("移交.csv", "移交编号,项目编号,移交面积（坪）\nH1,P1,50\n").load()
    assert folder.rows("SELECT key, project_id, code FROM quarantine") == [("H1", "P1", "unknown_unit")]
    assert [(p["code"], p["quarantined"]) for p in folder.problems()] == [("unknown_unit", True)]


def test_an_unknown_unit_in_one_file_is_not_read_in_the_unit_of_another(folder: Folder):
    head = "流水号,项目编号,事项,日期"
    folder.csv("1保证金.csv", f"{head},金额\nB1,P1,缴存,2010-01-01,50\n").csv(
        "2保证金.csv", f"{head},金额（万）\nB2,P1,缴存,2010-01-01,30\n"
    )
    folder.csv("1项目.csv", "项目编号,项目名称,区县,总建筑面积\nP1,甲,1,45\n").csv(
        "2项目.csv", "项目编号,项目名称,区县,总建筑面积（坪）\nP2,乙,1,45\n"
    ).load()
    assert folder.rows("SELECT project_id, plan_total_m2 FROM projects ORDER BY 1") == [("P1", Decimal(45)), ("P2", None)]
    assert folder.rows("SELECT event_id FROM deposits") == [("B1",)]
    assert folder.rows("SELECT key, project_id, code FROM quarantine") == [("B2", "P1", "unknown_unit")]
    assert {p["code"] for p in folder.problems()} == {"unknown_unit"}
