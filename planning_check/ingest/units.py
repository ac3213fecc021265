"""Units as deliveries write them, in headers, corner cells and cells: each an exact fraction of the schema's unit."""

from __future__ import annotations

import re
from fractions import Fraction

from planning_check.ingest.plain import plain
from planning_check.schema import Field

MU = Fraction(2000, 3)  # one mu in m2

_AREA = {
    1: "㎡|m2|m²|平方米|平米|平方|sqm|sq.m|squaremetres|squaremeters",
    10_000: "万㎡|万m2|万m²|万平方米|万平米|万平方|公顷|ha|hm2|hm²|hectares",
    1_000_000: "平方公里|平方千米|km2|km²",
    MU: "亩|mu",
}
_MONEY = {1: "元|圆|人民币元|yuan|cny|rmb", 1_000: "千元", 10_000: "万元|万圆|人民币万元", 1_000_000: "百万元", 100_000_000: "亿元"}


_PERCENT = "百分比|百分数|百分点|个百分点|percent|percentage|pct"


def _units(*groups: dict) -> dict[str, Fraction]:
    return {plain(word): Fraction(factor) for group in groups for factor, words in group.items() for word in words.split("|")}


_YUAN = _units(_MONEY)
_M2 = _units(_AREA)
#: what a field measures -> unit -> factor to the unit of the schema.
UNITS: dict[str, dict[str, Fraction]] = {
    "m2": _M2,
    "yuan": _YUAN,
    "yuan/m2": {
        **{f"{yuan}{slash}{m2}": factor / _M2[m2] for yuan, factor in _YUAN.items() for m2 in _M2 for slash in ("/", "每", "per")},
        **_YUAN,
    },
    "yuan/year": {
        **_YUAN,
        **{f"{yuan}{per}": factor for yuan, factor in _YUAN.items() for per in ("/年", "每年", "/year", "/a")},
        **{f"{yuan}{per}": factor * 12 for yuan, factor in _YUAN.items() for per in ("/月", "每月", "/month")},
    },
    "m": _units({1: "米|m|metres|meters", Fraction(1, 100): "厘米|cm", Fraction(1, 1000): "毫米|mm"}),
    "share": _units({1: "倍", Fraction(1, 100): f"%|{_PERCENT}", Fraction(1, 1000): "‰"}),
    "rate": _units({1: "倍", Fraction(1, 100): f"%|{_PERCENT}", Fraction(1, 1000): "‰"}),
    "percent": _units({1: f"%|{_PERCENT}", Fraction(1, 10): "‰"}),
    "count": _units({1: "户|人|套|层|个|期|幢|栋|楼|f|处|households|persons", 10_000: "万|万人|万户"}),
}
#: The units that are looked for inside a cell: as above, but of the many ways to write a price only the usual ones.
CELL_UNITS = {
    **UNITS,
    "yuan/m2": {u: f for u, f in UNITS["yuan/m2"].items() if u in _YUAN or re.fullmatch("万?元/(㎡|m2|m²|平方米|平米)", u)},
}
#: Fields in percent; ``50%`` is 50 there and not 0.5. (A reported figure is a count or a percentage.)
PERCENTS = frozenset({"stated_premises_percent", "stated"})
#: Shares of a whole; ``50%`` is 0.5 there.
RATES = frozenset({"use_rate"})
#: Of these a number without any sign of percent, in the cell or its header, may be either: 0.01 in percent, 50 as a share of a whole.
#: SQL: when.
UNCLEAR = {"percent": "c.exact > 0 AND c.exact < 1", "rate": "c.exact > 1"}
#: A header that says whether its numbers are percent.
SAYS_PERCENT = f"(?i)[%％‰]|{_PERCENT}|百分"
#: ... and the unit that a header without one is taken to be in.
ASSUMED = {"m2": "m2", "yuan": "yuan", "yuan/m2": "yuan/m2", "yuan/year": "yuan", "m": "m"}


def dimension(field: Field) -> str:
    """What a field measures: a key of ``UNITS``, or '' for text, dates and codes."""
    if field.type == "integer":
        return "count"
    if field.name.endswith("_yuan_per_year"):
        return "yuan/year"
    if field.name.endswith("_yuan_per_m2"):
        return "yuan/m2"
    if field.type in ("area", "money"):
        return "m2" if field.type == "area" else "yuan"
    if field.type == "number":
        return "m" if field.unit == "m" else "percent" if field.name in PERCENTS else "rate" if field.name in RATES else "share"
    return ""


def factor(measures: str, unit: str) -> Fraction | None:
    """How many of the schema's units one written unit is; None where the unit is not known."""
    return UNITS[measures].get(plain(unit))


def corner_units(title_rows: list[list[str]]) -> dict[str, str]:
    """Units that a title row above the header states (``单位：万平方米、万元``), by what they measure.

    ``单位`` also means an organisation, so only words that are units count.
    """
    found: dict[str, str] = {}
    for cell in (c for row in title_rows for c in row if c):
        stated = re.search(r"单位[:：]?(.+)$|units?[:：](.+)$", cell.strip(), re.IGNORECASE)
        for word in re.split(r"[、,，;；/\s()（）]+", stated.group(1) or stated.group(2)) if stated else ():
            for measures in ("m2", "yuan"):
                if factor(measures, word) is not None:
                    found.setdefault(measures, word)
    return found
