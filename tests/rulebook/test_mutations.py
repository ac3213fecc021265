"""Would a case fail if a rule were wrong? See mutations.py; every broken rule must be noticed, or the reason is written down.

Not run by ``pytest`` alone: ``pytest -m '' tests/rulebook/test_mutations.py``.
"""

import pytest

from planning_check import pipeline
from planning_check.rulebook.breaking import noticed, shifted
from planning_check.rulebook.compile_measures import compile_measures
from tests.rulebook import mutations

pytestmark = pytest.mark.long
BOOK = pipeline.load_rules()
MEASURES = compile_measures(BOOK.measures)


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda r: r.id)
def test_every_broken_rule_fails_a_case(rule):
    assert mutations.survivors(rule, BOOK) == []


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda r: r.id)
def test_a_threshold_that_is_moved_fails_a_case(rule):
    broken = list(shifted(rule, MEASURES))
    seen = noticed(mutations.cases_of(rule), [one.rule for one in broken], BOOK)
    assert [f"{one.what} ({one.how})" for one, was_noticed in zip(broken, seen, strict=True) if not was_noticed] == []


def test_every_broken_comparison_of_a_measure_fails_a_case():
    assert mutations.measure_survivors(BOOK) == []


@pytest.mark.parametrize("ordinance", BOOK.ordinances, ids=lambda o: o.id)
def test_a_day_moved_by_a_day_fails_a_case(ordinance):
    assert mutations.ordinance_survivors(ordinance, BOOK) == []


def test_every_explanation_is_still_needed():
    for rule in BOOK.rules:
        broken = dict(mutations.mutants(rule))
        for what in mutations.EXPLAINED.get(rule.id, {}):
            assert what in broken, f"{rule.id}: no such mutant any more: {what}"
            assert not mutations.killed(broken[what], BOOK), f"{rule.id}: a case notices: {what}"
