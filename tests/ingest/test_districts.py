"""Districts by any of their names, where one fits; what does not fit is told its nearest, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.districts import Districts


def register(*names: str) -> Districts:
    districts = Districts()
    for number, name in enumerate(names):
        districts.add(f"99010{number}", name)
    return districts


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("北湖", "990100"), ("北湖区", "990100"), ("北 湖 区", "990100"), ("华江省北湖区", "990100"), ("华江省某某市北湖区", "990100"),
        ("某某市北湖", "990100"), ("990100", "990100"), ("９９０１００", "990100"), ("990100000000", "990100"), ("北湖区990100", "990100"),
        ("990100 北湖区", "990100"), ("北湖区（990100）", "990100"), ("東嶺縣", "990102"), ("东岭", "990102"), ("华江省東嶺縣", "990102"),
        ("浦江", "990103"), ("浦江新区", "990103"), ("西塘区", "990104"), ("某某市西塘县", "990104"),
    ],
)  # fmt: skip
def test_a_name_that_fits_one_district(told, code):
    assert register("北湖区", "南湖区", "东岭县", "浦江新区", "西塘").meant(told) == code


@pytest.mark.parametrize(
    "told",
    ["北湖新区", "北湖县", "北湖市", "湖区", "新北湖区", "大北湖", "东湖区", "北湖区990101", "990100001000", "北湖区南湖区", "浦江区", "西塘新区", "区", "市", "省",
     "", "北湖区某街道", "9901"],
)  # fmt: skip
def test_a_name_that_fits_none_is_not_guessed(told):
    """北湖新区 and 北湖县 are other places than 北湖区; a code and a name that differ name neither."""
    assert register("北湖区", "南湖区", "东岭县", "浦江新区", "西塘").meant(told) is None


def test_a_name_that_fits_several_is_not_guessed():
    several = register("北湖区", "北湖新区", "北湖县", "城区", "城区")
    assert [several.meant(told) for told in ("北湖", "某市北湖", "城区", "北湖区", "某市北湖新区")] == [
        None,
        None,
        None,
        "990100",
        "990101",
    ]


NAMES = st.text(alphabet="东西南北湖山河江海城", min_size=2, max_size=3)


@given(
    st.lists(NAMES, min_size=1, max_size=5, unique=True),
    st.sampled_from("区县市旗"),
    st.sampled_from(["华江省", "某某市", "华江自治区", ""]),
)
def test_every_name_of_the_register_is_found_and_only_it(names, unit, above):
    districts = register(*(name + unit for name in names))
    for number, name in enumerate(names):
        assert districts.meant(above + name + unit) == f"99010{number}"
        assert districts.meant(above + name) in (f"99010{number}", None)


@given(st.lists(NAMES, min_size=1, max_size=5, unique=True), NAMES)
def test_a_name_that_is_not_there_is_never_found(names, strange):
    districts = register(*(name + "区" for name in names))
    if strange not in names:
        assert districts.meant(strange) is None and districts.meant(strange + "区") is None


def test_a_ledger_says_once_for_each_word_what_it_took(folder):
    rows = [[f"P{n}", f"项目{n}", told] for n, told in enumerate(["北湖", "北湖", "华江省北湖区", "北湖区", "990103", "北湖新区"])]
    f = folder.csv("区县.csv", "区县代码,区县名称\n990103,北湖区\n990104,南湖区\n")
    f.workbook("台账.xlsx", 开发项目=[["项目编号", "项目名称", "区县"], *rows]).load()
    assert f.rows("SELECT DISTINCT district_code FROM projects") == [("990103",)] and f.one("SELECT count(*) FROM projects") == (5,)
    assert sorted((p["raw"], p["what_zh"]) for p in f.problems("district_by_name")) == [
        ("北湖", "区县“北湖”按名称认作 北湖区 990103（2 行）"), ("华江省北湖区", "区县“华江省北湖区”按名称认作 北湖区 990103（1 行）")
    ]  # fmt: skip
    (strange,) = f.problems("unknown_district")
    assert strange["raw"] == "北湖新区" and strange["letter"] == "C" and strange["quarantined"]
    assert "最接近的是 北湖区 990103" in strange["what_zh"] and "the nearest is 北湖区 990103" in strange["what_en"]


def test_a_confirmed_name_is_taken_and_one_that_names_nothing_is_told(folder):
    f = folder.csv("区县.csv", "区县代码,区县名称\n990103,北湖区\n990104,南湖区\n")
    f.csv("开发项目.csv", "项目编号,项目名称,区县\nP1,甲,北湖新区\nP2,乙,高新园\n")
    f.csv(
        "名称对照.csv",
        "对照类别,报送名称,所指编号,确认人,确认日期\n区县,北湖新区,990103,张三,2011-05-01\n区县,高新园,990199,张三,2011-05-01\n",
    )
    f.load()
    assert f.rows("SELECT project_id, district_code FROM projects") == [("P1", "990103")]
    assert [p["raw"] for p in f.problems("district_by_name")] == ["北湖新区"]
    assert [(p["raw"], p["letter"]) for p in f.problems("confirmed_nothing")] == [("990199", "C")]
