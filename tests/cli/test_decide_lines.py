"""A decision about a line of a list is one about each of its findings; a finding's own row goes before its line's."""

import csv

import pytest

from planning_check.cases import line_key
from planning_check.store import cases, check_log, events, keyed_lines, load_run
from tests import kept
from tests.store.tables import fingerprint

SERIES = "小城（虚构）"
AR03, HO01, US01, MO05 = (
    fingerprint(rule, key) for rule, key in (("AR03", "P1"), ("HO01", "P1"), ("US01", "U1"), ("MO05", "P2"))
)  # fmt: skip
P1, P2, O1 = (
    line_key(*line) for line in (("violations", "project", "P1"), ("deposits", "project", "P2"), ("offices", "office", "O1"))
)  # fmt: skip
MEETING = ("--meeting-on", "2011-07-08", "--resolution-no", "纪要〔2011〕3号", "--by", "王秘书", "--yes")
LATER = ("--meeting-on", "2011-08-09", "--resolution-no", "纪要〔2011〕4号", "--by", "王秘书", "--yes")


@pytest.fixture
def db(tmp_path):
    return kept.store(tmp_path / "runs.sqlite")


@pytest.fixture
def decide(db, call, tmp_path):
    """Reads back a table of decisions: rows of key, conclusion, and a sum."""

    def run(*rows, meeting=MEETING, lang="zh"):
        with (tmp_path / "会议.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["键", "会议结论", "决定金额"], *([*row, ""][:3] for row in rows)])
        return call("decide", "--db", db.url.database, tmp_path / "会议.csv", *meeting, "--lang", lang)

    return run


def states(db):
    assert list(check_log(db)) == []
    return {key: case.state for key, case in cases(db, SERIES).items()}


def test_a_line_has_the_findings_of_its_project_on_its_list_and_no_others(db):
    found = keyed_lines(db, load_run(db).id, {P1, P2, O1, AR03, "f" * 16})
    assert {key: set(line.findings) for key, line in found.items()} == {
        P1: {AR03, HO01, US01}, P2: {MO05}, O1: {fingerprint("OF01", "O1"), fingerprint("OF02", "O1")},
    }  # fmt: skip
    assert found[P1].leads == AR03 and (found[P1].list, found[P1].subject_key) == ("violations", "P1")
    assert keyed_lines(db, load_run(db).id, ()) == {}


def test_a_line_decided_is_each_of_its_findings_decided_and_twice_it_is_nothing_new(db, decide):
    code, out, _ = decide((P1, "认定"))
    assert code == 0 and states(db) == {AR03: "confirmed", HO01: "confirmed", US01: "confirmed"}
    assert "违规 P1 花园P1  3 条" in out and "决定 3 件（1 行名单及其各条）：新 3" in out
    told = cases(db, SERIES)[HO01].decision.body
    assert told["line"] == P1 and told["source"]["row"] == 2 and told["decided_on"] == "2011-07-08"
    many = len(events(db, SERIES))
    code, out, _ = decide((P1, "认定"))
    assert code == 0 and len(events(db, SERIES)) == many and "已记过 3" in out
    code, out, _ = decide((P1, "不予认定"))
    assert code == 0 and set(states(db).values()) == {"dismissed"} and "原来：认定" in out
    code, out, _ = decide((P1, "不予认定"))
    assert code == 0 and "已记过 3" in out, "a line that was dismissed is not accused of anything and still is on record"
    assert decide((P1, "认定"))[0] == 0 and set(states(db).values()) == {"confirmed"}, "set right in the same workbook"


def test_a_findings_own_row_goes_before_its_lines_whichever_is_read_first(db, decide):
    assert decide((P1, "认定"), (HO01, "暂缓"))[0] == 0
    expected = {AR03: "confirmed", HO01: "deferred", US01: "confirmed"}
    assert states(db) == expected
    many = len(events(db, SERIES))
    code, out, _ = decide((P1, "认定"))
    assert code == 0 and states(db) == expected and len(events(db, SERIES)) == many
    assert "另有决定 1" in out and "原来：暂缓" in out
    assert decide((US01, "不予认定"))[0] == 0 and states(db)[US01] == "dismissed"
    assert decide((P1, "认定"))[0] == 0 and states(db) == expected | {US01: "dismissed"}
    assert decide((P1, "认定"), meeting=LATER)[0] == 0
    assert states(db) == {AR03: "confirmed", HO01: "confirmed", US01: "dismissed"}, "a later meeting decides anew; what was dismissed stays"


def test_a_sum_decided_for_a_line_is_decided_once(db, decide, call):
    assert decide((P1, "认定", "80万元"))[0] == 0
    amounts = {key: case.decision.body.get("amount_yuan") for key, case in cases(db, SERIES).items()}
    assert amounts == {AR03: "800000.00", HO01: None, US01: None}
    one = ("decide", "--db", db.url.database, "--case", P2, "--conclusion", "认定", "--amount", "1", *MEETING, "--lang", "en")
    code, out, _ = call(*one)
    assert (
        code == 0 and "Deposits to forfeit P2 花园P2  1 finding" in out and cases(db, SERIES)[MO05].decision.body["amount_yuan"] == "1.00"
    )


def test_a_line_of_which_nothing_is_accused_any_more_is_refused(db, decide):
    for key in (AR03, HO01, US01):
        assert decide((key, "不予认定"))[0] == 0
    code, out, _ = decide((P1, "认定"), meeting=LATER, lang="en")
    assert code == 3 and "struck off or dismissed" in " ".join(out.split()) and set(states(db).values()) == {"dismissed"}
    code, out, _ = decide(("f" * 16, "认定"), meeting=LATER, lang="en")
    assert code == 3 and "no such key" in out


def test_a_later_decision_about_one_of_its_findings_is_a_conflict_of_that_one(db, decide):
    assert decide((HO01, "不予认定"), meeting=LATER)[0] == 0
    assert decide((HO01, "认定"), meeting=LATER)[0] == 0
    code, out, _ = decide((P1, "暂缓"))
    assert code == 3 and "已有更晚的决定" in out and states(db) == {AR03: "deferred", HO01: "confirmed", US01: "deferred"}


def test_a_lines_key_is_no_case_and_case_names_those_of_its_findings(db, call):
    code, _, err = call("case", "show", P1, "--db", db.url.database, "--lang", "en")
    assert code == 2 and "the key of a line (Violations P1)" in err and {AR03, HO01, US01} <= set(err.split())
