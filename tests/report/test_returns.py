"""What sources tell differently, what goes back to each bureau, and whether it was corrected since."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from planning_check.record.correction import CorrectionRow, DisagreementRow
from planning_check.report.told.disagreements import disagreements, in_short
from planning_check.report.told.returns import returns
from planning_check.words import bureau_of

PLAN, WORKS = "规划局/台账.xlsx", "住建局/竣工.xlsx"
COLUMNS = {(PLAN, "台账", "households"), (WORKS, "竣工", "households"), (PLAN, "台账", "completed_on"), (PLAN, "台账", "survey_total_m2")}


def problem(code="not_a_date", raw="五月", key="P1", field="completed_on", file=PLAN, sheet="台账", row=7, table="projects"):
    told = {"what_zh": "看不懂", "what_en": "cannot be read", "fix_zh": "改正", "fix_en": "correct it"}
    return SimpleNamespace(
        code=code, raw=raw, key=key, field=field, file=file, sheet=sheet, row=row, letter="C", table_name=table, quarantined=False, **told
    )


def differing(one="430", other="416", key="P1"):
    told = [{"file": WORKS, "sheet": "竣工", "row": 5, "letter": "C", "raw": one, "value": one},
            {"file": PLAN, "sheet": "台账", "row": 9, "letter": "D", "raw": other, "value": other}]  # fmt: skip
    return DisagreementRow("projects", key, "households", json.dumps(told), None, "unknown", "14")


def correction(state):
    told = dict.fromkeys(("file", "sheet", "old_value", "new_value", "reason", "corrected_by", "corrected_on", "valid_to"), "x")
    return CorrectionRow(1, state, record_key="P1", field_told="面积", register_row=1, source_id=1, row_id=1, table_name="projects",
                         field="survey_total_m2", raw="1", **told)  # fmt: skip


APPLIED = problem("correction_applied", "1", f"{PLAN} > 台账 > P1 > 面积", "survey_total_m2")


def test_a_disagreement_shows_every_value_its_place_and_bureau_and_who_settles_it():
    (one,) = disagreements([differing()])
    assert [(t.where.get("zh"), t.raw, t.bureau) for t in one.told] == [
        ("住建局/竣工.xlsx > 竣工 > 第 5 行 > C 列", "430", "housing"), ("规划局/台账.xlsx > 台账 > 第 9 行 > D 列", "416", "planning"),
    ]  # fmt: skip
    assert (one.owner, one.used, one.apart("zh"), one.why.en) == ("planning", None, "14", "they differ, so it is unknown")
    assert "1 (of 1 projects)" in in_short([one]).en and in_short([]) is None


@pytest.mark.parametrize(
    ("path", "bureau"),
    [("规划局/台账.xlsx", "planning"), ("住建/规划指标.xlsx", "housing"), ("市民政局报送.csv", "civil_affairs"), ("房管局/用房.xlsx", "real_estate"),
     ("不动产登记中心.csv", "real_estate"), ("规划指标.xlsx", ""), ("台账.xlsx", ""), ("规划住建合并/台账.xlsx", "")],
)  # fmt: skip
def test_whose_file_it_is_goes_by_its_path_and_is_not_guessed(path, bureau):
    assert bureau_of(path) == bureau


def test_a_disagreement_goes_back_to_both_and_a_note_to_nobody():
    found = returns([problem("name_matched"), problem("total_row"), problem("correction_stale", table="corrections")], [differing()])
    assert [(one.bureau, one.raw, one.state) for one in found] == [("planning", "416", ""), ("housing", "430", "")]
    assert "“430”" in found[0].what.zh and "'416'" in found[1].what.en


@pytest.mark.parametrize(
    ("now", "columns", "state"),
    [([problem()], COLUMNS, "unchanged"), ([problem(row=8)], COLUMNS, "unchanged"), ([problem(raw="六月")], COLUMNS, "other"),
     ([], COLUMNS, "corrected"), ([], COLUMNS - {(PLAN, "台账", "completed_on")}, "absent"), ([], set(), "absent")],
)  # fmt: skip
def test_what_became_of_what_was_returned(now, columns, state):
    (one,) = returns(now, [], returns([problem()], []), columns)
    assert one.state == state and one.is_open is (state in ("unchanged", "other"))


def test_what_is_no_longer_open_is_not_told_for_ever():
    first = returns([problem()], [])
    second = returns([], [], first, COLUMNS)
    assert [one.state for one in second] == ["corrected"]
    assert returns([], [], returns([], []), COLUMNS) == ()


def test_a_value_that_only_one_file_tells_now_is_not_settled():
    before = returns([], [differing()])
    assert {one.state for one in returns([], [], before, COLUMNS)} == {"corrected"}
    assert {one.state for one in returns([], [], before, {c for c in COLUMNS if c[0] == PLAN})} == {"absent"}
    assert [one.state for one in returns([], [differing(one="420")], before, COLUMNS)] == ["unchanged", "other"]


def test_two_rows_of_one_key_are_two_things():
    twice = [problem("duplicate_key", "P1", row=3), problem("duplicate_key", "P1", row=4)]
    assert [one.state for one in returns(twice, [], returns(twice, []), COLUMNS)] == ["unchanged"] * 2
    assert [one.state for one in returns(twice[:1], [], returns(twice, []), COLUMNS)] == ["unchanged", "corrected"]


@pytest.mark.parametrize(("state", "said"), [("at_source", "corrected"), ("stale", "other"), (None, "withdrawn"), ("expired", "withdrawn")])
def test_a_corrected_cell_is_not_corrected_at_source_because_nobody_speaks_of_it(state, said):
    before = returns([APPLIED], [])
    assert [(one.bureau, one.key, one.raw) for one in before] == [("planning", "P1", "1")]
    registered = [correction(state)] if state else []
    assert [one.state for one in returns([], [], before, COLUMNS, registered)] == [said]
    assert [one.state for one in returns([APPLIED], [], before, COLUMNS)] == ["unchanged"]
    assert replace(before[0], state=said).is_open is (said == "other")
