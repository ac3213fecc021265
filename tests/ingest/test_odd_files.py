"""Names in odd bytes, pipes, devices, broken links, and whatever a library raises: one problem of one file, and the rest is read."""

import contextlib
import json
import os
import sqlite3
import zipfile

import geopandas
import pytest
import shapely

from planning_check.ingest import intake
from tests.crossing import crossed
from tests.ingest.conftest import Folder

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
PARCELS = "宗地编号,项目编号\nD1,P1\n"
posix = pytest.mark.skipif(os.name == "nt", reason="names of files are bytes, and pipes are files, on POSIX only")


def told(folder: Folder) -> list[tuple]:
    return folder.rows("SELECT file, code FROM problem WHERE code IN ('unreadable_file', 'empty_file', 'too_large_file') ORDER BY file")


@posix
def test_a_name_in_gbk_as_chinese_archives_unpack(folder: Folder):
    folder.csv("项目.csv", GOOD)
    (folder.path / os.fsdecode("宗地.csv".encode("gbk"))).write_text(PARCELS, "utf-8")
    folder.load()
    assert folder.delivery is not None
    assert folder.delivery.files == ("宗地.csv", "项目.csv")
    assert folder.rows("SELECT project_id FROM raw_parcels") == [("P1",)]


@posix
def test_names_that_become_alike_are_numbered(folder: Folder):
    folder.csv("项目.csv", GOOD).csv("宗地.csv", PARCELS).csv("宗\x1b地.csv", PARCELS.replace("D1", "D2"))
    (folder.path / os.fsdecode("宗地.csv".encode("gbk"))).write_text(PARCELS.replace("D1", "D3"), "utf-8")
    (folder.path / os.fsdecode(b"\xff\xff.csv")).write_text(PARCELS.replace("D1", "D4"), "utf-8")
    folder.load()
    assert folder.delivery is not None
    assert sorted(folder.delivery.files) == ["宗地 (2).csv", "宗地 (3).csv", "宗地.csv", "项目.csv", "\ufffd\ufffd.csv"]
    assert folder.rows("SELECT count(*) FROM raw_parcels") == [(3,)]


@posix
@pytest.mark.parametrize(
    ("make", "name"),
    crossed(
        [os.mkfifo, lambda p: p.symlink_to("/dev/zero"), lambda p: p.symlink_to("nowhere"), lambda p: p.symlink_to(p.name)],
        ["宗地.csv", "宗地.xlsx", "宗地.gpkg", "宗地.shp"],
    ),
)
def test_what_is_no_file_is_not_waited_for(folder: Folder, make, name):
    make(folder.path / name)
    folder.csv("项目.csv", GOOD).load()
    to_a_device = (folder.path / name).exists() and (folder.path / name).is_char_device()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [(name, "link_outside" if to_a_device else "unreadable_file")]
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


def workbook_with_a_damaged_part(folder: Folder) -> None:
    folder.workbook("宗地.xlsx", 宗地=[["宗地编号", "项目编号"], *([f"D{n}", f"P{n}"] for n in range(400))])
    path = folder.path / "宗地.xlsx"
    with zipfile.ZipFile(path) as held:
        entry = held.getinfo("xl/worksheets/sheet1.xml")
    data = bytearray(path.read_bytes())
    for at in range(entry.header_offset + 80, entry.header_offset + entry.compress_size, 7):
        data[at] ^= 0x55
    path.write_bytes(bytes(data))


