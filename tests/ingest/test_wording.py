"""Headings in everyday words: variants of one name, headings that mean another thing, headers of two rows, columns that nobody uses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planning_check.ingest.headers import read_header
from tests.ingest.conftest import Folder

PROJECT = ["项目编号", "项目名称", "区县"]


@pytest.mark.parametrize(
    ("header", "table", "field"),
    [
        ("规划批准时间", "projects", "plan_approved_on"), ("规划方案批准日", "projects", "plan_approved_on"), ("竣工时间", "projects", "completed_on"),
        ("开发单位名称", "projects", "developer_name"), ("实际竣工日期", "projects", "completed_on"), ("项目号", "handovers", "project_id"),
        ("退还日期", "payments", "refunded_on"), ("退款时间", "payments", "refunded_on"), ("折资款额", "payments", "amount_yuan"),
        ("移交时间", "handovers", "handed_over_on"), ("面积（㎡）", "handovers", "area_m2"), ("房产证编号", "premises", "title_no"),
        ("发生时间", "deposits", "event_on"), ("是否有电梯", "premises", "has_lift"), ("总金额(万元)", "deposits", "amount_yuan"),
        ("总建面（万㎡）", "projects", "plan_total_m2"), ("所属区县", "projects", "district_code"), ("社会信用代码", "projects", "developer_code"),
        ("竣备日期", "projects", "completion_filed_on"), ("用房面积", "offices", "area_m2"), ("土地面积(公顷)", "projects", "land_area_m2"),
        ("竣工驗收時間", "projects", "completed_on"), ("總建築面積（萬㎡）", "projects", "plan_total_m2"), ("宗地編號", "parcels", "parcel_id"),
        ("用地面积①(㎡)", "projects", "land_area_m2"), ("竣工日期★", "projects", "completed_on"), ("※竣工日期", "projects", "completed_on"),
        ("竣工日期〔1〕", "projects", "completed_on"), ("竣工日期（见注2）", "projects", "completed_on"), ("2、项目名称", "projects", "project_name"),
        ("建筑面积（地上）", "projects", "plan_above_ground_m2"), ("建筑面积（实测）（㎡）", "projects", "survey_total_m2"),
        ("建筑面积（万㎡，地下）", "projects", "plan_below_ground_m2"), ("其中：地上建筑面积", "projects", "plan_above_ground_m2"),
        ("总建筑面积（含地下）", "projects", "plan_total_m2"), ("容积率（规划）", "projects", "far_permitted"),
        ("开发企业（原）", "projects", "previous_developer_name"),
        ("建筑面积﹙㎡﹚", "projects", "plan_total_m2"), ("宗地面积_亩", "parcels", "land_area_m2"),
    ],
)  # fmt: skip
def test_everyday_variants_of_a_name(header, table, field):
    column = read_header(header, table, 0, "A", loose=True)
    assert column is not None and column.field == field


OTHER = [
    "竣工日期（计划）", "规划验收日期（计划）", "竣工日期(预计)", "计划竣工日期", "预计竣工时间", "拟验收日期", "竣工日期-计划", "竣工日期（planned）", "竣工日期（est.）",
    "约定竣工日期",    "竣工日期（未定）",
    "容积率(下限)", "容积率(上限)", "约定容积率（上限）", "交付日期(约定)", "開工日期（計劃）", "建筑面积（㎡）（不含地下）", "建筑面积(㎡,不含地下)", "竣工日期（含二期）",
    "户数（不含回迁）",
    "容积率上限", "竣工日期★（预计）", "目标竣工日期", "竣工日期（应）", "已售面积", "建筑面积（已售）", "总建筑面积（不含地下）", "户数（户籍）",
    "项目名称（原）", "开发企业（拟）",
]  # fmt: skip


@pytest.mark.parametrize("header", OTHER)
def test_a_heading_that_means_another_thing_is_not_the_field(folder: Folder, header: str):
    assert read_header(header, "projects", 0, "A", loose=True) is None
    folder.workbook("a.xlsx", 项目=[[*PROJECT, header], ["P1", "甲", "1", "2009-05-01"]]).load()
    (problem,) = folder.problems()
    assert (
        problem["code"] in ("other_column", "like_column", "unused_columns")
        and f"D {header}" in problem["what_zh"]
        and problem["sheet"] == "项目"
    )


@pytest.mark.parametrize(
    "header", ["竣工日期（年月日）", "竣工日期（实际）", "竣工日期(yyyy-mm-dd)", "竣工日期（必填）", "竣工日期（住建局填报）", "竣工日期*"]
)
def test_a_note_that_changes_nothing(header):
    assert read_header(header, "projects", 0, "A", loose=True).field == "completed_on"


def test_every_unused_column_is_named_with_its_sheet(folder: Folder):
    header = [*PROJECT, "序号", "备注", "规划方案批服日期"]
    folder.workbook("a.xlsx", 项目=[header, ["P1", "甲", "1", 1, "", "2008-01-01"]]).load()
    like, rest = folder.problems()
    assert (rest["code"], like["code"]) == ("unused_columns", "like_column")
    assert like["what_zh"] == "没有采用、像某一项的列：F 规划方案批服日期（像“详规批准日期”）"
    assert rest["what_zh"] == "没有采用的列 2 列：D 序号、E 备注" and rest["what_en"].endswith("2: D 序号, E 备注")


def test_the_exact_name_goes_before_a_variant_of_it(folder: Folder):
    folder.workbook("移交.xlsx", 移交=[["移交编号", "项目编号", "移交面积", "面积"], ["H1", "P1", 100, 900]]).load()
    assert folder.one("SELECT area_m2 FROM handovers") == (Decimal(100),)
    assert [p["code"] for p in folder.problems()] == ["like_column"]


GROUPED = [
    [*PROJECT, "建筑面积（㎡）", None, None, "竣工日期"],
    [None, None, None, "地上", "地下", "合计", None],
    ["P1", "甲", "1", 800, 200, 1000, "2009-05-01"],
]


def merged_workbook(folder: Folder, rows: list[list], blocks: str) -> Folder:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in rows:
        sheet.append(row)
    for block in blocks.split():
        sheet.merge_cells(block)
    book.save(folder.path / "a.xlsx")
    return folder.load()


@pytest.mark.parametrize("group", ["总建筑面积（㎡）", "建筑面积（㎡）", "总建筑面积", "總建築面積（㎡）"])
@pytest.mark.parametrize(
    "below",
    [
        ["地下", "地上", "合计"],
        ["其中：地下", "其中：地上", "小计"],
        ["地下（㎡）", "地上（㎡）", "总计（㎡）"],
        ["地下面积", "地上面积", "总面积"],
    ],
)
def test_the_total_of_a_group_is_the_total(folder: Folder, group: str, below: list[str]):
    rows = [[*PROJECT, group, None, None], [None, None, None, *below], ["P1", "甲", "1", 6000, 24000, 30000]]
    merged_workbook(folder, rows, "D1:F1 A1:A2 B1:B2 C1:C2")
    got = folder.one("SELECT plan_total_m2, plan_above_ground_m2, plan_below_ground_m2 FROM projects")
    assert got == (Decimal(30000), Decimal(24000), Decimal(6000))
    assert folder.problems() == []


@pytest.mark.parametrize("units", [["", "", "", "万㎡", "万㎡", "万㎡"], ["单位", "", "", "(万平方米)", "(万平方米)", "(万平方米)"]])
def test_a_row_of_units_below_two_rows_of_headings(folder: Folder, units: list[str]):
    rows = [[*PROJECT, "建筑面积", None, None], [None, None, None, "地下", "地上", "合计"], units, ["P1", "甲", "1", 0.6, 2.4, 3]]
    merged_workbook(folder, rows, "D1:F1 A1:A2 B1:B2 C1:C2")
    assert folder.one("SELECT plan_total_m2, plan_below_ground_m2 FROM projects") == (Decimal(30000), Decimal(6000))
    assert folder.one("SELECT header_row, rows_read FROM source") == (3, 1)


@pytest.mark.parametrize("deep", [False, True])
def test_a_row_of_units_beside_heads_that_are_merged_down(folder: Folder, deep: bool):
    rows = [
        ["项目台账"],
        [*PROJECT, "总建筑面积", None, "用地面积"],
        [None, None, None, "地上", "合计", None],
        [None, None, None, "万㎡", "万㎡", "亩"],
    ]
    blocks = "A1:F1 D2:E2 A2:A4 B2:B4 C2:C4 F2:F3"
    if not deep:
        rows = [rows[0], [*PROJECT, "地上建筑面积", "总建筑面积", "用地面积"], rows[3]]
        blocks = "A1:F1 A2:A3 B2:B3 C2:C3"
    merged_workbook(folder, [*rows, ["P1", "甲", "1", 2.4, 3, 18]], blocks)
    got = folder.one("SELECT plan_above_ground_m2, plan_total_m2, land_area_m2 FROM projects")
    assert got == (Decimal(24000), Decimal(30000), Decimal(12000))
    assert folder.totals() == [(1, 1, 0)]


def test_units_beside_the_heads_of_a_group(folder: Folder):
    rows = [
        [*PROJECT, "总建筑面积", None, "用地面积", "折资"],
        [None, None, None, "地上（万㎡）", "合计（万㎡）", "亩", "（元）"],
        ["P1", "甲", "1", 2.4, 3, 18, 1],
    ]
    merged_workbook(folder, rows, "D1:E1")
    got = folder.one("SELECT plan_above_ground_m2, plan_total_m2, land_area_m2 FROM projects")
    assert got == (Decimal(24000), Decimal(30000), Decimal(12000))


def test_a_row_of_units_below_the_numbers_of_the_columns(folder: Folder):
    rows = [[*PROJECT, "总建筑面积", "用地面积"], [1, 2, 3, 4, 5], ["", "", "", "万㎡", "亩"], ["P1", "甲", "1", 3, 18]]
    folder.workbook("a.xlsx", 项目=rows).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), Decimal(12000))
    assert folder.totals() == [(1, 1, 0)]


def test_a_record_above_a_row_of_units_stays_one(folder: Folder):
    rows = [[*PROJECT, "总建筑面积", "用地面积"], ["P1", "甲", "1", 30000, 18], ["", "", "", "万㎡", "亩"]]
    folder.workbook("a.xlsx", 项目=rows).load()
    assert folder.one("SELECT project_id, plan_total_m2, land_area_m2 FROM projects") == ("P1", Decimal(30000), Decimal(18))
    assert folder.totals() == [(2, 1, 1)]


def test_a_row_of_units_that_nobody_knows(folder: Folder):
    rows = [[*PROJECT, "总建筑面积", "用地面积"], ["", "", "", "㎡", "坪"], ["P1", "甲", "1", 30000, 18]]
    folder.workbook("a.xlsx", 项目=rows).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), None)
    assert [(p["code"], p["field"]) for p in folder.problems()] == [("unknown_unit", "land_area_m2")]


def test_groups_that_say_only_what_is_measured_add_nothing(folder: Folder):
    rows = [
        [*PROJECT, "面积（万㎡）", None, "时间", None],
        [None, None, None, "总建筑面积", "用地面积", "开工日期", "竣工日期"],
        ["P1", "甲", "1", 3, 1.2, "2008-1-2", "2009-5-1"],
    ]
    merged_workbook(folder, rows, "D1:E1 F1:G1 A1:A2 B1:B2 C1:C2")
    assert folder.one("SELECT plan_total_m2, land_area_m2, started_on_lo IS NULL, completed_on_lo IS NULL FROM projects") == (
        30000,
        12000,
        False,
        False,
    )


@pytest.mark.parametrize("merged", [True, False])
def test_a_header_of_two_rows(folder: Folder, merged: bool):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in [["2011年项目台账"], *GROUPED]:
        sheet.append(row)
    for block in ("A1:G1", "D2:F2", "A2:A3", "B2:B3", "C2:C3", "G2:G3") if merged else ():
        sheet.merge_cells(block)
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.one("SELECT plan_total_m2, plan_above_ground_m2, plan_below_ground_m2, completed_on_lo IS NOT NULL FROM projects") == (
        1000,
        800,
        200,
        True,
    )
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("group", "below", "fields"),
    [
        ("实测", ["总建筑面积", "地下建筑面积"], {"survey_total_m2", "survey_below_ground_m2"}),
        ("建筑面积", ["已建", "在建"], set()),
        ("计划", ["开工日期", "竣工日期"], set()),
        ("基本情况", ["地址", "总建筑面积"], {"address", "plan_total_m2"}),
    ],
)
def test_a_group_is_part_of_the_headings_below(folder: Folder, group: str, below: list[str], fields: set[str]):
    text = f"{','.join(PROJECT)},{group},,用地面积\n,,,{','.join(below)},\nP1,甲,1,5,6,7\n"
    folder.csv("项目.csv", text).load()
    assert {f for (f,) in folder.rows("SELECT field FROM source_column")} == {
        "project_id",
        "project_name",
        "district_code",
        "land_area_m2",
        *fields,
    }
    assert folder.one("SELECT land_area_m2 FROM projects") == (7,)


def test_a_column_with_values_and_no_heading_is_named(folder: Folder):
    rows = [[*PROJECT, None, "备注"], ["P1", "甲", "1", 5, None, "多出的"], ["注：以上", None, None, None, None, None, "x"]]
    folder.workbook("a.xlsx", 项目=rows).load()
    (problem,) = folder.problems("unused_columns")
    assert problem["what_zh"] == "没有采用的列 3 列：E 备注、D、F"


@pytest.mark.parametrize(
    ("table", "rows", "read"),
    [
        (
            "用房", [["用房编号", "项目编号", "规划", "", "许可", "", "实测"], ["", "", "面积（㎡）", "层数", "面积（㎡）", "层数", "面积（万㎡）"]],
            {"C": ("planned_m2", "㎡"), "E": ("permitted_m2", "㎡"), "G": ("surveyed_m2", "万㎡")},
        ),
        (
            "保证金", [["流水号", "项目编号", "事项", "保证金（万元）", "", ""], ["", "", "", "金额", "日期", "票据号"]],
            {"C": ("event", None), "D": ("amount_yuan", "万元"), "E": ("event_on", None), "F": ("receipt_no", None)},
        ),
        (
            "办公用房", [["办公用房编号", "社区代码", "办公用房", "", "室外活动场地"], ["", "", "面积（㎡）", "产权证号", "面积（亩）"]],
            {"C": ("area_m2", "㎡"), "D": ("title_no", None), "E": ("outdoor_m2", "亩")},
        ),
        (
            "项目",
            [
                [*PROJECT, "规划指标", "", "", "", "实测数据", ""], ["", "", "", "建筑面积（万㎡）", "", "", "容积率", "建筑面积", ""],
                ["", "", "", "总面积", "地上", "地下", "", "合计", "地上"],
            ],
            {
                "D": ("plan_total_m2", "万㎡"), "E": ("plan_above_ground_m2", "万㎡"), "F": ("plan_below_ground_m2", "万㎡"),
                "G": ("far_permitted", None), "H": ("survey_total_m2", "m2"), "I": ("survey_above_ground_m2", "m2"),
            },
        ),
        (
            "项目", [[*PROJECT, "竣工日期", "", "开工日期", ""], ["", "", "", "计划", "实际", "计划", "实际"]],
            {"E": ("completed_on", None), "G": ("started_on", None)},
        ),
        ("项目", [[*PROJECT, "其中：已售部分的面积情况", "", "用途"], ["", "", "", "总建筑面积", "住宅建筑面积", ""]], {"F": ("uses", None)}),
    ],
)  # fmt: skip
def test_groups_of_many_kinds(folder: Folder, table: str, rows: list[list[str]], read: dict[str, tuple]):
    folder.csv(f"{table}.csv", "".join(",".join(row) + "\n" for row in [*rows, ["X1", "Y1", "Z1"]])).load()
    own = len([c for c in rows[0] if c in (*PROJECT, "用房编号", "流水号", "办公用房编号", "社区代码")])
    found = folder.rows("SELECT letter, field, unit FROM source_column ORDER BY letter")[own:]
    assert {letter: (field, unit) for letter, field, unit in found} == read


def test_a_heading_over_several_columns_names_none_of_them(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in ([*PROJECT, "总建筑面积", None], ["P1", "甲", "1", 800, 1000]):
        sheet.append(row)
    sheet.merge_cells("D1:E1")
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.one("SELECT plan_total_m2 FROM projects") == (None,)
    assert "D 总建筑面积（跨 2 列）" in folder.problems()[0]["what_zh"]
