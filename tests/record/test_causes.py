"""Causes from the states that were judged: one thing, each of several, several together, and what stays open where a state is not known."""

from decimal import Decimal
from itertools import product

import pytest

from planning_check.record.causes import Cause, Judged, cause_of, kind_of, settled, states_between

PASS, SHORT, MORE = Judged("pass"), Judged("violation", area_m2=Decimal(100)), Judged("violation", area_m2=Decimal(150))
OPEN = Judged("undetermined")


def known(**states):
    """``data_rules=PASS``: with data and rules as in the newer check; ``none``: with nothing."""
    return {frozenset(name.split("_")) - {"none"}: outcome for name, outcome in states.items()}


def test_one_thing_is_the_cause_and_the_other_has_no_part():
    found = cause_of(known(none=PASS, data=SHORT, rules=PASS, data_rules=SHORT), ["data", "rules"])
    assert found == Cause((("data",),), True, {"data": SHORT, "rules": PASS}, ("data",), ("rules",))


def test_each_of_two_alone_would_do():
    found = cause_of(known(none=PASS, data=SHORT, rules=SHORT, data_rules=SHORT), ["data", "rules"])
    assert (found.ways, found.proved, found.needed, found.excluded) == ((("data",), ("rules",)), True, (), ())


def test_it_needs_both():
    found = cause_of(known(none=PASS, data=PASS, rules=PASS, data_rules=SHORT), ["data", "rules"])
    assert (found.ways, found.proved, found.needed) == ((("data", "rules"),), True, ("data", "rules"))
    partly = cause_of(known(none=PASS, data=SHORT, rules=PASS, data_rules=MORE), ["data", "rules"])
    assert partly.ways == (("data", "rules"),) and partly.alone["data"] == SHORT


def test_of_three_two_suffice():
    states = dict.fromkeys(("none", "data", "rules", "time", "data_rules", "rules_time"), PASS) | {
        "data_time": SHORT,
        "data_rules_time": SHORT,
    }
    found = cause_of(known(**states), ["data", "rules", "time"])
    assert (found.ways, found.proved, found.needed, found.excluded) == ((("data", "time"),), True, ("data", "time"), ("rules",))


def test_what_cannot_be_judged_again_leaves_the_cause_open_but_not_what_it_surely_needs():
    none = cause_of(known(none=PASS, data_rules=SHORT), ["data", "rules"])
    assert (none.ways, none.proved, none.needed, none.excluded) == ((("data", "rules"),), False, (), ())
    without_old_data = cause_of(known(none=PASS, data=PASS, data_rules=SHORT), ["data", "rules"])
    assert (without_old_data.proved, without_old_data.needed) == (False, ("rules",))
    enough = cause_of(known(none=PASS, data=SHORT, data_rules=SHORT), ["data", "rules"])
    assert (enough.ways, enough.proved, enough.excluded) == ((("data",),), True, ())


def test_one_thing_that_alone_differs_is_the_cause_without_judging():
    assert cause_of(known(none=PASS, time=SHORT), ["time"]) == Cause((("time",),), True, {"time": SHORT}, ("time",), ())


def test_judging_goes_on_until_all_of_the_smallest_size_are_known():
    factors = ["data", "rules", "time"]
    assert states_between(factors)[:4] == [frozenset({"data"}), frozenset({"rules"}), frozenset({"time"}), frozenset({"data", "rules"})]
    half = known(none=PASS, data=SHORT, data_rules_time=SHORT)
    assert not settled(half, factors)
    assert settled(half | known(rules=PASS, time=PASS), factors)
    assert not settled(known(none=PASS, data=PASS, rules=PASS, time=PASS, data_rules_time=SHORT), factors)


@pytest.mark.parametrize("outcomes", list(product((PASS, SHORT, MORE), repeat=4)))
def test_a_cause_is_a_smallest_set_that_suffices_whatever_the_states(outcomes):
    states = dict(zip(map(frozenset, ((), ("data",), ("rules",), ("data", "rules"))), outcomes, strict=True))
    found = cause_of(states, ["data", "rules"])
    for way in map(frozenset, found.ways):
        assert states[way] == outcomes[3]
        assert all(states[part] != outcomes[3] for part in states if part and part < way)
    assert all(states[frozenset({"data", "rules"} - {name})] != outcomes[3] for name in found.needed)
    assert found.proved and found.ways


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [(PASS, SHORT, "new"), (OPEN, SHORT, "new"), (SHORT, PASS, "gone"), (SHORT, OPEN, "gone"), (SHORT, MORE, "changed"),
     (PASS, OPEN, "opened"), (OPEN, PASS, "closed"), (SHORT, SHORT, None), (Judged("exempt"), PASS, "changed")],
)  # fmt: skip
def test_what_a_change_is(before, after, kind):
    assert kind_of(before, after) == kind


def test_a_status_by_another_name_is_no_change():
    from planning_check.errors import Text

    assert Judged("violation", "short", label=Text("不足", "short")) == Judged("violation", "short")
