"""Own tables in a delivery: recognised by name and headings, typed, set aside, corrected and united as the bundled ones are."""

import pytest

from planning_check import following
from planning_check.rulebook.own_tables import read_own_tables

FUNDS = """\
table: funds
title: {zh: 社区经费台账, en: community money}
aliases: [社区经费]
owner: civil_affairs
fields:
  community_code: {type: code, need: key, of: community, zh: 社区代码, en: community code}
  year: {type: integer, need: key, zh: 年度, en: year, aliases: [年份]}
  paid_yuan: {type: money, need: required, zh: 拨付公用经费, en: paid}
  staff: {type: number, unit: 人, zh: 专职人数, en: staff}
  paid_to:
    {type: choice, zh: 拨付给谁, en: paid to, choices: {community: {zh: 社区, en: community, aliases: [社区账户]}, street: {zh: 街道, en: street}}}
  geometry: {type: geometry, zh: 发放点, en: place}
"""
COMMUNITIES = "社区代码,社区名称,区县,人口\nSQ1,滨江社区,610902,4200\nSQ2,河西社区,610902,3000\n"


@pytest.fixture(autouse=True)
def _funds(tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "funds.yaml"
    path.write_text(FUNDS, "utf-8")
    with following.in_force(read_own_tables([(path, path.name)])):
        yield


def test_a_sheet_is_recognised_by_its_name_or_by_its_headings(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv("社区经费.csv", "社区代码,年份,拨付公用经费（万元）,专职人数\nSQ1,2010,1.25,3.5\n")
    folder.csv("明细.csv", "社区代码,年度,拨付公用经费,拨付给谁\nSQ2,2010,9000,社区账户\n").load()
    assert folder.rows("SELECT community_code, year, paid_yuan, staff, paid_to FROM funds ORDER BY ALL") == [
        ("SQ1", 2010, 12500, 3.5, None), ("SQ2", 2010, 9000, None, "community"),
    ]  # fmt: skip
    assert {source[0] for source in folder.rows("SELECT table_name FROM source")} == {"communities", "funds"}


def test_a_community_is_known_by_its_name_and_a_place_by_its_degrees(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv(
        "社区经费.csv", "社区名称,年度,拨付公用经费,经度,纬度\n河西社区,2010,9000,108.95,34.27\n"
    ).load()
    assert folder.rows("SELECT community_code, geometry_crs, octet_length(geometry) FROM funds") == [("SQ2", "EPSG:4490", 21)]


def test_rows_that_cannot_be_used_are_set_aside_with_their_community(folder):
    folder.csv("社区名录.csv", COMMUNITIES)
    folder.csv("社区经费.csv", "社区代码,年度,拨付公用经费\nSQ1,2010,1\nSQ1,2010,2\nSQ2,2010,\nSQ2,,3\nSQ2,2009,4\n").load()
    assert folder.rows("SELECT community_code, year, paid_yuan FROM funds") == [("SQ2", 2009, 4)]
    assert folder.rows("SELECT community_code, key, code FROM quarantine ORDER BY row_id") == [
        ("SQ1", "SQ1 / 2010", "duplicate_key"), ("SQ1", "SQ1 / 2010", "duplicate_key"), ("SQ2", "SQ2 / 2010", "missing_required"),
        ("SQ2", "SQ2", "missing_key"),
    ]  # fmt: skip
    assert all(read == used + aside for read, used, aside in folder.totals())


def test_two_files_are_united_and_what_they_tell_differently_is_unknown(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv("社区经费1.csv", "社区代码,年度,拨付公用经费,专职人数\nSQ1,2010,1000,3\n")
    folder.csv("社区经费2.csv", "社区代码,年度,拨付公用经费,专职人数\nSQ1,2010,1000,4\n").load()
    assert folder.rows("SELECT paid_yuan, staff, not_read FROM funds") == [(1000, None, ["staff"])]
    (problem,) = folder.problems("conflict")
    assert problem["what_en"].startswith("'staff' of SQ1 / 2010 is told differently")


def test_a_correction_holds(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv("社区经费.csv", "社区代码,年度,拨付公用经费\nSQ1,2010,1000\n")
    folder.csv(
        "更正登记.csv", "更正的文件,更正的记录编号,更正的字段,原值,更正值,更正理由,更正人,更正日期\n"
        "社区经费.csv,SQ1 / 2010,拨付公用经费,1000,1200,抄错,王,2011-01-05\n",
    ).load()  # fmt: skip
    assert folder.rows("SELECT paid_yuan FROM funds") == [(1200,)]


def test_an_id_that_the_register_does_not_have_is_told_once_a_sheet(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv(
        "社区经费.csv", "社区代码,年度,拨付公用经费\nSQ1,2010,1\nSQ8,2010,2\nSQ9,2010,3\nSQ9,2009,3\n"
    ).load()
    (problem,) = folder.problems("not_registered")
    assert (problem["row"], problem["letter"], problem["quarantined"]) == (3, "A", False)
    assert problem["what_zh"] == "社区代码在登记里没有：社区（3 行：SQ8、SQ9）"
    assert problem["what_en"] == "community code that the register does not have: communities (rows: 3; SQ8, SQ9)"
    assert "补报登记" in problem["fix_zh"] and "supplied in its register" in problem["fix_en"]
    assert len(folder.rows("FROM funds")) == 4


def test_without_the_register_nobody_can_say_that_an_id_is_wrong(folder):
    folder.csv("社区经费.csv", "社区代码,年度,拨付公用经费\nSQ1,2010,1\n").load()
    assert folder.problems("not_registered") == []


def test_of_many_ids_the_first_five_are_shown(folder):
    lines = "".join(f"X{n},2010,1\n" for n in range(7))
    folder.csv("社区名录.csv", COMMUNITIES).csv("社区经费.csv", f"社区代码,年度,拨付公用经费\n{lines}").load()
    (problem,) = folder.problems("not_registered")
    assert "7 行：X0、X1、X2、X3、X4等）" in problem["what_zh"] and "X4, ...)" in problem["what_en"]


def test_the_same_file_is_another_where_no_such_table_is_in_force(folder):
    folder.csv("社区名录.csv", COMMUNITIES).csv("社区经费.csv", "社区代码,年度,拨付公用经费\nSQ1,2010,1\n")
    with following.in_force(()):
        folder.load()
    assert folder.rows("SELECT DISTINCT table_name FROM source") == [("communities",)]
    assert folder.rows("SELECT count(*) FROM information_schema.tables WHERE table_name IN ('funds', 'raw_funds')") == [(0,)]
