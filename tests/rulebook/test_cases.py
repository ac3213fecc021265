"""Every rule's and ordinance's worked cases pass, and they are enough: the demands of the design on each rule."""

import pytest

from planning_check import pipeline
from planning_check.rulebook.cases import read_cases, run_cases

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
    shown = {case.expect["outcome"].value for case in read_cases(rule)}
    wanted = {"pass", "undetermined"}
    if not rule.judges_law:  # which law governs is settled or undetermined, never a violation
        wanted.add("violation")
    if rule.applies_when or "law." in rule.path.read_text("utf-8").split("cases:")[0]:
        wanted.add("not_applicable")
    if rule.due_when:
        wanted.add("not_due")
    if rule.exempt_when:
        wanted.add("exempt")
    assert wanted <= shown, f"{rule.id} has no case for {wanted - shown}"


@pytest.mark.parametrize("ordinance", BOOK.ordinances, ids=lambda o: o.id)
def test_every_dated_value_has_a_case_on_its_day_and_the_day_before(ordinance):
    import datetime as dt

    anchored = {c.given[ordinance.anchor].value for c in read_cases(ordinance) if ordinance.anchor in c.given}
    days = {begins for begins, _, _ in ordinance.versions()}
    for day in days:
        assert day in anchored, f"{ordinance.id}: no case on {day}"
        assert day - dt.timedelta(days=1) in anchored, f"{ordinance.id}: no case the day before {day}"
