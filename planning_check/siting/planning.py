"""Where to build next, from the tables of a delivery to the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from planning_check.errors import SourceError, Text, UsageError
from planning_check.siting.assigning import Group, assigned
from planning_check.siting.candidates import candidates_of
from planning_check.siting.choice import Answer, Problem, choose
from planning_check.siting.demand import Demand, demand_of
from planning_check.siting.ground import Ground, ground_of
from planning_check.siting.reach import places_within
from planning_check.siting.result import REGISTERS, WHYS, Facility, LeftOut, Line, Ranked, Site, Siting
from planning_check.siting.serving import Places, served_by
from planning_check.siting.supply import MOST_PEOPLE, Supply, supply_of

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import shapely

    from planning_check.siting.kinds import Facilities, FacilityKind


@dataclass(frozen=True)
class Wish:
    """What is asked: ``population`` of :data:`result.POPULATIONS`, ``at_most`` so many sites for ``budget_yuan`` (None: whatever they
    cost), ``seconds`` for the exact answer; ``used``: a share of use beyond which a facility is not idle; ``land_uses``: a text of the
    delivery -> the uses that it names."""

    kind: FacilityKind
    population: str
    at_most: int
    budget_yuan: Decimal | None
    seconds: float
    used: float
    land_uses: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sited:
    """The tables as the choice needs them."""

    ground: Ground
    demand: Demand
    supply: Supply
    sites: list[Site]
    left_out: list[LeftOut]


def present_state(con: duckdb.DuckDBPyConnection, facilities: Facilities, kind: FacilityKind, population: str) -> Sited:
    """Who lives where and what serves them. Raises SourceError where nobody's place or number is known."""
    ground = ground_of(con)
    demand = demand_of(con, ground, facilities, with_planned=population == "planned")
    people = int(demand.people.sum())
    if not 0 < people <= MOST_PEOPLE:
        raise SourceError(
            Text("没有可用的人口", "no usable population") if not people else Text("人口数过大", "the population is too large"),
            why=_counted(demand.left_out),
            fix=Text("报送社区人口（社区名录）和社区边界", "deliver the population of communities, and their boundaries"),
        )
    return Sited(ground, demand, supply_of(con, ground, kind), [], [])


def shares_unserved(state: Sited, kind: FacilityKind) -> dict[str, tuple[Decimal, Decimal]]:
    """Of every community with people the share whom nothing within reach serves: if each facility of unknown capacity served everybody
    within its reach, and if it served nobody."""
    demand, supply, reach_m = state.demand, state.supply, float(kind.reach_m.value)
    everybody = int(demand.people.sum())
    known, spots = _places(demand, supply.known, reach_m), _spots(supply.known)
    served = everybody - served_by(demand.people, known).unserved
    lines = []
    for unsure in (supply.unsure, ()):
        more = _places(demand, unsure, reach_m, capacity=everybody)
        added = everybody - served_by(demand.people, known, more).unserved - served
        by_point, _ = assigned(demand.people, demand.xy, Group(known, spots, served), Group(more, _spots(unsure), added))
        lines.append(_lines(state.ground, demand, by_point, by_point))
    return {
        most.code: (min(Decimal(least.unserved_now), Decimal(most.unserved_now)) / most.people, Decimal(most.unserved_now) / most.people)
        for least, most in zip(*lines, strict=True)
    }


def plan_sites(
    con: duckdb.DuckDBPyConnection, facilities: Facilities, wish: Wish, as_of: dt.date, title: Text | None, notice: Text | None,
    each: Callable[[], None] = lambda: None,
) -> Siting:  # fmt: skip
    """The whole answer. Raises SourceError where nothing can be sited, UsageError where the budget pays for no site."""
    import numpy as np

    kind = wish.kind
    state = present_state(con, facilities, kind, wish.population)
    until = as_of + dt.timedelta(days=int(facilities.available_within_days.value))
    sites, left_out = candidates_of(con, state.ground, kind, until=until, used=wish.used, land_uses=dict(wish.land_uses))
    _refuse(sites, left_out, wish)
    each()
    demand, supply, reach_m = state.demand, state.supply, float(kind.reach_m.value)
    present, new = _places(demand, supply.known, reach_m), _places(demand, sites, reach_m)
    problem = Problem(
        demand.people, present, new, np.array([int(site.yuan * 100) for site in sites], np.int64),
        np.array([int(site.m2 * 100) for site in sites], np.int64), wish.at_most,
        None if wish.budget_yuan is None else int(wish.budget_yuan * 100),
    )  # fmt: skip
    answer = choose(problem, wish.seconds)
    each()
    numbers = np.array(answer.best.numbers, np.int64)
    now, at = Group(present, _spots(supply.known), answer.served_now), _spots(sites)
    before, _ = assigned(demand.people, demand.xy, now, Group(new.of(numbers[:0]), at[:0], 0))
    after, serves = assigned(demand.people, demand.xy, now, Group(new.of(numbers), at[numbers], answer.best.people))
    at_most, at_least = _unsure(demand, supply, present, new.of(numbers), reach_m)
    greedy = {order: (one.people, tuple(sites[n].key for n in one.numbers)) for order, one in answer.greedy.items()}
    return Siting(
        title, notice, as_of, kind, wish.population, wish.at_most, wish.budget_yuan, wish.seconds, int(demand.people.sum()), demand.planned,
        supply.is_told, answer.served_now, supply.known, _ranked(sites, answer, serves, state.ground), answer.bound, answer.is_proven,
        answer.from_greedy, greedy, _lines(state.ground, demand, before, after), supply.unsure, at_most, at_least,
        [*demand.left_out, *supply.left_out, *left_out], supply.lost, facilities.figures() | kind.figures(),
        *_drawn(state.ground, supply),
    )  # fmt: skip


