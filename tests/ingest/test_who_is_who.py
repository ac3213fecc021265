"""Projects and communities told by name, ids made for rows that bring none, rows that are parts of one project."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.choice_words import meant
from planning_check.ingest.naming import base_of, name_key
from planning_check.schema import PROJECT_STATUSES, TENURES, TITLE_HOLDERS

PROJECTS = (
    "项目编号,项目名称,区县\nP1,河畔一号（一期）,北湖区\nP2,河畔一号（二期）,北湖区\nP3,松林苑,北湖区\nP4,松林苑,南湖区\nP5,望江府,南湖区\n"
)
COMMUNITIES = "社区代码,社区名称,区县\nS1,甲社区,北湖区\nS2,乙社区,北湖区\nS3,乙社区,南湖区\n"


@pytest.mark.parametrize(
    "told",
    [
        "河畔一号二期",
        "河畔一号(2期)",
        "河畔一号Ⅱ期",
        "河畔一号II期",
        "河畔一号第二期",
        "河畔一號（二期）",
        "河畔一号二期工程",
        "河畔一号·二期项目",
    ],
)
def test_one_name_in_other_characters_is_one(told):
    assert name_key(told, "project_id") == name_key("河畔一号二期", "project_id")


@pytest.mark.parametrize(
    "told",
    [
        "河畔一号",
        "河畔一号一期",
        "河畔一号三期",
        "河畔一号十二期",
        "河畔一号一、二期",
        "河畔一号1-2期",
        "河畔一号一二期",
        "河畔二号二期",
        "河畔二期",
    ],
)
def test_another_phase_is_another_project(told):
    assert name_key(told, "project_id") != name_key("河畔一号二期", "project_id")


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["望江府", "A区花园", "松林苑"]))
def test_phases_never_merge_and_every_way_to_write_one_does(one, other, name):
    ones = "零一二三四五六七八九十"
    chinese = {n: ones[n] if n <= 10 else ("十" if n < 20 else "二十") + (ones[n % 10] if n % 10 else "") for n in range(1, 21)}
    keys = [name_key(f"{name}{written}期", "project_id") for written in (one, chinese[one], f"第{chinese[one]}")]
    keys.append(name_key(f"{name}（{chinese[one]}期）", "project_id"))
    assert len(set(keys)) == 1 and base_of(keys[0]) == name_key(name, "project_id") != keys[0]
    assert (name_key(f"{name}{other}期", "project_id") == keys[0]) is (one == other)


@given(st.text(max_size=12))
def test_any_text_has_a_key(text):
    for field in ("project_id", "community_code"):
        assert name_key(name_key(text, field), field) is not None


@pytest.mark.parametrize(
    ("told", "choices", "code"),
    [("借用单位房屋", TENURES, "borrowed"), ("租用居民住房", TENURES, "rented"), ("租賃", TENURES, "rented"), ("自有房屋", TENURES, "owned_titled"),
     ("在建工程", PROJECT_STATUSES, "building"), ("無產權", TENURES, "owned_untitled"), ("租用或借用", TENURES, None), ("原租用", TENURES, None),
     ("无产权房屋", TENURES, None), ("社区居民", TITLE_HOLDERS, None), ("未租用", TENURES, None), ("撤销中", PROJECT_STATUSES, None)],
)  # fmt: skip
def test_a_choice_with_whose_or_what_it_is(told, choices, code):
    assert meant(told, choices) == code


def test_rooms_by_the_name_of_their_project(folder):
    f = folder.csv("开发项目.csv", PROJECTS)
    f.csv(
        "用房.csv",
        "用房编号,项目名称,区县,规划面积\nY1,河畔一号Ⅱ期,,1\nY2,松林苑,南湖区,2\nY3,松林苑,,3\nY4,河畔一号,,4\nY5,别处花园,,5\nY6,望江府,,6\n",
    )
    f.load()
    assert f.rows("SELECT premises_id, project_id FROM premises ORDER BY ALL") == [("Y1", "P2"), ("Y2", "P4"), ("Y6", "P5")]
    assert {(p["row"], p["code"]) for p in f.problems("name_not%")} == {
        (4, "name_not_unique"),
        (5, "name_not_known"),
        (6, "name_not_known"),
    }
    assert f.rows("SELECT key, project_id, code FROM quarantine ORDER BY ALL") == [
        ("Y3", "P3", "name_not_unique"), ("Y3", "P4", "name_not_unique"), ("Y4", "P1", "name_not_known"), ("Y4", "P2", "name_not_known"),
        ("Y5", None, "name_not_known"),
    ]  # fmt: skip
    assert f.one("SELECT project_id FROM raw_premises WHERE premises_id = 'Y1'") == ("河畔一号Ⅱ期",)
    assert f.totals() == [(5, 5, 0), (6, 3, 3)]


def test_a_name_in_another_district_than_the_row_is_not_taken(folder):
    f = folder.csv("开发项目.csv", PROJECTS)
    f.csv("用房.csv", "用房编号,项目名称,区县,规划面积\nY1,望江府,北湖区,1\n").load()
    assert f.totals() == [(5, 5, 0), (1, 0, 1)]
    assert "望江府 P5" in f.problems("name_not_known")[0]["what_zh"]


def test_a_name_in_the_column_of_ids_and_an_id_nobody_registered(folder):
    f = (
        folder.csv("开发项目.csv", PROJECTS)
        .csv("用房.csv", "用房编号,项目编号,规划面积\nY1,望江府,1\nY2,P9,2\nY3,某地块,3\nY4,P1,4\n")
        .load()
    )
    assert f.rows("SELECT project_id FROM premises ORDER BY premises_id") == [("P5",), ("P9",), ("某地块",), ("P1",)]
    assert [p["raw"] for p in f.problems("name_matched")] == ["望江府"]


def test_offices_by_the_name_of_their_community(folder):
    f = folder.csv("社区.csv", COMMUNITIES)
    f.csv(
        "办公用房.csv", "办公用房编号,社区,区县,用房性质\nB1,甲社区居委会,,租用\nB2,乙社区,南湖区,借用\nB3,乙社区,,租用\nB4,丙社区,,租用\n"
    ).load()
    assert f.rows("SELECT office_id, community_code FROM offices ORDER BY ALL") == [("B1", "S1"), ("B2", "S3")]
    assert f.problems("name_not_unique")[0]["what_en"].endswith("it may be 乙社区 S2, 乙社区 S3")
    assert f.rows("SELECT community_code FROM quarantine WHERE key = 'B3' ORDER BY ALL") == [("S2",), ("S3",)]


def test_a_confirmed_name_decides_and_only_with_who_and_when(folder):
    f = folder.csv("开发项目.csv", PROJECTS).csv("用房.csv", "用房编号,项目名称,规划面积\nY1,河畔一号,1\nY2,松林苑,2\nY3,望江台,3\n")
    f.csv(
        "名称对照.csv",
        "对照类别,报送名称,所指编号,确认人,确认日期\n项目,河畔一号,P1,张三,2011-05-01\n项目,松林苑,P4,张三,2011-05-01\n项目,望江台,P5,,2011-05-01\n",
    )
    f.load()
    assert f.rows("SELECT premises_id, project_id FROM premises ORDER BY ALL") == [("Y1", "P1"), ("Y2", "P4")]
    assert [p["key"] for p in f.problems("missing_required")] == ["project / 望江台"]


LEDGER = [["序号", "项目名称", "开发单位", "所属区", "总建筑面积"], ["1", "河畔一号", "甲置业", "东岸区", 30000], ["2", "松林苑", "乙开发", "东岸区", 45000],
          ["3", "松林苑", "丙开发", "西岭区", 5000]]  # fmt: skip


def test_made_ids_are_the_same_however_the_file_is_sorted_and_whatever_else_it_says(folder, tmp_path):
    first = folder.workbook("台账.xlsx", Sheet1=LEDGER).load()
    ids = dict(first.rows("SELECT plan_total_m2, project_id FROM projects"))
    assert len(set(ids.values())) == 3 and all(made.startswith("自编-") for made in ids.values())
    from tests.ingest.conftest import Folder

    other = tmp_path / "other"
    other.mkdir()
    head, *rows = LEDGER
    random.Random(3).shuffle(rows)
    again = Folder(other).workbook(
        "新台账.xlsx", 开发项目=[[*head, "备注"], *([n, name.replace("苑", "苑项目"), "换人", d, a, "x"] for n, name, _, d, a in rows)]
    )
    assert dict(again.load().rows("SELECT plan_total_m2, project_id FROM projects")) == ids


def test_a_ledger_without_ids_meets_the_one_that_has_them(folder):
    f = folder.csv("开发项目.csv", PROJECTS)
    f.csv(
        "竣工项目.csv",
        "项目名称,区县,竣工日期\n望江府,南湖区,2010-05-01\n松林苑,北湖区,2010-06-01\n新城,北湖区,2010-07-01\n河畔一号,北湖区,2010-08-01\n",
    )
    f.load()
    done = dict(f.rows("SELECT project_name, project_id FROM projects WHERE completed_on_lo IS NOT NULL"))
    assert done == {"望江府": "P5", "松林苑": "P3", "新城": done["新城"]} and done["新城"].startswith("自编-")
    assert [(p["raw"], p["quarantined"]) for p in f.problems("name_not_known")] == [("河畔一号", True)]


def test_the_phase_may_stand_in_a_column_of_its_own(folder):
    f = folder.csv("开发项目.csv", "项目名称,区县,期次,总建筑面积\n河畔,X,1,10\n河畔,X,2,20\n山水,X,,30\n")
    f.csv("移交.csv", "移交编号,项目名称,移交面积\nH1,河畔二期,5\nH2,河畔,6\nH3,山水,7\n").load()
    assert f.rows("SELECT handover_id, plan_total_m2 FROM handovers JOIN projects USING (project_id) ORDER BY ALL") == [
        ("H1", 20),
        ("H3", 30),
    ]
    assert [p["raw"] for p in f.problems("name_not%")] == ["河畔"]
    assert f.one("SELECT count(DISTINCT project_id) FROM quarantine WHERE key = 'H2'") == (2,)


def test_a_community_that_nobody_registers_is_unknown_where_it_may_be_blank(folder):
    f = folder.csv("开发项目.csv", "项目编号,项目名称,区县,所在社区\nP1,甲,X,甲社区\nP2,乙,X,甲社区\nP3,丙,X,\n").load()
    assert f.rows("SELECT community_code, not_read FROM projects ORDER BY project_id") == [
        (None, ["community_code"]), (None, ["community_code"]), (None, [])
    ]  # fmt: skip
    assert [(p["raw"], p["quarantined"]) for p in f.problems("name_not_known")] == [("甲社区", False)]


def test_a_list_of_names_and_areas_is_no_register_of_anything(folder):
    f = folder.csv("开发项目.csv", PROJECTS).workbook("公园.xlsx", Sheet1=[["名称", "面积"], ["东湖公园", 100]])
    f.workbook("金额.xlsx", Sheet1=[["项目名称", "金额", "日期"], ["望江府", 100, "2010-01-01"]]).load()
    assert f.rows("SELECT DISTINCT table_name FROM source") == [("projects",)]


def test_a_room_is_not_counted_twice_because_one_of_two_sheets_has_no_ids(folder):
    f = folder.csv("开发项目.csv", PROJECTS).csv("移交.csv", "移交编号,项目编号,移交面积\nH1,P1,50\n")
    f.csv("移交台账二.csv", "项目编号,移交面积,移交日期\nP1,50,2011-01-01\n").load()
    assert f.rows("SELECT handover_id FROM handovers") == [("H1",)]
    assert [p["code"] for p in f.problems("missing_column")] == ["missing_column"] and not f.problems("made_ids")


def test_two_rows_that_say_the_same_without_ids_are_set_aside_and_told(folder):
    f = folder.csv("办公用房.csv", "社区代码,用房性质,面积,地址\nS1,租用,50,东路1号\nS1,租用,50,东路2号\nS2,租用,50,\nS2,租用,50,\n").load()
    assert f.totals() == [(4, 2, 2)]
    assert [(p["row"], p["quarantined"]) for p in f.problems("same_identity")] == [(4, True), (5, True)]
    assert "社区代码、地址" in f.problems("made_ids")[0]["what_zh"]


def test_an_id_is_made_only_of_what_identifies(folder):
    """A corrected area or tenure is the same office; another address is another."""
    offices = "社区代码,用房性质,面积,地址\nS1,{},{},{}\n"
    ids = []
    for number, told in enumerate([("租用", 50, "东路1号"), ("借用", 60, "东路１号 "), ("租用", 50, "东路3号")]):
        f = type(folder)(folder.path / str(number))
        f.path.mkdir()
        ids += f.csv("办公用房.csv", offices.format(*told)).load().rows("SELECT office_id FROM offices")
    assert ids[0] == ids[1] != ids[2]


def test_rows_of_buildings_are_said_to_be_such_and_others_are_not(folder):
    f = folder.csv("开发项目.csv", "项目编号,项目名称,区县,总建筑面积,楼栋\nP1,甲,X,10,1#\nP1,甲,X,20,2#\nP2,乙,X,10,1#\n")
    f.csv("项目二.csv", "项目编号,项目名称,区县,总建筑面积\nP3,甲,X,10\nP3,甲,X,20\n").load()
    assert {(p["key"], p["code"]) for p in f.problems()} >= {("P1", "rows_of_buildings"), ("P3", "duplicate_key")}
    assert f.rows("SELECT project_id FROM projects") == [("P2",)]


def test_a_total_area_is_no_handover_where_a_ledger_has_no_ids(folder):
    """Nothing but the headings says which table it is: the one that most of them speak of, or none."""
    f = folder.workbook(
        "台账.xlsx", Sheet1=[["项目名称", "所属区", "建筑面积（平方米）", "开发单位", "移交时间"], ["甲", "东岸区", 30000, "乙", "2010.11"]]
    ).load()
    assert f.one("SELECT count(*), any_value(delivered_on_lo) FROM projects") == (1, None)
    assert f.one("SELECT count(*) FROM handovers") == (0,)


def test_an_id_and_the_name_of_another_project_in_one_row_may_be_either(folder):
    f = folder.csv("开发项目.csv", PROJECTS)
    f.csv(
        "移交.csv",
        "移交编号,项目编号,项目名称,移交面积\n"
        "H1,P5,望江府,1\nH2,P5,河畔一号二期,2\nH3,p5,松林苑,3\nH4,P4,松林苑,4\nH5,P2,河畔一号,5\nH6,P2,河畔一号一期,6\nH7,P5,别处花园,7\nH8,P5,,8\n",
    )
    f.load()
    assert f.rows("SELECT handover_id, project_id FROM handovers ORDER BY ALL") == [
        ("H1", "P5"), ("H4", "P4"), ("H5", "P2"), ("H7", "P5"), ("H8", "P5"),
    ]  # fmt: skip
    assert f.rows("SELECT key, project_id FROM quarantine ORDER BY ALL") == [
        ("H2", "P2"), ("H2", "P5"), ("H3", "P3"), ("H3", "P4"), ("H3", "P5"), ("H6", "P1"), ("H6", "P2"),
    ]  # fmt: skip
    said = {p["row"]: (p["letter"], p["raw"], p["what_zh"], p["quarantined"]) for p in f.problems("id_and_name_differ")}
    assert set(said) == {3, 4, 7}
    assert said[3][:2] == ("B", "P5") and said[3][2].endswith("编号是 望江府 P5，名称“河畔一号二期”是 河畔一号（二期） P2") and said[3][3]
    assert "松林苑 P3、松林苑 P4" in said[4][2]
    assert f.totals() == [(5, 5, 0), (8, 5, 3)]


def test_a_confirmed_name_settles_what_it_means_beside_an_id(folder):
    f = folder.csv("开发项目.csv", PROJECTS).csv(
        "名称对照.csv", "对照类别,报送名称,所指编号,确认人,确认日期\n项目,松林苑,P5,张三,2011-05-01\n项目,江边楼盘,P3,张三,2011-05-01\n"
    )
    f.csv("移交.csv", "移交编号,项目编号,项目名称,移交面积\nH1,P5,松林苑,1\nH2,P5,江边楼盘,2\nH3,P3,松林苑,3\n").load()
    assert f.rows("SELECT handover_id FROM handovers ORDER BY ALL") == [("H1",), ("H3",)], "P3 is registered by the name that H3 has"
    assert [p["row"] for p in f.problems("id_and_name_differ")] == [3]


def test_an_id_and_the_name_of_another_community_too(folder):
    f = folder.csv("社区名录.csv", COMMUNITIES)
    f.csv("办公用房.csv", "办公用房编号,社区代码,社区名称,用房性质,办公用房面积\nB1,S1,乙社区,租用,50\nB2,S1,甲社区居委会,租用,60\n")
    f.csv("移交.csv", "移交编号,项目编号,移交面积,接收社区代码,社区名称\nH1,P1,5,S1,乙社区\nH2,P1,6,S1,甲社区\n").load()
    assert f.rows("SELECT office_id, community_code FROM offices") == [("B2", "S1")]
    assert f.rows("SELECT handover_id, community_code FROM handovers ORDER BY 1") == [("H1", None), ("H2", "S1")], "one that may be blank"
    said = {p["file"]: p for p in f.problems("id_and_name_differ")}
    assert {name: (p["row"], p["letter"], p["quarantined"]) for name, p in said.items()} == {
        "办公用房.csv": (2, "B", True),
        "移交.csv": (2, "D", False),
    }
    told = said["办公用房.csv"]["what_zh"]
    assert "编号是 甲社区 S1" in told and "乙社区 S2、乙社区 S3" in told


DISTRICTS = "区县代码,区县名称\n990102,棠城区\n990103,汀南区\n"


@pytest.mark.parametrize("heads", ["区县代码,区县", "行政区代码,区县名称", "区县,区县代码"])
def test_a_code_and_the_name_of_another_district_in_one_row_may_be_either(folder, heads):
    f = folder.csv("区县.csv", DISTRICTS)
    rows = [("P1", "990102", "棠城区"), ("P2", "990102", "汀南区"), ("P3", "", "汀南"), ("P4", "990103", "别处区"), ("P5", "990103", "")]
    ordered = [(p, name, code) if heads.startswith("区县,") else (p, code, name) for p, code, name in rows]
    f.csv("开发项目.csv", f"项目编号,项目名称,{heads}\n" + "".join(f"{p},{p}苑,{a},{b}\n" for p, a, b in ordered)).load()
    assert f.rows("SELECT project_id, district_code FROM projects ORDER BY 1") == [
        ("P1", "990102"), ("P3", "990103"), ("P4", "990103"), ("P5", "990103"),
    ]  # fmt: skip
    (said,) = f.problems("id_and_name_differ")
    assert (said["row"], said["raw"], said["quarantined"]) == (3, "990102", True)
    assert "代码是 棠城区 990102，名称“汀南区”是 汀南区 990103" in said["what_zh"]
    assert 'the code is of 棠城区 990102, the name "汀南区" of 汀南区 990103' in said["what_en"]


def test_an_id_and_the_name_of_another_project_in_a_layer_too(folder):
    import geopandas
    import shapely

    f = folder.csv("开发项目.csv", PROJECTS)
    shapes = [shapely.box(n, 30, n + 0.001, 30.001) for n in (107, 107.1, 107.2, 107.3)]
    told = {
        "宗地编号": ["Z1", "Z2", "Z3", "Z4"],
        "项目编号": ["P5", "P5", None, "P5"],
        "项目名称": ["望江府", "河畔一号二期", "望江府", "别处花园"],
    }
    geopandas.GeoDataFrame(told, geometry=shapes, crs=4490).to_file(f.path / "宗地.gpkg", layer="宗地")
    f.load()
    assert f.rows("SELECT parcel_id, project_id FROM parcels ORDER BY 1") == [("Z1", "P5"), ("Z2", None), ("Z3", "P5"), ("Z4", "P5")]
    (said,) = f.problems("id_and_name_differ")
    assert (said["file"], said["sheet"], said["row"], said["letter"]) == ("宗地.gpkg", "宗地", 2, "项目编号")
    assert "编号是 望江府 P5，名称“河畔一号二期”是 河畔一号（二期） P2" in said["what_zh"]
