"""Worked cases of rules and ordinances, run through the same compiled queries as a real delivery."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import duckdb

from planning_check import assess
from planning_check.clauses import CLAUSES
from planning_check.engine import opened
from planning_check.errors import Place, Text
from planning_check.facts.dictionary import PROJECT, SUBJECTS, Fact, Subject
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.nodes import CASE, Item, hint, read_yaml
from planning_check.rulebook.ordinances import Ordinance, read_value, sql_value
from planning_check.rulebook.rules import Rule
from planning_check.schema import NOT_READ, USES
from planning_check.sql import create_with

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_OUTSIDE = {"as_of", "law", "law_state", "project", "phases"}
AS_OF = dt.date(2011, 6, 30)
DEFAULT_ORDINANCE = "survey_share"


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


def run_cases(book: Rulebook, rules: Sequence[Rule], ordinances: Sequence[Ordinance] = ()) -> list[CaseResult]:
    """Run the cases of these rules and ordinances, an ordinance beside the others of its folder; one query a subject."""
    results: list[CaseResult] = []
    for ordinance in ordinances:
        beside = [o for o in book.ordinances if o.path.parent == ordinance.path.parent and o.id != ordinance.id]
        results += _run_ordinance(ordinance, beside)
    for rule in rules:
        cases = read_cases(rule)
        rows, broken = judge_cases(book, cases, [rule])
        results += [check_case(rule, case, row, broken) for case, row in zip(cases, rows, strict=True)]
    return results


def judge_cases(book: Rulebook, cases: Sequence[Case], rules: Sequence[Rule]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The judged row of every case under rules on one subject (or variants of one rule), and the rules that could not run."""
    plan = make_plan(book.ordinances, book.measures, rules, contract=book.contract)
    subject = SUBJECTS[rules[0].subject]
    given = _given_sums(plan, subject)
    with opened() as con:
        _fill(con, plan, cases, subject, given, _default_laws(book))
        plan = replace(plan, tallies=(), handed_sums=())  # a case gives the tally, or what was handed over, itself
        plan = assess.only_needed(plan, {column for case in cases for name in case.expect for column in (name, f"{name}_lo")})
        broken = assess.judge(con, plan)
        found = con.execute(
            f"SELECT * FROM judged_{subject.name} WHERE NOT contains(CAST({subject.key} AS VARCHAR), '~') ORDER BY {subject.key}"
        )
        names = [d[0] for d in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()], broken


def _default_laws(book: Rulebook) -> dict[str, dict[str, Any]]:
    """The clause values that cases start from: those of the survey's ordinance, or of the first there is;
    for a contract those that it takes."""
    default = next((o for o in book.ordinances if o.id == DEFAULT_ORDINANCE), None) or (book.ordinances[0] if book.ordinances else None)
    law = default.versions()[-1][2] if default else {}
    taken = {name: value for name, value in law.items() if name in book.contract.takes}
    return {"governed": law, "contract": {**taken, "applies_to_uses": [use.code for use in USES]}}


def _fill(
    con: duckdb.DuckDBPyConnection,
    plan: assess.Plan,
    cases: Sequence[Case],
    subject: Subject,
    given: dict[str, str],
    law: dict[str, dict[str, Any]],
) -> None:
    """The tables that judging reads, a row a case."""
    projects, others = [], []
    sums = _given_sums(plan, PROJECT)
    for number, case in enumerate(cases):
        key = f"{number:04d}"
        own = _facts(case, subject, case.given, given)
        if subject.name == "project":
            projects += _with_phases(case, {**_lawful(case, law), **own, "project_id": key, "scenario": number}, given)
            continue
        if subject.law_by == "project":
            of_project = case.given["project"].mapping() if "project" in case.given else {}
            projects.append({**_lawful(case, law), **_facts(case, PROJECT, of_project, sums), "project_id": key})
            others.append({**own, subject.key: key, "project_id": key, "as_of": _as_of(case)})
        else:
            lawful = _lawful(case, law) if subject.law_by == "as_of" else {"as_of": _as_of(case)}
            others.append({**lawful, **own, subject.key: key})
    create_with(
        con,
        "lawful_project",
        _columns(PROJECT, lawful=True) | sums,
        [dict.fromkeys((n for n, _ in plan.room_sums), 0) | p for p in projects],
    )
    if subject.name != "project":
        name = f"lawful_{subject.name}" if subject.law_by == "as_of" else f"fact_{subject.name}"
        create_with(con, name, _columns(subject, lawful=subject.law_by == "as_of") | given, others)


def _with_phases(case: Case, own: dict[str, Any], given: dict[str, str]) -> list[dict[str, Any]]:
    """The project of a case and the other phases of its development (``phases``), each alike but for what is given of it."""
    if "phases" not in case.given:
        return [own]
    own |= {"development_id": "case"}
    facts = [_facts(case, PROJECT, other.mapping(), given) for other in case.given["phases"].items()]
    return [own, *({**own, **other, "project_id": f"{own['project_id']}~{n}"} for n, other in enumerate(facts))]


