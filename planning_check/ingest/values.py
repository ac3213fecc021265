"""Raw text to typed value, one SQL expression per field type, and the code of the problem where there is none.

A cell goes through layers of a query, each adding columns that the next one reads: ``clean`` (comparable text),
``parsed``, then ``values`` (the columns of the schema and ``<field>.code``). Unknown is NULL; a blank cell or a word
for blank is unknown without a problem. Arithmetic is exact: a number of N units is N x times / over, rounded half up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from planning_check.ingest.plain import WHITESPACE, code_sql, mapping_sql, name, plain, plain_sql, quoted, trimmed_sql
from planning_check.ingest.units import CELL_UNITS, dimension
from planning_check.schema import SQL_TYPES, Choice, Field

#: Words for "nothing known". ``无`` is one too, save where a choice or a yes/no has it.
BLANKS = ("", "-", "--", "—", "——", "–", "/", "\\", "不详", "待定", "无", "暂无", "未知", "不明", "n/a", "null")
YES = ("是", "有", "y", "yes", "true", "1", "√", "✓", "✔", "对")
NO = ("否", "无", "没有", "n", "no", "false", "0", "×", "x", "✗", "✘", "错")
#: Type -> the largest value that is believed (in the schema's unit).
LIMITS = {"area": 1_000_000_000, "money": 10_000_000_000_000, "integer": 1_000_000_000, "number": 1_000_000_000}
#: Storeys below ground are negative; nothing else is.
SIGNED = frozenset({"floor_from", "floor_to"})
SEPARATORS = "[、,，;；/\n]"
YEARS = (1980, 2100)

_BLANK_PATTERN = quoted("|".join(re.escape(b) for b in BLANKS))
_BLANK_BYTES = max(len(b.encode()) for b in BLANKS)
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?"
_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}\.?|\d{4}年\d{1,2}月\d{1,2}[日号]?"
_MONTH = r"\d{4}-\d{1,2}|\d{4}/\d{1,2}|\d{4}\.\d{1,2}|\d{4}年\d{1,2}月?|\d{6}"
_CLOCK = r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}(:?\d{2})?|Z)?$"


@dataclass
class Layers:
    """The columns that each layer of the typing query adds, as ``expression AS name``."""

    clean: list[str] = field(default_factory=list)
    parsed: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def select(self, rows: str) -> str:
        """The whole query over ``rows``: row_id, source_id, the typed columns, and ``<field>.code`` for each field."""
        query = rows
        for added in (self.clean, self.parsed, self.exact):
            query = f"SELECT *, {', '.join(added)} FROM ({query})" if added else query
        return f"SELECT row_id, source_id, {', '.join(self.values)} FROM ({query})"


def type_field(layers: Layers, spec: Field, times: str = "1", over: str = "1") -> None:
    """Add one field, read from the column of its name. ``times`` and ``over``: SQL for the factor of the row's source."""
    if spec.type in LIMITS:
        _number(layers, spec, times, over)
    elif spec.type == "date":
        _date(layers, spec)
    elif spec.type == "bool":
        _words(layers, spec, {**dict.fromkeys(YES, "true"), **dict.fromkeys(NO, "false")}, "not_yes_no")
    elif spec.type == "choice":
        _words(layers, spec, labels(spec.choices), "unknown_choice")
    elif spec.type == "choices":
        _choices(layers, spec)
    elif spec.type == "code":
        _code(layers, spec)
    else:
        _text(layers, spec)


def labels(choices: tuple[Choice, ...]) -> dict[str, str]:
    """Plain word -> code, for every word that names a choice."""
    return {plain(w): c.code for c in choices for w in (*c.aliases, c.code, c.label.zh, c.label.en)}


def _column(spec: Field, part: str) -> str:
    return name(f"{spec.name}.{part}")


def _blank(expression: str) -> str:
    """SQL: no value is meant. (A pattern, because DuckDB plans every long IN list as a join.)"""
    return f"({expression} IS NULL OR strlen({expression}) <= {_BLANK_BYTES} AND regexp_full_match({expression}, {_BLANK_PATTERN}))"


def _clean(layers: Layers, spec: Field, expression: str | None = None) -> str:
    """Add the comparable text of the field; returns its column."""
    layers.clean.append(f"{expression or plain_sql(name(spec.name))} AS {_column(spec, 'clean')}")
    return _column(spec, "clean")


