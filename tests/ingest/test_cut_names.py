"""A Shapefile keeps ten bytes of a column's name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from planning_check.ingest.headers import read_row
from tests.ingest.conftest import Folder


def parcels(folder: Folder, encoding: str, **columns: object) -> Folder:
    import geopandas
    import shapely

    frame = geopandas.GeoDataFrame(
        {n: [v] for n, v in columns.items()}, geometry=[shapely.box(500000, 3.8e6, 500100, 3.8001e6)], crs="EPSG:4545"
    )
    frame.to_file(folder.path / "宗地.shp", encoding=encoding)
    return folder.load()


@pytest.mark.parametrize(
    ("encoding", "cut"),
    [("utf-8", "宗地编（宗地编号）、项目编（项目编号）、土地用（用地性质）"), ("gbk", "不动产单元（不动产单元号）")],
)
def test_names_are_known_by_their_beginning_and_said(folder: Folder, encoding: str, cut: str):
    code = {"不动产单元号": "U1"} if encoding == "gbk" else {}
    parcels(folder, encoding, 宗地编号="Z1", 项目编号="P1", 土地用途="R2", **code)
    assert folder.one("SELECT parcel_id, project_id, land_use_code FROM parcels") == ("Z1", "P1", "R2")
    (problem,) = folder.problems()
    assert problem["code"] == "cut_names" and cut in problem["what_zh"]


def test_a_unit_may_have_been_cut_off(folder: Folder):
    parcels(folder, "utf-8", 宗地编号="Z1", **{"宗地面积（亩）": 18.0})
    assert folder.one("SELECT parcel_id, land_area_m2 FROM parcels") == ("Z1", None)
    assert {p["code"] for p in folder.problems()} == {"cut_names", "unknown_unit"}


def test_a_whole_name_is_what_it_says(folder: Folder):
    parcels(folder, "gbk", 宗地编号="Z1", 宗地面积=12000.0)
    assert folder.one("SELECT parcel_id, land_area_m2 FROM parcels") == ("Z1", Decimal(12000))
    assert folder.problems() == []


@pytest.mark.parametrize(
    ("names", "encoding", "fields"),
    [
        (["宗地编", "项目编"], "utf-8", {"parcel_id", "project_id"}),
        (["宗地编", "项目"], "utf-8", {"parcel_id"}),  # there was room for more
        (["宗地编", "项目编"], "gbk", set()),
        (["不动产", "宗地编"], "utf-8", {"parcel_id"}),  # 不动产单元号 or 不动产权证号
        (["宗地编", "宗地编_1"], "utf-8", set()),  # two names were cut to one
        (["不动产单元", "宗地编号"], "gbk", {"unit_code", "parcel_id"}),
        (["parcel_id", "project_id", "land_use_c"], "utf-8", {"parcel_id", "project_id", "land_use_code"}),
        (["宗地编", "项目编"], "", set()),  # no DBF
    ],
)
def test_only_a_name_that_fills_the_bytes_is_cut(names, encoding, fields):
    assert read_row(names, "parcels", 0, attributes=encoding, loose=True).fields == fields


def test_what_two_fields_could_be_is_neither():
    header = read_row(["community_"], "communities", 0, attributes="utf-8", loose=True)
    assert header.fields == set() and [u.header for u in header.unused] == ["community_"]
