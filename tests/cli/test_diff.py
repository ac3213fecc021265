"""Why the list changed: one thing is changed between two checks, or two, and every change is traced to it, and proved by judging again."""

import csv
import datetime as dt
import io
import json
import shutil

import jsonschema
import openpyxl
import pytest

from planning_check import pipeline
from planning_check.errors import UsageError
from planning_check.report.console.diff import diff_lines
from planning_check.store import Filters, findings, open_store
from tests.towns import Town

HEADS = "文件,编号,字段,原值,更正值,理由,更正人,更正日期\n"
EARLY = "parameters: {DA04.earliest_on: 2007-12-31}\n"
OFF = "off: {AR03: 本市不核}\n"
CORRECTION = HEADS + "项目.csv,P01,实测总建筑面积,60000,50000,复测报告,张三,2011-05-02\n"
#: What turns on the as-built floor area of an estate.
ON_AREA = {("AR03", "P01"), ("AR05", "P01"), ("HO02", "P01"), ("MO05", "P01")}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """The town as it is was checked first, whichever test asks first: nothing stood before it."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.run()
    return town


@pytest.fixture
def town(tmp_path):
    """One whose files are written over."""
    return Town(tmp_path)


def whys(found):
    """(rule, subject) -> kind, causes, whether proved."""
    return {(c.named.rule_id, c.named.subject_key): (c.kind, c.cause.ways, c.cause.proved) for c in found.changes}


def change(found, rule, key="P01"):
    return next(c for c in found.changes if (c.named.rule_id, c.named.subject_key) == (rule, key))


def test_a_cell_is_the_cause_and_is_named_with_what_it_said_and_says(shared):
    one, other = shared.run(), shared.run(实测总建筑面积=60000)
    found = shared.differ(one, other)
    assert whys(found) == dict.fromkeys(ON_AREA, ("new", (("data",),), True))
    assert (found.things.factors, found.things.files, found.lost, found.judged) == (("data",), {"项目.csv": "changed"}, (), 2)
    [cell] = change(found, "AR03").cells
    assert (cell.table, cell.record_key, cell.field) == ("projects", "P01", "survey_total_m2")
    assert (cell.before.raw, cell.after.raw) == ("50000", "60000")
    assert (cell.after.file, cell.after.row, cell.after.letter, cell.after.header) == ("项目.csv", 2, "L", "实测总建筑面积")
    assert (change(found, "AR03").before.outcome, change(found, "AR03").after.area_m2) == ("pass", 100)
    back = shared.differ(other, one, prove=False)
    assert (back.before.id, back.after.id) == (one, other), "the older always stands first"


def test_a_row_that_is_there_no_more_is_one_change_of_its_record(shared):
    one, second = shared.run(), shared.deliver("没有移交")
    (second / "移交.csv").write_text(
        "".join(line for line in (second / "移交.csv").read_text("utf-8-sig").splitlines(keepends=True) if "P01-H1" not in line),
        "utf-8-sig",
    )
    found = shared.differ(one, shared.check(second))
    none = change(found, "HO01")
    assert (none.kind, none.cause.ways, none.cause.proved) == ("new", (("data",),), True)
    assert [(c.table, c.record_key, c.field, c.after) for c in none.cells] == [("handovers", "P01-H1", "", None)]


def test_rows_sorted_anew_and_files_renamed_are_no_change(shared):
    one, second = shared.run(), shared.deliver("改名")
    heads, *rows = (second / "项目.csv").read_text("utf-8-sig").splitlines(keepends=True)
    (second / "项目.csv").unlink()
    (second / "开发项目.csv").write_text("".join([heads, *reversed(rows)]), "utf-8-sig")
    found = shared.differ(one, shared.check(second))
    assert (found.changes, found.things.files) == ([], {"开发项目.csv": "new", "项目.csv": "gone"})
    assert "没有一项结论有变" in "\n".join(diff_lines(found, "zh"))


def test_a_correction_is_the_cause_not_the_data(shared):
    found = shared.differ(shared.run(实测总建筑面积=60000), shared.run(corrections=CORRECTION, 实测总建筑面积=60000))
    assert whys(found) == dict.fromkeys(ON_AREA, ("gone", (("correction",),), True))
    gone = change(found, "AR03")
    assert [(one.is_new, one.row.record_key, one.row.new_value) for one in gone.corrections] == [
        (True, "P01", "50000")
    ] and gone.cells == ()


def test_a_correction_taken_out_is_told_apart_from_another_cell(shared):
    """The register of the older run is applied to the newer delivery, which has none."""
    found = shared.differ(
        shared.run(corrections=CORRECTION, 实测总建筑面积=60000), shared.run(实测总建筑面积=60000, 取得土地日期="1989-06-01")
    )
    area, early = change(found, "AR03"), change(found, "DA04")
    assert (area.before.outcome, area.cause.ways, area.cause.excluded) == ("pass", (("correction",),), ("data",))
    assert [(one.is_new, one.row.new_value) for one in area.corrections] == [(False, "50000")]
    assert (early.kind, early.cause.ways, early.cause.excluded) == ("new", (("data",),), ("correction",))
    assert [(c.field, c.before.raw, c.after.raw) for c in early.cells] == [("land_acquired_on", "2007-06-01", "1989-06-01")]


def test_a_parameter_of_a_rule_is_the_cause_and_both_values_are_told(shared):
    found = shared.differ(shared.run(), shared.run(rules=EARLY))
    assert found.things.factors == ("rules",)
    early = change(found, "DA04")
    assert (early.kind, early.cause.ways, early.cause.proved) == ("new", (("rules",),), True)
    assert [(t.what, t.id, t.part, t.before, t.after) for t in early.texts] == [
        ("rule", "DA04", "parameters.earliest_on.value", "1990-01-01", "2007-12-31")
    ]


def test_a_rule_switched_off_takes_its_findings_away(shared):
    gone = change(shared.differ(shared.run(实测总建筑面积=60000), shared.run(rules=OFF, 实测总建筑面积=60000)), "AR03")
    assert (gone.kind, gone.after.outcome, gone.cause.ways) == ("gone", None, (("rules",),))
    assert [(t.what, t.id, t.part, t.after) for t in gone.texts] == [("rule", "AR03", "", "")]


def test_another_ordinance_is_the_cause(shared):
    one, own = shared.run(), shared.folder / "阶梯"
    shutil.copytree(pipeline.bundled("rules") / "examples" / "tiers", own)
    (own / "overrides.yaml").write_text("off: {survey_share: 本市另有规定}\n", "utf-8")
    found = shared.differ(one, shared.check(shared.deliver("原样"), rule_dirs=(own,)))
    assert {ways for _, ways, _ in whys(found).values()} == {(("rules",),)} and found.changes
    assert any(t.what == "ordinance" for t in found.things.texts)


def test_the_passing_of_time_is_the_cause(shared):
    changed = {"实测总建筑面积": 60000, **dict.fromkeys(("竣工日期", "规划验收日期", "竣工备案日期", "交付日期"), "")}
    found = shared.differ(shared.run(day=dt.date(2010, 4, 1), **changed), shared.run(**changed))
    assert found.things.factors == ("time",) and found.changes
    assert {(ways, proved) for _, ways, proved in whys(found).values()} == {((("time",),), True)}


def test_two_things_that_are_each_the_cause_of_something(shared):
    found = shared.differ(shared.run(), shared.run(rules=EARLY, 实测总建筑面积=60000))
    assert found.things.factors == ("data", "rules")
    told = whys(found)
    assert {key: why for key, why in told.items() if key in ON_AREA} == dict.fromkeys(ON_AREA, ("new", (("data",),), True))
    assert told["DA04", "P01"] == told["DA04", "P02"] == ("new", (("rules",),), True)
    assert change(found, "AR03").cause.excluded == ("rules",) and change(found, "DA04").cause.excluded == ("data",)
    assert found.judged == 4, "both runs, and each thing alone"


def test_two_things_that_only_together_are_the_cause(shared):
    """The new land day is not early by the old limit, and the old day not early by the new one."""
    found = shared.differ(shared.run(), shared.run(rules="parameters: {DA04.earliest_on: 2007-01-01}\n", 取得土地日期="2006-06-01"))
    early = change(found, "DA04")
    assert (early.kind, early.cause.ways, early.cause.proved) == ("new", (("data", "rules"),), True)
    assert {code: outcome.outcome for code, outcome in early.cause.alone.items()} == {"data": "pass", "rules": "pass"}
    text = "".join("".join(diff_lines(found, "zh", full=True)).split())
    assert "原因：数据和规则或办法，缺一不可" in text and "2007-06-01→2006-06-01" in text and "1990-01-01→2007-01-01" in text


@pytest.mark.long  # how causes follow from what is judged: tests/record/test_causes.py
def test_two_things_of_which_the_one_hides_the_other(shared):
    """Put right at source it would pass; as the rule is off, nobody asks any more."""
    found = change(shared.differ(shared.run(实测总建筑面积=60000), shared.run(rules=OFF)), "AR03")
    assert (found.kind, found.after.outcome) == ("gone", None)
    assert found.cause.alone["rules"].outcome is None and found.cause.alone["data"].outcome == "pass"
    assert found.cause.ways == (("rules",),) and found.cause.proved


@pytest.mark.long
def test_of_two_things_each_alone_would_do(shared):
    """Its area is put right at source, and a correction said the same already."""
    found = shared.differ(
        shared.run(实测总建筑面积=60000), shared.run(corrections=CORRECTION.replace("60000", "50000.0"), 规划总建筑面积=50001)
    )
    assert change(found, "AR03").cause.ways == (("data",),)


def test_where_the_old_files_were_written_over_what_cannot_be_proved_is_said(town):
    town.check(town.deliver("一"))
    town.check(town.deliver("一", 实测总建筑面积=60000), rule_dirs=town.rules("本市", EARLY))
    found = town.differ()
    [(factor, side, why)] = found.lost
    assert (factor, side) == ("data", "before") and "项目.csv" in why.zh
    area, day = change(found, "AR03").cause, change(found, "DA04").cause
    assert (area.ways, area.proved) == ((("data",),), True), "with the new files and the old rules it comes out as now"
    assert (day.ways, day.proved, day.needed) == ((("data", "rules"),), False, ("rules",))
    assert [(c.before.raw, c.after.raw) for c in change(found, "AR03").cells] == [("50000", "60000")], "kept, as P01 has other findings"
    text = " ".join(" ".join(diff_lines(found, "en")).split())
    assert "the cause is not proved; it may be: data, rules or ordinances; without rules or ordinances it would not be so" in text


def test_cells_of_what_is_gone_are_shown_from_the_record(town):
    """The older run's files were written over: what its finding was made from is on record, and held against the new files."""
    town.check(town.deliver("一", 实测总建筑面积=60000))
    town.check(town.deliver("一"))
    gone = change(town.differ(), "AR03")
    assert (gone.kind, gone.cause.ways, gone.cause.proved, gone.is_bare) == ("gone", (("data",),), True, False)
    assert [(c.field, c.before.raw, c.after.raw) for c in gone.cells] == [("survey_total_m2", "60000", "50000")]


