"""What was handed over, as far as it counts under the law of its project: the sums and last days that measures ask for."""

from __future__ import annotations

import duckdb

from planning_check.assess.plan import HandedPlan, Plan
from planning_check.sql import layered

#: whose handovers -> its key
_KEYS = {"project": "project_id", "deposit": "event_id"}
_BEFORE = "ORDER BY handed__handed_over_on_lo NULLS LAST, handed__recipient, handed__part ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
_TAKEN_FROM_ROOM = ("project_id", "as_of")


def sum_handed(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Tables ``handed_sum_project`` and ``handed_sum_deposit``: the handed sums of every project and deposit event that has handovers.

    A room counts up to its size, for those handovers of it that meet the condition, the first first. A sum is known where what
    surely counts and what may count come to the same; else ``<id>__lacks`` names the cells that are missing.
    """
    for over, key in _KEYS.items():
        sums = [s for s in plan.handed_sums if s.over == over]
        columns = "".join(f", {part}" for s in sums for part in _aggregates(s))
        source = _counted(_rows(con, plan, over, sums), sums, key) if sums else f"(SELECT NULL::VARCHAR AS {key} WHERE false)"
        con.execute(f"CREATE OR REPLACE TABLE handed_sum_{over} AS SELECT {key}{columns} FROM {source} GROUP BY {key}")


def _rows(con: duckdb.DuckDBPyConnection, plan: Plan, over: str, sums: list[HandedPlan]) -> str:
    """A row for every handover of a project (and each deposit event): beside it its room, the law and the sums of the project's rooms."""
    handed = [row[0] for row in con.execute("SELECT column_name FROM (DESCRIBE handed)").fetchall()]
    told = "".join(f", h.{c} AS handed__{c}" for c in handed if c != "project_id")
    law = "".join(f", v.{name}" for name, _ in plan.law_columns)
    rooms = "".join(f", {_or_none(name, 's')}" for name, _ in plan.room_sums)
    event = ", e.event_id, e.event_on_lo, e.event_on_hi" if over == "deposit" else ""
    join = "JOIN fact_deposit e USING (project_id) " if over == "deposit" else ""
    source = (
        f"(SELECT h.project_id, getvariable('as_of')::DATE AS as_of, r.* EXCLUDE ({', '.join(_TAKEN_FROM_ROOM)}){told}{law}{rooms}{event} "
        f"FROM handed h JOIN governing_project g USING (project_id) LEFT JOIN law_version v USING (version_no) {join}"
        "LEFT JOIN fact_premises r ON r.premises_id = h.room LEFT JOIN room_sum s ON s.project_id = h.project_id)"
    )
    asked = [f"{s.where} AS {s.id}__where, {s.lacking} AS {s.id}__lacking" for s in sums]
    return f"({layered(source, [*plan.room_items, *plan.handed_items, asked])})"


def _or_none(name: str, table: str) -> str:
    """A sum of a project's rooms; nothing where it has none."""
    return f"CASE WHEN {table}.project_id IS NULL THEN 0 ELSE {table}.{name} END AS {name}"


def _counted(rows: str, sums: list[HandedPlan], key: str) -> str:
    """The rows with how much of each surely counts (``__sure``) and may count (``__may``) for every sum."""
    before, counted = "", ""
    for s in sums:
        for name, holds in (("sure", f"{s.id}__where"), ("may", f"coalesce({s.id}__where, true)")):
            column = f"{s.id}__{name}"
            before += (
                f", coalesce(sum(handed__area_m2) FILTER ({holds}) OVER (PARTITION BY {key}, handed__room {_BEFORE}), 0)"
                f"::DECIMAL(38, 2) AS {column}_before"
            )
            counted += (
                f", CASE WHEN {holds} AND ({column}_before = 0 OR {column}_before < handed__size_m2) "
                f"THEN least(handed__area_m2, handed__size_m2 - {column}_before) END AS {column}"
            )
    return f"(SELECT *{counted} FROM (SELECT *{before} FROM {rows}))"


def _aggregates(s: HandedPlan) -> list[str]:
    def both(value: str) -> str:
        sure, may = (value.format(f"{s.id}__{name}") for name in ("sure", "may"))
        return f"CASE WHEN {sure} IS NOT DISTINCT FROM {may} THEN {sure} END"

    lacks = f"string_agg(DISTINCT {s.id}__lacking, '' ORDER BY {s.id}__lacking) FILTER ({s.id}__where IS NULL) AS {s.id}__lacks"
    if not s.is_day:
        return [f"CAST({both('coalesce(sum({}), 0)')} AS DECIMAL(18, 2)) AS {s.id}", lacks]
    days = [f"max(handed__{s.field}_{end}) FILTER ({{0}} IS NOT NULL)" for end in ("lo", "hi")]
    agree = " AND ".join(f"{d.format(f'{s.id}__sure')} IS NOT DISTINCT FROM {d.format(f'{s.id}__may')}" for d in days)
    return [
        *(f"CASE WHEN {agree} THEN {d.format(f'{s.id}__sure')} END AS {s.id}_{end}" for d, end in zip(days, ("lo", "hi"), strict=True)),
        lacks,
    ]


def of_project(plan: Plan) -> tuple[str, str]:
    """The handed sums of a project ``f``: columns and join; unknown where not all its handovers are known, nothing where there is none."""
    return _joined(plan, "project")


def of_event(plan: Plan) -> tuple[str, str]:
    """The same of a deposit event ``f``."""
    return _joined(plan, "deposit")


def _joined(plan: Plan, over: str) -> tuple[str, str]:
    sums = [s for s in plan.handed_sums if s.over == over]
    if not sums:
        return "", ""
    key, columns = _KEYS[over], ""
    for s in sums:
        for name in s.columns:
            is_area = name == s.id
            value = f"CASE WHEN hs.{key} IS NULL THEN 0 ELSE hs.{name} END" if is_area else f"hs.{name}"
            columns += f", CASE WHEN hk.known THEN {value} END AS {name}"
    return columns, f" LEFT JOIN handed_known hk ON hk.project_id = f.project_id LEFT JOIN handed_sum_{over} hs ON hs.{key} = f.{key}"
