"""The whole catalogue of the rules is there, and every rule finds something: in the bundled city, or under a bundled example."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from planning_check import assess, pipeline
from planning_check.facts.measuring import measure
from planning_check.geo.locating import locate
from tests.widths import MEASURING, load

FAMILIES = {"AP": 6, "AR": 12, "PL": 7, "HO": 9, "MO": 9, "US": 5, "OF": 9, "GE": 9, "DA": 7}
DAY = dt.date(2011, 6, 30)
#: Not a violation of anybody: AP01 says which law governs, and stands open where that is not known.
NEVER_VIOLATED = {"AP01"}
#: Splitting pays only under steps and a threshold between two small neighbours: the fixture is tests/rulebook/test_examples.py (vector 7).
#: The city's layers all say what they are: those that do not are in tests/geo/test_frames.py.
IN_A_FIXTURE = {"AP03", "GE03"}


@pytest.fixture(scope="module")
def city():
    con = duckdb.connect()
    load(con, [pipeline.bundled("data") / "demo"])
    locate(con, DAY, MEASURING)
    measure(con, DAY, MEASURING)
    return con


def fired(con, *examples: str) -> dict[str, set[str]]:
    """Rule -> the outcomes that it has in the city, as they are judged: nothing is told of them, nor judged again."""
    plan = pipeline.load_rules([Path("examples") / name for name in examples]).plan()
    for step in (assess.create_law, assess.govern, assess.base, assess.judge):
        step(con, plan)
    found = {}
    for subject in plan.subjects:
        rules = plan.of(subject)
        lists = ", ".join(f"list(DISTINCT {rule.id}__outcome)" for rule in rules) or "1"
        (row,) = con.execute(f"SELECT {lists} FROM judged_{subject}").fetchall()
        found |= {rule.id: set(outcomes) for rule, outcomes in zip(rules, row, strict=False) if outcomes}
    return found


def outcomes_kept(con) -> dict[str, set[str]]:
    rows = con.execute("SELECT rule_id, list(DISTINCT outcome) FROM register_count GROUP BY rule_id").fetchall()
    return {rule: set(outcomes) for rule, outcomes in rows}


def test_the_catalogue_is_whole():
    ids = [rule.id for rule in pipeline.load_rules().rules]
    assert ids == [f"{family}{n:02d}" for family, count in sorted(FAMILIES.items()) for n in range(1, count + 1)]


def test_every_rule_finds_something_and_none_fails_to_run(city):
    assess.assess(city, pipeline.load_rules().plan())  # all of it, and its outcomes add up
    survey = outcomes_kept(city)
    assert not [rule for rule, outcomes in survey.items() if "error" in outcomes]
    silent = {rule for rule, outcomes in survey.items() if "violation" not in outcomes} - NEVER_VIOLATED
    assert "undetermined" in survey["AP01"]
    for example in ("floors_and_entrance", "per_household", "tiers"):
        outcomes = fired(city, example)
        assert not [rule for rule, found in outcomes.items() if "error" in found]
        silent -= {rule for rule, found in outcomes.items() if "violation" in found}
    assert silent == IN_A_FIXTURE
