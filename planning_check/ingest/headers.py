"""Headers: which field a column is, in which unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fractions import Fraction
from functools import cache, lru_cache

from planning_check.following import follows
from planning_check.ingest.bare_words import doubted
from planning_check.ingest.naming import named_by
from planning_check.ingest.plain import is_blank, plain
from planning_check.ingest.units import ASSUMED, dimension, factor, is_unit, unit_at_end
from planning_check.ingest.wording import field_by_variant, heading, is_harmless, is_other
from planning_check.schema import BY_NAME

LONGITUDE = ("经度", "东经", "longitude", "lon", "lng", "jd")
LATITUDE = ("纬度", "北纬", "latitude", "lat", "wd")
#: Headings of what is read beside the fields of a table, because it tells whom a name means.
BESIDE = {
    **dict.fromkeys(
        (
            "区县",
            "区",
            "行政区",
            "所属区县",
            "所在区县",
            "所属区",
            "所在区",
            "行政区代码",
            "区县代码",
            "区县名称",
            "行政区名称",
            "district",
        ),
        "district_code",
    ),
    **dict.fromkeys(("地址", "坐落", "办公地址", "房屋坐落", "用房地址", "办公用房地址", "address"), "address"),
}
PLACE = ("longitude", "latitude")
NEAR = 0.75  # how alike two headings are that a person may take for one another
DBF_BYTES = 10  # of a column's name
IN_HEADER = "header"
_OF_CODE = re.compile(r"代码|编码|code")
_BUILDING = re.compile(r"幢|栋|楼号|楼座|单体|building")
BY_NAME_ONLY = 4  # of a column that holds not the ids themselves but the names of what they stand for
#: How a name is looked up in a table: the field, and how loosely the name is its.
Naming = Callable[[str, str], tuple[str, int] | None]


@dataclass(frozen=True)
class Column:
    """One recognised column. ``factor`` turns its numbers into the schema's unit; None: the unit is not known.

    ``unit_from``: where the unit is written, ``header`` or a cell beside the table (A1); '' nowhere, so that it is assumed.
    ``cut``: the header is the beginning of the field's name, cut by a DBF.
    """

    index: int
    letter: str
    header: str
    field: str
    unit: str = ""
    factor: Fraction | None = Fraction(1)
    looseness: int = 0  # 0 the field's own name, 1 an alias, 2 an alias in other words, 3 without the words of its table, 4 by name
    unit_from: str = ""
    cut: bool = False

    @property
    def told_unit(self) -> str:
        """The unit, and the cell that says it where that is not the header."""
        return f"{self.unit} ({self.unit_from})" if self.unit_from not in ("", IN_HEADER) else self.unit


@dataclass(frozen=True)
class Unused:
    """A column that no field takes. ``field``: the one it resembles; ``other``: because words in it make it another thing."""

    letter: str
    header: str
    field: str = ""
    other: bool = False


@dataclass(frozen=True)
class Header:
    """The header row of a sheet, read as one table. ``clashes`` are fields that several columns could be,
    and those of which one column could be either."""

    table: str
    row: int
    columns: dict[str, Column]
    clashes: dict[str, tuple[Column, ...]] = field(default_factory=dict)
    longitude: Column | None = None
    latitude: Column | None = None
    unused: tuple[Unused, ...] = ()
    beside: tuple[Column, ...] = ()

    @property
    def fields(self) -> set[str]:
        """The fields that are there as a column, whether usable or not."""
        located = {"geometry"} if self.longitude and self.latitude else set()
        return {*self.columns, *self.clashes, *located}

    @property
    def own_fields(self) -> set[str]:
        """Those that are told by their own headings, and not by the name of something."""
        return self.fields - {c.field for c in self.columns.values() if c.looseness == BY_NAME_ONLY}


def is_of_building(column: Unused) -> bool:
    """Whether a column that is not used says which building a row is of: then one project may have several rows."""
    return bool(_BUILDING.search(heading(column.header)))


def point_tables() -> list[str]:
    """The tables whose geometry is a point and may come as a pair of degrees in a sheet, by name."""
    return sorted(t.name for t in BY_NAME.values() if t.geometry and t.geometry.is_point)


def letters(index: int) -> str:
    """The letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


