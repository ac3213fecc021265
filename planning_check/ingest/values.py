"""Raw text to typed value: one formula per kind of field, applied to all cells of that kind at once.

A formula is a chain of steps in SQL. Each step makes a struct from the struct ``c`` of the step before; the first has
``raw``, and for numbers ``times``, ``over`` and ``low``; the last gives ``value`` (a date: ``lo`` and ``hi``) and ``code``,
the problem where there is no value. Unknown is NULL; a blank cell or a word for blank is unknown without a problem.
Arithmetic is exact: a number of N units is N x times / over, rounded half up. (Cells of a kind go through their formula
as one list because DuckDB would plan a formula per field for longer than it runs.) A column whose cells are all as nearly all
cells are written (``is_as_written_sql``) needs none of it: what the formula would come to is read off at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from planning_check.ingest.blanks import is_blank_sql, is_no_code_sql, is_no_name_sql, is_not_told_sql
from planning_check.ingest.dates import date_steps, is_iso_day_sql
from planning_check.ingest.plain import BLANK, code_sql, is_clean_sql, mapping_sql, plain, plain_sql, trimmed_sql
from planning_check.ingest.units import CELL_UNITS, UNCLEAR, dimension
from planning_check.schema import SQL_TYPES, Choice, Field
from planning_check.sql import name, quoted, struct

#: "As above": what is meant is another cell, and which one nobody can be sure of after a sheet was sorted or filtered.
DITTO = ("同上", "同上一行", "同上行", "同前", "同左", "〃", "″", "“", "”", '"', "''", "ditto", "sameasabove")
YES = ("是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "对")
NO = ("否", "无", "没有", "n", "no", "false", "0", "×", "x", "✗", "✘", "错")
#: Texts that a spreadsheet may have turned into a date (``3-1`` becomes 1 March).
PLACES = frozenset({"building", "filed_building"})
#: Type -> the largest value that is believed (in the schema's unit).
LIMITS = {"area": 1_000_000_000, "money": 10_000_000_000_000, "integer": 1_000_000_000, "number": 1_000_000_000}
#: Storeys below ground are negative; nothing else is.
SIGNED = frozenset({"floor_from", "floor_to", "floor", "filed_floor"})
SEPARATORS = "[、,，;；/\n]"

_NO_PROBLEM = "CAST(NULL AS VARCHAR)"
_DITTO_PATTERN = quoted("(?i)" + "|".join(re.escape(d) for d in DITTO))
_DITTO_BYTES = max(len(d.encode()) for d in DITTO)
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?"
#: Money of another country, by its sign or name.
_FOREIGN = (
    "[£￡€$￠₩￦₽₹₱฿]|usd|hkd|eur|gbp|jpy|krw|twd|mop|sgd|aud|cad|chf|美[元金刀]|港[元币纸]|英镑|欧元|日[元圆币]|台币|澳[元门]|加元|韩[元圜币]|卢布|法郎|新[元币]|"
    "新加坡元|外[币汇]"
)
#: Thin spaces between groups of three digits are how some print thousands; every other gap inside a number makes it two.
_THIN_GROUPS = "[+-]?\\d{1,3}([\u2009\u202f]\\d{3})+(\\.\\d+)?"


@dataclass(frozen=True)
class Cell:
    """One field of a row to type; ``direct``: every cell of its column is as nearly all are written. ``times`` and ``over``: SQL for the
    factor from its column's unit to the schema's; ``bare``: SQL, whether its column says no unit. Of dates SQL, where it is known,
    whether 05/12/2009 has the day first, and whether 2009.1 may be October."""

    field: Field
    times: str = "1"
    over: str = "1"
    bare: str = "false"
    day_first: str = "NULL"
    tenths: str = "false"
    direct: bool = False

    @property
    def kind(self) -> tuple:
        """Cells of one kind share a formula."""
        return self.field.type, dimension(self.field), self.field.choices, _is_numbered(self.field), self.field.name in PLACES

    @property
    def low(self) -> int:
        """The lowest number that is believed."""
        return -1000 if self.field.name in SIGNED else 0

    @property
    def start(self) -> str:
        """The struct that the formula begins with."""
        factor = (
            f", 'times': {self.times}, 'over': {self.over}, 'low': {self.low}, 'bare': {self.bare}" if self.field.type in LIMITS else ""
        )
        order = f", 'day_first': {self.day_first}, 'tenths': {self.tenths}" if self.field.type == "date" else ""
        return f"{{'raw': {name(self.field.name)}{factor}{order}}}"


def typing_query(cells: list[Cell], rows: str) -> str:
    """The query that types the cells of ``rows``: row_id, source_id, the typed columns, and ``<field>.code`` for each field."""
    kinds: dict[tuple, list[Cell]] = {}
    for cell in (c for c in cells if not c.direct):
        kinds.setdefault(cell.kind, []).append(cell)
    lists, columns = [], []
    for cell in (c for c in cells if c.direct):
        read = name(f"read {cell.field.name}")
        lists.append(f"{_read_off(cell)} AS {read}")
        columns += [f"{read} AS {name(column)}" for column in cell.field.columns] + [f"{_NO_PROBLEM} AS {name(f'{cell.field.name}.code')}"]
    for number, same in enumerate(kinds.values()):
        typed = f"[{', '.join(cell.start for cell in same)}]"
        for step in _formula(same[0].field):
            typed = f"list_transform({typed}, lambda c: {step})"
        lists.append(f"{typed} AS {name(f'kind {number}')}")
        columns += [c for place, cell in enumerate(same, 1) for c in _columns(cell.field, f"{name(f'kind {number}')}[{place}]")]
    return (
        f"SELECT {', '.join(['row_id', 'source_id', *columns])} "
        f"FROM (SELECT row_id, source_id{''.join(f', {x}' for x in lists)} FROM ({rows}))"
    )


def _columns(spec: Field, typed: str) -> list[str]:
    parts = ("lo", "hi") if spec.type == "date" else ("value",)
    values = [f"{typed}.{part} AS {name(column)}" for part, column in zip(parts, spec.columns, strict=True)]
    return [*values, f"{typed}.code AS {name(f'{spec.name}.code')}"]


def _read_off(cell: Cell) -> str:
    """SQL: what a cell comes to that is as written."""
    spec, raw = cell.field, name(cell.field.name)
    if spec.type in LIMITS:
        return f"CAST({exact_sql(spec, raw, cell.times, cell.over)} AS {SQL_TYPES[spec.type]})"
    return f"TRY_CAST({raw} AS DATE)" if spec.type == "date" else raw


def is_as_written_sql(cell: Cell) -> str | None:
    """SQL: the formula of a cell would come to what is written there, and to no problem; None where that is not known without it."""
    spec, raw = cell.field, name(cell.field.name)
    if spec.type in LIMITS and cell.bare == "false":
        exact, low = exact_sql(spec, raw, cell.times, cell.over), str(cell.low)
        return f"{is_digits_sql(raw)} AND {is_believed_sql(spec, exact, low)}"
    if spec.type == "date":
        return is_iso_day_sql(raw)
    if spec.type == "code":
        return is_code_as_written_sql(spec, raw)
    return is_text_as_written_sql(spec, raw) if spec.type == "text" else None


def _formula(spec: Field) -> list[str]:
    if spec.type in LIMITS:
        return _number(spec)
    if spec.type == "date":
        return date_steps()
    if spec.type == "bool":
        return _words({**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}, "BOOLEAN", "not_yes_no")
    if spec.type == "choice":
        return _words(labels(spec.choices), "VARCHAR", "unknown_choice")
    if spec.type == "choices":
        return _choices(labels(spec.choices))
    return _code(numbered=_is_numbered(spec)) if spec.type == "code" else _text(place=spec.name in PLACES)


def _is_numbered(spec: Field) -> bool:
    """Whether a code is the number of a paper, in which there is always a numeral (a key may be any word)."""
    return spec.type == "code" and (spec.name.endswith("_no") or spec.name in ("developer_code", "unit_code"))


def labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Plain word -> code, for every word that names a choice."""
    return {plain(w): c.code for c in choices for w in (*c.aliases, c.code, c.label.zh, c.label.en)}


