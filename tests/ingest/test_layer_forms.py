"""Layers in other forms: the same parcel out of each, by content; nothing that a file points to is fetched."""

from __future__ import annotations

import json
import zipfile
from itertools import pairwise

import geopandas
import pytest
import shapely

from tests.ingest.conftest import Folder
from tests.ingest.test_bad_input import dbf

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
BOX = shapely.box(109, 32, 109.5, 32.5)
RING = " ".join(f"{x},{y},0" for x, y in BOX.exterior.coords)
HOLE = shapely.Polygon(BOX.exterior.coords, [shapely.box(109.1, 32.1, 109.2, 32.2).exterior.coords])
DATA = (
    '<ExtendedData><Data name="宗地编号"><value>D1</value></Data>'
    '<SchemaData><SimpleData name="项目编号">P1</SimpleData></SchemaData></ExtendedData>'
)
POLYGON = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon>"


def kml(inside: str, declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>图</name>'
        f"<Folder><name>宗地</name>{inside}</Folder></Document></kml>"
    )


def topology(transform: bool) -> dict:
    points = [[round(x * 10), round(y * 10)] for x, y in BOX.exterior.coords]
    steps = [points[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(points))]
    told = {"type": "Topology", "arcs": [[list(p) for p in BOX.exterior.coords]]}
    if transform:
        told = {"type": "Topology", "transform": {"scale": [0.1, 0.1], "translate": [0, 0]}, "arcs": [steps]}
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"宗地编号": "D1", "项目编号": "P1"}}
    return {**told, "objects": {"宗地": {"type": "GeometryCollection", "geometries": [shape]}}}


def make(folder: Folder, form: str) -> str:
    frame = geopandas.GeoDataFrame({"宗地编号": ["D1"], "项目编号": ["P1"]}, geometry=[BOX], crs=4326)
    path = folder.path / f"红线.{form}"
    if form == "kml":
        path.write_text(kml(f"<Placemark><name>x</name>{DATA}{POLYGON}</Placemark>"), "utf-8")
    elif form == "xml":
        text = kml(f"<Placemark>{DATA}<MultiGeometry>{POLYGON}</MultiGeometry></Placemark>", "GBK")
        path.write_bytes(text.encode("gbk"))
    elif form == "kmz":
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("doc.kml", kml(f"<Placemark>{DATA}{POLYGON}</Placemark>"))
    elif form in ("topojson", "json"):
        path.write_text(json.dumps(topology(form == "json"), ensure_ascii=False), "utf-8")
    elif form == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path, driver="OpenFileGDB", layer="宗地")
    return path.name


FORMS = ("kml", "xml", "kmz", "topojson", "json", "parquet", "gdb")


@pytest.mark.parametrize("form", FORMS)
def test_a_parcel_in_every_form(folder: Folder, form):
    name = make(folder, form)
    folder.csv("项目.csv", GOOD).load()
    rows = folder.rows("SELECT parcel_id, project_id, geometry, geometry_crs FROM raw_parcels")
    assert [row[:2] for row in rows] == [("D1", "P1")]
    assert shapely.from_wkb(bytes(rows[0][2])).symmetric_difference(BOX).area < 1e-9
    assert rows[0][3] == (None if "json" in form else "EPSG:4326")
    assert folder.rows("SELECT file FROM source WHERE table_name = 'parcels'") == [(name,)]
    assert [p["code"] for p in folder.problems("no_crs")] == (["no_crs"] if "json" in form else [])


def test_a_file_geodatabase_in_an_archive(folder: Folder):
    make(folder, "gdb")
    with zipfile.ZipFile(folder.path / "报送.zip", "w") as package:
        for part in (folder.path / "红线.gdb").iterdir():
            package.write(part, f"数据/红线.gdb/{part.name}")
            part.unlink()
    (folder.path / "红线.gdb").rmdir()
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT file, rows_used FROM source WHERE table_name = 'parcels'") == [("报送.zip/数据/红线.gdb", 1)]


def test_a_link_within_a_file_geodatabase(folder: Folder):
    make(folder, "gdb")
    part = folder.path / "红线.gdb" / "a00000009.gdbtable"
    part.unlink()
    part.symlink_to(folder.outside("x"))
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("红线.gdb", "link_outside")]


def test_a_network_link_is_not_followed(folder: Folder):
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>"
    (folder.path / "宗地.kml").write_text(kml(f"{link}<Placemark>{DATA}{POLYGON}</Placemark>"), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert [p["code"] for p in folder.problems("layer_file")] == ["layer_file"]
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)]


def test_shapes_of_placemarks(folder: Folder):
    inner = " ".join(f"{x},{y}" for x, y in HOLE.interiors[0].coords)
    hole = POLYGON.replace(
        "</Polygon>", f"<innerBoundaryIs><LinearRing><coordinates>{inner}</coordinates></LinearRing></innerBoundaryIs></Polygon>"
    )
    bad = "<Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 x,y</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    two = f"<MultiGeometry>{POLYGON}{POLYGON}</MultiGeometry>"
    marks = "".join(f"<Placemark>{DATA.replace('D1', f'D{n}')}{shape}</Placemark>" for n, shape in enumerate((hole, bad, two, "")))
    (folder.path / "宗地.kml").write_text(kml(marks), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    shapes = [
        None if one is None else shapely.from_wkb(bytes(one))
        for (one,) in folder.rows("SELECT geometry FROM raw_parcels ORDER BY parcel_id")
    ]
    assert [shape and shape.geom_type for shape in shapes] == ["Polygon", None, "MultiPolygon", None]
    assert shapes[0].area == pytest.approx(HOLE.area)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("宗地.tab", b'!table\n!version 300\n\nDefinition Table\n  Type NATIVE Charset "Neutral"\n', "mapinfo_parts"),
        ("宗地.mif", b'Version 300\nCharset "WindowsSimpChinese"\n', "mapinfo_parts"),
        ("红线.dxf", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "unreadable_file"),
        ("红线.dxf", b"999\nmade by hand\n0\nSECTION\n", "unreadable_file"),
        (
            "宗地.topojson",
            b'{"type": "Topology", "arcs": [[[0, 0]]], "objects": {"x": {"type": "Polygon", "arcs": [[7]]}}}',
            "unreadable_file",
        ),
        ("宗地.kml", b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>', "unreadable_file"),
        ("宗地.kml", b'<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>', "unreadable_file"),
        ("宗地.parquet", b"PAR1\0\0\0\0PAR1", "unreadable_file"),
    ],
)
def test_what_is_no_layer_is_named(folder: Folder, name, content, code):
    (folder.path / name).write_bytes(content)
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [(name, code)]


def test_parts_of_a_mapinfo_layer_are_no_tables(folder: Folder):
    (folder.path / "宗地.tab").write_bytes(b'!table\n!version 300\n\nDefinition Table\n  Type NATIVE Charset "Neutral"\n')
    (folder.path / "宗地.DAT").write_bytes(dbf([(b"ZDDM", b"C", 4), (b"XMBH", b"C", 4)], [b"D1  P1  "]))
    (folder.path / "宗地.map").write_bytes(bytes(512))
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.tab", "mapinfo_parts")]
    assert folder.rows("SELECT count(*) FROM raw_parcels") == [(0,)]
