"""Figures for one thing that lie a unit apart, across columns, tables and bureaus."""

from __future__ import annotations

import json

import pytest

from tests.ingest.conftest import Folder

HEAD = "项目编号,项目名称,区县"


def found(folder: Folder) -> list[tuple]:
    return [
        (p["file"], p["row"], p["field"], p["what_en"].rsplit(": perhaps ")[-1].split("; to check: ")[0])
        for p in folder.load().problems("unit_slip")
    ]


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("许可地上建筑面积,实测地上建筑面积", "30000,3.05", "万㎡ (ha) for m2, or m2 for 万㎡"),
        ("规划地上建筑面积,许可地上建筑面积", "2.9,30000", "万㎡ (ha) for m2, or m2 for 万㎡"),
        ("规划地上建筑面积（万㎡）,许可地上建筑面积", "30000,30500", "万㎡ (ha) for m2, or m2 for 万㎡"),
        ("规划住宅建筑面积,许可住宅建筑面积", "20000,30", "mu for m2, or m2 for mu"),
        ("用地面积,总建筑面积", "18,24000", "mu for m2, or m2 for mu"),
        ("用地面积,总建筑面积", "1.2,24000", "万㎡ (ha) for m2, or m2 for 万㎡"),
        ("用地面积（亩）,总建筑面积", "18,24000", None),
        ("用地面积（亩）,总建筑面积", "12000,24000", "m2 of land for mu or ha, or 万㎡ of floor for m2"),
        ("用地面积,总建筑面积", "12000,2.4", "m2 of land for mu or ha, or 万㎡ of floor for m2"),
        ("用地面积,总建筑面积", "1200,96000", None),
        ("许可地上建筑面积,实测地上建筑面积", "30000,31000", None),
        ("许可地上建筑面积,实测地上建筑面积", "30000,300", None),
        ("许可地上建筑面积,实测地上建筑面积", "30000,0", None),
        ("许可地上建筑面积,实测地上建筑面积", "30000,不详", None),
    ],
)
def test_two_columns_of_a_project(folder, header, cells, told):
    folder.csv("项目.csv", f"{HEAD},{header}\nP1,甲,1,{cells}\nP2,乙,1,,\n")
    assert [row[3] for row in found(folder)] == ([told] if told else [])


def test_two_bureaus(folder):
    folder.csv("用房.csv", "用房编号,项目编号,实测面积\nY1,P1,300\nY2,P1,200\n").csv(
        "移交.csv", "移交编号,用房编号,项目编号,移交面积\nH1,Y1,P1,0.03\nH2,Y2,P1,200\n"
    )
    folder.csv("项目.csv", f"{HEAD},用地面积\nP1,甲,1,18\nP2,乙,1,5000\n")
    square = {"type": "Polygon", "coordinates": [[[109, 32], [109.01, 32], [109.01, 32.01], [109, 32.01], [109, 32]]]}
    parcels = [("D1", "P1", 6000), ("D2", "P1", 6000), ("D3", "P2", 5000)]
    features = [
        {"type": "Feature", "geometry": square, "properties": dict(zip(("宗地编号", "项目编号", "宗地面积"), parcel, strict=True))}
        for parcel in parcels
    ]
    folder.csv("宗地.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert found(folder) == [
        ("移交.csv", 2, "area_m2", "万㎡ (ha) for m2, or m2 for 万㎡"), ("项目.csv", 2, "land_area_m2", "mu for m2, or m2 for mu"),
    ]  # fmt: skip


def test_a_whole_column_is_one_problem_and_nothing_is_changed(folder):
    rows = "".join(f"P{n},甲,1,{30000 + n},{3 + n / 10000}\n" for n in range(40))
    folder.csv("项目.csv", f"{HEAD},许可地上建筑面积,实测地上建筑面积\n{rows}")
    assert len(found(folder)) == 1
    assert "（第 2、3、4、5、6 等行）" in folder.problems("unit_slip")[0]["what_zh"]
    assert folder.one("SELECT count(*) FILTER (survey_above_ground_m2 < 4), count(survey_above_ground_m2) FROM projects") == (40, 40)


def test_the_bureaus_whose_figures_they_are_check_them(folder):
    folder.csv("用房.csv", "用房编号,项目编号,实测面积\nY1,P1,300\n").csv(
        "移交.csv", "移交编号,用房编号,项目编号,移交面积\nH1,Y1,P1,0.03\n"
    )
    folder.csv("项目.csv", f"{HEAD},规划地上建筑面积,许可地上建筑面积\nP1,甲,1,2.9,30000\n")
    told = {p["file"]: (p["what_zh"].split("；")[-1], p["what_en"].split("; ")[-1]) for p in folder.load().problems("unit_slip")}
    assert told == {
        "移交.csv": ("核对：民政、房管", "to check: civil affairs, real estate"), "项目.csv": ("核对：规划", "to check: planning"),
    }  # fmt: skip


def test_both_columns_are_told_by_their_letters(folder):
    folder.csv("用房.csv", "用房编号,项目编号,实测面积\nY1,P1,300\n").csv(
        "移交.csv", "移交编号,用房编号,项目编号,移交面积\nH1,Y1,P1,0.03\n"
    )
    folder.csv("项目.csv", f"{HEAD},规划地上建筑面积,许可地上建筑面积\nP1,甲,1,2.9,30000\n")
    told = {p["file"]: (p["letter"], p["what_zh"], p["what_en"]) for p in folder.load().problems("unit_slip")}
    assert told["项目.csv"][0] == "D" and "“许可地上建筑面积”（E 列）相差" in told["项目.csv"][1]
    assert told["移交.csv"][0] == "D" and "（用房.csv > C 列）相差" in told["移交.csv"][1]
    assert "(column E)" in told["项目.csv"][2] and "(用房.csv > column C)" in told["移交.csv"][2]


@pytest.mark.parametrize(
    ("upper", "lower", "cells", "rows"),
    [
        ("容积率上限", "容积率下限", ["1.0,2.5", "2.5,1.0", "3,3", ",1", "x,1", "0.8,1.2"], "rows 2, 7"),
        ("约定容积率(上限)", "约定容积率(下限)", ["1,2"], "rows 2"), ("最大容积率", "最小容积率", ["1,2"], "rows 2"),
        ("容积率上限", "容积率下限", ["2,1", "2,2"], None), ("容积率上限", "绿地率下限", ["1,30"], None),
    ],
)  # fmt: skip
def test_an_upper_bound_below_the_lower_is_told(folder, upper, lower, cells, rows):
    told = "".join(f"P{n},甲,1,{cell}\n" for n, cell in enumerate(cells))
    folder.csv("项目.csv", f"{HEAD},{upper},{lower}\n{told}").load()
    found = [p["what_en"].rsplit(": ")[-1] for p in folder.problems("bounds_swapped")]
    assert found == ([rows] if rows else [])