def shapefile(folder: Folder, suffix: str, data: bytes) -> None:
    parcels = geopandas.GeoDataFrame({"ZDDM": ["D1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4326)
    parcels.to_file(folder.path / "宗地.shp")
    path = folder.path / f"宗地{suffix}"
    path.write_bytes(data if suffix != ".dbf" else path.read_bytes()[: len(data)])


@pytest.mark.parametrize(
    "make",
    [
        workbook_with_a_damaged_part,
        lambda f: shapefile(f, ".cpg", b"rot13"),
        lambda f: shapefile(f, ".cpg", b"zlib"),
        lambda f: shapefile(f, ".cpg", b"utf\0-8"),
        lambda f: shapefile(f, ".dbf", b"0" * 40),
        lambda f: shapefile(f, ".prj", b"\0\xff" * 30),
        lambda f: f.csv("宗地.geojson", "[" * 100_000),
    ],
)
def test_a_broken_file_is_one_problem_at_most(folder: Folder, make):
    make(folder)
    folder.csv("项目.csv", GOOD).load()
    assert len(told(folder)) <= 1
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


@pytest.mark.parametrize(("page", "said"), [(b"rot13", 1), (b"zlib", 1), (b"no such", 1), (b"utf\0-8", 0), (b"UTF-8\n", 0), (b"", 0)])
def test_a_cpg_that_is_wrong_loses_no_shapefile(folder: Folder, page, said):
    parcels = geopandas.GeoDataFrame({"ZDDM": ["D地籍1"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4326)
    parcels.to_file(folder.path / "宗地.shp", encoding="utf-8")
    (folder.path / "宗地.cpg").write_bytes(page)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [] and folder.rows("SELECT parcel_id FROM raw_parcels") == [("D地籍1",)]
    assert len(folder.problems("text_read_as")) == said


class PanicException(BaseException):  # as pyo3 names it
    pass


@pytest.mark.parametrize("error", [ValueError("x\ny"), KeyError(), RecursionError(), PanicException("range end index")])
def test_whatever_a_library_raises_is_a_problem_of_its_file(folder: Folder, monkeypatch, error):
    def fails(_path, _kind=None):
        raise error
        yield

    real = intake.read_sheets
    monkeypatch.setattr(intake, "read_sheets", lambda path, kind: fails(path) if path.suffix == ".xlsx" else real(path, kind))
    folder.csv("项目.csv", GOOD).workbook("宗地.xlsx", 宗地=[["a"]]).load()
    assert told(folder) == [("宗地.xlsx", "unreadable_file")]
    assert type(error).__name__ in folder.rows("SELECT what_en FROM problem WHERE code = 'unreadable_file'")[0][0]


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
def test_what_is_no_fault_of_the_file_stops_the_run(folder: Folder, monkeypatch, error):
    def fails(_path, _kind=None):
        raise error
        yield

    monkeypatch.setattr(intake, "read_sheets", fails)
    with pytest.raises(type(error)):
        folder.csv("项目.csv", GOOD).load()


def test_a_nul_in_geojson_ends_no_text(folder: Folder):
    shape = {"type": "Polygon", "coordinates": [[[109, 32], [109.001, 32], [109.001, 32.001], [109, 32]]]}
    rows = [
        {"地块编号": "D\x001", "项目编号": "P\x001", "权\x00利人": "甲"},
        {"地块编号": r"D\u0000", "项目编号": "P1", "权\x00利人": "乙"},
    ]
    features = [{"type": "Feature", "geometry": shape, "properties": row} for row in rows]
    (folder.path / "宗地.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id, project_id FROM raw_parcels ORDER BY 1") == [("D1", "P1"), (r"D\u0000", "P1")]
    assert folder.rows("SELECT sheet FROM source WHERE table_name = 'parcels'") == [("宗地",)]


def test_a_nul_in_a_geopackage_is_said(folder: Folder):
    parcels = geopandas.GeoDataFrame({"地块编号": ["D1"], "项目编号": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4326)
    path = folder.path / "宗地.gpkg"
    parcels.to_file(path, layer="宗地")
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT project_id FROM raw_parcels") == [("P1",)]
    with contextlib.closing(sqlite3.connect(path)) as plain:
        for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            plain.execute(f'DROP TRIGGER "{name}"')
        plain.execute("UPDATE 宗地 SET 项目编号 = 'P1' || char(0) || '9'")
        plain.commit()
    again = Folder(folder.path).load()
    assert told(again) == [("宗地.gpkg", "unreadable_file")]
    assert again.rows("SELECT count(*) FROM raw_parcels") == [(0,)]


@pytest.mark.parametrize(
    ("size", "code", "says"),
    [(3_000_000, "unreadable_file", "half of it is NUL"), (1 << 40, "too_large_file", "a text file (1,024 GB, at most 1 GB)")],
)
@pytest.mark.parametrize("name", ["宗地.csv", "宗地.tsv"])
def test_a_hole_is_no_text(folder: Folder, monkeypatch, size, code, says, name):
    monkeypatch.setattr(intake, "digest", lambda _files: "0" * 64)  # of all of it
    with (folder.path / name).open("wb") as file:
        file.write(PARCELS.encode())
        file.truncate(size)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [(name, code)]
    assert says in folder.one(f"SELECT what_en FROM problem WHERE code = '{code}'")[0]
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


ENDINGS = ("xls", "xlsx", "ods", "gpkg", "shp", "geojson", "json", "csv", "txt", "et", "")


@pytest.mark.parametrize("content", ["xlsx", "html", "text", "gpkg"])
def test_a_file_is_read_by_its_content_whatever_its_ending(folder: Folder, content):
    folder.workbook("x.xlsx", 宗地=[["宗地编号", "项目编号"], ["D1", "P1"]])
    frame = geopandas.GeoDataFrame({"宗地编号": ["D1"], "项目编号": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4326)
    frame.to_file(folder.path / "x.gpkg", layer="宗地")
    rows = "<html><table><tr><td>宗地编号<td>项目编号</tr><tr><td>D1<td>P1</tr></table></html>"
    data = {
        "xlsx": (folder.path / "x.xlsx").read_bytes(), "gpkg": (folder.path / "x.gpkg").read_bytes(), "html": rows.encode("gbk"),
        "text": PARCELS.encode(),
    }[content]  # fmt: skip
    (folder.path / "x.xlsx").unlink()
    (folder.path / "x.gpkg").unlink()
    for ending in ENDINGS:
        (folder.path / f"宗地{ending}.{ending}").write_bytes(data)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == []
    assert folder.rows("SELECT DISTINCT parcel_id, project_id FROM raw_parcels") == [("D1", "P1")]
    assert folder.rows("SELECT count(*) FROM raw_parcels") == [(len(ENDINGS),)]
    usual = {"xlsx": {"xlsx", "et", ""}, "html": {""}, "text": {"csv", "txt", ""}, "gpkg": {"gpkg", ""}}[content]
    noted = {p["file"].rpartition(".")[2] for p in folder.problems("other_ending")}
    assert noted == set(ENDINGS) - usual


@pytest.mark.parametrize(
    ("name", "data"),
    crossed(
        ["宗地.xls", "宗地.xlsx", "宗地.ods", "宗地.gpkg", "宗地.shp", "宗地.geojson", "宗地.dbf"],
        [b"", b"\0\1\2\3" * 300, bytes(range(256)) * 3],
    ),
)
def test_what_is_nothing_is_no_sheet(folder: Folder, name, data):
    (folder.path / name).write_bytes(data)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [(name, "unreadable_file" if data else "empty_file")]
    assert folder.rows("SELECT count(*) FROM raw_parcels") == [(0,)]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
NOT_READ = {
    "文.pdf": (b"%PDF-1.7\n", "document_file"),
    "文.doc": (OLE + "WordDocument".encode("utf-16-le"), "document_file"),
    "密.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    "图.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture_file"),
    "图.png": (b"\x89PNG\r\n\x1a\n", "picture_file"),
    "包.rar": (b"Rar!\x1a\7\0\0\0", "archive_file"),
    "包.7z": (b"7z\xbc\xaf\x27\x1c", "archive_file"),
    "包.tar.gz": (b"\x1f\x8b\x08\0", "archive_file"),
    "库.mdb": (b"\0\1\0\0Standard Jet DB\0", "database_file"),
    "图.dwg": (b"AC1032\0\0\0\0", "drawing_file"),
    "层.fgb": (b"fgb\3fgb\0\0", "layer_file"),
    "层.gml": (b'<?xml version="1.0"?><x xmlns:gml="http://www.opengis.net/gml"/>', "layer_file"),
    "层.vrt": (b"<OGRVRTDataSource/>", "layer_file"),
    "表.fods": (b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', "sheet_file"),
    "表.mht": (b"MIME-Version: 1.0\n", "sheet_file"),
    "乱.bin": (bytes(range(1, 9)) * 9, "unsupported_file"),
    "短.zip": (b"PK\3\4" * 9, "unreadable_file"),
    "索引.shx": (b"\0\0\x27\x0a" + bytes(96), "shapefile_parts"),
    "层.shp": (b"\0\0\x27\x0a" + bytes(96), "shapefile_parts"),
}


@pytest.mark.parametrize("name", NOT_READ)
def test_what_is_not_read_is_named_with_its_own_remedy(folder: Folder, name):
    data, code = NOT_READ[name]
    (folder.path / name).write_bytes(data)
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [(name, code)]
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


def test_a_file_that_vanishes_is_one_problem(folder: Folder, monkeypatch):
    real = intake.digest
    monkeypatch.setattr(intake, "digest", lambda files: [real(files), *(path.unlink() for path in files if path.stem == "宗地")][0])
    folder.csv("宗地.csv", PARCELS).csv("项目.csv", GOOD).load()
    assert told(folder) == [("宗地.csv", "unreadable_file")]
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]
