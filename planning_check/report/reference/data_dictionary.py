"""The data dictionary page (data/README.md), generated from ``schema``: ``python -m planning_check.report.reference.data_dictionary``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planning_check.declared import OwnFact, OwnTable
from planning_check.schema import TABLES, Field, Table
from planning_check.words import BUREAUS, SUBJECTS

_HEAD = """\
# Data dictionary 数据字典

Generated from `planning_check/schema.py`; do not edit: `python -m planning_check.report.reference.data_dictionary`.

A delivery (报送) is a folder, or single files: `.xlsx`, `.xls`, `.xlsb`, `.ods`, Excel 2003 XML, HTML tables, delimited text,
JSON records, `.dbf`, GeoPackage, Shapefile, GeoJSON, TopoJSON, KML, MapInfo, DXF, GeoParquet, file geodatabases (`.gdb`), or a zip archive
of them, known by what they hold, not by their endings. A sheet or layer is recognised by its name or its headers.
Rows of one key from several files are united field by field. Headers may be the Chinese label, any
alias, the English label or the field name, and may carry a unit: `建筑面积(㎡)`, `金额（万元）`, `面积(亩)`. Areas are m2, money is yuan,
both to 0.01. A date may be a day, a month (2009年5月) or a year. Empty, `—`, `不详` and `待定` mean unknown, never zero. Points in
workbooks are two columns, 经度 and 纬度 (degrees, CGCS2000).

An optional `delivery.yaml` in the folder gives `title: {zh, en}`, `notice: {zh, en}` and `as_of: 2011-06-30`, the day of the delivery.

Dates say what has happened by the day of the delivery (without `delivery.yaml`, by the day of the check), \
save deadlines, ends, plans and the
completion date. One after that day, one that cannot be read and one that two files tell differently are unknown, \
and never mean that nothing
happened; a blank cell or 未移交, 尚未验收 means that it has not. To check a delivery as of an earlier day, state its own day in `delivery.yaml`.
报送的日期记的是报送日（delivery.yaml 的 as_of，没有写的为检查日）之前已经发生的事，期限、到期日、计划日期和竣工日期除外；晚于报送日、看不懂或各处
不一致的日期按不明处理，不当作没有发生；空白或写“未移交”“尚未验收”的才是没有发生。要按较早的日期检查，请在 delivery.yaml 写明报送日。

A sheet without ids may be read all the same. A project or community is known by name (项目名称, 社区名称 in place of the id): where one of
the register fits, in the row's district or else in the city. Phases never merge. What fits several or none is unknown; the table 名称对照
`confirmed_names` says what somebody confirmed. Where a row has no id of its own one is made, beginning with `自编-`, of what identifies
the row in the world: a project or community of its name and district; a room of project, kind, building and floor; a handover of
project, room, place, day and receipt; a payment of project, days, receipt and amount; an office of community and address. The id is the
same in whatever order the rows stand, and changes when these do. Rows that they do not tell apart are set aside.
没有编号列的表也能读：项目、社区按名称对应登记（先在本区，没有写区的在全市，只有一个相符才算；分期不合并），有几个或没有的按未知处理，
经人确认的写进“名称对照”表。本身没有编号的行由能区分它的内容生成“自编-”开头的编号，与行的次序无关；分不清的几行不采用。

The table 更正登记 `corrections` says which cells are read otherwise than delivered, on whose word (docs/corrections.md).
“更正登记”写明哪些格子不照报送的读、由谁更正（见 docs/corrections.md）。
"""
_HOW = {"count": "行数 rows", "sum": "合计 sum", "latest": "最近 latest", "lookup": "查取 lookup"}
_NEED = {"key": "主键 key", "required": "必填 required", "": ""}


def render() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(_table(table) for table in TABLES)])


def own_tables(own: Sequence[OwnTable]) -> str:
    """A section on tables that a rules folder brings, with what is counted over their rows; nothing where it brings none."""
    return "\n".join(["# Own tables 自己的台账\n", *map(_own, own)]) if own else ""


def _own(own: OwnTable) -> str:
    whose = "、".join(f"{SUBJECTS[one].zh} {SUBJECTS[one].en}" for one in own.belongs)
    says = [f"一行属于 a row belongs to: {whose}"] if whose else []
    says += [f"逐行判定，主键 every row is judged, by its key `{own.key}`"] if own.judged else []
    rows = [
        f"| `{f.subject}.{f.name}` | {f.label.zh} | {f.label.en} | {f.type} | {f.unit} | {BUREAUS[f.owner].zh} | {_measured(f)} |"
        for f in own.facts
    ]
    heads = ["| 事实 fact | 中文 | English | 类型 type | 单位 unit | 责任部门 owner | 怎么得来 how |", "|" + "---|" * 7]
    return "\n".join([_table(own.table), *says, "", *([*heads, *rows, ""] if rows else [])])


def _measured(fact: OwnFact) -> str:
    """How an own table's fact is got, in the words of its declaration."""
    parts = [
        _HOW[fact.how],
        f"`{fact.of}`" if fact.of else "",
        f"by `{fact.by}`" if fact.by else "",
        f"where `{fact.where}`" if fact.where else "",
    ]
    return " ".join(filter(None, parts)).replace("|", "\\|")


def _table(table: Table) -> str:
    names = "、".join(table.aliases)
    head = f"## {table.label.zh} {table.label.en} (`{table.name}`)\n"
    if names:
        head += f"\n也叫 also called: {names}\n"
    rows = [
        "| 字段 field | 中文 | English | 类型 type | 单位 unit | 需要 need | 责任部门 owner | 别名 aliases | 取值 values |",
        "|" + "---|" * 9,
    ]
    return "\n".join([head, *rows, *(_row(field) for field in table.fields), ""])


def _row(field: Field) -> str:
    values = "<br>".join(f"{c.label.zh} `{c.code}`" for c in field.choices)
    owner = BUREAUS[field.owner].zh
    cells = (
        f"`{field.name}`",
        field.label.zh,
        field.label.en,
        field.type,
        field.unit,
        _NEED[field.need],
        owner,
        "、".join(field.aliases),
        values,
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    page = Path(__file__).parents[3] / "data" / "README.md"
    page.write_text(render(), encoding="utf-8")
    print(f"wrote {page.name}")
