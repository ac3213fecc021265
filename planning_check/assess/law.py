"""Which law governs each subject, and facts beside its clauses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import duckdb

from planning_check.assess.contracts import bind_contracts, law_texts
from planning_check.assess.giving_way import not_giving_way, of_the_place
from planning_check.assess.handed import of_project, sum_handed
from planning_check.assess.plan import ENDED_SQL, JUDGED_SQL, Plan
from planning_check.schema import ANY_DAY
from planning_check.sql import create_with, layered

VERSION_COLUMNS = (
    ("version_no", "INTEGER"), ("ordinance_id", "VARCHAR"), ("ordinance_sha256", "VARCHAR"), ("jurisdiction", "VARCHAR"),
    ("place", "VARCHAR"), ("from_on", "DATE"), ("to_on", "DATE"), ("anchor", "VARCHAR"), ("verified", "BOOLEAN"),
)  # fmt: skip
MILESTONES = ("land_acquired_on", "plan_approved_on", "permitted_on", "started_on", "completed_on", "planning_accepted_on")


def create_law(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``law_version``: a row for every stretch of days with one set of clause values of one ordinance in one ``place`` of its
    jurisdiction; and ``law_base``: each ordinance with those that it builds on."""
    columns = dict((*VERSION_COLUMNS, *plan.law_columns))
    create_with(con, "law_version", columns, [dict(zip(columns, row, strict=True)) for row in plan.law_versions])
    con.execute(f"CREATE OR REPLACE TABLE law_version AS SELECT *{law_texts(plan)} FROM law_version")
    bases = [{"ordinance_id": own, "base_id": base} for own, base in plan.law_bases]
    create_with(con, "law_base", {"ordinance_id": "VARCHAR", "base_id": "VARCHAR"}, bases)


