"""Days as people and programs write them: the formula from a text to the first and the last day that it may be.

A day, a month or a year, in figures (2009-05-12, 2009.5, 12/05/2009 where the order is known), in Chinese numerals (二〇〇九年五月), with a
month's English name, a clock, a weekday or a zone (then the day in China). Nothing is guessed: what may be two days is neither.
"""

from __future__ import annotations

from planning_check.ingest.blanks import is_blank_sql, is_not_told_sql, is_unknown_word_sql
from planning_check.ingest.plain import BLANK, plain_sql, trimmed_sql
from planning_check.sql import quoted, struct

YEARS = (1980, 2100)
#: Day and month, in an order that differs from country to country, before the year.
YEAR_LAST = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
#: A month in one figure after a point: as a number, 2009.10 is 2009.1.
TENTH = r"\d{4}\.1"
_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2}\.?|\d{4}年\d{1,2}月\d{1,2}[日号]?"
_MONTH = r"\d{4}-\d{1,2}|\d{4}/\d{1,2}|\d{4}\.\d{1,2}|\d{4}年\d{1,2}月?|\d{6}"
_ISO = r"regexp_full_match({}, '\d{{4}}-\d\d-\d\d')"
_WRITTEN = quoted(rf"{_DAY}|{_MONTH}|\d{{8}}|{YEAR_LAST}")
_NOT_YET = quoted("(?i)(尚|还|暂|仍)?未.*|not yet.*|notyet.*")  # it has not happened, as if nothing were written
_CLOCK = quoted(
    r"[Tt ](?:上午|下午|[AaPp][Mm])? ?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)? ?(?:[AaPp][Mm])? ?([+-]\d{2}(:?\d{2})?|[Zz]|UTC|GMT)?$"
    r"| ?[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?$"
)
_ZONED = quoted(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[Tt ](\d{1,2}:\d\d)(?::\d\d(?:\.\d+)?)? ?(?:(?:UTC|GMT)?([+-]\d\d):?(\d\d)?|[Zz]|UTC|GMT)"
)
_GAP = quoted(f"[0-9]{BLANK}+[0-9]")  # "2009 1 2" is not 200912
_NUMERALS = "〇零○o一二三四五六七八九", "0000123456789"
_SPOKEN = quoted(
    r"[\d〇零○o一二三四五六七八九]{4}年(?:[\d〇零○o一二三四五六七八九十]{1,3}月(?:[\d〇零○o一二三四五六七八九十廿卅]{1,4}[日号]?)?)?"
)
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
#: With the name of a month: as it is written -> in the order of the figures.
_NAMED = (
    (rf"^(\d{{1,2}})(?:st|nd|rd|th)?[-/.]?{_NAME}[-/,.]?(\d{{4}})$", r"\3-\2-\1"),
    (rf"^{_NAME}[-/]?(\d{{1,2}})(?:st|nd|rd|th)?[,-/](\d{{4}})$", r"\3-\1-\2"),
    (rf"^{_NAME}[-/,.]?(\d{{4}})$", r"\2-\1"),
    (rf"^(\d{{4}})[-/.]?{_NAME}[-/.]?(\d{{1,2}})?$", r"\1-\2-\3"),
)
#: What programs write where nothing was filled in.
_SENTINELS = (
    "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01", "1970-01-01", "1111-11-11", "2099-12-31",
    "2999-12-31", "3000-01-01", "9999-01-01", "9999-12-31",
)  # fmt: skip
_NO_DAY = quoted(r"0+|0{4}\D?0{1,2}\D?(?:0{1,2}\D?)?|9{4}\D?9{2}\D?9{2}\D?|1900\D0?1\D0?0\D?")


