"""A heading that does not say which kind it is is neither, where the sheet is about the other kind; else it is what it was."""

from __future__ import annotations

import pytest

from planning_check.ingest.bare_words import doubted
from planning_check.ingest.headers import read_row

NEITHER = [
    ("premises", "用房编号,项目编号,备案面积(㎡),备案楼栋,所在楼层,空置起始", {"floor_from": "filed_floor"}),
    ("premises", "用房编号,项目编号,备案面积(㎡),幢号,所在层", {"building": "filed_building", "floor_from": "filed_floor"}),
    ("projects", "项目编号,竣工地上建筑面积(㎡),总建筑面积(㎡),用房台账完整", {"plan_total_m2": "survey_total_m2"}),
    ("projects", "项目编号,工规证号,工规证日期,总建筑面积(㎡)", {"plan_total_m2": "permit_total_m2"}),
    ("projects", "项目编号,开工日期,竣工验收日期,备案日期", {"filed_on": "completion_filed_on"}),
    ("projects", "项目编号,合同约定计算基数,合同约定配建面积(㎡),配建比例", {"stated_premises_percent": "conditions_percent"}),
]
KNOWN = [
    ("premises", "用房编号,项目编号,用房类别,规划面积(㎡),楼栋,所在楼层,备案面积(㎡)", "floor_from"),  # a register of rooms
    ("premises", "用房编号,项目编号,备案面积(㎡),备案楼层,实测面积(㎡),楼层", "floor_from"),
    ("premises", "用房编号,项目编号,楼层", "floor_from"),
    ("projects", "项目编号,项目名称,区县,建设单位,总建筑面积(㎡),竣工日期", "plan_total_m2"),
    ("projects", "项目编号,工规证号,总建筑面积(㎡),地上建筑面积(㎡)", "plan_total_m2"),
    ("projects", "项目编号,民政备案号,备案日期,竣工日期", "filed_on"),
]


@pytest.mark.parametrize(("table", "headings", "either"), NEITHER)
def test_it_is_neither(table: str, headings: str, either: dict[str, str]):
    header = read_row(headings.split(","), table, 0, loose=True)
    assert not header.columns.keys() & {*either, *either.values()}
    assert header.clashes.keys() == {*either, *either.values()}


@pytest.mark.parametrize(("table", "headings", "field"), KNOWN)
def test_it_is_known(table: str, headings: str, field: str):
    header = read_row(headings.split(","), table, 0, loose=True)
    assert field in header.columns and not header.clashes


def test_a_key_is_never_in_doubt():
    assert not doubted("projects", {"project_id": "项目编号", "development_id": "总项目编号"} | {"phase_count": "总期数"})


def test_it_is_unknown_and_another_sheets_stands(folder):
    folder.csv("用房备案.csv", "用房编号,项目编号,备案面积(㎡),所在楼层\nY1,P1,60,3\n")
    folder.csv("公益性用房.csv", "用房编号,项目编号,规划面积(㎡),楼栋,起始楼层\nY1,P1,60,1幢,2\n").load()
    assert folder.one("SELECT floor_from, filed_floor FROM premises") == (2, None)
    (problem,) = [p for p in folder.problems() if p["code"] == "bare_heading"]
    assert "D 所在楼层" in problem["what_zh"] and "D 所在楼层" in problem["what_en"]
