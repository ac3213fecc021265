"""The files of a made city, as bureaus send them: CSV, a workbook with dates shown by month, layers."""

from __future__ import annotations

import csv
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import openpyxl

if TYPE_CHECKING:
    from tests.oracle.cities import Maker

HANDOVER_HEADS = {
    "handover_id": "移交协议编号", "project_id": "项目编号", "premises_id": "用房编号", "community_code": "接收社区代码",
    "recipient_kind": "接收单位性质", "area_m2": "移交面积(㎡)", "handed_over_on": "实际移交日期", "price_yuan": "移交价款(元)",
}  # fmt: skip


def write(city: Maker, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in city.rows.items():
        if table == "handovers" or not rows:
            continue
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    _workbook(city, folder / "移交.xlsx")
    for layer, shapes in (("parcels", city.parcels), ("communities", [(code, None, shape) for code, shape in city.borders])):
        key = "parcel_id" if layer == "parcels" else "community_code"
        table = {key: [s[0] for s in shapes], "project_id": [s[1] for s in shapes]}
        frame = gpd.GeoDataFrame(table, geometry=[s[2] for s in shapes], crs=4545)
        if layer == "communities":
            frame = frame.drop(columns="project_id")
        frame.to_file(folder / f"{layer}.gpkg", layer=layer, driver="GPKG")
    return folder


def _workbook(city: Maker, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "用房移交"
    sheet.append(list(HANDOVER_HEADS.values()))
    for row in city.rows["handovers"]:
        day = row["handed_over_on"]
        to_day = day and len(day) == 10
        sheet.append(
            [
                _cell(row.get(name)) if name != "handed_over_on" else day and dt.date.fromisoformat(day if to_day else f"{day}-01")
                for name in HANDOVER_HEADS
            ]
        )
        if day:
            sheet.cell(sheet.max_row, list(HANDOVER_HEADS).index("handed_over_on") + 1).number_format = (
                "yyyy-mm-dd" if to_day else 'yyyy"年"m"月"'
            )
    book.save(path)


def _cell(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
