"""Worked cases of ordinances: which law governs at a place and day, with which values; those of a base too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from planning_check import assess
from planning_check.engine import opened
from planning_check.errors import Text
from planning_check.facts.dictionary import PROJECT
from planning_check.rulebook.case_rows import Case, CaseResult, as_of_day, columns_of, facts_of, read_cases, result_of, unlike
from planning_check.rulebook.compile import make_plan
from planning_check.rulebook.nodes import Item, read_yaml
from planning_check.rulebook.ordinances import Ordinance
from planning_check.sql import create_with


def beside(ordinance: Ordinance, ordinances: Sequence[Ordinance]) -> list[Ordinance]:
    """Those that an ordinance is tried beside: the others of its folder, and those that it builds on."""
    folder = ordinance.path.parent
    return [one for one in ordinances if one.id != ordinance.id and (one.path.parent == folder or one.id in ordinance.based_on)]


def inherited_cases(ordinance: Ordinance) -> list[Case]:
    """The cases of those that an ordinance builds on, but for what it replaces: by a case of the same ``it``, or by name in
    ``replaces_cases``. What a base is tried with in its own place is tried in the place of the ordinance.

    Raises RulebookError (file:line) where it replaces a case that there is not.
    """
    if ordinance.base is None:
        return []
    told = [*read_cases(ordinance.base), *inherited_cases(ordinance.base)]
    item = read_yaml(ordinance.path, name=ordinance.file)
    named = [one.text(tuple(case.it for case in told)) for one in replaced.items()] if (replaced := item.get("replaces_cases")) else []
    gone = {*named, *(case.it for case in read_cases(ordinance))}
    return [replace(case, given=_moved(case.given, ordinance)) for case in told if case.it not in gone]


def _moved(given: dict[str, Item], ordinance: Ordinance) -> dict[str, Item]:
    told, base = given.get("district_code"), ordinance.base
    if told is None or base is None or not str(told.value).startswith(base.jurisdiction):
        return given
    code = ordinance.jurisdiction + str(told.value)[len(ordinance.jurisdiction) :]
    return {**given, "district_code": replace(told, value=code)}


def run_ordinance(ordinance: Ordinance, laws: Sequence[Ordinance], cases: Sequence[Case]) -> list[CaseResult]:
    """Which of the laws governs a project of a place and day (``ordinance``: its id), and with which clause values."""
    plan = make_plan(laws, [], [])
    with opened() as con:
        rows = [{**facts_of(case, PROJECT, case.given), "project_id": f"{n:04d}", "as_of": as_of_day(case)} for n, case in enumerate(cases)]
        create_with(con, "fact_project", columns_of(PROJECT, lawful=False), rows)
        con.execute("CREATE TABLE fact_office (office_id VARCHAR, district_code VARCHAR, as_of DATE)")
        assess.create_law(con, plan)
        assess.govern(con, plan)
        found = con.execute(
            "SELECT g.law_state, v.* FROM governing_project g LEFT JOIN law_version v USING (version_no) ORDER BY project_id"
        )
        names = [d[0] for d in found.description]
        judged = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return [_governed(ordinance, case, row) for case, row in zip(cases, judged, strict=True)]


def _governed(ordinance: Ordinance, case: Case, row: dict[str, Any]) -> CaseResult:
    wrong = []
    for name, item in case.expect.items():
        came = row.get({"law_state": "law_state", "ordinance": "ordinance_id"}.get(name, f"law_{name}"))
        stands_for = (
            name == "ordinance" and case.owner != ordinance.id and came == ordinance.id
        )  # inherited: it governs in its base's place
        if item.plain() != came and not stands_for:
            wrong.append(unlike(name, item.plain(), came))
    if wrong and case.owner != ordinance.id:
        wrong.append(Text(
            f"承自 {case.owner} 的算例；本办法另有规定的，写同名（it）的算例，或列入 replaces_cases",
            f"inherited from {case.owner}; where this ordinance says otherwise, write a case of the same it, or name it in replaces_cases",
        ))  # fmt: skip
    return result_of(ordinance.id, case, wrong)
