"""The list as a past meeting could have seen it beside today's view of that day, and how the lists went from run to run."""

import csv
import datetime as dt
import io

import pytest

from planning_check import pipeline
from planning_check.errors import UsageError
from planning_check.store import Filters, findings, open_store
from tests.towns import Town

SPRING, SUMMER, LATER = dt.date(2011, 3, 31), dt.date(2011, 6, 30), dt.date(2011, 12, 31)
EARLY = "parameters: {DA04.earliest_on: 2007-12-31}\n"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """In spring the floor area was told too small; in summer it was right, and a limit of the rules was another in the last check."""
    made = Town(tmp_path_factory.mktemp("town"))
    made.first = made.run(day=SPRING, 实测总建筑面积=50000)
    made.second = made.run(day=SUMMER, 实测总建筑面积=60000)
    made.third = made.run(day=LATER, rules=EARLY, 实测总建筑面积=60000)
    return made


def found_of(known):
    return {(c["rule_id"], c["subject_key"]): (c["outcome_before"], c["outcome_after"]) for c in known.comparison.changes}


def test_a_past_meeting_sees_what_had_been_delivered_by_the_rules_of_then(town):
    known = pipeline.as_known(town.url, dt.date(2011, 5, 1))
    assert (known.then.id, known.now.id) == (town.first, town.third)
    assert found_of(known)["AR03", "P01"] == (None, "violation"), "the right area came only in summer"
    assert found_of(known)["DA04", "P02"] == (None, "violation"), "the limit of the rules is of the last check"


def test_on_the_day_of_a_delivery_it_had_come(town):
    known = pipeline.as_known(town.url, SUMMER, town.second)
    assert (known.then.id, known.now.id) == (town.second, town.second)
    assert known.comparison.changes == [] and any("no" not in note.zh and "同一份" in note.zh for note in known.notes)
    recorded = {
        (f["rule_id"], f["subject_key"]) for f in findings(open_store(town.url, write=False), town.second, Filters(outcome="violation"))
    }
    counted = {rule["rule_id"]: rule["before"] for rule in known.comparison.rules if rule["before"]}
    assert counted == {rule: sum(r == rule for r, _ in recorded) for rule, _ in recorded}, "as it was recorded"


def test_what_cannot_be_known_of_that_day_is_said(town):
    notes = " ".join(note.en for note in pipeline.as_known(town.url, dt.date(2011, 5, 1)).notes)
    assert "it stands at 2011-03-31, but was checked only on 2011-07-01" in notes and "no record says when they became known" in notes


def test_before_the_first_delivery_there_was_nothing_to_see(town):
    with pytest.raises(UsageError) as error:
        pipeline.as_known(town.url, dt.date(2010, 1, 1))
    assert "没有报送过：最早的一次是 2011-03-31 的" in error.value.what.zh and "check --as-of 2010-01-01" in error.value.fix.en


def test_files_that_were_written_over_are_named(tmp_path):
    own = Town(tmp_path)
    own.check(own.deliver("一", 实测总建筑面积=60000), SPRING)
    own.check(own.deliver("一"), SUMMER)
    with pytest.raises(UsageError) as error:
        pipeline.as_known(own.url, dt.date(2011, 5, 1))
    assert "项目.csv" in error.value.why.zh and "findings --run 1" in error.value.fix.zh


def test_replay_is_a_command(town, call, tmp_path):
    code, out, _ = call("replay", "2011-05-01", "--db", town.url, "--lang", "zh", "-o", "r.csv")
    assert code == 0 and out.startswith("2011-05-01 的会议能看到的，和今天所知的那一天") and "AR03" in out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"))))
    assert any(row["rule_id"] == "AR03" and row["change"] == "new" for row in rows)
    code, _, err = call("replay", "2011-13-01", "--db", town.url)
    assert code == 2 and "2011-13-01" in err


def test_trends_count_lines_by_run_and_the_age_of_what_is_open(town, call, tmp_path):
    found = pipeline.trends(town.url)
    assert [run.id for run in found.runs] == [town.first, town.second, town.third]
    lines = {(row.list, row.run_id): row.lines for row in found.rows}
    assert [lines.get(("violations", run.id), 0) for run in found.runs] == [0, 1, 1]
    ages = {(one.rule_id, one.subject_key): one.first_on for one in found.aged}
    assert ages["AR03", "P01"] == SUMMER and ages["DA04", "P02"] == LATER
    code, out, _ = call("runs", "--trend", "developer", "--db", town.url, "--lang", "zh", "-o", "t.csv")
    assert code == 0 and "P01置业有限公司" in out and "AR03 P01 P01苑：184 天（2011-06-30 起）" in out
    rows = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text("utf-8-sig"))))
    assert {(r["run"], r["group"], r["lines"]) for r in rows if r["list"] == "violations"} == {
        (str(town.second), "P01置业有限公司", "1"), (str(town.third), "P01置业有限公司", "1"),
    }  # fmt: skip


def test_trends_are_of_one_series_and_by_the_day_of_the_check(town, call):
    other = town.check(town.deliver("别的"), SPRING, series="别的市")
    assert [run.id for run in pipeline.trends(town.url).runs] == [other]
    assert [run.id for run in pipeline.trends(town.url, "小城").runs] == [town.first, town.second, town.third]
    code, _, err = call("runs", "--series", "小城", "--db", town.url, "--lang", "zh")
    assert code == 2 and "--series 要和 --trend 一起用" in err


def test_a_violation_that_was_gone_for_a_while_is_as_old_as_when_it_was_first_seen(tmp_path):
    own = Town(tmp_path)
    for day, area in ((SPRING, 60000), (SUMMER, 50000), (LATER, 60000)):
        own.run(day=day, 实测总建筑面积=area)
    ages = {(one.rule_id, one.subject_key): one.first_on for one in pipeline.trends(own.url).aged}
    assert ages["AR03", "P01"] == SPRING
