"""The findings of all rules as narrow rows: each rule gives its lines, and what all findings have is joined to them at once."""

from __future__ import annotations

from typing import Any

import duckdb

from planning_check.assess.plan import NAMED, Plan, RulePlan
from planning_check.errors import Text
from planning_check.sql import create_with, quoted

#: Why the law that applies is not known.
UNGOVERNED = {
    "gap": Text("没有办法覆盖该日期", "no ordinance covers the day"),
    "conflict": Text("有两个以上办法同时覆盖", "more than one ordinance covers it"),
    "anchor_unclear": Text("适用日期不明，可能落在不同办法", "the day is not known well enough to choose an ordinance"),
    "contract_unclear": Text(
        "合同载明配建而未写多少，当地也没有现行办法",
        "the contract states the duty but not how much, and no ordinance is in force for the place",
    ),
    "no_project": Text("报送中没有这个项目", "its project is not in the delivery"),
}


def collect_heads(con: duckdb.DuckDBPyConnection, plan: Plan, rules: list[RulePlan]) -> None:
    """Table ``finding_head``: the findings of these rules, numbered by list, rule and subject key."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE finding_line AS {' UNION ALL '.join(rule.line_sql for rule in rules)}")
    create_with(con, "finding_rule", _RULE_COLUMNS, [_rule_row(rule) for rule in rules])
    named = [{"rule_id": rule.id, "status": code, "status_zh": zh, "status_en": en} for rule in rules for code, zh, en in rule.classes]
    create_with(con, "finding_class", dict.fromkeys(("rule_id", "status", "status_zh", "status_en"), "VARCHAR"), named)
    lacking = [
        {"subject": subject, "name": name, "owner": owner, "tables": list(tables)}
        for subject, names in plan.lacking.items()
        for name, (owner, tables) in names.items()
    ]
    create_with(con, "lacking", dict.fromkeys(("subject", "name", "owner"), "VARCHAR") | {"tables": "VARCHAR[]"}, lacking)
    con.execute(_LACKS)
    con.execute(_heads(plan))
    for table in ("finding_line", "finding_rule", "finding_class", "lacking", "finding_lacks"):
        con.execute(f"DROP TABLE {table}")


_RULE_COLUMNS = {
    **dict.fromkeys(("rule_id", "rule_sha256", "subject", "list", "responsible", "remedy_document", "consequence"), "VARCHAR"),
    "list_no": "INTEGER", "is_guarded": "BOOLEAN",
}  # fmt: skip


def _rule_row(rule: RulePlan) -> dict[str, Any]:
    return {
        "rule_id": rule.id, "rule_sha256": rule.sha256, "subject": rule.subject, "list": rule.list, "list_no": rule.list_no,
        "responsible": rule.responsible, "remedy_document": rule.remedy_document, "consequence": rule.consequence,
        "is_guarded": rule.is_guarded,
    }  # fmt: skip


#: Of every set of missing facts of a subject: the names in order, as JSON; the bureaus that own them; the tables that they are read from.
_LACKS = """
CREATE OR REPLACE TEMP TABLE finding_lacks AS
WITH asked AS (
    SELECT DISTINCT r.subject, l.lacks FROM finding_line l JOIN finding_rule r USING (rule_id) WHERE l.lacks <> ''
), each AS (
    SELECT subject, lacks, unnest(list_filter(list_distinct(string_split(lacks, ',')), lambda name: name <> '')) AS name FROM asked
)
SELECT e.subject, e.lacks, to_json(list(e.name ORDER BY e.name))::VARCHAR AS missing,
       coalesce(string_agg(DISTINCT nullif(o.owner, ''), ',' ORDER BY nullif(o.owner, '')), '') AS missing_owner,
       list_sort(list_distinct(flatten(list(coalesce(o.tables, []))))) AS tables
FROM each e LEFT JOIN lacking o ON o.subject = e.subject AND o.name = e.name GROUP BY e.subject, e.lacks
"""


def _heads(plan: Plan) -> str:
    people = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, i_key, {', '.join(f'i_{c}' for c in NAMED)} FROM evidence_{s}" for s in plan.subjects
    )
    return f"""
    CREATE OR REPLACE TABLE finding_head AS
    SELECT row_number() OVER () AS number, * EXCLUDE (list_no) FROM (
        SELECT substr(sha256(l.rule_id || '|' || r.subject || '|' || l.subject_key), 1, 16) AS fingerprint, l.rule_id, r.rule_sha256,
               r.subject, l.subject_key, {", ".join(f"i.i_{c} AS {c}" for c in NAMED)}, l.project_id, l.outcome, r.list, r.list_no,
               l.severity, r.responsible, l.law_state, l.ordinance_id, l.ordinance_sha256, l.status, c.status_zh, c.status_en,
               l.area_m2, l.yuan, l.yuan_min, l.remedy_hand_over_m2, l.remedy_pay_yuan,
               CASE WHEN l.outcome = 'violation' THEN nullif(r.remedy_document, '') END AS remedy_document,
               CASE WHEN l.outcome = 'violation' AND d.rule_id IS NOT NULL THEN 'fragile' ELSE b.robustness END AS robustness,
               x.area_min_m2 AS exposure_area_min_m2, x.area_max_m2 AS exposure_area_max_m2, x.min_yuan AS exposure_min_yuan,
               x.max_yuan AS exposure_max_yuan, {_reason("zh", "；")} AS reason_zh, {_reason("en", "; ")} AS reason_en, r.consequence,
               coalesce(a.missing, '[]') AS missing, coalesce(a.missing_owner, '') AS missing_owner
        FROM finding_line l JOIN finding_rule r ON r.rule_id = l.rule_id
        LEFT JOIN ({people}) i ON i.subject = r.subject AND i.i_key = l.subject_key
        LEFT JOIN finding_class c ON c.rule_id = l.rule_id AND c.status = l.status
        LEFT JOIN finding_lacks a ON a.subject = r.subject AND a.lacks = l.lacks
        LEFT JOIN doubt d ON d.rule_id = l.rule_id AND d.subject_key = l.subject_key
        LEFT JOIN robustness b ON b.rule_id = l.rule_id AND b.project_id = l.subject_key
        LEFT JOIN exposure x ON x.rule_id = l.rule_id AND x.project_id = l.subject_key
        LEFT JOIN hole_text w ON w.whose = 'project' AND w.id = l.project_id
        LEFT JOIN hole_text c2 ON c2.whose = 'community' AND c2.id = i.i_community_code
        ORDER BY r.list_no, l.rule_id, l.subject_key)
    """


def _reason(lang: str, between: str) -> str:
    """SQL: why a verdict is open (the law is not known, or the rows set aside that may hold what is missing) or a rule does not apply."""
    why = " ".join(f"WHEN '{state}' THEN {quoted(text.get(lang))}" for state, text in UNGOVERNED.items())
    rows = f"list_filter(list_transform(a.tables, lambda t: coalesce(w.{lang}[t], c2.{lang}[t])), lambda told: told IS NOT NULL)"
    set_aside = f"nullif(array_to_string({rows}, {quoted(between)}), '')"
    return (
        "CASE WHEN l.outcome = 'undetermined' "
        f"THEN coalesce(CASE WHEN r.is_guarded THEN CASE l.law_state {why} END END, {set_aside}) ELSE l.unmet_{lang} END"
    )
