"""A waived finding is marked and stays in every list and sum; one that expired yesterday resurfaces; one that waives nothing is said."""

import json

import openpyxl

from planning_check.record.finding import FIELDS
from planning_check.report.notices.resolved import resolved_fields
from planning_check.store import load_run, open_store

PROJECTS = "项目编号,项目名称,区县,用途\nP1,甲苑,610102,住宅\n"
COMMUNITIES = "社区代码,社区名称,区县\n610102001001,槐社区,610102\n610102001002,柳社区,610102\n610102001003,榆社区,610102\n"
OFFICES = "办公用房编号,社区代码,用房性质\nF1,610102001001,租用\nF2,610102001002,租用\nF3,610102001003,自有产权\n"
FILES = {"项目.csv": PROJECTS, "社区.csv": COMMUNITIES, "办公用房.csv": OFFICES}


def one(subject, to="2011-12-31", first="2011-01-01", rule="OF01"):
    told = f"rule: {rule}, subject: {subject}, reason: 待旧改, approved_by: 王, second_approved_by: 李, from: {first}, to: {to}, risk: 租金"
    return f"  - {{{told}}}\n"


def check(call, tmp_path, waivers=None, name="x"):
    """A check of two rented offices as of 2011-06-30; the run, and what was said."""
    for file, text in FILES.items():
        (tmp_path / "报送").mkdir(exist_ok=True)
        (tmp_path / "报送" / file).write_text(text, "utf-8")
    (tmp_path / "city").mkdir(exist_ok=True)
    if waivers is not None:
        (tmp_path / "city" / "waivers.yaml").write_text("waivers:\n" + waivers, "utf-8")
    rules = ["--rules", tmp_path / "city"] if waivers is not None else []
    database = ["--db", tmp_path / f"{name}.sqlite"]
    asked = ("--select", "OF01", "--select", "US01", "--as-of", "2011-06-30", "--series", "城", "--lang", "en")
    code, out, err = call("check", tmp_path / "报送", *database, *rules, *asked)
    assert code == 0, err
    assert not waivers or "Waiver" in out, "the first screen says what has become of them"
    out += call("check", tmp_path / "报送", *database, *rules, *asked, "--full")[1]
    engine = open_store(str(tmp_path / f"{name}.sqlite"))
    run = load_run(engine)
    engine.dispose()
    found = json.loads(call("findings", *database, "--list", "offices", "--format", "json")[1])["findings"]
    return run, " ".join(out.split()), {f["subject_key"]: f for f in found if f["rule_id"] == "OF01" and f["outcome"] == "violation"}


def test_a_waived_finding_is_marked_everywhere_and_removed_nowhere(call, tmp_path):
    bare, said_bare, _ = check(call, tmp_path)
    run, said, found = check(call, tmp_path, one("F1"), "waived")
    assert set(found) == {"F1", "F2"}, "both stay"
    marked = [found["F1"][name] for name in ("waived_from", "waived_until", "waived_by", "waived_why", "waived_risk")]
    assert marked == ["2011-01-01", "2011-12-31", "王 / 李", "待旧改", "租金"] and found["F2"]["waived_until"] is None
    assert "of which waived: 1 finding" in said and "Waivers in force: 1" in said and "of which waived" not in said_bare
    out = call("findings", "--db", tmp_path / "waived.sqlite", "--list", "offices", "--rule", "OF01", "--lang", "zh")[1]
    assert [("豁免至 2011-12-31" in line) for line in out.splitlines() if "OF01" in line] == [True, False]
    assert "waivers" not in bare.manifest and run.digest != bare.digest and run.root != bare.root
    assert [(w["state"], w["finding"]) for w in run.manifest["waivers"]] == [("active", found["F1"]["fingerprint"])]


