"""A second invented city: its ordinance builds on the first's, two districts differ, and both packs judge its registers.

What is right stands beside each record, worked out by hand.
"""

from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.rulebook.cases import run_cases
from tests.estates import check, estate, in_order, write

PACKS = [Path("packs/funding"), Path("packs/facilities")]  # the city's own folder lies over them, and changes their parameters
EAST, WEST = "770201", "770202"  # the share is 0.8 % in the east; an office has 350 m2, and funds are 12,000 yuan a year, in the west
ORDINANCE = """\
id: second_city
based_on: survey_share
title: {zh: 第二座示例城市的办法, en: The second invented city's ordinance}
jurisdiction: "7702"
from: 2007-01-01
verified: no
citation: 示例，不是任何地方的规定
clauses:
  filing_grace_days: {value: 30, unit: days, cite: 示例}
replaces_cases:
  - 批准日期不明，首日取得土地，批准不会更早 / approval unknown, land acquired on the first day
  - 其他区县同样适用 / any other district
cases:
  - it: 东区的比例，自 2008-01-01 起 / the east's share, on its first day
    given: {district_code: "770201", plan_approved_on: 2008-01-01}
    expect: {law_state: governed, ordinance: second_city, share: 0.008, filing_grace_days: 30}
  - it: 前一日 / the day before
    given: {district_code: "770201", plan_approved_on: 2007-12-31}
    expect: {law_state: governed, ordinance: second_city, share: 0.01}
  - it: 西区的比例是承来的 / the west's share is inherited
    given: {district_code: "770202", plan_approved_on: 2008-01-01}
    expect: {law_state: governed, ordinance: second_city, share: 0.01, office_minimum_m2: 350}
  - it: 施行首日 / on its first day
    given: {district_code: "770202", plan_approved_on: 2007-01-01}
    expect: {law_state: governed, ordinance: second_city}
  - it: 施行前一日以所承的办法为准 / the day before, its base governs
    given: {district_code: "770202", plan_approved_on: 2006-12-31}
    expect: {law_state: governed, ordinance: survey_share, filing_grace_days: 0}
"""
OVERRIDES = """\
clauses:
  second_city.share:
    - {jurisdiction: "770201", from: 2008-01-01, value: 0.008, cite: 东区规定（示例）}
  second_city.office_minimum_m2:
    - {jurisdiction: "770202", from: 2007-01-01, value: 350, cite: 西区规定（示例）}
parameters:
  CF01.least_yuan:
    - {jurisdiction: "770202", from: 2007-01-01, value: 12000, cite: 西区规定（示例）}
"""
ROOMS = {"P01": (EAST, 400.00), "P02": (EAST, 399.99), "P03": (WEST, 400.00), "P04": (WEST, 500.00)}


def _rules(folder: Path) -> Path:
    (folder / "ordinances").mkdir(parents=True)
    (folder / "ordinances" / "second_city.yaml").write_text(ORDINANCE, "utf-8")
    (folder / "overrides.yaml").write_text(OVERRIDES, "utf-8")
    return folder


