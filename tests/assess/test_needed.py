"""Cases are judged with the measures alone that somebody reads: by every other measure, what is left comes out the same."""

from dataclasses import replace

import pytest

from planning_check import assess, pipeline
from planning_check.assess.staging import made_by
from planning_check.rulebook.cases import judge_cases, read_cases

BOOK = pipeline.load_rules()


@pytest.mark.parametrize("name", ["AR03", "PL05", "HO03", "HO07"])
def test_what_is_kept_comes_out_as_it_does_beside_all_measures(name, monkeypatch):
    rule = BOOK.rule(name)
    cases = read_cases(rule)
    few, broken = judge_cases(BOOK, cases, [rule])
    monkeypatch.setattr(assess, "only_needed", lambda plan, asked: plan)
    assert (broken, len(few)) == ({}, len(cases))
    assert few == [{column: row[column] for column in few[0]} for row in judge_cases(BOOK, cases, [rule])[0]]


def test_a_measure_that_nobody_reads_is_not_worked_out_and_one_that_is_asked_for_is():
    plan = replace(BOOK.plan(["HO05"]), tallies=())
    made = [set(made_by(assess.only_needed(plan, asked).measure_items)) for asked in ((), ["required_m2"])]
    assert "required_m2" not in made[0] and {"required_m2", "base_survey_m2"} <= made[1]
    assert made[0] < made[1] < set(made_by(plan.measure_items))
    assert assess.only_needed(plan, made_by(plan.measure_items)).measure_items == plan.measure_items