def _number(layers: Layers, spec: Field, times: str, over: str) -> None:
    """A number, perhaps with separators and its own unit. Plain digits, nearly every cell, take the short way."""
    raw, parsed, exact = name(spec.name), _column(spec, "parsed"), _column(spec, "exact")
    two_numbers = rf"regexp_matches({raw}, '[0-9０-９]\s+[0-9０-９]')"  # "10 20" is not 1020
    clean = _clean(layers, spec, f"CASE WHEN {_digits(raw)} OR {two_numbers} THEN {raw} ELSE {plain_sql(raw)} END")
    units = CELL_UNITS[dimension(spec)]
    written = "|".join(re.escape(u) for u in sorted(units, key=len, reverse=True))
    pattern = quoted(rf"^[¥￥]?({_NUMBER})({written})?整?$")
    layers.parsed.append(f"CASE WHEN NOT {_digits(clean)} THEN regexp_extract({clean}, {pattern}, ['number', 'unit']) END AS {parsed}")
    scale = _scale(spec)
    digits = f"CASE WHEN {parsed} IS NULL THEN {clean} ELSE replace({parsed}.number, ',', '') END"
    n = _factor_sql(f"coalesce({parsed}.unit, '')", times, {u: f.numerator for u, f in units.items()})
    d = _factor_sql(f"coalesce({parsed}.unit, '')", over, {u: f.denominator for u, f in units.items()})
    no_factor = "true" if times == over == "1" else f"{times} = 1 AND {over} = 1"
    layers.exact.append(
        f"CASE WHEN {parsed} IS NULL AND {no_factor} THEN TRY_CAST({clean} AS DECIMAL(18, {scale}))"
        f" WHEN {parsed}.unit = '' AND {no_factor} THEN TRY_CAST({digits} AS DECIMAL(18, {scale}))"
        f" ELSE {_converted(digits, n, d, scale)} END AS {exact}"
    )
    low = 0 if spec.name not in SIGNED else -1000
    whole = f" AND {exact} = floor({exact})" if spec.type == "integer" else ""
    believed = f"{exact} BETWEEN {low} AND {LIMITS[spec.type]}{whole}"
    layers.values += [
        f"CASE WHEN {believed} THEN CAST({exact} AS {SQL_TYPES[spec.type]}) END AS {name(spec.name)}",
        f"CASE WHEN {believed} OR {_blank(clean)} THEN NULL WHEN {parsed}.number = '' THEN 'not_a_number'"
        f" WHEN {exact} < {low} OR starts_with({digits}, '-') THEN 'negative'"
        f" WHEN {exact} IS NULL OR {exact} > {LIMITS[spec.type]} THEN 'out_of_range' ELSE 'not_whole' END AS {_column(spec, 'code')}",
    ]


def _scale(spec: Field) -> int:
    """Decimals kept (an integer keeps some to be seen not to be whole)."""
    return 6 if spec.type == "integer" else int(re.findall(r"\d+", SQL_TYPES[spec.type])[1])


def _digits(expression: str) -> str:
    return rf"regexp_full_match({expression}, '[0-9]+(\.[0-9]+)?')"


def _factor_sql(unit: str, otherwise: str, units: dict[str, int]) -> str:
    """SQL for one half of a factor: the cell's own unit, or what the column's header says."""
    whens = " ".join(f"WHEN {quoted(word)} THEN {value}" for word, value in units.items())
    return f"CASE {unit} WHEN '' THEN {otherwise} {whens} END"


def _converted(digits: str, times: str, over: str, scale: int) -> str:
    """digits x times / over, rounded half up to ``scale`` decimals, exactly (digits beyond the 16th decimal cannot decide)."""
    kept = rf"TRY_CAST(regexp_replace({digits}, '(\.\d{{16}})\d+', '\1') AS DECIMAL(38, 16))"
    doubled = f"CAST(floor({kept} * (CAST({times} AS HUGEINT) * {2 * 10**scale}) + ({over})) AS HUGEINT)"
    return f"try(CAST({doubled} // (2 * ({over})) AS DECIMAL(38, 0)) * CAST(1e-{scale} AS DECIMAL({scale + 1}, {scale})))"


