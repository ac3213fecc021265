"""Worked cases of rules and ordinances, run through the same compiled queries as a real delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import duckdb

from planning_check import assess, following
from planning_check.clauses import CLAUSES
from planning_check.engine import opened
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT, SUBJECTS, Subject
from planning_check.rulebook.case_rows import Case, CaseResult, as_of_day, columns_of, facts_of, read_cases, result_of, unlike
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.loading import Rulebook
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.ordinance_cases import beside, inherited_cases, run_ordinance
from planning_check.rulebook.ordinances import Ordinance, read_value, sql_value
from planning_check.rulebook.rules import Rule
from planning_check.schema import USES
from planning_check.sql import create_with

__all__ = ["Case", "CaseResult", "check_case", "default_law", "judge_cases", "read_cases", "run_cases"]

DEFAULT_ORDINANCE = "survey_share"


def run_cases(book: Rulebook, rules: Sequence[Rule], ordinances: Sequence[Ordinance] = ()) -> list[CaseResult]:
    """Run the cases of these rules and ordinances, an ordinance beside the others of its folder and those that it builds on, with the cases
    that it inherits from them; one query a subject."""
    with following.in_force(book.own):
        return _run_all(book, rules, ordinances)


def _run_all(book: Rulebook, rules: Sequence[Rule], ordinances: Sequence[Ordinance]) -> list[CaseResult]:
    results: list[CaseResult] = []
    for ordinance in ordinances:
        laws = [ordinance, *beside(ordinance, book.ordinances)]
        results += run_ordinance(ordinance, laws, [*read_cases(ordinance), *inherited_cases(ordinance)])
    for rule in rules:
        cases = read_cases(rule)
        rows, broken = judge_cases(book, cases, [rule])
        results += [check_case(rule, case, row, broken) for case, row in zip(cases, rows, strict=True)]
    return results


def judge_cases(
    book: Rulebook, cases: Sequence[Case], rules: Sequence[Rule], law: Mapping[str, Any] | None = None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The judged row of every case under rules on one subject (or variants of one rule), and the rules that could not run. ``law``: the
    clause values that cases start from, if not those of :func:`default_law`."""
    plan = make_plan(book.ordinances, book.measures, rules, contract=book.contract)
    subject = SUBJECTS[rules[0].subject]
    given = _given_sums(plan, subject)
    with opened() as con:
        _fill(con, plan, cases, subject, given, _laws(book, default_law(book) if law is None else law))
        plan = replace(plan, tallies=(), handed_sums=())  # a case gives the tally, or what was handed over, itself
        plan = assess.only_needed(plan, {column for case in cases for name in case.expect for column in (name, f"{name}_lo")})
        broken = assess.judge(con, plan)
        found = con.execute(
            f"SELECT * FROM judged_{subject.name} WHERE NOT contains(CAST({subject.key} AS VARCHAR), '~') ORDER BY {subject.key}"
        )
        names = [d[0] for d in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()], broken


def default_law(book: Rulebook) -> dict[str, Any]:
    """The clause values that cases start from: those of the survey's ordinance, or of the first there is."""
    default = next((o for o in book.ordinances if o.id == DEFAULT_ORDINANCE), None) or (book.ordinances[0] if book.ordinances else None)
    return default.versions()[-1][2] if default else {}


def _laws(book: Rulebook, law: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The clause values by the state of the law; for a contract those that it takes."""
    taken = {name: value for name, value in law.items() if name in book.contract.takes}
    return {"governed": dict(law), "contract": {**taken, "applies_to_uses": [use.code for use in USES]}}


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
        own = facts_of(case, subject, case.given, given)
        if subject.name == "project":
            projects += _with_phases(case, {**_lawful(case, law), **own, "project_id": key, "scenario": number}, given)
            continue
        if subject.law_by == "project":
            of_project = case.given["project"].mapping() if "project" in case.given else {}
            projects.append({**_lawful(case, law), **facts_of(case, PROJECT, of_project, sums), "project_id": key})
            others.append({**own, subject.key: key, "project_id": key, "as_of": as_of_day(case)})
        else:
            lawful = _lawful(case, law) if subject.law_by == "as_of" else {"as_of": as_of_day(case)}
            others.append({**lawful, **own, subject.key: key})
    create_with(
        con,
        "lawful_project",
        columns_of(PROJECT, lawful=True) | sums,
        [dict.fromkeys((n for n, _ in plan.room_sums), 0) | p for p in projects],
    )
    if subject.name != "project":
        name = f"lawful_{subject.name}" if subject.law_by == "as_of" else f"fact_{subject.name}"
        create_with(con, name, columns_of(subject, lawful=subject.law_by == "as_of") | given, others)


def _with_phases(case: Case, own: dict[str, Any], given: dict[str, str]) -> list[dict[str, Any]]:
    """The project of a case and the other phases of its development (``phases``), each alike but for what is given of it."""
    if "phases" not in case.given:
        return [own]
    own |= {"development_id": "case"}
    facts = [facts_of(case, PROJECT, other.mapping(), given) for other in case.given["phases"].items()]
    return [own, *({**own, **other, "project_id": f"{own['project_id']}~{n}"} for n, other in enumerate(facts))]


def _given_sums(plan: assess.Plan, subject: Subject) -> dict[str, str]:
    """The sums over other subjects that a case may give by name, as columns: of rooms and handovers, and tallies."""
    handed = {name: type_ for s in plan.handed_sums if s.over == subject.name for name, type_ in s.columns.items()}
    if subject.name == "project":
        return dict.fromkeys((name for name, _ in plan.room_sums), "DECIMAL(18, 2)") | handed
    read = [t for t in plan.tallies if assess.reads_tally(plan, subject.name, t.over)]
    return {t.id: "BIGINT" if t.counts else "DECIMAL(18, 2)" for t in read} | handed


def _lawful(case: Case, laws: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The governing law's columns of a case: the default ordinance's clauses, those given put over them."""
    state = case.given["law_state"].text(assess.LAW_STATES) if "law_state" in case.given else "governed"
    values = dict(laws.get(state, {}))
    if "law" in case.given:
        for name, item in case.given["law"].mapping(tuple(CLAUSES)).items():
            values[name] = read_value(CLAUSES[name], item)
    row = {f"law_{name}": sql_value(value) for name, value in values.items()}
    return {**row, "law_state": state, "ordinance_id": "case", "ordinance_sha256": "", "verified": False, "as_of": as_of_day(case)}


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
            wrong.append(unlike(name, wanted, came))
    if rule.id in broken:
        wrong.append(Text(broken[rule.id], broken[rule.id]))
    if wrong and "missing" not in case.expect and (lacks := row[f"{rule.id}__missing"]):
        wrong.append(Text(f"缺 {lacks.rstrip(',')}", f"missing: {lacks.rstrip(',')}"))
    return result_of(rule.id, case, wrong)


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
