"""Units as deliveries write them, in headers, corner cells and cells: each an exact fraction of the schema's unit."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from planning_check.ingest.plain import plain
from planning_check.ingest.traditional import simplified
from planning_check.schema import Field

MU = Fraction(2000, 3)  # one mu in m2

_AREA = {
    1: "㎡|m2|m²|m^2|平方米|平米|平方|平方公尺|sqm|sq.m|sq.m.|squaremetres|squaremeters|squaremetre|squaremeter",
    100: "公亩",
    1_000: "千平方米|千㎡",
    10_000: "万㎡|万m2|万m²|万平方米|万平方公尺|万平米|万平方|万平|万方|10,000m2|10000m2|10,000㎡|公顷|ha|hm2|hm²|hectares|hectare",
    1_000_000: "平方公里|平方千米|km2|km²|k㎡|㎢|百万平方米|百万㎡|squarekilometres|squarekilometers",
    MU: "亩|市亩|mu",
    MU * 100: "市顷|百亩",
    MU * 10_000: "万亩",
}
_MONEY = {
    1: "元|圆|人民币元|元人民币|yuan|cny|rmb",
    1_000: "千元|仟元|1000元|1,000元|thousandyuan",
    10_000: "万元|万圆|人民币万元|万元人民币|10000元|10,000元|10,000yuan|10000yuan",
    100_000: "十万元",
    1_000_000: "百万元|佰万元|人民币百万元|millionyuan|rmbmillion|millionrmb",
    10_000_000: "千万元|仟万元",
    100_000_000: "亿元|人民币亿元|亿元人民币|亿圆",
}
_PERCENT = "百分比|百分数|百分点|个百分点|percent|percentage|pct"
#: Units of an area or of money that are none of these, and what many are told in without saying of what.
FOREIGN = {
    "m2": "坪|平方英尺|平方尺|英亩|垧|acres?|sqft|sq.ft.?|squarefeet|ft2",
    "yuan": "美元|港元|港币|欧元|英镑|日元|台币|新台币|usd|hkd|eur|gbp|jpy|us\\$|[$£€]|dollars?",
    "": "万|十万|百万|千万|亿|千|百|十|million|thousand|k",
}


def _units(*groups: dict) -> dict[str, Fraction]:
    return {plain(word): Fraction(factor) for group in groups for factor, words in group.items() for word in words.split("|")}


_YUAN = _units(_MONEY)
_M2 = _units(_AREA)
_LARGEST_PRICED = 10**6
_PER_CENT = _units({1: f"%|{_PERCENT}", Fraction(1, 10): "‰"})
#: what a field measures -> unit -> factor to the unit of the schema.
UNITS: dict[str, dict[str, Fraction]] = {
    "m2": _M2,
    "yuan": _YUAN,
    "yuan/m2": {
        **{
            f"{yuan}{slash}{m2}": factor / area
            for yuan, factor in _YUAN.items()
            for m2, area in _M2.items()
            if area <= _LARGEST_PRICED
            for slash in ("/", "每", "per")
        },
        **_YUAN,
    },
    "yuan/year": {
        **_YUAN,
        **{f"{yuan}{per}": factor for yuan, factor in _YUAN.items() for per in ("/年", "每年", "/year", "/a")},
        **{f"{yuan}{per}": factor * 12 for yuan, factor in _YUAN.items() for per in ("/月", "每月", "/month")},
    },
    "m": _units({1: "米|m|公尺|metres|meters", Fraction(1, 100): "厘米|公分|cm", Fraction(1, 1000): "毫米|mm"}),
    "share": _units({1: "倍", Fraction(1, 100): f"%|{_PERCENT}", Fraction(1, 1000): "‰"}),
    "rate": _units({1: "倍", Fraction(1, 100): f"%|{_PERCENT}", Fraction(1, 1000): "‰"}),
    "percent": _PER_CENT,
    "duty": _PER_CENT,
    "count": _units({1: "户|人|套|层|个|期|幢|栋|楼|f|处|households|persons", 1_000: "千人|千户", 10_000: "万|万人|万户"}),
}
_TRADITIONAL = str.maketrans("万亩顷亿圆币户层个栋楼处", "萬畝頃億圓幣戶層個棟樓處")


def _in_cells(units: dict[str, Fraction]) -> dict[str, Fraction]:
    kept = {u: f for u, f in units.items() if not u[0].isdigit()}
    return kept | {u.translate(_TRADITIONAL): f for u, f in kept.items()}


#: The units that are looked for inside a cell: as above, but none that begin with digits, and of the many ways to write a price
#: only the usual ones.
CELL_UNITS = {measures: _in_cells(units) for measures, units in UNITS.items()} | {
    "yuan/m2": _in_cells({u: f for u, f in UNITS["yuan/m2"].items() if u in _YUAN or re.fullmatch("万?元/(㎡|m2|m²|平方米|平米)", u)})
}
#: Fields in percent; ``50%`` is 50 there and not 0.5. (A reported figure is a count or a percentage.)
PERCENTS = frozenset({"stated_premises_percent", "stated"})
#: ... and that one of them which is about 1: what a contract asks for.
DUTIES = frozenset({"conditions_percent"})
#: Shares of a whole; ``50%`` is 0.5 there.
RATES = frozenset({"use_rate"})
#: Of these a number without any sign of percent, in the cell or its header, may be either: 0.01 in percent, 50 as a share of a whole.
#: SQL: when.
UNCLEAR = {"percent": "c.exact > 0 AND c.exact < 1", "duty": "c.exact > 0 AND c.exact < 0.1", "rate": "c.exact > 1"}
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
        kinds = {"percent": PERCENTS, "duty": DUTIES, "rate": RATES}
        of_own = {"": "share", "1": "share", "m": "m", "%": "percent"}.get(field.unit, "count")
        return next((kind for kind, names in kinds.items() if field.name in names), of_own)
    return ""


def factor(measures: str, unit: str) -> Fraction | None:
    """How many of the schema's units one written unit is; None where the unit is not known."""
    return UNITS[measures].get(simplified(plain(unit)))


_KNOWN = frozenset(word for units in UNITS.values() for word in units)
_LONGEST = max(map(len, _KNOWN))


def is_unit(word: str) -> bool:
    """Whether a heading's word is the name of a unit of whatever, one that is known or one that is no unit here."""
    return word in _KNOWN or any(re.fullmatch(words, word) for words in FOREIGN.values())


def unit_at_end(text: str) -> str:
    """The longest known unit that a heading ends in, with something before it; else ''."""
    return next((text[at:] for at in range(max(1, len(text) - _LONGEST), len(text)) if text[at:] in _KNOWN), "")


def units_at_start(text: str) -> tuple[list[str], str]:
    """The units that a heading's text begins with, known or no units here, one after the other (``万平方米、亩``), and what follows them."""
    found: list[str] = []
    while True:
        rest = re.sub("^[、,;/和与及|.]", "", text) if found else text
        ends = range(min(len(rest), _LONGEST), 0, -1)
        word = next((rest[:end] for end in ends if is_unit(rest[:end])), "")
        if not word:
            return found, text
        found.append(word)
        text = rest[len(word) :]


def in_millionths(factor: Fraction) -> str:
    """A factor as it is recorded, rounded to six places: beside its unit, which says it exactly."""
    return f"{Decimal(round(factor * 10**6)).scaleb(-6):f}"
