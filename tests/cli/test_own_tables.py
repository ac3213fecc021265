"""A delivery with an own table, from the check to the papers, the proof and another machine without the rules folder."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.test_own_tables_page import FILES

ROOT = Path(__file__).parents[2]
PROJECTS = "项目编号,项目名称,区县,详规批准日期,规划总建筑面积,用途\nXM1,滨江花园,东岸区,2008-05-01,50000,住宅\n"
WORKS = """\
table: works
title: {zh: 配套工程台账, en: works}
owner: housing
fields:
  work_id: {type: code, need: key, zh: 工程编号, en: work id}
  project_id: {type: code, need: required, of: project, zh: 项目编号, en: project id}
  cost_yuan: {type: money, zh: 造价, en: cost}
facts:
  project:
    works_yuan: {sum: cost_yuan, zh: 配套工程造价, en: cost of works}
"""
RULE = """\
id: WK01
subject: project
list: leads
severity: lead
responsible: housing
title: {zh: 没有配套工程, en: No works}
basis: [示例]
violated_when: works_yuan = 0
consequence: [data_request]
cure: {zh: 补报, en: supply}
message: {zh: "造价 {works_yuan} 元", en: "{works_yuan} yuan"}
trap: {zh: 无, en: none}
"""


@pytest.fixture
def db(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return f"sqlite:///{(tmp_path / 'runs.sqlite').as_posix()}"


def checked(call, db, *more, rules="our_funds"):
    code, out, err = call("check", "our_delivery", "--rules", rules, "--as-of", "2011-06-30", "--db", db, "--lang", "en", *more)
    assert code == 0, err
    return out


def found(call, db, *more):
    code, out, err = call("findings", "--db", db, "--format", "csv", "--wide", "--lang", "en", *more)
    assert code == 0, err
    return list(csv.DictReader(io.StringIO(out.lstrip("\ufeff"))))


def test_the_row_that_is_short_is_a_finding_and_the_rest_passes(call, db):
    assert "Bureaus' own controls 1" in checked(call, db)
    (short,) = [f for f in found(call, db) if f["rule_id"] == "CF01"]
    assert (short["subject_key"], short["subject_name"], short["community_name"], short["outcome"]) == (
        "SQ-001 / 2010",
        "滨江社区 2010",
        "滨江社区",
        "violation",
    )
    assert short["message_en"] == "8,000.00 yuan in 2010, population 4,200"
    assert "SQ-001 / 2009  滨江社区 2009" in call("explain", "CF01", "SQ-001 / 2009", "--db", db, "--lang", "en")[1]


def test_it_is_told_verified_and_bundled_without_the_folder(call, db, tmp_path):
    checked(call, db)
    there = call("explain", "CF01", "SQ-001 / 2010", "--db", db, "--lang", "zh")[1]
    assert call("bundle", "-o", "b.zip", "--with-inputs", "--db", db)[0] == 0
    (tmp_path / "moved").mkdir()
    (tmp_path / "our_funds").rename(tmp_path / "moved" / "our_funds")
    assert call("explain", "CF01", "SQ-001 / 2010", "--db", db, "--lang", "zh")[1] == there
    assert "社区经费台账 SQ-001 / 2010" in there
    assert call("report", "-o", "papers", "--db", db, "--lang", "en")[0] == 0
    schema = json.loads((tmp_path / "papers" / "findings.schema.json").read_text("utf-8"))
    assert "community_funding" in schema["properties"]["subject"]["enum"]
    told = "".join(str(v) for sheet in openpyxl.load_workbook(tmp_path / "papers" / "annex.xlsx") for row in sheet.values for v in row if v)
    assert "社区经费.csv" in told and "8,000.00 yuan in 2010, population 4,200" in told
    page = next((tmp_path / "papers").glob("*.html")).read_text("utf-8")
    assert "SQ-001 / 2010" in page and "office funds" in page
    assert call("verify", "b.zip")[0] == 0
    assert call("verify", "--db", db, "--rules", "moved/our_funds")[0] == 0


def test_a_new_process_proves_it_too(call, db, tmp_path):
    """There the run is opened before the dictionary of facts is loaded."""
    checked(call, db)
    command = [sys.executable, "-m", "planning_check", "verify", "--db", db, "--lang", "en"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8")[-2000:]


def test_two_runs_are_compared_though_one_has_no_own_table(call, db, tmp_path):
    plain = call("check", "our_delivery", "--as-of", "2011-06-30", "--db", db, "--series", "city")
    assert plain[0] == 3  # without the table nothing of it can be judged
    checked(call, db, "--series", "city")
    code, out, _ = call("diff", "--db", db, "--lang", "en")
    assert code == 0 and "CF01" in out
    (tmp_path / "our_delivery" / "社区经费.csv").write_text("社区,年度,办公经费（万元）\n滨江社区,2009,1.2\n滨江社区,2010,1\n", "utf-8")
    checked(call, db, "--series", "city")
    code, out, _ = call("diff", "--db", db, "--lang", "en")
    assert code == 0 and "CF01" in out
    assert [f for f in found(call, db) if f["rule_id"] == "CF01"] == []


def test_a_check_after_it_knows_nothing_of_the_table(call, db):
    checked(call, db)
    out = call("check", "our_delivery", "--as-of", "2011-06-30", "--db", db, "--series", "plain", "--lang", "en")[1]
    assert "Bureaus' own controls" not in out
    rules = {f["rule_id"] for f in found(call, db, "--run", "plain")}
    assert "DA03" in rules and "CF01" not in rules


@pytest.mark.usefixtures("db")
def test_inspect_says_what_each_column_is(call):
    code, out, _ = call("inspect", "our_delivery", "--rules", "our_funds", "--lang", "en")
    assert code == 0 and "community funding" in out and "office funds" in out


def test_a_template_filled_in_is_read_without_a_mapping(call, db, tmp_path):
    assert call("template", "--rules", "our_funds", "--table", "社区经费台账", "-o", "经费.xlsx", "--lang", "zh")[0] == 0
    book = openpyxl.load_workbook("经费.xlsx")
    sheet = book["社区经费台账"]
    heads = next(n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if "*社区代码" in row)
    assert [c for c in next(sheet.iter_rows(heads, heads, values_only=True)) if c] == ["*社区代码", "*年度", "公用经费（元）"]
    for column, value in enumerate(("SQ-001", 2010, 7000), 1):
        sheet.cell(heads + 2, column, value)
    (tmp_path / "our_delivery" / "社区经费.csv").unlink()
    book.save(tmp_path / "our_delivery" / "经费.xlsx")
    checked(call, db)
    (short,) = [f for f in found(call, db) if f["rule_id"] == "CF01"]
    assert short["message_en"] == "7,000.00 yuan in 2010, population 4,200"


def test_two_folders_together_and_a_project_that_the_ledger_does_not_have(call, db, tmp_path):
    for name, text in {"tables/works.yaml": WORKS, "works/WK01_none.yaml": RULE}.items():
        path = tmp_path / "our_works" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "our_delivery" / "项目.csv").write_text(PROJECTS, "utf-8")
    (tmp_path / "our_delivery" / "配套工程.csv").write_text("工程编号,项目编号,造价\nG1,XM9,500\n", "utf-8")
    checked(call, db, "--rules", "our_works")
    by_rule = {f["rule_id"]: f for f in found(call, db) if f["outcome"] == "violation"}
    assert (by_rule["WK01"]["subject_key"], by_rule["CF01"]["subject_key"]) == ("XM1", "SQ-001 / 2010")
    assert by_rule["DA06"]["subject_key"] == "XM9" and "works (rows: 1)" in by_rule["DA06"]["message_en"]
    code, out, _ = call("explain", "DA06", "XM9", "--db", db, "--lang", "en")
    assert code == 0 and "配套工程.csv" in out


@pytest.mark.usefixtures("db")
def test_simulate_reads_once_for_both_and_counts_the_rule_as_new(call):
    code, out, err = call("simulate", "our_delivery", "--as-of", "2011-06-30", "--with", "our_funds", "--lang", "en")
    assert code == 0, err
    assert "CF01" in out
    code, out, err = call("rules", "diff", "examples/tiers", "our_funds", "our_delivery", "--as-of", "2011-06-30", "--lang", "en")
    assert code == 0, err
    assert "added own table community_funding" in out


@pytest.mark.usefixtures("db")
def test_folders_that_declare_one_table_differently_cannot_be_compared(call, tmp_path):
    other = tmp_path / "other" / "tables" / "community_funding.yaml"
    other.parent.mkdir(parents=True)
    other.write_text(
        FILES["our_funds/tables/community_funding.yaml"].replace("need: key, of", "need: key, note: {zh: 注, en: note}, of"), "utf-8"
    )
    code, _, err = call("rules", "diff", "our_funds", "other", "our_delivery", "--as-of", "2011-06-30", "--lang", "en")
    assert code == 2 and "the two differ in tables (tables/)" in err


@pytest.mark.usefixtures("db")
def test_the_page_of_the_rules_has_the_fields_and_facts_of_own_tables(call):
    code, out, _ = call("rules", "page", "--rules", "our_funds")
    assert code == 0
    section = out.partition("# Own tables 自己的台账")[2]
    assert "## 社区经费台账 community funding (`community_funding`)" in section
    assert "| `office_funds_yuan` | 公用经费 | office funds | money | yuan |  | 民政 | 办公经费 |  |" in section
    fact = "| `community.funded_years` | 拨付年数 | years with money | integer |  | 民政 | 行数 rows where `office_funds_yuan > 0` |"
    assert fact in section and "by its key `row_key`" in section
    assert "自己的台账" not in call("rules", "page")[1]


@pytest.mark.usefixtures("db")
def test_what_a_rule_may_read_of_an_own_table_is_listed(call):
    code, out, _ = call("rules", "facts", "community_funding", "--rules", "our_funds", "--lang", "en")
    assert code == 0
    assert [name for name in ("office_funds_yuan", "population", "row_key") if name not in out] == []


def test_a_delivery_of_nothing_but_an_own_register_is_judged(call, db, tmp_path):
    (tmp_path / "our_delivery" / "社区名录.csv").unlink()
    (tmp_path / "our_delivery" / "社区经费.csv").write_text("社区代码,年度,公用经费\nSQ-001,2010,8000\n", "utf-8")
    assert "Bureaus' own controls 1" in checked(call, db)
    assert [f["subject_name"] for f in found(call, db)] == ["SQ-001 2010"]


def test_a_mapping_reads_a_sheet_with_headings_of_its_own(call, db, tmp_path):
    (tmp_path / "our_delivery" / "社区经费.csv").write_text("代号,哪年,多少钱\nSQ-001,2010,8000\n", "utf-8")
    fields = {"代号": "community_code", "哪年": "year", "多少钱": "office_funds_yuan"}
    columns = "".join(f"      - {{heading: {heading}, field: {field}}}\n" for heading, field in fields.items())
    sheet = f"  - file: 社区经费.csv\n    table: community_funding\n    columns:\n{columns}"
    (tmp_path / "m.yaml").write_text(f"version: 1\nsheets:\n{sheet}", "utf-8")
    assert call("inspect", "our_delivery", "--rules", "our_funds", "--write-mapping", "w.yaml")[0] == 0
    checked(call, db, "--mapping", "m.yaml")
    assert [f["subject_key"] for f in found(call, db) if f["rule_id"] == "CF01"] == ["SQ-001 / 2010"]


def test_what_is_unknown_for_a_row_set_aside_says_which_row(call, db, tmp_path):
    rule = RULE.replace("WK01", "CM01").replace("subject: project", "subject: community").replace("works_yuan = 0", "funded_years = 0")
    (tmp_path / "our_funds" / "funding" / "CM01_none.yaml").write_text(rule.replace("works_yuan", "funded_years"), "utf-8")
    register = tmp_path / "our_delivery" / "社区经费.csv"
    register.write_text("社区,年度,公用经费\n滨江社区,2009,12000\n滨江社区,2010,9000\n滨江社区,2010,9500\n", "utf-8")
    checked(call, db)
    (open_,) = [f for f in found(call, db) if f["rule_id"] == "CM01"]
    assert (open_["outcome"], open_["missing"], open_["missing_owner"]) == ("undetermined", "funded_years", "civil_affairs")
    assert "社区经费.csv > row 3 was set aside" in open_["reason_en"] and "社区经费.csv > 第 4 行 未能采用" in open_["reason_zh"]
