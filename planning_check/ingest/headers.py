"""Headers: which field a column is, in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, lru_cache

from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.units import ASSUMED, UNITS, dimension, factor
from planning_check.ingest.wording import changes_meaning, field_by_variant, is_other
from planning_check.schema import BY_NAME, Field

LONGITUDE = ("经度", "东经", "longitude", "lon", "lng", "jd")
LATITUDE = ("纬度", "北纬", "latitude", "lat", "wd")
#: Tables whose geometry is a point and may come as a pair of degrees in a sheet.
POINT_TABLES = frozenset(t.name for t in BY_NAME.values() if t.geometry and t.geometry.label.zh == "位置点")


NEAR = 0.75  # how alike two headings are that a person may take for one another


@dataclass(frozen=True)
class Column:
    """One recognised column. ``factor`` turns its numbers into the schema's unit; None: the unit is not known."""

    index: int
    letter: str
    header: str
    field: str
    unit: str = ""
    factor: Fraction | None = Fraction(1)
    looseness: int = 0  # 0 the field's own name, 1 an alias, 2 an alias in other words, 3 without the words of its table


@dataclass(frozen=True)
class Unused:
    """A column that no field takes. ``field``: the one it resembles; ``other``: because words in it make it another thing."""

    letter: str
    header: str
    field: str = ""
    other: bool = False


@dataclass(frozen=True)
class Header:
    """The header row of a sheet, read as one table. ``clashes`` are fields that several columns could be."""

    table: str
    row: int
    columns: dict[str, Column]
    clashes: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    longitude: Column | None = None
    latitude: Column | None = None
    unused: tuple[Unused, ...] = ()

    @property
    def fields(self) -> set[str]:
        """The fields that are there as a column, whether usable or not."""
        located = {"geometry"} if self.longitude and self.latitude else set()
        return {*self.columns, *self.clashes, *located}


