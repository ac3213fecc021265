"""What a workbook says besides its values: how a cell is shown, merged cells, hidden rows and sheets; the same in .xlsx, .xls and .ods."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from planning_check.ingest.shown import shown_by
from tests.ingest.conftest import Folder

HEADER = ["项目编号", "项目名称", "区县", "竣工日期", "用房占比", "总建筑面积", "用地面积"]
SHOWN = ['yyyy"年"m"月"', "yyyy-mm-dd", "mmm-yy"]


def make(path: Path) -> None:
    """The workbook that ``shown.xls`` and ``shown.ods`` beside this test were saved from (by LibreOffice)."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    sheet.append(HEADER)
    for row, shown in enumerate(SHOWN, 2):
        sheet.append([f"P{row}", "甲", "1", dt.date(2009, 5, 1), 0.01, 4.5, 3000])
        for column, code in ((4, shown), (5, "0.00%"), (6, '0.0"万㎡"')):
            sheet.cell(row, column).number_format = code
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("G3:G4")
    old = book.create_sheet("项目旧")
    old.append(["项目编号", "项目名称"])
    old.append(["P1", "x"])
    old.sheet_state = "hidden"
    book.save(path)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_every_kind_of_workbook_says_the_same(folder: Folder, kind: str):
    if kind == "xlsx":
        make(folder.path / "a.xlsx")
    else:
        shutil.copy(Path(__file__).with_name(f"shown.{kind}"), folder.path / f"a.{kind}")
    folder.load()
    month, day = (dt.date(2009, 5, 1), dt.date(2009, 5, 31)), (dt.date(2009, 5, 1),) * 2
    assert folder.rows("SELECT completed_on_lo, completed_on_hi FROM projects ORDER BY project_id") == [month, day, month]
    assert folder.rows("SELECT DISTINCT project_name, stated_premises_percent, plan_total_m2 FROM projects") == [
        ("甲", Decimal(1), Decimal(45000))
    ]
    assert folder.rows("SELECT land_area_m2 FROM projects ORDER BY project_id") == [(Decimal(3000),), (None,), (None,)]
    found = [(p["code"], p["sheet"], p["row"], p["letter"]) for p in folder.problems() if p["code"] != "missing_required"]
    assert found == [
        ("hidden_rows", "项目", None, None), ("merged_amount", "项目", 3, "G"), ("merged_amount", "项目", 4, "G"),
        ("hidden_sheet", "项目旧", None, None),
    ]  # fmt: skip
    assert "1 行（第 3 行）是隐藏的" in folder.problems("hidden_rows")[0]["what_zh"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", ""), ("yyyy/m/d", ""), ("yyyy/m", "month"), ("[$-804]yyyy\\年m\\月;@", "month"),
        ("yyyy", "year"), ("h:mm", ""), ("m/d", ""), ("[DBNum1][$-804]yyyy\"年\"m\"月\"", "month"), ("[$-404]e\"年\"m\"月\"", "month"),
        ("[$-404]e/m/d", ""), ("0.00E+00", ""), ('[$-F800]dddd, mmmm dd, yyyy', ""),
        ("[$£-809]#,##0.00", "£"), ('"£"#,##0', "£"), ('_("$"* #,##0.00_)', "$"), ("[$€-2] #,##0", "€"), ("#,##0.00 [$USD]", "USD"),
        ("[$¥-411]#,##0", "日元"), ("[$¥-804]#,##0.00", ""), ('"¥"#,##0', ""), ("[$-804]0.00", ""), ("[$CNY] 0", ""),
        ("0%", "percent"), ("0.00%;[Red]-0.00%", "percent"), ('0"%"', ""), ('#,##0.00"万元"', "万元"), ("0.00㎡", "㎡"),
        ('0!.0,"万元"', ""), ('0.0,,"万元"', ""), ('0"号楼"', ""),
    ],
)  # fmt: skip
def test_what_a_number_format_shows(code, shown):
    assert shown_by(code) == shown


@pytest.mark.parametrize(
    ("number", "month"), [(17, True), (27, True), (36, True), (50, True), (52, True), (57, True), (14, False), (31, False)]
)
def test_built_in_formats_of_a_month(folder: Folder, number: int, month: bool):
    import xlsxwriter

    with xlsxwriter.Workbook(folder.path / "a.xlsx") as book:
        sheet = book.add_worksheet("项目")
        sheet.write_row(0, 0, HEADER[:4])
        sheet.write_row(1, 0, ["P1", "甲", "1"])
        sheet.write_datetime(1, 3, dt.datetime(2006, 4, 1), book.add_format({"num_format": number}))
    folder.load()
    assert folder.one("SELECT completed_on_hi FROM projects") == (dt.date(2006, 4, 30 if month else 1),)


def test_a_key_merged_over_rows_belongs_to_each(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "用房"
    rows = [
        ["用房编号", "项目编号", "实测面积", "用房类别"],
        ["Y1", "P1", 300, "社区用房"],
        ["Y2", None, 200, None],
        [],
        ["Y3", "P2", 100, None],
    ]
    for row in [*rows, ["合计", None, 600]]:
        sheet.append(row)
    for block in ("B2:B4", "D2:D3", "A1:A1", "B5:B6"):
        sheet.merge_cells(block)
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT premises_id, project_id, surveyed_m2, kind FROM premises ORDER BY 1") == [
        ("Y1", "P1", 300, "community"), ("Y2", "P1", 200, "community"), ("Y3", "P2", 100, None),
    ]  # fmt: skip
    assert folder.totals() == [(4, 3, 1)] and [p["code"] for p in folder.problems()] == ["total_row"]


