"""Small problems of where to build, and their answers by trying everything: nothing here is the package's own reckoning."""

import itertools

import numpy as np
from hypothesis import strategies as st

from planning_check.siting.choice import Problem
from planning_check.siting.serving import Places


def places(capacities, reaches):
    """Places by capacity, and the points that each reaches."""
    first = np.concatenate([[0], np.cumsum([len(one) for one in reaches])]).astype(np.int64)
    points = np.array([p for one in reaches for p in sorted(one)], np.int64)
    return Places(np.array(capacities, np.int64).reshape(-1), first, points)


def problem(people, present, sites, *, fen=None, dm2=None, at_most=1, budget_fen=None):
    """``present`` and ``sites``: (capacity, points) each."""
    there, new = (places([c for c, _ in some], [r for _, r in some]) for some in (present, sites))
    count = len(sites)
    return Problem(
        np.array(people, np.int64), there, new, np.array([100] * count if fen is None else fen, np.int64),
        np.array([100] * count if dm2 is None else dm2, np.int64), at_most, budget_fen,
    )  # fmt: skip


@st.composite
def problems(draw):
    points = draw(st.integers(1, 5))
    reach = st.frozensets(st.integers(0, points - 1), max_size=points)
    some = st.tuples(st.integers(0, 12), reach)
    present, sites = draw(st.lists(some, max_size=3)), draw(st.lists(some, max_size=5))
    count = len(sites)
    prices = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    sizes = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    people = draw(st.lists(st.integers(0, 9), min_size=points, max_size=points))
    budget = draw(st.none() | st.integers(0, 30))
    return problem(people, present, sites, fen=prices, dm2=sizes, at_most=draw(st.integers(0, 4)), budget_fen=budget)


def served(people, some):
    """How many people (capacity, points) can serve, person by person: everybody is asked for a seat, and who has one may move."""
    seats = [(capacity, frozenset(reach)) for capacity, reach in some]
    taken = [[] for _ in seats]

    def sit(person, asked):
        for number, (capacity, reach) in enumerate(seats):
            if person[0] not in reach or number in asked:
                continue
            asked.add(number)
            if len(taken[number]) < capacity:
                taken[number].append(person)
                return True
            for other in list(taken[number]):
                if sit(other, asked):
                    taken[number].remove(other)
                    taken[number].append(person)
                    return True
        return False

    return sum(sit((point, n), set()) for point, number in enumerate(people) for n in range(number))


def told(some):
    return [(int(some.capacity[n]), some.reach(n).tolist()) for n in range(len(some))]


def worth(given, numbers):
    """People newly served by these sites."""
    present, sites = told(given.present), told(given.sites)
    people = given.people.tolist()
    return served(people, present + [sites[n] for n in numbers]) - served(people, present)


def best(given):
    """The most that any permitted choice serves newly."""
    numbers = range(len(given.sites))
    sets = (s for size in range(given.at_most + 1) for s in itertools.combinations(numbers, size))
    return max(worth(given, s) for s in sets if given.budget_fen is None or sum(int(given.fen[n]) for n in s) <= given.budget_fen)
