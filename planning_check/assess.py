"""Facts held against compiled rules: one outcome for every rule and subject, findings with evidence, a register that adds up.

Pure: no clock, files or network. It runs what ``rulebook`` compiled (:class:`Plan`) on the tables that ``facts`` made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

OUTCOMES = {  # outcome -> its letter in the register
    "pass": "P", "violation": "V", "not_due": "D", "not_applicable": "N", "exempt": "E", "undetermined": "U", "error": "X",
}  # fmt: skip
LAW_STATES = ("governed", "legacy", "none", "gap", "conflict", "anchor_unclear")


@dataclass(frozen=True)
class RulePlan:
    """One compiled rule: select items for the judged table, the same for a rule that cannot run, and its findings query."""

    id: str
    subject: str
    items: tuple[str, ...]
    broken_items: tuple[str, ...]
    finding_sql: str
    tables: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """What to run: the law's versions, the project measures and the rules by subject."""

    law_columns: tuple[tuple[str, str], ...]
    law_versions: tuple[tuple[Any, ...], ...]
    anchors: tuple[str, ...]
    measure_items: tuple[str, ...]
    rules: tuple[RulePlan, ...]
    subjects: tuple[str, ...]
    keys: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


VERSION_COLUMNS = (
    ("version_no", "INTEGER"), ("ordinance_id", "VARCHAR"), ("ordinance_sha256", "VARCHAR"), ("jurisdiction", "VARCHAR"),
    ("from_on", "DATE"), ("to_on", "DATE"), ("anchor", "VARCHAR"), ("verified", "BOOLEAN"),
)  # fmt: skip
MILESTONES = ("land_acquired_on", "plan_approved_on", "permitted_on", "started_on", "completed_on", "planning_accepted_on")


