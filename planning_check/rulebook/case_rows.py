"""A worked case as it is read, and the row of facts that it gives."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from planning_check.clauses import CLAUSES
from planning_check.errors import Place, Text
from planning_check.facts.dictionary import Fact, Subject
from planning_check.rulebook.nodes import CASE, Item, hint, read_yaml
from planning_check.rulebook.ordinances import Ordinance
from planning_check.rulebook.rules import Rule
from planning_check.schema import NOT_READ

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_OUTSIDE = {"as_of", "law", "law_state", "project", "phases"}
AS_OF = dt.date(2011, 6, 30)


@dataclass(frozen=True)
class Case:
    """One worked case: what is given, what is expected, and where it stands."""

    owner: str
    it: str
    given: dict[str, Item]
    expect: dict[str, Item]
    item: Item


@dataclass(frozen=True)
class CaseResult:
    """How a case came out; ``detail`` says what was expected and what came."""

    owner: str
    it: str
    passed: bool
    detail: Text
    where: Place


def read_cases(owner: Rule | Ordinance) -> list[Case]:
    """The cases of a rule or ordinance file; ``background`` is given to each. Raises RulebookError with file:line."""
    name = owner.item.file if isinstance(owner, Rule) else owner.file
    item = read_yaml(owner.path, name=name)
    if isinstance(owner, Ordinance) and owner.base and "cases" not in item.mapping():
        return []  # those of its base are tried for it
    background = told.mapping() if (told := item.get("background")) else {}
    cases = []
    for entry in item.need("cases").items():
        entry.mapping(CASE)
        given = _merge(background, entry.need("given").mapping())
        cases.append(Case(owner.id, entry.need("it").text(), given, entry.need("expect").mapping(), entry))
    if list(item.value)[-1] != "cases":
        raise item.need("cases").fail("cases 须写在文件最后", "cases must be the last key of the file")
    return cases


def _merge(background: dict[str, Item], given: dict[str, Item]) -> dict[str, Item]:
    merged = {**background, **given}
    for nested in ("law", "project"):
        if nested in background and nested in given:
            both = {**background[nested].mapping(), **given[nested].mapping()}
            merged[nested] = Item(both, given[nested].file, given[nested].line)
    return merged


def columns_of(subject: Subject, *, lawful: bool) -> dict[str, str]:
    """The columns of a table of cases and their types; ``lawful``: with those of the law that governs."""
    columns = {c: f.sql_type for f in subject.facts.values() if f.type != "geometry" for c in f.columns}
    columns |= {"as_of": "DATE", NOT_READ: "VARCHAR[]"}
    if lawful:
        columns |= {
            "scenario": "INTEGER",
            "law_state": "VARCHAR",
            "ordinance_id": "VARCHAR",
            "ordinance_sha256": "VARCHAR",
            "verified": "BOOLEAN",
        }
        columns |= {f"law_{c.name}": c.sql_type for c in CLAUSES.values()}
    return columns


def as_of_day(case: Case) -> dt.date:
    """The day of the check that a case gives, or that of all others."""
    return (case.given["as_of"].day() if "as_of" in case.given else None) or AS_OF


def facts_of(case: Case, subject: Subject, given: dict[str, Item], sums: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The columns that are given of a subject; ``sums``: what else may be given by name. Raises RulebookError for an unknown fact."""
    row: dict[str, Any] = {}
    for name, item in given.items():
        if f"{name}_lo" in (sums or {}):
            row |= _day(name, item)
            continue
        if name in (sums or {}):
            row[name] = item.plain()
            continue
        if name == NOT_READ:
            row[name] = _fields(subject, item)
            continue
        if name in _OUTSIDE and name not in subject.facts:
            continue
        if name not in subject.facts:
            near = hint(name, subject.facts)
            raise item.fail(f"不认识的事实 {name}", f"unknown fact {name}", fix_zh=f"相近：{near}", fix_en=f"near it: {near}")
        row |= _fact_value(subject.facts[name], item)
    return row


def _fields(subject: Subject, item: Item) -> list[str]:
    """The facts of a case in whose cells something is written that could not be read."""
    names = [one.text() for one in item.items()]
    for name in names:
        if name not in subject.facts or not subject.facts[name].may_be_blank:
            raise item.fail(f"{name} 不是可以空着的事实", f"{name} is no fact that may be blank")
    return names


def _fact_value(fact: Fact, item: Item) -> dict[str, Any]:
    value = item.plain()
    if fact.type == "date":
        return _day(fact.name, item)
    if fact.type in ("text", "code", "choice") and value is not None:
        value = str(value)
        codes = [c.code for c in fact.choices]
        if codes and value not in codes:
            raise item.fail(
                f"{fact.name} 没有取值 {value}", f"{fact.name} has no value {value}", fix_zh=", ".join(codes), fix_en=", ".join(codes)
            )
    elif fact.type in ("area", "money", "number", "integer") and value is not None:
        value = item.number()
    elif fact.type == "bool" and value is not None:
        value = item.boolean()
    return dict.fromkeys(fact.columns, value)


def _day(name: str, item: Item) -> dict[str, dt.date | None]:
    first, last = _day_or_month(item) if item.value is not None else (None, None)
    return {f"{name}_lo": first, f"{name}_hi": last}


def _day_or_month(item: Item) -> tuple[dt.date, dt.date]:
    value = item.value
    if isinstance(value, dt.date):
        return value, value
    month = _MONTH.fullmatch(str(value))
    if not month:
        raise item.fail(
            f"不是日期：{value}", f"not a date: {value}", fix_zh="写 2009-05-04 或 2009-05", fix_en="write 2009-05-04 or 2009-05"
        )
    year, number = int(month[1]), int(month[2])
    return dt.date(year, number, 1), dt.date(year, number, calendar.monthrange(year, number)[1])


def unlike(name: str, wanted: Any, came: Any) -> Text:
    """What was expected and what came."""
    return Text(f"{name}：应为 {_shown(wanted)}，得到 {_shown(came)}", f"{name}: expected {_shown(wanted)}, got {_shown(came)}")


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "null" if value is None else str(value)


def result_of(owner: str, case: Case, wrong: Sequence[Text]) -> CaseResult:
    """How a case came out, with all that is not as expected."""
    detail = Text("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong))
    return CaseResult(owner, case.it, not wrong, detail, Place(case.item.file, line=case.item.line))
