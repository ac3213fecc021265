"""Every kind of file that holds a table gives the same table, read by its content."""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from planning_check.ingest import archives, workbook_2003
from planning_check.ingest.texts import decoded
from tests.ingest.conftest import Folder
from tests.ingest.test_bad_input import dbf

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
HEADER = ["项目编号", "项目名称", "区县", "总建筑面积（㎡）", "竣工日期", "用房占比"]
ROWS = [["X1", "东岸花园一期", "610102", "30000.5", "2010-11-01", "1%"], ["X2", "松林苑", "610102", "12000", "2009-05", "2%"]]


def read(folder: Folder) -> list[tuple]:
    folder.csv("项目.csv", GOOD).load()
    return folder.rows("SELECT project_id, project_name, district_code FROM projects WHERE project_id <> 'P1' ORDER BY 1")


NAMES = [("X1", "东岸花园一期", "610102"), ("X2", "松林苑", "610102")]


def text(separator: str, rows=None) -> str:
    return "".join(separator.join(row) + "\n" for row in (rows or [HEADER, *ROWS]))


def spreadsheet(rows: str, styles: str = "", options: str = "", declared: str = '<?xml version="1.0"?>') -> str:
    return (
        f'{declared}<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="开发项目"><Table>{rows}</Table>{options}</Worksheet></Workbook>'
    )


def row(*cells: str, kind: str = "String", more: str = "") -> str:
    return f"<Row{more}>{''.join(f'<Cell><Data ss:Type={chr(34)}{kind}{chr(34)}>{cell}</Data></Cell>' for cell in cells)}</Row>"


def xlsb(rows: list[list[str]]) -> bytes:
    """A binary workbook of one sheet, of strings in the cells."""

    def record(number: int, data: bytes = b"") -> bytes:
        head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
        return head + bytes([len(data)]) + data

    def wide(word: str) -> bytes:
        return struct.pack("<I", len(word)) + word.encode("utf-16-le")

    cells = b""
    for at, line in enumerate(rows):
        cells += record(0, struct.pack("<IIHBBBI", at, 0, 300, 0, 0, 0, 0))
        cells += b"".join(record(6, struct.pack("<II", column, 0) + wide(cell)) for column, cell in enumerate(line))
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    sheet = record(129) + record(148, size) + record(145) + cells + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("开发项目"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    relation = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.bin", book)
        package.writestr("xl/_rels/workbook.bin.rels", relation)
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return made.getvalue()


CELLS = [HEADER, *ROWS]
HTML = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in line)}</tr>" for line in CELLS)
RECORDS = [dict(zip(HEADER, line, strict=True)) for line in ROWS]
FORMS = {
    "甲.csv": text(",").encode(),
    "乙.csv": text(";").encode("gb18030"),
    "丙.txt": text("\t").encode("utf-16"),
    "丁.txt": text("|").encode(),
    "戊.csv": text(",").encode("utf-16-le"),
    "己.csv": text("\t").encode("utf-16-be"),
    "庚": text(",").encode(),
    "辛.xml": spreadsheet("".join(row(*line) for line in CELLS)).encode(),
    "壬.xls": spreadsheet("".join(row(*line) for line in CELLS), declared='<?xml version="1.0" encoding="GB2312"?>').encode("gbk"),
    "癸.xls": f'<html><head><meta content="text/html; charset=gb2312"></head><table>{HTML}</table></html>'.encode("gbk"),
    "子.xls": f"\ufeff<table border=1>{HTML}</table>".encode(),
    "丑.json": json.dumps(RECORDS, ensure_ascii=False).encode(),
    "寅.json": json.dumps({"code": 0, "data": {"total": 2, "rows": RECORDS}}).encode("gb18030"),
    "卯.json": "\n".join(json.dumps(one, ensure_ascii=False) for one in RECORDS).encode("gb18030"),
    "辰.json": "".join(json.dumps(one, ensure_ascii=False, indent=1) for one in RECORDS).encode("utf-8-sig"),
    "巳.xlsb": xlsb(CELLS),
    "午.et": xlsb(CELLS),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_table_gives_it(folder: Folder, name):
    (folder.path / name).write_bytes(FORMS[name])
    assert read(folder) == NAMES
    assert folder.rows(f"SELECT rows_read, rows_used FROM source WHERE file = '{name}'") == [(2, 2)]


def test_big5_is_told_by_its_characters(folder: Folder):
    words = ["項目編號", "項目名稱", "開發企業", "用途"]
    rows = [["X1", "東岸花園一期", "東岸置業有限公司", "住宅"], ["X2", "松林苑", "松林開發有限公司", "商業"]]
    (folder.path / "項目.csv").write_bytes(text(",", [words, *rows]).encode("big5"))
    folder.csv("项目.csv", GOOD).load()
    (problem,) = folder.problems("text_read_as")
    assert problem["file"] == "項目.csv" and "Big5" in problem["what_zh"] and "Big5" in problem["what_en"]
    assert decoded(text(",", rows).encode("big5")) == (text(",", rows), "big5")


@pytest.mark.parametrize("seed", range(40))
def test_simplified_text_is_never_taken_for_big5(seed):
    chance = random.Random(seed)
    common = [bytes([a, b]).decode("gb2312") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFE)]
    said = "".join(chance.choices([*common, *"，、（）一二三①"], k=chance.choice((4, 9, 30, 400))))
    assert decoded(f"编号,名称\n1,{said}\n".encode("gb18030")) == (f"编号,名称\n1,{said}\n", "gb18030")


