"""The duty of a project that is older than any ordinance and whose planning conditions or land contract state it.

It binds whatever the date. What the contract says (share, base, area) holds; what it leaves open is taken from the ordinance that is in
force for the place on the day of the check, and of that only the clauses that ``rules/contract.yaml`` names:
a later procedure is not applied backwards.
"""

from __future__ import annotations

import duckdb

from planning_check.assess.giving_way import not_giving_way, of_the_place
from planning_check.assess.plan import Plan
from planning_check.schema import USES
from planning_check.sql import quoted


def law_texts(plan: Plan) -> str:
    """Select items over a law version: the clauses that each rule reads, as JSON."""
    return "".join(f", {rule.law_text} AS law_text_{rule.id}" for rule in plan.rules)


def bind_contracts(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Turn projects that no ordinance covers, but a contract binds, from ``legacy`` to ``contract``;
    their terms become law versions of their own.

    ``contract_unclear``: neither the contract nor an ordinance in force says how much.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE contract AS {_contracts(plan)}")
    columns = {row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE law_version)").fetchall()}
    own = [name for name in columns if not name.startswith("law_")]
    named = ["version_no", *sorted(n for n in own if n != "version_no"), *(name for name, _ in plan.law_columns)]
    items = ", ".join(_item(name, dict(plan.law_columns).get(name, ""), plan) for name in named)
    made = (
        f"SELECT {items} FROM (SELECT DISTINCT ON (terms_no) * FROM contract WHERE is_clear ORDER BY terms_no) c "
        "LEFT JOIN law_version v ON v.version_no = c.now_no"
    )
    con.execute(f"INSERT INTO law_version BY NAME SELECT *{law_texts(plan)} FROM ({made})")
    con.execute(
        "UPDATE governing_project g SET law_state = CASE WHEN c.is_clear THEN 'contract' ELSE 'contract_unclear' END, "
        "version_no = CASE WHEN c.is_clear THEN c.terms_no END, maybe_no = NULL FROM contract c WHERE c.project_id = g.project_id"
    )


def _item(name: str, sql_type: str, plan: Plan) -> str:
    """One column of the version that a contract makes."""
    clause = name.removeprefix("law_")
    own = {
        "version_no": "c.terms_no",
        "law_share": "CASE WHEN c.states_amount THEN coalesce(c.share, 0) ELSE v.law_share END",
        "law_base": "coalesce(c.base, v.law_base)",
        "law_minimum_m2": "CASE WHEN c.states_amount THEN coalesce(c.area_m2, 0) ELSE v.law_minimum_m2 END",
        "law_tiers": "CASE WHEN NOT c.states_amount THEN v.law_tiers END",
        "law_per_100_households_m2": "CASE WHEN NOT c.states_amount THEN v.law_per_100_households_m2 END",
        # the contract names the project, whatever it is used for
        "law_applies_to_uses": f"[{', '.join(quoted(use.code) for use in USES)}]",
    }
    if name in own:
        return f"{own[name]} AS {name}"
    if not name.startswith("law_") or clause in plan.contract_takes:
        return f"v.{name}"
    if clause in plan.contract_takes_with_deposit:
        return f"CASE WHEN c.has_deposit THEN v.{name} END AS {name}"
    return f"CAST(NULL AS {sql_type}) AS {name}"


def _contracts(plan: Plan) -> str:
    """SQL: a row for each project bound by its contract: what that says, and the version in force for the place on the day of the check,
    if there is one."""
    return f"""
WITH bound AS (
    SELECT f.project_id, f.district_code, f.as_of, CAST(f.conditions_percent * 0.01 AS DECIMAL(18, 6)) AS share, f.conditions_base AS base,
           f.conditions_area_m2 AS area_m2, coalesce(f.deposit_paid_yuan > 0, false) AS has_deposit
    FROM fact_project f JOIN governing_project g USING (project_id)
    WHERE g.law_state IN ('legacy', 'none', 'gap') AND f.conditions_state_duty
), there AS (
    SELECT b.project_id, v.version_no, v.ordinance_id, length(v.jurisdiction) AS depth, b.as_of BETWEEN v.from_on AND v.to_on AS surely
    FROM bound b JOIN law_version v ON starts_with(coalesce(b.district_code, ''), v.place) {of_the_place(plan, "b.project_id")}
), in_force AS (
    SELECT *, max(depth) OVER (PARTITION BY project_id) AS most FROM there
    WHERE surely AND {not_giving_way(plan, "there", "project_id")}
), deepest AS (
    SELECT project_id, CASE WHEN count(*) = 1 THEN min(version_no) END AS now_no
    FROM in_force WHERE depth = most GROUP BY project_id
), said AS (
    SELECT b.*, d.now_no, share IS NOT NULL OR area_m2 IS NOT NULL AS states_amount FROM bound b LEFT JOIN deepest d USING (project_id)
)
SELECT *, states_amount OR now_no IS NOT NULL AS is_clear,
       CAST((SELECT count(*) FROM law_version) + dense_rank() OVER (ORDER BY now_no NULLS LAST, share NULLS LAST, base NULLS LAST,
            area_m2 NULLS LAST, has_deposit) AS INTEGER) AS terms_no
FROM said
"""
