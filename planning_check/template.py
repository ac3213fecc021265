"""What a template to be filled in says, and by what a reader knows it again: marks, headings, examples; all from ``schema``.

A sheet has four rows before the first record: a title with a mark, the question whether there is nothing to hand in, the headings, and
an example of which every cell begins with 例： or e.g., so that none of them can be taken for a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from planning_check.errors import Text
from planning_check.following import follows
from planning_check.schema import TABLES, Field, Table

MARK = Text("planning-check 模板", "planning-check template")
#: Of the sheets that explain and list words: they hold no records.
GUIDE_MARK = Text("planning-check 模板说明", "planning-check template guide")
GUIDE = Text("先读我", "Read me first")
WORDS = Text("可选的词", "Words to choose")
NONE_ASKED = Text("本表确无记录（核实后填“是”）", "There is none (type yes once verified)")
YES, NO = Text("是", "yes"), Text("否", "no")
#: Answers that say so; 有 and 无 would say either.
SAID_NONE = ("是", "yes", "y", "true", "1", "√", "✓", "✔")
#: The places of a point in a sheet, beside the fields of a table.
PLACE = {"longitude": Text("经度", "longitude"), "latitude": Text("纬度", "latitude")}
_EXAMPLE = Text("例：", "e.g. ")
_MARKED = re.compile(r"planning-check\s*(?:模板|template)(\s*(?:说明|guide))?\s*$", re.IGNORECASE)
_ASKED = re.compile(r"\s*(?:本表确无记录|There is none\b)", re.IGNORECASE)
_UNITS = {"m2": Text("㎡", "m2"), "yuan": Text("元", "yuan"), "m": Text("米", "m"), "yuan/m2": Text("元/㎡", "yuan/m2")}
#: Examples of single fields, and of all others by their type.
_OF_FIELDS = {
    "project_id": Text("XM-001", "XM-001"), "project_name": Text("滨江花园", "Riverside Garden"), "district_code": Text("东岸区", "东岸区"),
    "district_name": Text("东岸区", "东岸区"), "community_name": Text("滨江社区", "Riverside"), "community_code": Text("SQ-001", "SQ-001"),
    "developer_name": Text("某某置业有限公司", "Some Property Co."), "storey_height_m": Text("3.3", "3.3"), "far_permitted": Text("2.5", "2.5"),
    "conditions_percent": Text("1", "1"), "stated_premises_percent": Text("1", "1"), "longitude": Text("120.123456", "120.123456"),
    "latitude": Text("30.123456", "30.123456"), 
    "unit_price_yuan_per_m2": Text("3000.00", "3000.00"), "price_yuan_per_m2": Text("3000.00", "3000.00"),
    "use_rate": Text("0.2", "0.2"),
}  # fmt: skip
_OF_TYPES = {
    "text": Text("文字", "words"), "code": Text("001", "001"), "integer": Text("3", "3"), "number": Text("1.5", "1.5"),
    "area": Text("12000.00", "12000.00"), "money": Text("360000.00", "360000.00"), "date": Text("2010-05-31", "2010-05-31"), "bool": YES,
}  # fmt: skip


def fields(table: Table, owner: str = "") -> tuple[Field, ...]:
    """The columns of a table's sheet, those that are needed first; of one owner: these, and what that bureau keeps."""
    told = [f for f in table.fields if f.type != "geometry" and (f.need or not owner or f.owner == owner)]
    return tuple(sorted(told, key=lambda f: not f.need))


def places(table: Table, owner: str = "") -> dict[str, Text]:
    """The two columns of a point, where the table has one that a sheet can hold and the bureau keeps."""
    point = table.geometry
    return PLACE if point and point.is_point and owner in ("", point.owner) else {}


def tables(owner: str = "") -> tuple[Table, ...]:
    """The tables that a workbook can hold (a shape is needed where a boundary is); of one owner: those of which it keeps any field."""
    able = (t for t in TABLES if t not in layers_only())
    return tuple(t for t in able if not owner or any(f.owner == owner and not (f.need and f.owner != keeper(t)) for f in t.fields))


def layers_only() -> tuple[Table, ...]:
    """The tables of which every record needs a shape, so that no workbook can hold them."""
    return tuple(t for t in TABLES if t.geometry and t.geometry.need)


def keeper(table: Table) -> str:
    """The bureau that keeps the register."""
    return table.fields[0].owner


def heading(field: Field) -> Text:
    """The heading of a column: * where it is needed, and the unit."""
    star, unit = "*" if field.need else "", _UNITS.get(field.unit)
    return Text(f"{star}{field.label.zh}（{unit.zh}）", f"{star}{field.label.en} ({unit.en})") if unit else Text(
        star + field.label.zh, star + field.label.en
    )  # fmt: skip


def example(field: Field) -> Text:
    """The cell of the example row."""
    said = _OF_FIELDS.get(field.name) or (field.choices[0].label if field.choices else _OF_TYPES[field.type])
    return _as_example(said)


def place_example(name: str) -> Text:
    """The same of a column of a point."""
    return _as_example(_OF_FIELDS[name])


def _as_example(said: Text) -> Text:
    return Text(_EXAMPLE.zh + said.zh, _EXAMPLE.en + said.en)


@follows
@cache
def _examples() -> frozenset[str]:
    told = [example(f) for t in TABLES for f in t.fields if f.type != "geometry"] + [place_example(name) for name in PLACE]
    return frozenset(_bare(word) for text in told for word in (text.zh, text.en))


def _bare(cell: str) -> str:
    return re.sub(r"\s", "", cell).lower().replace(":", "：")


def is_example(cell: str) -> bool:
    """Whether a cell is one of the example row, untouched."""
    return cell.lstrip()[:2].lower() in ("例：", "例:", "e.") and _bare(cell) in _examples()


def may_hold_examples(joined: str) -> bool:
    """Whether any cell of a row, joined, may be an example: a quick look."""
    return "例：" in joined or "例:" in joined or "e.g." in joined or "E.g." in joined


def is_template(head: Sequence[Sequence[str]]) -> bool:
    """Whether the first rows of a sheet are a template's."""
    return any(not found[1] for found in _marks(head))


def is_guide(head: Sequence[Sequence[str]]) -> bool:
    """Whether they are of a sheet that explains the template."""
    return any(found[1] for found in _marks(head))


def _marks(head: Sequence[Sequence[str]]) -> Iterator[re.Match[str]]:
    return (found for row in head for cell in row[:2] if (found := _MARKED.search(cell)))


def said_none(head: Sequence[Sequence[str]]) -> str:
    """What stands beside the question whether there is nothing to hand in; '' where nothing does."""
    for row in head:
        for at, cell in enumerate(row):
            if _ASKED.match(cell):
                return next((other.strip() for other in row[at + 1 :] if other.strip()), "")
    return ""