def _delivery(folder: Path) -> Path:
    tables = in_order(estates=0)
    codes = {EAST: "770201001001", WEST: "770202001001"}
    tables["区县"] = [{"区县代码": code, "区县名称": name} for code, name in ((EAST, "东区"), (WEST, "西区"))]
    tables["社区"] = [
        {
            "社区代码": codes[district],
            "社区名称": name,
            "社区类型": "小区型",
            "区县": district,
            "设立日期": "2004-01-01",
            "常住人口": people,
            "户数": homes,
        }
        for district, name, people, homes in ((EAST, "东一社区", 5000, 1600), (WEST, "西一社区", 4000, 1300))
    ]
    tables["折资单价"] = [tables["折资单价"][0] | {"片区": district} for district in codes]
    for project, (district, room) in ROOMS.items():
        for name, rows in estate(project, codes[district]).items():
            for row in rows:
                row.update({"区县": district} if "区县" in row else {})
                row.update(
                    {key: room for key in ("规划面积", "许可面积", "实测面积", "备案面积", "移交面积", "详规载明用房面积") if key in row}
                )
            tables[name] += rows
    tables["社区办公用房"] = [
        {
            "办公用房编号": f"BG-{code}",
            "社区代码": code,
            "用房性质": "自有",
            "产权证号": f"示房权证第{n}号",
            "办公用房面积": 320,
            "室外活动场地面积": 1000,
            "使用起始": "2005-01-01",
        }
        for n, code in enumerate(codes.values(), 1)
    ]
    tables["社区公用经费"] = [
        {"社区代码": code, "年度": 2010, "拨付金额": 11_000, "社区实收": 11_000, "拨付对象": "社区居委会", "挤占挪用": 0}
        for code in codes.values()
    ]
    tables["社区人员报酬"] = [
        {
            "社区代码": codes[EAST],
            "年度": 2010,
            "岗位": "书记",
            "人数": 1,
            "最低月报酬": 1200,
            "参加医疗保险人数": 1,
            "参加养老保险人数": 1,
            "参加失业保险人数": 1,
        },
        {
            "社区代码": codes[WEST],
            "年度": 2010,
            "岗位": "工作人员",
            "人数": 3,
            "最低月报酬": 799.99,
            "参加医疗保险人数": 3,
            "参加养老保险人数": 2,
            "参加失业保险人数": 3,
        },
    ]
    tables["服务设施台账"] = [
        {"设施编号": "SS1", "社区代码": codes[EAST], "设施类别": "老年活动室", "设施名称": "东一老年之家", "面积": 312.5, "是否开放": "是"},
        {
            "设施编号": "SS2",
            "社区代码": codes[WEST],
            "设施类别": "老年活动室",
            "设施名称": "西一老年之家",
            "面积": 249.99,
            "是否开放": "是",
        },
        {"设施编号": "SS3", "社区代码": codes[WEST], "设施类别": "便民菜店", "设施名称": "西一菜店", "面积": 60},
    ]
    tables["项目配套设施"] = [
        {"项目编号": "P01", "配套类别": "停车位", "规划停车位": 40, "建成停车位": 39},
        {"项目编号": "P03", "配套类别": "农贸市场", "规划面积": 900, "建成面积": 900},
    ]
    return write(folder, tables)


#: rule -> key -> the outcome that is right, and the area or sum that is short; what is not named passes, or is not in question
RIGHT = {
    "AR03": {"P02": ("violation", "area_m2", "0.01"), "P03": ("violation", "area_m2", "100.00")},
    "OF03": {"BG-770202001001": ("violation", "area_m2", "30.00")},
    "CF01": {"770202001001 / 2010": ("violation", "yuan", "1000.00")},
    "CF02": {"770202001001 / 2010 / staff": ("violation", "yuan", "0.12")},
    "CF03": {"770202001001 / 2010 / staff": ("violation", None, None)},
    "CF04": {},
    "CF05": {},
    "CF06": {},
    "FS02": {"770202001001": ("violation", "area_m2", "0.01")},
    "FS06": {"770201001001": ("violation", None, None), "770202001001": ("undetermined", None, None)},  # whether it is open was not told
    "FS08": {"P01 / parking": ("violation", None, None)},
    "FS09": {},
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("second city")
    return check(_delivery(folder / "delivery"), rule_dirs=[*PACKS, _rules(folder / "rules")])


@pytest.mark.parametrize("rule", RIGHT)
def test_each_verdict_is_the_right_one(found, rule):
    came = {f["subject_key"]: f for f in found.findings if f["rule_id"] == rule}
    assert {key: f["outcome"] for key, f in came.items()} == {key: right[0] for key, right in RIGHT[rule].items()}
    for key, (_, name, amount) in RIGHT[rule].items():
        assert name is None or str(came[key][name]) == amount


def test_a_row_is_called_by_its_community_year_and_post(found):
    assert found.one("CF02", "770202001001 / 2010 / staff")["subject_name"] == "西一社区 2010 工作人员"


def test_every_row_is_used(found):
    lines = [line for line in found.result.summary.sources if line.read]
    assert {(line.quarantined, line.read == line.used) for line in lines} == {(0, True)} and len(lines) == 12


def test_the_ordinances_cases_hold_those_that_it_inherits_too(tmp_path):
    book = pipeline.load_rules([*PACKS, _rules(tmp_path / "rules")])
    [ordinance] = [one for one in book.ordinances if one.id == "second_city"]
    results = run_cases(book, [], [ordinance])
    assert len(results) > 5 and [r.it for r in results if not r.passed] == []
