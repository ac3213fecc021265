"""Keys that stand in two cities, against the plainest way to compare them."""

from itertools import combinations

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.province.linking import KEY_TABLE, shared_keys, take_keys

COMMON = 5
NAMES = ("kind", "domain", "key", "sign", "registered", "strong", "projects")


def key(kind, key, domain="", sign=None, registered=False, strong=True, projects=1):
    return dict(zip(NAMES, (kind, domain, key, sign, registered, strong, projects), strict=True))


def found(*cities):
    con = duckdb.connect()
    con.execute(KEY_TABLE)
    schema = pa.schema(
        [(n, pa.string()) for n in NAMES[:4]] + [("registered", pa.bool_()), ("strong", pa.bool_()), ("projects", pa.int64())]
    )
    for number, rows in enumerate(cities):
        take_keys(con, number, pa.Table.from_pylist(list(rows), schema))
    return shared_keys(con, [f"c{n}" for n in range(len(cities))], COMMON)


def kinds(*cities):
    return {pair: shared.counts for pair, shared in found(*cities).items() if shared.counts}


def test_one_key_in_three_cities_links_each_two():
    one = [key("permits", "A"), key("permits", "B")]
    assert kinds(one, one, one[:1]) == {("c0", "c1"): {"permits": 2}, ("c0", "c2"): {"permits": 1}, ("c1", "c2"): {"permits": 1}}
    assert kinds(one, [key("names", "A")]) == {}, "of one kind"
    assert kinds([key("ids", "A", "projects")], [key("ids", "A", "premises")]) == {}, "of one register"


@pytest.mark.parametrize(("one", "other", "linked"), [
    ({"registered": True}, {}, True), ({}, {}, True), ({"strong": False}, {"strong": False}, False),
    ({"strong": False, "registered": True}, {"strong": False}, True),
])  # fmt: skip
def test_a_word_is_an_id_only_where_it_is_registered(one, other, linked):
    assert bool(kinds([key("ids", "A", "projects", **one)], [key("ids", "A", "projects", **other)])) == linked


def test_ids_that_mean_two_records():
    def city(name, count):
        return [key("ids", f"{n}", "deposits", sign=f"{name}{n}", registered=True) for n in range(count)]

    shared = found(city("a", 40), city("b", 30), [*city("a", 2), key("ids", "9", "deposits")])
    assert shared["c0", "c1"].counts == {"ids": 30} and shared["c0", "c1"].numbered_alike == "deposits"
    assert shared["c0", "c2"].numbered_alike is None and shared["c0", "c2"].both == {"deposits": 2}
    assert shared["c1", "c2"].numbered_alike == "deposits"


@pytest.mark.parametrize(
    ("counts", "linked"), [((1, 1), True), ((3, 2), True), ((5, 1), True), ((2, 4), True), ((6, 1), False), ((6, 7), False)]
)
def test_a_number_that_many_projects_give_is_a_filler(counts, linked):
    """But for cities that it is none in alone: together it would be one."""
    for kind in ("titles", "units"):
        assert bool(kinds(*([key(kind, "100000", projects=n)] for n in counts))) == linked


@pytest.mark.parametrize(("one", "other", "linked"), [
    (("甲", 1), ("甲", 1), False), (("甲", 1), ("乙", 1), True), (("甲", 1), ("甲、乙", 2), True), (("", 0), ("甲", 1), True),
    (("", 0), ("", 0), False), (("甲、乙", 2), ("丙、丁", 2), False),
])  # fmt: skip
def test_a_developer_links_where_it_gets_a_second_name(one, other, linked):
    assert bool(kinds(*([key("developers", "code", sign=names, projects=n)] for names, n in (one, other)))) == linked


def test_prices_and_slips_of_ids_are_no_links():
    one, other = (
        [key("prices", "主城区", sign="1"), key("prices", "郊区", sign="1")],
        [key("prices", "主城区", sign="2"), key("prices", "郊区", sign="1")],
    )
    shared = found(one, other)["c0", "c1"]
    assert shared.prices == ["主城区"] and not shared.counts
    there, astray = [key("near", "P1", registered=True, projects=2)], [key("near", "P1", projects=0)]
    assert found(there, astray)["c0", "c1"].may_be_misread and found(there, there) == {} and found(astray, astray) == {}


CITY = st.dictionaries(st.tuples(st.sampled_from(["ids", "permits", "titles"]), st.sampled_from("ABCDE")), st.integers(1, 7), max_size=8)


@given(st.lists(CITY, min_size=2, max_size=4))
def test_against_every_pair_compared(cities):
    def linked(a, b):
        counts = {}
        for kind, name in a.keys() & b.keys():
            all_ = [city[kind, name] for city in cities if (kind, name) in city]
            if kind != "titles" or sum(all_) <= COMMON or any(2 <= n <= COMMON for n in all_):
                counts[kind] = counts.get(kind, 0) + 1
        return counts

    made = kinds(*([key(kind, name, projects=n) for (kind, name), n in city.items()] for city in cities))
    wanted = {(f"c{i}", f"c{j}"): linked(cities[i], cities[j]) for i, j in combinations(range(len(cities)), 2)}
    assert made == {pair: counts for pair, counts in wanted.items() if counts}