def create_law(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``law_version``: a row for every stretch of days with one set of clause values of one ordinance."""
    columns = (*VERSION_COLUMNS, *plan.law_columns)
    con.execute(f"CREATE OR REPLACE TABLE law_version ({', '.join(f'{name} {type_}' for name, type_ in columns)})")
    if plan.law_versions:
        marks = ", ".join("?" * len(columns))
        con.executemany(f"INSERT INTO law_version VALUES ({marks})", [list(row) for row in plan.law_versions])


def govern(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``governing_project`` and ``governing_office``: which law version governs each, or why none does.

    A version surely covers a subject if every possible anchor day lies in it, and may cover it if one does. An unknown
    anchor is bounded by the milestones before and after it. The longest jurisdiction wins among those that surely cover.
    """
    project_bounds = " ".join(f"WHEN '{a}' THEN {_bound(a, 'lo')}" for a in plan.anchors)
    project_ends = " ".join(f"WHEN '{a}' THEN {_bound(a, 'hi')}" for a in plan.anchors)
    lo = f"CASE v.anchor {project_bounds} END" if plan.anchors else "f.as_of"
    hi = f"CASE v.anchor {project_ends} END" if plan.anchors else "f.as_of"
    con.execute(_governing_sql("project", "project_id", lo, hi))
    con.execute(_governing_sql("office", "office_id", "f.as_of", "f.as_of"))


def _bound(anchor: str, end: str) -> str:
    """The earliest (lo) or latest (hi) possible day of an anchor; bounded by other milestones where it is unknown."""
    place = MILESTONES.index(anchor) if anchor in MILESTONES else 0
    if end == "lo":
        others = [f"f.{m}_lo" for m in MILESTONES[:place]] if anchor in MILESTONES else []
        limit = f"coalesce(greatest({', '.join(others)}), DATE '0001-01-01')" if others else "DATE '0001-01-01'"
    else:
        others = [f"f.{m}_hi" for m in MILESTONES[place + 1 :]] if anchor in MILESTONES else []
        limit = f"coalesce(least({', '.join(others)}), DATE '9999-12-31')" if others else "DATE '9999-12-31'"
    return f"coalesce(f.{anchor}_{end}, {limit})"


def _governing_sql(subject: str, key: str, lo: str, hi: str) -> str:
    return f"""
    CREATE OR REPLACE TABLE governing_{subject} AS
    WITH candidate AS (
        SELECT f.{key}, v.version_no, v.from_on, v.to_on, length(v.jurisdiction) AS depth, {lo} AS lo, {hi} AS hi
        FROM fact_{subject} f JOIN law_version v ON starts_with(coalesce(f.district_code, ''), v.jurisdiction)
    ), covering AS (
        SELECT *, lo >= from_on AND hi <= to_on AS surely, lo <= to_on AND hi >= from_on AS maybe FROM candidate
    ), best AS (
        SELECT *, coalesce(max(depth) FILTER (surely) OVER (PARTITION BY {key}), 0) AS best FROM covering
    ), counted AS (
        SELECT {key}, count(*) FILTER (maybe AND depth >= best) AS may, count(*) FILTER (surely AND depth >= best) AS sure,
               max(version_no) FILTER (surely AND depth >= best) AS version_no, bool_and(hi < from_on) AS before_all
        FROM best GROUP BY {key}
    )
    SELECT f.{key}, CASE
             WHEN c.{key} IS NULL THEN 'none'
             WHEN c.may = 1 AND c.sure = 1 THEN 'governed'
             WHEN c.may = 0 AND c.before_all THEN 'legacy'
             WHEN c.may = 0 THEN 'gap'
             WHEN c.sure > 1 THEN 'conflict'
             ELSE 'anchor_unclear' END AS law_state,
           CASE WHEN c.may = 1 AND c.sure = 1 THEN c.version_no END AS version_no
    FROM fact_{subject} f LEFT JOIN counted c USING ({key})
    """


def base(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``based_<subject>``: facts beside the governing law; for project the measures, for others their project's."""
    for subject, key in (("project", "project_id"), ("office", "office_id")):
        if subject in plan.subjects:
            law = "".join(f", {name}" for name, _ in plan.law_columns)
            con.execute(
                f"CREATE OR REPLACE TABLE lawful_{subject} AS SELECT f.*, g.law_state, v.ordinance_id, v.ordinance_sha256, v.verified{law} "
                f"FROM fact_{subject} f JOIN governing_{subject} g USING ({key}) LEFT JOIN law_version v USING (version_no)"
            )
    measure(con, plan)


def measure(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``based_<subject>`` from ``lawful_project``, ``lawful_office`` and the facts of the rest; measures added."""
    if "project" in plan.subjects:
        items = ", ".join(("*", *plan.measure_items))
        con.execute(f"CREATE OR REPLACE TABLE based_project AS SELECT {items} FROM lawful_project")
    for subject in plan.subjects:
        if subject == "office":
            con.execute("CREATE OR REPLACE TABLE based_office AS SELECT * FROM lawful_office")
        elif subject != "project":
            con.execute(
                f"CREATE OR REPLACE TABLE based_{subject} AS SELECT f.*, coalesce(p.law_state, 'none') AS law_state, "
                f"p.ordinance_id, p.ordinance_sha256, p.verified{_of_project(con, plan)} "
                f"FROM fact_{subject} f LEFT JOIN based_project p ON p.project_id = f.project_id"
            )


def _of_project(con: duckdb.DuckDBPyConnection, plan: Plan) -> str:
    """The project's law columns as they are, its facts and measures as ``project__<name>``."""
    law = {name for name, _ in plan.law_columns}
    skip = {"law_state", "ordinance_id", "ordinance_sha256", "verified", "as_of"}
    names = [row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE based_project)").fetchall() if row[0] not in skip]
    return "".join(f", p.{n}" if n in law else f", p.{n} AS project__{n}" for n in names)


def judge(con: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, str]:
    """Tables ``judged_<subject>``: every rule's outcome and numbers, one row a subject, one query a subject.

    A rule that cannot run gets the outcome ``error`` for every subject and hides no other. Returns rule id -> error.
    """
    broken: dict[str, str] = {}
    for subject in plan.subjects:
        rules = [r for r in plan.rules if r.subject == subject]
        try:
            _judge_subject(con, plan, subject, rules, {})
        except duckdb.Error:
            for rule in rules:
                try:
                    _judge_subject(con, plan, subject, [rule], {})
                except duckdb.Error as error:
                    broken[rule.id] = str(error).splitlines()[0]
            _judge_subject(con, plan, subject, rules, broken)
    return broken


def _judge_subject(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str, rules: list[RulePlan], broken: dict[str, str]) -> None:
    items = ["*"]
    for rule in rules:
        items += rule.broken_items if rule.id in broken else rule.items
    letters = " ".join(f"WHEN '{outcome}' THEN '{letter}'" for outcome, letter in OUTCOMES.items())
    register = " || ".join(f"(CASE {rule.id}__outcome {letters} END)" for rule in rules) or "''"
    con.execute(
        f"CREATE OR REPLACE TABLE judged_{subject} AS SELECT {', '.join(items)}, {register} AS register_letters FROM based_{subject}"
    )


def collect(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``finding``, ``register``, ``register_count`` from the judged tables; ``subject_info`` names the subjects."""
    parts = [rule.finding_sql for rule in plan.rules]
    con.execute("CREATE OR REPLACE TEMP TABLE bare_finding AS " + " UNION ALL ".join(parts))
    _collect_sources(con)
    con.execute(
        """
        CREATE OR REPLACE TABLE finding AS
        SELECT b.* EXCLUDE (list_no, tables), i.subject_name, i.district_code, i.district_name, i.community_code, i.community_name,
               i.developer_name, i.developer_code, coalesce(s.sources, '{}') AS sources
        FROM bare_finding b
        LEFT JOIN subject_info i USING (subject, subject_key)
        LEFT JOIN finding_source s USING (fingerprint)
        ORDER BY b.list_no, b.rule_id, b.subject, b.subject_key
        """
    )
    _collect_register(con, plan)


def _collect_sources(con: duckdb.DuckDBPyConnection) -> None:
    """Table ``finding_source``: for each finding the rows of every table that its rule reads, as JSON {table: [row_id]}."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE finding_source AS
        SELECT b.fingerprint, CAST(json_group_object(r.table_name, r.row_ids ORDER BY r.table_name) AS VARCHAR) AS sources
        FROM bare_finding b
        JOIN subject_row r ON r.subject = b.subject AND r.subject_key = b.subject_key AND list_contains(b.tables, r.table_name)
        GROUP BY b.fingerprint
        """
    )


def _collect_register(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    lines = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, CAST({plan.keys[s]} AS VARCHAR) AS subject_key, register_letters AS outcomes FROM judged_{s}"
        for s in plan.subjects
    )
    con.execute(f"CREATE OR REPLACE TABLE register AS SELECT * FROM ({lines}) ORDER BY subject, subject_key")
    counts = []
    for rule in plan.rules:
        reason_zh = " ".join(f"WHEN {n} THEN '{_escape(zh)}'" for n, (zh, _) in enumerate(rule.reasons))
        reason_en = " ".join(f"WHEN {n} THEN '{_escape(en)}'" for n, (_, en) in enumerate(rule.reasons))
        counts.append(
            f"SELECT '{rule.id}' AS rule_id, {rule.id}__outcome AS outcome, "
            + (f"CASE {rule.id}__reason {reason_zh} END AS reason_zh, " if reason_zh else "NULL::VARCHAR AS reason_zh, ")
            + (f"CASE {rule.id}__reason {reason_en} END AS reason_en, " if reason_en else "NULL::VARCHAR AS reason_en, ")
            + f"count(*) AS subjects FROM judged_{rule.subject} GROUP BY ALL"
        )
    con.execute(f"CREATE OR REPLACE TABLE register_count AS SELECT * FROM ({' UNION ALL '.join(counts)}) ORDER BY ALL")


def _escape(text: str) -> str:
    return text.replace("'", "''")


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
