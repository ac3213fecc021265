"""A sample is the same on every machine, and what it says of all cases is held against a second computation."""

import hashlib
import itertools
from fractions import Fraction as Fr
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning_check.assess.sampling import BROKEN, FIXED, Draw, TooFew, Unit, clopper_pearson, draw, project

KEYS = [f"{n:016x}" for n in range(60)]


def units(fens, strata=("offices", "deposits", "controls")):
    return [Unit(key, strata[n % len(strata)], fen) for n, (key, fen) in enumerate(zip(KEYS, fens, strict=False))]


def test_a_simple_draw_is_the_first_by_sha256_of_seed_and_key():
    drawn = draw(units([None] * 10), "simple", 4, 7)
    assert list(drawn.chosen) == sorted(KEYS[:10], key=lambda key: hashlib.sha256(b"7:" + key.encode()).hexdigest())[:4]
    assert list(drawn.chosen) == [KEYS[n] for n in (1, 3, 6, 8)], "as sha256sum orders them"
    assert (drawn.population, drawn.left_out) == (10, 0)
    assert draw(units([None] * 10)[::-1], "simple", 4, 7) == drawn, "in whatever order they come"
    assert set(draw(units([None] * 10), "simple", 4, 8).chosen) != set(drawn.chosen)


def test_strata_are_drawn_in_proportion_and_two_of_each_at_least():
    named = [Unit(key, "a" if n < 40 else "b" if n < 58 else "c", None) for n, key in enumerate(KEYS)]
    drawn = draw(named, "stratified", 20, 7)
    assert {name: list(drawn.chosen.values()).count(name) for name in "abc"} == {"a": 13, "b": 5, "c": 2}
    assert len(draw(named, "stratified", 99, 7).chosen) == 60
    with pytest.raises(TooFew) as few:
        draw(named, "stratified", 5, 7)
    assert few.value.least == 6


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9)), max_size=60), st.integers(1, 70), st.integers(0, 10**6))
def test_by_money_the_largest_are_certain_and_so_many_are_drawn(fens, n, seed):
    population = units(fens)
    drawn, worth = draw(population, "money", n, seed), {unit.key: unit.fen for unit in population if unit.fen}
    assert drawn.left_out == len(population) - len(worth)
    assert len(drawn.chosen) == min(n, len(worth)) and set(drawn.chosen) <= set(worth)
    assert sum(drawn.worth.values()) == sum(worth.values())
    certain = [key for key, how in drawn.chosen.items() if how == "certain"]
    rest = [fen for key, fen in worth.items() if key not in certain]
    if rest:
        step = Fr(sum(rest), n - len(certain))
        assert max(rest) < step, "the chance of one of the rest is below one"
        assert all(worth[key] >= step for key in certain)


def test_by_money_the_chance_is_in_proportion_to_the_money():
    population = units([100, 200, 300, 400])
    met = [next(iter(draw(population, "money", 1, seed).chosen)) for seed in range(4_000)]
    assert [round(met.count(key) / 4_000, 1) for key in KEYS[:4]] == [0.1, 0.2, 0.3, 0.4]


def tails(size, broken, n, count):
    """The chances of ``count`` or fewer, and of as many or more, counted out."""
    ways = [comb(broken, k) * comb(size - broken, n - k) for k in range(n + 1)]
    return Fr(sum(ways[: count + 1]), comb(size, n)), Fr(sum(ways[count:]), comb(size, n))


@settings(deadline=None)
@given(st.integers(1, 30), st.data())
def test_a_simple_interval_holds_what_cannot_be_ruled_out(size, data):
    n = data.draw(st.integers(1, size))
    count = data.draw(st.integers(0, n))
    found = dict(zip(KEYS, [BROKEN] * count + [FIXED] * (n - count), strict=False))
    one = project(Draw("simple", dict.fromkeys(KEYS[:n], "all"), {"all": size}, {}, 0), found, {})
    possible = [b for b in range(count, size - (n - count) + 1) if min(tails(size, b, n, count)) > Fr(25, 1000)]
    assert (one.lower, one.upper) == (min(possible), max(possible))
    assert one.least == one.most == Fr(size * count, n)


def test_clopper_pearson_is_what_the_tails_of_the_binomial_say():
    for n, count in itertools.product((1, 7, 20), (0, 1, 5)):
        if count > n:
            continue
        lower, upper = clopper_pearson(count, n)
        at = lambda p, ks, n=n: sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in ks)  # noqa: E731
        assert at(float(lower), range(count, n + 1)) == pytest.approx(0.025, abs=1e-4) if count else lower == 0
        assert at(float(upper), range(count + 1)) == pytest.approx(0.025, abs=1e-4) if count < n else upper == 1


def test_what_was_not_seen_is_fixed_for_the_lower_end_and_broken_for_the_upper_one():
    drawn = Draw("simple", dict.fromkeys(KEYS[:10], "all"), {"all": 100}, {}, 0)
    told = dict.fromkeys(KEYS[:4], BROKEN) | dict.fromkeys(KEYS[4:8], FIXED) | {KEYS[8]: "not_seen"}
    one = project(drawn, told, {})
    assert (one.least, one.most) == (40, 60)
    assert one.lower == project(drawn, told | dict.fromkeys(KEYS[8:10], FIXED), {}).lower
    assert one.upper == project(drawn, told | dict.fromkeys(KEYS[8:10], BROKEN), {}).upper


def test_strata_weigh_by_their_size_and_what_was_seen_whole_is_known():
    drawn = Draw("stratified", dict(zip(KEYS, ["a"] * 4 + ["b"] * 2, strict=False)), {"a": 4, "b": 96}, {}, 0)
    told = dict.fromkeys(KEYS[:4], BROKEN) | {KEYS[4]: BROKEN, KEYS[5]: FIXED}
    one = project(drawn, told, {})
    assert one.least == 4 + 96 * Fr(1, 2)
    assert one.lower < one.least < one.upper
    whole = Draw("stratified", dict.fromkeys(KEYS[:4], "a"), {"a": 4}, {}, 0)
    known = project(whole, dict.fromkeys(KEYS[:3], BROKEN) | {KEYS[3]: FIXED}, {})
    assert (known.lower, known.upper) == (3, 3)


def test_money_that_was_certain_is_as_it_was_found_and_the_rest_is_projected():
    drawn = Draw("money", {"x": "certain", "y": "certain", "p": "drawn", "q": "drawn"}, {"certain": 2, "drawn": 9}, {"certain": 900,
                 "drawn": 100}, 0)  # fmt: skip
    worth = {"x": 500, "y": 400, "p": 10, "q": 20}
    one = project(drawn, {"x": BROKEN, "y": FIXED, "p": BROKEN, "q": FIXED}, worth)
    lower, upper = clopper_pearson(1, 2)
    assert (one.least, one.most, one.whole) == (550, 550, 1000)
    assert (one.lower, one.upper) == (500 + 100 * lower, 500 + 100 * upper)
    unseen = project(drawn, {"x": BROKEN, "p": FIXED, "q": FIXED}, worth)
    assert (unseen.least, unseen.most) == (500, 900)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 60))
def test_in_nineteen_of_twenty_draws_the_interval_holds_the_truth(broken):
    state = {key: BROKEN if n < broken else FIXED for n, key in enumerate(KEYS)}
    population = units([None] * 60)
    held = 0
    for seed in range(100):
        drawn = draw(population, "simple", 15, seed)
        one = project(drawn, {key: state[key] for key in drawn.chosen}, {})
        held += one.lower <= broken <= one.upper
    assert held >= 90
