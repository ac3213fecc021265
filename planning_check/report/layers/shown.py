"""What the GeoPackage shows: its layers, their fields with aliases, the colours and shapes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from planning_check.errors import Text
from planning_check.record.finding import FIELDS as FINDING
from planning_check.report.told.cities import HEAD
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


#: Findings without a place first, those with one last and on them where the error is; between them what they are about.
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
    Layer("errors_areas", Text("错在哪里（面）", "where the error is (areas)"),
          Text("违规中量得的重叠和超出本市的部分本身；不予认定的不画", "the land of an overlap or outside the city itself, of violations that are not dismissed"),
          "", "errors", "MultiPolygon"),
    Layer("errors_lines", Text("错在哪里（线）", "where the error is (lines)"),
          Text("违规中不重合的边线，和从用房到本项目宗地、从办公用房到所属社区的最短距离；不予认定的不画",
               "borders that do not meet, the shortest way from a room to its project's land and from an office to its community"),
          "", "errors", "MultiLineString"),
)  # fmt: skip
LAYER = {layer.name: layer for layer in LAYERS}
ABOUT = Layer("about", Text("说明", "about"), Text("本文件从何而来", "where this file comes from"), "", "about", None)


#: The layers of where to build next: what stands open there, what serves, and the sites on top.
SITED = (
    Layer("communities", Text("社区（未服务人口）", "communities (people unserved)"), Text("选址之后仍未服务的人口", "people unserved after the choice"),
          "", "served", "MultiPolygon"),
    Layer("facilities", Text("现有设施", "facilities that are there"), Text("现有设施；没有自己位置的在社区内一点", "those without a place of "
          "their own at a point inside their community"), "", "facilities", "MultiPoint"),
    Layer("sites", Text("候选地点", "sites"), Text("选中的和没有选中的候选地点", "sites, chosen and not chosen"), "", "sites", "MultiPoint"),
)  # fmt: skip


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
        ("of_project", "number", Text("所属项目违规数（已查出）", "violations found of its project")),
    ),
    "errors": (
        _as_recorded("fingerprint"),
        ("class", "text", Text("分类代码", "class (code)")),
        ("error", "text", Text("错在哪里", "what is wrong here")),
        ("found", "number", Text("检查量得", "found by the check")),
        ("drawn", "number", Text("图形量得", "measured of this shape")),
        ("unit", "text", Text("单位", "unit")),
        ("agrees", "text", Text("图形与检查", "shape and check")),
        _as_recorded("rule_id"),
        ("rule_title", "text", Text("问题类型", "kind of finding")),
        ("subject_kind", "text", Text("对象类型", "kind of subject")),
        _as_recorded("subject_key"),
        _as_recorded("subject_name"),
        _as_recorded("project_id"),
        _as_recorded("district_name"),
        _as_recorded("community_name"),
        ("bureau", "text", Text("责任部门", "responsible bureau")),
        ("told", "text", Text("事实", "what was found")),
    ),
    "about": (("item", "text", Text("项目", "item")), ("told", "text", Text("内容", "content"))),
    "served": (
        ("class", "text", Text("分类代码", "class (code)")),
        ("code", "text", Text("社区代码", "community code")),
        ("name", "text", Text("名称", "name")),
        ("district", "text", Text("区县", "district")),
        ("people", "number", Text("人口", "people")),
        ("unserved_now", "number", Text("现在未服务", "unserved now")),
        ("unserved", "number", Text("选址后未服务", "unserved after the choice")),
    ),
    "facilities": (
        ("class", "text", Text("分类代码", "class (code)")),
        ("key", "text", Text("编号", "key")),
        ("name", "text", Text("名称", "name")),
        ("community", "text", Text("社区代码", "community code")),
        ("capacity", "number", Text("能服务 人", "people it can serve")),
        ("why", "text", Text("另计的原因", "why it counts apart")),
    ),
    "sites": (
        ("class", "text", Text("分类代码", "class (code)")),
        ("order", "count", Text("选中次序（0 未选）", "order of choice (0: not chosen)")),
        ("kind", "text", Text("地点类别", "kind of site")),
        ("key", "text", Text("编号", "key")),
        ("name", "text", Text("名称", "name")),
        ("community", "text", Text("社区代码", "community code")),
        ("people", "number", Text("新服务 人", "people newly served")),
        ("m2", "number", Text("建设面积 ㎡", "m2 to build")),
        ("capacity", "number", Text("能服务 人", "people it can serve")),
        ("yuan", "number", Text("造价 元", "cost, yuan")),
        ("per_10k_yuan", "number", Text("每万元新服务 人", "people per 10,000 yuan")),
        ("per_m2", "number", Text("每平方米新服务 人", "people per m2")),
        ("note", "text", Text("注意", "to be seen to")),
        ("source", "text", Text("来源", "source")),
    ),
}  # fmt: skip

#: Of a province's run: the fields of findings and errors with the city before the district, and the layers that have them.
_CITY = ("city", "text", HEAD)
OF_CITIES = {"findings": "findings_of_cities", "errors": "errors_of_cities"}
FIELDS |= {
    of: tuple(each for told in FIELDS[name] for each in ((_CITY, told) if told[0] == "district_name" else (told,)))
    for name, of in OF_CITIES.items()
}


def kind_of(layer: Layer) -> str:
    """What its fields tell of, in a province's run or not."""
    return layer.fields.removesuffix("_of_cities")


