"""One delivery for every kind of problem: what it says, where, and what to do, in both languages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass

import geopandas
import pytest
import shapely

from planning_check.ingest.problems import CATALOGUE
from planning_check.precedence import Precedence
from tests.ingest.conftest import Folder
from tests.ingest.test_mapinfo_and_drawings import SQUARE, dxf, line
from tests.templates import blank

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
HEADER = ["项目编号", "项目名称", "区县"]


@dataclass(frozen=True)
class Bad:
    """A delivery with one fault, and the one problem that must come of it (``where``: file, sheet, row, letter)."""

    make: Callable[[Folder], object]
    where: tuple
    zh: str
    en: str
    fix_zh: str
    fix_en: str
    quarantined: bool = False
    crs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()  # kinds that cannot but come with it


def layer_without_crs(folder: Folder) -> None:
    import geopandas
    import shapely

    parcels = geopandas.GeoDataFrame({"宗地编号": ["D1"], "项目编号": ["P1"]}, geometry=[shapely.box(0, 0, 1, 1)])
    with pytest.warns(UserWarning, match="crs"):
        parcels.to_file(folder.path / "宗地.gpkg", layer="宗地")


def layer_with_a_view(folder: Folder) -> None:
    import sqlite3

    import geopandas
    import shapely

    parcels = geopandas.GeoDataFrame({"宗地编号": ["D1"], "项目编号": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    parcels.to_file(folder.path / "宗地.gpkg", layer="宗地")
    plain = sqlite3.connect(folder.path / "宗地.gpkg")
    plain.execute("CREATE VIEW 旧宗地 AS SELECT * FROM 宗地")
    plain.close()


def layer_with_a_nul(folder: Folder) -> None:
    import geopandas
    import shapely

    parcels = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1xx"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    parcels.to_file(folder.path / "宗地.shp")
    dbf = folder.path / "宗地.dbf"
    dbf.write_bytes(dbf.read_bytes().replace(b"P1xx", b"P1\0x"))


def layer_with_cut_names(folder: Folder) -> None:
    import geopandas
    import shapely

    parcels = geopandas.GeoDataFrame({"宗地编号": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    parcels.to_file(folder.path / "宗地.shp", encoding="utf-8")


def shaped(**shape: str) -> Callable[[Folder], object]:
    """A workbook with a sheet of two projects, one of which is hidden or has an amount merged with the other's."""

    def make(folder: Folder) -> None:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "项目"
        for row in ([*HEADER, "总建筑面积"], ["P2", "乙", "610102", 500], ["P3", "丙", "610102", 400 if "merged" not in shape else None]):
            sheet.append(row)
        if "merged" in shape:
            sheet.merge_cells(shape["merged"])
        if "row" in shape:
            sheet.row_dimensions[int(shape["row"])].hidden = True
        if "sheet" in shape:
            book.create_sheet("说明")
            sheet.sheet_state = shape["sheet"]
        book.save(folder.path / "a.xlsx")

    return make


def deposits(cells: str, header: str = "金额") -> Callable[[Folder], object]:
    return lambda f: f.csv("保证金.csv", f"流水号,项目编号,事项,{header},日期,告知日期\n{cells}\n")


def project(header: str, cell: str) -> Callable[[Folder], object]:
    return lambda f: f.csv("项目.csv", f'项目编号,项目名称,区县,{header}\nP2,乙,610102,"{cell}"\n')


def parts(*conditions: str) -> str:
    """A mapping of 甲.csv, each part being districts, of the rows that a condition says."""
    columns = "[{heading: 编, field: district_code}, {heading: 名, field: district_name}]"
    told = "".join(f"      - {{table: districts, rows_where: {{{one}}}, columns: {columns}}}\n" for one in conditions)
    return f"version: 1\nsheets:\n  - file: 甲.csv\n    parts:\n{told}"


def correction(state: str, cells: tuple) -> Callable[[Folder], object]:
    """A register of corrections with one row: file, id, field, old and new value, until; where they conflict with another one too."""
    day = "2011-04-30" if state == "early" else "2011-05-31"
    more = "开发项目.csv,P1,项目名称,甲,甲园,核对证照,李四,2011-05-03,\n" if state == "conflict" else ""
    file, key, field, old, new, until = cells
    row = f"{file},{key},{field},{old},{new},核对证照,张三,2011-05-02,{until}"
    heads = "文件,编号,字段,原值,更正值,理由,更正人,更正日期,有效期至"
    return lambda f: f.csv("更正登记.csv", f"{heads}\n{row}\n{more}").csv("delivery.yaml", f"as_of: {day}\n")


def bureaus(folder: Folder, planning: str = "500", housing: str = "600") -> Folder:
    """Two bureaus tell the area above ground of one project."""
    heads = "项目编号,项目名称,区县,地上建筑面积"
    for bureau, area in (("规划局", planning), ("住建局", housing)):
        folder.csv(f"{bureau}.csv", f"{heads}\nP2,乙,610102,{area}\n")
    return folder