def letters(index: int) -> str:
    """The letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def vocabulary(table: str) -> dict[str, tuple[str, bool]]:
    """Plain header -> (field, whether it is the field's own label or name and not an alias)."""
    words: dict[str, tuple[str, bool]] = {}
    for f in BY_NAME[table].fields:
        if f.type == "geometry":
            continue
        for alias in f.aliases:
            words.setdefault(plain(alias), (f.name, False))
    for f in BY_NAME[table].fields:
        if f.type != "geometry":
            for own in (f.label.zh, f.label.en, f.name):
                words[plain(own)] = (f.name, True)
    return words


_UNITS = sorted({u for units in UNITS.values() for u in units}, key=len, reverse=True)
_UNIT_AT_END = re.compile(f"(?:{'|'.join(map(re.escape, _UNITS))})$")


@lru_cache(maxsize=4096)
def _readings(header: str) -> tuple[tuple[str, str], ...]:
    """The ways to read a header as a name and a unit: ``建筑面积(㎡)``, ``金额/万元``, ``建筑面积㎡``."""
    found = [(header, "")]
    if bracketed := re.fullmatch(r"(.+?)[(\[【](?:单位:?)?(.+)[)\]】]", header):
        found.append((bracketed[1], bracketed[2]))
    if separated := re.fullmatch(r"(.+?)[/:,_-](.+)", header):
        found.append((separated[1], separated[2]))
    if (at_end := _UNIT_AT_END.search(header)) and at_end.start():
        found.append((header[: at_end.start()], at_end.group()))
    return tuple(found)


def _unit_of(spec: Field, unit: str) -> tuple[str, Fraction | None]:
    """The unit as found or assumed, and its factor. A note in brackets is no unit for text, dates, counts and shares."""
    measures = dimension(spec)
    if not measures or not unit:
        return ASSUMED.get(measures, ""), Fraction(1)
    known = factor(measures, unit)
    if known is None and measures in ("count", "share", "percent") and not re.search("[%‰千万亿]", unit):
        return "", Fraction(1)
    return unit, known


def read_header(text: str, table: str, index: int, letter: str, *, loose: bool = False) -> Column | None:
    """The column that one header names in one table, or None. ``loose``: also in other words than the schema's."""
    header = plain(text).strip("*:")
    readings = _readings(header) if header else ()
    for named in (_by_vocabulary, field_by_variant) if loose else (_by_vocabulary,):
        for base, unit in readings:
            known = named(base, table)
            if known is None or _is_other(header, base, unit, BY_NAME[table].field(known[0])):
                continue
            found, times = _unit_of(BY_NAME[table].field(known[0]), unit)
            if unit and times is None and header != base and not re.search(r"[(\[【]", header):
                continue  # "a/b" is a unit only where b is one
            return Column(index, letter, text.strip(), known[0], found, times, known[1])
    return None


def _by_vocabulary(base: str, table: str) -> tuple[str, int] | None:
    known = vocabulary(table).get(base)
    return (known[0], 0 if known[1] else 1) if known else None


def _is_other(header: str, base: str, note: str, spec: Field) -> bool:
    """Whether what stands beside a field's name is no unit but makes it another thing: 竣工日期（计划）, 面积（不含地下）."""
    measures = dimension(spec)
    if (
        not note
        or header == base
        or (measures and factor(measures, note) is not None)
        or note in (plain(w) for w in (spec.name, *spec.aliases))
    ):
        return False
    if measures in ("m2", "yuan", "yuan/m2", "yuan/year", "m") or re.search("[%‰千万亿]", note):
        return is_other(note)  # else a unit that is not known
    return changes_meaning(spec, note)


def resembled(text: str, table: str) -> Unused:
    """What a header that is no field's looks like: the field whose name is in it, else the nearest name."""
    header = plain(text).strip("*:")
    for base, _ in _readings(header):
        known = _by_vocabulary(base, table) or field_by_variant(base, table)
        if known:
            return Unused("", text, known[0], other=base != header)
    words = {w: name for w, (name, _) in vocabulary(table).items() if len(w) > 1}
    inside = [w for w in words if len(w) > 2 and w in header]
    near = [max(inside, key=len)] if inside else get_close_matches(header, words, 1, NEAR)
    return Unused("", text, words[near[0]] if near else "", other=bool(inside) and is_other(header))


def read_row(
    cells: Sequence[str], table: str, row: int, corner: dict[str, str], letter_of: Sequence[str] | None = None, *, loose: bool = False
) -> Header:
    """One row read as the header of one table; ``corner`` are units stated above it.
    ``loose``: take other wordings too, and say what is not used."""
    found: dict[str, list[Column]] = {}
    place: dict[str, Column] = {}
    for index, cell in enumerate(cells):
        letter = letter_of[index] if letter_of else letters(index)
        column = read_header(cell, table, index, letter, loose=loose) if cell else None
        if column:
            found.setdefault(column.field, []).append(_in_corner_unit(column, table, corner, cell))
        elif table in POINT_TABLES and cell:
            bare = re.split(r"[(\[_]", plain(cell))[0]
            side = "longitude" if bare in LONGITUDE else "latitude" if bare in LATITUDE else ""
            if side:
                place.setdefault(side, Column(index, letter, cell.strip(), side))
    columns, clashes = {}, {}
    for name, every in found.items():
        nearest = min(c.looseness for c in every)
        same = [c for c in every if c.looseness <= max(nearest, 1)]
        own = [c for c in same if c.looseness == 0]
        chosen = same if len(same) == 1 else own
        if len(same) > 1:
            clashes[name] = tuple(same)
        if len(chosen) == 1:
            columns[name] = chosen[0]
    used = {c.index for c in (*columns.values(), *(c for same in clashes.values() for c in same), *place.values())}
    unused: tuple[Unused, ...] = ()
    if loose:
        left = [(i, cell) for i, cell in enumerate(cells) if i not in used and not is_blank(cell)]
        unused = tuple(
            replace(resembled(cell, table), letter=letter_of[i] if letter_of else letters(i), header=cell.strip()) for i, cell in left
        )
    return Header(table, row, columns, clashes, place.get("longitude"), place.get("latitude"), unused)


def _in_corner_unit(column: Column, table: str, corner: dict[str, str], header: str) -> Column:
    """A column whose header names no unit takes the one that a title row states."""
    measures = dimension(BY_NAME[table].field(column.field))
    stated = corner.get(measures)
    names_one = plain(header).strip("*:") not in vocabulary(table)
    if stated is None or names_one:
        return column
    return replace(column, unit=stated, factor=factor(measures, stated))
