"""Files of every format, in the state that offices deliver them."""

from __future__ import annotations

import datetime as dt
import gc
import zipfile
from decimal import Decimal

import pytest

from planning_check.errors import SourceError
from planning_check.ingest.kinds import kind_of
from planning_check.ingest.readers import cell_text, read_sheets
from tests.ingest.conftest import Folder

PROJECTS = "项目编号,项目名称,区县,竣工日期\nP1,甲花园,610102,2009年5月\n"


def parcels(crs: str | None = "EPSG:4545"):
    import geopandas
    import shapely

    columns = {"宗地编号": ["D1", "D2"], "ZDMJ": [1000.5, 2000.0], "unit_code": ["610102001001GB00001", None]}
    return geopandas.GeoDataFrame(columns, geometry=[shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)], crs=crs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_office_encoding(folder: Folder, encoding: str):
    folder.csv("项目.csv", PROJECTS, encoding).load()
    assert folder.one(
        "SELECT project_name, encoding, letter, header FROM projects, source JOIN source_column USING (source_id) "
        "WHERE field = 'completed_on'"
    ) == ("甲花园", encoding, "D", "竣工日期")
    assert folder.one("SELECT completed_on_lo, completed_on_hi FROM projects") == (dt.date(2009, 5, 1), dt.date(2009, 5, 31))


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators(folder: Folder, separator: str):
    folder.csv("项目.tsv" if separator == "\t" else "项目.csv", PROJECTS.replace(",", separator)).load()
    assert folder.one("SELECT project_id, project_name FROM projects") == ("P1", "甲花园")


def test_an_unclosed_quote_swallows_no_rows(folder: Folder):
    folder.csv("1.csv", PROJECTS.replace(",", ",", 1)).csv("项目2.csv", '项目编号,项目名称,区县\nP2,乙,1\nP3,"丙,1\nP4,丁,1\n').csv(
        "项目.csv", PROJECTS
    ).load()
    (problem,) = folder.problems("unreadable_file")
    assert problem["file"] == "项目2.csv" and "引号不成对" in problem["what_zh"] and "near line" in problem["what_en"]
    assert folder.rows("SELECT file FROM source") == [("1.csv",), ("项目.csv",)]
    assert folder.one("SELECT count(*) FROM raw_row") == (2,)


def test_text_in_no_known_encoding(folder: Folder):
    (folder.path / "项目.csv").write_bytes(b"\xff\xff\x81\x20\n")
    with pytest.raises(SourceError, match="neither UTF-8 nor GB18030"):
        folder.load()


