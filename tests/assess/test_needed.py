"""Cases are judged with the measures alone that somebody reads, and by the rules alone of subjects that are there: what is left comes out
as it does beside all the others."""

from dataclasses import replace

import pytest

from planning_check import assess, pipeline
from planning_check.assess.staging import made_by
from planning_check.rulebook.cases import judge_cases, read_cases
from tests.facts.tables import connection
from tests.judged import HOUSING

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


MADE = ("finding_head", "register", "register_count", "balance", "robustness", "exposure", "cited_subject")
OFFICE = {"office_id": "O1", "community_code": "C1", "tenure": "RENTED", "area_m2": 80}


@pytest.mark.parametrize("there", [{"projects": [HOUSING]}, {"offices": [OFFICE]}, {"projects": [HOUSING], "offices": [OFFICE]}, {}])
def test_what_is_there_comes_out_as_it_does_beside_rules_for_what_is_not(there):
    plan, made = BOOK.plan(), []
    for cut in (lambda _con, whole: whole, assess.of_those_there):
        con = connection(**there)
        assess.assess(con, cut(con, plan))
        made.append({table: con.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in MADE})
    assert made[0] == made[1]
    assert bool(made[0]["finding_head"]) == bool(there)


def test_projects_stay_and_a_plan_that_would_judge_nobody_is_left_as_it_is():
    con = connection(offices=[OFFICE])
    assert {"project", "office"} <= set(assess.of_those_there(con, BOOK.plan()).subjects) < set(BOOK.plan().subjects)
    nobody = BOOK.plan(["GE03"])
    assert assess.of_those_there(con, nobody) == nobody
