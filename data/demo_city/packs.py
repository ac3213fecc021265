"""Writes the registers that the packs ask for of the demo city, ``data/demo_packs``: ``python data/demo_city --packs``."""

from __future__ import annotations

import csv
from pathlib import Path

import xlsxwriter
from pyproj import Transformer

from .acts import Row
from .funding import office_funds, pay
from .plan_facilities import plan_facilities
from .service_facilities import service_facilities
from .settings import CRS, DEGREES_CRS
from .writing import MADE

FUNDS = ("公用经费", "棠川市城市社区公用经费拨付表", {
    "community_code": "社区代码", "year": "年度", "granted_yuan": "拨付金额(元)", "received_yuan": "社区实收(元)", "paid_to": "拨付对象",
    "diverted_yuan": "挤占挪用(元)", "spent_yuan": "当年支出(元)", "document_no": "拨付文号",
})  # fmt: skip
PAY = ("社区人员报酬", "棠川市社区工作人员报酬和保险情况", {
    "community_code": "社区代码", "year": "年度", "post": "岗位", "persons": "人数", "least_monthly_pay_yuan": "最低月报酬(元)",
    "medical_insured": "参加医疗保险人数", "pension_insured": "参加养老保险人数", "unemployment_insured": "参加失业保险人数",
})  # fmt: skip


PLANNED = {
    "project_id": "项目编号", "kind": "配套类别", "planned_m2": "规划面积(㎡)", "planned_places": "规划停车位(个)", "built_m2": "建成面积(㎡)",
    "built_places": "建成停车位(个)",
}  # fmt: skip


SERVICES = {
    "facility_id": "设施编号", "community_code": "所在社区代码", "kind": "设施类别", "name": "设施名称", "area_m2": "设施面积(㎡)",
    "capacity": "容量", "open_to_residents": "是否开放", "opening_hours": "开放时间",
}  # fmt: skip


def write_services(folder: Path, books: dict[str, list[Row]]) -> None:
    """The register of service facilities, a workbook of civil affairs with longitude and latitude."""
    path = folder / "facilities" / "民政局" / "服务设施台账.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    degrees = Transformer.from_crs(CRS, DEGREES_CRS, always_xy=True)
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": MADE, "author": "民政局"})
    bold, title = (book.add_format(f) for f in ({"bold": True, "bg_color": "#DDE6EE"}, {"bold": True, "font_size": 14}))
    page = book.add_worksheet("服务设施台账")
    heads = [*SERVICES.values(), "经度", "纬度"]
    page.merge_range(0, 0, 0, len(heads) - 1, "棠川市便民服务设施台账（截至2011年6月30日）", title)
    page.write_row(1, 0, heads, bold)
    page.freeze_panes(2, 1)
    page.set_column(0, len(heads) - 1, 14)
    for number, row in enumerate(service_facilities(books), start=2):
        point = row.get("point")
        place = [round(d, 7) for d in degrees.transform(point.x, point.y)] if point is not None else [None, None]
        for column, value in enumerate([*(row.get(field) for field in SERVICES), *place]):
            if value is not None:
                page.write(number, column, value)
    book.close()


def write_planned(folder: Path, projects: list[Row]) -> None:
    """The register of what plans ask for, as the planning bureau's old program writes it: GB18030 and commas."""
    path = folder / "facilities" / "规划局" / "项目配套设施.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow(PLANNED.values())
        out.writerows([row.get(field) for field in PLANNED] for row in plan_facilities(projects))


def write_funding(folder: Path, communities: list[Row]) -> None:
    """The workbook of office funds and pay; its last rows are errors that real registers have."""
    path = folder / "funding" / "民政局" / "社区经费与报酬.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    funds = office_funds(communities)
    funds += [
        {
            "community_code": "990102009099",
            "year": 2010,
            "granted_yuan": 10_000,
            "received_yuan": 10_000,
            "paid_to": "社区居委会",
        },  # no such one
        {"community_code": "合计", "granted_yuan": sum(row["granted_yuan"] for row in funds)},
    ]
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_formulas": False})
    book.set_properties({"created": MADE, "author": "民政局"})
    bold, title = (book.add_format(f) for f in ({"bold": True, "bg_color": "#DDE6EE"}, {"bold": True, "font_size": 14}))
    for (name, says, columns), rows in ((FUNDS, funds), (PAY, pay(communities))):
        page = book.add_worksheet(name)
        page.merge_range(0, 0, 0, len(columns) - 1, says, title)
        page.write_row(1, 0, columns.values(), bold)
        page.freeze_panes(2, 1)
        page.set_column(0, len(columns) - 1, 14)
        for number, row in enumerate(rows, start=2):
            for column, field in enumerate(columns):
                if row.get(field) is not None:
                    page.write(number, column, row[field])
    book.close()