def date_steps() -> list[str]:
    """The steps from ``raw``, ``day_first`` and ``tenths`` to ``lo``, ``hi`` and ``code``. (ISO days, nearly all, go the short way.)"""
    kept = {"iso": "c.iso", "day_first": "c.day_first", "tenths": "c.tenths"}
    first = struct(text="c.raw", iso=_ISO.format("c.raw"), day_first="c.day_first", tenths="c.tenths")
    trimmed = struct(text=f"CASE WHEN c.iso THEN c.text ELSE {trimmed_sql('c.text')} END", **kept)
    zoned = f"WHEN regexp_full_match(c.text, {_ZONED}) THEN coalesce({_china_day('c.text')}, c.text)"
    bare = struct(text=f"CASE WHEN c.iso THEN c.text {zoned} ELSE regexp_replace(c.text, {_CLOCK}, '') END", **kept)
    clean = struct(clean=f"CASE WHEN c.iso OR regexp_matches(c.text, {_GAP}) THEN c.text ELSE {plain_sql('c.text')} END", **kept)
    spoken = (
        f"CASE WHEN c.iso THEN c.clean WHEN regexp_full_match(c.clean, {_SPOKEN}) THEN {_figures('c.clean')}"
        f" WHEN regexp_matches(c.clean, {quoted(_NAME)}) THEN {_numbered_month('c.clean')} ELSE c.clean END"
    )
    parts = f"CASE WHEN NOT c.iso AND regexp_full_match(c.clean, {quoted(YEAR_LAST)}) THEN {_parts('c.clean')} END"
    turned = (
        "CASE WHEN c.parts IS NULL THEN c.clean WHEN c.parts.a > 12 OR c.parts.a = c.parts.b OR c.parts.b <= 12 AND c.day_first"
        " THEN concat_ws('-', c.parts.y, c.parts.b, c.parts.a)"
        " WHEN c.parts.b > 12 OR NOT c.day_first THEN concat_ws('-', c.parts.y, c.parts.a, c.parts.b) ELSE c.clean END"
    )
    either = f"regexp_full_match(c.clean, {quoted(YEAR_LAST)})"
    tenth = f"coalesce(c.tenths, false) AND regexp_full_match(c.clean, {quoted(TENTH)})"
    doubt = f"CASE WHEN {either} THEN 'day_or_month' WHEN {tenth} THEN 'ambiguous_month' END"
    return [
        first,
        trimmed,
        bare,
        clean,
        struct(clean=spoken, **kept),
        struct(clean="c.clean", parts=parts, **kept),
        struct(clean=turned, **kept),
        struct(clean="c.clean", doubt=f"CASE WHEN NOT c.iso THEN {doubt} END"),
        *_read(),
    ]


def _read() -> list[str]:
    """From ``clean`` and ``doubt`` to the days."""
    iso_day = r"regexp_replace(c.clean, '^(\d{4})\D(\d{1,2})\D(\d{1,2})\D?$', '\1-\2-\3')"
    packed_day = r"regexp_replace(c.clean, '^(\d{4})(\d{2})(\d{2})$', '\1-\2-\3')"
    iso_month = r"regexp_replace(c.clean, '^(\d{4})\D?(\d{1,2})\D?$', '\1-\2') || '-01'"
    month_first = r"regexp_replace(c.clean, '^(\d{1,2})\D(\d{4})$', '\2-\1') || '-01'"
    day = (
        f"TRY_CAST(CASE WHEN regexp_full_match(c.clean, {quoted(_DAY)}) THEN {iso_day}"
        rf" WHEN regexp_full_match(c.clean, '\d{{8}}') THEN {packed_day} END AS DATE)"
    )
    month = (
        f"TRY_CAST(CASE WHEN regexp_full_match(c.clean, {quoted(_MONTH)}) THEN {iso_month}"
        rf" WHEN regexp_full_match(c.clean, '\d{{1,2}}[/.-]\d{{4}}') THEN {month_first} END AS DATE)"
    )
    year = r"CASE WHEN regexp_full_match(c.clean, '\d{4}年?') THEN c.clean[1:4] END"
    low = "coalesce(c.day, c.month, TRY_CAST(c.year || '-01-01' AS DATE))"
    high = "coalesce(c.day, last_day(c.month), TRY_CAST(c.year || '-12-31' AS DATE))"
    sentinel = (
        f"(c.lo = c.hi AND c.lo IN ({', '.join(f'DATE {quoted(day)}' for day in _SENTINELS)}) OR regexp_full_match(c.clean, {_NO_DAY}))"
    )
    believed = f"c.doubt IS NULL AND {_is_believed('c.lo')}"
    nothing = f"({is_blank_sql('c.clean')} OR regexp_full_match(c.clean, {_NOT_YET}) AND NOT {is_unknown_word_sql('c.clean')})"
    problem = (
        f"CASE WHEN {believed} OR {nothing} THEN NULL WHEN c.doubt IS NOT NULL THEN c.doubt WHEN {sentinel} THEN 'sentinel_date'"
        f" WHEN c.lo IS NOT NULL THEN 'out_of_range' WHEN regexp_full_match(c.clean, {_WRITTEN}) THEN 'no_such_date'"
        f" WHEN {is_not_told_sql('c.clean')} THEN 'not_told' ELSE 'not_a_date' END"
    )
    return [
        struct(clean="c.clean", doubt="c.doubt", day=day, month=month, year=year),
        struct(clean="c.clean", doubt="c.doubt", lo=low, hi=high),
        struct(lo=f"CASE WHEN {believed} THEN c.lo END", hi=f"CASE WHEN {believed} THEN c.hi END", code=problem),
    ]