def test_where_the_old_rules_were_written_over_the_texts_are_still_told(town):
    path = town.deliver("一")
    town.check(path, rule_dirs=town.rules("本市", "parameters: {DA04.earliest_on: 1995-01-01}\n"))
    town.check(path, rule_dirs=town.rules("本市", "parameters: {DA04.earliest_on: 2007-12-31}\n"))
    found = town.differ()
    assert [(factor, side) for factor, side, _ in found.lost] == [("rules", "before")]
    early = change(found, "DA04")
    assert early.cause.ways == (("rules",),) and early.cause.proved, "nothing else differs"
    assert [(t.before, t.after) for t in early.texts] == [("1995-01-01", "2007-12-31")]


def test_back_again_is_told_apart_from_new(shared):
    first, second = shared.run(实测总建筑面积=60000), shared.run(开工日期="2008-07-02")
    again = shared.check(shared.deliver("再次", 实测总建筑面积=60000))
    assert first < second < again
    found = shared.differ(second, again, prove=False)
    assert {key: kind for key, (kind, *_) in whys(found).items()} == dict.fromkeys(ON_AREA, "reopened")


def test_a_larger_area_is_a_change_and_nothing_is_told_of_what_is_the_same(shared):
    one, other = shared.run(实测总建筑面积=60000), shared.run(实测总建筑面积=65000)
    found = change(shared.differ(one, other, prove=False), "AR03")
    assert (found.kind, found.before.area_m2, found.after.area_m2) == ("changed", 100, 150)
    same = shared.differ(other, shared.check(shared.deliver("又一次", 实测总建筑面积=65000)))
    assert (same.changes, same.things.factors, same.judged) == ([], (), 0)