PRECEDENCE = Precedence(
    "projects",
    "plan_above_ground_m2",
    ("planning", "housing"),
    "",
    dt.date(2010, 1, 1),
    None,
    "会议纪要 2011-3 号",
    False,
    "precedence.yaml:2",
)
OF_P1 = ("开发项目.csv", "P1", "项目名称")
IN_REGISTER = ("更正登记.csv", "", 2, "E")
CORRECTIONS = (
    ("applied", (*OF_P1, "甲", "甲苑", ""), ("开发项目.csv", "", 2, "B"), "报送的是“甲”，按更正登记读作“甲苑”，张三 2011-05-02：核对证照",
     "delivered as '甲', read by the register of corrections as '甲苑', 张三 2011-05-02", "在原表改正后重报", "correct it at source", ()),
    ("stale", (*OF_P1, "乙", "甲苑", ""), IN_REGISTER, "现在是“甲”", "no longer says the old value but '甲'", "重新登记", "anew", ()),
    ("at_source", (*OF_P1, "乙", "甲", ""), IN_REGISTER, "已经是更正值", "the new value already", "删去", "delete it", ()),
    ("unapplied", ("开发项目.csv", "P9", "项目名称", "甲", "甲苑", ""), IN_REGISTER, "没有编号是它的行", "no row of the table has that id", "核对文件",
     "check file", ()),
    ("unreadable", (*OF_P1, "甲", "不详", ""), IN_REGISTER, "“不详”不是这个字段认得的值", "'不详' cannot be read", "不能把值抹去", "nothing can be erased", ()),
    ("expired", (*OF_P1, "甲", "甲苑", "2011-05-20"), IN_REGISTER, "有效期到 2011-05-20", "valid until 2011-05-20", "重新确认",
     "confirm it again", ()),
    ("early", (*OF_P1, "甲", "甲苑", "2012-01-01"), IN_REGISTER, "更正日期在核查日（2011-04-30）之后", "after the day of the check (2011-04-30)",
     "不需处理", "nothing to do", ("day_to_come",)),
    ("incomplete", (*OF_P1, "", "甲苑", ""), IN_REGISTER, "缺原值", "it lacks old value", "补全", "complete it", ()),
    ("conflict", (*OF_P1, "甲", "甲苑", ""), IN_REGISTER, "同一格有几条不同的更正（甲苑 / 甲园）", "several corrections of one cell differ", "核定一条",
     "settle one", ()),
)  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


#: A layer of one shape without a place, and of more columns than are read.
WIDE = json.dumps(
    {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None, "properties": {f"c{n}": 1 for n in range(2_001)}}]}
)


def bytes_of(name: str, data: bytes) -> Callable[[Folder], object]:
    return lambda f: (f.path / name).write_bytes(data)


def dbf(columns: list[tuple[bytes, bytes, int]], rows: list[bytes], kind: int = 3) -> bytes:
    """A dBASE table; ``columns``: name, type, width."""
    width = 1 + sum(column[2] for column in columns)
    head = bytes([kind, 120, 1, 1]) + len(rows).to_bytes(4, "little") + (33 + 32 * len(columns)).to_bytes(2, "little")
    head += width.to_bytes(2, "little") + bytes(20)
    fields = b"".join(name.ljust(11, b"\0") + type_ + bytes(4) + bytes([size, 0]) + bytes(14) for name, type_, size in columns)
    return head + fields + b"\r" + b"".join(b" " + row for row in rows) + b"\x1a"


def table_with_a_memo(folder: Folder) -> None:
    columns = [("项目编号", b"C", 6), ("项目名称", b"C", 6), ("区县", b"C", 6), ("建设单位", b"M", 10)]
    rows = ["P2    乙    610102         1".encode("gbk")]
    (folder.path / "项目.dbf").write_bytes(dbf([(name.encode("gbk"), *rest) for name, *rest in columns], rows, 0x83))


def shapefile_without_index(folder: Folder) -> None:
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    frame.to_file(folder.path / "宗地.shp", encoding="utf-8")
    (folder.path / "宗地.shx").unlink()


