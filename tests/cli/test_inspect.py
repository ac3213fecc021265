"""How a delivery is read, told before anything is judged: every file, sheet, heading and row has its place in what is said."""

import csv
import io
import json

import openpyxl
import pytest

DISTRICTS = "区县代码,区县名称\n990102,棠城区\n"
#: The papers that tell how a delivery was read.
READ = ("--lang", "zh", "--only", "tables", "--only", "workbook", "--only", "page")


@pytest.fixture
def delivery(tmp_path):
    """Two sheets that are tables (one hidden), one that is none, a note that is no data, and a text in GB18030."""
    folder = tmp_path / "报送"
    folder.mkdir()
    (folder / "区县.csv").write_bytes(DISTRICTS.encode("gb18030"))
    (folder / "扫描件.pdf").write_bytes(b"%PDF-1.4 ...")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "开发项目"
    for row in (
        ["开发项目台账"],
        ["项目编号", "项目名称", "区县", "总建筑面积（万㎡）", "土地等级", "容积率（下限）"],
        ["P1", "河畔苑", "棠城区", 3, "二级", 1.2],
        ["P2", "山前里", "棠城区", 2, "三级", 1.0],
        ["合计", None, None, 5],
    ):
        sheet.append(row)
    other = book.create_sheet("走访记录")
    for row in (["走访日期", "走访人", "项目名称"], ["2009-05-01", "甲", "河畔苑"], ["2009-05-02", "乙", "山前里"]):
        other.append(row)
    hidden = book.create_sheet("催告")
    hidden.sheet_state = "hidden"
    for row in (["催告编号", "项目编号", "送达日期", "限期"], ["C1", "P1", "2010-01-05", "2010-03-05"]):
        hidden.append(row)
    book.save(folder / "台账.xlsx")
    return folder


def rows_of(call, delivery):
    code, out, err = call("inspect", delivery, "--as-of", "2011-06-30", "--format", "csv")
    assert code == 0, err
    return list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))


def test_every_heading_is_told_with_its_field_or_the_nearest(call, delivery):
    told = {(row["sheet"], row["header"]): row for row in rows_of(call, delivery)}
    total = told["开发项目", "总建筑面积（万㎡）"]
    assert (total["letter"], total["field_zh"], total["unit"], total["header_row"]) == ("D", "规划总建筑面积", "万㎡", "2")
    assert told["开发项目", "土地等级"]["field_zh"] == "" == told["开发项目", "土地等级"]["nearest_zh"]
    lower = told["开发项目", "容积率（下限）"]
    assert (lower["field_zh"], lower["nearest_en"]) == ("", "permitted floor area ratio") and "another thing" in lower["how_en"]
    assert told["催告", "送达日期"]["is_hidden"] == "True"
    assert told["走访记录", "走访日期"]["table_zh"] == "" and told["走访记录", "项目名称"]["nearest_zh"] == "项目名称"


def test_rows_of_all_files_add_up_and_an_unread_one_is_unknown_not_none(call, delivery):
    sheets = {(row["file"], row["sheet"]): row for row in rows_of(call, delivery)}
    read = sheets["台账.xlsx", "开发项目"]
    assert (read["rows_read"], read["rows_used"], read["rows_set_aside"]) == ("3", "2", "1")
    assert sheets["台账.xlsx", "走访记录"]["rows_not_taken"] == "3" and sheets["台账.xlsx", "走访记录"]["rows_read"] == ""
    assert sheets["扫描件.pdf", ""]["rows_not_taken"] == "" and sheets["扫描件.pdf", ""]["why_zh"]
    code, out, _ = call("inspect", delivery, "--lang", "en")
    assert code == 0 and "8 rows in all = 4 used + 1 set aside + 3 in what was not used, and those of 1 file" in out


def test_the_page_says_what_was_not_used_before_all_else(call, delivery):
    code, out, _ = call("inspect", delivery, "--lang", "zh")
    assert code == 0
    unread, tables = out.split("区县.csv → 区县")
    assert "走访记录" in unread and "扫描件.pdf" in unread and "行数不知" in unread and "怎么办" in unread
    assert "gb18030“棠城区”" in tables and "工作表是隐藏的" in tables
    assert "没有采用的列：E 土地等级、F 容积率（下限）（不是“规划容积率”）" in tables.replace("\n    ", "")