def _refuse(sites: Sequence[Site], left_out: Sequence[LeftOut], wish: Wish) -> None:
    """Where there is nothing to choose from, or nothing that the budget pays."""
    label = wish.kind.label
    if not sites:
        raise SourceError(
            Text(f"没有可以建“{label.zh}”的候选地点", f"no site for '{label.en}'"), why=_counted(left_out),
            fix=Text("报送闲置设施、宗地、旧城改造片区和用房台账，写明面积和位置",
                     "deliver idle facilities, parcels, renewal areas and rooms, each with area and place"),
        )  # fmt: skip
    cheapest = min(sites, key=lambda site: (site.yuan, site.register, site.key))
    if wish.budget_yuan is not None and wish.budget_yuan < cheapest.yuan:
        raise UsageError(
            Text(f"预算 {wish.budget_yuan:,} 元不够建任何一处", f"the budget of {wish.budget_yuan:,} yuan pays for no site"),
            why=Text(f"最便宜的是 {cheapest.key} {cheapest.name}，{cheapest.yuan:,} 元",
                     f"the cheapest is {cheapest.key} {cheapest.name}, {cheapest.yuan:,} yuan"),
            fix=Text("加大 --budget，或在自己的 facilities.yaml 里写本市的造价", "raise --budget, or write your city's costs in a facilities.yaml"),
        )  # fmt: skip


def _counted(left_out: Sequence[LeftOut]) -> Text | None:
    """What was left out, by why: the reason that nothing is left."""
    pairs = dict.fromkeys((one.register, one.why) for one in left_out)
    counts = {pair: sum((one.register, one.why) == pair for one in left_out) for pair in pairs}
    if not counts:
        return Text("没有报送这些台账，或其中没有可用的行", "the registers were not delivered, or have no usable row")
    zh = "；".join(f"{REGISTERS[r].zh} {n} 个{WHYS[w].zh}" for (r, w), n in counts.items())
    en = "; ".join(f"{REGISTERS[r].en}: {n}, {WHYS[w].en}" for (r, w), n in counts.items())
    return Text(zh, en)


def _spots(things: Sequence[Facility | Site]) -> np.ndarray:
    import numpy as np

    return np.array([(one.x, one.y) for one in things], float).reshape(-1, 2)


def _places(demand: Demand, things: Sequence[Facility | Site], reach_m: float, capacity: int | None = None) -> Places:
    import numpy as np

    held = np.array([one.capacity if capacity is None else capacity for one in things], np.int64)
    return places_within(demand.xy, _spots(things), held, reach_m)


def _unsure(demand: Demand, supply: Supply, present: Places, chosen: Places, reach_m: float) -> tuple[int, int]:
    """If facilities of unknown capacity served everybody within their reach: how many were served now, and newly by the chosen sites."""
    everybody = int(demand.people.sum())
    unsure = _places(demand, supply.unsure, reach_m, capacity=everybody)
    now = served_by(demand.people, present, unsure)
    with_chosen = served_by(demand.people, present, unsure, chosen)
    return everybody - now.unserved, now.unserved - with_chosen.unserved


def _ranked(sites: Sequence[Site], answer: Answer, serves: np.ndarray, ground: Ground) -> list[Ranked]:
    """The chosen first, then those that serve most alone, at the lowest cost, by register and key."""
    import shapely

    degrees = ground.in_degrees(shapely.points(_spots(sites)).tolist())
    served = dict(zip(answer.best.numbers, (int(n) for n in serves), strict=True))
    order = {number: place for place, number in enumerate(sorted(served, key=lambda n: (-served[n], sites[n].yuan, n)), 1)}
    made = [
        Ranked(site, int(answer.alone[n]), order.get(n, 0), served.get(n, 0), round(float(degrees[n].x), 7), round(float(degrees[n].y), 7))
        for n, site in enumerate(sites)
    ]
    return sorted(made, key=lambda one: (not one.order, one.order, -one.alone, one.site.yuan, one.site.register, one.site.key))


def _drawn(ground: Ground, supply: Supply) -> tuple[dict[str, shapely.Geometry], dict[str, shapely.Geometry]]:
    """The communities and the facilities in degrees, by code and key."""
    import shapely

    there = [number for number, shape in enumerate(ground.shapes) if shape is not None]
    shapes = ground.in_degrees(ground.shapes[there].tolist())
    facilities = [*supply.known, *supply.unsure]
    points = ground.in_degrees(shapely.points(_spots(facilities)).tolist())
    return (
        {ground.communities[number].code: shape for number, shape in zip(there, shapes, strict=True)},
        {one.key: point for one, point in zip(facilities, points, strict=True)},
    )


def _lines(ground: Ground, demand: Demand, before: np.ndarray, after: np.ndarray) -> list[Line]:
    """A line a community with people, in the order of districts and codes; people of none in a last one."""
    import numpy as np

    count = len(ground.communities)
    at = np.where(demand.community < 0, count, demand.community)
    sums = [
        np.bincount(at, values, count + 1).astype(np.int64) for values in (demand.people, demand.people - before, demand.people - after)
    ]
    names = [(one.code, one.name, one.district) for one in ground.communities] + [("", "", "")]
    return [Line(*name, *(int(held[n]) for held in sums)) for n, name in enumerate(names) if sums[0][n]]
