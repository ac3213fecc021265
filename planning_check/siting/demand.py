"""Who lives where: the people of a community spread evenly over it, and those of approved projects on their land."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from planning_check.siting.result import Community, LeftOut

if TYPE_CHECKING:
    import duckdb
    import numpy as np

    from planning_check.siting.ground import Ground
    from planning_check.siting.kinds import Facilities


@dataclass(frozen=True)
class Demand:
    """Points with their people, whole numbers: ``xy`` in metres, ``community``: number in ``Ground.communities``, -1 of none.
    ``planned``: how many of the people are of approved projects."""

    xy: np.ndarray
    people: np.ndarray
    community: np.ndarray
    planned: int
    left_out: tuple[LeftOut, ...]


def spread(shape: object, people: int, spacing_m: float, at_most: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of a grid inside a polygon, ``spacing_m`` apart (wider where there were more than about ``at_most``), and the people of
    each: alike to one person, their sum exact. A polygon between the points of the grid has one point of its own."""
    import numpy as np
    import shapely

    step = max(spacing_m, float(np.sqrt(shapely.area(shape) / at_most)))
    west, south, east, north = (float(edge) for edge in shapely.bounds(shape))
    columns = (np.arange(np.floor(west / step), np.ceil(east / step)) + 0.5) * step
    rows = (np.arange(np.floor(south / step), np.ceil(north / step)) + 0.5) * step
    x, y = (axis.ravel() for axis in np.meshgrid(columns, rows))
    inside = shapely.contains_xy(shape, x, y)
    points = np.stack([x[inside], y[inside]], -1)
    if not len(points):
        inner = shapely.point_on_surface(shape)
        points = np.array([[inner.x, inner.y]])
    return points, divided(people, len(points))


def divided(people: int, parts: int) -> np.ndarray:
    """Whole numbers that differ by one at most and add up."""
    import numpy as np

    return np.diff(np.arange(parts + 1, dtype=np.int64) * people // parts)


def demand_of(con: duckdb.DuckDBPyConnection, ground: Ground, facilities: Facilities, *, with_planned: bool) -> Demand:
    """The people of all communities that tell their number and have a boundary; ``with_planned``: and of approved projects not moved
    into."""
    import numpy as np

    parts: list[tuple[np.ndarray, np.ndarray, int]] = []
    left_out: list[LeftOut] = []
    for number, community in enumerate(ground.communities):
        shape = ground.shapes[number]
        is_told = community.population is not None and community.population >= 0
        if not is_told or shape is None:
            why = "no_boundary" if is_told else "no_population"
            left_out.append(LeftOut("communities", why, community.code, community.name))
        elif community.population:
            made = spread(shape, community.population, float(facilities.spacing_m.value), int(facilities.points_at_most.value))
            parts.append((*made, number))
    planned = 0
    for points, people, number in _planned(con, ground, facilities, left_out) if with_planned else ():
        parts.append((points, people, number))
        planned += int(people.sum())
    counts = [len(people) for _, people, _ in parts]
    return Demand(
        np.concatenate([*(points for points, *_ in parts), np.zeros((0, 2))]),
        np.concatenate([*(people for _, people, _ in parts), np.zeros(0, np.int64)]),
        np.repeat(np.array([number for *_, number in parts], np.int64), counts),
        planned,
        tuple(left_out),
    )


#: Approved by the day and not over; what is not known to be approved, or not known to be moved into, is told and not counted.
_PLANNED = """
SELECT project_id, project_name, coalesce(community_by_map, community_code) AS community, households,
       coalesce(plan_approved_on_lo, permitted_on_lo) AS approved_lo, coalesce(plan_approved_on_hi, permitted_on_hi) AS approved_hi,
       CASE WHEN delivered_on_hi <= as_of THEN 'moved_in' WHEN delivered_on_lo <= as_of THEN 'unknown'
            WHEN delivered_on_lo IS NULL AND completed_on_lo <= as_of THEN 'unknown' ELSE 'to_come' END AS people, as_of
FROM fact_project WHERE life_state NOT IN ('cancelled', 'merged', 'split') AND (is_housing IS DISTINCT FROM false OR households > 0)
ORDER BY project_id
"""


def _planned(
    con: duckdb.DuckDBPyConnection, ground: Ground, facilities: Facilities, left_out: list[LeftOut]
) -> Sequence[tuple[np.ndarray, np.ndarray, int]]:
    made = []
    numbers = {community.code: number for number, community in enumerate(ground.communities)}
    for key, name, code, households, approved_lo, approved_hi, people, day in con.execute(_PLANNED).fetchall():
        number, land = numbers.get(code, -1), ground.land.get(key)
        if people == "moved_in" or (approved_lo is not None and approved_lo > day):
            continue
        points = land if land is not None else ground.inner(number)
        why = _why(people, approved_hi is not None and approved_hi <= day, households)
        if why or points is None:
            left_out.append(LeftOut("projects", why or "no_place", key, name))
        else:
            made.append((points, divided(_persons(households, ground.communities, number, facilities), len(points)), number))
    return made


def _why(people: str, is_approved: bool, households: int | None) -> str:
    """Why a project's people are not known; "" where they are."""
    if people == "unknown":
        return "delivery_unknown"
    if not is_approved:
        return "approval_unknown"
    return "no_households" if households is None or households < 0 else ""


def _persons(households: int, communities: Sequence[Community], number: int, facilities: Facilities) -> int:
    """Households by the ratio of their own community where it tells both its numbers, else by the pack's; rounded half up."""
    own = communities[number] if number >= 0 else None
    if own and own.population and own.households:
        return (2 * households * own.population + own.households) // (2 * own.households)
    return int(households * facilities.persons_per_household.value + Decimal("0.5"))
