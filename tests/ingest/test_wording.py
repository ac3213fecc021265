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
    ],
)  # fmt: skip
def test_everyday_variants_of_a_name(header, table, field):
    column = read_header(header, table, 0, "A", loose=True)
    assert column is not None and column.field == field


OTHER = [
    "竣工日期（计划）", "规划验收日期（计划）", "竣工日期(预计)", "计划竣工日期", "预计竣工时间", "拟验收日期", "竣工日期-计划", "竣工日期（planned）", "竣工日期（est.）",
    "约定竣工日期",    "竣工日期（未定）",
    "目标竣工日期", "竣工日期（应）", "已售面积", "建筑面积（已售）", "总建筑面积（不含地下）", "户数（户籍）", "项目名称（原）", "开发企业（拟）",
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
