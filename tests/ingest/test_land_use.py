"""Words of land use: the national classes, everyday words and mixtures of them; what decides nothing stays unknown."""

import csv
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning_check.ingest.land_use import uses_of
from planning_check.schema import USES

KNOWN = {
    "住宅用地": "residential", "居住用地": "residential", "普通商品住房": "residential", "其他普通商品住房用地": "residential",
    "经济适用住房": "residential", "廉租住房": "residential", "公寓": "residential", "R2": "residential", "r2": "residential", "Ｒ２": "residential",
    "0701": "residential", "071": "residential", "070102": "residential", "二类居住用地": "residential", "中低价位、中小套型普通商品住房用地": "residential",
    "0701 城镇住宅用地": "residential", "R2（二类居住用地）": "residential", "0701城镇住宅用地": "residential",
    "商住": "commercial residential", "商住用地": "commercial residential", "住宅（含商业）": "commercial residential",
    "住宅+商业": "commercial residential", "住宅＋商业": "commercial residential", "住宅 商业": "commercial residential",
    "商业、居住": "commercial residential", "商業、居住": "commercial residential", "居住商业混合用地": "commercial residential",
    "R2/B1": "commercial residential", "R2B1": "commercial residential", "住宅及配套商业": "commercial residential",
    "商业服务业": "commercial", "商业服务业设施用地": "commercial", "B1": "commercial", "商务金融用地": "office", "R22": "public",
    "社会停车场用地": "parking", "工业用地": "industrial", "公园绿地": "other", "住宅、地下车库": "parking residential",
}  # fmt: skip


@pytest.mark.parametrize("told", KNOWN)
def test_a_known_word_is_its_choices(told):
    assert uses_of(told) == tuple(KNOWN[told].split())


@pytest.mark.parametrize(
    "told",
    ["综合", "综合用地", "商品房", "商业住宅", "公建", "酒店式公寓", "0702", "05", "09", "0901", "住宅（不含商业）", "非住宅", "原住宅", "除住宅外",
     "住宅、公建", "住宅、某某", "R2/Q7", "R9", "B", "居住混合", "", "、", "拟住宅"],
)  # fmt: skip
def test_what_decides_nothing_is_unknown(told):
    """Two lists say 0702 and 05 differently; 不含, 非, 原, 除 and 拟 are no part of a use."""
    assert uses_of(told) is None


def test_the_table_of_classes_names_choices_of_the_schema_and_its_sources():
    choices = {c.code for c in USES}
    rows = list(csv.DictReader((files("planning_check.ingest") / "land_use.csv").read_text("utf-8").splitlines()))
    assert {use for row in rows for use in row["uses"].split(";") if use} <= choices
    assert {row["verified"] for row in rows} <= {"yes", "no"}
    assert all(row["source"] and (row["code"] or row["word"]) for row in rows)
    assert {"GB/T 21010-2017", "GB 50137-2011", "国土空间用地用海分类指南2023"} <= {row["source"] for row in rows}


WORDS = st.sampled_from(["住宅", "商业用地", "R2", "办公", "0701", "工业用地", "停车", "公寓", "商住"])


@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from(["、", "+", "/", "，", " ", "及", "（"]))
def test_a_mixture_is_the_union_of_its_parts_in_any_order(words, between):
    told = uses_of(between.join(words))
    assert set(told) == {use for word in words for use in uses_of(word)}
    assert told == uses_of(between.join(reversed(words)))


@given(st.lists(WORDS, min_size=1, max_size=3), st.text(alphabet="不非原拟除甲乙丙", min_size=1, max_size=3))
def test_one_part_that_nobody_knows_makes_the_whole_unknown(words, strange):
    assert uses_of("、".join([*words, strange])) is None


def test_a_ledger_tells_each_word_once_and_keeps_what_is_unknown(folder):
    rows = [
        [f"U{n}", f"项目{n}", "东岸区", use] for n, use in enumerate(["商住", "商住", "R2", "住宅", "综合", "住宅（不含商业）", "合计"])
    ]
    f = folder.workbook("台账.xlsx", 开发项目=[["项目编号", "项目名称", "区县", "用途"], *rows]).load()
    assert f.rows("SELECT uses FROM projects ORDER BY project_id") == [
        (["commercial", "residential"],), (["commercial", "residential"],), (["residential"],), (["residential"],),
        (None,), (None,), (None,),
    ]  # fmt: skip
    notes = f.problems("land_use_read")
    assert [(p["raw"], p["letter"], p["quarantined"]) for p in notes] == [("R2", "D", False), ("商住", "D", False)]
    assert "商业、住宅（2 行）" in notes[1]["what_zh"] and "commercial, residential (rows: 2)" in notes[1]["what_en"]
    assert [p["raw"] for p in f.problems("unknown_choice")] == ["综合", "住宅（不含商业）", "合计"]
