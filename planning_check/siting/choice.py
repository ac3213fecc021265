"""Which few sites serve the most people whom nothing serves yet: exactly, as a mixed-integer programme, and greedily beside it. Pure.

Places that are there already serve as many as they can; a set of sites is worth what all places together serve beyond that. That is a
maximum flow from places through points to people, so people are whole numbers whoever is sent where, and each site adds less the more
others there are: none that adds nothing alone adds anything at all.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planning_check.siting.serving import Places, served_by

if TYPE_CHECKING:
    import numpy as np

#: By what the greedy answers choose the next site: people newly served, the same per yuan, per m2.
ORDERS = ("people", "yuan", "m2")


@dataclass(frozen=True)
class Problem:
    """``people`` at every point, whole numbers; the places that are there, and the sites, in the order of their keys. ``fen``, ``dm2``:
    what a site costs and how large it is. ``at_most`` so many sites, for ``budget_fen`` at most (None: whatever they cost)."""

    people: np.ndarray
    present: Places
    sites: Places
    fen: np.ndarray
    dm2: np.ndarray
    at_most: int
    budget_fen: int | None = None

    def may(self, number: int) -> bool:
        return self.budget_fen is None or int(self.fen[number]) <= self.budget_fen


@dataclass(frozen=True)
class Chosen:
    """Numbers of the sites, in the order in which they were chosen (of the exact answer, by people newly served), and what each adds to
    those before it; ``people`` is their sum."""

    numbers: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def people(self) -> int:
        return sum(self.added)


@dataclass(frozen=True)
class Answer:
    """``alone``: people newly served by each site if it were the only one. ``best``: the sites chosen; no choice serves more than ``bound``
    newly, and where ``is_proven`` that is what they serve. ``greedy``: order -> the greedy answer. ``served_now``: by what is there."""

    served_now: int
    alone: np.ndarray
    best: Chosen
    bound: int
    is_proven: bool
    greedy: dict[str, Chosen]
    from_greedy: bool = False

    @property
    def gap(self) -> float:
        """What is missing to the bound, as a share of it; 0 where nothing more can be served."""
        return (self.bound - self.best.people) / self.bound if self.bound else 0.0


def choose(problem: Problem, seconds: float) -> Answer:
    """The sites that serve the most people newly; ``seconds``: how long the exact answer is looked for at most.

    Of choices that serve as many, fewer and cheaper sites, then those of smaller keys. Where time ends first, the best that was found, the
    greedy answers among it: then ``is_proven`` is false, and looking again may find otherwise.
    """
    import numpy as np

    now = served_by(problem.people, problem.present)
    served_now = int(problem.people.sum()) - now.unserved
    alone = np.array([now.gain(problem.sites.reach(n), int(problem.sites.capacity[n])) for n in range(len(problem.sites))], np.int64)
    greedy = {order: _greedy(problem, alone, order) for order in ORDERS}
    useful = np.array([n for n in range(len(alone)) if alone[n] > 0 and problem.may(n)], np.int64)
    simple = _simple_bound(problem, alone[useful])
    if not len(useful) or not problem.at_most:
        return Answer(served_now, alone, Chosen((), ()), 0, True, greedy)
    found, bound, is_proven = _exactly(problem, useful, served_now, seconds)
    ahead = max(greedy.values(), key=lambda one: one.people)
    exact = _in_order(problem, found) if found is not None else Chosen((), ())
    from_greedy = ahead.people > exact.people
    best = ahead if from_greedy else exact
    bound = best.people if is_proven else max(best.people, min(simple, bound if bound is not None else simple))
    return Answer(served_now, alone, best, bound, is_proven or bound == best.people, greedy, from_greedy)


def _rank(problem: Problem, numbers: Sequence[int]) -> dict[int, int]:
    """Cheapest first, then by key: 1, 2, ..."""
    return {n: place for place, n in enumerate(sorted(numbers, key=lambda n: (int(problem.fen[n]), n)), 1)}


def _simple_bound(problem: Problem, alone: np.ndarray) -> int:
    """The sum of the most that so many sites add alone, and no more than are unserved; sites add less together."""
    most = sorted(alone.tolist(), reverse=True)[: problem.at_most]
    return min(sum(most), int(problem.people.sum()))


def _greedy(problem: Problem, alone: np.ndarray, order: str) -> Chosen:
    """The next site is always the one that adds most, by ``order``; what a site added before is the most it can add now, so few are
    asked."""
    rank = _rank(problem, range(len(alone)))
    numbers: list[int] = []
    added: list[int] = []
    serving, spent = served_by(problem.people, problem.present), 0
    per = {"people": None, "yuan": problem.fen, "m2": problem.dm2}[order]

    def weight(number: int, gain: int) -> float:
        if per is None:
            return -float(gain)
        return -(gain / int(per[number])) if per[number] else -math.inf

    waiting = [(weight(n, int(alone[n])), rank[n], n, 0) for n in range(len(alone)) if alone[n] > 0]
    heapq.heapify(waiting)
    while waiting and len(numbers) < problem.at_most:
        _, _, number, asked_at = heapq.heappop(waiting)
        if problem.budget_fen is not None and spent + int(problem.fen[number]) > problem.budget_fen:
            continue
        points, capacity = problem.sites.reach(number), int(problem.sites.capacity[number])
        if asked_at == len(numbers):
            added.append(serving.serve(points, capacity))
            numbers.append(number)
            spent += int(problem.fen[number])
        elif gain := serving.gain(points, capacity):
            heapq.heappush(waiting, (weight(number, gain), rank[number], number, len(numbers)))
    return Chosen(tuple(numbers), tuple(added))


def _in_order(problem: Problem, numbers: Sequence[int]) -> Chosen:
    """A set of sites in the order of what each adds to those before it."""
    serving, rank, order, added = served_by(problem.people, problem.present), _rank(problem, numbers), [], []
    left = set(numbers)
    while left:
        gains = {n: serving.gain(problem.sites.reach(n), int(problem.sites.capacity[n])) for n in left}
        one = min(left, key=lambda n: (-gains[n], rank[n]))
        left.remove(one)
        if gains[one]:
            added.append(serving.serve(problem.sites.reach(one), int(problem.sites.capacity[one])))
            order.append(one)
    return Chosen(tuple(order), tuple(added))


def _exactly(problem: Problem, useful: np.ndarray, served_now: int, seconds: float) -> tuple[list[int] | None, int | None, bool]:
    """The sites of the exact answer, None where time ended before any was found; the most that any choice serves newly; whether proven."""
    from scipy.optimize import milp

    budget = problem.budget_fen
    while True:
        model, sites, shift = _model(problem, useful, budget)
        found = milp(**model, options={"time_limit": seconds, "mip_rel_gap": 0.0})
        bound = None if found.mip_dual_bound is None or not math.isfinite(found.mip_dual_bound) else -float(found.mip_dual_bound)
        most = None if bound is None else max(0, math.floor(bound + shift + 1e-6) - served_now)
        if found.x is None:
            return None, most, False
        numbers = [int(n) for n, taken in zip(useful, found.x[sites], strict=True) if taken > 0.5]
        cost = sum(int(problem.fen[n]) for n in numbers)
        if problem.budget_fen is None or cost <= problem.budget_fen:
            return numbers, most, found.status == 0 and budget == problem.budget_fen
        budget = (budget or 0) - (cost - problem.budget_fen)  # the solver is exact to a millionth: some fen too much


def _model(problem: Problem, useful: np.ndarray, budget_fen: int | None) -> tuple[dict[str, Any], slice, float]:
    """The programme for scipy's ``milp``; which of its variables are the sites; by how much less than people its objective is at most.

    Points with the same places within reach are one; a site's capacity is no more than the people within its reach.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint
    from scipy.sparse import csr_array

    sites = problem.sites.of(useful)
    count, there = len(sites), len(problem.present)
    place = np.concatenate([_owners(problem.present), there + _owners(sites)])
    point, people = _merged(np.concatenate([problem.present.points, sites.points]), place, problem.people)
    place, point = point[:, 0], point[:, 1]
    within = np.bincount(place, people[point], there + count)
    capacity = np.minimum(np.concatenate([problem.present.capacity, sites.capacity]), within)
    pairs, points = len(place), len(people)
    ranks = _rank(problem, useful.tolist())
    rank = np.array([ranks[int(n)] for n in useful], float)
    tie = 0.5 / float(np.sort(rank)[-problem.at_most :].sum() + 1)
    rows = [np.concatenate([point, points + place]), points + there + np.arange(count), np.full(count, points + there + count)]
    columns = [np.tile(count + np.arange(pairs), 2), np.arange(count), np.arange(count)]
    values = [np.ones(2 * pairs), -capacity[there:], np.ones(count)]
    upper = [people.astype(float), capacity[:there], np.zeros(count), [float(min(problem.at_most, count))]]
    if budget_fen is not None:
        rows.append(np.full(count, points + there + count + 1))
        columns.append(np.arange(count))
        values.append(problem.fen[useful] / 100)
        upper.append([budget_fen / 100])
    bound = np.concatenate(upper)
    matrix = csr_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(len(bound), count + pairs))
    model = {
        "c": np.concatenate([tie * rank, -np.ones(pairs)]),
        "integrality": np.concatenate([np.ones(count), np.zeros(pairs)]),
        "bounds": Bounds(0, np.concatenate([np.ones(count), people[point].astype(float)])),
        "constraints": LinearConstraint(matrix, -np.inf, bound),
    }
    return model, slice(0, count), 0.5


def _owners(places: Places) -> np.ndarray:
    """The place of every pair."""
    import numpy as np

    return np.repeat(np.arange(len(places)), np.diff(places.first))


def _merged(points: np.ndarray, places: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of (place, point) with the points that have the same places made one, and the people of those."""
    import numpy as np

    order = np.lexsort((places, points))
    points, places = points[order], places[order]
    here, first, counts = np.unique(points, return_index=True, return_counts=True)
    groups: dict[bytes, int] = {}
    number = np.array([groups.setdefault(places[a : a + n].tobytes(), len(groups)) for a, n in zip(first, counts, strict=True)], np.int64)
    together = np.bincount(number, people[here], len(groups)).astype(np.int64)
    _, leads = np.unique(number, return_index=True)
    pairs = [(place, group) for group, lead in enumerate(leads) for place in places[first[lead] : first[lead] + counts[lead]]]
    return np.array(pairs, np.int64).reshape(-1, 2), together
