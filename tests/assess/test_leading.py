"""Which finding says what is missing: the last stage that is violated, unless a later one passes."""

from types import SimpleNamespace

import duckdb
import pytest

from planning_check.assess import Leading
from planning_check.assess.leading import lead

STORY = Leading(missing=("HO01", "AR03", "AR02"), worth=("AR03", "AR02"), settled_by=("AR03",), lists=("violations",))


def leading(*outcomes: tuple[str, str, str], story: Leading = STORY, rules: tuple[str, ...] = ("HO01", "AR03", "AR02")):
    """What is said of projects 1, 2, ..., with the outcomes of HO01, AR03 and AR02; and the lists that these rules are on."""
    con = duckdb.connect()
    con.execute("CREATE TABLE judged_project (project_id INTEGER, HO01__outcome VARCHAR, AR03__outcome VARCHAR, AR02__outcome VARCHAR)")
    for number, row in enumerate(outcomes, 1):
        con.execute("INSERT INTO judged_project VALUES (?, ?, ?, ?)", [number, *row])
    made = [SimpleNamespace(id=rule, subject="project", list="violations") for rule in rules]
    lead(con, SimpleNamespace(rules=made, leading=story, subjects=("project",)))
    return (
        con.execute("FROM leading_finding ORDER BY project_id").fetchall(),
        [code for (code,) in con.execute("FROM leading_list").fetchall()],
    )


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (("violation", "violation", "violation"), ("HO01", "AR03")),
        (("violation", "pass", "pass"), ("HO01", None)),
        (("not_due", "not_due", "violation"), ("AR02", "AR02")),
        (("pass", "pass", "violation"), None),  # short when permitted, there as built: nothing is missing
        (("pass", "violation", "pass"), ("AR03", "AR03")),  # what was handed over says less than the survey
        (("undetermined", "undetermined", "violation"), ("AR02", "AR02")),
        (("violation", "pass", "violation"), ("HO01", None)),  # built, and kept: nothing is to be paid for
        (("exempt", "exempt", "exempt"), None),
        (("error", "error", "violation"), ("AR02", "AR02")),
        ((None, None, None), None),
    ],
)
def test_the_last_stage_that_is_violated_unless_a_later_one_passes(outcomes, said):
    assert leading(outcomes)[0] == ([("1", *said)] if said else [])


def test_rules_that_are_not_run_say_nothing_and_their_list_is_told_as_what_is_missing_all_the_same():
    found, lists = leading(("violation", "violation", "violation"), rules=("AR02",))
    assert found == [("1", "AR02", "AR02")]
    assert lists == ["violations"]
    assert leading(("violation", "violation", "violation"), rules=()) == ([], ["violations"])


def test_without_a_story_nothing_leads():
    assert leading(("violation", "violation", "violation"), story=Leading()) == ([], [])
