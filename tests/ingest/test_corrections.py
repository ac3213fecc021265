"""The register of corrections: what is applied, and what never is."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planning_check.schema import BY_NAME
from tests.ingest.conftest import Folder
from tests.widths import load

HEADS = "文件,工作表,编号,字段,原值,更正值,理由,更正人,更正日期,有效期至"
LEDGER = "项目编号,项目名称,区县,总建筑面积(万㎡),规划批准日期,容积率\nP1,甲,610102,1.2,2009-05-01,2\nP2,乙,610102,3,见附件,1.5\n"


def registered(folder: Folder, *rows: str, day: dt.date = dt.date(2011, 6, 30), corrected: bool = True, ledger: str = LEDGER) -> Folder:
    folder.csv("开发项目.csv", ledger).csv("更正登记.csv", "\n".join([HEADS, *rows, ""]))
    load(folder.con, [folder.path], day=day, corrected=corrected)
    return folder


def states(folder: Folder) -> list[str]:
    return [state for (state,) in folder.rows("SELECT state FROM correction ORDER BY number")]


@pytest.mark.parametrize("old", ["1.2", "1.20", " １.2 ", "12000㎡", "1.2万平方米"])
def test_the_old_value_is_compared_as_the_column_is_read(folder, old):
    f = registered(folder, f"开发项目.csv,,P1,总建筑面积,{old},1.5,实测,张三,2011-05-02,")
    assert states(f) == ["applied"]
    assert str(f.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'")[0]) == "15000.00"
    assert f.one("SELECT raw, new_value, corrected_by, corrected_on, reason FROM correction") == (
        "1.2",
        "1.5",
        "张三",
        "2011-05-02",
        "实测",
    )


@pytest.mark.parametrize("old", ["1.3", "12000", "空", "P1", "1.2亩"])
def test_another_old_value_is_stale_and_the_delivered_one_stands(folder, old):
    f = registered(folder, f"开发项目.csv,,P1,总建筑面积,{old},1.5,实测,张三,2011-05-02,")
    assert states(f) == ["stale"]
    assert str(f.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'")[0]) == "12000.00"


def test_english_headings_and_a_field_by_any_of_its_names(folder):
    for field in ("plan_total_m2", "总建筑面积(万㎡)", BY_NAME["projects"].field("plan_total_m2").label.zh):
        f = Folder(folder.path)
        f.csv("开发项目.csv", LEDGER)
        f.csv("corrections.csv", f"file,key,field,old,new,reason,who,when\n开发项目.csv,p1,{field},1.2,1.5,survey,Li,2011-05-02\n")
        load(f.con, [f.path], day=dt.date(2011, 6, 30))
        assert states(f) == ["applied"], field


def test_a_cell_that_could_not_be_read_is_read_as_corrected_and_is_unknown_no_more(folder):
    f = registered(folder, "开发项目.csv,,P2,规划批准日期,见附件,2009-07-01,批复,张三,2011-05-02,")
    assert f.one("SELECT plan_approved_on_lo FROM projects WHERE project_id = 'P2'") == (dt.date(2009, 7, 1),)
    assert [p["code"] for p in f.problems()] == ["correction_applied"]


@pytest.mark.parametrize("new", ["空", "—", "不详", "见附件", "abc", "-5", "1亩8"])
def test_nothing_is_erased_or_made_unreadable(folder, new):
    f = registered(folder, f"开发项目.csv,,P1,总建筑面积,1.2,{new},无此事,张三,2011-05-02,")
    assert states(f) == ["unreadable"]
    assert str(f.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'")[0]) == "12000.00"


@pytest.mark.parametrize("new", ["05/06/2009", "2009.1"])
def test_a_day_that_might_turn_how_the_others_are_read_is_refused(folder, new):
    f = registered(folder, f"开发项目.csv,,P1,规划批准日期,2009-05-01,{new},批复,张三,2011-05-02,")
    assert states(f) == ["unreadable"]


def test_a_key_is_never_corrected_and_a_row_that_is_not_there_is_told(folder):
    f = registered(
        folder,
        "开发项目.csv,,P1,项目编号,P1,P9,重编,张三,2011-05-02,",
        "开发项目.csv,,P9,总建筑面积,3,2,实测,张三,2011-05-02,",
        "别的.csv,,P1,总建筑面积,1.2,2,实测,张三,2011-05-02,",
        "开发项目.csv,附表,P1,总建筑面积,1.2,2,实测,张三,2011-05-02,",
        "开发项目.csv,,P1,层高,1.2,2,实测,张三,2011-05-02,",
    )
    assert states(f) == ["unapplied"] * 5
    assert f.rows("SELECT project_id FROM projects ORDER BY 1") == [("P1",), ("P2",)]
    told = [p["what_zh"] for p in f.problems("correction_unapplied")]
    for said, why in zip(told, ("编号和图形", "没有编号是它的行", "没有这个文件", "没有这张工作表", "没有这个字段"), strict=True):
        assert why in said


def test_two_sheets_with_the_id_need_the_name_of_the_sheet(folder):
    heads = ["项目编号", "项目名称", "区县", "容积率"]
    folder.workbook("台账.xlsx", 甲表=[heads, ["P1", "甲", "610102", 2]], 乙表=[heads, ["P1", "甲", "610102", 2]])
    rows = [f"台账.xlsx,{sheet},P1,容积率,2,3,批复,张三,2011-05-0{n}," for n, sheet in ((1, ""), (2, "甲表"))]
    folder.csv("更正登记.csv", "\n".join([HEADS, *rows, ""]))
    load(folder.con, [folder.path], day=dt.date(2011, 6, 30))
    assert states(folder) == ["unapplied", "applied"]
    assert "这样的格子有 2 个" in folder.problems("correction_unapplied")[0]["what_zh"]


def test_what_settles_two_bureaus_and_what_does_not(folder):
    folder.csv("住建.csv", "项目编号,项目名称,区县,总建筑面积(㎡)\nP1,甲,610102,15000\n")
    f = registered(folder, "开发项目.csv,,P1,总建筑面积,1.2,1.5,实测,张三,2011-05-02,")
    assert not f.problems("conflict") and f.rows("SELECT * FROM disagreement") == []
    assert str(f.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'")[0]) == "15000.00"
    without = Folder(folder.path)
    load(without.con, [folder.path], day=dt.date(2011, 6, 30), corrected=False)
    assert without.problems("conflict") and without.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'") == (None,)
    assert states(without) == [] and not without.problems("correction%")


def test_its_day_and_its_end_are_held_against_the_day_of_the_check(folder):
    row = "开发项目.csv,,P1,总建筑面积,1.2,1.5,实测,张三,2011-05-02,2011-05-31"
    for day, state in ((1, "early"), (2, "applied"), (31, "applied"), (32, "expired")):
        f = Folder(folder.path)
        assert states(registered(f, row, day=dt.date(2011, 4, 30) + dt.timedelta(day))) == [state]


@pytest.mark.parametrize("lack", range(10))
def test_each_part_but_the_sheet_and_the_end_is_needed(folder, lack):
    cells = ["开发项目.csv", "", "P1", "总建筑面积", "1.2", "1.5", "实测", "张三", "2011-05-02", ""]
    cells[lack] = ""
    f = registered(folder, ",".join(cells))
    assert states(f) == (["applied"] if lack in (1, 9) else ["incomplete"])
    assert all(read == used + aside for read, used, aside in f.totals())


def test_a_correction_told_twice_is_one_and_several_that_differ_are_none(folder):
    row = "开发项目.csv,,P1,总建筑面积,1.2,{},实测,张三,2011-05-0{},"
    assert states(registered(Folder(folder.path), row.format("1.5", 2), row.format("1.5", 2))) == ["applied"]
    f = registered(Folder(folder.path), row.format("1.5", 2), row.format("1.6", 3))
    assert states(f) == ["conflicting"] * 2
    assert str(f.one("SELECT plan_total_m2 FROM projects WHERE project_id = 'P1'")[0]) == "12000.00"


VALUE = st.decimals("0.01", "500", places=2)
#: What stands there now, what is told to stand there, and what is to: any three, or two of them alike.
NOW_OLD_NEW = st.tuples(VALUE, VALUE, VALUE).flatmap(
    lambda v: st.sampled_from([v, (v[0], v[0], v[2]), (v[0], v[1], v[0]), (v[0], v[1], v[1])])
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NOW_OLD_NEW, min_size=20, max_size=40))
def test_only_the_old_value_lets_the_new_one_in(tmp_path_factory, told):
    f = Folder(tmp_path_factory.mktemp("delivery"))
    ledger = "项目编号,项目名称,区县,总建筑面积(万㎡)\n" + "".join(f"P{n},甲{n},610102,{now}\n" for n, (now, _, _) in enumerate(told, 100))
    rows = [f"开发项目.csv,,P{n},总建筑面积,{old},{new},实测,张三,2011-05-02," for n, (_, old, new) in enumerate(told, 100)]
    registered(f, *rows, ledger=ledger)
    wanted = ["at_source" if now == new else "applied" if now == old else "stale" for now, old, new in told]
    assert states(f) == wanted
    values = [(new if state == "applied" else now) * 10000 for state, (now, _, new) in zip(wanted, told, strict=True)]
    assert [area for (area,) in f.rows("SELECT plan_total_m2 FROM projects ORDER BY project_id")] == values
