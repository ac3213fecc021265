"""Every rule on every subject: one query a subject."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import zip_longest

import duckdb

from planning_check.assess.balance import LACKING
from planning_check.assess.handed import of_event
from planning_check.assess.plan import ENDED_SQL, JUDGED_SQL, OUTCOMES, Plan, RulePlan
from planning_check.assess.staging import Layers, around_windows, columns_of, in_groups, made_by, words_of, worked_out
from planning_check.engine import at_once
from planning_check.sql import layered


def judge(con: duckdb.DuckDBPyConnection, plan: Plan, each: Callable[[], None] = lambda: None) -> dict[str, str]:
    """Tables ``judged_<subject>``: every rule's outcome and numbers, one row a subject, one query a subject.

    A rule that cannot run gets the outcome ``error`` for every subject and hides no other. Returns rule id -> error. ``each`` hears of
    every subject that is judged.
    """
    broken: dict[str, str] = {}
    if "project" in plan.subjects:
        _judge_or_isolate(plan, "project", broken, con)
        each()
    if "development" in plan.subjects:
        con.execute(LAW_OF_PHASES)
    others = [subject for subject in plan.subjects if subject != "project"]
    at_once(con, [partial(_judge_or_isolate, plan, subject, broken) for subject in others], each)
    return broken


#: A development stands under the law that binds its phases: that of the first phase surely bound, else of one that may be,
#: else of the first.
LAW_OF_PHASES = f"""
UPDATE fact_development d SET project_id = s.project_id FROM (
    SELECT DISTINCT ON (development_id) development_id, project_id FROM (
        SELECT development_id, project_id, phase_no,
               CASE WHEN law_state IN ('legacy', 'none') OR {ENDED_SQL}
                         OR ({JUDGED_SQL} AND (law_phases IS NULL OR NOT duty_applies)) THEN 2
                    WHEN {JUDGED_SQL} AND duty_applies AND coalesce(life_state, 'open') = 'open' THEN 0 ELSE 1 END AS place
        FROM judged_project WHERE development_id IS NOT NULL)
    ORDER BY development_id, place, coalesce(phase_no, 999999), project_id) s
