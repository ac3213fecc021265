"""Every rule's and ordinance's worked cases pass, and they are enough: the demands of the design on each rule."""

import pytest

from planning_check import pipeline
from planning_check.rulebook.cases import read_cases, run_cases
from planning_check.rulebook.holding import days_lacking, outcomes_lacking

BOOK = pipeline.load_rules()


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda r: r.id)
def test_cases_of_rule(rule):
    results = run_cases(BOOK, [rule])
    assert results, "a rule without cases"
    assert [f"{r.where.get('en')}: {r.it}: {r.detail.en}" for r in results if not r.passed] == []


@pytest.mark.parametrize("ordinance", BOOK.ordinances, ids=lambda o: o.id)
def test_cases_of_ordinance(ordinance):
    results = run_cases(BOOK, [], [ordinance])
    assert results
    assert [f"{r.it}: {r.detail.en}" for r in results if not r.passed] == []


@pytest.mark.parametrize("rule", BOOK.rules, ids=lambda r: r.id)
def test_every_outcome_has_a_case(rule):
    lacking = outcomes_lacking(rule, read_cases(rule))
    assert not lacking, f"{rule.id} has no case for {lacking}"


@pytest.mark.parametrize("ordinance", BOOK.ordinances, ids=lambda o: o.id)
def test_every_dated_value_has_a_case_on_its_day_and_the_day_before(ordinance):
    assert days_lacking(ordinance) == []
