"""The act of a bureau that a rule watches: which day gives its year, refused where it is wrong, counted over all that was judged."""

import pytest

from planning_check import pipeline
from planning_check.assess import acts_of, keep_acts
from planning_check.errors import RulebookError
from planning_check.report.console.explain import rule_lines
from planning_check.rulebook.loading import load
from tests.judged import BOOK, HOUSING, plan, run
from tests.rulebook.test_loading import edit, load_error, rules

__all__ = ["rules"]
RULE, ACT = "handover/HO03_accepted_first.yaml", "act: {on: accepted_on, zh: 规划验收, en: planning acceptances}"


def test_every_rule_on_the_list_of_controls_says_which_act_it_watches(rules):
    assert all(rule.act for rule in BOOK.rules if rule.list == "controls")
    edit(rules, RULE, ACT + "\n", "")
    line = edit(rules, RULE, "list: controls", "list: controls ")
    with pytest.raises(RulebookError) as caught:
        load([rules])
    assert caught.value.where.get("en") == f"rules/{RULE}:{line}"
    assert "needs act" in caught.value.render("en") and "planning_accepted_on" in caught.value.render("en")
    assert "要写 act" in caught.value.render("zh")


def test_a_rule_on_another_list_needs_none(rules):
    edit(rules, RULE, ACT + "\n", "")
    edit(rules, RULE, "list: controls", "list: leads")
    [ho03] = [rule for rule in load([rules]).rules if rule.id == "HO03"]
    assert ho03.act is None


@pytest.mark.parametrize(("act", "says"), [
    ("act: {on: acepted_on, zh: 验收, en: acceptances}", "unknown name acepted_on"),
    ("act: {on: duty_applies, zh: 验收, en: acceptances}", "is neither a day nor a year"),
    ("act: {on: 'add_days(accepted_on, 1)', zh: 验收, en: acceptances}", "the name of a day or a year, no expression"),
    ("act: {on: accepted_on, zh: 验收}", "en is missing"),
    ("act: {on: accepted_on, zh: 验收, en: acceptances, since: 2009}", "unknown key since"),
    ("act: {on: accepted_on, zh: 验收, en: acceptances, classes: [never]}", "unknown value never"),
    ("act: accepted_on", "a mapping is expected here"),
])  # fmt: skip
def test_an_act_that_is_wrong_stops_the_load_at_its_line(rules, act, says):
    line = edit(rules, RULE, ACT, act)
    error = load_error(rules)
    assert says in error.render("en")
    assert error.where.get("en") == f"rules/{RULE}:{line}"


def test_classes_need_a_status(rules):
    edit(rules, "plan/PL06_conditions_silent.yaml", "en: planning conditions given}", "en: planning conditions given, classes: [x]}")
    assert "has no status" in load_error(rules).render("en")


def test_acts_are_counted_by_the_year_of_their_day_over_all_outcomes():
    told = [
        ("2009-12-31", False, {}), ("2010-01-01", True, {}), ("2010-06", None, {}), ("any", True, {}), (None, False, {}),
        ("2010-05-01", True, {"district_code": "990102"}),
        ("2010-03-01", False, {"uses": ["industrial"]}),  # no duty: no act
    ]  # fmt: skip
    projects = [
        HOUSING | {"project_id": f"P{n}", "land_acquired_on": day, "conditions_state_duty": states, **more}
        for n, (day, states, more) in enumerate(told)
    ]
    con = run(plan("PL06"), projects=projects).whole()
    keep_acts(con, plan("PL06"))
    assert [one[:4] for one in acts_of(con, plan("PL06"))["PL06"]] == [
        [2009, "violation", 1, "990101"], [2010, "pass", 1, "990101"], [2010, "pass", 1, "990102"], [2010, "undetermined", 1, "990101"],
        [None, "pass", 1, "990101"], [None, "violation", 1, "990101"],
    ]  # fmt: skip


def test_a_rule_that_met_no_act_has_an_empty_list_and_one_that_watches_none_is_not_there():
    con = run(plan("HO03", "HO01"), projects=[HOUSING | {"uses": ["industrial"]}])
    keep_acts(con.whole(), plan("HO03", "HO01"))
    assert acts_of(con, plan("HO03", "HO01")) == {"HO03": []}


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "部门的办理：规划验收 <- accepted_on"), ("en", "act of the bureau: planning acceptances <- accepted_on")]
)
def test_the_rule_as_people_read_it_says_which_act_it_watches(lang, says):
    assert says in "\n".join(rule_lines(pipeline.explain_rule("HO03"), lang))
    assert says.split(":")[0].split("：")[0] not in "\n".join(rule_lines(pipeline.explain_rule("HO01"), lang))