def is_digits_sql(expression: str) -> str:
    """SQL: plain digits, as nearly every number is written."""
    return rf"regexp_full_match({expression}, '[0-9]+(\.[0-9]+)?')"


def _number(spec: Field) -> list[str]:
    """A number, perhaps with separators and its own unit. Plain digits, nearly every cell, take the short way."""
    units = CELL_UNITS[dimension(spec)]
    written = "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True))
    pattern = quoted(rf"^(?:[¥￥]|rmb|cny|人民币)?({_NUMBER})({written})?整?$")
    kept = {"times": "c.times", "over": "c.over", "low": "c.low", "bare": "c.bare"}
    gap = quoted(f"[0-9０-９.．,，eE]{BLANK}+[0-9０-９.．,，eE]")  # "10 20" is not 1020
    two_numbers = f"(regexp_matches(c.raw, {gap}) AND NOT regexp_full_match(c.raw, {quoted(_THIN_GROUPS)}))"
    clean = struct(
        clean=f"CASE WHEN {is_digits_sql('c.raw')} THEN c.raw WHEN {two_numbers} THEN c.raw ELSE {plain_sql('c.raw')} END", **kept
    )
    parts = f"CASE WHEN NOT {is_digits_sql('c.clean')} THEN regexp_extract(c.clean, {pattern}, ['number', 'unit']) END"
    parsed = struct(clean="c.clean", parts=parts, **kept)
    n = _factor_sql("coalesce(c.parts.unit, '')", "c.times", {u: f.numerator for u, f in units.items()})
    d = _factor_sql("coalesce(c.parts.unit, '')", "c.over", {u: f.denominator for u, f in units.items()})
    digits = "CASE WHEN c.parts IS NULL THEN c.clean ELSE replace(c.parts.number, ',', '') END"
    split = struct(
        clean="c.clean",
        found="c.parts IS NULL OR c.parts.number <> ''",
        digits=digits,
        times=n,
        over=d,
        low="c.low",
        bare="c.bare AND coalesce(c.parts.unit, '') = ''",
        unit_known=f"{n} IS NOT NULL",
    )
    exact = struct(
        clean="c.clean",
        found="c.found",
        digits="c.digits",
        exact=exact_sql(spec, "c.digits", "c.times", "c.over"),
        low="c.low",
        bare="c.bare",
        unit_known="c.unit_known",
    )
    unclear = UNCLEAR.get(dimension(spec))
    believed = is_believed_sql(spec, "c.exact", "c.low") + (f" AND NOT (c.bare AND {unclear})" if unclear else "")
    problem = (
        f"CASE WHEN {believed} OR {is_blank_sql('c.clean')} THEN NULL"
        f" WHEN NOT c.found THEN {_no_number(spec)} WHEN NOT c.unit_known THEN NULL"
        " WHEN c.exact < c.low OR starts_with(c.digits, '-') THEN 'negative'"
        f" WHEN c.exact IS NULL OR c.exact > {LIMITS[spec.type]} THEN 'out_of_range' "
        f"ELSE '{'percent_or_share' if unclear else 'not_whole'}' END"
    )
    value = f"CASE WHEN {believed} THEN CAST(c.exact AS {SQL_TYPES[spec.type]}) END"
    return [clean, parsed, split, exact, struct(value=value, code=problem)]


