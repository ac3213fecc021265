"""A small province's run for what is told of one: cities checked together, whose manifest names them and two that were not checked.

Three cities of invented estates: in the first most is missing, in the second less, in the third nothing. Their district bears one name in
all of them, and one developer (by its code) builds in the first two; another of that name, with another code, in the second.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from unittest import mock

from planning_check import pipeline
from planning_check.pipeline import running
from tests.estates import AS_OF, NOW, Tables, estate, write

#: Code of the developer that builds in two cities, and of the other one of its name.
BUILDER, NAMESAKE = "91990100MA0000001P", "91990100MA0000002K"
BROKEN = {"zh": "台账.xlsx 打不开：文件不完整", "en": "ledger.xlsx cannot be opened: it is cut short"}
NAMES = {
    "jia": ("甲州市", "Jiazhou"),
    "yi": ("乙山市", "Yishan"),
    "bing": ("丙江市", "Bingjiang"),
    "ding": ("丁湖市", "Dinghu"),
    "wu": ("戊川市", "Wuchuan"),
}
CHECKED, FAILED = ("jia", "yi", "bing"), ("ding", "wu")


def district(place: int) -> str:
    return f"99{place:02d}02"


def tables(place: int, estates: int, short: int) -> Tables:
    """A city of so many estates, of which the first so many handed nothing over; with a rented office where anything is short."""
    code = district(place)
    community = f"{code}001001"
    made: Tables = {
        "区县": [{"区县代码": code, "区县名称": "城关区"}],
        "社区": [{"社区代码": community, "社区名称": "第1社区", "社区类型": "小区型", "区县": code, "设立日期": "2004-01-01"}],
        "折资单价": [{"片区": code, "用途": "社区用房", "起始日期": "2006-01-01", "折资单价": 4000, "价格依据": "价〔2006〕1号"}],
        "办公用房": [{"办公用房编号": f"B{place}", "社区代码": community, "用房性质": "租用" if short else "自有（有产权）", "办公用房面积": 320,
                  "年租金": 60000, "使用起始": "2007-01-01"}],
        "项目": [], "用房": [], "移交": [], "保证金": [], "折资": [], "催告": [],
    }  # fmt: skip
    for n in range(1, estates + 1):
        rows = estate(f"P{place}{n:02d}", community)
        rows["项目"][0] |= {"区县": code, "开发企业": f"{place}{n}置业有限公司", "统一社会信用代码": f"9199{place:02d}00MA{n:07d}X"}
        if n <= short:
            rows["移交"] = []
            rows["项目"][0] |= {"开发企业": "安居置业有限公司", "统一社会信用代码": BUILDER if n == 1 else NAMESAKE}
        for name, some in rows.items():
            made[name] += some
    return made


def write_cities(folder: Path) -> list[Path]:
    """The three cities that are checked, each in a folder."""
    return [
        write(folder / label, tables(place, *size))
        for place, (label, size) in enumerate(zip(CHECKED, ((4, 3), (3, 2), (2, 0)), strict=True), 1)
    ]


def cities(projects: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """What a merge writes into the manifest, in the order of labels."""
    told = []
    for label in sorted(NAMES):
        zh, en = NAMES[label]
        is_checked = label in CHECKED
        told.append({
            "label": label, "zh": zh, "en": en, "districts": [district(CHECKED.index(label) + 1)] if is_checked else [],
            "shard": f"s{sorted(NAMES).index(label):03d}", "root": "ab" * 32 if is_checked else None,
            "projects": (projects or {}).get(label, 0), "bytes": 1000, "state": "checked" if is_checked else "failed",
            "why": None if is_checked else BROKEN, "folder": f"/x/{label}",
            "digest": "cd" * 32,
        })  # fmt: skip
    return told


def check(folder: Path, told: list[dict[str, Any]] | None = None, as_of: dt.date = AS_OF) -> tuple[str, pipeline.CheckResult]:
    """Check the three together as one run of a province, into a database in the folder: its URL and what came of it."""
    url = f"sqlite:///{(folder / 'province.sqlite').as_posix()}"
    named = cities() if told is None else told
    made = running.manifest
    options = pipeline.Options(write_cities(folder / "cities"), as_of=as_of, today=as_of, labels=CHECKED, series="province")
    with mock.patch.object(running, "manifest", lambda *given, **more: made(*given, **more) | {"cities": named}):
        return url, pipeline.check(options, created_at=NOW, db_url=url)