def govern(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``governing_project`` and, for each subject that the law of the day governs, ``governing_<subject>``.

    A version surely covers a subject if every possible anchor day lies in it, and may cover it if one does. An unknown
    anchor is bounded by the milestones before and after it. The longest jurisdiction wins among those that surely cover, and what builds on
    another goes before it there.
    A project that none covers is bound by its own contract where that states the duty (``contracts``).
    """
    project_bounds = " ".join(f"WHEN '{a}' THEN {_bound(a, 'lo')}" for a in plan.anchors)
    project_ends = " ".join(f"WHEN '{a}' THEN {_bound(a, 'hi')}" for a in plan.anchors)
    lo = f"CASE v.anchor {project_bounds} END" if plan.anchors else "f.as_of"
    hi = f"CASE v.anchor {project_ends} END" if plan.anchors else "f.as_of"
    con.execute(_governing_sql(plan, "project", plan.keys["project"], lo, hi))
    for subject in _by_day(plan):
        con.execute(_governing_sql(plan, subject, plan.keys[subject], "f.as_of", "f.as_of"))
    bind_contracts(con, plan)  # last: the terms of a contract govern nothing but its project


def _by_day(plan: Plan) -> list[str]:
    return [s for s in plan.subjects if plan.law_by[s] == "as_of"]


def _bound(anchor: str, end: str) -> str:
    """The earliest (lo) or latest (hi) possible day of an anchor; bounded by other milestones where it is unknown."""
    place = MILESTONES.index(anchor) if anchor in MILESTONES else 0
    if end == "lo":
        others = [f"f.{m}_lo" for m in MILESTONES[:place]] if anchor in MILESTONES else []
        limit = f"coalesce(greatest({', '.join(others)}), DATE '0001-01-01')" if others else "DATE '0001-01-01'"
    else:
        others = [f"f.{m}_hi" for m in MILESTONES[place + 1 :]] if anchor in MILESTONES else []
        limit = f"coalesce(least({', '.join(others)}), DATE '9999-12-31')" if others else "DATE '9999-12-31'"
    unknown = ANY_DAY[0] if end == "lo" else ANY_DAY[1]
    return f"coalesce(nullif(f.{anchor}_{end}, {unknown}), {limit})"


def possible_days(anchor: str, days: Mapping[str, tuple[dt.date | None, dt.date | None]]) -> tuple[dt.date, dt.date]:
    """The same of one project whose ``days`` (milestone -> the first and last day that it may be, none where it is not told) are known."""
    place = MILESTONES.index(anchor) if anchor in MILESTONES else None
    first, last = days.get(anchor, (None, None))
    if first in (None, dt.date.min):
        before = [days[m][0] for m in MILESTONES[:place] if m in days] if place is not None else []
        first = max((day for day in before if day is not None), default=dt.date.min)
    if last in (None, dt.date.max):
        after = [days[m][1] for m in MILESTONES[place + 1 :] if m in days] if place is not None else []
        last = min((day for day in after if day is not None), default=dt.date.max)
    return first or dt.date.min, last or dt.date.max


def _governing_sql(plan: Plan, subject: str, key: str, lo: str, hi: str) -> str:
    """``maybe_no``: the one version that may cover a subject whose anchor is unclear."""
    return f"""
    CREATE OR REPLACE TABLE governing_{subject} AS
    WITH candidate AS (
        SELECT f.{key}, v.version_no, v.ordinance_id, v.from_on, v.to_on, length(v.jurisdiction) AS depth, {lo} AS lo, {hi} AS hi
        FROM fact_{subject} f JOIN law_version v ON starts_with(coalesce(f.district_code, ''), v.place) {of_the_place(plan, f"f.{key}")}
    ), covering AS (
        SELECT *, lo >= from_on AND hi <= to_on AS surely, lo <= to_on AND hi >= from_on AS maybe FROM candidate
    ), best AS (
        SELECT *, coalesce(max(depth) FILTER (surely) OVER (PARTITION BY {key}), 0) AS best FROM covering
        WHERE {not_giving_way(plan, "covering", key)}
    ), counted AS (
        SELECT {key}, count(*) FILTER (maybe AND depth >= best) AS may, count(*) FILTER (surely AND depth >= best) AS sure,
               max(version_no) FILTER (surely AND depth >= best) AS version_no,
               max(version_no) FILTER (maybe AND depth >= best) AS maybe_no, bool_and(hi < from_on) AS before_all
        FROM best GROUP BY {key}
    )
    SELECT f.{key}, CASE
             WHEN c.{key} IS NULL THEN 'none'
             WHEN c.may = 1 AND c.sure = 1 THEN 'governed'
             WHEN c.may = 0 AND c.before_all THEN 'legacy'
             WHEN c.may = 0 THEN 'gap'
             WHEN c.sure > 1 THEN 'conflict'
             ELSE 'anchor_unclear' END AS law_state,
           CASE WHEN c.may = 1 AND c.sure = 1 THEN c.version_no END AS version_no,
           CASE WHEN c.may = 1 THEN c.maybe_no END AS maybe_no
    FROM fact_{subject} f LEFT JOIN counted c USING ({key})
    """


def base(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Views ``lawful_<subject>``: facts beside the clauses of the governing law; of projects a table, which is read often: also the sums of
    their rooms and handovers."""
    law = "".join(f", {name}" for name in plan.law_names)
    for subject in _by_day(plan):
        con.execute(
            f"CREATE OR REPLACE VIEW lawful_{subject} AS SELECT f.*, g.law_state, v.ordinance_id, v.ordinance_sha256, v.verified{law} "
            f"FROM fact_{subject} f JOIN governing_{subject} g USING ({plan.keys[subject]}) LEFT JOIN law_version v USING (version_no)"
        )
    _sum_rooms(con, plan)
    sum_handed(con, plan)
    handed, joined = of_project(plan)
    sums = "".join(f", CASE WHEN r.project_id IS NULL THEN 0 ELSE r.{name} END AS {name}" for name, _ in plan.room_sums)
    con.execute(
        f"CREATE OR REPLACE TABLE lawful_project AS SELECT f.*{_LIFE}, 0 AS scenario, g.law_state, v.ordinance_id, v.ordinance_sha256, "
        f"v.verified{law}{sums}{handed} "
        "FROM fact_project f JOIN governing_project g USING (project_id) LEFT JOIN law_version v USING (version_no) "
        f"LEFT JOIN room_sum r USING (project_id) LEFT JOIN ({_FREE_SUCCESSORS}) free USING (project_id){joined}"
    )


#: Who went into projects that the law does not bind has not shown that these carry the duty on.
_FREE_SUCCESSORS = """
SELECT s.project_id, true AS is_free FROM successor s JOIN governing_project t ON t.project_id = s.successor_id
WHERE t.law_state IN ('legacy', 'none') GROUP BY s.project_id
"""
_LIFE = (
    f" REPLACE (CASE WHEN {JUDGED_SQL} AND {ENDED_SQL} AND life_state <> 'cancelled' AND free.is_free THEN 'successor_unclear' "
    "ELSE life_state END AS life_state)"
)


def _sum_rooms(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Table ``room_sum``: what each project's rooms add up to under the law that governs the project."""
    law = "".join(f", v.{name}" for name, _ in plan.law_columns)
    rooms = f"SELECT f.*{law} FROM fact_premises f JOIN governing_project g USING (project_id) LEFT JOIN law_version v USING (version_no)"
    sums = "".join(f", {sql} AS {name}" for name, sql in plan.room_sums)
    source = layered(f"({rooms})", plan.room_items) if plan.room_sums else "SELECT NULL::VARCHAR AS project_id WHERE false"
    con.execute(f"CREATE OR REPLACE TABLE room_sum AS SELECT project_id{sums} FROM ({source}) GROUP BY project_id")
