"""A province of eight invented cities, small, each with things wrong in it, and with codes and ids of its own.

Two share five bank receipts, two share a border with parcels over it, two are plain, one cannot be read and one is an empty folder.
Every readable one tells the same registers, and one developer is at work in all of them: one delivery of all says what each says alone, but
for what reaches across.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.affinity import translate

from tests import estates
from tests.province.city_map import SIDE, Ground, write_layer

AS_OF = estates.AS_OF
#: Which cities are which.
RECEIPTS = ("linqiao", "东川市")
BORDER = ("北岭市", "nanpu")
PLAIN = ("anyuan", "清源市")
BROKEN, EMPTY = "柳河市", "kongcheng"
READABLE = (*RECEIPTS, *BORDER, *PLAIN)
LABELS = (*READABLE, BROKEN, EMPTY)
_RECEIPTS = 5
_OVER_BORDER = 2  # places at the border where parcels of both cities lie on each other


def _code(city: int, developer: int) -> str:
    """A developer's credit code, with the check digit that it must have."""
    from stdnum.cn import uscc

    body = f"9199{city:02d}00MA{developer:03d}0000"
    return body + uscc.calc_check_digit(body)


#: A developer at work in every city: name and code.
NATIONAL = ("全省置业集团有限公司", _code(0, 0))


@dataclass(frozen=True)
class _City:
    """``number``: AA of the codes 99AA..; ``projects``: estates, besides those that reach across; ``as_json``: its layers are GeoJSON."""

    label: str
    number: int
    zh: str
    en: str
    projects: int
    communities: int
    ground: Ground
    as_json: bool = False

    def district(self, community: int) -> str:
        return f"99{self.number:02d}{1 + community % 2:02d}"

    def community(self, number: int) -> str:
        return f"99{self.number:02d}{1 + number % 2:02d}001{number:03d}"

    def project(self, number: int) -> str:
        return f"P{self.number:02d}{number:03d}"


_BORDER_AT = 470_000.0
_CITIES = (
    _City("linqiao", 11, "临桥市", "Linqiao", 28, 2, Ground(520_000, 3_600_000)),
    _City("东川市", 12, "东川市", "Dongchuan", 40, 3, Ground(560_000, 3_650_000), as_json=True),
    _City("北岭市", 13, "北岭市", "Beiling", 36, 3, Ground(_BORDER_AT - 3 * SIDE, 3_700_000)),
    _City("nanpu", 14, "南浦市", "Nanpu", 24, 2, Ground(_BORDER_AT, 3_700_000), as_json=True),
    _City("anyuan", 15, "安远市", "Anyuan", 60, 3, Ground(500_000, 3_800_000)),
    _City("清源市", 16, "清源市", "Qingyuan", 120, 4, Ground(540_000, 3_900_000), as_json=True),
)


def write(folder: Path) -> dict[str, Path]:
    """The eight cities, each in a folder of its own below ``folder``: its label -> its folder."""
    for city in _CITIES:
        _write_city(folder / city.label, city)
    (folder / BROKEN).mkdir(parents=True)
    (folder / BROKEN / "项目台账.xlsx").write_bytes(_cut_off())
    _state(folder / BROKEN, BROKEN, "Liuhe")
    (folder / EMPTY).mkdir()
    return {label: folder / label for label in LABELS}


def synthetic(folder: Path, cities: int, projects: int) -> dict[str, Path]:
    """So many cities of so many projects, by ``benchmarks/synthetic.py``, with ids and codes of their own: label -> folder."""
    from benchmarks.synthetic import write_cities

    return {place.name: place for place in write_cities(folder, cities, projects)}


def _write_city(folder: Path, city: _City) -> None:
    tables: estates.Tables = {
        "区县": [{"区县代码": f"99{city.number:02d}{n:02d}", "区县名称": f"{city.zh}{name}区"} for n, name in ((1, "东"), (2, "西"))],
        "折资单价": [{"片区": f"99{city.number:02d}{n:02d}", "用途": "社区用房", "起始日期": "2006-01-01", "折资单价": 4000,
                  "价格依据": f"价〔2006〕{city.number}号"} for n in (1, 2)],
        "项目": [], "用房": [], "移交": [], "保证金": [], "折资": [], "催告": [],
    }  # fmt: skip
    parcels: list[tuple[dict[str, Any], shapely.Geometry]] = []
    for n in range(1, city.projects + 1):
        community, place = 1 + (n - 1) % city.communities, (n - 1) // city.communities
        parcels.append(_add(tables, city, n, community, city.ground.parcel(community, place)))
        _spoil(tables, city, n)
    if city.label in RECEIPTS:
        _add_receipts(tables, city, parcels)
    if city.label in BORDER:
        _add_border(tables, city, parcels)
    estates.write(folder, tables)
    _write_map(folder, city, parcels)
    _state(folder, city.zh, city.en)


def _state(folder: Path, zh: str, en: str) -> None:
    (folder / "delivery.yaml").write_text(f"title: {{zh: {zh}, en: {en}}}\nas_of: {AS_OF}\n", "utf-8")


def _add(tables: estates.Tables, city: _City, n: int, community: int, shape: shapely.Geometry) -> tuple[dict[str, Any], shapely.Geometry]:
    """An estate that meets every duty; its parcel."""
    project = city.project(n)
    for name, rows in estates.estate(project, city.community(community)).items():
        tables[name] += rows
    local = (f"{city.zh}{'甲乙丙丁戊己'[n % 6]}字建设有限公司", _code(city.number, n % 6))
    name, code = NATIONAL if n % 6 == 0 else local
    tables["项目"][-1] |= {"区县": city.district(community), "开发企业": name, "统一社会信用代码": code}
    parcel = {"宗地编号": f"{city.community(community)}GB{n:05d}", "项目编号": project, "宗地面积": 20_000}
    return parcel, shape