def layers_of(*, is_province: bool) -> tuple[Layer, ...]:
    """The layers of a run."""
    return tuple(replace(layer, fields=OF_CITIES.get(layer.fields, layer.fields)) for layer in LAYERS) if is_province else LAYERS


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
#: Kind of error -> what it is, its layer, colour. ``DIFFERS``: a shape that does not measure what the check found.
ERRORS = {
    "overlap": (Text("与其他项目宗地重叠", "shared with another project's parcel"), "errors_areas", "#c0392b"),
    "own_overlap": (Text("与本项目另一宗地重叠", "shared with another parcel of its project"), "errors_areas", "#d35400"),
    "boundary_overlap": (Text("与其他社区重叠", "shared with another community"), "errors_areas", "#8e44ad"),
    "outside_city": (Text("超出本市范围", "outside the city"), "errors_areas", "#2874a6"),
    "edge": (Text("宗地边线与邻宗地不重合", "a parcel's border that does not meet its neighbour's"), "errors_lines", "#c0392b"),
    "boundary_edge": (Text("社区边线与邻社区不重合", "a community's border that does not meet its neighbour's"), "errors_lines", "#8e44ad"),
    "off_land": (Text("用房到本项目宗地", "from the room to its project's land"), "errors_lines", "#d35400"),
    "off_community": (Text("办公用房到所属社区", "from the office to its community"), "errors_lines", "#2874a6"),
}
#: Fields of a layer of where to build next -> class of a feature -> what it is, colour, marker, fill.
SITED_CLASSES = {
    "served": {
        "none": (Text("都有服务", "everybody is served"), "#d5f5e3", "circle", "solid"),
        "some": (Text("不到一半没有服务", "less than half unserved"), "#fdebd0", "circle", "solid"),
        "most": (Text("一半以上没有服务", "half or more unserved"), "#f5b7b1", "circle", "solid"),
        "unknown": (Text("人口不明", "population not known"), "#d5d8dc", "circle", "dense7"),
    },
    "facilities": {
        "known": (Text("现有设施", "facility"), "#2874a6", "square", "solid"),
        "unsure": (Text("现有设施，服务多少人不明", "facility, nobody knows how many it serves"), "#aeb6bf", "square", "solid"),
    },
    "sites": {
        "other": (Text("没有选中", "not chosen"), "#b2babb", "circle", "solid"),
        "chosen": (Text("选中", "chosen"), "#c0392b", "star", "solid"),
    },
}
DIFFERS = ("differs", Text("图形与检查不一致", "the shape does not agree with the check"), "#616a6b")
#: True of a thing with violations of its own or of its project; the others are drawn pale.
HAS_VIOLATIONS = '"violations" > 0 OR coalesce("of_project", 0) > 0'
#: What QGIS calls a feature: the object, then what is wrong with it; ``{unknown}`` stands for the word for a name that is not known.
_OBJECT = """coalesce(nullif("subject_name", ''), "subject_key") || ' · ' || """
DISPLAYED = {
    "findings": f'{_OBJECT}"rule_title"',
    "errors": f'{_OBJECT}"error"',
    "things": '''coalesce(nullif("name", '{unknown}') || ' · ', '') || "key"''',
    "about": '"item"',
    "served": '"name"',
    "facilities": '"name"',
    "sites": '"key" || \' · \' || "name"',
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