def test_nothing_recognised_is_told_and_is_no_error(call, tmp_path):
    (tmp_path / "名单.csv").write_text("姓名,电话\n甲,1\n", "utf-8")
    code, out, _ = call("inspect", tmp_path, "--lang", "en", "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert [(row["file"], row["letter"], row["header"], row["nearest_zh"]) for row in told] == [
        ("名单.csv", "A", "姓名", None), ("名单.csv", "B", "电话", None),
    ]  # fmt: skip
    assert told[0]["rows_not_taken"] == 2 and told[0]["why_en"]


def test_a_run_records_it_and_the_papers_carry_it(call, delivery, tmp_path):
    assert call("check", delivery, "--as-of", "2011-06-30", "-q")[0] in (0, 3)
    assert call("report", *READ, "-o", tmp_path / "papers", "-q")[0] == 0
    reading = (tmp_path / "papers" / "reading.csv").read_text("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(reading))) == rows_of(call, delivery)
    book = openpyxl.load_workbook(tmp_path / "papers" / "附册.xlsx")
    cells = [[cell.value for cell in row] for row in book["怎么读的"].iter_rows()]
    assert any("扫描件.pdf" in row for row in cells) and any("土地等级" in row for row in cells)
    page = (tmp_path / "papers" / "findings_zh.html").read_text("utf-8")
    assert page.index("扫描件.pdf") < page.index('id="open-head"'), "what was not used stands on the first screen"
    assert "E 土地等级" in page


@pytest.fixture
def lacking(tmp_path):
    """Housing of which the plan's day stands under a heading that nobody knows, and no register of deposits."""
    folder = tmp_path / "缺"
    folder.mkdir()
    head = "项目编号,项目名称,区县代码,规划用途,规划总建筑面积(㎡),老王登记,竣工日期\n"
    (folder / "开发项目.csv").write_text(
        head + "P1,河畔苑,990102,住宅,30000,2008-05-01,2010-05-01\nP2,山前里,990102,住宅,20000,2008-05-01,2010-05-01\n", "utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("lang", "column", "whole", "beside"),
    [
        ("zh", "详规批准日期", "整张表", "没有的列："),
        ("en", "detailed plan approved on", "the whole register", "Columns missing:"),
    ],
)
def test_what_waits_for_a_missing_column_and_register_stands_beside_them(call, lacking, lang, column, whole, beside):
    code, out, err = call("inspect", lacking, "--lang", lang)
    assert code == 0, err
    rows = [line for line in out.splitlines() if line.rstrip()[-1:].isdigit()]
    assert any(column in line for line in rows) and any(whole in line for line in rows)
    assert column in out.split(beside)[1].split("\n\n")[0]
    code, quick, _ = call("inspect", lacking, "--lang", lang, "--quick")
    assert code == 0 and beside not in quick and whole not in quick


def test_a_check_says_what_waits_and_its_papers_the_same_numbers(call, lacking, tmp_path):
    told = rows_of(call, lacking)
    code, out, err = call("check", lacking, "--lang", "en", "--as-of", "2011-06-30", "-v")
    assert code == 3, err
    assert "deposits (events)" in out.split("not delivered that open outcomes would read")[1].split("The law that judged")[0]
    assert call("report", *READ, "-o", tmp_path / "papers", "-q")[0] == 0
    assert list(csv.DictReader(io.StringIO((tmp_path / "papers" / "reading.csv").read_text("utf-8-sig")))) == told
    waits = {(row["table_en"], row["field_en"]): int(row["open_outcomes"]) for row in told if row["open_outcomes"] and not row["header"]}
    assert waits["development projects", "detailed plan approved on"] >= 2 and waits["deposits (events)", ""] >= 2
    page = (tmp_path / "papers" / "findings_zh.html").read_text("utf-8")
    assert "没有交来、未判结论要用的表和列" in page
    book = openpyxl.load_workbook(tmp_path / "papers" / "附册.xlsx")
    assert any("没有交来" in [cell.value for cell in row] for row in book["怎么读的"].iter_rows())
