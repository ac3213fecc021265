"""What the GeoPackage shows: its layers, their fields with aliases, the colours and shapes."""

from __future__ import annotations

from dataclasses import dataclass

from planning_check.errors import Text
from planning_check.record.finding import FIELDS as FINDING
from planning_check.words import SEVERITIES


@dataclass(frozen=True)
class Layer:
    """One layer: table name, what people call it, the recorded subject it draws, its fields, its kind of geometry (None: a table)."""

    name: str
    title: Text
    note: Text
    subject: str
    fields: str
    geometry: str | None


#: Findings without a place first, those with one last; between them what they are about.
LAYERS = (
    Layer("findings_unplaced", Text("问题（没有位置）", "findings without a place"),
          Text("没有图形、也没有所在宗地的问题", "findings with neither a shape nor a parcel"), "", "findings", None),
    Layer("communities", Text("社区", "communities"), Text("社区范围", "boundaries of communities"), "community", "things", "MultiPolygon"),
    Layer("parcels", Text("宗地", "parcels"), Text("有问题的项目的宗地", "parcels of projects with findings"), "parcel", "things", "MultiPolygon"),
    Layer("premises", Text("公益性用房", "premises"), Text("有问题的用房", "rooms with findings"), "premises", "things", "MultiPoint"),
    Layer("offices", Text("社区办公用房", "community offices"), Text("社区办公用房位置", "where the offices are"), "office", "things", "MultiPoint"),
    Layer("idle_facilities", Text("闲置设施", "idle facilities"), Text("可以置换的闲置设施", "idle facilities to reuse"),
          "idle_facility", "things", "MultiPoint"),
    Layer("findings_areas", Text("问题（面）", "findings (areas)"), Text("问题所在的宗地、项目用地或社区", "the parcel, project land or community"),
          "", "findings", "MultiPolygon"),
    Layer("findings_points", Text("问题（点）", "findings (points)"), Text("问题所在的用房或办公用房", "the room or office"), "", "findings", "MultiPoint"),
)  # fmt: skip
ABOUT = Layer("about", Text("说明", "about"), Text("本文件从何而来", "where this file comes from"), "", "about", None)


def _as_recorded(name: str) -> tuple[str, str, Text]:
    """A field that is shown as it is recorded, under its own label."""
    field = FINDING[name]
    return name, "number" if field.kind == "decimal" else "text", Text(*field.label())


#: Name, kind (text, number, count), alias.
FIELDS: dict[str, tuple[tuple[str, str, Text], ...]] = {
    "findings": (
        _as_recorded("fingerprint"),
        ("class", "text", Text("分类代码", "class (code)")),
        ("outcome_name", "text", Text("结论", "outcome")),
        ("list_name", "text", Text("清单", "list")),
        _as_recorded("severity"),
        ("severity_name", "text", Text("程度", "severity")),
        _as_recorded("rule_id"),
        ("rule_title", "text", Text("问题类型", "kind of finding")),
        ("status", "text", Text("状态", "status")),
        ("subject_kind", "text", Text("对象类型", "kind of subject")),
        _as_recorded("subject_key"),
        _as_recorded("subject_name"),
        _as_recorded("project_id"),
        _as_recorded("developer_name"),
        _as_recorded("district_name"),
        _as_recorded("community_name"),
        ("bureau", "text", Text("责任部门", "responsible bureau")),
        _as_recorded("area_m2"),
        _as_recorded("yuan_min"),
        _as_recorded("yuan"),
        ("told", "text", Text("事实", "what was found")),
        ("cure", "text", Text("整改", "cure")),
        ("verified", "text", Text("办法是否核实", "ordinance verified")),
        _as_recorded("case_state"),
        ("stood", "text", Text("案件与上次议定", "case and last decision")),
        _as_recorded("decision_on"),
        _as_recorded("decision_no"),
    ),
    "things": (
        ("key", "text", Text("编号", "key")),
        ("name", "text", Text("名称", "name")),
        ("violations", "count", Text("违规数（已查出）", "violations found")),
        ("severity", "text", Text("最重程度代码", "heaviest severity (code)")),
        ("severity_name", "text", Text("最重程度", "heaviest severity")),
    ),
    "about": (("item", "text", Text("项目", "item")), ("told", "text", Text("内容", "content"))),
}  # fmt: skip

#: Class of a finding -> colour, marker of a point, fill of an area; lists in the order of ``words.LISTS``, then what could not be judged,
#: what a document exempts, and what the meeting dismissed.
#: Areas lie on each other: only violations are full, the first class lies on top.
CLASSES = {
    "violations": ("#c0392b", "circle", "solid"),
    "deposits": ("#8e44ad", "diamond", "b_diagonal"),
    "offices": ("#d35400", "square", "f_diagonal"),
    "programme": ("#2874a6", "triangle", "no"),
    "controls": ("#7d6608", "pentagon", "horizontal"),
    "leads": ("#5d6d7e", "cross_fill", "vertical"),
    "data": ("#148f77", "star", "diagonal_x"),
    "undetermined": ("#b2babb", "hexagon", "dense7"),
    "error": ("#000000", "cross2", "cross"),
    "exempt": ("#7dcea0", "circle", "no"),
    "dismissed": ("#aeb6bf", "circle", "no"),
}
#: Subject -> colour of fill or marker, outline, marker.
THINGS = {
    "communities": ("#ffffff", "#85929e", "circle"),
    "parcels": ("#fcf3cf", "#b7950b", "circle"),
    "premises": ("#f5b7b1", "#922b21", "square"),
    "offices": ("#aed6f1", "#1b4f72", "square"),
    "idle_facilities": ("#a9dfbf", "#145a32", "triangle"),
}


def rank(severity: str) -> int:
    """Place of a severity, the heaviest 0; one that is none comes last."""
    order = list(SEVERITIES)
    return order.index(severity) if severity in order else len(order)
