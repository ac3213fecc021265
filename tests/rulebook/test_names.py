"""What ``rules facts`` lists is what a rule may really read, with the words, cells and codes of the dictionary."""

import re
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.clauses import CLAUSES
from planning_check.errors import RulebookError, UsageError
from planning_check.facts.dictionary import SUBJECTS
from planning_check.rulebook.expressions import FUNCTIONS, compile_expression
from planning_check.rulebook.functions import SAYS
from planning_check.rulebook.loading import load
from planning_check.rulebook.nodes import Item
from planning_check.rulebook.terms import symbol

RULE = """\
id: ZZ01
subject: {subject}
list: leads
severity: lead
responsible: civil_affairs
title: {{zh: 试, en: trial}}
basis: [试]
violated_when: {expression}
consequence: [joint_meeting]
cure: {{zh: 无, en: none}}
message: {{zh: 无, en: none}}
trap: {{zh: 无, en: none}}
cases: []
"""


def names(subject):
    return {name.name: name for name in pipeline.rules_facts(subject).names}


def test_a_fact_is_told_with_type_unit_words_owner_cells_and_codes():
    office = names("office")
    tenure, area = office["tenure"], office["area_m2"]
    assert (tenure.group, tenure.type, tenure.owner, tenure.reads) == ("fact", "choice", "civil_affairs", ("offices.tenure",))
    assert dict(tenure.codes)["borrowed"].en == "borrowed" and tenure.example in dict(tenure.codes)
    assert (area.type, area.unit, area.label.zh, area.label.en) == ("area", "m2", "办公用房面积", "office area")


def test_the_law_a_day_and_measures_stand_beside_the_facts():
    office, project, premises, parcel = (names(one) for one in ("office", "project", "premises", "parcel"))
    assert {f"law.{clause}" for clause in CLAUSES} == {name for name in office if name.startswith("law.")}
    assert dict(office["law.base"].codes).keys() == set(CLAUSES["base"].choices)
    assert office["law.share"].example == "0.01" and office["as_of"].type == "date"
    assert (project["required_m2"].group, project["required_m2"].unit, project["required_m2"].of) == (
        "measure", "m2", "required_of(base_survey_m2)",
    )  # fmt: skip
    assert project["required_of"].group == "formula" and project["required_of"].of.startswith("required_of(base_m2) = ")
    assert premises["project.developer_name"].group == "project" and "project.developer_name" not in project
    assert not [name for name in parcel if name.startswith(("law.", "project."))], "nobody's law, and no project behind it"


def test_an_example_is_a_value_of_a_worked_case_and_always_the_same():
    once, again = (pipeline.rules_facts("project").names for _ in range(2))
    assert once == again
    assert next(name for name in once if name.name == "marginal_m2").example == "1.00", "a limit is its own example"
    assert not [name.name for name in once if not name.example and name.group not in ("function", "formula")]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_rule_can_read_every_name_that_is_listed(subject, tmp_path):
    """Compiled as a rule of a folder is; what is not listed is refused."""
    facts = [f"{name.name} is null" for name in pipeline.rules_facts(subject).names if name.group not in ("formula", "function")]
    near = " and within_m = param.near_m" if subject == "cluster" else ""
    parameters = "parameters: {near_m: {value: 100, unit: m}}\n" if near else ""
    path = tmp_path / "own" / "offices" / "ZZ01_trial.yaml"
    path.parent.mkdir(parents=True)
    for number in range(0, len(facts), 60):
        text = RULE.format(subject=subject, expression=" and ".join(facts[number : number + 60]) + near)
        path.write_text(text.replace("violated_when", f"{parameters}violated_when", 1), "utf-8")
        assert load([pipeline.bundled("rules"), tmp_path / "own"]).plan(["ZZ01"]).rules
    path.write_text(RULE.format(subject=subject, expression="not_a_name is null"), "utf-8")
    with pytest.raises(RulebookError, match="unknown name not_a_name"):
        load([pipeline.bundled("rules"), tmp_path / "own"]).plan(["ZZ01"])


def test_every_function_is_told_as_it_can_be_written():
    assert set(FUNCTIONS) <= set(SAYS)
    scope = {name: symbol(name, "number", name, scale=2 if name < "c" else 0) for name in ("a", "b", "n")}
    scope |= {name: symbol(name, "date", f"{name}_lo", hi=f"{name}_hi") for name in ("day", "first", "last")}
    scope |= {"list": symbol("list", "list", "list"), "steps": symbol("steps", "steps", "steps")}
    for name, says in SAYS.items():
        term = compile_expression(Item(says.written, "x.yaml", 1), scope)
        assert says.gives in ("", term.kind), name


def test_a_subject_is_known_by_its_words_too_and_an_unknown_one_is_hinted_at():
    assert pipeline.rules_facts("社区办公用房").subject == "office" == pipeline.rules_facts("Community Office").subject
    with pytest.raises(UsageError) as caught:
        pipeline.rules_facts("offce")
    assert caught.value.exit_code == 2 and "there are office" in caught.value.render("en") and "office" in caught.value.render("zh")


def test_all_subjects_are_counted():
    found = {one.subject: one for one in pipeline.rules_subjects()}
    assert list(found) == list(SUBJECTS)
    assert len(found["office"].of("fact")) == sum(fact.type != "geometry" for fact in SUBJECTS["office"].facts.values())
    assert sum(one.rules for one in found.values()) == len(pipeline.load_rules().rules)


def test_a_folder_with_tables_of_its_own_brings_their_facts_and_a_subject(tmp_path):
    """They show by themselves, and only where that folder is used."""
    page = (Path(__file__).parents[2] / "docs" / "own_tables.md").read_text("utf-8")
    path = tmp_path / "own" / "tables" / "community_funding.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(re.search(r"```yaml\n(table: community_funding\n.*?)```", page, re.DOTALL)[1], "utf-8")
    own = {name.name: name for name in pipeline.rules_facts("community_funding", [tmp_path / "own"]).names}
    funds = own["office_funds_yuan"]
    assert (funds.type, funds.unit, funds.owner, funds.reads) == (
        "money",
        "yuan",
        "civil_affairs",
        ("community_funding.office_funds_yuan",),
    )
    assert (funds.label.zh, funds.label.en, own["population"].label) == ("公用经费", "office funds", names("community")["population"].label)
    years = {name.name: name for name in pipeline.rules_facts("community", [tmp_path / "own"]).names}["funded_years"]
    assert years.label.en == "years with money" and "community_funding.office_funds_yuan" in years.reads
    assert "community_funding" in [one.subject for one in pipeline.rules_subjects([tmp_path / "own"])]
    assert "funded_years" not in names("community")
    with pytest.raises(UsageError):
        pipeline.rules_facts("community_funding")