def _is_believed(day: str) -> str:
    return f"{day} BETWEEN DATE '{YEARS[0]}-01-01' AND DATE '{YEARS[1]}-12-31' AND {day} <> DATE '2099-12-31'"


def is_iso_day_sql(expression: str) -> str:
    """SQL: a day in ISO form that is believed, which the formula leaves as it is."""
    return f"{_ISO.format(expression)} AND {_is_believed(f'TRY_CAST({expression} AS DATE)')}"


def _china_day(expression: str) -> str:
    """SQL: the day in China of a moment that states its zone."""
    parts = f"regexp_extract({expression}, {_ZONED}, ['y', 'm', 'd', 'clock', 'hours', 'minutes'])"
    moment = "TRY_CAST(concat_ws('-', z.y, z.m, z.d) || ' ' || z.clock AS TIMESTAMP)"
    ahead = "coalesce(TRY_CAST(z.hours AS INTEGER), 0) * 60 + coalesce(TRY_CAST(z.hours[1] || z.minutes AS INTEGER), 0)"
    return f"list_transform([{parts}], lambda z: CAST(CAST({moment} + to_minutes(480 - ({ahead})) AS DATE) AS VARCHAR))[1]"


def _parts(expression: str) -> str:
    """SQL: the two figures before a year, and the year."""
    found = f"regexp_extract({expression}, {quoted(YEAR_LAST)}, ['a', 'b', 'y'])"
    return f"list_transform([{found}], lambda z: {{'a': CAST(z.a AS INTEGER), 'b': CAST(z.b AS INTEGER), 'y': z.y}})[1]"


def _figures(expression: str) -> str:
    """SQL: Chinese numerals as figures: 二〇〇九年十一月廿三日 is 2009年11月23日."""
    steps = f"[translate({expression}, {quoted(_NUMERALS[0])}, {quoted(_NUMERALS[1])})]"
    for pattern, figures in (
        ("廿", "2十"),
        ("卅", "3十"),
        (r"(\d)十(\d)", r"\1\2"),
        (r"(\d)十", r"\10"),
        (r"十(\d)", r"1\1"),
        ("十", "10"),
    ):
        steps = f"list_transform({steps}, lambda x: regexp_replace(x, {quoted(pattern)}, {quoted(figures)}, 'g'))"
    return f"{steps}[1]"


def _numbered_month(expression: str) -> str:
    """SQL: 12 May 2009, May 12, 2009 and May 2009 in figures."""
    steps = f"[{expression}]"
    for pattern, figures in _NAMED:
        steps = f"list_transform({steps}, lambda x: regexp_replace(x, {quoted(pattern)}, {quoted(figures)}))"
    month = f"((instr({quoted(_MONTHS)}, regexp_extract(x, '[a-z]{{3}}')) + 2) // 3)"
    return f"list_transform({steps}, lambda x: rtrim(regexp_replace(x, '[a-z]{{3}}', CAST({month} AS VARCHAR)), '-'))[1]"
