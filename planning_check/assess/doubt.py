"""Which violations rest on a register of which something was delivered and cannot be read as anybody's.

A row that was set aside and names no project may be any project's. To take it for everybody's would clear all of them, to take it for
nobody's accuses whoever it belongs to. So the facts are measured once more as if it were everybody's: what is then no longer
certain stands, but is fragile and says why.
"""

from __future__ import annotations

import duckdb

from planning_check.assess.judging import judge
from planning_check.assess.law import base, create_law, govern
from planning_check.assess.plan import Plan
from planning_check.sql import quoted


def keep_standing(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``standing`` (rule_id, subject_key): the violations by the facts as they are now, measured in doubt."""
    create_law(con, plan)
    govern(con, plan)
    base(con, plan)
    judge(con, plan)
    con.execute(f"CREATE OR REPLACE TABLE standing AS {_violations(plan)}")


def mark_doubt(con: duckdb.DuckDBPyConnection, plan: Plan, *, tried: bool) -> None:
    """Table ``doubt`` (rule_id, subject_key, registers, zh, en): the violations that do not stand in doubt;
    none unless it was ``tried``."""
    if not tried:
        con.execute(
            "CREATE OR REPLACE TABLE doubt AS SELECT *, CAST([] AS VARCHAR[]) AS registers, '' AS zh, '' AS en "
            f"FROM ({_violations(plan)}) WHERE false"
        )
        return
    reads = " UNION ALL ".join(f"SELECT {quoted(r.id)} AS rule_id, {list(r.reads)}::VARCHAR[] AS reads" for r in plan.rules)
    con.execute(f"""
        CREATE OR REPLACE TABLE doubt AS
        WITH fallen AS (SELECT * FROM ({_violations(plan)}) ANTI JOIN standing USING (rule_id, subject_key)),
             asked AS (SELECT f.*, u.* FROM fallen f JOIN ({reads}) r USING (rule_id), unread_register u
                       WHERE list_contains(r.reads, u.table_name)
                       OR NOT EXISTS (FROM unread_register o WHERE list_contains(r.reads, o.table_name))),
             named AS (SELECT a.*, l.label_zh, l.label_en FROM asked a JOIN table_label l USING (table_name))
        SELECT rule_id, subject_key, list(table_name ORDER BY table_name) AS registers,
               '此条以“' || string_agg(label_zh, '”、“' ORDER BY table_name) || '”没有别的记录为前提，而其中有未能读入、看不出属于谁的：'
               || string_agg(zh, '；' ORDER BY table_name) || '。先查清再处理' AS zh,
               'This holds if there is nothing more in ' || string_agg(label_en, ', ' ORDER BY table_name)
               || ', of which something could not be read as anybody''s: ' || string_agg(en, '; ' ORDER BY table_name)
               || '. Clear that up first' AS en
        FROM named GROUP BY rule_id, subject_key""")


def _violations(plan: Plan) -> str:
    parts = [
        f"SELECT {quoted(r.id)} AS rule_id, CAST({plan.keys[r.subject]} AS VARCHAR) AS subject_key FROM judged_{r.subject} "
        f"WHERE {r.id}__outcome = 'violation'"
        for r in plan.rules
    ]
    return " UNION ALL ".join(parts) or "SELECT NULL::VARCHAR AS rule_id, NULL::VARCHAR AS subject_key WHERE false"
