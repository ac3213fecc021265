"""Which finding of a project says what area is missing, and which what that is worth: several rules see the same square metres."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from planning_check.assess.plan import Plan
from planning_check.sql import create_with, quoted


def lead(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``leading_finding`` (project_id, missing_rule, worth_rule; a row a project of which a rule says either) and ``leading_list``:
    the lists that such rules are on. Empty where no project was judged or the rules have no story."""
    there = {rule.id for rule in plan.rules if rule.subject == "project"}
    orders = {
        name: [rule for rule in rules if rule in there]
        for name, rules in (("missing", plan.leading.missing), ("worth", plan.leading.worth))
    }
    create_with(con, "leading_list", {"list": "VARCHAR"}, [{"list": code} for code in plan.leading.lists])
    said = ", ".join(f"{_first(rules, plan.leading.settled_by)} AS {name}_rule" for name, rules in orders.items())
    judged = "judged_project" if "project" in plan.subjects else "(SELECT NULL AS project_id WHERE false)"
    con.execute(
        f"CREATE OR REPLACE TABLE leading_finding AS FROM (SELECT CAST(project_id AS VARCHAR) AS project_id, {said} FROM {judged}) "
        "WHERE coalesce(missing_rule, worth_rule) IS NOT NULL"
    )


def _first(rules: Sequence[str], settled_by: Sequence[str]) -> str:
    """SQL: the first rule that is violated, unless one that settles it passes before."""
    whens = ""
    for rule in rules:
        whens += f" WHEN {rule}__outcome = 'violation' THEN {quoted(rule)}"
        whens += f" WHEN {rule}__outcome = 'pass' THEN NULL" if rule in settled_by else ""
    return f"(CASE{whens} END)" if whens else "NULL::VARCHAR"
