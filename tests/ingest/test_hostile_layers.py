"""Layers that would have GDAL or SQLite do something: read other files, call a server, compute without end, end a text in the middle."""

from __future__ import annotations

import contextlib
import http.server
import json
import socketserver
import sqlite3
import threading

import geopandas
import pytest
import shapely

from planning_check.ingest.gdal import DRIVERS, opener
from tests.crossing import crossed
from tests.ingest.conftest import Folder

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
SECOND = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, 'D' || i AS 宗地编号, 'P1' AS 项目编号 FROM n"
SHAPE = {"type": "Polygon", "coordinates": [[[109, 32], [109.001, 32], [109.001, 32.001], [109, 32]]]}


def unreadable(folder: Folder) -> list[tuple]:
    return folder.rows("SELECT file, code FROM problem WHERE code IN ('unreadable_file', 'computed_layer') ORDER BY ALL")


def geojson(**members) -> str:
    feature = {"type": "Feature", "geometry": SHAPE, "properties": {"宗地编号": "D1", "项目编号": "P1"}}
    return json.dumps({"type": "FeatureCollection", "features": [feature], **members})


def parcels(folder: Folder, name: str = "宗地.gpkg") -> sqlite3.Connection:
    frame = geopandas.GeoDataFrame({"宗地编号": ["D1"], "项目编号": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4326)
    frame.to_file(folder.path / name, layer="宗地")
    return sqlite3.connect(folder.path / name)


@pytest.fixture
def server():
    """What is asked of it, and its address."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET

        def log_message(self, *_):
            pass

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as held:
        threading.Thread(target=held.serve_forever, daemon=True).start()
        yield asked, f"http://127.0.0.1:{held.server_address[1]}"
        held.shutdown()


def test_gdal_knows_the_drivers_of_layers_only():
    assert set(opener().list_drivers()) == DRIVERS


FORMATS = [
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{outside}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    "<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
    '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read {outside}"}}',
    '{{"stac_version": "1.0.0", "type": "Feature", "links": [{{"href": "{url}/stac"}}]}}',
    '{{"type": "Topology", "objects": {{}}, "arcs": []}}',
    "WFS:{url}/wfs2",
    "{url}/plain.geojson",
    "/vsicurl/{url}/x.geojson",
    "id,WKT\n1,POINT(1 2)\n",
]


@pytest.mark.parametrize(("name", "content"), crossed(["宗地.gpkg", "宗地.geojson", "宗地.json", "宗地.shp"], FORMATS))
def test_another_format_under_the_name_of_a_layer_is_not_opened(folder: Folder, tmp_path, server, name, content):
    asked, url = server
    (tmp_path / "secret.csv").write_text("宗地编号,项目编号\nD9,P1\n", "utf-8")
    (folder.path / name).write_text(content.format(outside=tmp_path / "secret.csv", url=url), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert asked == []
    assert folder.rows("SELECT * FROM raw_parcels") == []
    assert folder.rows("SELECT DISTINCT file FROM problem") == [(name,)]
    assert folder.rows("SELECT file FROM unread") and folder.rows("SELECT count(*) FROM projects") == [(1,)]


@pytest.mark.parametrize("letters", ["crs", "\\u0063rs"])
@pytest.mark.parametrize("kind", ["link", "url", "LINK"])
def test_a_coordinate_system_is_not_fetched(folder: Folder, server, kind, letters):
    asked, url = server
    text = geojson(crs={"properties": {"href": f"{url}/crs", "url": f"{url}/crs", "type": "esriwkt"}, "type": kind})
    folder.csv("宗地.geojson", text.replace('"crs"', f'"{letters}"')).csv("项目.csv", GOOD).load()
    assert asked == [] and unreadable(folder) == [("宗地.geojson", "unreadable_file")]
    assert "link" in folder.one("SELECT what_en FROM problem")[0]


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        ({"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}}, "EPSG:4490"),
        ({"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}, "EPSG:4326"),
        ({"crs": {"type": "name", "properties": {"name": "本市独立坐标系"}}}, None),
        ({"crs": {"type": "name", "properties": {"name": "/etc/hostname"}}}, None),
        ({"crs": None}, None),
        ({}, "EPSG:4326"),
    ],
)
def test_the_coordinate_system_of_geojson_is_never_guessed(folder: Folder, crs, expected):
    folder.csv("宗地.geojson", geojson(**crs)).csv("项目.csv", GOOD).load()
    assert folder.one("SELECT crs FROM source WHERE table_name = 'parcels'") == (expected,)
    assert [p["code"] for p in folder.problems()] == ([] if expected else ["no_crs"])


VIEWS = [
    f"CREATE VIEW 红线 AS {SECOND}",
    f"CREATE VIEW 红线 AS SELECT * FROM ({SECOND}) WHERE fid < 0",
    "CREATE VIEW 红线 AS SELECT fid, load_extension('x') AS 宗地编号, 项目编号 FROM 宗地",
    "CREATE VIEW 红线 AS SELECT fid, readfile('/etc/hostname') AS 宗地编号, 项目编号 FROM 宗地",
    "CREATE VIEW 红线 AS SELECT fid, writefile('written', 'x') AS 宗地编号, 项目编号 FROM 宗地",
    "CREATE VIEW 红线 AS SELECT * FROM 红线",
    "CREATE VIRTUAL TABLE 红线 USING fts5(宗地编号, 项目编号)",
    "CREATE VIRTUAL TABLE 红线 USING rtree(fid, a, b)",
    "CREATE TABLE 红线 (fid INTEGER PRIMARY KEY, 项目编号 TEXT, 宗地编号 TEXT AS (hex(zeroblob(400000000))))",
]


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize("statement", VIEWS)
def test_what_is_computed_as_it_is_read_is_not(folder: Folder, statement, listed):
    with contextlib.closing(parcels(folder)) as plain:
        plain.execute(statement)
        if " AS (hex(" in statement:
            plain.execute("INSERT INTO 红线 (fid, 项目编号) VALUES (1, 'P1')")
        if listed:
            plain.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('红线', 'attributes', '红线', 0)")
        plain.commit()
    before = sorted(folder.path.iterdir())
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)]
    told = [(p["file"], p["sheet"]) for p in folder.problems("computed_layer")]
    assert told == ([("宗地.gpkg", "红线")] if listed or " USING rtree" not in statement else [])
    if "fid" in statement and "宗地编号" in statement:
        assert folder.rows("SELECT * FROM unread") == [("宗地.gpkg", "红线", "parcels")]
    assert sorted(folder.path.iterdir()) == sorted([*before, folder.path / "项目.csv"])


@pytest.mark.parametrize("listed", ["gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys", "gpkg_extensions"])
def test_a_list_of_layers_without_end(folder: Folder, listed):
    with contextlib.closing(parcels(folder)) as plain:
        columns = ", ".join(f"i AS {row[1]}" for row in plain.execute(f"PRAGMA table_info({listed})"))
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f'DROP TRIGGER "{name}"')
        plain.execute(f"DROP TABLE IF EXISTS {listed}")
        plain.execute(
            f"CREATE VIEW {listed} AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT {columns or 'i'} FROM n"
        )
        plain.commit()
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]
    assert unreadable(folder) or folder.rows("SELECT count(*) FROM raw_parcels") == [(1,)]


def test_a_statement_that_says_another_kind_than_its_row(folder: Folder):
    with contextlib.closing(parcels(folder)) as plain:
        plain.execute(f"CREATE VIEW 红线 AS {SECOND}")
        plain.execute("PRAGMA writable_schema = ON")
        plain.execute("UPDATE sqlite_master SET type = 'index' WHERE name = '红线'")
        plain.commit()
    folder.csv("项目.csv", GOOD).load()
    assert ("宗地.gpkg", "computed_layer") in unreadable(folder) or ("宗地.gpkg", "unreadable_file") in unreadable(folder)


def test_triggers_are_not_carried_out(folder: Folder):
    with contextlib.closing(parcels(folder)) as plain:
        plain.execute(f"CREATE VIEW 红线 AS {SECOND}")
        plain.execute("CREATE TRIGGER t AFTER DELETE ON gpkg_contents BEGIN DELETE FROM 宗地; END")
        plain.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('红线', 'attributes', '红线', 0)")
        plain.commit()
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)]


@pytest.mark.parametrize("declared", ["TEXT", "VARCHAR(20)", ""])
def test_a_nul_in_any_text_of_a_geopackage_is_said(folder: Folder, declared):
    with contextlib.closing(parcels(folder)) as plain:
        plain.execute(f"ALTER TABLE 宗地 ADD COLUMN 权利人 {declared}")
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f'DROP TRIGGER "{name}"')
        plain.execute("UPDATE 宗地 SET 权利人 = 'A' || char(0) || 'B'")
        plain.commit()
    folder.csv("项目.csv", GOOD).load()
    assert unreadable(folder) == [("宗地.gpkg", "unreadable_file")]


def shapefile(folder: Folder, owner: str = "甲甲甲") -> bytearray:
    rows = {"ZDDM": ["D1xx", "D2xx", "D3xx"], "XMBH": ["P1xx", "P1", "P1"], "ZDMJ": [1234.5, 1234.5, 1234.5], "QLR": [owner] * 3}
    frame = geopandas.GeoDataFrame(rows, geometry=[shapely.box(109 + n, 32, 109.1 + n, 32.1) for n in range(3)], crs=4326)
    frame.to_file(folder.path / "宗地.shp", encoding="utf-8")
    return bytearray((folder.path / "宗地.dbf").read_bytes())


def test_a_nul_in_a_shapefile_is_no_other_value(folder: Folder):
    data = shapefile(folder)
    changed = data.replace(b"P1xx", b"P1\0x").replace(b"D3xx", b"D3\0 ").replace(b"1234.5", b"12\x004.5", 1)
    (folder.path / "宗地.dbf").write_bytes(changed)
    folder.csv("项目.csv", GOOD).load()
    told = [(p["code"], p["file"], p["row"], p["raw"]) for p in folder.problems() if p["code"] == "nul_in_cell"]
    assert ("nul_in_cell", "宗地.shp", 1, r"P1\0x") in told and len(told) == 2
    assert folder.rows("SELECT parcel_id, project_id, land_area_m2 FROM parcels ORDER BY 1") == [
        ("D1xx", None, None), ("D2xx", "P1", 1234.5), ("D3", "P1", 1234.5),
    ]  # fmt: skip
    assert all(read == used + aside for read, used, aside in folder.totals())


def test_rows_that_were_deleted_do_not_count(folder: Folder):
    data = shapefile(folder)
    data = data.replace(b"D3xx", b"D\0xx")
    head = int.from_bytes(data[8:10], "little")
    data[head] = ord("*")
    (folder.path / "宗地.dbf").write_bytes(data)
    folder.csv("项目.csv", GOOD).load()
    assert [(p["row"], p["raw"]) for p in folder.problems("nul_in_cell")] == [(2, r"D\0xx")]


def test_padding_with_nul_is_none_in_a_text(folder: Folder):
    data = shapefile(folder)
    (folder.path / "宗地.dbf").write_bytes(data.replace(b"D1xx     ", b"D1xx\0\0\0 \0"))
    folder.csv("项目.csv", GOOD).load()
    assert folder.problems("nul_in_cell") == []
    assert folder.rows("SELECT count(*) FROM parcels") == [(3,)]


NAMES = ["宗地!a", "宗地.zip!a", "宗地;a", "宗地?a=1&b", "宗地#1", "宗地\n二", "宗地[1]", "GPKG:宗地", "zip:宗地", "宗地%20"]


@pytest.mark.parametrize(("name", "kind"), crossed(NAMES, ["geojson", "gpkg", "shp"]))
def test_a_name_is_no_address(folder: Folder, name, kind):
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    frame.to_file(folder.path / f"x.{kind}")
    for path in folder.path.glob("x.*"):
        path.rename(path.with_name(name + path.suffix))
    folder.csv("项目.csv", GOOD).load()
    assert unreadable(folder) == [] and folder.rows("SELECT parcel_id FROM parcels") == [("D1",)]


def test_a_name_leads_to_no_other_file(folder: Folder, tmp_path):
    (tmp_path / "secret.geojson").write_text(geojson().replace("D1", "D9"), "utf-8")
    inside = folder.path / "a!" / tmp_path.relative_to("/")
    inside.mkdir(parents=True)
    (inside / "secret.geojson").write_text(geojson(), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)]