def test_a_file_that_another_program_holds(folder: Folder, monkeypatch):
    from pathlib import Path

    def read_bytes(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    folder.csv("项目.csv", PROJECTS)
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(SourceError) as error:
        folder.load()
    assert "项目.csv：文件读不出：没有读取权限，或文件正被其他程序占用" in error.value.render("zh")
    assert "no permission, or another program holds it" in error.value.render("en")


def test_workbook_with_title_blank_rows_and_dates(folder: Folder):
    rows = [
        [None],
        [None, "开发项目台账"],
        [],
        [None, "项目编号", "项目\n名称", "区县", "竣工日期", "开工日期", "规划户数", "统一社会信用代码"],
    ]
    rows += [[None, 101, "甲", 610102.0, dt.date(2011, 3, 31), dt.datetime(2009, 1, 2, 8, 30), 120.0, "00123"], []]
    rows += [[None, 102, "乙", "610102", "2011.3", None, None, None]]
    folder.workbook("台账.xlsx", 开发项目=rows, Sheet2=[]).load()
    found = folder.rows(
        "SELECT project_id, district_code, completed_on_lo, completed_on_hi, started_on_lo, households, developer_code FROM projects"
    )
    assert found == [
        ("101", "610102", dt.date(2011, 3, 31), dt.date(2011, 3, 31), dt.date(2009, 1, 2), 120, "00123"),
        ("102", "610102", dt.date(2011, 3, 1), dt.date(2011, 3, 31), None, None, None),
    ]
    assert folder.one("SELECT header_row, rows_read FROM source") == (4, 2)
    assert folder.rows('SELECT "row" FROM raw_row ORDER BY row_id') == [(5,), (7,)]
    assert folder.one("SELECT letter, header FROM source_column WHERE field = 'project_name'") == ("C", "项目\n名称")
    assert folder.problems() == []


def test_a_date_cell_shown_by_month_is_a_month(folder: Folder):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "项目"
    sheet.append(["项目编号", "项目名称", "区县", "竣工日期"])
    for number, shown in enumerate(['yyyy"年"m"月"', "yyyy/m", 'yyyy"年"', 'yyyy"年"m"月"d"日"', "mmm-yy"], 1):
        sheet.append([f"P{number}", "甲", "1", dt.date(2009, 5, 1)])
        sheet.cell(number + 1, 4).number_format = shown
    book.save(folder.path / "a.xlsx")
    folder.load()
    month, year, day = (dt.date(2009, 5, 1), dt.date(2009, 5, 31)), (dt.date(2009, 1, 1), dt.date(2009, 12, 31)), (dt.date(2009, 5, 1),) * 2
    assert folder.rows("SELECT completed_on_lo, completed_on_hi FROM projects") == [month, month, year, day, month]


def test_an_empty_result_of_a_formula_is_blank_not_missing(folder: Folder):
    import xlsxwriter

    with xlsxwriter.Workbook(folder.path / "a.xlsx") as book:
        sheet = book.add_worksheet("项目")
        sheet.write_row(0, 0, ["项目编号", "项目名称", "区县", "地址", "总建筑面积"])
        sheet.write_row(1, 0, ["P1", "甲", "1"])
        sheet.write_formula(1, 3, '=IF(A1="","x","")', None, "")
        sheet.write_formula(1, 4, "=5*2", None, 10)
    with zipfile.ZipFile(folder.path / "a.xlsx") as package:  # as Excel writes it; the library leaves the type of an empty text out
        parts = {n: package.read(n).replace(b'<c r="D2"><f>', b'<c r="D2" t="str"><f>') for n in package.namelist()}
    with zipfile.ZipFile(folder.path / "a.xlsx", "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    folder.load()
    assert folder.problems() == []
    assert folder.one("SELECT address, plan_total_m2 FROM projects") == (None, Decimal("10.00"))


def test_open_document_spreadsheet(folder: Folder):
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    rows = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in r)
        + "</table:table-row>"
        for r in (["项目编号", "项目名称", "区县"], ["P1", "甲", "东区"])
    )
    content = (
        f'<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" xmlns:text="{office}text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="开发项目">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder.path / "项目.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    folder.load()
    assert folder.one("SELECT project_name, district_code FROM projects") == ("甲", "东区")


def test_geopackage_layer(folder: Folder):
    parcels().to_file(folder.path / "规划局.gpkg", layer="宗地")
    folder.load()
    assert folder.rows("SELECT parcel_id, land_area_m2, unit_code, geometry_crs, geometry IS NOT NULL FROM parcels") == [
        ("D1", Decimal("1000.50"), "610102001001GB00001", "EPSG:4545", True),
        ("D2", Decimal("2000.00"), None, "EPSG:4545", True),
    ]
    assert folder.one("SELECT sheet, table_name, crs FROM source") == ("宗地", "parcels", "EPSG:4545")
    assert folder.rows("SELECT letter, header, unit FROM source_column WHERE field = 'land_area_m2'") == [("ZDMJ", "ZDMJ", "m2")]


def test_tables_that_qgis_keeps_in_a_geopackage_are_no_delivery(folder: Folder):
    import pandas
    import pyogrio

    parcels().to_file(folder.path / "宗地.gpkg", layer="宗地")
    pyogrio.write_dataframe(pandas.DataFrame({"styleName": ["x"]}), folder.path / "宗地.gpkg", layer="layer_styles")
    folder.load()
    assert folder.problems() == [] and folder.totals() == [(2, 2, 0)]


def test_a_layer_without_crs_keeps_its_geometry_and_claims_no_crs(folder: Folder):
    with pytest.warns(UserWarning, match="crs"):
        parcels(None).to_file(folder.path / "宗地.gpkg", layer="宗地")
    folder.load()
    assert folder.rows("SELECT DISTINCT geometry IS NOT NULL, geometry_crs FROM parcels") == [(True, None)]
    assert folder.one("SELECT crs FROM source") == (None,)
    assert len(folder.problems("no_crs")) == 1


@pytest.mark.parametrize(
    ("written", "page", "language", "recorded"),
    [("GBK", None, None, "gb18030"), ("GBK", None, 0x4D, "gbk"), ("GBK", "936", None, "gbk"),
     ("UTF-8", None, None, "utf-8"), ("GBK", "GBK", 0, "gbk"),
     ("UTF-8", "UTF-8", 0x4D, "utf-8"), ("GBK", "??", None, "gb18030"), ("GBK", "UTF-8", None, "gb18030")],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Normalized", "ignore:Could not decode")
def test_shapefile_encodings(folder: Folder, written: str, page: str | None, language: int | None, recorded: str):
    layer = parcels().rename(columns={"宗地编号": "ZDDM"})
    layer["土地使用权人"] = ["测", "社区居委会"]  # in UTF-8 a name of 18 bytes, cut at ten
    layer["YDXZ"] = ["住宅用地", "商"]
    layer.to_file(folder.path / "宗地.shp", encoding=written)
    (folder.path / "宗地.cpg").unlink()
    if page is not None:
        (folder.path / "宗地.cpg").write_text(page)
    if language is not None:
        dbf = bytearray((folder.path / "宗地.dbf").read_bytes())
        dbf[29] = language
        (folder.path / "宗地.dbf").write_bytes(dbf)
    folder.load()
    assert folder.one("SELECT encoding, crs FROM source") == (recorded, "EPSG:4545")
    expected = [("D1", "住宅用地"), ("D2", "商")]
    assert folder.rows("SELECT parcel_id, land_use_code FROM parcels") == expected


def test_geojson_is_in_degrees(folder: Folder):
    (folder.path / "renewal_areas.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"renewal_id":7,"name":"老城","planned_start_on":"2011-05"},'
        '"geometry":{"type":"Polygon","coordinates":[[[108,34],[109,34],[109,35],[108,34]]]}}]}',
        "utf-8",
    )
    folder.load()
    assert folder.one("SELECT renewal_id, name, planned_start_on_hi, geometry_crs FROM renewal_areas") == (
        "7",
        "老城",
        dt.date(2011, 5, 31),
        "EPSG:4326",
    )


@pytest.mark.parametrize("name", ["宗地.json", "宗地.geojson", "宗地.gpkg", "宗地.shp"])
def test_a_layer_file_that_is_none(folder: Folder, name: str):
    (folder.path / name).write_bytes(b"\0\1\2\3" * 9)
    with pytest.raises(SourceError) as error:
        folder.load()
    assert error.value.exit_code == 3
    assert name in error.value.render("zh") and "文件读不出" in error.value.render("zh") and "cannot be read" in error.value.render("en")


def test_points_of_a_sheet(folder: Folder):
    import shapely

    cells = "办公用房编号,社区代码,用房性质,东经（度）,北纬\nB1,C1,租用,108.95°,34.2\nB2,C1,租用,,\nB3,C1,租用,108.9,\nB4,C1,租用,36500000,3800000\n"
    folder.csv("办公用房.csv", cells).load()
    rows = folder.rows("SELECT office_id, geometry, geometry_crs FROM offices")
    assert [(i, None if g is None else shapely.from_wkb(g).coords[0], c) for i, g, c in rows] == [
        ("B1", (108.95, 34.2), "EPSG:4490"), ("B2", None, None), ("B3", None, None), ("B4", None, None),
    ]  # fmt: skip
    assert [(p["key"], p["raw"]) for p in folder.problems("not_a_coordinate")] == [("B3", "108.9"), ("B4", "36500000, 3800000")]
    assert folder.one("SELECT field FROM delivered WHERE field = 'geometry'") == ("geometry",)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.1, "0.1"), (1e-07, "0.0000001"), (1e20, "100000000000000000000"), (True, "TRUE"),
     (dt.time(8, 0), "08:00:00"), (123456.789, "123456.789"),
     (dt.datetime(2009, 5, 1), "2009-05-01"), (-2.0, "-2"), (None, "")],
)  # fmt: skip
def test_cells_become_text_without_losing_or_adding_digits(value, text):
    assert cell_text(value) == text