def test_a_decision_between_two_checks_is_told_with_its_entry(town, call):
    path = town.deliver("一", 实测总建筑面积=60000)
    town.check(path)
    [key] = [f["fingerprint"] for f in findings(open_store(town.url, write=False), 1, Filters(rule="AR03"))]
    code, _, _ = call("decide", "--db", town.url, "--case", key, "--conclusion", "不予认定", "--meeting-on", "2011-07-08", "--resolution-no",
                      "纪要〔2011〕3号", "--by", "王秘书", "--yes")  # fmt: skip
    assert code == 0
    town.check(path)
    [decided] = pipeline.differ(town.url).changes
    assert (decided.kind, decided.cause, decided.standing.before, decided.standing.after) == ("decided", None, "open", "dismissed")
    assert "案件：待议 → 不予认定（日志第 2 条，不予认定，纪要〔2011〕3号）" in "\n".join(diff_lines(pipeline.differ(town.url), "zh"))


def test_a_waiver_between_two_checks_is_told_and_is_no_cause_of_a_verdict(town):
    path, own = town.deliver("一", 实测总建筑面积=60000), town.folder / "豁免"
    town.check(path)
    own.mkdir()
    (own / "waivers.yaml").write_text(
        "waivers:\n- {rule: AR03, subject: P01, reason: 已约定补建, approved_by: 王主任, second_approved_by: 李主任, from: 2011-01-01, "
        "to: 2011-12-31, risk: 补建不成则欠缴}\n", "utf-8",
    )  # fmt: skip
    town.check(path, rule_dirs=(own,))
    found = pipeline.differ(town.url)
    assert (found.things.factors, found.judged) == ((), 0)
    [waived] = found.changes
    assert (waived.kind, waived.named.rule_id, waived.cause, waived.before) == ("waived", "AR03", None, waived.after)
    assert waived.waived[0] is None and waived.waived[1]["to"] == "2011-12-31"
    text = " ".join("\n".join(diff_lines(found, "zh")).split())
    assert "豁免有变 1" in text and "原因：豁免" in text and "没有 → 2011-01-01/2011-12-31 王主任/李主任" in text


