"""A row that is set aside keeps the project, community and key that can still be read of it;
what nobody can read is said to be anybody's."""

from __future__ import annotations

import pytest

from tests.ingest.conftest import Folder

PROJECTS = "项目编号,项目名称,区县\nP01,甲苑,610102\nP02,乙苑,610102\n"
HANDOVERS = "移交编号,接收社区代码,移交面积,移交日期,项目编号,备注\n"
SHIFTED_BEFORE = "H1,C1,1,500.0,2010-01-02,{project},ok\n"


def lost(folder: Folder, query: str = "key, project_id, community_code, code") -> list[tuple]:
    return folder.rows(f"SELECT {query} FROM quarantine ORDER BY ALL")


def test_the_project_of_a_shifted_row_is_read_before_the_shift(folder):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", "移交编号,项目编号,移交面积,移交日期\nH1,P01,1,500.0,2010-01-02\n").load()
    assert lost(folder) == [("H1", "P01", None, "too_many_cells")]


@pytest.mark.parametrize(("told", "project"), [("P02", "P02"), ("ｐ02", "P02"), ("乙苑", "P02"), ("P99", None), ("", None)])
def test_the_project_of_a_shifted_row_is_read_wherever_it_stands(folder, told, project):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", HANDOVERS + SHIFTED_BEFORE.format(project=told)).load()
    assert lost(folder) == [("H1", project, None, "too_many_cells")]


def test_a_room_tells_its_project(folder):
    folder.csv("项目.csv", PROJECTS).csv("用房.csv", "用房编号,项目编号,规划面积\nY1,P02,100\n")
    folder.csv("移交.csv", "移交编号,移交面积,用房编号,项目编号\nH1,1,500.0,Y1,\nH2,30,Y1,\n").load()
    assert lost(folder, "key, project_id, code") == [("H1", "P02", "too_many_cells"), ("H2", "P02", "missing_required")]


def test_a_row_that_may_be_of_two_projects_is_there_for_each(folder):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", "移交编号,移交面积,项目编号,备注\nH1,1,500.0,P01,原P02,P02\n").load()
    assert lost(folder, "project_id") == [("P01",), ("P02",)]
    assert folder.totals() == [(1, 0, 1), (2, 2, 0)]


def test_short_numbers_tell_no_project(folder):
    folder.csv("项目.csv", "项目编号,项目名称,区县\n1,甲苑,610102\n2,乙苑,610102\n")
    folder.csv("移交.csv", "移交编号,移交面积,项目编号,移交楼层\nH1,1,500.0,2,1\n").load()
    assert lost(folder, "key, project_id") == [("H1", None)]


@pytest.mark.parametrize(
    ("row", "shifted"),
    [
        ("H1,P01,1,500.0,2010-01-02,", True),  # the blank at the end is one too many
        ("H1,P01,1,500.0", True),  # the blanks at the end were left out
        ("H1,P01,1500.0,2010-01-02,,", False),
        ("H1,P01,1500.0", False),
    ],
)
def test_a_shift_into_trailing_blanks_is_seen(folder, row, shifted):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", f"移交编号,项目编号,移交面积,移交日期,接收单位\n{row}\n").load()
    assert lost(folder, "project_id, code") == ([("P01", "too_many_cells")] if shifted else [])
    assert folder.rows("SELECT area_m2 FROM handovers") == ([] if shifted else [(1500,)])