def test_papers_mark_what_is_waived_and_sum_it_apart(call, tmp_path):
    check(call, tmp_path, one("F1"))
    target = tmp_path / "会前"
    arguments = ("--db", tmp_path / "x.sqlite", "--lang", "zh", "-o", target, "--only", "workbook", "--only", "page")
    assert call("report", *arguments)[0] == 0
    book = openpyxl.load_workbook(target / "附册.xlsx")
    sums = [row[1:4] for row in book["汇总"].iter_rows(values_only=True) if row[1] == "其中豁免"]
    assert sums and all(findings == 1 for _, _, findings in sums)
    marked = {row[cell] for sheet in book for row in [*sheet.iter_rows(values_only=True)] for cell in range(len(row)) if row[cell]}
    assert "豁免至 2011-12-31" in marked and "豁免至 2011-12-31" in (target / "findings_zh.html").read_text("utf-8")


def test_a_letter_says_which_of_its_items_are_waived():
    plain = dict.fromkeys(FIELDS)
    told = resolved_fields([plain, plain | {"waived_until": "2011-12-31"}], "zh")["decisions"]
    assert told == ["第 2 项：豁免至2011年12月31日，期内不追究"]
    assert resolved_fields([plain], "en")["decisions"] == []


def test_when_a_waiver_ends_falls_due(call, tmp_path):
    check(call, tmp_path, one("F1", to="2011-07-20") + one("F2", to="2011-06-29"))
    told = json.loads(call("due", "--db", tmp_path / "x.sqlite", "--format", "json")[1])["due"]
    ends = [(d["key"], d["bureau"], d["first"], d["source_en"]) for d in told if d["kind"] == "waiver"]
    assert ends == [("F1", "civil_affairs", "2011-07-20", "city/waivers.yaml:2")], "the other has ended and marks nothing"


def test_a_waiver_that_expired_yesterday_resurfaces_and_is_said(call, tmp_path):
    run, said, found = check(call, tmp_path, one("F1", to="2011-06-29") + one("F2", to="2011-06-30"))
    assert [found[key]["waived_until"] for key in ("F1", "F2")] == [None, "2011-06-30"]
    assert "Waiver OF01 F1 (2011-01-01/2011-06-29, city/waivers.yaml:2): expired, its finding stands again" in said
    assert [w["state"] for w in run.manifest["waivers"]] == ["expired", "active"] and "of which waived: 1 finding" in said


def test_those_that_waive_nothing_are_reported_with_the_reason(call, tmp_path):
    waivers = one("F3") + one("F9") + one("F1", rule="US01") + one("F1", first="2011-07-01")
    run, said, found = check(call, tmp_path, waivers)
    assert [w["state"] for w in run.manifest["waivers"]] == ["no_finding", "no_subject", "no_subject", "not_begun"]
    assert "F9 (2011-01-01/2011-12-31, city/waivers.yaml:3): unused: the check has no such subject" in said
    assert "Waivers in force: 0" in said and not any(f["waived_until"] for f in found.values())


def test_the_same_waivers_make_the_same_run_wherever_they_lie(call, tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert check(call, tmp_path / "a", one("F1"))[0].root == check(call, tmp_path / "b", one("F1"))[0].root


def test_a_malformed_file_stops_the_check_before_anything_is_recorded(call, tmp_path):
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "waivers.yaml").write_text("waivers:\n" + one("F1").replace("李", "王"), "utf-8")
    code, _, err = call("check", "--rules", tmp_path / "city", "--db", tmp_path / "x.sqlite", "--lang", "zh")
    assert code == 2 and "city/waivers.yaml:2" in err and "同一人：王" in err and not (tmp_path / "x.sqlite").exists()


def test_the_rules_own_test_tells_the_waivers(call, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1325376000")  # 2012-01-01
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "waivers.yaml").write_text("waivers:\n" + one("F1") + one("F2", to="2012-01-01"), "utf-8")
    out = call("rules", "test", "US04", "--rules", tmp_path / "city", "--lang", "en")[1]
    assert "F1 (2011-01-01/2011-12-31, city/waivers.yaml:2): expired" in out and "city/waivers.yaml:3): in force" in out