def test_runs_that_cannot_be_compared_are_refused(town):
    path = town.deliver("一")
    town.check(path)
    with pytest.raises(UsageError) as first:
        pipeline.differ(town.url)
    assert "第 1 次检查是系列“小城”的第一次" in first.value.what.zh and "first of the series" in first.value.what.en
    town.check(path, series="别的市")
    with pytest.raises(UsageError) as other:
        town.differ(1, 2)
    assert "不是一个系列" in other.value.what.zh
    with pytest.raises(UsageError) as same:
        town.differ(1, 1)
    assert same.value.what.en == "both are the same run"


def test_json_csv_and_workbook_tell_the_same(shared, call, tmp_path):
    runs = map(str, (shared.run(), shared.run(实测总建筑面积=60000)))
    asked = ("diff", *runs, "--db", shared.url)
    for ending in ("json", "csv", "xlsx"):
        code, _, err = call(*asked, "--quick", "-o", f"d.{ending}", "--lang", "zh")
        assert code == 0 and f"d.{ending}" in err
    told = json.loads((tmp_path / "d.json").read_text("utf-8"))
    code, out, _ = call("diff", "--schema")
    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert [error.message for one in told["changes"] for error in jsonschema.Draft202012Validator(schema).iter_errors(one)] == []
    assert told["differs"]["files"] == {"项目.csv": "changed"} and len(told["changes"]) == 4
    one = next(c for c in told["changes"] if c["rule_id"] == "AR03")
    assert (one["kind"], one["cause"]["ways"], one["cause"]["proved"], one["after"]["area_m2"]) == ("new", [["data"]], True, "100.00")
    assert one["cells"][0]["before"]["raw"] == "50000" and one["cells"][0]["after"]["column"] == "L"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "d.csv").read_text("utf-8-sig"))))
    assert {(r["rule_id"], r["causes"], r["proved"]) for r in rows} == {(rule, "data", "yes") for rule, _ in ON_AREA}
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["变化"]
    assert {sheet.cell(n, 3).value: sheet.cell(n, 9).value for n in range(4, 8)} == dict.fromkeys([r for r, _ in ON_AREA], "原因：数据")
    assert "项目.csv > 第 2 行 > L 列 实测总建筑面积：50000 → 60000" in sheet.cell(4, 10).value
    code, _, err = call(*asked, "--quick", "-o", "d.csv")
    assert code == 2 and "--force" in err


def test_the_workbook_of_the_meeting_has_the_sheet_without_judging_again(town, call, tmp_path):
    town.check(town.deliver("一"))
    town.check(town.deliver("二", 实测总建筑面积=60000))
    code, _, _ = call("report", "--db", town.url, "-o", "材料", "--only", "workbook", "--lang", "zh")
    assert code == 0
    sheet = openpyxl.load_workbook(tmp_path / "材料" / "附册.xlsx")["变化"]
    assert "没有重新判定" in sheet.cell(2, 1).value and sheet.cell(4, 1).value == "新增"
