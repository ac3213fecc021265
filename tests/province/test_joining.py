"""Which cities are checked together: against the plainest way to say it, on graphs that nobody thought of."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from planning_check.province.joining import joined, linked

LABELS = [f"c{n}" for n in range(8)]
PAIRS = st.sets(st.sampled_from(list(combinations(LABELS, 2)))).map(sorted)


def never(_one, _other):
    return False


def refusing(pairs):
    return lambda one, other: (min(one, other), max(one, other)) in pairs


def components(labels, pairs):
    """Everything that a walk along the pairs comes to."""
    left, found = set(labels), []
    while left:
        group, fresh = set(), {min(left)}
        while fresh:
            group |= fresh
            fresh = {b for a in fresh for pair in pairs if a in pair for b in pair} - group
        found.append(sorted(group))
        left -= group
    return sorted(found)


@given(PAIRS)
def test_the_components_are_those_of_the_graph(pairs):
    assert linked(LABELS, pairs, never) == (components(LABELS, pairs), set())


@given(PAIRS, PAIRS)
def test_two_that_are_kept_apart_never_come_together(pairs, apart):
    refuses = refusing(apart)
    groups, open_ = linked(LABELS, [pair for pair in pairs if not refuses(*pair)], refuses)
    assert sorted(label for group in groups for label in group) == LABELS
    assert not [pair for group in groups for pair in combinations(group, 2) if pair in apart]
    of = {label: number for number, group in enumerate(groups) for label in group}
    for pair in pairs:
        if not refuses(*pair):
            assert (of[pair[0]] == of[pair[1]]) or pair in open_, "a link is either kept or told"


@given(PAIRS)
def test_the_order_of_the_links_makes_no_other_components(pairs):
    assert linked(LABELS, pairs, never) == linked(LABELS, list(reversed(pairs)), never)


SIZES = st.lists(st.integers(0, 50), min_size=8, max_size=8)


@given(PAIRS, SIZES, st.integers(0, 120), st.lists(st.sampled_from([None, 1, 2]), min_size=8, max_size=8), PAIRS)
def test_small_ones_are_joined_and_nothing_is_lost(pairs, sizes, below, kinds, unlike):
    groups, _ = linked(LABELS, pairs, never)
    projects, kind = dict(zip(LABELS, sizes, strict=True)), dict(zip(LABELS, kinds, strict=True))
    made = joined(groups, projects, below, kind.__getitem__, refusing(unlike))
    assert sorted(label for group in made for label in group) == LABELS
    for group in groups:
        (home,) = [one for one in made if set(group) <= set(one)]
        if home != list(group):
            assert {kind[label] for label in home} == {kind[home[0]]} != {None}, "of one kind"
            assert sum(projects[label] for label in group) < below, "a large one stays"
    for one in made:
        parts = [group for group in groups if set(group) <= set(one)]
        for a, b in combinations(parts, 2):
            assert not [1 for x in a for y in b if (min(x, y), max(x, y)) in unlike]
    if not below:
        assert made == groups


@given(st.lists(st.integers(0, 50), min_size=8, max_size=8), st.integers(1, 120))
def test_of_one_kind_only_the_last_shard_stays_small(sizes, below):
    projects = dict(zip(LABELS, sizes, strict=True))
    made = joined([[label] for label in LABELS], projects, below, lambda _: 1, never)
    small = [one for one in made if sum(projects[label] for label in one) < below]
    assert len(small) <= 1
    alone = [label for label in LABELS if projects[label] >= below]
    assert all([label] in made for label in alone)


def test_joining_goes_by_the_order_of_labels():
    made = joined([[label] for label in LABELS], dict.fromkeys(LABELS, 10), 30, lambda _: 1, never)
    assert made == [LABELS[:3], LABELS[3:6], LABELS[6:]]
    assert all(a < b for a, b in pairwise(made))
