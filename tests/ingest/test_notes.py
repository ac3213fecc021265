"""Rows of a sheet that are no records, and records that look like them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning_check.ingest.headers import Header, read_row
from planning_check.ingest.notes import Layout
from tests.crossing import crossed
from tests.ingest.conftest import Folder

HEADING = ["项目编号", "项目名称", "开发企业", "区县", "用途", "用地面积(㎡)", "总建筑面积(㎡)", "详规批准日期", "竣工日期"]
RECORDS = [
    ["XM001", "河畔一号", "东岸置业", "东岸区", "住宅", "12000", "30000", "2009-05-12", "2010-11-01"],
    ["XM002", "松林苑", "松林开发", "东岸区", "住宅", "20000", "45000", "2009-06-30", "2010-12-15"],
]


def row(*cells: str) -> list[str]:
    return [*cells, *[""] * (len(HEADING) - len(cells))]


NOTES = {
    "signatures": row("经办人：张", "复核：李", "", "2011年1月5日"),
    "a department": row("填报单位：规划科", "负责人：王", "", "联系电话：0000"),
    "a source": row("数据来源：", "规划科", "", "台账"),
    "cells by turns": row("填报人", "张三", "审核人", "李四", "日期", "2011-01-05"),
    "half a row": row("填报人：张三", "审核人：李四", "日期："),
    "further right": row("", "", "", "", "制表：张三", "", "审核：李四"),
    "a day": row("", "", "", "", "", "", "二〇一一年六月三十日"),
    "english": row("Prepared by: Zhang", "", "Date: 2011-01-05"),
    "a page": row("第 1 页 共 3 页"),
    "a page's total": row("本页小计", "", "", "", "", "32000", "75000"),
    "so many": row("共 2 个项目"),
    "with the number": row("合计 2 个", "", "", "", "", "32000", "75000"),
    "an average": row("", "平均", "", "", "", "16000", "37500"),
    "continued": row("续表"),
    "next page": row("（转下页）"),
    "nothing below": row("—— 以下空白 ——"),
    "a line": row("--------------"),
    "a section": row("二、西岭区项目"),
    "a sentence": row("本表数据截至六月底，由各局核对后报送。"),
    "a remark": row("注：面积以实测为准", "", "", "", "", "单位：平方米"),
}
HEADERS_AGAIN = {
    "as it is": HEADING,
    "spaced": [" ".join(h) for h in HEADING],
    "in part": [*HEADING[:6], "", "", ""],
    "numbers": [str(n) for n in range(1, 10)],
    "stems": list("甲乙丙丁戊己庚辛壬"),
    "stems, then numbers": [*"甲乙丙丁", *"12345"],
    "one stem": ["甲", *map(str, range(1, 9))],
    "letters": list("ABCDEFGHI"),
    "brackets": [f"（{n}）" for n in range(1, 10)],
    "circles": list("①②③④⑤⑥⑦⑧⑨"),
    "chinese": list("一二三四五六七八九"),
    "named": ["栏次", *map(str, range(1, 9))],
    "sums": [*"1234567", "8=6+7", "9"],
    "of columns": [f"第{n}栏" for n in range(1, 10)],
}
TRUE_RECORDS = {
    "called a total": ["1", "合计大厦", "合计置业", "东岸区", "住宅", "100", "200", "2009-05-12", ""],
    "numbered": ["1", "2号院", "3", "4区", "", "", "", "", ""],
    "an id with a colon": ["东岸：001", "河畔", "东岸置业", "东岸区", "住宅", "100", "200", "", ""],
    "an id with words and a colon": ["项目：河畔", "河畔", "东岸置业", "东岸区", "住宅", "", "", "", ""],
    "colons in its text": ["XM9", "河畔：一期", "东岸：置业", "东岸区", "住宅", "100", "200", "", ""],
    "words of the header": ["XM9", "住宅用地", "用途置业", "区县", "住宅", "100", "200", "", ""],
    "begins like a note": ["XM9", "注册家园", "统计置业", "东岸区", "住宅", "100", "200", "", ""],
    "an id like a section": ["一、1", "河畔", "东岸置业", "东岸区", "住宅", "100", "200", "", ""],
    "a page in its name": ["第1页", "河畔", "东岸置业", "东岸区", "住宅", "100", "200", "", ""],
}


def quarantined(folder: Folder, heading: list[str], rows: list[list[str]], kind: str = "csv") -> list[tuple]:
    if kind == "csv":
        folder.csv("项目.csv", "".join(",".join(r) + "\n" for r in [heading, *rows]))
    else:
        folder.workbook("台账.xlsx", 开发项目=[heading, *rows])
    folder.load()
    ((read, used, aside),) = folder.totals()
    assert (read, read) == (len(rows), used + aside)
    return folder.rows('SELECT "row", code FROM quarantine JOIN raw_row USING (row_id) ORDER BY 1')


@pytest.mark.parametrize(("note", "kind"), crossed(NOTES, {"csv": "csv", "xlsx": "xlsx"}))
def test_a_note_is_set_aside_by_its_row(folder, note, kind):
    assert quarantined(folder, HEADING, [*RECORDS, note], kind) == [(4, "total_row")]
    (problem,) = [p for p in folder.problems() if p["row"]]
    assert (problem["row"], problem["quarantined"]) == (4, True)


@pytest.mark.parametrize("again", HEADERS_AGAIN.values(), ids=HEADERS_AGAIN)
def test_the_header_again_and_the_numbers_of_the_columns_are_no_records(folder, again):
    assert quarantined(folder, HEADING, [again, *RECORDS]) == [(2, "repeated_header")]


@pytest.mark.parametrize(("record", "place"), crossed(TRUE_RECORDS, [0, 1, 2]))
def test_a_record_is_never_a_note(folder, record, place):
    assert quarantined(folder, HEADING, [*RECORDS[:place], record, *RECORDS[place:]]) == []


def test_numbers_that_may_be_a_record_are_one(folder):
    folder.csv("用房.csv", "用房编号,项目编号,规划面积\n1,2,3\n4,2,50\n").load()
    assert folder.totals() == [(2, 2, 0)]


def test_numbers_in_a_row_further_down_are_a_record(folder):
    columns = ["用房编号", "项目编号", "规划面积", "许可面积", "实测面积", "楼栋"]
    assert quarantined(folder, columns, [["9", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5", "6"]]) == []


def test_a_header_of_two_rows_comes_again_on_the_next_page(folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "开发项目"
    top, below = ["项目编号", "项目名称", "区县", "建筑面积（㎡）", None], [None, None, None, "地上", "合计"]
    for cells in [
        top,
        below,
        list("甲乙丙12"),
        ["P1", "甲", "1", 400, 500],
        ["续表"],
        top,
        below,
        list("甲乙丙12"),
        ["P2", "乙", "1", 40, 50],
    ]:
        sheet.append(cells)
    for at in (1, 6):
        sheet.merge_cells(start_row=at, end_row=at, start_column=4, end_column=5)
    sheet.merge_cells("A5:E5")
    book.save(folder.path / "a.xlsx")
    folder.load()
    assert folder.rows("SELECT project_id, plan_above_ground_m2, plan_total_m2 FROM projects ORDER BY 1") == [
        ("P1", 400, 500),
        ("P2", 40, 50),
    ]
    assert folder.totals() == [(7, 2, 5)]


def test_rows_below_a_header_of_other_columns_are_not_read_in_the_columns_of_the_first(folder):
    other = ["项目名称", "项目编号", "区县", "总建筑面积(㎡)", "用地面积(㎡)", "", "", "", ""]
    shifted = ["松林苑", "XM002", "东岸区", "45000", "20000", "", "", "", ""]
    assert quarantined(folder, HEADING, [RECORDS[0], other, shifted, HEADING, RECORDS[1]]) == [
        (3, "below_other_header"), (4, "below_other_header"), (5, "repeated_header"),
    ]  # fmt: skip
    assert folder.rows("SELECT project_id FROM projects ORDER BY 1") == [("XM001",), ("XM002",)]
    assert folder.rows("SELECT project_id FROM quarantine ORDER BY 1 NULLS FIRST")[-1] == ("XM002",)


def layout() -> tuple[Header, Layout]:
    header = read_row(HEADING, "projects", 0, loose=True)
    made = Layout.of(header, [HEADING], [])
    made.top = False
    return header, made


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.from_regex(r"[A-Z]{1,3}[0-9]{1,6}", fullmatch=True),
    st.text(st.sampled_from("合计小总注说明本页：:河畔一二审核制表日期项目编号"), min_size=1, max_size=5),
    st.sampled_from(["东岸区", "610102"]),
    st.integers(1, 10**6),
)
def test_a_row_with_an_id_a_district_and_an_area_is_a_record(project, name, district, area):
    """Whatever its name is, but for the words of a sum alone."""
    if name in ("合计", "小计", "总计"):
        return
    cells = [project, f"{name}苑", "", district, "", "", str(area), "", ""]
    assert layout()[1].note(5, cells, "".join(cells)) == ""


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 99), min_size=5, max_size=9))
def test_only_numbers_one_after_another_number_the_columns(numbers):
    _, made = layout()
    made.top = True
    cells = [*map(str, numbers), *[""] * (9 - len(numbers))]
    one_by_one = numbers[0] == 1 and all(b == a + 1 for a, b in pairwise(numbers))
    if len(numbers) > 5:
        assert (made.note(2, cells, "".join(cells)) == "repeated_header") == one_by_one
