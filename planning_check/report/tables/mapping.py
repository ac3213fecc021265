"""A mapping proposed for a delivery (``ingest.mapping``): how each sheet was read, to be edited where it was read wrong or not at all.

Units are told and not written: a mapping without them reads those that the sheet states."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from planning_check.report.told.seen import HOW, Heading, Seen
from planning_check.schema import BY_NAME

_LEAST_SCORE = 0.4  # what is less alike is not proposed
_SCORES = {"name": 1.0, "longitude": 1.0, "latitude": 1.0, "alias": 0.95, "cut": 0.9, "worded": 0.9, "by_name": 0.9, "short": 0.8}
_INTRODUCTION = """\
# 对照表：每张表的表头对应哪个字段、什么单位。改好后：planning-check check 文件夹 --mapping 本文件；说明见 docs/mapping.md
# A mapping: which field each heading is, and its unit. Edit it, then: planning-check check FOLDER --mapping THIS; see docs/mapping.md
# field 空着的列不采用；字段名见 data/README.md；每行末的数是相似程度（1 为字段名）
# A column without a field is not used; fields: data/README.md; the number at the end says how alike (1: the field's own name)
version: 1
sheets:
"""
_MORE = """\
    # dates: dmy                                # 日期里日在前 31/05/2009 / days come first
    # constants: {district_code: "990102"}      # 整张表都是这个值 / holds for every row
    # ids: {project_id: ["项目名称", "区县"]}     # 编号由这些列合成 / an id made of these columns
    # values: {uses: {"住宅用地": "住宅"}}         # 表里的词当作哪个词 / what a word of the sheet means
"""
_OF_A_SHEET = """\
    # add_up: true                              # 一栋一行，按编号加总 / one row a building, added up by key
"""
_OF_A_LAYER = """\
    # crs: EPSG:4545                            # 图层没有坐标系时 / of a layer that names no coordinate system
"""
#: What a sheet that is like no table is most often.
_TABLES = ("projects", "premises", "handovers", "payments", "deposits", "offices", "communities", "parcels")


def proposed(found: Sequence[Seen]) -> Iterator[str]:
    """The mapping as YAML: of every sheet that is a table, and of those that are like one; of layers too."""
    yield _INTRODUCTION
    for one in found:
        table = one.table_name or (one.nearest_names[0] if one.nearest_names else None)
        if not one.headings:
            continue
        if table is None or not any(_field(heading, table) for heading in one.headings):
            yield from _blank(one)
            continue
        yield f"  - file: {_text(one.file)}\n    sheet: {_text(one.sheet)}\n"
        why = "" if one.table_name else "  没有采用，最接近的是它 / not used, this is nearest"
        yield f"    table: {table}  # {BY_NAME[table].label.zh} {BY_NAME[table].label.en}{why}\n"
        if one.header_row:
            yield f"    header_row: {one.header_row}\n"
        lacks = one.nearest[0][1] if one.nearest and not one.table_name else ()
        if lacks:
            zh, en = "、".join(name.zh for name in lacks), ", ".join(name.en for name in lacks)
            yield f"    # 还缺（用 columns、constants 或 ids 补上）：{zh} / still needed, as columns, constants or ids: {en}\n"
        yield "    columns:\n"
        given: set[str] = set()  # of several columns that could be a field only the first is proposed
        for heading in one.headings:
            name = _field(heading, table)
            yield _column(heading, table, name if name not in given else "")
            given.add(name)
        yield _MORE + (_OF_A_LAYER if one.is_layer else _OF_A_SHEET)


def _blank(one: Seen) -> Iterator[str]:
    """A part to be filled in, commented out: of a sheet or layer that is like no table."""
    yield "  # 一个表头都不认得。选好 table，填 field，去掉这几行行首的 # 号 / no heading is known: say table and fields, and take off the # signs\n"
    yield f"  # - file: {_text(one.file)}\n  #   sheet: {_text(one.sheet)}\n  #   table: {'|'.join(_TABLES)}\n  #   columns:\n"
    yield from (f'  #     - {{heading: {_text(heading.header)}, field: ""}}\n' for heading in one.headings)


def _field(heading: Heading, table: str) -> str:
    if heading.how in ("longitude", "latitude"):
        return heading.how
    name = heading.field_name or (heading.nearest_name if heading.how == "near" else "") or ""
    return name if name and _score(heading, table, name) >= _LEAST_SCORE else ""


def _column(heading: Heading, table: str, name: str) -> str:
    parts = [f"heading: {_text(heading.header)}", f"field: {name or _text('')}"]
    said = HOW[heading.how]
    like = f" {heading.nearest.zh} {heading.nearest.en}" if heading.nearest else ""
    score = f" {_score(heading, table, name):.2f}" if name else ""
    unit = f"  单位 unit {heading.unit}" if name and heading.unit else ""
    return f"      - {{{', '.join(parts)}}}  # {heading.letter} {said.zh} {said.en}{like}{score}{unit}\n"


def _score(heading: Heading, table: str, name: str) -> float:
    if heading.how in _SCORES:
        return _SCORES[heading.how]
    spec = BY_NAME[table].field(name)
    return max(SequenceMatcher(None, heading.header, word).ratio() for word in (spec.label.zh, spec.label.en, spec.name, *spec.aliases))


def _text(text: str) -> str:
    """As YAML writes any text on one line."""
    return json.dumps(text, ensure_ascii=False)