@follows
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


@lru_cache(maxsize=4096)
def _readings(header: str) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """The ways to read a heading as a name and notes on it, and whether these stand in brackets:
    ``建筑面积(㎡)``, ``金额/万元``, ``建筑面积㎡``."""
    found: list[tuple[str, tuple[str, ...], bool]] = [(header, (), False)]
    base: str = header
    notes: tuple[str, ...] = ()
    while bracketed := re.fullmatch(r"(.+?)\((?:计量)?(?:单位:?)?([^()]+)\)", base):
        base, notes = bracketed[1], (bracketed[2], *notes)
        found.append((base, notes, True))
    if separated := re.fullmatch(r"(.+?)[/:,_-](.+)", header):
        found.append((separated[1], (separated[2],), False))
    if at_end := unit_at_end(header):
        found.append((header.removesuffix(at_end), (at_end,), False))
    return tuple(found)


def read_header(text: str, table: str, index: int, letter: str, *, loose: bool = False, cut: str = "") -> Column | None:
    """The column that one header names in one table, or None. ``loose``: also in other words than the schema's;
    ``cut``: the encoding of a DBF, which cuts names at ten bytes."""
    header = heading(text)
    readings = _readings(header) if header else ()
    for named in (_by_vocabulary, field_by_variant) if loose else (_by_vocabulary,):
        for base, notes, bracketed in readings:
            found = _read(base, notes, table, named, bracketed=bracketed)
            if found:
                found = replace(found, index=index, letter=letter, header=text.strip())
                return _without_unit(found, table) if cut and _bytes(header, cut) == DBF_BYTES else found
    whole = _uncut(header, table, cut) if cut else ""
    if not whole:
        return None
    return _without_unit(Column(index, letter, text.strip(), whole, *_assumed(whole, table), looseness=2, cut=True), table)


def _without_unit(column: Column, table: str) -> Column:
    """A column whose name may have gone on with a unit: what is measured in units is unknown then."""
    if column.unit_from or not BY_NAME[table].field(column.field).unit:
        return column
    return replace(column, unit="…", factor=None, unit_from=IN_HEADER, cut=True)


def _read(base: str, notes: tuple[str, ...], table: str, named: Naming, *, bracketed: bool) -> Column | None:
    """The column that a name with notes on it is, without its place."""
    parts = [part for note in notes for part in ([note] if _is_one(note) else re.split("[,、;]", note)) if part]
    known = named(base, table)
    for part in parts if bracketed else ():
        whole = next(filter(None, (named(word, table) for word in (f"{part}{base}", f"{base}{part}") if not is_unit(part))), None)
        if whole:  # 建筑面积(地上) is 地上建筑面积
            known = whole
            parts.remove(part)
            break
    if known is None:
        return None
    spec = BY_NAME[table].field(known[0])
    measures = dimension(spec)
    units = [part for part in parts if measures and factor(measures, part) is not None]
    for part in parts:
        stray = spec.type == "date" and is_unit(part)  # a group's
        if stray or part in units or part in (plain(w) for w in (spec.name, *spec.aliases)) or is_harmless(spec, part):
            continue
        if is_other(part) or not bracketed or not (spec.unit or (measures and re.search("[%‰千万亿]", part))):
            return None  # another thing, or not a note at all
        units = [part]  # a unit that is not known
        break
    if not units:
        return Column(0, "", "", spec.name, *_assumed(spec.name, table), looseness=known[1])
    factors = {factor(measures, unit) for unit in units}
    return Column(0, "", "", spec.name, "、".join(units), factors.pop() if len(factors) == 1 else None, known[1], IN_HEADER)


