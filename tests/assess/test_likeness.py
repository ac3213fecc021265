"""The nearest of a kind: by rank for numbers and days, same or not for words, unknown is never alike."""

from fractions import Fraction as Fr

from hypothesis import given
from hypothesis import strategies as st

from planning_check.assess.likeness import DAY, NUMBER, WORD, nearest

KINDS = {"area": NUMBER, "use": WORD, "on": DAY}


def test_distance_is_the_mean_of_ranks_and_words():
    others = {
        "a": {"area": "20", "use": "shop", "on": "2010-01-01"}, "b": {"area": "1000000", "use": "home", "on": "2010-01-01"},
        "c": {"area": "10", "use": "home", "on": None},
    }  # fmt: skip
    found = {near.key: near for near in nearest({"area": "10", "use": "home", "on": "2010-01-01"}, others, KINDS, 9)}
    assert found["a"].apart == Fr(1, 3) * (Fr(1, 2) + 1), "10 10 20 1000000: the ranks 1/6 and 4/6 lie a half apart"
    assert found["b"].apart == Fr(1, 3) * Fr(5, 6)
    assert (found["c"].apart, found["c"].compared) == (Fr(1, 3), 3), "a day that is not known is not alike"


def test_what_neither_knows_is_left_out_and_what_is_not_named_is_not_looked_at():
    [near] = nearest({"area": None, "use": "home", "name": "x"}, {"a": {"area": None, "use": "home", "name": "y"}}, KINDS, 3)
    assert (near.apart, near.compared) == (0, 1)
    assert nearest({"area": None}, {"a": {"area": None}}, KINDS, 3) == []
    [near] = nearest({"area": "many"}, {"a": {"area": "5"}}, KINDS, 3)
    assert near.apart == 1


def test_the_nearest_come_first_and_equally_near_ones_by_key():
    others = {key: {"area": str(area)} for key, area in (("z", 12), ("b", 11), ("a", 11), ("c", 30))}
    assert [near.key for near in nearest({"area": "10"}, others, {"area": NUMBER}, 3)] == ["a", "b", "z"]


FACTS = st.fixed_dictionaries({"area": st.one_of(st.none(), st.integers(-9, 99).map(str)), "use": st.sampled_from([None, "home", "shop"]),
                               "on": st.sampled_from([None, "2010-01-01", "2011"])})  # fmt: skip


@given(FACTS, st.dictionaries(st.text("abc", min_size=1, max_size=3), FACTS, max_size=8))
def test_a_distance_lies_between_none_and_all_and_is_none_for_the_same(one, others):
    for near in nearest(one, others | {"same": one}, KINDS, 99):
        assert 0 <= near.apart <= 1
        assert near.key != "same" or near.apart == 0
