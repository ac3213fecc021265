"""Of the versions of the law that may govern: those of the subject's own place, and those that do not give way to what builds on them.

Both cost nothing where no ordinance builds on another and none has values for a place within its own.
"""

from __future__ import annotations

from planning_check.assess.plan import Plan


def of_the_place(plan: Plan, key: str) -> str:
    """SQL behind a join of subjects with ``law_version v``: of one ordinance only what it says for the narrowest place."""
    if not plan.has_placed_law:
        return ""
    return f"QUALIFY length(v.place) = max(length(v.place)) OVER (PARTITION BY {key}, v.jurisdiction, v.ordinance_id)"


def not_giving_way(plan: Plan, covering: str, key: str) -> str:
    """SQL, a condition on ``covering``: it is not what an ordinance of the same place builds on that surely covers the subject, too."""
    if not plan.law_bases:
        return "true"
    return (
        f"NOT EXISTS (SELECT 1 FROM {covering} d JOIN law_base l ON l.ordinance_id = d.ordinance_id "
        f"WHERE d.surely AND d.{key} = {covering}.{key} AND d.depth = {covering}.depth AND l.base_id = {covering}.ordinance_id)"
    )
