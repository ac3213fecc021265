"""Writes the delivery: workbooks, a GB18030 text file and GeoPackages, byte for byte the same on every run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import geopandas
import pyogrio
import xlsxwriter
from pyproj import Transformer

from planning_check.schema import BY_NAME, Field

from .acts import Row
from .days import Month
from .settings import AS_OF, CRS, DEGREES_CRS
from .sheets import DELIVERY_YAML, LAYERS, SHEETS, Sheet

MADE = datetime(2011, 7, 8, 9, 0, 0)
YES_NO = {True: "是", False: "否"}


def _bare(header: str) -> str:
    """A header without its unit; brackets that belong to the label stay."""
    head, _, unit = header.rpartition("(")
    return head if unit[:-1] in {"㎡", "平方米", "元", "万元", "元/㎡", "米"} else header


def _check_headers(sheet: Sheet) -> None:
    """Every header must be a label or alias of the dictionary."""
    for name, header in sheet.pairs:
        field = BY_NAME[sheet.table].field(name)
        if _bare(header) not in {field.label.zh, *field.aliases}:
            raise ValueError(f"{sheet.file} > {sheet.name}: {header} is no header of {sheet.table}.{name}")


def _day(value: object, style: str) -> object:
    if isinstance(value, Month):
        return f"{value.year}-{value.month:02d}" if style == "iso" else f"{value.year}年{value.month}月"
    if not isinstance(value, date) or style == "cell":
        return value
    return value.isoformat() if style == "iso" else f"{value.year}年{value.month}月{value.day}日"


def _cell(field: Field, header: str, value: object, style: str) -> object:
    """One value as the bureau writes it."""
    if value is None:
        return None
    labels = {choice.code: choice.label.zh for choice in field.choices}
    if isinstance(value, list):
        return "、".join(labels[v] for v in value)
    if isinstance(value, bool):
        return YES_NO[value]
    if "万元" in header:
        return round(float(value) / 10_000, 6)
    return labels[value] if labels else _day(value, style)


def _rows(sheet: Sheet, rows: list[Row]) -> Iterator[list[object]]:
    """The rows of one sheet, only those with something beside their keys."""
    table = BY_NAME[sheet.table]
    degrees = Transformer.from_crs(CRS, DEGREES_CRS, always_xy=True)
    own = [name for name, _ in sheet.pairs if name not in {*table.key, "project_id", "community_code"}] or [sheet.pairs[-1][0]]
    for row in rows:
        if any(row.get(name) is not None for name in own) or sheet.name == "项目备案":
            told = {name: row.get(f"{sheet.name}:{name}", row.get(name)) for name, _ in sheet.pairs}  # a sheet may tell it differently
            cells = [_cell(table.field(name), header, told[name], sheet.days) for name, header in sheet.pairs]
            point = row.get("point")
            yield cells + ([round(d, 7) for d in degrees.transform(point.x, point.y)] if sheet.point and point else [])


def _workbook(path: Path, sheets: list[Sheet], tables: dict[str, list[Row]]) -> None:
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": MADE, "author": path.parent.name})
    bold, title, day = (
        book.add_format(f) for f in ({"bold": True, "bg_color": "#DDE6EE"}, {"bold": True, "font_size": 14}, {"num_format": "yyyy-mm-dd"})
    )
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        headers = [header for _, header in sheet.pairs] + (["经度", "纬度"] if sheet.point else [])
        top = 1 if sheet.title else 0
        if sheet.title:
            page.merge_range(0, 0, 0, len(headers) - 1, sheet.title, title)
        page.write_row(top, 0, headers, bold)
        page.freeze_panes(top + 1, 1)
        page.set_column(0, len(headers) - 1, 14)
        for number, cells in enumerate(_rows(sheet, tables[sheet.table]), start=top + 1):
            for column, value in enumerate(cells):
                if isinstance(value, date):
                    page.write_datetime(number, column, datetime(value.year, value.month, value.day), day)
                elif value is not None:
                    page.write(number, column, value)
    book.close()


def _text_file(path: Path, sheet: Sheet, rows: list[Row]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([header for _, header in sheet.pairs] + ["经度", "纬度"])
        out.writerows(_rows(sheet, rows))


def _layer(path: Path, sheet: Sheet, rows: list[Row]) -> None:
    """One layer of a GeoPackage (EPSG:4545)."""
    table = BY_NAME[sheet.table]
    columns = {h: [_cell(table.field(name), h, row.get(name), sheet.days) for row in rows] for name, h in sheet.pairs}
    frame = geopandas.GeoDataFrame(columns, geometry=[row["geometry"] for row in rows], crs=CRS)
    pyogrio.write_dataframe(frame, path, layer=sheet.name, driver="GPKG", geometry_type="Polygon", append=path.exists())


def write(folder: Path, tables: dict[str, list[Row]]) -> None:
    """Writes all files of the delivery into the folder."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{AS_OF.isoformat()}T00:00:00.000Z"})
    for sheet in (*SHEETS, *LAYERS):
        _check_headers(sheet)
        (folder / sheet.file).parent.mkdir(parents=True, exist_ok=True)
        (folder / sheet.file).unlink(missing_ok=True)
    for name in dict.fromkeys(s.file for s in SHEETS):
        sheets = [s for s in SHEETS if s.file == name]
        if name.endswith(".csv"):
            _text_file(folder / name, sheets[0], tables[sheets[0].table])
        else:
            _workbook(folder / name, sheets, tables)
    for sheet in LAYERS:
        _layer(folder / sheet.file, sheet, tables[sheet.table])
    (folder / "delivery.yaml").write_text(DELIVERY_YAML, encoding="utf-8", newline="\n")