def _no_number(spec: Field) -> str:
    """SQL: the code of a text that is no number."""
    foreign = f"WHEN regexp_matches(c.clean, {quoted(_FOREIGN)}) THEN 'foreign_money'" if "yuan" in dimension(spec) else ""
    return f"CASE WHEN {is_not_told_sql('c.clean')} THEN 'not_told' {foreign} ELSE 'not_a_number' END"


def _factor_sql(unit: str, otherwise: str, units: dict[str, int]) -> str:
    """SQL for one half of a factor: the cell's own unit, or what the column's header says."""
    whens = " ".join(f"WHEN {quoted(word)} THEN {value}" for word, value in units.items())
    return f"CASE {unit} WHEN '' THEN {otherwise} {whens} END"


def is_believed_sql(spec: Field, exact: str, low: str) -> str:
    """SQL: a number that the field may have."""
    whole = f" AND {exact} = floor({exact})" if spec.type == "integer" else ""
    return f"{exact} BETWEEN {low} AND {LIMITS[spec.type]}{whole}"


def exact_sql(spec: Field, digits: str, times: str, over: str) -> str:
    """SQL: digits x times / over, rounded half up, exactly (digits beyond the 16th decimal cannot decide)."""
    scale = 6 if spec.type == "integer" else int(re.findall(r"\d+", SQL_TYPES[spec.type])[1])
    kept = rf"TRY_CAST(regexp_replace({digits}, '(\.\d{{16}})\d+', '\1') AS DECIMAL(38, 16))"
    doubled = f"CAST(floor({kept} * (CAST({times} AS HUGEINT) * {2 * 10**scale}) + {over}) AS HUGEINT)"
    converted = f"try(CAST({doubled} // (2 * {over}) AS DECIMAL(38, 0)) * CAST(1e-{scale} AS DECIMAL({scale + 1}, {scale})))"
    return f"CASE WHEN {times} = 1 AND {over} = 1 THEN TRY_CAST({digits} AS DECIMAL(18, {scale})) ELSE {converted} END"


def _words(words: dict[str, str], sql_type: str, code: str) -> list[str]:
    clean = struct(clean=plain_sql("c.raw"))
    looked_up = struct(clean="c.clean", word=mapping_sql("c.clean", words))
    problem = f"CASE WHEN c.word IS NULL AND NOT {is_blank_sql('c.clean')} THEN {quoted(code)} END"
    return [clean, looked_up, struct(value=f"CAST(c.word AS {sql_type})", code=problem)]