def test_an_amount_merged_with_its_key_is_that_of_the_record(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in ([*HEADER[:3], "总建筑面积", "栋号"], ["P1", "甲", "1", 5000, "1#"], [None, None, None, None, "2#"]):
        sheet.append(row)
    for column in "ABCD":
        sheet.merge_cells(f"{column}2:{column}3")
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT project_id, plan_total_m2 FROM projects") == [("P1", 5000)]


def test_amounts_of_their_own_under_a_merged_key_are_parts_and_none_is_dropped(folder: Folder):
    """Two buildings of 5,000 m2 each are no row told twice."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in ([*HEADER[:3], "总建筑面积", "栋号"], ["P1", "甲", "1", 5000, "1#"], [None, None, None, 5000, "2#"]):
        sheet.append(row)
    for column in "ABC":
        sheet.merge_cells(f"{column}2:{column}3")
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT project_id FROM projects") == []
    assert {p["code"] for p in folder.problems() if p["quarantined"]} == {"rows_of_buildings"}


def test_a_conflict_says_which_side_is_hidden(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    for name, area, state in (("项目", 100, "visible"), ("项目（旧）", 200, "hidden")):
        sheet = book.create_sheet(name)
        sheet.append([*HEADER[:3], "总建筑面积"])
        sheet.append(["P1", "甲", "1", area])
        sheet.sheet_state = state
    book.remove(book.worksheets[0])
    book.save(folder.path / "a.xlsx")
    folder.load()
    (problem,) = folder.problems("conflict")
    assert "a.xlsx > 项目 > 第 2 行 > D 列“100”；a.xlsx > 项目（旧） > 第 2 行 > D 列（隐藏）“200”" in problem["what_zh"]
    assert "row 2 > column D (hidden) “200”" in problem["what_en"]


def test_money_shown_as_another_countrys_is_no_yuan(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "折资"
    sheet.append(["缴款编号", "项目编号", "折资金额", "折资单价"])
    for row, code in enumerate(("[$£-809]#,##0.00", '"¥"#,##0.00'), 2):
        sheet.append([f"Z{row}", "P1", 500, 1000])
        sheet.cell(row, 3).number_format = code
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT payment_id, amount_yuan FROM payments") == [("Z3", 500)]
    (problem,) = folder.problems("foreign_money")
    assert (problem["row"], problem["letter"], problem["raw"]) == (2, "C", "500£")


def test_a_sign_of_money_in_a_style_of_an_ods_sheet():
    from xml.etree import ElementTree

    from planning_check.ingest.workbook_ods import Styles

    space = "urn:oasis:names:tc:opendocument:xmlns:%s:1.0"
    styles = Styles()
    styles.take(ElementTree.fromstring(
        f'<a xmlns:n="{space % "datastyle"}" xmlns:s="{space % "style"}">'
        + "".join(f'<n:currency-style s:name="{name}"><n:currency-symbol n:country="{country}">{sign}</n:currency-symbol><n:number/>'
                  "</n:currency-style>"
                  for name, country, sign in (("a", "GB", "£"), ("b", "JP", "¥"), ("c", "CN", "¥")))
        + "</a>"
    ))  # fmt: skip
    assert styles.data == {"a": "£", "b": "日元", "c": ""}


def merged(folder: Folder, rows: list[list], *blocks: str) -> Folder:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    for row in [["项目编号", "项目名称", "区县", "详规批准日期", "规划验收日期", "地上建筑面积", "总建筑面积", "备注"], *rows]:
        sheet.append(row)
    for block in blocks:
        sheet.merge_cells(block)
    book.save(folder.path / "a.xlsx")
    return folder.load()


def test_text_keys_and_days_merged_over_rows_are_those_of_each(folder: Folder):
    rows = [["P1", "甲", "1", "2009-05-12"], ["P2", None, None, None], ["P3", None, None, "2009-06-01"]]
    merged(folder, rows, "B2:B4", "C2:C4", "D2:D3")
    assert folder.rows("SELECT project_name, district_code, plan_approved_on_lo FROM projects ORDER BY project_id") == [
        ("甲", "1", dt.date(2009, 5, 12)), ("甲", "1", dt.date(2009, 5, 12)), ("甲", "1", dt.date(2009, 6, 1)),
    ]  # fmt: skip


def test_a_value_merged_over_columns_is_that_of_the_first_and_the_others_are_unknown(folder: Folder):
    merged(folder, [["P1", "甲", "1", "2009-05-12", None, 300, None], ["P2", "乙", "1", "2009-05-12", None, 300, 400]], "D2:E2", "F2:G2")
    found = folder.rows(
        "SELECT plan_approved_on_lo, planning_accepted_on_lo, plan_above_ground_m2, plan_total_m2 FROM projects ORDER BY project_id"
    )
    assert found == [(dt.date(2009, 5, 12), dt.date(1, 1, 1), None, None), (dt.date(2009, 5, 12), None, 300, 400)]
    assert sorted((p["code"], p["row"], p["letter"]) for p in folder.problems("merged%")) == [("merged_columns", 2, c) for c in "EFG"]


def test_blank_cells_that_are_merged_are_blank(folder: Folder):
    merged(folder, [["P1", "甲", "1"], ["P2", "乙", "1"]], "D2:E2", "F2:F3", "G2:H3")
    assert folder.problems("merged%") == [] and folder.totals() == [(2, 2, 0)]
