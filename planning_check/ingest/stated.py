"""Units that stand beside a table and not in its headers: in a title, a corner, or a note under the rows.

Such a unit is for the columns that say none. What two units could be is unknown, unless each can only be one column's:
no floor area is told in mu, and a stated unit is some column's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import takewhile

from planning_check.ingest.headers import Column, Header, letters
from planning_check.ingest.plain import is_blank
from planning_check.ingest.units import FOREIGN, UNITS, dimension, factor, is_unit, units_at_start
from planning_check.ingest.wording import heading, worded
from planning_check.schema import BY_NAME

#: What a note calls the columns that it is about -> what they measure.
_MEASURES = {
    "面积": ("m2",), "areas": ("m2",), "area": ("m2",), "金额": ("yuan", "yuan/year"), "资金": ("yuan", "yuan/year"), "货币": ("yuan", "yuan/year"),
    "款项": ("yuan", "yuan/year"), "费用": ("yuan", "yuan/year"), "amounts": ("yuan", "yuan/year"), "amount": ("yuan", "yuan/year"),
    "money": ("yuan", "yuan/year"), "单价": ("yuan/m2",), "价格": ("yuan/m2",), "租金": ("yuan/year",),
}  # fmt: skip
_STATABLE = ("m2", "yuan", "yuan/m2", "yuan/year")
#: Areas of ground, which alone may be in mu.
_GROUND = frozenset({"land_area_m2", "outdoor_m2"})
_IN_METRES = re.compile("平方米|平米|㎡|m2|m²|平方$|万平$")
#: Words before 单位 that say nothing of which columns are meant.
_LEADING = re.compile(
    "^(?:注释?|说明|备注|表中|表内|本表|其中|以上|以下|上述|下列|各项?|所有|全部|的|数据|数值|数字|除.{0,6}外|均|统一|计量|度量|、|,|和|及|与)+"
)
_SAYS = "(?:均|都|统一|一律)*(?:为|是|用|采用|以|按|:)*"
#: Where a text says units: after 单位, between 以 and 计, after 面积: and after "areas in".
_WHERE = re.compile(
    f"(?P<unit>(?:计量|度量)?单位{_SAYS}|units?:)|(?P<counted>(?:均|都|统一|一律)*[以按用])|(?P<is>(?:均|都)*(?:为|:))"
    "|(?P<latin>areas?|amounts?|money)(?:is|are|given|stated|shown)*in"
)
_COUNTED = re.compile("为(?:计量)?单位|计|填|表示|列示|统计")
_STOP = re.compile("$|[、,;。:()0-9]")
_MEASURED = re.compile("面积|金额|资金|货币|款|价|费|租金|额$")
#: Words behind a name, and before one, that leave it the same.
_AFTER = re.compile("(?:数据|数值|指标|类|等|[一两各]?[列栏项]|一律|部分)+$")
_OWN = re.compile("(?:规划|设计|实际|项目|开发|土地|保证金|折资|社区|用房|各|该|此|总)*")
_EXCEPT = re.compile("除.*外|其余|另有|个别")
#: A column that says the unit of its row.
_UNITS_BELOW = re.compile("(面积|金额)?(?:的)?(?:计量)?单位")
_MOST_COLUMNS = 1_000  # in which such a one is looked for
_MOST_WORDS = 2  # different cells in a row that is a note


@dataclass(frozen=True)
class Stated:
    """One unit, stated in the cell ``place`` for the columns called ``of`` ('': all that measure it).
    ``sure``: nothing in the text says that it may be the unit of some rows only."""

    of: str
    unit: str
    place: str
    sure: bool = True


def stated_above(rows: Sequence[Sequence[str]], first_row: int = 1) -> list[Stated]:
    """The units that the rows above a header state, the first of them being the sheet's ``first_row``."""
    found = []
    for number, row in enumerate(rows, first_row):
        alone = _words(row) <= _MOST_WORDS
        for index, cell in _cells(row):
            place = f"{letters(index)}{number}"
            found += told(cell, place) or (_in_brackets(cell, place) if alone else [])
    return found


def stated_below(rows: Iterable[Sequence[str]], first_row: int) -> Iterator[Stated]:
    """The units that notes among the rows of a table state. (A remark in a record is about that record.)"""
    for number, row in enumerate(rows, first_row):
        if _words(row) <= _MOST_WORDS:
            for index, cell in _cells(row):
                yield from told(cell, f"{letters(index)}{number}")