CASES: dict[str, Bad] = {
    "internal_error": Bad(
        lambda f: f.failing("区县.csv", "区县代码,区县名称\n610102,东区\n"), ("区县.csv", "", None, None),
        "程序在这个文件上出错", "the program failed over this file", "发给维护者", "to the maintainers",
    ),
    "unreadable_file": Bad(
        lambda f: (f.path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken"), ("坏.xlsx", "", None, None),
        "文件读不出：Excel 工作簿（.xlsx）的后半部分不在", "the file cannot be read: the latter part of an Excel workbook",
        "重新导出或复制一份", "export or copy it again",
    ),
    "password_protected": Bad(
        bytes_of("密.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")), ("密.xlsx", "", None, None),
        "文件有打开密码", "protected by a password", "去掉密码", "remove the password",
    ),
    "empty_file": Bad(
        lambda f: f.csv("空.csv", ""), ("空.csv", "", None, None), "文件是空的", "the file is empty", "核对后重报", "check it and deliver",
    ),
    "link_outside": Bad(
        lambda f: (f.path / "宗地.csv").symlink_to(f.outside("宗地.csv")), ("宗地.csv", "", None, None),
        "指向报送文件夹以外的链接", "a link out of the delivery", "把文件本身放进报送文件夹", "put the file itself into the delivery",
    ),
    "unreadable_folder": Bad(
        lambda f: f.closed("规划局"), ("规划局", "", None, None), "文件夹打不开", "the folder cannot be opened", "检查权限", "look at the rights",
    ),
    "changed_file": Bad(
        lambda f: f.changing("区县.csv", "区县代码,区县名称\n610102,东区\n"), ("区县.csv", "", None, None),
        "文件在读取时被改动", "the file was changed while it was read", "再检查一次", "check again",
    ),
    "unsupported_file": Bad(
        bytes_of("附件.bin", bytes(range(1, 9)) * 9), ("附件.bin", "", None, None),
        "不读这种文件（.bin）", "files of this kind are not read (.bin)", "没有的不需处理", "if not, nothing to do",
    ),
    "document_file": Bad(
        bytes_of("附件.pdf", b"%PDF-1.4"), ("附件.pdf", "", None, None),
        "PDF 文件，其中的表格不读", "a PDF; tables in it are not read", "复制到 Excel/WPS", "copy its table into Excel/WPS",
    ),
    "picture_file": Bad(
        bytes_of("附件.jpg", b"\xff\xd8\xff\xe0\0"), ("附件.jpg", "", None, None),
        "图片（JPEG），图上的内容不读", "a picture (JPEG); what it shows is not read", "录入为 .xlsx", "type it into an .xlsx",
    ),
    "too_large_file": Bad(
        lambda f: (f.path / "地块.geojson").write_text(WIDE, "utf-8"), ("地块.geojson", "", None, None),
        "2,001 列，最多 2,000", "2,001 columns, at most 2,000", "只导出要核查的图层和列", "export only the layer and the columns to be checked",
    ),
    "archive_file": Bad(
        bytes_of("附件.rar", b"Rar!\x1a\7\0"), ("附件.rar", "", None, None),
        "压缩包（RAR），没有解开", "an archive (RAR); it was not unpacked", "解压后把里面的文件放进报送文件夹", "unpack it and put its files into the delivery",
    ),
    "database_file": Bad(
        bytes_of("台账.mdb", b"\0\1\0\0Standard Jet DB\0"), ("台账.mdb", "", None, None),
        "Access 数据库（.mdb），里面的表都没有读取", "an Access database (.mdb); none of its tables was read", "用 Access", "open it in Access",
    ),
    "drawing_file": Bad(
        bytes_of("红线.dwg", b"AC1015\0\0\0\0"), ("红线.dwg", "", None, None),
        "AutoCAD 图（.dwg）", "an AutoCAD drawing (.dwg)", "把地块转为 .gpkg", "turn its parcels into .gpkg",
    ),
    "layer_file": Bad(
        bytes_of("红线.fgb", b"fgb\3fgb\0"), ("红线.fgb", "", None, None),
        "FlatGeobuf 图层，没有读取", "a FlatGeobuf layer; it was not read", "用 QGIS 打开图层", "open the layer in QGIS",
    ),
    "sheet_file": Bad(
        bytes_of("台账.xls", b"\x09\x08\x10\0\0\6\5\0"), ("台账.xls", "", None, None),
        "Excel 5 以前的工作簿，没有读取", "a workbook of before Excel 97; it was not read", "另存为 .xlsx", "save it as .xlsx",
    ),
    "shapefile_parts": Bad(
        bytes_of("红线.shp", b"\0\0\x27\x0a" + bytes(96)), ("红线.shp", "", None, None),
        "Shapefile 不完整：缺 .shx、.dbf", "the Shapefile is not whole: without .shx, .dbf", "一起报送", "of one name together",
    ),
    "mapinfo_parts": Bad(
        bytes_of("红线.mif", b'Version 300\nCharset "Neutral"\n'), ("红线.mif", "", None, None),
        "MapInfo 图层不完整：缺 .mid", "the MapInfo layer is not whole: without .mid", "一起报送", "of one name together",
    ),
    "restored_index": Bad(
        shapefile_without_index, ("宗地.shp", "宗地", None, None),
        "Shapefile 缺 .shx，已按 .shp 重排", "has no .shx; one was made from its .shp", "核对图形个数", "compare the number of shapes",
    ),
    "closed_shapes": Bad(
        lambda f: f.csv("红线.dxf", dxf(line("宗地", SQUARE), line("路", SQUARE, 0))), ("红线.dxf", "宗地", None, None),
        "其余图形 1 个没有读取", "1 other shapes were not", "在 CAD 里闭合", "close the lines in CAD",
        beside=("unknown_layer",),
    ),
    "text_encoding": Bad(
        bytes_of("区县.csv", ("区县代码,区县名称\n610102,东区\n" * 40).encode() + b"610103,\xff\xfe\xff\n"), ("区县.csv", "", None, None),
        "是 UTF-8，但第 81 行有不成字的字节（共 3 处）", "UTF-8, but for bytes on line 81 that are no letter (3 in all)", "另存为 UTF-8", "in UTF-8",
    ),
    "text_read_as": Bad(
        lambda f: f.csv("区县.csv", "区县代码;区县名称\n610102;东区\n"), ("区县.csv", "", None, None),
        "以分号分隔的文字；已照此读取", "text separated by semicolons; it was read so", "抽查几格", "look at some cells",
    ),
    "other_ending": Bad(
        lambda f: f.csv("区县.xlsx", "区县代码,区县名称\n610102,东区\n"), ("区县.xlsx", "", None, None),
        "名称是 .xlsx，内容是文字（.csv）", "named .xlsx, but it is text (.csv)", "改正文件名的后缀", "correct the ending of its name",
    ),
    "cut_off": Bad(
        lambda f: f.csv("区县.csv", "区县代码,区县名称\n" + "".join(f"{610102 + n},区{n}\n" for n in range(1000))), ("区县.csv", "", None, None),
        "正好 1,000 行", "exactly 1,000 rows", "与原系统的行数核对", "compare with the number of rows",
    ),
    "memo_column": Bad(
        table_with_a_memo, ("项目.dbf", "项目", None, None),
        "列 建设单位 的内容在另一个文件", "the contents of the columns 建设单位 are in another file", "另存为 .xlsx", "save it as .xlsx",
    ),
    "unknown_sheet": Bad(
        lambda f: f.workbook("a.xlsx", 说明=[["请各局如实填写"], ["联系人", "电话"]]), ("a.xlsx", "说明", None, None),
        "看不出是哪一种表", "no table of a delivery is recognised", "inspect --write-mapping 写一份", "write a mapping by inspect",
    ),
    "bytes_in_cell": Bad(
        lambda f: (f.path / "宗地.geojson").write_bytes(
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"宗地编号": "D1", "项目编号": "P1", "批文": "x~"}, '
            '"geometry": {"type": "Polygon", "coordinates": [[[109, 32], [109.1, 32], [109.1, 32.1], [109, 32]]]}}]}'
            .replace("批文", "用地性质").encode().replace(b"~", b"\xff")),
        ("宗地.geojson", "宗地", 1, "用地性质"), "有不是文字的字节", "holds bytes that are no text", "重新导出图层", "export the layer again",
    ),
    "added_up": Bad(
        lambda f: f.csv("项.csv", "编,名,区,面\nP7,丁,1,1\nP7,丁,1,2\n").mapped(
            "version: 1\nsheets:\n  - {file: 项.csv, table: projects, add_up: true, columns: [{heading: 编, field: project_id}, "
            "{heading: 名, field: project_name}, {heading: 区, field: district_code}, {heading: 面, field: plan_total_m2}]}\n"),
        ("项.csv", "", None, None), "按对照表加总：2 行并成 1 行", "added up as the mapping says: 2 rows into 1", "核对", "look at the areas",
    ),
    "stale_mapping": Bad(
        lambda f: f.csv("甲.csv", "编,名\nD2,东区\n").mapped(
            "version: 1\nsheets:\n  - {file: 甲.csv, table: districts, columns: [{heading: 号, field: district_code}]}\n"),
        ("甲.csv", "", None, None), "对照表说到的表头，这里没有：第 3 行：“号”", "the mapping names headings that are not here: line 3: '号'",
        "表改了格式就改对照表", "change the mapping",
    ),
    "rows_of_no_part": Bad(
        lambda f: f.csv("甲.csv", "编,名,类\n610102,东区,区\nD3,西镇,镇\n").mapped(parts("类: [区]")), ("甲.csv", "", None, None),
        "没有一部分取这些行，没有采用：1 行（第 3 行）", "so they were not used: 1 row (3)", "或加一部分", "or add a part",
    ),
    "rows_of_two_parts": Bad(
        lambda f: f.csv("甲.csv", "编,名,类\nD2,东区,区\n610102,西区,旧\nD4,南区,区\n").mapped(parts("类: [区]", "名: [东区, 西区]")),
        ("甲.csv", "", None, None), "分不清是哪一部分，没有采用：1 行（第 2 行）", "so they were not used: 1 row (2)", "改 rows_with 或 rows_where",
        "change rows_with or rows_where",
    ),
    "part_without_rows": Bad(
        lambda f: f.csv("甲.csv", "编,名,类\n610102,东区,区\n").mapped(parts("类: [区]", "类: [县]")), ("甲.csv", "", None, None),
        "“区县”这一部分（第 6 行）没有取到一行", "the part of the mapping for districts (line 6) takes no row", "核对 rows_with", "look at rows_with",
    ),
    "word_mapped": Bad(
        lambda f: f.csv("甲.csv", "编,名\n老城,东区\n").mapped("version: 1\nsheets:\n  - {file: 甲.csv, table: districts, columns: "
            "[{heading: 编, field: district_code}, {heading: 名, field: district_name}], values: {district_code: {老城: '610102'}}}\n"),
        ("甲.csv", "", None, "A"), "“老城”按对照表读作 610102（1 行）", "'老城' is read, as the mapping says, as 610102 (rows: 1)", "改对照表的 values",
        "change values in the mapping",
    ),
    "layer_in_parts": Bad(
        lambda f: (layer_without_crs(f), f.mapped(parts("类: [区]").replace("甲.csv", "宗地.gpkg"))), ("宗地.gpkg", "宗地", None, None),
        "图层不能这样读，没有采用（第 3 行）", "it was not used (line 3)", "只写一种表", "say one table for the layer",
    ),
    "unused_mapping": Bad(
        lambda f: f.mapped("version: 1\nsheets:\n  - {file: 乙.csv, table: districts, columns: [{heading: 区, field: district_code}]}\n"),
        ("mapping.yaml", "", None, None), "没有对上任何工作表或图层：第 3 行，乙.csv > *",
        "about no sheet or layer of the delivery: line 3, 乙.csv > *",
        "改正文件名", "correct the names",
    ),
    "empty_sheet": Bad(
        lambda f: f.workbook("a.xlsx", 说明=[["　", " "]]), ("a.xlsx", "说明", None, None),
        "工作表是空的", "the sheet is empty", "核对后重报", "check it and deliver",
    ),
    "unknown_layer": Bad(
        lambda f: f.csv("县域.geojson",
                        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"adcode": 1, "label": "甲"}, '
                        '"geometry": {"type": "Point", "coordinates": [108, 33]}}]}'),
        ("县域.geojson", "县域", None, None), "看不出是哪一种图层（列：adcode、label）", "no layer of a delivery is recognised here (columns: adcode, label)",
        "宗地要有 宗地编号 ZDDM；社区要有 社区代码 SQDM、社区名称 SQMC、区县 XZQDM",
        "parcels need parcel id ZDDM; communities need community code SQDM, community name SQMC, district XZQDM",
    ),
    "computed_layer": Bad(
        layer_with_a_view, ("宗地.gpkg", "旧宗地", None, None), "这是视图、虚表或有计算列的表", "this is a view, a virtual table or one with computed columns",
        "另存为普通图层", "save it as a plain layer",
    ),
    "nul_in_cell": Bad(
        layer_with_a_nul, ("宗地.shp", "宗地", 1, "XMBH"), r"“P1\0x”中间有空字符", r"'P1\0x' holds a NUL", "重新导出图层", "export the layer again",
    ),
    "ambiguous_sheet": Bad(
        lambda f: f.csv("项目宗地.csv", "项目编号,用地面积,容积率\nP1,5000,2\n"), ("项目宗地.csv", "", None, None),
        "可以是几种表：宗地、开发项目", "this could be any of: parcels, development projects", "改名为其中一种表", "name the sheet after one of these",
    ),
    "missing_column": Bad(
        lambda f: f.csv("移交台账.csv", "移交编号,项目编号\nH1,P1\nH2,P1\n"), ("移交台账.csv", "", None, None),
        "“移交”缺少必填列“移交面积”，2 行因此没有采用", "handovers lack the required column 'area handed over'; 2 rows could not be used",
        "补上“移交面积”列", "add the column 'area handed over'", quarantined=True,
    ),
    "duplicate_column": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,总建筑面积,建筑面积\nP2,乙,610102,100,200\n"), ("项目.csv", "", None, None),
        "不止一列是“规划总建筑面积”：D 总建筑面积、E 建筑面积；都没有采用", "D 总建筑面积, E 建筑面积; none of them is used", "只留一列", "keep one of them",
    ),
    "bare_heading": Bad(
        lambda f: f.csv("用房备案.csv", "用房编号,项目编号,备案面积(㎡),所在楼层\nY1,P1,60,3\n"), ("用房备案.csv", "", None, None),
        "可能是“备案楼层”：D 所在楼层（或“起始楼层”）", "may be 'floor as filed': D 所在楼层 (or 'from floor')", "表头里写全", "write the heading out",
    ),
    "unknown_unit": Bad(
        project("总建筑面积（平方英尺）", "100"), ("项目.csv", "", None, "D"),
        "列“总建筑面积（平方英尺）”的单位“平方英尺”不认识或不能确定", "the unit of the column '总建筑面积（平方英尺）', '平方英尺', is not known or not sure",
        "面积用 ㎡、万㎡、亩、公顷", "areas in ㎡",
    ),
    "cut_names": Bad(
        layer_with_cut_names, ("宗地.shp", "宗地", None, None), "截成 10 个字节，按表里唯一以它开头的一项读取：宗地编（宗地编号）",
        "cut the names of these columns at 10 bytes; each is read as the one field whose name begins so: 宗地编 (parcel id)",
        "改用 .gpkg 报送", "deliver a .gpkg",
    ),
    "other_column": Bad(
        project("竣工日期（计划）", "2009-05-01"), ("项目.csv", "", None, None), "没有采用的列：D 竣工日期（计划）（不是“竣工日期”）", "D 竣工日期（计划） (not 'completed on')",
        "改成它的名称", "give it that header",
    ),
    "like_column": Bad(
        project("规划方案批服日期", "2009-05-01"), ("项目.csv", "", None, None), "没有采用、像某一项的列：D 规划方案批服日期（像“详规批准日期”）",
        "that look like a field: D 规划方案批服日期 (like 'detailed plan approved on')", "改成它的名称", "give it that header",
    ),
    "unused_columns": Bad(
        project("备注", ""), ("项目.csv", "", None, None), "没有采用的列 1 列：D 备注", "columns that are not used, 1: D 备注",
        "有没有应当核查的内容", "should be checked",
    ),
    "no_crs": Bad(
        layer_without_crs, ("宗地.gpkg", "宗地", None, "geometry"),
        "图层没有坐标系", "the layer states no coordinate reference system", "EPSG:4545", "set the layer's CRS in QGIS",
    ),
    "crs_by_choice": Bad(
        layer_without_crs, ("宗地.gpkg", "宗地", None, "geometry"),
        "按检查时的指定读取：EPSG:4545", "read as said at the check: EPSG:4545", "写明坐标系", "state the coordinate system", crs=("宗地.gpkg=EPSG:4545",),
    ),
    "total_row": Bad(
        lambda f: f.csv("保证金.csv", "流水号,项目编号,事项,金额,日期\nE1,P1,缴存,5,2010-01-01\n合 计,,,5,\n"), ("保证金.csv", "", 3, None),
        "合计、附注、签名或页尾行，不是记录", "a row of totals or a note", "不需处理", "nothing to do", quarantined=True,
    ),
    "meeting_book": Bad(
        lambda f: f.csv("违规.csv", "违规\n\n规则,会议结论,决定金额 元,键\nMO05,认定,800000,4d4f303550320000\n"), ("违规.csv", "", None, None),
        "联席会议的工作簿，不是报送的台账", "no register of a delivery", "planning-check decide", "planning-check decide",
    ),
    "template_guide": Bad(
        lambda f: blank(f.path / "t.xlsx", "zh", "payments"), ("t.xlsx", "先读我", None, None),
        "模板的说明页", "a page that explains the template", "不需处理", "nothing to do", beside=("template_untouched",),
    ),
    "template_untouched": Bad(
        lambda f: f.csv("折资.csv", "缴款编号,项目编号,折资金额\n例：001,例：XM-001,例：360000.00\n"), ("折资.csv", "", None, None),
        "按没有交来处理", "counts as not delivered", "在“本表确无记录”旁填“是”", "type yes beside 'There is none'",
    ),
    "empty_register": Bad(
        lambda f: f.csv("折资.csv", "缴款编号,项目编号,折资金额\n"), ("折资.csv", "", None, None),
        "按“没有”采用", "taken to mean that there are none", "不要交空表", "do not hand in an empty table",
    ),
    "none_but_rows": Bad(
        lambda f: f.csv("折资.csv", "本表确无记录（核实后填“是”）,是,\n缴款编号,项目编号,折资金额\nZ1,P1,5\n"), ("折资.csv", "", None, None),
        "写着“确无记录”（是），下面却有记录", "it says that there is none (是), and there are records below", "删去“是”", "delete that answer",
    ),
    "example_row": Bad(
        lambda f: f.csv("折资.csv", "缴款编号,项目编号,折资金额\nZ1,例：XM-001,5\n"), ("折资.csv", "", 2, None),
        "还留着模板的示例", "cells of the template's example", "改成自己的内容或清空", "overwrite or clear", quarantined=True,
    ),
    "repeated_header": Bad(
        lambda f: f.workbook("项目.xlsx", 项目=[HEADER, ["P2", "乙", "610102"], HEADER]), ("项目.xlsx", "项目", 3, None),
        "重复的表头行", "the header again", "不需处理", "nothing to do", quarantined=True,
    ),
    "below_other_header": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP1,甲,610102\n项目名称,区县,项目编号\n乙,610102,P2\n"), ("项目.csv", "", 3, None),
        "列次不同的另一行表头，或在它下面", "another header, or stands below one, whose columns are others",
        "移到单独的工作表", "to a sheet of their own", quarantined=True,
    ),
    "too_many_cells": Bad(
        deposits("E1,P1,缴存,1,234,2010-01-01,2010-02-01"), ("保证金.csv", "", 2, None),
        "比表头多出单元格", "more cells than the header", "未加引号的逗号", "commas without quotes", quarantined=True,
    ),
    "missing_key": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\n—,乙,610102\n"), ("项目.csv", "", 2, "A"),
        "缺少“项目编号”，无法识别这一行", "no 'project id', so the row cannot be identified", "补填“项目编号”", "fill in 'project id'", quarantined=True,
    ),
    "missing_required": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP2,,\n"), ("项目.csv", "", 2, "B"),
        "P2 缺少必填的项目名称、区县，其他报送文件里也没有", "P2 has no project name, district, which is required, and no other file",
        "补填，或核对编号", "fill it in, or check that the id", quarantined=True,
    ),
    "duplicate_row": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP2,乙,610102\nP2,乙 ,610102\n"), ("项目.csv", "", 3, "A"),
        "P2 在本表重复（第 2、3 行），内容相同", "P2 is repeated in this sheet (rows 2, 3) with the same content", "删去重复行", "delete the repeated rows",
        quarantined=True,
    ),
    "duplicate_key": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP2,乙,610102\nP2,丙,610102\n"), ("项目.csv", "", 2, "A"),
        "P2 在本表不止一行（第 2、3 行）且内容不同，都没有采用", "P2 has several rows in this sheet (rows 2, 3) that differ; none of them is used",
        "核实哪一行正确", "find out which row is right", quarantined=True,
    ),
    "not_a_number": Bad(
        project("总建筑面积(㎡)", "约5万"), ("项目.csv", "", 2, "D"), "“约5万”不是数字", "'约5万' is not a number", "请在原表改正", "correct it at source",
    ),
    "not_told": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,总建筑面积\nP2,乙,610102,见附件\nP3,丙,610102,见附件\n"), ("项目.csv", "", 2, "D"),
        "“见附件”没有说明规划总建筑面积，按未知处理（不是 0，也不是没有）（这一列共 2 格：第 2、3 行）",
        "'见附件' does not tell the Plan total floor area, which counts as unknown (not as 0 and not as none)"
        " (2 cells of the column: rows 2, 3)",
        "确实没有的写“无”", "where there is none, write 无",
    ),
    "foreign_money": Bad(
        lambda f: f.csv("移交.csv", "移交编号,项目编号,移交面积,移交价款\nH1,P1,50,£500.00\n"), ("移交.csv", "", 2, "D"),
        "“£500.00”是外币", "'£500.00' is money of another country", "折成人民币", "in yuan",
    ),
    "day_or_month": Bad(
        project("竣工日期", "05/12/2009"), ("项目.csv", "", 2, "D"), "“05/12/2009”哪个是日、哪个是月不清楚", "which of '05/12/2009' is the day",
        "写成 2009-05-12", "write 2009-05-12",
    ),
    "sentinel_date": Bad(
        project("竣工日期", "1900-01-01"), ("项目.csv", "", 2, "D"), "“1900-01-01”是系统在没有填写时写的日期", "'1900-01-01' is what programs write",
        "没有发生的留空", "leave it blank where it has not happened",
    ),
    "not_whole": Bad(project("规划户数", "1.5"), ("项目.csv", "", 2, "D"), "“1.5”应为整数", "'1.5' should be a whole number", "原表", "at source"),
    "negative": Bad(
        project("总建筑面积", "-100"), ("项目.csv", "", 2, "D"), "“-100”是负数，“规划总建筑面积”不能为负",
        "'-100' is negative, which 'Plan total floor area' cannot be", "原表", "at source",
    ),
    "out_of_range": Bad(
        project("总建筑面积（万㎡）", "550000"), ("项目.csv", "", 2, "D"), "“550000”超出合理范围", "'550000' is beyond what is possible",
        "核对数值和单位", "check the value and its unit",
    ),
    "percent_or_share": Bad(
        project("用房占比", "0.01"), ("项目.csv", "", 2, "D"), "“0.01”没有写 %", "'0.01' has no %", "写明 %", "write %",
    ),
    "not_a_date": Bad(
        project("竣工日期", "2009年5月31日前"), ("项目.csv", "", 2, "D"), "“2009年5月31日前”不是日期", "'2009年5月31日前' is not a date",
        "只知道年月的写成 2009年5月", "write 2009-05-12",
    ),
    "no_such_date": Bad(
        project("竣工日期", "2009-02-29"), ("项目.csv", "", 2, "D"), "“2009-02-29”这一天（月）不存在", "there is no such day or month as '2009-02-29'",
        "查原件核对日期", "look the date up",
    ),
    "same_as_above": Bad(
        project("工规证号", "同上"), ("项目.csv", "", 2, "D"), "“同上”指另一格的内容", "'同上' points to another cell", "在本格写出内容", "in the cell itself",
    ),
    "near_id": Bad(
        lambda f: f.csv("移交.csv", "移交编号,项目编号,移交面积\nH1,P-1,50\n"), ("移交.csv", "", 2, "B"),
        "“P-1”不在登记的项目编号里，只与其中一个相近", "'P-1' is no registered project id and only nearly one", "写成登记的编号", "write the registered id",
        quarantined=True,
    ),
    "date_in_code": Bad(
        lambda f: f.csv("用房.csv", "用房编号,项目编号,楼栋\nY1,P1,2011-03-01\n"), ("用房.csv", "", 2, "C"),
        "“2011-03-01”是日期，不是楼栋", "'2011-03-01' is a date and no building", "设为文本格式", "format the column as text",
    ),
    "not_a_code": Bad(
        project("工规证号", "有的"), ("项目.csv", "", 2, "D"), "“有的”里没有号码，不是工规证号", "there is no number in '有的'", "还没有的留空", "leave it blank",
    ),
    "ambiguous_month": Bad(
        lambda f: f.workbook("项目.xlsx", 项目=[[*HEADER, "竣工日期"], ["P2", "乙", "610102", 2009.1]]), ("项目.xlsx", "项目", 2, "D"),
        "“2009.1”是数字，可能是 1 月也可能是 10 月", "'2009.1' is a number and may be January or October", "把单元格设为文本", "make the cell text",
    ),
    "day_to_come": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,规划验收日期,交付日期\nP2,乙,610102,2019-06-01,2010-07-01\n")
        .csv("delivery.yaml", "as_of: 2011-06-30\n"),
        ("项目.csv", "", 2, "D"),
        "“2019-06-01”晚于报送日 2011-06-30，“规划验收日期”记的应是已经发生的事，按日期不明处理",
        "'2019-06-01' lies after the day of the delivery, 2011-06-30; "
        "'planning acceptance on' says what has happened, so its day counts as unknown",
        "核对年份", "check the year",
    ),
    "day_ahead": Bad(
        lambda f: project("规划验收日期", "2011-07-15")(f) and f.csv("delivery.yaml", "as_of: 2011-06-30\n"), ("项目.csv", "", 2, "D"),
        "“2011-07-15”晚于报送日 2011-06-30，“规划验收日期”记的应是已经发生的事；其后的事都还没有发生，按尚未到期计",
        "'2011-07-15' lies after the day of the delivery, 2011-06-30; "
        "'planning acceptance on' says what has happened. Nothing after it has",
        "核对年份", "check the year",
    ),
    "not_yes_no": Bad(project("载明位置", "部分"), ("项目.csv", "", 2, "D"), "“部分”不是“是”或“否”",
                      "'部分' is neither yes nor no", "填“是”或“否”", "write 是 or 否"),
    "unknown_choice": Bad(
        project("用途", "住宅、殡葬"), ("项目.csv", "", 2, "D"), "“住宅、殡葬”不在“用途”的可选值里", "'住宅、殡葬' is not one of the choices of 'uses'",
        "data/README.md", "use one of the choices listed",
    ),
    "unknown_district": Bad(
        lambda f: f.csv("区县.csv", "区县代码,区县名称\n610102,东区\n").csv("项目.csv", "项目编号,项目名称,区县\nP2,乙,火星区\n"), ("项目.csv", "", 2, "C"),
        "区县“火星区”不在区县表里", "the district '火星区' is not in the table of districts", "填区县表中的代码或名称", "give a code or name of the table",
        quarantined=True,
    ),
    "district_by_name": Bad(
        lambda f: f.csv("区县.csv", "区县代码,区县名称\n610102,东岸区\n").csv("项目.csv", "项目编号,项目名称,区县\nP2,乙,某某市东岸区\n"),
        ("项目.csv", "", None, "C"), "“某某市东岸区”按名称认作 东岸区 610102（1 行）", "taken, by its name, for 东岸区 610102 (rows: 1)",
        "改填区县表中的代码", "write its code",
    ),
    "confirmed_nothing": Bad(
        lambda f: f.csv("区县.csv", "区县代码,区县名称\n610102,东岸区\n").csv(
            "名称对照.csv", "对照类别,报送名称,所指编号,确认人,确认日期\n区县,高新园,610199,张三,2011-05-01\n"
        ),
        ("名称对照.csv", "", 2, "C"), "“610199”不在登记的编号里", "no such id as '610199' is registered", "核对“所指编号”", "check the id that it means",
    ),
    "name_matched": Bad(
        lambda f: f.csv("移交.csv", "移交编号,项目名称,移交面积\nH1,甲项目,50\n"), ("移交.csv", "", None, "B"),
        "“甲项目”按名称认作 甲 P1（1 行）", "'甲项目' is taken, by its name, for 甲 P1 (rows: 1)", "写上编号", "write the id",
    ),
    "name_not_unique": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP2,甲,610103\n").csv("移交.csv", "移交编号,项目名称,移交面积\nH1,甲,50\n"),
        ("移交.csv", "", 2, "B"), "“甲”不止一个，分不清是哪一个，按未知处理，可能是 甲 P1、甲 P2", "it may be 甲 P1, 甲 P2", "“名称对照”表", "confirmed names",
        quarantined=True,
    ),
    "name_not_known": Bad(
        lambda f: f.csv("移交.csv", "移交编号,项目名称,移交面积\nH1,甲二期,50\n"), ("移交.csv", "", 2, "B"),
        "“甲二期”不是登记的名称，按未知处理，可能是 甲 P1", "'甲二期' is no registered name", "写上编号", "write the id", quarantined=True,
    ),
    "id_and_name_differ": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县\nP2,乙,610103\n").csv("移交.csv", "移交编号,项目编号,项目名称,移交面积\nH1,P2,甲,50\n"),
        ("移交.csv", "", 2, "B"), "不是同一个，按未知处理：编号是 乙 P2，名称“甲”是 甲 P1", "the id is of 乙 P2, the name '甲' of 甲 P1",
        "改正编号或名称", "correct the id or the name", quarantined=True,
    ),
    "name_as_id": Bad(
        lambda f: f.csv("办公用房.csv", "办公用房编号,社区名称,用房性质,办公用房面积\nB1,甲社区,租用,50\n"), ("办公用房.csv", "", None, "B"),
        "没有报送登记社区代码的表，用名称代替编号", "the name stands for it", "补报登记的表", "deliver the table that registers them",
    ),
    "made_ids": Bad(
        lambda f: f.csv("开发项目二.csv", "项目名称,区县,总建筑面积\n乙,610102,500\n"), ("开发项目二.csv", "", None, None),
        "编号（“自编-”开头）由项目名称、区县生成", "(they begin with 自编-) are made of: project name, district", "有正式编号的补上", "add the column 'project id'",
    ),
    "same_identity": Bad(
        lambda f: f.csv("移交.csv", "项目编号,移交面积,移交日期\nP1,50,2011-01-01\nP1,60,2011-01-01\n"), ("移交.csv", "", 2, None),
        "第 2、3 行没有编号", "rows 2, 3 have no id", "补编号列", "add a column of ids", quarantined=True, beside=("made_ids",),
    ),
    "rows_of_buildings": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,总建筑面积,幢号\nP2,乙,610102,500,1#\nP2,乙,610102,500,2#\n"), ("项目.csv", "", 2, "A"),
        "P2 每幢一行（第 2、3 行），各行可能要加起来", "P2 has a row for each building (rows 2, 3), which may need adding up", "合并为一个项目一行",
        "deliver one row a project", quarantined=True, beside=("unused_columns",),
    ),
    "land_use_read": Bad(
        project("用途", "商住"), ("项目.csv", "", None, "D"), "用地词“商住”按分类表读作商业、住宅（1 行）",
        "read, by the table of classes, as commercial, residential",
        "改填所指的用途", "write that use",
    ),
    "choice_read": Bad(
        lambda f: f.csv("办公用房.csv", "办公用房编号,社区代码,用房性质\nB1,S1,借用单位房屋\n"), ("办公用房.csv", "", None, "C"),
        "“用房性质”里的“借用单位房屋”读作借用（1 行）", "'借用单位房屋' in 'tenure' is read as borrowed (rows: 1)", "改填可选值", "write that choice",
    ),
    "conflict_settled": Bad(
        lambda f: bureaus(f.settled(PRECEDENCE)), ("住建局.csv", "", 2, "D"), "P2 的“规划地上建筑面积”各处不一致，按先后次序采用“500.00”：会议纪要 2011-3 号",
        "of P2 is told differently; by precedence it is '500.00'", "改正其余各处", "correct the other places",
    ),
    **{
        f"correction_{state}": Bad(
            correction(state, row), where, zh, en, fix_zh, fix_en, beside=beside
        )
        for state, row, where, zh, en, fix_zh, fix_en, beside in CORRECTIONS
    },
    "code_lost_digits": Bad(
        lambda f: f.workbook("项目.xlsx", 项目=[[*HEADER, "统一社会信用代码"], ["P2", "乙", "610102", 911301006072181401]]), ("项目.xlsx", "项目", 2, "D"),
        "按数字保存，15 位以后的数字已丢失", "the digits after the 15th are lost", "设为文本格式", "format the column as text",
    ),
    "hidden_rows": Bad(
        shaped(row="3"), ("a.xlsx", "项目", None, None), "有 1 行（第 3 行）是隐藏的", "hidden (or filtered out): 1 row (row 3)",
        "取消筛选", "clear the filter",
    ),
    "hidden_sheet": Bad(
        shaped(sheet="veryHidden"), ("a.xlsx", "项目", None, None), "这个工作表是隐藏的", "this sheet is hidden", "旧表请删去", "delete it if it is old",
    ),
    "merged_amount": Bad(
        shaped(merged="D2:D3"), ("a.xlsx", "项目", 2, "D"), "“500”合并在几行里", "'500' is merged over several rows", "取消合并", "unmerge the cells",
    ),
    "merged_columns": Bad(
        shaped(merged="C3:D3"), ("a.xlsx", "项目", 3, "D"), "这一格与旁边的格合并，“规划总建筑面积”", "merged with the one beside it", "取消合并", "unmerge",
    ),
    "formula_without_value": Bad(
        lambda f: f.workbook("项目.xlsx", 项目=[[*HEADER, "总建筑面积", "住宅面积"], ["P2", "乙", "610102", 5, "=D2*0.9"]]), ("项目.xlsx", "项目", 2, "E"),
        "公式 =D2*0.9 没有计算结果", "the formula =D2*0.9 has no calculated value", "重新计算并保存", "recalculate and save",
    ),
    "error_value": Bad(
        lambda f: f.workbook("项目.xlsx", 项目=[[*HEADER, "总建筑面积"], ["P2", "乙", "610102", "#REF!"]]), ("项目.xlsx", "项目", 2, "D"),
        "单元格是错误值 #REF!", "the cell holds the error #REF!", "改正公式", "mend the formula",
    ),
    "not_a_coordinate": Bad(
        lambda f: f.csv("办公用房.csv", "办公用房编号,社区代码,用房性质,经度,纬度\nB1,C1,租用,34.27,108.95\n"), ("办公用房.csv", "", 2, "D, E"),
        "“34.27, 108.95”不是经度、纬度", "'34.27, 108.95' is not a longitude and latitude", "两列不要对调", "not swapped",
    ),
    "bounds_swapped": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,容积率上限,容积率下限\nP2,乙,610102,1.0,2.5\n"), ("项目.csv", "", None, None),
        "“D 容积率上限”小于“E 容积率下限”的有 1 行（两者都填的共 1 行）：第 2 行", "'D 容积率上限' is below 'E 容积率下限' in 1 of 1 rows", "核对两列", "check the headers",
        beside=("other_column",),
    ),
    "unit_slip": Bad(
        lambda f: f.csv("项目.csv", "项目编号,项目名称,区县,许可地上建筑面积,实测地上建筑面积\nP2,乙,610102,30000,3.1\nP3,丙,610102,40000,4\n"),
        ("项目.csv", "", 2, "D"), "与“实测地上建筑面积”（E 列）相差一个单位（第 2、3 行）：可能把万㎡（公顷）当作㎡",
        "a unit apart from 'As-built survey floor area above ground' (column E), rows 2, 3: perhaps 万㎡",
        "核对两列", "see in which unit",
    ),
    "conflict": Bad(
        lambda f: f.csv("1规划局项目.csv", "项目编号,项目名称,区县,竣工日期\nP2,乙,610102,2009-05-01\n").csv("2住建局项目.csv", "项目编号,竣工日期\nP2,2009-06-01\n"),
        ("1规划局项目.csv", "", 2, "D"),
        "P2 的“竣工日期”各处不一致：1规划局项目.csv > 第 2 行 > D 列“2009-05-01”；2住建局项目.csv > 第 2 行 > B 列“2009-06-01”",
        "'completed on' of P2 is told differently: 1规划局项目.csv > row 2 > column D “2009-05-01”; 2住建局项目.csv > row 2 > column B “2009-06-01”",
        "由主管部门核定", "let the responsible bureau settle",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_problem_is_told_with_its_place_and_remedy(folder: Folder, code: str):
    case = CASES[code]
    folder.csv("开发项目.csv", GOOD)
    case.make(folder)
    problem = folder.load(case.crs).problems(code)[0]
    assert (problem["file"], problem["sheet"], problem["row"], problem["letter"]) == case.where
    assert case.zh in problem["what_zh"] and case.en in problem["what_en"]
    assert case.fix_zh in problem["fix_zh"] and case.fix_en in problem["fix_en"]
    assert problem["quarantined"] is case.quarantined
    assert {p["code"] for p in folder.problems()} == {code, *case.beside}, "one fault, one kind of problem"
    assert all(read == used + aside for read, used, aside in folder.totals())
    assert ("P1",) in folder.rows("SELECT project_id FROM projects"), "the rest of the delivery is read"


def test_every_kind_of_problem_has_a_test():
    assert {*CASES, "not_registered"} == set(CATALOGUE)  # of own tables: tests/ingest/test_own_tables.py


def test_no_text_has_a_hole_or_leaves_the_office_console():
    for kind in CATALOGUE.values():
        for text in (kind.what.zh, kind.what.en, kind.fix.zh, kind.fix.en):
            assert text and text.encode("gbk")
