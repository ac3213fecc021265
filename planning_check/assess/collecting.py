"""Findings with evidence, and a register that adds up."""

from __future__ import annotations

import duckdb

from planning_check.assess.heads import collect_heads
from planning_check.assess.plan import NAMED, OUTCOMES, Plan
from planning_check.sql import create_with, quoted


def collect(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``finding_head``, ``register`` and ``register_count`` from the judged tables; ``cited_subject``; views ``told_<subject>``.

    ``finding_head``: one narrow row a finding, numbered in a fixed order: by list, rule and subject key. What people read of a finding is
    made when they read it, by the rule's ``told_sql`` over ``told_<subject>``: a large city's texts are never in memory at once.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE named_subject AS FROM subject_info")
    for subject in plan.subjects:
        con.execute(
            f"CREATE OR REPLACE TABLE evidence_{subject} AS SELECT i.subject_key AS i_key, "
            f"{', '.join(f'i.{c} AS i_{c}' for c in NAMED)}, s.* EXCLUDE (subject_key) "
            f"FROM named_subject i LEFT JOIN subject_source_{subject} s USING (subject_key) WHERE i.subject = '{subject}'"
        )
    _collect_register(con, plan)
    _collect_heads(con, plan)
    letters = "".join(OUTCOMES[outcome] for outcome in plan.shown)
    con.execute(
        f"CREATE OR REPLACE TABLE cited_subject AS SELECT subject, subject_key FROM register WHERE regexp_matches(outcomes, '[{letters}]')"
    )
    for subject in plan.subjects:
        con.execute(
            f"CREATE OR REPLACE VIEW told_{subject} AS SELECT CAST(j.{plan.keys[subject]} AS VARCHAR) AS told_key, j.*, "
            f"e.* EXCLUDE (i_key, {', '.join(f'i_{c}' for c in NAMED)}) "
            f"FROM judged_{subject} j LEFT JOIN evidence_{subject} e ON e.i_key = CAST(j.{plan.keys[subject]} AS VARCHAR)"
        )


def _collect_heads(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Only the queries of rules with something to show: planning one costs more than most of them hold."""
    shown = _shown(con, plan)
    rules = sorted(plan.rules, key=lambda r: (r.list_no, r.id))
    collect_heads(con, plan, [rule for rule in rules if rule.id in shown] or rules[:1])


def tell(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """View ``finding``: the findings just collected, with all that people read of them."""
    rules = [rule for rule in plan.rules if rule.id in _shown(con, plan)] or list(plan.rules[:1])
    reasons = ", ".join(f"coalesce(t.exempt_{lang}, h.reason_{lang}) AS reason_{lang}" for lang in ("zh", "en"))
    told = " UNION ALL ".join(
        f"SELECT h.* REPLACE ({reasons}), t.* EXCLUDE (subject_key, exempt_zh, exempt_en) FROM finding_head h "
        f"JOIN ({rule.told_sql}) t USING (subject_key) WHERE h.rule_id = '{rule.id}'"
        for rule in rules
    )
    con.execute(f"CREATE OR REPLACE VIEW finding AS {told}")


def _shown(con: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, int]:
    """How many findings each rule will have that has any."""
    query = (
        "SELECT rule_id, CAST(sum(subjects) AS BIGINT) FROM register_count "
        f"WHERE outcome IN ({', '.join(map(quoted, plan.shown))}) GROUP BY rule_id"
    )
    return dict(con.execute(query).fetchall())


def _collect_register(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    lines = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, CAST({plan.keys[s]} AS VARCHAR) AS subject_key, register_letters AS outcomes, "
        f"[{', '.join(f'CAST({rule.id}__reason AS UTINYINT)' for rule in plan.of(s))}]::UTINYINT[] AS reason_nos FROM judged_{s}"
        for s in plan.subjects
    )
    con.execute(f"CREATE OR REPLACE TABLE register AS SELECT * FROM ({lines}) ORDER BY subject, subject_key")
    count_register(con, plan)


def count_register(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``register_count`` from ``register``: how many subjects came out how under each rule, and why where it does not apply."""
    lines = " UNION ALL ".join(
        f"SELECT unnest([{', '.join(quoted(rule.id) for rule in rules)}]) AS rule_id, unnest(string_split(outcomes, '')) AS letter, "
        f"unnest(reason_nos) AS reason_no FROM register WHERE subject = '{subject}'"
        for subject in plan.subjects
        if (rules := plan.of(subject))
    )
    reasons = [
        {"rule_id": rule.id, "reason_no": n, "reason_zh": zh, "reason_en": en}
        for rule in plan.rules
        for n, (zh, en) in enumerate(rule.reasons)
    ]
    columns = {"rule_id": "VARCHAR", "reason_no": "INTEGER", "reason_zh": "VARCHAR", "reason_en": "VARCHAR"}
    create_with(con, "reason", columns, reasons)
    create_with(con, "letter", dict.fromkeys(("outcome", "letter"), "VARCHAR"), [{"outcome": o, "letter": c} for o, c in OUTCOMES.items()])
    con.execute(
        "CREATE OR REPLACE TABLE register_count AS SELECT rule_id, outcome, reason_zh, reason_en, sum(subjects)::BIGINT AS subjects "
        f"FROM (SELECT rule_id, letter, reason_no, count(*) AS subjects FROM ({lines}) GROUP BY ALL) c "
        "LEFT JOIN letter USING (letter) LEFT JOIN reason USING (rule_id, reason_no) GROUP BY ALL ORDER BY ALL"
    )
    con.execute("DROP TABLE reason; DROP TABLE letter")


def imbalance(con: duckdb.DuckDBPyConnection, plan: Plan) -> list[tuple[str, int, int]]:
    """Rules whose outcomes do not add up to their subjects: (rule, outcomes, subjects). Empty, or the run is wrong."""
    subjects = (
        dict(con.execute(" UNION ALL ".join(f"SELECT '{s}', count(*) FROM fact_{s}" for s in plan.subjects)).fetchall())
        if plan.subjects
        else {}
    )
    found = dict(
        con.execute("SELECT rule_id, sum(subjects)::BIGINT FROM register_count WHERE outcome IS NOT NULL GROUP BY rule_id").fetchall()
    )
    return [(r.id, found.get(r.id, 0), subjects[r.subject]) for r in plan.rules if found.get(r.id, 0) != subjects[r.subject]]