def _choices(words: dict[str, str]) -> list[str]:
    """Several words in one cell. One that is not known makes the whole list unknown."""
    split = f"regexp_split_to_array(c.raw, {quoted(SEPARATORS)})"
    parts = f"list_filter(list_transform({split}, lambda word: {plain_sql('word')}), lambda word: NOT {is_blank_sql('word')})"
    looked_up = struct(parts="c.parts", codes=f"list_transform(c.parts, lambda word: {mapping_sql('word', words)})")
    known = "len(c.parts) > 0 AND len(list_filter(c.codes, lambda word: word IS NULL)) = 0"
    value = f"CASE WHEN {known} THEN list_sort(list_distinct(c.codes)) END"
    problem = f"CASE WHEN len(c.parts) > 0 AND NOT ({known}) THEN 'unknown_choice' END"
    return [struct(parts=parts), looked_up, struct(value=value, code=problem)]


def _code(*, numbered: bool) -> list[str]:
    """A code. Letters and digits without anything else, nearly every cell, take the short way (but ``1-Mar`` was no code once)."""
    simple = is_simple_code_sql("c.raw")
    clean = struct(clean=f"CASE WHEN {simple} THEN c.raw ELSE {code_sql('c.raw')} END", simple=simple)
    none = f"CASE WHEN c.simple THEN false ELSE {is_no_code_sql('c.clean')} END"
    empty = struct(clean="c.clean", simple="c.simple", none=none)
    typed = struct(clean="c.clean", none="c.none", code=f"CASE WHEN c.simple OR c.none THEN NULL {_no_code('c.clean', numbered)} END")
    value = "CASE WHEN NOT c.none AND c.code IS NULL THEN c.clean END"
    return [clean, empty, typed, struct(value=value, code="c.code")]


def _no_code(clean: str, numbered: bool) -> str:
    """SQL of a CASE: the problem of a text that is no code."""
    lost = rf"regexp_full_match({clean}, '\d(\.\d+)?[eE]\+\d{{2}}')"
    problem = (
        f"WHEN {lost} THEN 'code_lost_digits' WHEN {_ditto(clean)} THEN 'same_as_above'"
        f" WHEN {_is_day(clean)} THEN 'date_in_code' WHEN starts_with({clean}, '=') THEN 'formula_without_value'"
    )
    if numbered:
        problem += f" WHEN NOT regexp_matches({clean}, '[0-9]|[〇零一二三四五六七八九十]+ *号') THEN 'not_a_code'"
    return problem


def is_simple_code_sql(expression: str) -> str:
    """SQL: letters and digits without anything else."""
    return f"regexp_full_match({expression}, '[A-Za-z]*[0-9][0-9A-Za-z]*(-[A-Za-z]+[0-9]+)*')"


def is_code_as_written_sql(spec: Field, raw: str) -> str:
    """SQL: a code to which nothing is to be done, and of which nothing is to be said."""
    odd = f"CASE {_no_code(raw, _is_numbered(spec))} END IS NOT NULL"
    otherwise = f"{is_clean_sql(raw)} AND NOT {is_no_code_sql(raw)} AND NOT ({odd})"
    return f"CASE WHEN {is_simple_code_sql(raw)} THEN true ELSE {otherwise} END"  # with OR, every cell would go through all of it


def is_text_as_written_sql(spec: Field, raw: str) -> str:
    """SQL: a text to which nothing is to be done, and of which nothing is to be said."""
    odd = f"CASE {_no_text(raw, place=spec.name in PLACES)} END IS NOT NULL"
    return f"({is_clean_sql(raw)} AND NOT {is_no_name_sql(raw)} AND NOT ({odd}))"


def _no_text(clean: str, *, place: bool) -> str:
    """SQL of a CASE: the problem of a text that says nothing by itself."""
    return f"WHEN {_ditto(clean)} THEN 'same_as_above'" + (f" WHEN {_is_day(clean)} THEN 'date_in_code'" if place else "")


def _text(*, place: bool) -> list[str]:
    typed = struct(clean="c.clean", code=f"CASE {_no_text('c.clean', place=place)} END")
    value = f"CASE WHEN c.code IS NULL AND NOT {is_no_name_sql('c.clean')} THEN c.clean END"
    return [struct(clean=trimmed_sql("c.raw")), typed, struct(value=value, code="c.code")]


def _ditto(clean: str) -> str:
    return f"(strlen({clean}) <= {_DITTO_BYTES} AND regexp_full_match({clean}, {_DITTO_PATTERN}))"


def _is_day(clean: str) -> str:
    """SQL: what a spreadsheet makes of ``3-1``: a date, or the words it shows for one."""
    months = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    shown = rf"(?i)\d{{4}}-\d\d-\d\d|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-(?:{months})|(?:{months})-\d{{1,2}}"
    return f"(strlen({clean}) <= 14 AND regexp_full_match({clean}, {quoted(shown)}))"
