"""Every kind of problem a delivery can have, with what is wrong and what to do, and the table that lists them.

``{raw}`` the text as delivered, ``{key}`` ``{table}`` ``{field}`` in words, ``{header}`` and ``{letter}`` of the column, ``{detail}`` what
the finder adds. The texts are put together in SQL: a bad file has as many problems as rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from planning_check.errors import Text
from planning_check.schema import BY_NAME, TABLES, Field, Table
from planning_check.sql import create_with, quoted

RAW_SHOWN = 60  # characters of a cell that a message repeats


@dataclass(frozen=True)
class Kind:
    """One kind of problem: templates of what is wrong and how to mend it."""

    what: Text
    fix: Text


def _kind(what_zh: str, what_en: str, fix_zh: str, fix_en: str) -> Kind:
    return Kind(Text(what_zh, what_en), Text(fix_zh, fix_en))


def _needed(table: str, lang: str) -> str:
    """The columns without which a layer cannot be used, by label and short name."""
    fields = [f for f in BY_NAME[table].fields if f.need and f.type != "geometry"]
    short = {f.name: next((a for a in f.aliases if a.isascii()), f.name) for f in fields}
    return Text("、", ", ").get(lang).join(f"{f.label.get(lang)} {short[f.name]}" for f in fields)


_NEEDED_ZH, _NEEDED_EN = ({table: _needed(table, lang) for table in ("parcels", "communities")} for lang in ("zh", "en"))
_AT_SOURCE = ("请在原表改正后重报", "correct it at source and deliver again")

CATALOGUE: dict[str, Kind] = {
    # files
    "unreadable_file": _kind(
        "文件读不出：{detail}",
        "the file cannot be read: {detail}",
        "回原处重新导出或复制一份；打得开的，用 Excel/WPS（图层用 QGIS）另存为 .xlsx 或 .gpkg 再报",
        "export or copy it again at its source; if it opens in Excel/WPS (a layer: QGIS), save it again as .xlsx or .gpkg and deliver that",
    ),
    "internal_error": _kind(
        "程序在这个文件上出错（{detail}），这是程序的缺陷，不是文件的；文件没有读入，其余照常核查",
        "the program failed over this file ({detail}), which is its own fault, not the file's; the file was not read, the rest was checked",
        "把文件和这一行发给维护者；急用时用 Excel/WPS（图层用 QGIS）另存一份再报",
        "send the file and this line to the maintainers; meanwhile save it anew with Excel/WPS (a layer: QGIS) and deliver that",
    ),
    "link_outside": _kind(
        "这（或它的附属文件）是指向报送文件夹以外的链接，没有读取",
        "this is, or has beside it, a link out of the delivery; it was not followed",
        "把文件本身放进报送文件夹后重报",
        "put the file itself into the delivery and deliver it again",
    ),
    "unreadable_folder": _kind(
        "文件夹打不开，里面的文件都没有读取",
        "the folder cannot be opened; nothing in it was read",
        "检查权限和路径长度后再检查一次",
        "look at the rights and at the length of the path, and check again",
    ),
    "changed_file": _kind(
        "文件在读取时被改动，读到的可能一半是旧的、一半是新的",
        "the file was changed while it was read; what was read may be half old and half new",
        "关闭正在写它的程序，再检查一次",
        "close the program that writes it, and check again",
    ),
    "password_protected": _kind(
        "文件有打开密码，读不出", "the file is protected by a password", "去掉密码后重报", "remove the password and deliver again"
    ),
    "empty_file": _kind("文件是空的", "the file is empty", "核对后重报有内容的文件", "check it and deliver the file with its content"),
    "unsupported_file": _kind(
        "不读这种文件（{detail}）",
        "files of this kind are not read ({detail})",
        "里面有要核查的表或图层的，导出为 .xlsx、.csv、.gpkg、.shp 或 .geojson；没有的不需处理",
        "if it holds a table or layer to be checked, export that as .xlsx, .csv, .gpkg, .shp or .geojson; if not, nothing to do",
    ),
    "document_file": _kind(
        "{detail}，其中的表格不读",
        "{detail}; tables in it are not read",
        "把其中的台账复制到 Excel/WPS，存为 .xlsx 再报；只是文书的不需处理",
        "copy its table into Excel/WPS, save it as .xlsx and deliver that; if it is a paper only, nothing to do",
    ),
    "picture_file": _kind(
        "{detail}，图上的内容不读",
        "{detail}; what it shows is not read",
        "图上是台账的，录入为 .xlsx 再报；只是扫描件的不需处理",
        "if it shows a table, type it into an .xlsx and deliver that; if it is a scan only, nothing to do",
    ),
    "too_large_file": _kind(
        "文件里的内容超出一次能读的限度，没有读入：{detail}",
        "the file holds more than is read at once and was not read: {detail}",
        "只导出要核查的图层和列，或按区县分成几个文件再报；内容本来没有这么多的，文件已损坏，回原处重新导出",
        "export only the layer and the columns to be checked, or deliver one file for each district; "
        "if it should hold less it is damaged: export it again",
    ),
    "archive_file": _kind(
        "{detail}，没有解开，里面的文件都没有读取",
        "{detail}; it was not unpacked, and nothing in it was read",
        "解压后把里面的文件放进报送文件夹",
        "unpack it and put its files into the delivery",
    ),
    "database_file": _kind(
        "{detail}，里面的表都没有读取",
        "{detail}; none of its tables was read",
        "用 Access（图层用 QGIS 或 ArcGIS）打开，把表导出为 .xlsx、图层导出为 .gpkg 再报",
        "open it in Access (layers: QGIS or ArcGIS), export its tables as .xlsx, its layers as .gpkg, and deliver those",
    ),
    "drawing_file": _kind(
        "{detail}，图上的内容没有读取",
        "{detail}; nothing of it was read",
        "用 CAD 或 GIS 软件把地块转为 .gpkg、.shp 或 .geojson，带上宗地编号等属性再报",
        "turn its parcels into .gpkg, .shp or .geojson with a CAD or GIS program, with their ids as attributes, and deliver that",
    ),
    "layer_file": _kind(
        "{detail}，没有读取",
        "{detail}; it was not read",
        "用 QGIS 打开图层，另存为 .gpkg 再报",
        "open the layer in QGIS, save it as .gpkg and deliver that",
    ),
    "sheet_file": _kind(
        "{detail}，没有读取",
        "{detail}; it was not read",
        "用 Excel/WPS 打开，另存为 .xlsx 再报",
        "open it in Excel/WPS, save it as .xlsx and deliver that",
    ),
    "shapefile_parts": _kind(
        "Shapefile 不完整：{detail}",
        "the Shapefile is not whole: {detail}",
        "把同名的 .shp、.shx、.dbf、.prj、.cpg 一起报送",
        "deliver the .shp, .shx, .dbf, .prj and .cpg of one name together",
    ),
    "mapinfo_parts": _kind(
        "MapInfo 图层不完整：{detail}",
        "the MapInfo layer is not whole: {detail}",
        "把同名的 .tab、.dat、.map、.id（或 .mif 和 .mid）一起报送",
        "deliver the .tab, .dat, .map and .id (or the .mif and .mid) of one name together",
    ),
    "restored_index": _kind(
        "Shapefile 缺 .shx，已按 .shp 重排一份来读（报送的文件没有改动）",
        "the Shapefile has no .shx; one was made from its .shp to read it (what was delivered was left as it is)",
        "核对图形个数；下次把 .shx 一起报送",
        "compare the number of shapes; deliver the .shx too next time",
    ),
    "closed_shapes": _kind(
        "CAD 图只读闭合的线和填充，其余图形 {detail} 个没有读取；图上没有坐标系和属性表",
        "of a CAD drawing closed lines and hatches are read, {detail} other shapes were not; it has no coordinate system and no attributes",
        "应是地块的线没有闭合的，在 CAD 里闭合后重报；最好转为 .gpkg，带上宗地编号等属性",
        "close the lines in CAD that are to be parcels and deliver it again; better a .gpkg with the ids of parcels as attributes",
    ),
    "text_encoding": _kind(
        "文字读不出：{detail}",
        "the text cannot be read: {detail}",
        "用 WPS/Excel 打开，看清文字无误后另存为 UTF-8 编码的 .csv 或 .xlsx",
        "open it in WPS/Excel, see that the text is right, and save it as .csv in UTF-8 or as .xlsx",
    ),
    "text_read_as": _kind(
        "{detail}；已照此读取",
        "{detail}; it was read so",
        "抽查几格；不对的，另存为 UTF-8 编码（文字表用逗号分隔）再报",
        "look at some cells; if they are wrong, save it in UTF-8 (a table of text: with commas) and deliver that",
    ),
    "other_ending": _kind(
        "名称是 {detail}；已按内容读取",
        "named {detail}; it was read by its content",
        "改正文件名的后缀，免得别的程序打不开",
        "correct the ending of its name, so that other programs open it, too",
    ),
    "cut_off": _kind(
        "正好 {detail} 行，很像导出时被截断",
        "exactly {detail} rows, as if the export had been cut off",
        "与原系统的行数核对；少了的，分几次导出再报",
        "compare with the number of rows in the system it comes from; if some lack, export it in parts",
    ),
    "memo_column": _kind(
        "列 {detail} 的内容在另一个文件（.dbt、.fpt）里，没有读取，按未知处理",
        "the contents of the columns {detail} are in another file (.dbt, .fpt); they were not read and count as unknown",
        "用 WPS/Excel 或 QGIS 打开，另存为 .xlsx 或 .gpkg 再报",
        "open it in WPS/Excel or QGIS, save it as .xlsx or .gpkg and deliver that",
    ),
    # sheets and columns
    "unknown_sheet": _kind(
        "看不出是哪一种表，整表没有采用；{detail}",
        "no table of a delivery is recognised here; nothing of it was used; {detail}",
        "用 inspect --write-mapping 写一份对照表，写明各列是什么；或把工作表改名为表名（如“开发项目”“保证金台账”），表头用 data/README.md 里的字段名",
        "write a mapping by inspect --write-mapping and say in it what each column is; or name the sheet after its table (such as "
        "projects, deposits) and use the headers in data/README.md",
    ),
    "bytes_in_cell": _kind(
        "“{raw}”里有不是文字的字节",
        "'{raw}' holds bytes that are no text",
        "重新导出图层（编码选 UTF-8）后重报",
        "export the layer again (in UTF-8) and deliver it",
    ),
    "stale_mapping": _kind(
        "对照表说到的表头，这里没有：{detail}",
        "the mapping names headings that are not here: {detail}",
        "表改了格式就改对照表；inspect 列出现在的表头",
        "change the mapping as the sheet has changed; inspect lists the headings there are now",
    ),
    "rows_of_no_part": _kind(
        "对照表里没有一部分取这些行，没有采用：{detail}",
        "no part of the mapping takes these rows, so they were not used: {detail}",
        "核对；其中有记录的，改 rows_with 或 rows_where，或加一部分",
        "look at them; where there are records among them, change rows_with or rows_where, or add a part",
    ),
    "rows_of_two_parts": _kind(
        "对照表里同一种表的两部分都取这些行，分不清是哪一部分，没有采用：{detail}",
        "two parts of the mapping, both of one table, take these rows; which is meant cannot be told, so they were not used: {detail}",
        "一行记了两笔的，在原表分成两行；否则改 rows_with 或 rows_where",
        "where a row holds two entries, make it two rows at source; else change rows_with or rows_where",
    ),
    "part_without_rows": _kind(
        "对照表里“{table}”这一部分（{detail}）没有取到一行",
        "the part of the mapping for {table} ({detail}) takes no row",
        "核对 rows_with、rows_where；表里确实没有这样的行的，删去这一部分",
        "look at rows_with and rows_where; where the sheet has no such rows indeed, delete the part",
    ),
    "layer_in_parts": _kind(
        "对照表要把图层分成几部分，图层不能这样读，没有采用（{detail}）",
        "the mapping has parts for a layer, which cannot be read so; it was not used ({detail})",
        "对照表里这个图层只写一种表，或把属性表另存为工作簿再报",
        "let the mapping say one table for the layer, or deliver its attributes as a workbook",
    ),
    "unused_mapping": _kind(
        "对照表里这一段没有对上任何工作表或图层：{detail}",
        "this part of the mapping is about no sheet or layer of the delivery: {detail}",
        "改正文件名和工作表名（可用 * 代替），或删去这一段",
        "correct the names of file and sheet (* stands for anything), or take it out",
    ),
    "word_mapped": _kind(
        "“{raw}”按对照表读作 {detail}",
        "'{raw}' is read, as the mapping says, as {detail}",
        "核对；不对的，改对照表的 values",
        "check it; where it is wrong, change values in the mapping",
    ),
    "added_up": _kind(
        "按对照表加总：{detail}",
        "added up as the mapping says: {detail}",
        "核对加总后的面积和户数",
        "look at the areas and households that came out",
    ),
    "empty_sheet": _kind("工作表是空的", "the sheet is empty", "核对后重报有内容的表", "check it and deliver the sheet with its content"),
    "meeting_book": _kind(
        "联席会议的工作簿，不是报送的台账；其中的决定没有读入",
        "the workbook of a joint meeting, no register of a delivery; its decisions were not read here",
        "用 planning-check decide 读入会议的决定；从报送文件夹里移走",
        "read its decisions with planning-check decide, and take it out of the delivery",
    ),
    "template_guide": _kind("模板的说明页，没有记录", "a page that explains the template, without records", "不需处理", "nothing to do"),
    "template_untouched": _kind(
        "模板没有填，按没有交来处理{detail}",
        "this sheet of the template was not filled in, and counts as not delivered{detail}",
        "有记录的，在示例行下面填写；核实确实没有的，在“本表确无记录”旁填“是”；不归你们填的不需处理",
        "type the records below the example; if it is verified that there are none, type yes beside 'There is none'; if it is not yours, "
        "nothing to do",
    ),
    "empty_register": _kind(
        "表里一条记录也没有，按“没有”采用",
        "there is not one record in it, which is taken to mean that there are none",
        "核实确实没有的不需处理；不清楚、没有交齐的，不要交空表",
        "nothing to do if it is verified that there are none; if that is not known, do not hand in an empty table",
    ),
    "none_but_rows": _kind(
        "写着“确无记录”（{detail}），下面却有记录；按有记录采用",
        "it says that there is none ({detail}), and there are records below; these were used",
        "删去“是”，或删去不该有的记录，再报一次",
        "delete that answer, or the records that should not be there, and deliver again",
    ),
    "unknown_layer": _kind(
        "看不出是哪一种图层（列：{detail}），没有采用",
        "no layer of a delivery is recognised here (columns: {detail}); nothing of it was used",
        f"用 QGIS 把图层改名为表名并改字段名后重报：宗地要有 {_NEEDED_ZH['parcels']}；社区要有 {_NEEDED_ZH['communities']}",
        f"in QGIS name the layer after its table, rename its fields, and deliver again: parcels need {_NEEDED_EN['parcels']}; "
        f"communities need {_NEEDED_EN['communities']}",
    ),
    "computed_layer": _kind(
        "这是视图、虚表或有计算列的表，内容要在读取时计算，可能没有尽头，没有读取",
        "this is a view, a virtual table or one with computed columns: what it holds is computed as it is read, perhaps without end; "
        "it was not read",
        "用 QGIS 打开，把它另存为普通图层（.gpkg）后重报",
        "open it in QGIS, save it as a plain layer (.gpkg) and deliver that",
    ),
    "ambiguous_sheet": _kind(
        "可以是几种表：{detail}，整表没有采用",
        "this could be any of: {detail}; nothing of it was used",
        "把工作表改名为其中一种表的名称",
        "name the sheet after one of these tables",
    ),
    "missing_column": _kind(
        "“{table}”缺少必填列“{field}”，{detail} 行因此没有采用",
        "{table} lack the required column '{field}'; {detail} rows could not be used because of it",
        "补上“{field}”列后重报",
        "add the column '{field}' and deliver again",
    ),
    "duplicate_column": _kind(
        "不止一列是“{field}”：{detail}",
        "more than one column is '{field}': {detail}",
        "只留一列，或给其余各列换表头",
        "keep one of them, or give the others another header",
    ),
    "bare_heading": _kind(
        "表头没有写明是哪一种，可能是“{field}”：{detail}；两项都按未知处理",
        "a heading does not say which kind it is and may be '{field}': {detail}; both count as unknown",
        "表头里写全（如“备案楼层”而不是“楼层”），或在对照文件里指定这一列",
        "write the heading out (备案楼层, not 楼层), or name the column in a mapping",
    ),
    "unknown_unit": _kind(
        "列“{header}”的单位“{detail}”不认识或不能确定，整列按未知处理",
        "the unit of the column '{header}', '{detail}', is not known or not sure; the whole column counts as unknown",
        "表头里写明单位：面积用 ㎡、万㎡、亩、公顷，金额用 元、万元",
        "state the unit in the header: areas in ㎡, 万㎡, mu or ha, money in yuan or 万元",
    ),
    "cut_names": _kind(
        "这些列的名称被 Shapefile 截成 10 个字节，按表里唯一以它开头的一项读取：{detail}",
        "the Shapefile cut the names of these columns at 10 bytes; each is read as the one field whose name begins so: {detail}",
        "核对；改用 .gpkg 报送，或用不超过 10 个字节的字段名（如 ZDDM）",
        "check them; deliver a .gpkg, or use names of at most 10 bytes (such as ZDDM)",
    ),
    "other_column": _kind(
        "因表头里的字（如计划、预计、部分）没有采用的列：{detail}",
        "columns not used because of words in their headers (planned, expected, a part): {detail}",
        "确是所说的那一项的，表头改成它的名称；不是的不需处理",
        "where it is the field after all, give it that header; if not, nothing to do",
    ),
    "like_column": _kind(
        "没有采用、像某一项的列：{detail}",
        "columns not used that look like a field: {detail}",
        "确是所说的那一项的，表头改成它的名称；不是的不需处理",
        "where it is that field, give it that header; if not, nothing to do",
    ),
    "unused_columns": _kind(
        "没有采用的列 {detail}",
        "columns that are not used, {detail}",
        "核对其中有没有应当核查的内容；表头用 data/README.md 里的字段名",
        "see whether something in them should be checked; use the headers in data/README.md",
    ),
    "no_crs": _kind(
        "图层没有坐标系，位置不能使用",
        "the layer states no coordinate reference system, so its places cannot be used",
        "在 QGIS 中设定图层坐标系（如 CGCS2000 3 度带，EPSG:4545）后另存为 .gpkg 重报",
        "set the layer's CRS in QGIS (such as CGCS2000 3-degree zone, EPSG:4545), save as .gpkg and deliver again",
    ),
    "crs_by_choice": _kind(
        "图层坐标按检查时的指定读取：{detail}",
        "the layer's coordinates are read as said at the check: {detail}",
        "报送单位下次应在文件里写明坐标系",
        "the sender should state the coordinate system in the file next time",
    ),
    "hidden_sheet": _kind(
        "这个工作表是隐藏的，照常读入并采用",
        "this sheet is hidden; it was read and used like the others",
        "核对它该不该报送：旧表请删去，有效的请取消隐藏",
        "see whether it belongs to the delivery: delete it if it is old, unhide it if it is valid",
    ),
    "hidden_rows": _kind(
        "有 {detail}是隐藏的（或被筛选掉），照常读入并采用",
        "hidden (or filtered out): {detail}, read and used like the others",
        "取消筛选和隐藏，核对这些行该不该报送",
        "clear the filter, unhide the rows and see whether they belong to the delivery",
    ),
    # rows
    "total_row": _kind(
        "合计、附注、签名或页尾行，不是记录",
        "a row of totals or a note, a signature or the end of a page, not a record",
        "不需处理；报送时可以删去",
        "nothing to do; it may be left out of a delivery",
    ),
    "example_row": _kind(
        "这一行里还留着模板的示例（“例：…”），整行没有采用",
        "cells of the template's example (e.g. ...) are left in this row, and it was not used",
        "把这一行里的“例：…”都改成自己的内容或清空；不是记录的，删去整行",
        "overwrite or clear every 'e.g. ...' of this row; if it is no record, delete the row",
    ),
    "repeated_header": _kind(
        "重复的表头行或栏号行（1、2、3），不是记录",
        "the header again or the numbers of the columns (1, 2, 3), not a record",
        "不需处理；报送时可以删去",
        "nothing to do; it may be left out of a delivery",
    ),
    "below_other_header": _kind(
        "这一行是列次不同的另一行表头，或在它下面，不属于本表的列，没有采用",
        "the row is another header, or stands below one, whose columns are others, so its cells are not of these columns; it was not used",
        "把那行表头和它下面的各行移到单独的工作表后重报",
        "move that header and the rows below it to a sheet of their own and deliver again",
    ),
    "too_many_cells": _kind(
        "这一行比表头多出单元格，各列可能错位",
        "the row has more cells than the header, so its columns may be shifted",
        "检查行内是否有未加引号的逗号（如 1,234）",
        "look for commas without quotes in the row (such as 1,234)",
    ),
    "missing_key": _kind(
        "缺少“{field}”，无法识别这一行", "no '{field}', so the row cannot be identified", "补填“{field}”", "fill in '{field}'"
    ),
    "missing_required": _kind(
        "{key} 缺少必填的{detail}，其他报送文件里也没有",
        "{key} has no {detail}, which is required, and no other file of the delivery gives it",
        "补填，或核对编号与主管部门的台账是否一致",
        "fill it in, or check that the id is the one in the other bureau's ledger",
    ),
    "duplicate_row": _kind(
        "{key} 在本表重复（第 {detail} 行），内容相同，只采用第一行",
        "{key} is repeated in this sheet (rows {detail}) with the same content; the first row is used",
        "删去重复行",
        "delete the repeated rows",
    ),
    "duplicate_key": _kind(
        "{key} 在本表不止一行（第 {detail} 行）且内容不同，都没有采用",
        "{key} has several rows in this sheet (rows {detail}) that differ; none of them is used",
        "核实哪一行正确，删去其余各行",
        "find out which row is right and delete the others",
    ),
    "same_identity": _kind(
        "第 {detail} 行没有编号，其余内容分不清是不是同一个，都没有采用",
        "rows {detail} have no id, and what they say does not tell whether they are one; none of them is used",
        "补编号列，或补能区分的列（楼栋、楼层、地址、文号）；重复的删去",
        "add a column of ids, or one that tells them apart (building, floor, address, document); delete what is told twice",
    ),
    "rows_of_buildings": _kind(
        "{key} 每幢一行（第 {detail} 行），各行可能要加起来，都没有采用",
        "{key} has a row for each building (rows {detail}), which may need adding up; none of them is used",
        "合并为一个项目一行（面积、户数相加，日期按全部建成）后重报；不是分幢的，留下正确的一行",
        "deliver one row a project (areas and households added up, dates of the whole); "
        "where they are no buildings, keep the row that is right",
    ),
    # cells
    "not_a_number": _kind("“{raw}”不是数字{detail}", "'{raw}' is not a number{detail}", *_AT_SOURCE),
    "not_told": _kind(
        "“{raw}”没有说明{field}，按未知处理（不是 0，也不是没有）{detail}",
        "'{raw}' does not tell the {field}, which counts as unknown (not as 0 and not as none){detail}",
        "填写数值；确实没有的写“无”",
        "enter the value; where there is none, write 无",
    ),
    "foreign_money": _kind(
        "“{raw}”是外币，不能当作人民币，按未知处理{detail}",
        "'{raw}' is money of another country and no yuan; it counts as unknown{detail}",
        "按付款当日折成人民币填写",
        "enter the amount in yuan, at the rate of the day it was paid",
    ),
    "not_whole": _kind("“{raw}”应为整数", "'{raw}' should be a whole number", *_AT_SOURCE),
    "percent_or_share": _kind(
        "“{raw}”没有写 %，可能是百分之 {raw}，也可能是占全部的 {raw}，按不明处理",
        "'{raw}' has no %: it may be {raw} percent or {raw} of the whole, so it counts as unknown",
        "在表头或单元格写明 %",
        "write % in the header or the cell",
    ),
    "negative": _kind("“{raw}”是负数，“{field}”不能为负", "'{raw}' is negative, which '{field}' cannot be", *_AT_SOURCE),
    "out_of_range": _kind(
        "“{raw}”超出合理范围",
        "'{raw}' is beyond what is possible",
        "核对数值和单位（年份应在 1980 至 2100 之间）",
        "check the value and its unit (years are 1980 to 2100)",
    ),
    "not_a_date": _kind(
        "“{raw}”不是日期{detail}",
        "'{raw}' is not a date{detail}",
        "写成 2009-05-12；只知道年月的写成 2009年5月",
        "write 2009-05-12; where only the month is known, 2009-05",
    ),
    "day_or_month": _kind(
        "“{raw}”哪个是日、哪个是月不清楚，同一张表里也看不出来，按日期不明处理",
        "which of '{raw}' is the day and which the month is not clear, nor does the sheet show it; the day counts as unknown",
        "写成 2009-05-12（年-月-日）",
        "write 2009-05-12 (year, month, day)",
    ),
    "sentinel_date": _kind(
        "“{raw}”是系统在没有填写时写的日期，不是真的日期，按日期不明处理{detail}",
        "'{raw}' is what programs write where nothing was filled in, no day of anything; the day counts as unknown{detail}",
        "填写真实日期；没有发生的留空",
        "enter the true day; leave it blank where it has not happened",
    ),
    "day_to_come": _kind(
        "“{raw}”晚于报送日 {detail}，“{field}”记的应是已经发生的事，按日期不明处理",
        "'{raw}' lies after the day of the delivery, {detail}; '{field}' says what has happened, so its day counts as unknown",
        "核对年份后重报；还没有发生的留空",
        "check the year and deliver again; leave it blank where it has not happened",
    ),
    "day_ahead": _kind(
        "“{raw}”晚于报送日 {detail}，“{field}”记的应是已经发生的事；其后的事都还没有发生，按尚未到期计",
        "'{raw}' lies after the day of the delivery, {detail}; '{field}' says what has happened. Nothing after it has, "
        "so it counts as planned",
        "核对年份后重报；还没有发生的留空",
        "check the year and deliver again; leave it blank where it has not happened",
    ),
    "no_such_date": _kind(
        "“{raw}”这一天（月）不存在",
        "there is no such day or month as '{raw}'",
        "查原件核对日期后改正重报",
        "look the date up in the original paper, correct it and deliver again",
    ),
    "ambiguous_month": _kind(
        "“{raw}”是数字，可能是 1 月也可能是 10 月",
        "'{raw}' is a number and may be January or October",
        "把单元格设为文本，写成 2009年10月",
        "make the cell text and write 2009-10",
    ),
    "not_yes_no": _kind(
        "“{raw}”不是“是”或“否”{detail}",
        "'{raw}' is neither yes nor no{detail}",
        "填“是”或“否”，不清楚的留空",
        "write 是 or 否; leave it blank where not known",
    ),
    "unknown_choice": _kind(
        "“{raw}”不在“{field}”的可选值里{detail}",
        "'{raw}' is not one of the choices of '{field}'{detail}",
        "改用 data/README.md 所列的可选值",
        "use one of the choices listed in data/README.md",
    ),
    "choice_read": _kind(
        "“{field}”里的“{raw}”读作{detail}",
        "'{raw}' in '{field}' is read as {detail}",
        "核对；不是这个意思的，改填可选值",
        "check it; where something else is meant, write that choice",
    ),
    "land_use_read": _kind(
        "用地词“{raw}”按分类表读作{detail}",
        "the land-use word '{raw}' is read, by the table of classes, as {detail}",
        "核对；不是这个意思的，改填所指的用途",
        "check it; where something else is meant, write that use",
    ),
    "district_by_name": _kind(
        "区县“{raw}”按名称认作 {detail}",
        "the district '{raw}' is taken, by its name, for {detail}",
        "核对；不是的，改填区县表中的代码",
        "check it; where it is another, write its code of the table of districts",
    ),
    "unknown_district": _kind(
        "区县“{raw}”不在区县表里{detail}",
        "the district '{raw}' is not in the table of districts{detail}",
        "填区县表中的代码或名称，或在区县表补上它；确是其中一个的，可在“名称对照”表里确认",
        "give a code or name of the table of districts, or add it there; where it is one of them, the table of confirmed names may say so",
    ),
    "not_registered": _kind(
        "{field}在登记里没有：{detail}",
        "{field} that the register does not have: {detail}",
        "核对编号；确有其项的，补报登记；这些行照用，从登记查取的事实按未知处理",
        "check the ids; what exists is to be supplied in its register; the rows are used, what is looked up in the register is unknown",
    ),
    "name_matched": _kind(
        "“{raw}”按名称认作 {detail}",
        "'{raw}' is taken, by its name, for {detail}",
        "核对；不是的，写上编号，或在“名称对照”表里确认",
        "check it; where it is another, write the id, or say in the table of confirmed names which one it is",
    ),
    "name_not_unique": _kind(
        "“{raw}”不止一个，分不清是哪一个，按未知处理{detail}",
        "there are several named '{raw}', so which one is meant counts as unknown{detail}",
        "写上编号，或在“名称对照”表里确认是哪一个",
        "write the id, or say in the table of confirmed names which one it is",
    ),
    "name_not_known": _kind(
        "“{raw}”不是登记的名称，按未知处理{detail}",
        "'{raw}' is no registered name, so which one is meant counts as unknown{detail}",
        "写上编号，或在“名称对照”表里确认是哪一个",
        "write the id, or say in the table of confirmed names which one it is",
    ),
    "id_and_name_differ": _kind(
        "{field}和同一行的名称不是同一个，按未知处理：{detail}",
        "the {field} and the name in its row are two different ones, so which is meant counts as unknown: {detail}",
        "核对后改正编号或名称；名称确是这个编号的，在“名称对照”表里确认",
        "correct the id or the name; where the name is that id's, say so in the table of confirmed names",
    ),
    "name_as_id": _kind(
        "没有报送登记{field}的表，用名称代替编号",
        "no table that registers the {field} is delivered; the name stands for it",
        "补报登记的表（如开发项目、社区名录）",
        "deliver the table that registers them (projects, communities)",
    ),
    "made_ids": _kind(
        "没有“{field}”列，编号（“自编-”开头）由{detail}生成，各次报送里相同",
        "there is no column '{field}'; the ids (they begin with 自编-) are made of: {detail}, and stay the same from delivery to delivery",
        "有正式编号的补上“{field}”列；生成所用的内容改了，编号也会变",
        "where there are official ids, add the column '{field}'; an id changes with what it is made of",
    ),
    "confirmed_nothing": _kind(
        "“{raw}”不在登记的编号里，这一条对照没有用上",
        "no such id as '{raw}' is registered; this confirmed name was not used",
        "核对“所指编号”，或删去这一条",
        "check the id that it means, or delete the row",
    ),
    "correction_applied": _kind(
        "{key}：报送的是“{raw}”，按更正登记读作{detail}",
        "{key}: delivered as '{raw}', read by the register of corrections as {detail}",
        "请来源部门在原表改正后重报，改正后从更正登记中删去",
        "let the bureau correct it at source and deliver again; then delete it from the register",
    ),
    "correction_stale": _kind(
        "{key}：更正没有采用，报送的已不是登记的原值，现在是“{detail}”",
        "{key}: the correction was not applied: the source no longer says the old value but '{detail}'",
        "核对现在的值；仍要更正的，按现在的值重新登记，不要的删去",
        "check the value as it is now; register the correction anew for it, or delete it",
    ),
    "correction_at_source": _kind(
        "{key}：报送的已经是更正值，更正不再需要",
        "{key}: the source says the new value already; the correction is no longer needed",
        "从更正登记中删去这一条",
        "delete it from the register",
    ),
    "correction_unapplied": _kind(
        "{key}：更正没有采用，{detail}",
        "{key}: the correction was not applied: {detail}",
        "核对文件、工作表、编号和字段，与报送的写法一致（编号为程序自编的，请在原表补编号）",
        "check file, sheet, id and field against what was delivered (where ids are made by the program, let the source give ids)",
    ),
    "correction_unreadable": _kind(
        "{key}：更正没有采用，“{raw}”不是这个字段认得的值",
        "{key}: the correction was not applied: '{raw}' cannot be read as a value of the field",
        "更正值写成这一列的写法（日期写 2011-05-31，比例带 %，单位与该列相同）；更正不能把值抹去",
        "write the new value as the column is written (a day as 2011-05-31, a share with %, the column's unit); nothing can be erased",
    ),
    "correction_conflict": _kind(
        "{key}：同一格有几条不同的更正（{detail}），都没有采用",
        "{key}: several corrections of one cell differ ({detail}); none was applied",
        "核定一条，删去其余",
        "settle one and delete the others",
    ),
    "correction_expired": _kind(
        "{key}：更正没有采用，有效期到 {detail}，已过",
        "{key}: the correction was not applied: it was valid until {detail}",
        "仍要更正的，重新确认并延长有效期；请来源部门改正",
        "confirm it again and extend it if it is still needed; let the source correct the value",
    ),
    "correction_early": _kind(
        "{key}：更正没有采用，更正日期在核查日（{detail}）之后",
        "{key}: the correction was not applied: it was made after the day of the check ({detail})",
        "不需处理；核查日到了更正日期就会采用",
        "nothing to do: it is applied in checks from its day on",
    ),
    "correction_incomplete": _kind(
        "{key}：更正没有采用，缺{detail}（原值为空白的写“空”）",
        "{key}: the correction was not applied: it lacks {detail} (for a blank old value write blank)",
        "补全后再检查；文件、编号、字段、原值、更正值、理由、更正人、更正日期都要有",
        "complete it: file, id, field, old value, new value, reason, by whom and on which day are all needed",
    ),
    "code_lost_digits": _kind(
        "“{raw}”按数字保存，15 位以后的数字已丢失",
        "'{raw}' was kept as a number, so the digits after the 15th are lost",
        "把该列设为文本格式后重新录入",
        "format the column as text and enter it again",
    ),
    "nul_in_cell": _kind(
        "“{raw}”中间有空字符（NUL），其后的内容别的程序会截去，按未知处理",
        "'{raw}' holds a NUL, after which other programs cut it off; it counts as unknown",
        "查原件改正后重新导出图层",
        "look it up in the original paper, correct it and export the layer again",
    ),
    "same_as_above": _kind(
        "“{raw}”指另一格的内容，排序或筛选后无从确定，按未知处理",
        "'{raw}' points to another cell, which cannot be known once a sheet was sorted or filtered; it counts as unknown",
        "在本格写出内容",
        "write the content in the cell itself",
    ),
    "near_id": _kind(
        "“{raw}”不在登记的{field}里，只与其中一个相近（差在横线、空格、前导零或字母 O、I），按未知处理",
        "'{raw}' is no registered {field} and only nearly one (a hyphen, a space, a zero in front or the letters O, I); "
        "it counts as unknown",
        "核对原件，写成登记的编号",
        "look it up in the original paper and write the registered id",
    ),
    "date_in_code": _kind(
        "“{raw}”是日期，不是{field}（如“3-1”被表格软件自动改成 3 月 1 日），按未知处理",
        "'{raw}' is a date and no {field} (a spreadsheet turns 3-1 into 1 March); it counts as unknown",
        "把该列设为文本格式后重新录入",
        "format the column as text and enter it again",
    ),
    "not_a_code": _kind(
        "“{raw}”里没有号码，不是{field}，按没有{field}处理",
        "there is no number in '{raw}', so it is no {field} and counts as none",
        "填写文书上的号码，还没有的留空",
        "write the number that is on the paper; leave it blank where there is none yet",
    ),
    "merged_amount": _kind(
        "“{raw}”合并在几行里，是这几行合起来的{field}，每行各多少不知道，按未知处理",
        "'{raw}' is merged over several rows, so it is the {field} of all of them; that of each is unknown",
        "取消合并，各行分别填写",
        "unmerge the cells and give each row its own value",
    ),
    "merged_columns": _kind(
        "这一格与旁边的格合并，“{field}”是什么看不出来，按未知处理",
        "this cell is merged with the one beside it, so what the '{field}' is cannot be seen; it counts as unknown",
        "取消合并，各列分别填写",
        "unmerge the cells and give each column its own value",
    ),
    "formula_without_value": _kind(
        "公式 {raw} 没有计算结果",
        "the formula {raw} has no calculated value",
        "用 Excel/WPS 打开，重新计算并保存",
        "open it in Excel/WPS, recalculate and save",
    ),
    "error_value": _kind(
        "单元格是错误值 {raw}", "the cell holds the error {raw}", "改正公式或直接填数值", "mend the formula or enter the value"
    ),
    "not_a_coordinate": _kind(
        "“{raw}”不是经度、纬度",
        "'{raw}' is not a longitude and latitude",
        "按 CGCS2000 十进制度填写，如经度 108.95、纬度 34.27，两列不要对调",
        "give CGCS2000 decimal degrees, such as longitude 108.95 and latitude 34.27, not swapped",
    ),
    "bounds_swapped": _kind(
        "上下限可能对调了：{detail}",
        "the bounds may be swapped: {detail}",
        "核对两列的表头和数值；两列都没有用作规定的容积率等数值的，不影响结论",
        "check the headers and values of the two columns; where neither is used as a value, no verdict rests on them",
    ),
    "unit_slip": _kind(
        "“{field}”与“{detail}",
        "'{field}' lies a unit apart from '{detail}",
        "核对两列（两表）各是什么单位，改正表头的单位或数值后重报；数值没有改动，结论按所报的算",
        "see in which unit each of the two is, correct the unit in the header or the values, and deliver again; nothing was changed, and "
        "what is judged rests on the values as delivered",
    ),
    "conflict": _kind(
        "{key} 的“{field}”各处不一致：{detail}",
        "'{field}' of {key} is told differently: {detail}",
        "由主管部门核定一个值，改正其余各处",
        "let the responsible bureau settle the value and correct the other places",
    ),
    "conflict_settled": _kind(
        "{key} 的“{field}”各处不一致，按先后次序采用“{raw}”：{detail}",
        "'{field}' of {key} is told differently; by precedence it is '{raw}': {detail}",
        "由主管部门核定，改正其余各处；各处的值见 disagreements.csv",
        "let the responsible bureau settle it and correct the other places; what each tells is in disagreements.csv",
    ),
}

_PLACEHOLDERS = {
    "raw": f"left(f.raw, {RAW_SHOWN})",
    "key": "f.key",
    "header": "c.header",
    "letter": "c.letter",
    "table": "t.{lang}",
    "field": "l.{lang}",
    "detail": "f.detail_{lang}",
}


def note(
    con: duckdb.DuckDBPyConnection, code: str, *, file: str | None = None, sheet: str | None = None, source_id: int | None = None,
    table: str | None = None, field: str | None = None, detail: Text | None = None,
) -> None:  # fmt: skip
    """Record a problem of a file, sheet or column (the problems of rows and cells are found by queries)."""
    values = [source_id, file, sheet, table, field, code, detail.zh if detail else "", detail.en if detail else ""]
    con.execute("INSERT INTO ingest.found VALUES (NULL, ?, ?, ?, ?, NULL, ?, NULL, ?, false, ?, ?)", values)


def write_problems(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``problem``: every problem found, in words, ordered by file, sheet, row and column."""
    labels = [
        {"table_name": table.name, "field": field.name, **_words(field), "place": place}
        for table in TABLES
        for place, field in enumerate(table.fields)
    ]
    texts = dict.fromkeys(("table_name", "zh", "en"), "VARCHAR")
    create_with(con, "ingest.label", texts | {"field": "VARCHAR", "place": "INTEGER"}, labels)
    create_with(con, "ingest.table_label", texts, [{"table_name": table.name, **_words(table)} for table in TABLES])
    codes = [code for (code,) in con.execute("SELECT DISTINCT code FROM ingest.found ORDER BY code").fetchall()]
    said = ", ".join(
        f"{_texts(codes, part, lang)} AS {part}_{lang}" for part, lang in (("what", "zh"), ("what", "en"), ("fix", "zh"), ("fix", "en"))
    )
    con.execute(f"""
        CREATE TABLE problem AS
        SELECT CAST(row_number() OVER (ORDER BY coalesce(f.file, s.file), coalesce(f.source_id, 0), coalesce(f.sheet, s.sheet),
                p."row" NULLS FIRST, l.place NULLS FIRST, f.code, f.field, f.detail_zh, f.raw) AS INTEGER) AS problem_no,
            f.row_id, f.source_id, coalesce(f.file, s.file) AS file, coalesce(f.sheet, s.sheet, '') AS sheet, p."row", c.letter,
            f.table_name, f.key, f.field, f.raw, f.code, f.quarantined, {said}
        FROM ingest.found f LEFT JOIN source s ON s.source_id = f.source_id LEFT JOIN raw_row p ON p.row_id = f.row_id
            LEFT JOIN source_column c ON c.source_id = f.source_id AND c.field = f.field
            LEFT JOIN ingest.label l ON l.table_name = f.table_name AND l.field = f.field
            LEFT JOIN ingest.table_label t ON t.table_name = f.table_name
        ORDER BY problem_no""")


def _words(named: Field | Table) -> dict[str, str]:
    return {"zh": named.label.zh, "en": named.label.en}


def _texts(codes: list[str], part: str, lang: str) -> str:
    """SQL for one text of every problem, by its code."""
    whens = " ".join(f"WHEN {quoted(code)} THEN {_filled(getattr(CATALOGUE[code], part).get(lang), lang)}" for code in codes)
    return f"CASE f.code {whens} END" if whens else "CAST(NULL AS VARCHAR)"


def _filled(template: str, lang: str) -> str:
    """SQL that fills a template from the columns of the problem."""
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [quoted(p) if n % 2 == 0 else f"coalesce({_PLACEHOLDERS[p].format(lang=lang)}, '')" for n, p in enumerate(parts)]
    return " || ".join(pieces)
