"""A correction, or a precedence, that clears a violation is seen: recorded, on the first screen, explained, and in the papers."""

import csv
import io
import shutil

import openpyxl
import pytest

from planning_check import pipeline
from planning_check.errors import UsageError
from planning_check.store import corrections, open_store, outcomes_without
from planning_check.words import PAPERS
from tests import estates

HEADS = "文件,编号,字段,原值,更正值,理由,更正人,更正日期\n"
ROW = "项目.csv,P01,实测总建筑面积,{},{},复测报告,张三,2011-05-02\n"
PRECEDENCE = "precedence:\n  - {table: projects, field: survey_total_m2, order: [%s], from: 2010-01-01, cite: 会议纪要, verified: no}\n"


@pytest.fixture
def spoilt(tmp_path):
    """One estate whose room is 100 m2 too small for what was built."""
    tables = estates.in_order(1)
    tables["项目"][0]["实测总建筑面积"] = 60000
    return estates.write(tmp_path / "报送", tables)


def turned(checked):
    return {
        (r.cause, r.rule_id, r.outcome, r.without, r.area_m2, r.area_without_m2)
        for r in outcomes_without(open_store(checked.url, write=False), checked.result.run_id)
        if r.rule_id == "AR03"
    }


def test_without_a_register_nothing_turns_on_it(spoilt):
    checked = estates.check(spoilt)
    assert checked.of("AR03") == {("AR03", "P01")} and turned(checked) == set()
    assert checked.result.summary.corrected.told() == []


def test_a_correction_that_clears_or_shrinks_a_violation_is_on_the_first_screen(spoilt, call):
    (spoilt / "更正登记.csv").write_text(HEADS + ROW.format(60000, 50000), "utf-8")
    cleared = estates.check(spoilt)
    assert cleared.of("AR03") == set()
    assert turned(cleared) == {("corrections", "AR03", "pass", "violation", None, "100.00")}
    first, second = cleared.result.summary.corrected.told()
    assert first.zh == "更正登记 1 条：已采用 1" and "AR03 P01" in second.zh and "AR03 P01" in second.en
    code, out, _ = call("explain", "AR03", "P01", "--db", cleared.url)
    assert code == 0 and "as delivered: violation 100.00 ㎡" in out
    assert '"60000" corrected to "50000" (张三 2011-05-02: 复测报告)' in " ".join(out.split())
    (spoilt / "更正登记.csv").write_text(HEADS + ROW.format(60000, 55000), "utf-8")
    smaller = estates.check(spoilt)
    assert turned(smaller) == {("corrections", "AR03", "violation", "violation", "50.00", "100.00")}
    assert any("AR03 P01" in text.en for text in smaller.result.summary.corrected.told())


def test_the_papers_list_every_row_with_its_state(spoilt, call, tmp_path):
    (spoilt / "更正登记.csv").write_text(HEADS + ROW.format(60000, 50000) + ROW.format(1, 2).replace("05-02", "05-03"), "utf-8")
    checked = estates.check(spoilt)
    assert [c.state for c in corrections(open_store(checked.url, write=False), checked.result.run_id)] == ["applied", "stale"]
    for lang, sheets in (("zh", ("更正登记", "因更正而变")), ("en", ("Corrections", "Turns on corrections"))):
        assert call("report", "--db", checked.url, "-o", tmp_path / lang, "--lang", lang, "--only", "tables", "--only", "workbook")[0] == 0
        book = openpyxl.load_workbook(tmp_path / lang / PAPERS["annex"].get(lang))
        rows = [[cell.value for cell in row] for name in sheets for row in book[name].iter_rows()]
        assert any(row[3] == "P01" and row[5] == "60000" and row[7] == "50000" for row in rows if len(row) > 7)
        assert any(row[0] == "AR03" and row[2] == "P01" for row in rows)
    told = list(csv.DictReader(io.StringIO((tmp_path / "zh" / "corrections.csv").read_text("utf-8-sig"))))
    assert [(row["state"], row["raw"]) for row in told] == [("applied", "60000"), ("stale", "60000")]


@pytest.fixture(scope="module")
def contradicting(tmp_path_factory):
    """Two bureaus tell two areas of one estate; without a precedence nothing can be judged. Nobody writes into it."""
    tables = estates.in_order(1)
    folder = estates.write(tmp_path_factory.mktemp("two") / "报送", {name: rows for name, rows in tables.items() if name != "项目"})
    estates.write(folder / "规划局", {"项目": tables["项目"]})
    estates.write(folder / "房管局", {"项目": [tables["项目"][0] | {"实测总建筑面积": 60000}]})
    assert estates.check(folder).of("AR03", outcome="undetermined") == {("AR03", "P01")}
    return folder


@pytest.mark.parametrize(
    ("order", "now", "other"), [("real_estate, planning", "violation", "pass"), ("planning, real_estate", "pass", "violation")]
)
def test_a_verdict_that_turns_on_precedence_says_so(contradicting, tmp_path, order, now, other):
    folder = shutil.copytree(contradicting, tmp_path / "报送")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "precedence.yaml").write_text(PRECEDENCE % order, "utf-8")
    checked = estates.check(folder, rule_dirs=[tmp_path / "rules"])
    assert {row[:4] for row in turned(checked)} == {("precedence", "AR03", now, other)}
    assert any("precedence" in text.en for text in checked.result.summary.corrected.told())
    with pytest.raises(UsageError, match="whose value counts"):
        pipeline.simulate(pipeline.Options([folder], None, estates.AS_OF), with_dirs=[tmp_path / "rules"])
    (one,) = checked.result.summary.disagreements
    assert one.is_settled and len(one.told) == 2 and "会议纪要" in one.why.zh