def _given_sums(plan: assess.Plan, subject: Subject) -> dict[str, str]:
    """The sums over other subjects that a case may give by name, as columns: of rooms and handovers, and tallies."""
    handed = {name: type_ for s in plan.handed_sums if s.over == subject.name for name, type_ in s.columns.items()}
    if subject.name == "project":
        return dict.fromkeys((name for name, _ in plan.room_sums), "DECIMAL(18, 2)") | handed
    read = [t for t in plan.tallies if assess.reads_tally(plan, subject.name, t.over)]
    return {t.id: "BIGINT" if t.counts else "DECIMAL(18, 2)" for t in read} | handed


def _columns(subject: Subject, *, lawful: bool) -> dict[str, str]:
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


def _as_of(case: Case) -> dt.date:
    return (case.given["as_of"].day() if "as_of" in case.given else None) or AS_OF


def _lawful(case: Case, laws: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The governing law's columns of a case: the default ordinance's clauses, those given put over them."""
    state = case.given["law_state"].text(assess.LAW_STATES) if "law_state" in case.given else "governed"
    values = dict(laws.get(state, {}))
    if "law" in case.given:
        for name, item in case.given["law"].mapping(tuple(CLAUSES)).items():
            values[name] = read_value(CLAUSES[name], item)
    row = {f"law_{name}": sql_value(value) for name, value in values.items()}
    return {**row, "law_state": state, "ordinance_id": "case", "ordinance_sha256": "", "verified": False, "as_of": _as_of(case)}


def _facts(case: Case, subject: Subject, given: dict[str, Item], sums: Mapping[str, str] | None = None) -> dict[str, Any]:
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


def check_case(rule: Rule, case: Case, row: dict[str, Any], broken: dict[str, str]) -> CaseResult:
    """Whether the judged row of a case is what the case expects."""
    wrong = []
    if "outcome" not in case.expect:
        raise case.item.need("expect").fail("expect 须写 outcome", "expect must state the outcome")
    for name, item in case.expect.items():
        wanted, came = item.plain(), _came(rule, name, row, item)
        if isinstance(wanted, list):
            wanted, came = sorted(wanted), sorted(came or [])
        if isinstance(came, str) and isinstance(wanted, Decimal | dt.date):
            wanted = str(wanted)
        if wanted != came:
            wrong.append(f"{name}: expected {wanted}, got {came}")
    if rule.id in broken:
        wrong.append(broken[rule.id])
    detail = "; ".join(wrong)
    if wrong and "missing" not in case.expect:
        detail += f" (missing: {row[f'{rule.id}__missing']})"
    return CaseResult(rule.id, case.it, not wrong, Text(detail, detail), Place(case.item.file, line=case.item.line))


def _came(rule: Rule, name: str, row: dict[str, Any], item: Item) -> Any:
    if name == "missing":
        return sorted({m for m in row[f"{rule.id}__missing"].split(",") if m})
    if name in ("outcome", "status"):
        return row.get(f"{rule.id}__{name}")
    if name == "severity":
        by_class = rule.status.severities.get(row.get(f"{rule.id}__status", "")) if rule.status else None
        return row.get(f"{rule.id}__severity") or by_class or rule.severity
    for column in (f"{rule.id}__{name}", name, f"project__{name}"):
        if column in row:
            return row[column]
        if f"{column}_lo" in row:
            return row[f"{column}_lo"]
    raise item.fail(f"没有名为 {name} 的结果", f"nothing called {name} comes out of {rule.id}")


def _run_ordinance(ordinance: Ordinance, beside: Sequence[Ordinance]) -> list[CaseResult]:
    """Which law governs a project of a place and day (``ordinance``: its id), and with which clause values."""
    cases = read_cases(ordinance)
    plan = make_plan([ordinance, *beside], [], [])
    with opened() as con:
        rows = [{**_facts(case, PROJECT, case.given), "project_id": f"{n:04d}", "as_of": _as_of(case)} for n, case in enumerate(cases)]
        create_with(con, "fact_project", _columns(PROJECT, lawful=False), rows)
        con.execute("CREATE TABLE fact_office (office_id VARCHAR, district_code VARCHAR, as_of DATE)")
        assess.create_law(con, plan)
        assess.govern(con, plan)
        found = con.execute(
            "SELECT g.law_state, v.* FROM governing_project g LEFT JOIN law_version v USING (version_no) ORDER BY project_id"
        )
        names = [d[0] for d in found.description]
        judged = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    results = []
    for case, row in zip(cases, judged, strict=True):
        wrong = []
        for name, item in case.expect.items():
            came = row.get({"law_state": "law_state", "ordinance": "ordinance_id"}.get(name, f"law_{name}"))
            if item.plain() != came:
                wrong.append(f"{name}: expected {item.plain()}, got {came}")
        detail = "; ".join(wrong)
        results.append(CaseResult(ordinance.id, case.it, not wrong, Text(detail, detail), Place(case.item.file, line=case.item.line)))
    return results
