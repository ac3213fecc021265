"""The assignment against every other one that could be, and its promises: capacity, withdrawal, order of rows."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.geo.places.assignment import assign


def solved(offices, slots, pairs):
    """``pairs``: {(office, facility): cost}."""
    office, facility, cost = np.array([(o, f, c) for (o, f), c in pairs.items()], np.int64).reshape(-1, 3).T
    return assign(offices, np.array(slots, np.int64), office, facility, cost).tolist()


def total(taken, pairs):
    """Offices left out first, then the cost: less is better."""
    return sum(f < 0 for f in taken), sum(pairs[o, f] for o, f in enumerate(taken) if f >= 0)


def best(offices, slots, pairs):
    """The least total over every assignment."""
    choices = [[-1, *(f for f in range(len(slots)) if (o, f) in pairs)] for o in range(offices)]
    fitting = (t for t in itertools.product(*choices) if all(t.count(f) <= n for f, n in enumerate(slots)))
    return min(total(t, pairs) for t in fitting)


@st.composite
def problems(draw):
    offices, facilities = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    slots = draw(st.lists(st.integers(0, 2), min_size=facilities, max_size=facilities))
    every = list(itertools.product(range(offices), range(facilities)))
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    costs = draw(st.lists(st.integers(0, 100_000), min_size=len(chosen), max_size=len(chosen)))
    return offices, slots, dict(zip(chosen, costs, strict=True))


@given(problems())
def test_no_assignment_serves_more_or_costs_less(problem):
    _offices, slots, pairs = problem
    taken = solved(*problem)
    assert total(taken, pairs) == best(*problem)
    assert all(taken.count(f) <= n for f, n in enumerate(slots))


@given(problems(), st.data())
def test_withdrawing_a_facility_never_helps(problem, data):
    offices, slots, pairs = problem
    gone = data.draw(st.integers(0, len(slots) - 1))
    without = {(o, f): c for (o, f), c in pairs.items() if f != gone}
    assert total(solved(offices, slots, without), pairs) >= total(solved(*problem), pairs)


@given(problems(), st.randoms())
def test_the_order_of_the_pairs_changes_nothing(problem, random):
    offices, slots, pairs = problem
    shuffled = list(pairs.items())
    random.shuffle(shuffled)
    assert solved(offices, slots, dict(shuffled)) == solved(*problem)


@pytest.mark.parametrize(
    ("slots", "pairs", "taken"),
    [
        ([1, 1], {(0, 0): 10, (0, 1): 20, (1, 0): 5}, [1, 0]),  # the one with no other choice gets the school
        ([1], {(0, 0): 10, (1, 0): 9}, [-1, 0]),
        ([2], {(0, 0): 10, (1, 0): 9}, [0, 0]),
        ([0], {(0, 0): 10}, [-1, -1]),
        ([1], {}, [-1, -1]),
        ([1, 1], {(0, 0): 0, (0, 1): 0, (1, 0): 99_999}, [1, 0]),  # serving both counts before any distance
    ],
)  # fmt: skip
def test_small_ones_by_head(slots, pairs, taken):
    assert solved(2, slots, pairs) == taken