def stated_in(name: str) -> list[Stated]:
    """The units that the name of a sheet or file states: 项目台账（万平方米）."""
    return told(name, name) or _in_brackets(name, name)


def listening(rows: Iterable[list[str]], first_row: int, header: Header, stated: list[Stated]) -> Iterator[list[str]]:
    """The rows below a header as they are. ``stated`` gets the units that notes among them state, and those that stand in a column
    of their own: of several nobody knows which is whose without asking."""
    wanted = any(_measured(c, header.table) and not c.unit_from for c in header.columns.values())
    beside = {u.letter: of[1] or "" for u in header.unused if (of := _UNITS_BELOW.fullmatch(heading(u.header)))} if wanted else {}
    columns = {index: beside[letters(index)] for index in range(_MOST_COLUMNS) if letters(index) in beside}
    cells: dict[tuple[int, str], None] = {}
    for number, row in enumerate(rows, first_row):
        if wanted and len(set(row)) <= _MOST_WORDS + 1:  # blank is one
            stated += stated_below([row], number)
        for index in columns:
            if index < len(row):
                cells[index, row[index]] = None
        yield row
    units = ((index, unit) for index, cell in cells if is_unit(unit := heading(cell)))
    stated += (Stated(columns[index], unit, letters(index)) for index, unit in units)


def with_units(header: Header, stated: Sequence[Stated]) -> Header:
    """The header with the units that are stated outside it."""
    if not stated:
        return header
    heads = [*(heading(c.header) for c in header.columns.values()), *(heading(u.header) for u in header.unused)]
    stated = [s if _is_general(s) or any(_names(s.of, head) for head in heads) else _of_some(s, heads) for s in stated]
    columns = {name: _in_unit(column, header, stated) for name, column in header.columns.items()}
    return replace(header, columns=columns)


def _words(row: Sequence[str]) -> int:
    return len({cell for cell in row if cell and not is_blank(cell)})


