"""Judging again: violations under the other readings of the law that their rules declare, and open verdicts at their bounds.

Both put other values into the columns that the measures and rules read, and run the same compiled expressions, so
that nothing is written twice. Only projects are judged again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import duckdb

from planning_check.assess.judging import side_by_side
from planning_check.assess.needed import only_needed
from planning_check.assess.plan import UNCLEAR_LIVES, Plan, RulePlan
from planning_check.assess.staging import Layers, around_windows, columns_of, in_groups, words_of, worked_out
from planning_check.schema import ANY_DAY
from planning_check.sql import quoted

EMPTY_ROBUSTNESS = (
    "SELECT NULL::VARCHAR AS rule_id, NULL::VARCHAR AS project_id, NULL::VARCHAR AS robustness, NULL::VARCHAR AS alternatives WHERE false"
)
EMPTY_EXPOSURE = (
    "SELECT NULL::VARCHAR AS rule_id, NULL::VARCHAR AS project_id, NULL::DECIMAL(18, 2) AS area_min_m2, "
    "NULL::DECIMAL(18, 2) AS area_max_m2, NULL::DECIMAL(18, 2) AS min_yuan, NULL::DECIMAL(18, 2) AS max_yuan WHERE false"
)


def judge_again(con: duckdb.DuckDBPyConnection, plan: Plan, broken: dict[str, str] | None = None) -> None:
    """Tables ``robustness`` and ``exposure``, a row for each rule and project that they concern.

    ``robustness``: of a violation, whether it stands under every alternative that could be tested (``robust``), falls under one
    (``fragile``) or none could be tested (``untested``); ``alternatives`` is JSON: [{clause, value, outcome, margin, unit}].
    ``exposure``: of an open verdict, the area and money at stake, from the best to the worst that the unknown facts can be;
    NULL where an unknown fact has no bounds.
    """
    con.execute(f"CREATE OR REPLACE TABLE robustness AS {EMPTY_ROBUSTNESS}; CREATE OR REPLACE TABLE exposure AS {EMPTY_EXPOSURE}")
    rules = [rule for rule in plan.of("project") if rule.id not in (broken or {})]
    found = _found(con, [rule for rule in rules if rule.alternatives or rule.has_amount])
    other = [rule for rule in rules if rule.alternatives and (rule.id, "violation") in found]
    open_ = [rule for rule in rules if rule.has_amount and (rule.id, "undetermined") in found]
    # in an order that the plan alone gives: which of the rules found something depends on all that was delivered with a project
    asked_of = set(_readings(other))
    readings = [reading for reading in dict.fromkeys(_readings(plan.of("project"))) if reading in asked_of]
    sources = [*([_read_otherwise(other, readings)] if other else []), *([_at_bounds(con, plan, open_)] if open_ else [])]
    if not sources:
        return
    asked = [rule for rule in rules if rule in other or rule in open_]
    groups: list[Layers] = [
        [*side_by_side([rule.items for rule in group]), [item for rule in group for item in rule.again]] for group in in_groups(asked)
    ]
    measures = only_needed(replace(plan.on({"project"}), rules=tuple(asked), tallies=()), _words_again(asked)).measure_items
    stages: list[list[Layers]] = [*around_windows(measures), [[plan.gates["project"]]], groups]
    by = [*(("reading", "is_own") if other else ()), *(("bound", "true_state") if open_ else ())]
    columns = ["project_id", *by, *(f"{rule.id}__{name}" for rule in asked for name in ("outcome", "margin", "area_m2", "yuan"))]
    with worked_out(con, "judging_again", f"({' UNION ALL BY NAME '.join(sources)})", stages, columns) as rows:
        con.execute(f"CREATE OR REPLACE TEMP TABLE judged_again AS SELECT {', '.join(columns)} FROM ({rows})")
    for table, parts in (
        ("robustness", [_alternatives_of(rule, readings) for rule in other]),
        ("exposure", [_exposure_of(rule) for rule in open_]),
    ):
        for part in parts:  # one after the other: each holds a list of what it found of every project
            con.execute(f"INSERT INTO {table} {part}")
    con.execute("DROP TABLE judged_again")


def _readings(rules: Iterable[RulePlan]) -> Iterator[tuple[str, str, str]]:
    """(clause, value as text, as SQL) of every other value that a rule declares."""
    return ((clause, text, sql) for rule in rules for clause, values in rule.alternatives for text, sql in values)


def _found(con: duckdb.DuckDBPyConnection, rules: list[RulePlan]) -> set[tuple[str, str]]:
    """(rule, outcome) of what there is to judge again: planning it costs more than most of it holds."""
    if not rules:
        return set()
    told = ", ".join(f"{{'rule_id': '{rule.id}', 'outcome': {rule.id}__outcome}}" for rule in rules)
    query = f"SELECT DISTINCT o.rule_id, o.outcome FROM (SELECT unnest([{told}]) AS o FROM judged_project)"
    return {(rule_id, outcome) for rule_id, outcome in con.execute(query).fetchall()}


def _words_again(rules: list[RulePlan]) -> set[str]:
    return words_of([[item for rule in rules for item in rule.again]])


def _read_otherwise(rules: list[RulePlan], readings: list[tuple[str, str, str]]) -> str:
    """SQL: the projects of :func:`_asked` with another value of a clause of their law."""
    replaced = []
    for clause in dict.fromkeys(clause for clause, _, _ in readings):
        whens = " ".join(f"WHEN {n} THEN {sql}" for n, (c, _, sql) in enumerate(readings) if c == clause)
        replaced.append(f"CASE a.reading {whens} ELSE law_{clause} END AS law_{clause}")
    same = [f"law_{clause} IS NOT DISTINCT FROM {sql}" for clause, _, sql in readings]
    return (
        f"(SELECT f.* REPLACE ({', '.join(replaced)}, a.reading AS scenario), a.reading, "
        f"CASE a.reading {' '.join(f'WHEN {n} THEN {own}' for n, own in enumerate(same))} END AS is_own "
        f"FROM lawful_project f JOIN ({_asked(rules, readings, same)}) a ON a.whole = {_WHOLE.format('f')})"
    )


#: A development, or a project that stands alone: the figures of one phase depend on those of the others.
_WHOLE = "coalesce('d ' || {0}.development_id, {0}.project_id)"


def _asked(rules: list[RulePlan], readings: list[tuple[str, str, str]], same: list[str]) -> str:
    """SQL: which readings are worth judging of which whole: another than its own, which a rule declares that a phase of it violates."""
    tried = []
    for number, (clause, text, _) in enumerate(readings):
        failed = " OR ".join(f"{r.id}__outcome = 'violation'" for r in rules if text in dict(dict(r.alternatives).get(clause, ())))
        tried.append(f"CASE WHEN ({failed}) AND NOT ({same[number]}) THEN {number} END")
    return (
        f"SELECT DISTINCT {_WHOLE.format('j')} AS whole, reading "
        f"FROM (SELECT *, unnest([{', '.join(tried)}]) AS reading FROM judged_project) j WHERE reading IS NOT NULL"
    )


def _alternatives_of(rule: RulePlan, readings: list[tuple[str, str, str]]) -> str:
    own = [
        n for n, (clause, text, _) in enumerate(readings) if any(clause == c and text in dict(values) for c, values in rule.alternatives)
    ]
    clause = " ".join(f"WHEN {n} THEN {quoted(readings[n][0])}" for n in own)
    value = " ".join(f"WHEN {n} THEN {quoted(readings[n][1])}" for n in own)
    entry = (
        f"{{'clause': CASE reading {clause} END, 'value': CASE reading {value} END, 'outcome': b.{rule.id}__outcome, "
        f"'margin': CAST(b.{rule.id}__margin AS VARCHAR), 'unit': {quoted(rule.margin_unit)}}}"
    )
    stands = f"b.{rule.id}__outcome = 'violation'"
    open_ = f"b.{rule.id}__outcome IN ('undetermined', 'error')"
    return (
        f"SELECT '{rule.id}', project_id, CASE WHEN bool_or(NOT {stands} AND NOT {open_}) THEN 'fragile' "
        f"WHEN bool_or({stands}) THEN 'robust' ELSE 'untested' END, to_json(list({entry} ORDER BY reading))::VARCHAR FROM judged_again b "
        f"JOIN (SELECT project_id FROM judged_project WHERE {rule.id}__outcome = 'violation') USING (project_id) "
        f"WHERE NOT is_own AND reading IN ({', '.join(map(str, own))}) GROUP BY project_id"
    )


def _at_bounds(con: duckdb.DuckDBPyConnection, plan: Plan, rules: list[RulePlan]) -> str:
    """SQL: the projects with an open verdict and their phases, twice: every unknown fact at its worst and at its best."""
    there = columns_of(con, "lawful_project")
    replaced = [
        f"coalesce({_known(column)}, CASE b.bound WHEN 'worst' THEN {worst} ELSE {best} END) AS {column}"
        for column, worst, best in plan.bounds
        if column in there
    ]
    lives = f"life_state IN ({', '.join(map(quoted, UNCLEAR_LIVES))})"
    replaced.append("CASE b.bound WHEN 'worst' THEN -1 ELSE -2 END AS scenario")
    replaced.append(f"CASE WHEN {lives} THEN CASE b.bound WHEN 'worst' THEN 'open' ELSE 'cancelled' END ELSE life_state END AS life_state")
    law = ", ".join(f"v.{name}" for name in plan.law_names)
    open_ = " OR ".join(f"{rule.id}__outcome = 'undetermined'" for rule in rules)
    facts = f"SELECT * EXCLUDE (law_state, verified, ordinance_id, ordinance_sha256, {', '.join(plan.law_names)}) FROM lawful_project"
    return (
        f"(SELECT f.* REPLACE ({', '.join(replaced)}), b.bound FROM (SELECT f.*, {law}, CASE WHEN g.law_state = 'anchor_unclear' AND "
        "g.maybe_no IS NOT NULL THEN 'governed' ELSE g.law_state END AS law_state, g.law_state AS true_state "
        f"FROM ({facts}) f JOIN governing_project g USING (project_id) "
        f"LEFT JOIN law_version v ON v.version_no = coalesce(g.version_no, g.maybe_no) {_with_phases(open_)}) f "
        "CROSS JOIN (VALUES ('worst'), ('best')) b(bound))"
    )


def _with_phases(condition: str) -> str:
    """Join to ``f``: the projects of which it holds, and the other phases of their developments, whose figures theirs depend on."""
    return (
        f"SEMI JOIN (SELECT p.project_id FROM lawful_project p JOIN (SELECT DISTINCT {_WHOLE.format('j')} AS whole "
        f"FROM judged_project j WHERE {condition}) j ON j.whole = {_WHOLE.format('p')}) USING (project_id)"
    )


def _known(column: str) -> str:
    """A day that may be any is as good as none."""
    return f"nullif({column}, {ANY_DAY[column.endswith('_hi')]})" if column.endswith(("_on_lo", "_on_hi")) else column


def _exposure_of(rule: RulePlan) -> str:
    """At best an unclear anchor means that no ordinance applies, and nothing is owed."""
    amounts = []
    for name in ("area_m2", "yuan"):
        for bound in ("best", "worst"):
            known = (
                f"CASE WHEN {rule.id}__outcome = 'violation' THEN {rule.id}__{name} "
                f"WHEN {rule.id}__outcome NOT IN ('undetermined', 'error') THEN 0 END"
            )
            if bound == "best":
                known = f"CASE WHEN true_state = 'anchor_unclear' THEN 0 ELSE {known} END"
            amounts.append(f"any_value({known}) FILTER (bound = '{bound}')")
    return (
        f"SELECT '{rule.id}', project_id, {', '.join(amounts)} FROM judged_again "
        f"JOIN (SELECT project_id FROM judged_project WHERE {rule.id}__outcome = 'undetermined') USING (project_id) "
        "WHERE bound IS NOT NULL GROUP BY project_id"
    )