def _date(layers: Layers, spec: Field) -> None:
    clean, day, month, year = (_column(spec, p) for p in ("clean", "day", "month", "year"))
    raw = name(spec.name)
    no_clock = f"regexp_replace({trimmed_sql(raw)}, {quoted(_CLOCK)}, '')"
    _clean(layers, spec, rf"CASE WHEN regexp_full_match({raw}, '\d{{4}}-\d\d-\d\d') THEN {raw} ELSE {plain_sql(no_clock)} END")
    iso_day = rf"regexp_replace({clean}, '^(\d{{4}})\D(\d{{1,2}})\D(\d{{1,2}})\D?$', '\1-\2-\3')"
    packed_day = rf"regexp_replace({clean}, '^(\d{{4}})(\d{{2}})(\d{{2}})$', '\1-\2-\3')"
    iso_month = rf"regexp_replace({clean}, '^(\d{{4}})\D?(\d{{1,2}})\D?$', '\1-\2') || '-01'"
    layers.parsed += [
        f"TRY_CAST(CASE WHEN regexp_full_match({clean}, {quoted(_DAY)}) THEN {iso_day}"
        rf" WHEN regexp_full_match({clean}, '\d{{8}}') THEN {packed_day} END AS DATE) AS {day}",
        f"TRY_CAST(CASE WHEN regexp_full_match({clean}, {quoted(_MONTH)}) THEN {iso_month} END AS DATE) AS {month}",
        rf"CASE WHEN regexp_full_match({clean}, '\d{{4}}年?') THEN {clean}[1:4] END AS {year}",
    ]
    low = f"coalesce({day}, {month}, TRY_CAST({year} || '-01-01' AS DATE))"
    high = f"coalesce({day}, last_day({month}), TRY_CAST({year} || '-12-31' AS DATE))"
    believed = f"{low} BETWEEN DATE '{YEARS[0]}-01-01' AND DATE '{YEARS[1]}-12-31'"
    layers.values += [
        f"CASE WHEN {believed} THEN {low} END AS {name(spec.columns[0])}",
        f"CASE WHEN {believed} THEN {high} END AS {name(spec.columns[1])}",
        f"CASE WHEN {believed} OR {_blank(clean)} THEN NULL WHEN {low} IS NULL THEN 'not_a_date' ELSE 'out_of_range' END AS {_column(spec, 'code')}",
    ]


def _words(layers: Layers, spec: Field, words: dict[str, str], code: str) -> None:
    clean, exact = _clean(layers, spec), _column(spec, "exact")
    layers.exact.append(f"{mapping_sql(clean, words)} AS {exact}")
    layers.values += [
        f"CAST({exact} AS {SQL_TYPES[spec.type]}) AS {name(spec.name)}",
        f"CASE WHEN {exact} IS NULL AND NOT {_blank(clean)} THEN {quoted(code)} END AS {_column(spec, 'code')}",
    ]


def _choices(layers: Layers, spec: Field) -> None:
    """Several words in one cell. One that is not known makes the whole list unknown."""
    parts, exact = _column(spec, "parts"), _column(spec, "exact")
    word = plain_sql("word")
    split = f"regexp_split_to_array({name(spec.name)}, {quoted(SEPARATORS)})"
    layers.clean.append(f"list_filter(list_transform({split}, lambda word: {word}), lambda word: NOT {_blank('word')}) AS {parts}")
    layers.exact.append(f"list_transform({parts}, lambda word: {mapping_sql('word', labels(spec.choices))}) AS {exact}")
    known = f"len({parts}) > 0 AND len(list_filter({exact}, lambda word: word IS NULL)) = 0"
    layers.values += [
        f"CASE WHEN {known} THEN list_sort(list_distinct({exact})) END AS {name(spec.name)}",
        f"CASE WHEN len({parts}) > 0 AND NOT ({known}) THEN 'unknown_choice' END AS {_column(spec, 'code')}",
    ]


def _code(layers: Layers, spec: Field) -> None:
    clean = _clean(layers, spec, code_sql(name(spec.name)))
    lost = rf"regexp_full_match({clean}, '\d(\.\d+)?[eE]\+\d{{2}}')"
    layers.values += [
        f"CASE WHEN NOT {_blank(f'lower({clean})')} AND NOT {lost} THEN {clean} END AS {name(spec.name)}",
        f"CASE WHEN {lost} THEN 'code_lost_digits' END AS {_column(spec, 'code')}",
    ]


def _text(layers: Layers, spec: Field) -> None:
    clean = _clean(layers, spec, f"trim({name(spec.name)}, {quoted(WHITESPACE)})")
    layers.values += [
        f"CASE WHEN NOT {_blank(f'lower({clean})')} THEN {clean} END AS {name(spec.name)}",
        f"CAST(NULL AS VARCHAR) AS {_column(spec, 'code')}",
    ]