def test_a_workbook_of_2003_keeps_what_its_cells_show(folder: Folder):
    styles = (
        '<Style ss:ID="m"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style><Style ss:ID="p"><NumberFormat '
        'ss:Format="Percent"/></Style><Style ss:ID="q" ss:Parent="p"/>'
    )
    cells = (
        row(*HEADER)
        + '<Row ss:Index="4" ss:Hidden="1"><Cell><Data ss:Type="String">X1</Data></Cell>'
        '<Cell ss:MergeDown="1"><Data ss:Type="String">甲</Data></Cell>'
        '<Cell><Data ss:Type="Number">610102</Data></Cell><Cell><Data ss:Type="Number">3.00005E4</Data></Cell>'
        '<Cell ss:StyleID="m"><Data ss:Type="DateTime">2009-05-01T00:00:00.000</Data></Cell>'
        '<Cell ss:StyleID="q"><Data ss:Type="Number">0.01</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">X2</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">610102</Data></Cell>'
        '<Cell ss:Formula="=RC[-1]"/><Cell><Data ss:Type="DateTime">2009-05-01T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="Error">#REF!</Data></Cell></Row>'
    )  # fmt: skip
    (folder.path / "开发项目.xml").write_text(spreadsheet(cells, styles), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    told = folder.rows(
        'SELECT r."row", p.project_id, p.project_name, p.completed_on FROM raw_projects p JOIN raw_row r USING (row_id) '
        "WHERE project_id <> 'P1' ORDER BY 1"
    )
    assert told == [(4, "X1", "甲", "2009-05"), (5, "X2", "甲", "2009-05-01")]
    marks = {
        (p["code"], p["row"], p["letter"])
        for p in folder.problems()
        if p["code"] in ("formula_without_value", "error_value", "hidden_rows")
    }
    assert marks == {("formula_without_value", 5, "D"), ("error_value", 5, "F"), ("hidden_rows", None, None)}


@pytest.mark.parametrize(
    "cells",
    [
        '<Row ss:Index="1048577"><Cell><Data ss:Type="String">x</Data></Cell></Row>',
        '<Row><Cell ss:Index="99999"><Data ss:Type="String">x</Data></Cell></Row>',
        '<Row ss:Index="-1"/>', '<Row ss:Index="3"/><Row ss:Index="2"/>', "<Row><Cell>", "</Table>",
        "".join(f'<Row ss:Index="{n}"><Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell></Row>' for n in range(1, 600)),
    ],
)  # fmt: skip
def test_a_workbook_of_2003_that_is_none(folder: Folder, cells):
    (folder.path / "宗地.xml").write_text(spreadsheet(cells), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.xml", "unreadable_file")]


def test_entities_are_not_read(folder: Folder):
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&#120;"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    (folder.path / "宗地.xml").write_text(spreadsheet("<Row><Cell><Data>&b;</Data></Cell></Row>", declared=bomb), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    (problem,) = folder.problems()
    assert problem["code"] == "unreadable_file" and "DTD" in problem["what_zh"]


def test_cells_of_a_page_that_span_and_hide(folder: Folder):
    page = (
        "<table><tr><td colspan=3>开发项目表</td></tr><tr><th>项目编号<th>项目名称<th>区县<th>总建筑面积</tr>"
        "<tr><td>X1<td rowspan=2>甲<br>苑<td rowspan='2'>610102<td x:num='1234.567'>1,235</tr>"
        "<tr style='display:none'><td>X2<td x:num>900</tr><tr><td>X3<td><b>乙</b>&nbsp;<td>610102<td>1</table>"
    )
    (folder.path / "开发项目.xls").write_text(page, "utf-8")
    folder.csv("项目.csv", GOOD).load()
    got = folder.rows("SELECT project_id, project_name, district_code, plan_total_m2 FROM raw_projects WHERE project_id <> 'P1' ORDER BY 1")
    assert got == [("X1", "甲 苑", "610102", "1234.567"), ("X2", "甲 苑", "610102", "900"), ("X3", "乙", "610102", "1")]
    assert [p["code"] for p in folder.problems("hidden_rows")] == ["hidden_rows"]


@pytest.mark.parametrize("page", ["<table><tr><td colspan=99999999>x", "<table><tr><td>x</td></tr>"])
def test_half_a_page_is_none(folder: Folder, page):
    (folder.path / "宗地.xls").write_text(page, "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert "unreadable_file" in {p["code"] for p in folder.problems() if p["file"] == "宗地.xls"}


def test_no_page_lays_out_more_than_it_may(folder: Folder, monkeypatch):
    from planning_check.ingest import workbook_html

    monkeypatch.setattr(workbook_html, "MOST_CELLS", 1_000)
    (folder.path / "宗地.xls").write_text("<table>" + "<tr><td colspan=500>x</tr>" * 3 + "</table>", "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems("unreadable_file")] == [("宗地.xls", "unreadable_file")]


def test_numbers_of_json_are_as_they_are_written(folder: Folder):
    records = (
        '[{"项目编号": 00123}]',
        '[{"项目编号": "X1", "项目名称": "甲", "区县": 610102, "总建筑面积": 0.1000000000000000055, "备注": [1, {"a": null}]}]',
    )
    (folder.path / "坏项目.json").write_text(records[0], "utf-8")
    (folder.path / "项目.json").write_text(records[1], "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT plan_total_m2 FROM raw_projects WHERE project_id = 'X1'") == [("0.1000000000000000055",)]
    assert [(p["file"], p["code"]) for p in folder.problems("unreadable_file")] == [("坏项目.json", "unreadable_file")]


@pytest.mark.parametrize("content", ['[{"a": 1, "a": 2}]', '{"a": [1, 2', "[" * 5000, '{"a":' * 5000 + "1" + "}" * 5000, '[{"a": 1}] x'])
def test_json_that_is_none_is_named(folder: Folder, content):
    (folder.path / "宗地.json").write_text(content, "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.json", "unreadable_file")]


def test_a_dbase_table_alone(folder: Folder):
    columns = [("项目编号", b"C", 6), ("项目名称", b"C", 8), ("区县", b"C", 6), ("空", b"C", 0)]
    rows = [f"{key:<6}".encode() + name.encode("gbk").ljust(8) + b"610102" for key, name in (("X1", "甲"), ("X2", "乙"))]
    data = dbf([(name.encode("gbk"), *rest) for name, *rest in columns], rows)
    (folder.path / "项目.dbf").write_bytes(data)
    (folder.path / "项目二.dat").write_bytes(data.replace(b"X1", b"X3").replace(b"X2", b"X4"))
    assert read(folder) == [("X1", "甲", "610102"), ("X2", "乙", "610102"), ("X3", "甲", "610102"), ("X4", "乙", "610102")]


def zipped(path: Path, members: dict[str, bytes], **how) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = how.get("mode", 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)


def test_what_is_in_an_archive_is_read(folder: Folder, tmp_path):
    parcels = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["X1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    (tmp_path / "layer").mkdir()
    parcels.to_file(tmp_path / "layer" / "宗地.shp", encoding="gbk")
    members = {f"规划局/{p.name}": p.read_bytes() for p in (tmp_path / "layer").iterdir()}
    zipped(
        folder.path / "报送.zip",
        {**members, "规划局/开发项目.csv": text(",").encode("gbk"), "__MACOSX/._a.csv": b"x", "里.zip": b"PK\5\6" + bytes(18)},
    )
    assert read(folder) == NAMES
    assert folder.rows("SELECT file, crs FROM source WHERE table_name = 'parcels'") == [("报送.zip/规划局/宗地.shp", "EPSG:4490")]
    assert [(p["file"], p["code"]) for p in folder.problems("archive_file")] == [("报送.zip/里.zip", "archive_file")]


def test_names_of_an_archive_in_gbk(folder: Folder):
    path = folder.path / "报送.zip"
    zipped(path, {"XXXXXXXX.csv": text(",").encode()})
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "开发项目".encode("gbk")))
    assert read(folder) == NAMES
    assert folder.rows("SELECT file FROM source WHERE file LIKE '报送%'") == [("报送.zip/开发项目.csv",)]


@pytest.mark.parametrize("name", ["../宗地.csv", "/宗地.csv", "C:\\宗地.csv", "a/../../宗地.csv", "..\\宗地.csv"])
def test_a_member_that_leads_out_of_its_archive(folder: Folder, name):
    zipped(folder.path / "报送.zip", {name: b"x", "开发项目.csv": text(",").encode()})
    assert read(folder) == NAMES
    assert [p["code"] for p in folder.problems()] == ["link_outside"]
    assert not list(folder.path.parent.glob("宗地*"))


def test_a_link_in_an_archive(folder: Folder):
    zipped(folder.path / "报送.zip", {"宗地.csv": b"/etc/passwd"}, mode=0o120777)
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("报送.zip/宗地.csv", "link_outside")]


def test_an_archive_that_holds_too_much(folder: Folder, monkeypatch):
    zipped(folder.path / "零.zip", {"宗地.csv": bytes(110 << 20)})
    zipped(folder.path / "多.zip", {f"{n}.csv": b"" for n in range(9)})
    folder.csv("项目.csv", GOOD)
    monkeypatch.setattr(archives, "MOST_FILES", 8)
    folder.load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("多.zip", "archive_file"), ("零.zip", "archive_file")]


def test_no_text_is_larger_than_it_may_be(folder: Folder, monkeypatch):
    monkeypatch.setattr(workbook_2003, "MOST_BYTES", 100)
    (folder.path / "宗地.xml").write_text(spreadsheet(row("a", "b")), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.xml", "too_large_file")]
