"""The choice of sites against every other one that could be, and its promises: capacity, budget, number, order."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.siting import choice
from planning_check.siting.choice import ORDERS, choose
from planning_check.siting.serving import served_by
from tests.siting.made import best, problem, problems, served, told, worth


@given(problems())
@settings(deadline=None)
def test_no_choice_serves_more(given):
    answer = choose(given, 60)
    assert answer.is_proven and answer.best.people == answer.bound == best(given)
    assert answer.served_now == served(given.people.tolist(), told(given.present))
    assert worth(given, answer.best.numbers) == answer.best.people
    assert answer.alone.tolist() == [worth(given, [n]) for n in range(len(given.sites))]


@given(problems())
@settings(deadline=None)
def test_choices_keep_to_number_and_budget_and_the_greedy_never_serve_more(given):
    answer = choose(given, 60)
    for one in (answer.best, *(answer.greedy[order] for order in ORDERS)):
        assert len(set(one.numbers)) == len(one.numbers) <= given.at_most
        assert given.budget_fen is None or sum(int(given.fen[n]) for n in one.numbers) <= given.budget_fen
        assert worth(given, one.numbers) == one.people <= answer.bound
        assert all(added > 0 for added in one.added)


@given(problems(), st.integers(0, 9))
@settings(deadline=None)
def test_more_money_or_one_more_site_never_serves_fewer(given, more):
    before = choose(given, 60).best.people
    assert choose(replace(given, at_most=given.at_most + 1), 60).best.people >= before
    if given.budget_fen is not None:
        assert choose(replace(given, budget_fen=given.budget_fen + more), 60).best.people >= before


@given(problems(), st.data())
@settings(deadline=None)
def test_the_simple_bound_holds_where_there_was_no_time(given, data):
    """Sites add less together than alone: the bound that needs no solver is one."""
    now = served_by(given.people, given.present)
    alone = np.array([now.gain(given.sites.reach(n), int(given.sites.capacity[n])) for n in range(len(given.sites))], np.int64)
    assert choice._simple_bound(given, alone) >= best(given)


def test_a_trial_changes_nothing():
    given = problem([4, 4], [(4, [0, 1])], [(3, [0]), (9, [0, 1])])
    now = served_by(given.people, given.present)
    before = now.left.tolist()
    assert [now.gain(given.sites.reach(n), int(given.sites.capacity[n])) for n in (0, 1, 0)] == [3, 4, 3]
    assert now.left.tolist() == before and now.unserved == 4


def test_people_go_elsewhere_so_that_a_new_site_serves_more():
    """What is there serves point 0 and could serve point 1; a site that reaches point 0 alone takes those over."""
    given = problem([5, 5], [(5, [0, 1])], [(5, [0])])
    assert choose(given, 60).best.people == 5


def test_greedy_is_not_always_best():
    """The site that adds most alone (6) leaves 2 on either side; the two others add 5 each."""
    answer = choose(problem([2, 3, 3, 2], [], [(6, [1, 2]), (5, [0, 1]), (5, [2, 3])], at_most=2), 60)
    assert (answer.best.numbers, answer.best.people, answer.greedy["people"].people) == ((1, 2), 10, 8)


def test_of_choices_that_serve_as_many_the_cheapest_and_then_the_first():
    same = [(5, [0]), (5, [0]), (5, [0])]
    assert choose(problem([5], [], same, fen=[300, 200, 200], at_most=2), 60).best.numbers == (1,)
    assert choose(problem([5], [], same, at_most=2), 60).best.numbers == (0,)


def test_a_budget_that_is_just_enough_and_one_fen_less():
    sites = [(5, [0]), (5, [1])]
    given = problem([5, 5], [], sites, fen=[150_000_001, 150_000_002], at_most=2, budget_fen=300_000_003)
    assert choose(given, 60).best.people == 10
    assert choose(replace(given, budget_fen=300_000_002), 60).best.people == 5


def test_without_time_the_greedy_answer_stands_and_it_is_said(monkeypatch):
    """Where nothing was found in time."""
    monkeypatch.setattr(choice, "_exactly", lambda *_: (None, None, False))
    answer = choose(problem([2, 3, 3, 2], [], [(6, [1, 2]), (5, [0, 1]), (5, [2, 3])], at_most=2), 60)
    assert (answer.best.people, answer.bound, answer.is_proven, answer.from_greedy) == (8, 10, False, True)
    assert answer.gap == pytest.approx(0.2)


def test_nothing_to_choose():
    assert choose(problem([5], [(9, [0])], [(5, [0])]), 60).best.numbers == ()
    assert choose(problem([5], [], []), 60).bound == 0
    assert choose(problem([5], [], [(5, [0])], at_most=0), 60).best.people == 0
