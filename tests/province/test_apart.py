"""What keeps two cities apart, and that nothing else does."""

import datetime as dt

import pytest

from planning_check.province.apart import Side, clashing_name, why_apart
from planning_check.province.keys import Told
from planning_check.province.linking import Shared

REGISTERS = frozenset(("projects", "premises", "deposits", "districts", "projects.filed_on"))
DAY = dt.date(2011, 6, 30)


def told(registers=REGISTERS, names=None, **more):
    names = names or {}
    plain = {"has_whole_figures": False, "by_names": False, "has_corrections": False} | more
    return Told(10, (), frozenset(registers), (), names=names, stems={name[:-1]: code for name, code in names.items()}, **plain)


def why(one, other, shared=None, days=(DAY, DAY)):
    found = why_apart(Side("甲", one, days[0]), Side("乙", other, days[1]), shared)
    turned = why_apart(Side("乙", other, days[1]), Side("甲", one, days[0]), shared)
    assert (found is None) == (turned is None), "whichever is first"
    return found


def test_two_that_tell_the_same_are_not_apart():
    shared = Shared(counts={"ids": 3}, both={"projects": 2}, others={"projects": 1})
    assert why(told(), told(), shared) is None
    assert why(told(names={"甲市东区": "990101"}), told(names={"乙市东区": "990201"})) is None


@pytest.mark.parametrize(("lacks", "zh", "en"), [
    ("deposits", "甲 报了保证金，乙 没报", "甲 told deposits"), ("districts", "甲 报了区县，乙 没报", "甲 told districts"),
    ("projects.filed_on", "甲 报了开发项目的备案日期，乙 没报", "甲 told filed on of development projects"),
])  # fmt: skip
def test_a_register_that_one_told(lacks, zh, en):
    found = why(told(), told(REGISTERS - {lacks}))
    assert found.zh.startswith(zh) and found.en.startswith(en) and "乙 delivers it" in found.en


@pytest.mark.parametrize(
    "silent", ["corrections", "confirmed_names", "idle_facilities", "unit_prices", "decisions", "community_facilities"]
)
def test_a_register_whose_absence_says_nothing(silent):
    assert why(told(REGISTERS | {silent}), told()) is None


def test_days_and_figures():
    found = why(told(), told(), days=(DAY, None))
    assert "甲 2011-06-30，乙 没写" in found.zh and "乙 none" in found.en
    assert why(told(), told(), days=(None, None)) is None
    assert "乙 上报的统计是全市的" in why(told(), told(has_whole_figures=True)).zh


def test_ids_that_are_two_records():
    shared = Shared(both={"projects": 40, "deposits": 3}, others={"projects": 21})
    assert "开发项目有 40 个编号两边都有，其中 21 个各指各的" in why(told(), told(), shared).zh
    assert why(told(), told(), Shared(both={"projects": 40}, others={"projects": 20})) is None
    assert "保证金有 1 个编号" in why(told(), told(), Shared(both={"deposits": 1}, others={"deposits": 1})).zh


def test_one_name_of_two_districts():
    one, other = told(names={"鼓楼区": "990101"}), told(names={"鼓楼区": "990201"})
    assert "两边都有“鼓楼区”而代码不同" in why(one, other).zh
    assert why(told(names={"鼓楼区": "990101"}), told(names={"鼓楼区": "990101"})) is None
    stem = told(names={"鼓楼县": "990201"})
    assert why(one, stem) is None and clashing_name(one, stem, stems=True) == "鼓楼"
    assert why(one, told(names={"鼓楼县": "990201"}, by_names=True)) is not None, "where names are read without their unit"
