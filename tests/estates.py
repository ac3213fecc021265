"""Small invented deliveries: estates that meet every duty, to be spoilt one thing at a time; and what a check says of them."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning_check import pipeline
from planning_check.store import findings, open_store

AS_OF = dt.date(2011, 6, 30)
NOW = dt.datetime(2011, 6, 30, 9, 0)
Tables = dict[str, list[dict[str, Any]]]


def in_order(estates: int = 2, communities: int = 1) -> Tables:
    """So many estates of 50,000 m2, each with a room of 500 m2 that its committee received a month before acceptance;
    every register delivered."""
    codes = [f"990102001{n:03d}" for n in range(1, communities + 1)]
    tables: Tables = {
        "区县": [{"区县代码": "990102", "区县名称": "试验区"}],
        "社区": [{"社区代码": code, "社区名称": f"第{n}社区", "社区类型": "小区型", "区县": "990102", "设立日期": "2004-01-01"} for n, code in enumerate(codes, 1)],
        "折资单价": [{"片区": "990102", "用途": "社区用房", "起始日期": "2006-01-01", "折资单价": 4000, "价格依据": "价〔2006〕1号"}],
        "项目": [], "用房": [], "移交": [], "保证金": [], "折资": [], "催告": [],
    }  # fmt: skip
    for n in range(1, estates + 1):
        for name, row in estate(f"P{n:02d}", codes[(n - 1) % communities]).items():
            tables[name] += row
    return tables


def estate(project: str, community: str) -> Tables:
    """The rows of one estate."""
    return {
        "项目": [{
            "项目编号": project, "项目名称": f"{project}苑", "开发企业": f"{project}置业有限公司", "区县": "990102", "所在社区代码": community,
            "指定接收社区代码": community, "用途": "住宅", "规划条件载明配建": "是", "取得土地日期": "2007-06-01", "规划总建筑面积": 50000,
            "许可总建筑面积": 50000, "实测总建筑面积": 50000, "详规批准日期": "2008-03-01", "详规载明位置": "是", "详规载明楼层": "是",
            "详规载明用房面积": 500, "备案日期": "2008-03-01", "备案号": f"民备〔2008〕{project}号", "工规证号": f"建字第2008{project[1:]}号",
            "工规证日期": "2008-06-01", "开工日期": "2008-07-01", "竣工日期": "2010-03-01", "规划验收日期": "2010-06-01", "竣工备案日期": "2010-06-20",
            "交付日期": "2010-07-01", "用房台账已报全": "是",
        }],
        "用房": [{
            "用房编号": f"{project}-Y1", "项目编号": project, "用房类别": "社区用房", "规划面积": 500, "许可面积": 500, "实测面积": 500, "楼栋": "1号楼",
            "起始楼层": 1, "终止楼层": 1, "备案面积": 500, "备案楼栋": "1号楼", "备案楼层": 1, "现状用途": "社区用房",
        }],
        "移交": [{
            "移交编号": f"{project}-H1", "项目编号": project, "用房编号": f"{project}-Y1", "接收社区代码": community, "接收单位": "社区居委会",
            "接收单位类别": "社区居委会", "移交面积": 500, "移交楼栋": "1号楼", "移交楼层": 1, "移交附加条件": "无附加条件", "移交协议日期": "2010-05-01",
            "移交日期": "2010-05-01", "移交凭证号": f"凭{project}第2010001号", "移交价款": 0,
        }],
        "保证金": [
            {"流水号": f"{project}-D1", "项目编号": project, "事项": "应缴", "金额": 800000, "日期": "2008-06-01"},
            {"流水号": f"{project}-D2", "项目编号": project, "事项": "缴纳", "金额": 800000, "日期": "2008-06-01", "票据号": f"NO.2008{project[1:]}01",
             "依据类别": "合同"},
        ],
    }  # fmt: skip


#: The heads of registers that may be delivered empty: an empty register says "none".
HEADS = {
    "折资": ["缴款编号", "项目编号", "折资金额", "到账日期", "折资单价"], "催告": ["催告编号", "项目编号", "送达日期", "限期"],
    "保证金": ["流水号", "项目编号", "事项", "金额", "日期", "票据号"], "移交": ["移交编号", "项目编号", "移交面积", "移交日期"],
}  # fmt: skip


def write(folder: Path, tables: Tables) -> Path:
    """One CSV a table; of an empty one its heads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        heads = list(dict.fromkeys(head for row in rows for head in row)) or HEADS[name]
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, heads, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


@dataclass
class Checked:
    """A recorded check: its store, its result, and its findings."""

    url: str
    result: pipeline.CheckResult
    findings: list[dict[str, Any]]

    def of(self, *rules: str, outcome: str = "violation") -> set[tuple[str, str]]:
        """(rule, subject key) of the findings with that outcome; of these rules, or of all."""
        return {(f["rule_id"], f["subject_key"]) for f in self.findings if f["outcome"] == outcome and (not rules or f["rule_id"] in rules)}

    def one(self, rule: str, key: str) -> dict[str, Any]:
        return next(f for f in self.findings if f["rule_id"] == rule and f["subject_key"] == key)


def check(folder: Path, as_of: dt.date = AS_OF, **options: Any) -> Checked:
    """Check a folder into a database beside it."""
    url = f"sqlite:///{(folder.parent / f'{folder.name}.sqlite').as_posix()}"
    result = pipeline.check(pipeline.Options([folder], as_of=as_of, today=as_of, **options), created_at=NOW, db_url=url)
    return Checked(url, result, list(findings(open_store(url, write=False), result.run_id)))