def column_told(text: str, table: str, field: str, index: int) -> Column:
    """The column that somebody said is this field, whatever its heading: in the unit that stands in that, or after it. A unit that is
    not known makes it unknown."""
    spec = BY_NAME[table].field(field)
    column, measures = Column(index, letters(index), text.strip(), field, *_assumed(field, table)), dimension(spec)
    notes = [note for _, notes, _ in _readings(heading(text)) for note in notes]
    units = list(dict.fromkeys(part for note in notes for part in ([note] if _is_one(note) else re.split("[,、;]", note)) if is_unit(part)))
    if not measures or not units or (measures == "count" and not any(factor(measures, unit) for unit in units)):
        return column
    factors = {factor(measures, unit) for unit in units}
    return replace(column, unit="、".join(units), factor=factors.pop() if len(factors) == 1 else None, unit_from=IN_HEADER)


def _is_one(note: str) -> bool:
    """Whether a note is one word, though it may hold a comma."""
    return is_unit(note) or re.fullmatch("地上[、,]地下", note) is not None


def _assumed(field: str, table: str) -> tuple[str, Fraction]:
    """The unit that a column is in where nobody says one."""
    return ASSUMED.get(dimension(BY_NAME[table].field(field)), ""), Fraction(1)


def _by_vocabulary(base: str, table: str) -> tuple[str, int] | None:
    known = vocabulary(table).get(base)
    return (known[0], 0 if known[1] else 1) if known else None


def _uncut(header: str, table: str, encoding: str) -> str:
    """The one field whose name would become ``header`` when cut at the bytes that a DBF has room for, or ''.
    (A name of another table's could be it too: 不动产 is the beginning of a unit's code and of a title's number.)"""
    fields = {
        name if name != "district_name" else "district_code"  # either tells a district
        for word, name in every_word()
        if word.startswith(header)
        and len(word) > len(header)
        and _bytes(header, encoding) <= DBF_BYTES < _bytes(word[: len(header) + 1], encoding)
    }
    return fields.pop() if len(fields) == 1 and fields <= {f.name for f in BY_NAME[table].fields} else ""


@follows
@cache
def every_word() -> frozenset[tuple[str, str]]:
    """Every heading of every table, and its field."""
    return frozenset((word, name) for table in BY_NAME for word, (name, _) in vocabulary(table).items())


def _bytes(text: str, encoding: str) -> int:
    return len(text.encode(encoding, errors="replace"))


def resembled(text: str, table: str) -> Unused:
    """What a header that is no field's looks like: the field whose name is in it, else the nearest name."""
    header = heading(text)
    bases = [base for base, _, _ in _readings(header)]
    for base in bases:
        known = _by_vocabulary(base, table) or field_by_variant(base, table)
        if known:
            return Unused("", text, known[0], other=base != header)
    words = {w: name for w, (name, _) in vocabulary(table).items() if len(w) > 1}
    inside = [w for w in words if len(w) > 2 and w in header]
    near = [max(inside, key=len)] if inside else next(filter(None, (get_close_matches(base, words, 1, NEAR) for base in bases)), [])
    return Unused("", text, words[near[0]] if near else "", other=bool(inside) and is_other(header))