@pytest.mark.parametrize(
    ("name", "header", "row", "code"),
    [
        ("移交", "移交编号,项目编号,移交面积", ",P01,100", "missing_key"),
        ("移交", "移交编号,项目编号,移交面积", "H1,P01,一百", "not_a_number"),
        ("折资", "缴款编号,项目编号,折资金额", "Z1,P01,1,000.00", "too_many_cells"),
        ("保证金", "流水号,项目编号,事项,金额,日期", "B1,P01,缴存,1,000.00,2010-01-01", "too_many_cells"),
        ("催告", "催告编号,项目编号,送达日期,限期", "C1,P01,2010-13-01,2010-12-01", "no_such_date"),
        ("用房", "用房编号,项目编号,实测面积", "Y1,P01,1,500.00", "too_many_cells"),
        ("宗地", "宗地编号,项目编号,宗地面积,边界说明", "D1,P01,1,500.00,东至,西至", "too_many_cells"),
        ("会议决定", "决定编号,项目编号,决定事由", "J1,P01,其它", "unknown_choice"),
        ("项目", "项目编号,项目名称,区县,用地面积", "P01,甲苑,610102,15,000,00", "too_many_cells"),
    ],
)  # fmt: skip
def test_every_register_keeps_the_project(folder, name, header, row, code):
    folder.csv("开发项目.csv", PROJECTS).csv(f"{name}.csv", f"{header}\n{row}\n").load()
    assert ("P01", code) in lost(folder, "project_id, code")


def test_an_office_row_keeps_its_community(folder):
    folder.csv("社区.csv", "社区代码,社区名称,区县\nC1,东社区,610102\n")
    folder.csv("办公用房.csv", "办公用房编号,社区代码,用房性质,办公用房面积\nB1,C1,租用,1,200.0\n").load()
    assert lost(folder, "key, community_code, code") == [("B1", "C1", "too_many_cells")]


def test_what_could_not_be_read_is_told_with_the_tables_it_may_be(folder):
    folder.csv("项目.csv", PROJECTS).csv("2移交.csv", '移交编号,项目编号,移交面积\nH1,P01,"100\n')
    (folder.path / "三局报送.xlsx").write_bytes(b"PK\x03\x04 broken")
    (folder.path / "附件.zip").write_bytes(b"PK")
    folder.load()
    assert folder.rows("SELECT * FROM unread ORDER BY file") == [("2移交.csv", "", "handovers"), ("三局报送.xlsx", "", None)]


@pytest.mark.parametrize(
    "row", ["1,合计,,500", "合计,,,500", "合 计：,,,500", "3,东区小计,,500", "本页小计,,,500", "总计（2 个）,,,500", ",Total,,500"]
)
def test_a_total_is_no_record(folder, row):
    folder.csv("项目.csv", f"项目编号,项目名称,区县,总建筑面积\nP01,甲苑,610102,500\n{row}\n").load()
    assert lost(folder, "code") == [("total_row",)]


def test_a_name_with_a_word_for_total_is_a_record(folder):
    folder.csv("项目.csv", "项目编号,项目名称,区县\nP01,累计花园,610102\nP02,设计院小区,610102\n").load()
    assert lost(folder) == []


@pytest.mark.parametrize("told", ["p01", "Ｐ01", " p01\u200e"])
def test_an_id_in_other_letters_is_the_registers(folder, told):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", f"移交编号,项目编号,移交面积\nH1,{told},50\n").load()
    assert folder.rows("SELECT project_id FROM handovers") == [("P01",)] and folder.problems() == []


@pytest.mark.parametrize("told", ["P-01", "P 01", "PO1", "P1", "P0l"])
def test_an_id_that_is_nearly_a_registered_one_is_named_and_may_be_its(folder, told):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", f"移交编号,项目编号,移交面积\nH1,{told},50\n").load()
    assert lost(folder, "key, project_id, code") == [("H1", "P01", "near_id")]


@pytest.mark.parametrize("told", ["P03", "P010", "Q01", "P02"])
def test_another_id_is_another(folder, told):
    folder.csv("项目.csv", PROJECTS).csv("移交.csv", f"移交编号,项目编号,移交面积\nH1,{told},50\n").load()
    assert folder.rows("SELECT project_id FROM handovers") == [(told,)] and folder.problems() == []


def test_a_part_of_the_ledger_in_other_letters_is_united(folder):
    folder.csv("1项目.csv", PROJECTS).csv("2项目.csv", "项目编号,竣工日期\np01,2009-05-01\nP-02,2009-05-01\n").load()
    assert folder.rows("SELECT project_id, completed_on_lo IS NOT NULL FROM projects ORDER BY 1") == [("P01", True), ("P02", False)]
    assert lost(folder, "project_id, code") == [("P02", "near_id")]
