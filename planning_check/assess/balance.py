"""The balance of each project's obligation: required = handed over + in lieu + exempt + residual."""

from __future__ import annotations

import duckdb

from planning_check.assess.plan import ENDED_SQL, JUDGED_SQL, UNCLEAR_LIVES, Plan

#: balance column -> the measure of rules/measures.yaml that gives it
PARTS = {
    "required_m2": "required_latest_m2", "handed_m2": "balance_handed_m2", "in_lieu_m2": "balance_in_lieu_m2",
    "waived_m2": "balance_waived_m2", "residual_m2": "residual_m2", "residual_yuan": "residual_yuan", "surplus_m2": "surplus_m2",
}  # fmt: skip
#: What a balance lacks: whether anything is owed, else what is left of it.
LACKING = ("duty_applies__missing", "residual_m2__missing")


def balance(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``balance``: a row a project, its state and the parts of the equation, from ``judged_project``.

    ``missing``: what an unknown balance lacks.
    ``share_parts``: how its land is divided among communities, in millionths. ``twice_m2``: area that was claimed or paid for twice and
    counts once. No rows where no project was judged.
    """
    con.execute(
        "CREATE OR REPLACE TABLE balance AS " + (_sql() if "project" in plan.subjects else f"SELECT * FROM ({_empty()}) WHERE false")
    )


def _empty() -> str:
    texts = (
        "project_id",
        "project_name",
        "district_code",
        "district_name",
        "developer_name",
        "developer_code",
        "state",
        "missing",
        "share_parts",
    )
    return "SELECT " + ", ".join(
        [*(f"NULL::VARCHAR AS {c}" for c in texts), *(f"NULL::DECIMAL(18, 2) AS {c}" for c in (*PARTS, "twice_m2"))]
    )


def _sql() -> str:
    parts = ", ".join(
        f"CASE WHEN state NOT IN ('no_duty', 'ended', 'unknown') THEN TRY_CAST({of} AS DECIMAL(18, 2)) END AS {name}"
        for name, of in PARTS.items()
    )
    unclear = " ".join(f"WHEN life_state = '{state}' THEN '{fact}'" for state, fact in UNCLEAR_LIVES.items())
    return f"""
    SELECT project_id, project_name, j.district_code, district_name, developer_name,
           CASE WHEN number_of(developer_code) IS NOT NULL THEN developer_code END AS developer_code, state, share_parts, {parts},
           CASE WHEN state NOT IN ('no_duty', 'ended', 'unknown') THEN CAST(handed_elsewhere_m2 + in_lieu_twice_m2 AS DECIMAL(18, 2)) END
               AS twice_m2,
           CASE WHEN state = 'unknown' THEN rtrim(CASE {unclear} WHEN NOT ({JUDGED_SQL}) THEN 'law'
               WHEN duty_applies IS NULL THEN {LACKING[0]} ELSE {LACKING[1]} END, ',') END AS missing
    FROM (SELECT *, CASE WHEN {ENDED_SQL} THEN 'ended'
                         WHEN law_state IN ('legacy', 'none') OR ({JUDGED_SQL} AND NOT duty_applies) THEN 'no_duty'
                         WHEN coalesce(life_state, 'open') <> 'open' OR NOT ({JUDGED_SQL}) OR duty_applies IS NULL
                             OR residual_m2 IS NULL THEN 'unknown'
                         WHEN residual_m2 = 0 THEN 'settled' WHEN handover_is_due THEN 'overdue' WHEN NOT handover_is_due THEN 'not_due'
                         ELSE 'due_unclear' END AS state
          FROM judged_project) j LEFT JOIN districts d ON d.district_code = j.district_code
    ORDER BY project_id
    """
