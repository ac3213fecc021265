"""Layers in their own words: a mapping reads their attributes as it reads the headings of a sheet."""

from __future__ import annotations

import geopandas
import pytest
import shapely

from planning_check.errors import UsageError
from planning_check.ingest.mapping import parse_mapping
from tests.ingest.conftest import Folder
from tests.ingest.test_mapinfo_and_drawings import SQUARE, dxf, line, word

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\nXQ-7,乙,610102\n"
HEAD = "version: 1\nsheets:\n  - {file: '*', sheet: DK, table: parcels, "
MAPPING = """
version: 1
sheets:
  - file: "*.gpkg"
    sheet: DK
    table: parcels
    columns:
      - {heading: dkh, field: parcel_id}
      - {heading: mj, field: land_area_m2, unit: 公顷}
      - {heading: yt, field: land_use_code}
      - {heading: bz, field: ""}
    values: {land_use_code: {R类: R2, "7": B1}}
    ids: {project_id: [xq, qh]}
"""
COMMUNITIES = """
version: 1
sheets:
  - file: "*.gpkg"
    table: communities
    columns:
      - {heading: dkh, field: community_code}
      - {heading: yt, field: community_name}
      - {heading: rq, field: valid_from}
    dates: dmy
    constants: {district_code: "610102"}
"""


def layer(folder: Folder, crs: int | None = 4490, **more: list) -> Folder:
    told = {"dkh": ["D1", "D2"], "mj": [3.0, 1.5], "yt": ["R类", "7"], "xq": ["XQ", "XQ"], "qh": [7.0, None], "bz": ["x", "y"]} | more
    shapes = [shapely.box(109, 32, 109.001, 32.001), shapely.box(108, 32, 108.001, 32.001)]
    geopandas.GeoDataFrame(told, geometry=shapes, crs=crs).to_file(folder.path / "地块.gpkg", layer="DK")
    return folder.csv("项目.csv", GOOD)


def test_attributes_units_words_and_ids_are_read_as_told(folder: Folder):
    layer(folder).mapped(MAPPING).load()
    read = "SELECT parcel_id, project_id, land_area_m2, land_use_code FROM parcels ORDER BY 1"
    assert [(key, project, int(area), use) for key, project, area, use in folder.rows(read)] == [
        ("D1", "XQ-7", 30000, "R2"),
        ("D2", None, 15000, "B1"),
    ]
    assert folder.one("SELECT letter, header FROM source_column WHERE field = 'parcel_id' AND source_id = 1") == ("dkh", "dkh")
    assert not folder.problems("stale_mapping") and not folder.problems("unused_mapping")
    assert folder.rows("SELECT header FROM heading_seen WHERE field IS NULL AND file = '地块.gpkg' ORDER BY 1") == [("qh",), ("xq",)]


def test_days_are_read_in_the_order_told(folder: Folder):
    layer(folder, rq=["05/12/2009", "06/11/2009"]).mapped(COMMUNITIES).load()
    read = folder.rows("SELECT community_code, valid_from_lo, district_code FROM communities ORDER BY 1")
    assert [(key, str(day), district) for key, day, district in read] == [("D1", "2009-12-05", "610102"), ("D2", "2009-11-06", "610102")]


def test_constants_hold_for_every_shape(folder: Folder):
    told = HEAD + "columns: [{heading: DKH, field: parcel_id}], constants: {project_id: P1}}"
    layer(folder).mapped(told).load()
    assert folder.rows("SELECT parcel_id, project_id FROM raw_parcels ORDER BY 1") == [("D1", "P1"), ("D2", "P1")]


def test_a_coordinate_system_is_given_to_a_layer_without_one(folder: Folder):
    told = HEAD + "columns: [{heading: dkh, field: parcel_id}], constants: {project_id: P1}"
    layer(folder, crs=None).mapped(told + ", crs: 'EPSG:4490'}").load()
    assert folder.one("SELECT crs FROM source WHERE sheet = 'DK'") == ("EPSG:4490",) and not folder.problems("no_crs")


def test_what_a_layer_has_not_is_told_with_the_line(folder: Folder):
    told = HEAD + "columns: [{heading: dkh, field: parcel_id}, {heading: 没有, field: project_id}], add_up: true}"
    layer(folder).mapped(told).load()
    (problem,) = folder.problems("stale_mapping")
    assert problem["what_zh"].endswith("第 3 行：“没有”、“add_up”") and problem["sheet"] == "DK"


def test_a_layer_with_none_of_the_attributes_is_not_read_and_is_told(folder: Folder):
    told = HEAD + "columns: [{heading: 宗地号, field: parcel_id}]}"
    layer(folder).mapped(told).load()
    assert folder.rows("SELECT * FROM raw_parcels") == [] and folder.rows("SELECT table_name FROM unread") == [("parcels",)]
    assert [p["file"] for p in folder.problems("stale_mapping")] == ["地块.gpkg"]


def test_what_is_written_in_a_drawing_can_be_an_id(folder: Folder):
    told = (
        "version: 1\nsheets:\n  - {file: 红线.dxf, sheet: 宗地, table: parcels, columns: [{heading: Text, field: parcel_id}], "
        "constants: {project_id: P1}, crs: '4545'}"
    )
    folder.csv("红线.dxf", dxf(line("宗地", SQUARE), word("东一", 500050, 3500050))).csv("项目.csv", GOOD).mapped(told).load()
    assert folder.rows("SELECT parcel_id, project_id, geometry_crs FROM raw_parcels") == [("东一", "P1", "EPSG:4545")]


def test_no_coordinate_system_is_refused():
    with pytest.raises(UsageError, match="wrong"):
        parse_mapping("m.yaml", "version: 1\nsheets:\n  - {table: parcels, crs: 平面}")