def _cells(row: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The cells with anything in them; one that is merged over several only once."""
    seen = set()
    for index, cell in enumerate(row):
        if cell and cell not in seen and not is_blank(cell):
            seen.add(cell)
            yield index, cell


def told(cell: str, place: str) -> list[Stated]:
    """What a text says of units: ``面积单位为万平方米``, ``金额以万元计``, ``单位：万平方米、亩``."""
    text = _text(cell)
    found, done = [], 0
    for says in _WHERE.finditer(text):
        called = (says["latin"],) if says["latin"] else _called(text[done : says.start()])
        units, rest = units_at_start(text[says.end() :])
        whole = (_COUNTED if says["counted"] else _STOP).match(rest) is not None
        if says["unit"] and called and not (units and whole):
            units, whole = re.findall("^[^、,;。:()]{1,8}", text[says.end() :]), True  # a unit that nobody knows
        if units and whole and called is not None and (called or not says["is"]):
            of_one = re.search("[0-9a-z][\u4e00-\u9fff]+$", text[: says.start()]) is not None and not says["latin"]
            sure = not (of_one or _EXCEPT.search(text))
            found += [Stated(of, unit, place, sure) for of in called or ("",) for unit in units]
            done = len(text) - len(rest)
    return found


def _text(cell: str) -> str:
    """A text as headings are compared, gaps between its words being stops."""
    return heading(re.sub(r"(?<=[^\x00-\x7f：])\s+(?=[^\x00-\x7f])", "、", re.sub(r"[单單]\s+位", "单位", cell)))


def _called(before: str) -> tuple[str, ...] | None:
    """What a text calls the columns before it says the unit: nothing for all; None where that is no kind of number (填报单位)."""
    words = re.search("[\u4e00-\u9fff、]*$", before)
    names = [_AFTER.sub("", _LEADING.sub("", name)) for name in re.split("[、和及与]", words.group() if words else "")]
    if not names[-1]:
        return ()
    named = list(takewhile(_MEASURED.search, reversed(names)))
    return tuple(reversed(named)) or None


def _in_brackets(cell: str, place: str) -> list[Stated]:
    """A title with nothing but units in brackets, or a corner with nothing else."""
    text = _text(cell)
    for part in (text, *re.findall(r"\(([^()]+)\)", text)):
        units, rest = units_at_start(part)
        if units and not rest:
            return [Stated("", unit, place) for unit in units]
    return []


def _measured(column: Column, table: str) -> str:
    """What a column measures, where its unit can be stated outside the header; else ''."""
    measures = dimension(BY_NAME[table].field(column.field))
    return measures if measures in _STATABLE else ""


def _in_unit(column: Column, header: Header, stated: Sequence[Stated]) -> Column:
    measures = _measured(column, header.table)
    if not measures or column.unit_from:
        return column
    meant = [(s, _times(measures, s)) for s in stated if _is_meant(column, measures, s) and _could_be(measures, s)]
    meant = [(s, times) for s, times in meant if not _is_general(s)] or meant
    if measures in ("yuan/m2", "yuan/year"):  # its own kind of unit goes before that of sums
        meant = [(s, times) for s, times in meant if s.unit not in UNITS["yuan"]] or meant
    if measures == "m2" and len({times for _, times in meant}) > 1:
        meant = _only_for(column, header, meant)
    if not meant or (measures == "yuan/m2" and all(s.unit in UNITS["yuan"] and times == 1 for s, times in meant)):
        return column
    units = list(dict.fromkeys(s.unit for s, _ in meant))
    places = list(dict.fromkeys(s.place for s, _ in meant))
    factors = {times for _, times in meant}
    return replace(column, unit="、".join(units), unit_from=" ".join(places), factor=factors.pop() if len(factors) == 1 else None)


def _times(measures: str, stated: Stated) -> Fraction | None:
    """The factor of a stated unit. A sum's unit does not say of what a price is: 万元 may be that of a square metre or of a mu."""
    times = factor(measures, stated.unit) if stated.sure else None
    priced = measures == "yuan/m2" and stated.unit in UNITS["yuan"] and not stated.of and times != 1
    return None if priced else times


def _could_be(measures: str, stated: Stated) -> bool:
    """Whether a stated unit, known or not, is one of what a column measures."""
    if factor(measures, stated.unit) is not None:
        return True
    if any(stated.unit in known for known in UNITS.values()) and not re.fullmatch(FOREIGN[""], stated.unit):
        return False
    kinds = [kind for kind, words in FOREIGN.items() if re.fullmatch(words, stated.unit)]
    return kinds == [""] or ("m2" if measures == "m2" else "yuan") in kinds or (not kinds and bool(stated.of))


def _is_meant(column: Column, measures: str, stated: Stated) -> bool:
    """Whether a column is one of those that a note is about."""
    if _is_general(stated):
        return measures in _MEASURES.get(stated.of, _STATABLE)
    of_ground = column.field in _GROUND and re.search("地面积$", stated.of) is not None
    return of_ground or _names(stated.of, heading(column.header))


def _is_general(stated: Stated) -> bool:
    return not stated.of or stated.of in _MEASURES


def _names(of: str, head: str) -> bool:
    """Whether a note's words are those of a heading, or of a part of it."""
    bare = re.sub(r"\(.*?\)$", "", head)
    rest = of.removesuffix(bare) if bare and of.endswith(bare) else "?"
    return of in head or worded(of) == worded(bare) or _OWN.fullmatch(rest) is not None


def _of_some(stated: Stated, heads: Sequence[str]) -> Stated:
    """A note whose words are no heading: of some rows of the column that they end with, or of nobody knows which."""
    kind = next((kind for kind in _MEASURES if stated.of.endswith(kind)), "面积" if "面积" in stated.of else "金额")
    of = max((head for head in heads if head and stated.of.endswith(head)), key=len, default=kind)
    return replace(stated, of=of, sure=False)


def _only_for(column: Column, header: Header, meant: list[tuple[Stated, Fraction | None]]) -> list[tuple[Stated, Fraction | None]]:
    """Of two units of area the one that can be this column's: square metres are a floor's, and the other one is that of the only
    area of ground; else both."""
    floor = [(s, times) for s, times in meant if _IN_METRES.search(s.unit)]
    ground = [(s, times) for s, times in meant if not _IN_METRES.search(s.unit)]
    if column.field not in _GROUND:
        return floor if floor and len({times for _, times in floor}) == 1 else meant
    others = [c for c in header.columns.values() if c.field in _GROUND and c is not column and not c.unit_from]
    unread = [u for u in header.unused if re.search("面积|地", u.header)]
    return ground if ground and len({t for _, t in ground}) == 1 and not others and not unread else meant