def read_row(cells: Sequence[str], table: str, row: int, *, attributes: str | None = None, loose: bool = False) -> Header:
    """One row read as the header of one table. ``attributes``: the cells are those of a layer, of a DBF in this encoding or '';
    ``loose``: take other wordings too, and say what is not used."""
    found: dict[str, list[Column]] = {}
    place: dict[str, Column] = {}
    for index, cell in enumerate(cells):
        letter = letters(index) if attributes is None else cell
        cut = attributes if attributes and not _has_twin(cell, cells) else ""
        column = read_header(cell, table, index, letter, loose=loose, cut=cut) if cell else None
        if column:
            found.setdefault(column.field, []).append(column)
        elif table in point_tables() and cell:
            bare = re.split(r"[(_]", heading(cell))[0]
            side = "longitude" if bare in LONGITUDE else "latitude" if bare in LATITUDE else ""
            if side:
                place.setdefault(side, Column(index, letter, cell.strip(), side))
    columns, clashes = {}, {}
    named_too: list[Column] = []
    for name, every in found.items():
        nearest = min(c.looseness for c in every)
        same = [c for c in every if c.looseness <= max(nearest, 1)]
        own = [c for c in same if c.looseness == 0]
        chosen = same if len(same) == 1 else own
        if name == "district_code" and len(pair := _code_and_name(every)) == 2:
            same, chosen = pair, pair[:1]
            named_too.append(replace(pair[1], field=f"beside {name}"))
        elif len(same) > 1:
            clashes[name] = tuple(same)
        if len(chosen) == 1:
            columns[name] = chosen[0]
    columns |= _by_names(cells, table, found, attributes=attributes)
    either = doubted(table, {name: c.header for name, c in columns.items() if name not in clashes and c.looseness != BY_NAME_ONLY})
    for name, other in either.items():  # unknown which of the two it is
        clashes[name] = clashes[other] = (columns.pop(name),)
    by_name = any(c.looseness == BY_NAME_ONLY for c in columns.values())
    beside = (*named_too, *_beside(cells, table, found, by_name=by_name, attributes=attributes))
    used = {c.index for c in (*columns.values(), *(c for same in clashes.values() for c in same), *place.values(), *beside)}
    unused: tuple[Unused, ...] = ()
    if loose:
        left = [(i, cell) for i, cell in enumerate(cells) if i not in used and not is_blank(cell)]
        unused = tuple(
            replace(resembled(cell, table), letter=letters(i) if attributes is None else cell, header=cell.strip()) for i, cell in left
        )
    return Header(table, row, columns, clashes, place.get("longitude"), place.get("latitude"), unused, beside)


def _by_names(cells: Sequence[str], table: str, found: dict[str, list[Column]], *, attributes: str | None) -> dict[str, Column]:
    """Columns that hold the names of what the table has no column of ids of: 项目名称 in a register of rooms without 项目编号."""
    taken = {c.index for same in found.values() for c in same}
    named: dict[str, list[Column]] = {}
    for index, cell in enumerate(cells):
        field_ = named_by(table, cell) if cell and index not in taken else ""
        if field_ and field_ not in found:
            letter = letters(index) if attributes is None else cell
            named.setdefault(field_, []).append(Column(index, letter, cell.strip(), field_, looseness=BY_NAME_ONLY))
    return {name: same[0] for name, same in named.items() if len(same) == 1}


def _code_and_name(columns: Sequence[Column]) -> list[Column]:
    """Of two columns of one thing the one of its code and the one of its name; none where that is not what they are."""
    codes = [c for c in columns if _OF_CODE.search(heading(c.header))]
    names = [c for c in columns if c not in codes]
    return [*codes, *names] if len(codes) == len(names) == 1 else []


def _beside(
    cells: Sequence[str], table: str, found: dict[str, list[Column]], *, by_name: bool, attributes: str | None
) -> tuple[Column, ...]:  # fmt: skip
    """Columns that no field takes and that help to tell who is who: the name beside an id, which may be blank, the district of a row with a
    name, the address of one without id."""
    taken = {c.index for same in found.values() for c in same}
    told: dict[str, list[Column]] = {}

    def column(index: int, cell: str, what: str) -> Column:
        return Column(index, letters(index) if attributes is None else cell, cell.strip(), f"beside {what}")

    for index, cell in enumerate(cells):
        named = named_by(table, cell) if cell and index not in taken else ""
        if named in found:
            told.setdefault(named, []).append(column(index, cell, named))
    by_name = by_name or bool(told)
    for index, cell in enumerate(cells):
        what = BESIDE.get(heading(cell)) if cell and index not in taken else None
        if (what == "district_code" and not by_name) or (what == "address" and BY_NAME[table].key[0] in found):
            continue
        if what and what not in found and what not in {f.name for f in BY_NAME[table].fields}:
            told.setdefault(what, []).append(column(index, cell, what))
    return tuple(same[0] for same in told.values() if len(same) == 1)


def _has_twin(attribute: str, attributes: Sequence[str]) -> bool:
    """Whether another attribute's name was cut to the same letters, and numbered then: 建设用地规, 建设用地_1."""
    numbered = [re.sub(r"_?\d$", "", a) for a in attributes if a != attribute and re.search(r"_\d$", a)]
    return re.search(r"_\d$", attribute) is not None or any(n and attribute.startswith(n) for n in numbered)
