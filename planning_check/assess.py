"""Facts held against compiled rules: one outcome for every rule and subject, findings with evidence, a register that adds up.

Pure: no clock, files or network. It runs what ``rulebook`` compiled (:class:`Plan`) on the tables that ``facts`` made.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import duckdb

OUTCOMES = {  # outcome -> its letter in the register
    "pass": "P", "violation": "V", "not_due": "D", "not_applicable": "N", "exempt": "E", "undetermined": "U", "error": "X",
}  # fmt: skip
SHOWN = ("violation", "undetermined", "exempt", "error")  # findings; the rest is counted in the register
NAMED = ("subject_name", "district_code", "district_name", "community_code", "community_name", "developer_name", "developer_code")
LAW_STATES = ("governed", "legacy", "none", "gap", "conflict", "anchor_unclear", "no_project")


@dataclass(frozen=True)
class RulePlan:
    """One compiled rule: select items for the judged table, the same for a rule that cannot run, and its findings query.

    ``law_text``: the clauses that it reads as JSON, made once for every law version (column ``law_text_<id>``).

    Items come in layers, each selected from the one before: a name is computed once however often it is used (DuckDB
    copies an alias that is used in its own select list, so that nested names would grow without bound).
    """

    id: str
    subject: str
    items: tuple[tuple[str, ...], ...]
    broken_items: tuple[str, ...]
    finding_sql: str
    law_text: str
    list_no: int
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Plan:
    """What to run: the law's versions, the project measures and the rules by subject."""

    law_columns: tuple[tuple[str, str], ...]
    law_versions: tuple[tuple[Any, ...], ...]
    anchors: tuple[str, ...]
    measure_items: tuple[tuple[str, ...], ...]
    tallies: tuple[tuple[str, str], ...]
    rules: tuple[RulePlan, ...]
    subjects: tuple[str, ...]
    shown: tuple[str, ...]
    keys: dict[str, str]


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
    texts = "".join(f", {rule.law_text} AS law_text_{rule.id}" for rule in plan.rules)
    con.execute(f"CREATE OR REPLACE TABLE law_version AS SELECT *{texts} FROM law_version")


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
    """Views ``lawful_project`` and ``lawful_office``: facts beside the clauses of the governing law."""
    law = "".join(f", {name}" for name in _law_names(plan))
    for subject, key in (("project", "project_id"), ("office", "office_id")):
        con.execute(
            f"CREATE OR REPLACE VIEW lawful_{subject} AS SELECT f.*, g.law_state, v.ordinance_id, v.ordinance_sha256, v.verified{law} "
            f"FROM fact_{subject} f JOIN governing_{subject} g USING ({key}) LEFT JOIN law_version v USING (version_no)"
        )


def _law_names(plan: Plan) -> list[str]:
    return [*(name for name, _ in plan.law_columns), *(f"law_text_{rule.id}" for rule in plan.rules)]


def _based(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str) -> str:
    """What the rules of a subject read: its facts and law; the measures of a project; for others those of their project."""
    if subject == "project":
        return f"({layered('lawful_project', plan.measure_items)})"
    if subject == "office":
        counts = [f"count(*) FILTER (law_state = 'governed' AND {condition}) AS {name}" for name, condition in plan.tallies]
        known = "".join(f", CASE WHEN EXISTS (FROM judged_project) THEN coalesce(c.{name}, 0) END AS {name}" for name, _ in plan.tallies)
        tallied = f"SELECT {', '.join(['community_code', *counts])} FROM judged_project GROUP BY community_code"
        return f"(SELECT o.*{known} FROM lawful_office o LEFT JOIN ({tallied}) c USING (community_code))"
    return (
        f"(SELECT f.*, coalesce(p.law_state, 'no_project') AS law_state, p.ordinance_id, p.ordinance_sha256, p.verified{_of_project(con, plan, subject)} "
        f"FROM fact_{subject} f LEFT JOIN judged_project p ON p.project_id = f.project_id)"
    )


def layered(table: str, layers: Sequence[Sequence[str]]) -> str:
    """A query on ``table`` with the layers of items, each able to use the names of those below."""
    sql = f"SELECT * FROM {table}"
    for layer in layers:
        if layer:
            sql = f"SELECT *, {', '.join(layer)} FROM ({sql})"
    return sql


def _of_project(con: duckdb.DuckDBPyConnection, plan: Plan, subject: str) -> str:
    """What the subject's rules read of its project: law columns as they are, facts and measures as ``project__<name>``."""
    rules = [r for r in plan.rules if r.subject == subject]
    text = " ".join(item for r in rules for layer in (*r.items, (r.finding_sql,)) for item in layer)
    wanted = set(re.findall(r"\b(?:project__|law_)\w+", text))
    columns = [row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE judged_project)").fetchall()]
    law = set(_law_names(plan))
    own = [f", p.{c}" for c in columns if c in law and c in wanted]
    return "".join([*own, *(f", p.{c} AS project__{c}" for c in columns if f"project__{c}" in wanted)])


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
    layers = [r.items if r.id not in broken else (r.broken_items,) for r in rules]
    together = [[item for layer in level for item in layer] for level in zip_longest(*layers, fillvalue=())]
    letters = " ".join(f"WHEN '{outcome}' THEN '{letter}'" for outcome, letter in OUTCOMES.items())
    register = " || ".join(f"(CASE {rule.id}__outcome {letters} END)" for rule in rules) or "''"
    together.append([f"{register} AS register_letters"])
    con.execute(f"CREATE OR REPLACE TABLE judged_{subject} AS {layered(_based(con, plan, subject), together)}")


def collect(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """View ``finding``, tables ``register`` and ``register_count`` from the judged tables; view ``cited_subject``.

    ``finding`` is a view: its texts and JSON are made as they are read, so that a large city's evidence is never held
    in memory at once. Its order is fixed: by list, rule and subject key.
    """
    for subject in plan.subjects:
        con.execute(
            f"CREATE OR REPLACE TABLE evidence_{subject} AS SELECT i.subject_key AS i_key, "
            f"{', '.join(f'i.{c} AS i_{c}' for c in NAMED)}, s.* EXCLUDE (subject_key) "
            f"FROM subject_info i LEFT JOIN subject_source_{subject} s USING (subject_key) WHERE i.subject = '{subject}'"
        )
    parts = [f"(SELECT * FROM ({rule.finding_sql}) ORDER BY subject_key)" for rule in sorted(plan.rules, key=lambda r: (r.list_no, r.id))]
    con.execute("CREATE OR REPLACE VIEW finding AS " + " UNION ALL ".join(parts))
    cited = " UNION ALL ".join(
        f"SELECT '{s}' AS subject, CAST({plan.keys[s]} AS VARCHAR) AS subject_key FROM judged_{s} "
        f"WHERE regexp_matches(register_letters, '[{''.join(OUTCOMES[o] for o in plan.shown)}]')"
        for s in plan.subjects
    )
    con.execute(f"CREATE OR REPLACE VIEW cited_subject AS {cited}")
    _collect_register(con, plan)


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
