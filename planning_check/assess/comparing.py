"""Two readings of the law on the same facts: what is new, gone and changed, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

CHANGES = ("new", "gone", "changed", "opened", "closed")


@dataclass(frozen=True)
class Comparison:
    """``rules``: rule_id, list, before, after, new, gone, changed, opened, closed. ``districts``: list, district_code, district_name,
    lines, area and money before and after (a project counts once a list, with its largest). ``changes``: one row a finding that is
    not the same, with both amounts. ``opened``/``closed``: could no longer / can now be judged; ``opened`` of the whole: how many outcomes
    became undetermined, of rules that both readings have. ``fragile``: violations that may not stand,
    before and after."""

    rules: list[dict[str, Any]]
    districts: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    outcomes: tuple[dict[str, int], dict[str, int]]
    fragile: tuple[int, int]
    opened: int


def keep_reading(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Table ``reading_<name>``: what the reading just judged and collected finds, without texts and evidence."""
    con.execute(
        f"CREATE OR REPLACE TABLE reading_{name} AS SELECT rule_id, list, subject, subject_key, subject_name, project_id, district_code, "
        "district_name, developer_name, outcome, status, severity, area_m2, yuan, robustness FROM finding_head"
    )
    con.execute(f"CREATE OR REPLACE TABLE rule_{name} AS SELECT DISTINCT rule_id FROM register_count")
    con.execute(
        f"CREATE OR REPLACE TABLE count_{name} AS SELECT outcome, sum(subjects)::BIGINT AS subjects FROM register_count GROUP BY outcome"
    )


def compare(con: duckdb.DuckDBPyConnection) -> Comparison:
    """Compare ``reading_before`` with ``reading_after``."""
    con.execute(_CHANGES)
    return Comparison(
        rules=_rows(con, _RULES),
        districts=_rows(con, _DISTRICTS),
        changes=_rows(con, "SELECT * FROM change ORDER BY list, rule_id, subject_key"),
        outcomes=(_counts(con, "before"), _counts(con, "after")),
        fragile=(_fragile(con, "before"), _fragile(con, "after")),
        opened=con.execute(_OPENED).fetchall()[0][0],
    )


def _rows(con: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = con.execute(query)
    names = [d[0] for d in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _counts(con: duckdb.DuckDBPyConnection, name: str) -> dict[str, int]:
    return dict(con.execute(f"SELECT outcome, subjects FROM count_{name} ORDER BY outcome").fetchall())


def _fragile(con: duckdb.DuckDBPyConnection, name: str) -> int:
    return con.execute(f"SELECT count(*) FROM reading_{name} WHERE outcome = 'violation' AND robustness = 'fragile'").fetchall()[0][0]


_OPENED = """
SELECT count(*) FROM (FROM reading_after WHERE outcome = 'undetermined') SEMI JOIN rule_before USING (rule_id)
ANTI JOIN (FROM reading_before WHERE outcome = 'undetermined') USING (rule_id, subject, subject_key)
"""
_SAME = (
    "a.status IS NOT DISTINCT FROM b.status AND a.severity = b.severity AND a.area_m2 IS NOT DISTINCT FROM b.area_m2 "
    "AND a.yuan IS NOT DISTINCT FROM b.yuan"
)
_CHANGES = f"""
CREATE OR REPLACE TABLE change AS
SELECT * FROM (
    SELECT coalesce(a.rule_id, b.rule_id) AS rule_id, coalesce(b.list, a.list) AS list, coalesce(a.subject, b.subject) AS subject,
           coalesce(a.subject_key, b.subject_key) AS subject_key, coalesce(a.subject_name, b.subject_name) AS subject_name,
           coalesce(a.district_name, b.district_name) AS district_name, coalesce(a.developer_name, b.developer_name) AS developer_name,
           a.outcome AS outcome_before, b.outcome AS outcome_after, a.area_m2 AS area_before_m2, b.area_m2 AS area_after_m2,
           a.yuan AS before_yuan, b.yuan AS after_yuan, a.status AS status_before, b.status AS status_after,
           a.robustness AS robustness_before, b.robustness AS robustness_after,
           CASE WHEN b.outcome = 'violation' AND a.outcome IS DISTINCT FROM 'violation' THEN 'new'
                WHEN a.outcome = 'violation' AND b.outcome IS DISTINCT FROM 'violation' THEN 'gone'
                WHEN a.outcome = 'violation' AND NOT ({_SAME}) THEN 'changed'
                WHEN b.outcome = 'undetermined' AND a.outcome IS DISTINCT FROM 'undetermined' THEN 'opened'
                WHEN a.outcome = 'undetermined' AND b.outcome IS DISTINCT FROM 'undetermined' THEN 'closed' END AS change
    FROM reading_before a FULL JOIN reading_after b USING (rule_id, subject, subject_key)
) WHERE change IS NOT NULL
"""
_RULES = f"""
WITH counted AS (
    SELECT rule_id, any_value(list) AS list, count(*) FILTER (before) AS before, count(*) FILTER (NOT before) AS after
    FROM (SELECT rule_id, list, true AS before FROM reading_before WHERE outcome = 'violation'
          UNION ALL SELECT rule_id, list, false FROM reading_after WHERE outcome = 'violation') GROUP BY rule_id
), changed AS (
    SELECT rule_id, any_value(list) AS list, {", ".join(f"count(*) FILTER (change = '{c}') AS {c}" for c in CHANGES)}
    FROM change GROUP BY rule_id
)
SELECT rule_id, coalesce(n.list, c.list) AS list, coalesce(n.before, 0) AS before, coalesce(n.after, 0) AS after,
       {", ".join(f"coalesce(c.{c}, 0) AS {c}" for c in CHANGES)}
FROM counted n FULL JOIN changed c USING (rule_id) ORDER BY rule_id
"""
_LINES = (
    "SELECT list, '{name}' AS reading, coalesce(project_id, subject || ':' || subject_key) AS line, "
    "any_value(district_code) AS district_code, any_value(district_name) AS district_name, max(area_m2) AS area_m2, max(yuan) AS yuan "
    "FROM reading_{name} WHERE outcome = 'violation' GROUP BY list, line"
)


def _side(column: str, name: str) -> str:
    return f"coalesce(sum({column}) FILTER (reading = '{name}'), 0)::DECIMAL(38, 2)"


_DISTRICTS = f"""
SELECT list, district_code, any_value(district_name) AS district_name,
       count(*) FILTER (reading = 'before') AS lines_before, count(*) FILTER (reading = 'after') AS lines_after,
       {_side("area_m2", "before")} AS area_before_m2, {_side("area_m2", "after")} AS area_after_m2,
       {_side("yuan", "before")} AS before_yuan, {_side("yuan", "after")} AS after_yuan
FROM ({_LINES.format(name="before")} UNION ALL {_LINES.format(name="after")})
GROUP BY list, district_code ORDER BY list, district_code NULLS LAST
"""