def _spoil(tables: estates.Tables, city: _City, n: int) -> None:
    """What is wrong with every twelfth estate and its six neighbours; the other five are in order."""
    project, room, handed = tables["项目"][-1], tables["用房"][-1], tables["移交"][-1]
    kind = (n + city.number) % 12
    if kind == 1:  # nothing handed over though it was demanded: a deposit to forfeit
        tables["移交"].pop()
        tables["催告"].append({
            "催告编号": f"{project['项目编号']}-C", "项目编号": project["项目编号"], "送达日期": "2010-08-01", "限期": "2010-10-01",
            "催告文号": f"催〔2010〕{project['项目编号']}号", "延期至": "", "延期文号": "",
        })  # fmt: skip
    elif kind == 2:
        handed["移交面积"] = 300
    elif kind == 3:
        project["实测总建筑面积"] = ""
    elif kind == 4:
        handed |= {"接收单位": f"{city.zh}物业公司", "接收单位类别": "物业公司"}
    elif kind == 5:
        handed |= {"移交日期": "", "移交协议日期": ""}
    elif kind == 6:
        room["现状用途"] = "商业"


def _in_lieu(tables: estates.Tables, city: _City, n: int, on: str, receipt: str) -> None:
    """The estate that was added last pays for its 500 m2 instead."""
    project = tables["项目"][-1]
    tables["用房"].pop()
    tables["移交"].pop()
    project |= {"详规载明用房面积": 0, "开发企业": NATIONAL[0], "统一社会信用代码": NATIONAL[1]}
    tables["折资"].append({
        "缴款编号": f"{project['项目编号']}-Z", "项目编号": project["项目编号"], "折资金额": 2_000_000 + n, "应缴日期": on, "到账日期": on,
        "折资协议号": f"折〔2010〕{project['项目编号']}号", "折资协议日期": "2008-03-01", "折资单价": 4000,
        "单价批准文号": f"价〔2006〕{city.number}号", "票据号": receipt, "收款账户": f"{city.zh}社区建设专户",
        "拨付社区代码": project["所在社区代码"], "拨付日期": "2010-06-01", "资金使用去向": "社区用房",
    })  # fmt: skip


def _add_receipts(tables: estates.Tables, city: _City, parcels: list[Any]) -> None:
    """Five estates of one developer that pay in lieu, in both cities by the same receipts; the first of the two cities was paid first."""
    month = 3 + RECEIPTS.index(city.label)
    for n in range(1, _RECEIPTS + 1):
        parcels.append(_add(tables, city, 900 + n, 1, city.ground.parcel(1, 70 + n)))
        _in_lieu(tables, city, n, f"2010-{month:02d}-1{n}", f"财综2010003456{n}")


def _add_border(tables: estates.Tables, city: _City, parcels: list[Any]) -> None:
    """Two estates at the border: those of the western city reach 50 m over it, onto those of the eastern one."""
    is_west = city.label == BORDER[0]
    community = city.communities if is_west else 1
    start = city.ground.parcel(community, 77)
    west = _BORDER_AT - 150.0 if is_west else _BORDER_AT
    for n in range(1, _OVER_BORDER + 1):
        shape = translate(start, west - start.bounds[0], 120.0 * (n - 1))
        parcels.append(_add(tables, city, 900 + n, community, shape))


def _write_map(folder: Path, city: _City, parcels: list[tuple[dict[str, Any], shapely.Geometry]]) -> None:
    numbers = range(1, city.communities + 1)
    communities = [
        {"社区代码": city.community(n), "社区名称": f"{city.zh}第{n}社区", "社区类型": "小区型", "区县": city.district(n), "人口": 3000 + 100 * n,
         "设立日期": "2004-01-01"}
        for n in numbers
    ]  # fmt: skip
    tenures = ("租用", "借用", "自有（有产权）")
    offices = [
        {"办公用房编号": f"B{city.number:02d}{n:03d}", "社区代码": city.community(n), "用房性质": tenures[n % 3], "办公用房面积": 120 + 60 * n,
         "室外活动场地面积": 200, "使用起始": "2005-01-01", "年租金": 36_000 if n % 3 == 0 else 0}
        for n in numbers
    ]  # fmt: skip
    idle = [
        {"设施编号": f"X{city.number:02d}{n:03d}", "设施名称": f"{city.zh}闲置{n}号楼", "权属单位": f"{city.zh}机关事务局", "权属单位类别": "政府机关",
         "设施建筑面积": 2000, "可用面积": 1500, "室外场地面积": 800, "利用率": 0.1, "权属单位意向": "置换"}
        for n in numbers
    ]  # fmt: skip
    points = city.ground.point
    layers = {
        "社区": (communities, [city.ground.community(n) for n in numbers]),
        "社区办公用房": (offices, [points(n, 900, 1950) for n in numbers]),
        "闲置设施": (idle, [points(n, 1100, 1950) for n in numbers]),
        "宗地": ([row for row, _ in parcels], [shape for _, shape in parcels]),
    }
    for name, (rows, shapes) in layers.items():
        write_layer(folder, name, rows, shapes, as_json=city.as_json)


def _cut_off() -> bytes:
    """A ledger of projects whose file was cut off half way."""
    import datetime as dt

    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2011, 6, 30)})
        sheet = book.add_worksheet("项目")
        for n, row in enumerate([["项目编号", "项目名称", "区县"], *([f"P17{k:03d}", f"柳河{k}苑", "991701"] for k in range(1, 60))]):
            sheet.write_row(n, 0, row)
    whole = file.getvalue()
    return whole[: len(whole) // 2]
