"""The acts of bureaus that rules watch, by the year in which they were done: of how many acts some were let pass."""

from __future__ import annotations

import duckdb

from planning_check.assess.plan import OUTCOMES, Plan
from planning_check.sql import create_with, quoted

#: What is no act: the rule does not concern the subject, or the act is not due yet.
_NO_ACT = ("not_applicable", "not_due")
#: rule id -> [year, or None where its day does not tell it; outcome; how many subjects; code and name of their district], in order.
Acts = dict[str, list[list[object]]]


def keep_acts(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``act`` from the judged tables: a row an act that a rule of the plan watched, with its year (none where its day does not tell
    it), its outcome, and its district."""
    queries = [
        f"SELECT '{rule.id}' AS rule_id, s.subject_key, nullif(j.{rule.id}__act, 0) AS act_year, j.{rule.id}__outcome AS outcome, "
        f"s.district_code, s.district_name FROM judged_{rule.subject} j LEFT JOIN subject_info s "
        f"ON s.subject = '{rule.subject}' AND s.subject_key = CAST(j.{plan.keys[rule.subject]} AS VARCHAR) "
        f"WHERE {rule.id}__act IS NOT NULL AND {rule.id}__outcome NOT IN ({', '.join(map(quoted, _NO_ACT))})"
        for rule in plan.rules
        if rule.watches_act and rule.subject in plan.subjects
    ]
    columns = {"rule_id": "VARCHAR", "subject_key": "VARCHAR", "act_year": "BIGINT"}
    create_with(con, "act", {**columns, **dict.fromkeys(("outcome", "district_code", "district_name"), "VARCHAR")}, [])
    if queries:
        con.execute(f"INSERT INTO act {' UNION ALL '.join(queries)}")


def acts_of(con: duckdb.DuckDBPyConnection, plan: Plan) -> Acts:
    """The acts that each rule of the plan watched, counted by year, outcome and district, from ``act``.

    A rule that watches an act and met none has an empty list; one that watches none is not there.
    """
    found: Acts = {rule.id: [] for rule in plan.rules if rule.watches_act}
    order = ", ".join(map(quoted, OUTCOMES))
    sql = (
        "FROM (SELECT rule_id, act_year, outcome, count(*) AS acts, district_code, district_name FROM act GROUP BY ALL) "
        f"ORDER BY rule_id, act_year NULLS LAST, list_position([{order}], outcome), district_code"
    )
    for rule_id, year, outcome, count, code, name in con.execute(sql).fetchall():
        found[rule_id].append([year, outcome, count, code, name])
    return found