WHERE s.development_id = d.development_id
"""


def _judge_or_isolate(plan: Plan, subject: str, broken: dict[str, str], con: duckdb.DuckDBPyConnection) -> None:
    """Judge the rules of a subject together; if that fails, find the ones that cannot run and leave them out."""
    rules = plan.of(subject)
    try:
        _judge_subject(con, plan, subject, rules, {})
    except duckdb.OutOfMemoryException:
        raise  # no fault of a rule
    except duckdb.Error:
        for rule in rules:
            try:
                _judge_subject(con, plan, subject, [rule], {})
            except duckdb.OutOfMemoryException:
                raise
            except duckdb.Error as error:
                broken[rule.id] = str(error).splitlines()[0]
        _judge_subject(con, plan, subject, rules, broken)


def _judge_subject(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str, rules: list[RulePlan], broken: dict[str, str]) -> None:
    letters = " ".join(f"WHEN '{outcome}' THEN '{letter}'" for outcome, letter in OUTCOMES.items())
    register = " || ".join(f"(CASE {rule.id}__outcome {letters} END)" for rule in rules) or "''"
    source, stages = ("lawful_project", around_windows(plan.measure_items)) if subject == "project" else (_based(con, plan, subject), [])
    stages += [[[plan.gates[subject]]]]
    stages += [[side_by_side([r.items if r.id not in broken else (r.broken_items,) for r in group]) for group in in_groups(rules)]]
    with worked_out(con, f"judging_{subject}", source, stages, passing=_passing(plan, subject, stages)) as rows:
        con.execute(f"CREATE OR REPLACE TABLE judged_{subject} AS SELECT *, {register} AS register_letters FROM ({rows})")


def _passing(plan: Plan, subject: str, stages: list[list[Layers]]) -> set[str]:
    """What rules and measures work out on the way and nobody asks for afterwards: their steps, by whose names "__" they are known."""
    told = [sql for rule in plan.of(subject) for sql in (rule.line_sql, rule.told_sql)]
    asked = words_of([told, LACKING]) | {f"{rule.id}__{name}" for rule in plan.of(subject) for name in ("outcome", "reason", "act")}
    if subject == "project":
        by_others = words_of([[item for other in plan.subjects for item in _said(plan, other)]])
        asked |= {name.removeprefix("project__") for name in by_others if name.startswith("project__")}
        asked |= words_of([[tally.sql for tally in plan.tallies]])
    return {name for stage in stages for layers in stage for name in made_by(layers) if "__" in name} - asked


def _said(plan: Plan, subject: str) -> list[str]:
    """All that the rules of a subject say, and for rooms what is asked of each before."""
    rules = [item for rule in plan.of(subject) for layer in (*rule.items, (rule.line_sql, rule.told_sql)) for item in layer]
    return [*rules, *plan.gates[subject], *(item for layer in plan.room_items for item in layer if subject == "premises")]


def side_by_side(layers: list[tuple[tuple[str, ...], ...]]) -> list[list[str]]:
    """The layers of several rules as one stack of layers."""
    return [[item for layer in level for item in layer] for level in zip_longest(*layers, fillvalue=())]


def _based(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str) -> str:
    """What the rules of a part of a project, or of what is no project, read: its facts and law,
    its tallies and what it takes from the project."""
    law_by = plan.law_by[subject]
    if law_by == "as_of":
        source = f"lawful_{subject} f"
    elif law_by == "project":
        summed, joined = of_event(plan) if subject == "deposit" else ("", "")
        source = (
            f"(SELECT f.*{summed}, coalesce(p.law_state, 'no_project') AS law_state, p.ordinance_id, p.ordinance_sha256, p.verified"
            f"{_of_project(con, plan, subject)} FROM fact_{subject} f LEFT JOIN judged_project p ON p.project_id = f.project_id{joined}) f"
        )
    else:
        source = f"fact_{subject} f"
    based = f"(SELECT f.*{_tallied(plan, subject, source)})"
    layers = {"premises": plan.room_items, "deposit": plan.deposit_items}.get(subject)
    return f"({layered(based, layers)})" if layers else based


def _tallied(plan: Plan, subject: str, source: str) -> str:
    """The rest of a select on ``source``: its tallies, joined; a count of nobody is 0 where any project was delivered."""
    items, joins = "", ""
    for over in dict.fromkeys(tally.over for tally in plan.tallies if reads_tally(plan, subject, tally.over)):
        of_it = [tally for tally in plan.tallies if tally.over == over]
        key = of_it[0].key
        sums = ", ".join(f"{tally.sql} AS {tally.id}" for tally in of_it)
        joins += f" LEFT JOIN (SELECT {key}, {sums} FROM {_members(over)} GROUP BY {key}) t_{over} ON t_{over}.{key} = f.{key}"
        for tally in of_it:
            value = f"t_{over}.{tally.id}"
            if tally.counts:
                value = f"CASE WHEN EXISTS (FROM judged_project) THEN coalesce({value}, 0) END"
            items += f", {value} AS {tally.id}"
    return f"{items} FROM {source}{joins}"


def _members(over: str) -> str:
    """The judged projects with the key of what they belong to: a project may be in a group at every distance that a rule asks for."""
    return "(SELECT *, unnest(cluster_ids) AS cluster_id FROM judged_project)" if over == "cluster" else "judged_project"


def reads_tally(plan: Plan, subject: str, over: str) -> bool:
    """Whether the rules of a subject can read the tallies over communities, developments or groups."""
    return over == subject or (over == "community" and plan.law_by[subject] == "as_of")


def _of_project(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str) -> str:
    """What the subject's rules read of its project: law columns as they are, facts and measures as ``project__<name>``."""
    wanted = {name for name in words_of([_said(plan, subject)]) if name.startswith(("project__", "law_"))}
    columns = columns_of(con, "judged_project")
    law = set(plan.law_names)
    own = [f", p.{c}" for c in columns if c in law and c in wanted]
    return "".join([*own, *(f", p.{c} AS project__{c}" for c in columns if f"project__{c}" in wanted)])
