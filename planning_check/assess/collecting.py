"""Findings with evidence, and a register that adds up."""

from __future__ import annotations

from functools import partial

import duckdb

from planning_check.assess.cursors import at_once
from planning_check.assess.plan import NAMED, OUTCOMES, Plan
from planning_check.assess.sql import quoted

#: Up to so many findings are held as a table.
HELD_FINDINGS = 50_000


def collect(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """``finding``, tables ``register`` and ``register_count`` from the judged tables; view ``cited_subject``.

    ``finding`` is a table where there are few (planning its query costs more than holding it), and a view where there are
    many: its texts and JSON are then made as they are read, so that a large city's evidence is never held in memory at
    once. Its order is fixed: by list, rule and subject key.
    """
    for subject in plan.subjects:
        con.execute(
            f"CREATE OR REPLACE TABLE evidence_{subject} AS SELECT i.subject_key AS i_key, "
            f"{', '.join(f'i.{c} AS i_{c}' for c in NAMED)}, s.* EXCLUDE (subject_key) "
            f"FROM subject_info i LEFT JOIN subject_source_{subject} s USING (subject_key) WHERE i.subject = '{subject}'"
        )
    _collect_register(con, plan)
    _collect_findings(con, plan)
    cited = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, CAST({plan.keys[s]} AS VARCHAR) AS subject_key FROM judged_{s} "
        f"WHERE regexp_matches(register_letters, '[{''.join(OUTCOMES[o] for o in plan.shown)}]')"
        for s in plan.subjects
    )
    con.execute(f"CREATE OR REPLACE VIEW cited_subject AS {cited}")


def _collect_findings(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Only the queries of rules with something to show: planning one costs more than most of them hold."""
    shown = _shown(con, plan)
    rules = sorted(plan.rules, key=lambda r: (r.list_no, r.id))
    rules = [rule for rule in rules if rule.id in shown] or rules[:1]
    parts = {rule.id: f"(SELECT * FROM ({rule.finding_sql}) ORDER BY subject_key)" for rule in rules}
    con.execute("DROP VIEW IF EXISTS finding" if _is_view(con) else "DROP TABLE IF EXISTS finding")
    if sum(shown.values()) > HELD_FINDINGS:
        con.execute("CREATE VIEW finding AS " + " UNION ALL ".join(parts.values()))
        return
    at_once(con, [partial(_hold, rule_id, sql) for rule_id, sql in parts.items()])
    con.execute("CREATE TABLE finding AS " + " UNION ALL ".join(f"SELECT * FROM found_{rule_id}" for rule_id in parts))
    for rule_id in parts:
        con.execute(f"DROP TABLE found_{rule_id}")


def _hold(rule_id: str, sql: str, con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"CREATE OR REPLACE TABLE found_{rule_id} AS {sql}")


def _is_view(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'finding'").fetchall())


def _shown(con: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, int]:
    """How many findings each rule will have that has any."""
    query = f"SELECT rule_id, CAST(sum(subjects) AS BIGINT) FROM register_count WHERE outcome IN ({', '.join(map(quoted, plan.shown))}) GROUP BY rule_id"
    return dict(con.execute(query).fetchall())


def _collect_register(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    lines = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, CAST({plan.keys[s]} AS VARCHAR) AS subject_key, register_letters AS outcomes FROM judged_{s}"
        for s in plan.subjects
    )
    con.execute(f"CREATE OR REPLACE TABLE register AS SELECT * FROM ({lines}) ORDER BY subject, subject_key")
    counts = []
    for rule in plan.rules:
        reason_zh = " ".join(f"WHEN {n} THEN {quoted(zh)}" for n, (zh, _) in enumerate(rule.reasons))
        reason_en = " ".join(f"WHEN {n} THEN {quoted(en)}" for n, (_, en) in enumerate(rule.reasons))
        counts.append(
            f"SELECT '{rule.id}' AS rule_id, {rule.id}__outcome AS outcome, "
            + (f"CASE {rule.id}__reason {reason_zh} END AS reason_zh, " if reason_zh else "NULL::VARCHAR AS reason_zh, ")
            + (f"CASE {rule.id}__reason {reason_en} END AS reason_en, " if reason_en else "NULL::VARCHAR AS reason_en, ")
            + f"count(*) AS subjects FROM judged_{rule.subject} GROUP BY ALL"
        )
    con.execute(f"CREATE OR REPLACE TABLE register_count AS SELECT * FROM ({' UNION ALL '.join(counts)}) ORDER BY ALL")


def imbalance(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[tuple[str, int, int]]:
    """Rules whose outcomes do not add up to their subjects: (rule, outcomes, subjects). Empty, or the run is wrong."""
    wrong = []
    for rule in plan.rules:
        subjects = con.execute(f"SELECT count(*) FROM fact_{rule.subject}").fetchone()[0]
        found = con.execute(
            "SELECT coalesce(sum(subjects), 0) FROM register_count WHERE rule_id = ? AND outcome IS NOT NULL", [rule.id]
        ).fetchone()[0]
        if found != subjects:
            wrong.append((rule.id, int(found), subjects))
    return wrong
