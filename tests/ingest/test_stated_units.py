"""Units that stand beside a table and not in its header: in the title, a corner, a row of their own, or a note under the rows."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from planning_check.ingest.headers import read_row
from planning_check.ingest.stated import Stated, stated_above, stated_below, with_units
from tests.ingest.conftest import Folder

HEAD = ["项目编号", "项目名称", "区县", "总建筑面积", "用地面积"]
ROW = ["P1", "甲", "1", 3, 18]


def told(text: str) -> list[tuple[str, str]]:
    return [(s.of, s.unit) for s in stated_above([["", text]])]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：万平方米", [("", "万平方米")]), ("单位:万㎡、万元", [("", "万㎡"), ("", "万元")]), ("单位：万平方米 万元", [("", "万平方米"), ("", "万元")]),
        ("計量單位：萬平方公尺", [("", "万平方公尺")]), ("計量單位：萬平方米", [("", "万平方米")]), ("2011年台账（面积单位为万平方米）", [("面积", "万平方米")]),
        ("2011年台账（单位：万平方米、万元）", [("", "万平方米"), ("", "万元")]), ("2011年台账（万平方米）", [("", "万平方米")]), ("万平方米、亩", [("", "万平方米"), ("", "亩")]),
        ("注：面积单位为万平方米，金额单位为万元。", [("面积", "万平方米"), ("金额", "万元")]),
        ("注：1、建筑面积单位：万平方米；2、用地面积单位：亩", [("建筑面积", "万平方米"), ("用地面积", "亩")]),
        ("说明：本表金额以万元为单位", [("金额", "万元")]), ("面积均以公顷计，资金以亿元计", [("面积", "公顷"), ("资金", "亿元")]),
        ("面积：万平方米", [("面积", "万平方米")]), ("Unit: ha", [("", "ha")]), ("(areas in hectares)", [("areas", "hectares")]),
        ("All amounts in 万元", [("amounts", "万元")]),
        ("单位：元/㎡", [("", "元/㎡")]), ("货币单位：美元", [("货币", "美元")]), ("面积单位：坪", [("面积", "坪")]), ("面积单位：甲", [("面积", "甲")]),
        ("单位：万", [("", "万")]),
        ("单位：万平方米   填报时间：2011年6月", [("", "万平方米")]),
        ("单 位：万元", [("", "万元")]), ("面积单位为万平方米、金额单位为万元", [("面积", "万平方米"), ("金额", "万元")]),
        ("填报单位：规划局  单位：万元", [("", "万元")]), ("面积数据单位：万㎡", [("面积", "万㎡")]),
        ("建筑面积和用地面积单位为公顷", [("建筑面积", "公顷"), ("用地面积", "公顷")]),
        # no units of numbers
        ("填报单位：规划局", []), ("编制单位：万元设计院", []), ("建设单位：亩地公司", []), ("单位：规划局", []), ("2011年台账（规划局）", []), ("2011年6月", []),
        ("注：1号楼建筑面积为3万平方米", []), ("本表由各区县填报，单位负责人签字", []), ("接收单位为社区居委会", []), ("按元月数据填报", []),
    ],
)  # fmt: skip
def test_what_a_text_says_of_units(text, units):
    assert told(text) == units


def test_a_remark_in_a_record_is_no_note_of_the_table():
    assert list(stated_below([["P1", "甲", "1", "3", "面积单位为亩"]], 3)) == []
    assert list(stated_below([["注：面积单位为亩", "注：面积单位为亩", "", ""]], 7)) == [Stated("面积", "亩", "A7")]


PLACES = {
    "title": (["项目台账（面积单位为万平方米）"], None, [], "(A1)"),
    "corner": ([None, None, None, None, "单位：万平方米"], None, [], "(E1)"),
    "note below": (["项目台账"], None, [[], ["注：面积单位为万平方米"]], "(A5)"),
    "row of units": (["项目台账"], [None, None, None, "万平方米", "万平方米"], [], ""),
    "row of units in brackets": (["项目台账"], ["单位", "/", "/", "（万㎡）", "（万㎡）"], [], ""),
}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("place", PLACES)
def test_a_unit_beside_the_table_is_that_of_its_columns(folder: Folder, place: str, kind: str):
    title, units, below, at = PLACES[place]
    rows = [title, HEAD, *([units] if units else []), ROW, *below]
    if kind == "xlsx":
        folder.workbook("a.xlsx", 项目=rows).load()
    else:
        at = at.replace("A5", "A5")
        folder.csv("项目.csv", "".join(",".join(str(c or "") for c in [*r, *[""] * (5 - len(r))]) + "\n" for r in rows)).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), Decimal(180000))
    assert {u[-4:] if at else u for (u,) in folder.rows("SELECT unit FROM source_column WHERE unit IS NOT NULL")} <= {
        at,
        "万平方米",
        "万㎡",
    }
    assert {p["code"] for p in folder.problems()} <= {"total_row"}


def test_a_note_after_many_rows(folder: Folder):
    rows = [[f"P{n}", f"项目{n}", "1", n, 18] for n in range(1, 60)]
    folder.workbook("a.xlsx", 项目=[HEAD, *rows, ["注：建筑面积单位为万㎡"]]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects WHERE project_id = 'P7'") == (Decimal(70000), Decimal(18))
    assert folder.rows("SELECT field, unit FROM source_column WHERE unit LIKE '%(A61)'") == [("plan_total_m2", "万㎡ (A61)")]


def test_the_headers_own_unit_goes_before_one_beside_the_table(folder: Folder):
    folder.workbook("a.xlsx", 项目=[["单位：万平方米"], [*HEAD[:3], "总建筑面积（㎡）", "用地面积"], ["P1", "甲", "1", 30000, 1.2]]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), Decimal(12000))


def test_two_units_of_area_where_each_can_only_be_one_columns(folder: Folder):
    folder.workbook("a.xlsx", 项目=[["单位：万平方米、亩"], HEAD, ROW]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), Decimal(12000))
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("corner", "header", "unknown"),
    [
        ("单位：万平方米、亩", [*HEAD, "代征土地面积"], {"land_area_m2"}),  # the mu may be the other's
        ("单位：万平方米、平方米", HEAD, {"plan_total_m2", "land_area_m2"}),
        ("单位：坪", HEAD, {"plan_total_m2", "land_area_m2"}),
        ("单位：万", HEAD, {"plan_total_m2", "land_area_m2"}),
        ("面积单位：平方丈", HEAD, {"plan_total_m2", "land_area_m2"}),
    ],
)
def test_a_unit_that_nobody_can_be_sure_of_is_unknown_and_named(folder: Folder, corner: str, header: list[str], unknown: set[str]):
    folder.workbook("a.xlsx", 项目=[[corner], header, [*ROW, 5][: len(header)]]).load()
    problems = folder.problems("unknown_unit")
    assert {p["field"] for p in problems} == unknown and all("(A1)" in p["what_zh"] and p["sheet"] == "项目" for p in problems)
    (values,) = folder.rows("SELECT plan_total_m2 IS NULL, land_area_m2 IS NULL FROM projects")
    assert values == ("plan_total_m2" in unknown, "land_area_m2" in unknown)


def test_title_and_note_that_differ_are_unknown(folder: Folder):
    folder.workbook("a.xlsx", 项目=[["单位：万平方米"], HEAD, ROW, ["注：面积单位为平方米"]]).load()
    (first, second) = folder.problems("unknown_unit")
    assert {first["field"], second["field"]} == {"plan_total_m2", "land_area_m2"}
    assert "万平方米、平方米 (A1 A4)" in first["what_zh"]
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (None, None)


@pytest.mark.parametrize(
    ("note", "total", "land"),
    [
        ("注：P1用地面积单位为亩", 3, None), ("注：河畔项目二期用地面积单位为亩", 3, None), ("注：除P2为亩外，面积单位均为万㎡", None, None),
        ("注：P1的面积单位为亩，其余为平方米", None, None), ("注：公建面积单位为亩", None, None), ("注：总面积单位为万㎡", 30000, 18),
        ("注：项目用地面积单位为公亩", 3, 1800), ("注：项目总建筑面积以万㎡计", 30000, 18),
    ],
)  # fmt: skip
def test_a_note_about_some_of_it_is_not_taken_for_all(folder: Folder, note: str, total: int | None, land: int | None):
    folder.workbook("a.xlsx", 项目=[HEAD, ROW, [note]]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (total, land)
    assert {p["field"] for p in folder.problems("unknown_unit")} == {
        field for field, value in (("plan_total_m2", total), ("land_area_m2", land)) if value is None
    }


def test_a_unit_for_some_columns_by_name_goes_before_one_for_all(folder: Folder):
    folder.workbook("a.xlsx", 项目=[["单位：万平方米"], HEAD, ROW, ["注：用地面积单位为公亩"]]).load()
    assert folder.one("SELECT plan_total_m2, land_area_m2 FROM projects") == (Decimal(30000), Decimal(1800))


@pytest.mark.parametrize(
    ("units", "value"), [(["万㎡", "万平方米"], Decimal(30000)), (["万㎡", "㎡"], None), (["坪", "坪"], None), (["", ""], Decimal(3))]
)
def test_a_column_that_says_the_unit_of_each_row(folder: Folder, units: list[str], value: Decimal | None):
    head = [*HEAD[:4], "计量单位"]
    folder.workbook(
        "a.xlsx", 项目=[head, ["P1", "甲", "1", 3, units[0]], *[[f"P{n}", "乙", "1", 3, units[1]] for n in range(2, 40)]]
    ).load()
    assert folder.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'") == (value,)
    assert [p["code"] for p in folder.problems("unknown_unit")] == ["unknown_unit"] * (value is None)
    assert all("(E)" in p["what_zh"] for p in folder.problems("unknown_unit"))


def test_a_unit_in_the_name_of_the_sheet_or_the_file_or_among_the_heads(folder: Folder):
    folder.workbook("a.xlsx", **{"项目（面积单位万㎡）": [HEAD[:4], ROW[:4]]})
    folder.csv("项目台账（万平方米）.csv", "项目编号,项目名称,区县,总建筑面积\nP2,乙,1,4\n")
    folder.csv("3项目.csv", "项目编号,项目名称,区县,总建筑面积,单位：公顷\nP3,丙,1,5,\n").load()
    assert folder.rows("SELECT plan_total_m2 FROM projects ORDER BY project_id") == [
        (Decimal(30000),),
        (Decimal(40000),),
        (Decimal(50000),),
    ]
    assert "万平方米 (项目台账（万平方米）)" in {u for (u,) in folder.rows("SELECT unit FROM source_column")}


def test_sums_and_prices(folder: Folder):
    head = ["缴款编号", "项目编号", "折资金额", "折资单价"]
    folder.workbook("a.xlsx", 折资=[["单位：万元"], head, ["F1", "P1", 300, 0.4]]).load()
    assert folder.one("SELECT amount_yuan, unit_price_yuan_per_m2 FROM payments") == (Decimal(3_000_000), None)
    (problem,) = folder.problems("unknown_unit")
    assert problem["field"] == "unit_price_yuan_per_m2" and "万元" in problem["what_zh"]


def test_sums_and_prices_each_with_its_unit(folder: Folder):
    head = ["缴款编号", "项目编号", "折资金额", "折资单价"]
    folder.workbook("a.xlsx", 折资=[["单位：亿元、元/㎡"], head, ["F1", "P1", 0.03, 4000]]).load()
    assert folder.one("SELECT amount_yuan, unit_price_yuan_per_m2 FROM payments") == (Decimal(3_000_000), Decimal(4000))
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("units", "factors"),
    [
        (("元", "元/㎡"), (1, 1)), (("万元", "元/㎡"), (10_000, 1)), (("百万元", "万元/亩"), (10**6, 15)), (("元",), (1, 1)),
        (("万元", "千元"), (None, None)), (("美元",), (None, None)),
    ],
)  # fmt: skip
def test_factors_of_sums_and_prices(units, factors):
    header = read_row(["缴款编号", "项目编号", "折资金额", "折资单价"], "payments", 0, loose=True)
    columns = with_units(header, [Stated("", unit, "A1") for unit in units]).columns
    expected = tuple(None if f is None else Fraction(f) for f in factors)
    assert (columns["amount_yuan"].factor, columns["unit_price_yuan_per_m2"].factor) == expected