def test_numbers_that_may_be_months_or_have_lost_digits_are_marked_and_no_others(folder: Folder):
    folder.workbook("a.xlsx", 甲=[[2009.1, 5000.1, 1e15, 123.1, 2009.10, "2009.1", 2010.5], [5000.1, 2010.0], [2012.1]])
    path = folder.path / "a.xlsx"
    (sheet,) = read_sheets(path, kind_of(path))
    first, *_ = sheet.rows
    assert first == ["2009.1", "5000.1", "1000000000000000", "123.1", "2009.1", "2009.1", "2010.5"]
    marked = [(mark.row, mark.column, mark.code) for mark in sheet.marks]
    assert marked == [(1, 0, "ambiguous_month"), (1, 2, "code_lost_digits"), (1, 4, "ambiguous_month"), (3, 0, "ambiguous_month")]


def test_what_is_read_without_collecting_leaves_it_as_it_was(folder: Folder, monkeypatch):
    seen = []
    monkeypatch.setattr("planning_check.ingest.intake._read", lambda *_: seen.append(gc.isenabled()) or 1 / 0)
    folder.csv("项目.csv", PROJECTS)
    for before in (True, False):
        (gc.enable if before else gc.disable)()
        try:
            with pytest.raises(SourceError):
                Folder(folder.path).load()
            assert gc.isenabled() is before
        finally:
            gc.enable()
    assert seen == [False, False]
