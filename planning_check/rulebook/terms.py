"""What an expression is made of: typed SQL terms with three-valued, interval-date and exact-decimal semantics.

A term knows its SQL and which of its inputs are unknown when it is NULL (``missing``: SQL giving their names, each with
a comma behind it; texts are far cheaper here than lists). Unknown is never a pass: comparisons of month-only dates
that turn on the day are NULL, greatest and least are NULL-strict.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from planning_check.sql import quoted

EMPTY = "''"
MAX_SCALE = 12


@dataclass(frozen=True)
class Term:
    """``kind``: number, bool, text, date, list, steps or null. Dates carry ``sql`` (earliest) and ``hi`` (latest).

    ``not_read``: SQL, for a cell that may be blank: whether something is written there that could not be read. A blank may mean
    "none" (``is null``, ``coalesce``), such a cell never does.
    """

    kind: str
    sql: str
    hi: str = ""
    scale: int = 0
    missing: str = EMPTY
    names: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()
    literal: str | None = None
    not_read: str = ""


class TypeClash(Exception):
    """Two terms that do not fit; the message is bilingual: (zh, en)."""

    def __init__(self, zh: str, en: str):
        self.zh, self.en = zh, en
        super().__init__(en)


KIND_ZH = {"number": "数字", "bool": "是非", "text": "文字", "date": "日期", "list": "列表", "steps": "分档", "null": "空"}


def expect(term: Term, kind: str) -> Term:
    if term.kind not in (kind, "null"):
        raise TypeClash(f"此处应为{KIND_ZH[kind]}，却是{KIND_ZH[term.kind]}", f"a {kind} is expected here, not a {term.kind}")
    return term


def name_list(names: Iterable[str]) -> str:
    """SQL: these names as a text of missing ones."""
    return quoted("".join(f"{name}," for name in names))


def join_missing(terms: list[Term] | tuple[Term, ...]) -> str:
    """The missing inputs of several terms that are all needed."""
    parts = list(dict.fromkeys(t.missing for t in terms if t.missing != EMPTY))
    if not parts:
        return EMPTY
    return f"({' || '.join(parts)})"


def join_names(terms: list[Term] | tuple[Term, ...]) -> frozenset[str]:
    return frozenset().union(*(t.names for t in terms))


def is_unknown(term: Term) -> str:
    """SQL: true where the term is unknown; for a date also where only its month or year is known."""
    return f"({term.sql} IS NULL)" if term.kind != "date" else f"({term.sql} IS NULL OR {term.sql} <> {term.hi})"


def symbol(
    name: str, kind: str, sql: str, *, hi: str = "", scale: int = 0, choices: tuple[str, ...] = (), not_read: str = ""
) -> Term:  # fmt: skip
    """A column: it is missing itself where it is NULL."""
    term = Term(kind, sql, hi, scale, EMPTY, frozenset([name]), choices)
    missing = f"(CASE WHEN {is_unknown(term)} THEN {name_list([name])} ELSE {EMPTY} END)"
    return Term(kind, sql, hi, scale, missing, frozenset([name]), choices, not_read=not_read)


def constant(name: str, value: Decimal) -> Term:
    """A number that stands in the rules."""
    scale = max(-int(value.as_tuple().exponent), 0)
    return Term("number", f"CAST({value} AS DECIMAL(38, {scale}))", scale=scale, names=frozenset([name]), literal=str(value))


def compute(kind: str, sql: str, terms: list[Term], *, scale: int = 0, hi: str = "") -> Term:
    """A term made of others, unknown when one of them is."""
    return Term(kind, sql, hi, scale, join_missing(terms), join_names(terms))


def connect(operator: str, left: Term, right: Term) -> Term:
    """AND or OR: only the sides that are themselves unknown are missing."""
    terms = [expect(left, "bool"), expect(right, "bool")]
    parts = [
        Term("bool", "", missing=f"(CASE WHEN {t.sql} IS NULL THEN {t.missing} ELSE {EMPTY} END)") for t in terms if t.missing != EMPTY
    ]
    return Term("bool", f"({left.sql} {operator} {right.sql})", missing=join_missing(parts), names=join_names(terms))


def arithmetic(operator: str, left: Term, right: Term) -> Term:
    terms = [expect(left, "number"), expect(right, "number")]
    scale = left.scale + right.scale if operator == "*" else max(left.scale, right.scale)
    if scale > MAX_SCALE:
        raise TypeClash(f"小数位数超过 {MAX_SCALE}，请先用 round 取整", f"more than {MAX_SCALE} decimals; round first")
    first, second = (wide(left), wide(right)) if operator == "*" else alike(terms)
    sql = f"({first} {operator} {second})"
    return compute("number", f"TRY{sql}" if operator == "*" else sql, terms, scale=scale)


def wide(term: Term, scale: int | None = None) -> str:
    """The number as DECIMAL(38, s), so that no product overflows its 18 digits.

    Numbers that meet are cast to one scale: DuckDB takes greatest, CASE and = of DECIMAL(38, 2) and DECIMAL(38, 0) at
    scale 0 and so loses the hundredths.
    """
    return f"CAST({term.sql} AS DECIMAL(38, {term.scale if scale is None else scale}))"


def alike(terms: list[Term]) -> list[str]:
    """The SQL of terms that meet in one place: numbers at one scale, others as they are."""
    scale = max(t.scale for t in terms)
    return [wide(t, scale) if t.kind == "number" else t.sql for t in terms]


def compare(operator: str, left: Term, right: Term) -> Term:
    """=, <>, <, <=, >, >= of numbers, texts, booleans or (interval) dates."""
    kind = right.kind if left.kind == "null" else left.kind
    terms = [expect(left, kind), expect(right, kind)]
    if kind in ("list", "steps") or (kind in ("text", "bool") and operator not in ("=", "<>")):
        raise TypeClash(f"{KIND_ZH[kind]}不能用 {operator} 比较", f"a {kind} cannot be compared with {operator}")
    if kind == "text":
        for side, other in ((left, right), (right, left)):
            check_choice(side, other)
    if kind == "date":
        return compute("bool", _compare_dates(operator, left, right), terms)
    first, second = alike(terms)
    not_read = left.not_read if right.literal is not None else right.not_read if left.literal is not None else ""
    return replace(compute("bool", f"({first} {operator} {second})", terms), not_read=not_read)


def is_blank(term: Term) -> Term:
    """IS NULL: nothing is written there; unknown where it could not be read."""
    if not term.not_read:
        return Term("bool", f"({term.sql} IS NULL)", names=term.names)
    unread = f"{term.sql} IS NULL AND {term.not_read}"
    missing = f"(CASE WHEN {unread} THEN {term.missing} ELSE {EMPTY} END)"
    return Term("bool", f"(CASE WHEN {unread} THEN NULL ELSE {term.sql} IS NULL END)", missing=missing, names=term.names)


def check_choice(term: Term, other: Term) -> None:
    """A literal compared with a closed list must be of that list."""
    if term.choices and other.literal is not None and other.literal not in term.choices:
        known = ", ".join(term.choices)
        raise TypeClash(f"没有取值 '{other.literal}'，可用：{known}", f"no such value '{other.literal}'; known: {known}")


def _compare_dates(operator: str, left: Term, right: Term) -> str:
    if operator in ("=", "<>"):
        same = (
            f"CASE WHEN {left.sql} = {left.hi} AND {right.sql} = {right.hi} THEN {left.sql} = {right.sql} "
            f"WHEN {left.hi} < {right.sql} OR {left.sql} > {right.hi} THEN false END"
        )
        return f"({same})" if operator == "=" else f"(NOT ({same}))"
    if operator in (">", ">="):
        return _compare_dates({">": "<", ">=": "<="}[operator], right, left)
    opposite = {"<": ">=", "<=": ">"}[operator]
    return f"(CASE WHEN {left.hi} {operator} {right.sql} THEN true WHEN {left.sql} {opposite} {right.hi} THEN false END)"


def extreme(name: str, terms: list[Term]) -> Term:
    """greatest or least, NULL-strict (DuckDB's skip NULL, so an unknown area would become the minimum)."""
    kind = terms[0].kind
    if kind not in ("number", "date"):
        raise TypeClash(f"{name} 只用于数字或日期", f"{name} takes numbers or dates")
    for term in terms:
        expect(term, kind)
    nulls = " OR ".join(f"{t.sql} IS NULL" for t in terms)
    scale = max(t.scale for t in terms)

    def pick(values: list[str]) -> str:
        return f"(CASE WHEN {nulls} THEN NULL ELSE {name}({', '.join(values)}) END)"

    hi = pick([t.hi for t in terms]) if kind == "date" else ""
    return compute(kind, pick(alike(terms)), terms, scale=scale, hi=hi)


def first_known(terms: list[Term]) -> Term:
    """coalesce: unknown only when every one is; of a date known only to the month, that date is missing and no later one."""
    kind = next((t.kind for t in terms if t.kind != "null"), "null")
    for term in terms:
        expect(term, kind)
    hi = f"coalesce({', '.join(t.hi for t in terms)})" if kind == "date" else ""
    stops = [
        f" WHEN {t.not_read} THEN " if t.not_read else "" for t in terms
    ]  # what could not be read is unknown, whatever stands behind it
    shown = "".join(
        f" WHEN {t.sql} IS NOT NULL THEN {value}{stop and stop + 'NULL'}" for t, value, stop in zip(terms, alike(terms), stops, strict=True)
    )
    sql = f"(CASE{shown} END)" if any(stops) else f"coalesce({', '.join(alike(terms))})"
    ends_known = kind != "date" and terms[-1].literal is not None
    found = "".join(f" WHEN {t.sql} IS NOT NULL THEN {t.missing}{stop and stop + t.missing}" for t, stop in zip(terms, stops, strict=True))
    missing = EMPTY if ends_known and not any(stops) else f"(CASE{found} ELSE {join_missing(terms)} END)"
    choices = terms[0].choices if all(t.choices == terms[0].choices for t in terms) else ()
    return Term(kind, sql, hi, max(t.scale for t in terms), missing, join_names(terms), choices)


def choose(whens: list[tuple[Term, Term]], otherwise: Term | None) -> Term:
    """CASE: only the branch taken counts; a branch that is NULL by itself is unknown because of its condition."""
    branches = [value for _, value in whens] + ([otherwise] if otherwise else [])
    kind = next((t.kind for t in branches if t.kind != "null"), "null")
    for branch in branches:
        expect(branch, kind)
    conditions = [expect(condition, "bool") for condition, _ in whens]
    asked = join_names(conditions)
    because = name_list(sorted(n for n in asked if not n.startswith(("@", "param."))))
    missing, sql, hi = "CASE", "CASE", "CASE"
    shown = dict(zip(map(id, branches), alike(branches), strict=True))
    for condition, value in whens:
        own = because if value.kind == "null" else value.missing
        missing += f" WHEN {condition.sql} IS NULL THEN {condition.missing} WHEN {condition.sql} THEN {own}"
        sql += f" WHEN {condition.sql} IS NULL THEN NULL WHEN {condition.sql} THEN {shown[id(value)]}"
        hi += f" WHEN {condition.sql} IS NULL THEN NULL WHEN {condition.sql} THEN {value.hi or 'NULL'}"
    if otherwise is None or otherwise.kind == "null":
        missing += f" ELSE {because} END"
        sql, hi = sql + " END", hi + " END"
    else:
        missing += f" ELSE {otherwise.missing} END"
        sql, hi = sql + f" ELSE {shown[id(otherwise)]} END", hi + f" ELSE {otherwise.hi or 'NULL'} END"
    scale = max(t.scale for t in branches)
    names = asked | join_names(branches)
    return Term(kind, f"({sql})", f"({hi})" if kind == "date" else "", scale, f"({missing})", names)


def held(name: str, otherwise: Term, placed: list[tuple[str, dt.date, dt.date, Term]], district: Term | None) -> Term:
    """A parameter that has other values in places (division-code prefixes) from a first to a last day: the one that holds where the subject
    is on the day of the check, the narrowest first. Where it is not known in which district that is, unknown."""
    by_place = [place for place, *_ in placed if place]
    terms = [one[3] for one in placed]
    values = alike([otherwise, *terms]) if otherwise.kind == "number" else [otherwise.sql, *(term.sql for term in terms)]
    shown = dict(zip(map(id, [otherwise, *terms]), values, strict=True))
    whens = ""
    for place, begins, ends, term in sorted(placed, key=lambda one: -len(one[0])):
        here = f"starts_with({district.sql}, {quoted(place)}) AND " if place and district else ""
        whens += f" WHEN {here}as_of BETWEEN DATE '{begins.isoformat()}' AND DATE '{ends.isoformat()}' THEN {shown[id(term)]}"
    known = f" WHEN {district.sql} IS NULL THEN NULL" if by_place and district else ""
    sql = f"(CASE{known}{whens} ELSE {shown[id(otherwise)]} END)"
    needed = [district] if by_place and district else []
    names = frozenset([f"param.{name}"]) | join_names(needed)
    is_day = otherwise.kind == "date"
    return Term(otherwise.kind, sql, sql if is_day else "", max(t.scale for t in [otherwise, *terms]), join_missing(needed), names)
