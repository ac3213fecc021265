"""The acts of bureaus that rules watch, by the year in which they were done: of how many acts some were let pass."""

from __future__ import annotations

import duckdb

from planning_check.assess.plan import OUTCOMES, Plan
from planning_check.sql import quoted

#: What is no act: the rule does not concern the subject, or the act is not due yet.
_NO_ACT = ("not_applicable", "not_due")
#: rule id -> [year, or None where its day does not tell it; outcome; how many subjects; code and name of their district], in order.
Acts = dict[str, list[list[object]]]


def acts_of(con: duckdb.DuckDBPyConnection, plan: Plan) -> Acts:
    """The acts that each rule of the plan watched, counted by year, outcome and district, from the judged tables.

    A rule that watches an act and met none has an empty list; one that watches none is not there.
    """
    found: Acts = {rule.id: [] for rule in plan.rules if rule.watches_act}
    queries = [
        f"SELECT '{rule.id}' AS rule_id, nullif(j.{rule.id}__act, 0) AS act_year, j.{rule.id}__outcome AS outcome, count(*) AS acts, "
        f"s.district_code AS district_code, s.district_name AS district_name FROM judged_{rule.subject} j "
        f"LEFT JOIN subject_info s ON s.subject = '{rule.subject}' AND s.subject_key = CAST(j.{plan.keys[rule.subject]} AS VARCHAR) "
        f"WHERE {rule.id}__act IS NOT NULL "
        f"AND {rule.id}__outcome NOT IN ({', '.join(map(quoted, _NO_ACT))}) GROUP BY ALL"
        for rule in plan.rules
        if rule.watches_act and rule.subject in plan.subjects
    ]
    order = ", ".join(map(quoted, OUTCOMES))
    if queries:
        sql = (
            f"FROM ({' UNION ALL '.join(queries)}) ORDER BY rule_id, act_year NULLS LAST, list_position([{order}], outcome), district_code"
        )
        for rule_id, year, outcome, count, code, name in con.execute(sql).fetchall():
            found[rule_id].append([year, outcome, count, code, name])
    return found
