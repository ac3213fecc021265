"""MapInfo layers, drawings, and Shapefiles without their index: read as they are, within the delivery, nothing guessed."""

from __future__ import annotations

import os
import shutil
import signal
import zipfile

import geopandas
import pytest
import shapely

from planning_check.ingest import trial
from tests.ingest.conftest import Folder

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
SQUARE = [(500000, 3500000), (500100, 3500000), (500100, 3500100), (500000, 3500100)]
DEGREES, PLANE = "Earth Projection 1, 104", 'NonEarth Units "m" Bounds (0, 0) (1000000, 10000000)'


def mif(folder: Folder, charset: str, encoding: str, system: str = DEGREES, name: str = "宗地") -> None:
    points = [(109, 32), (109.1, 32), (109.1, 32.1), (109, 32.1), (109, 32)] if system == DEGREES else [*SQUARE, SQUARE[0]]
    region = "Region 1\n  5\n" + "".join(f"{x} {y}\n" for x, y in points)
    head = f'Version 300\nCharset "{charset}"\nDelimiter ","\nCoordSys {system}\n'
    columns = "Columns 3\n  宗地编号 Char(10)\n  项目编号 Char(10)\n  宗地面积 Float\nData\n\n"
    folder.csv(f"{name}.mif", head + columns + region, encoding).csv(f"{name}.mid", '"东一","P1",1.5\n', encoding)


def pairs(*told: tuple[int, object]) -> str:
    return "".join(f"{code:>3}\n{value}\n" for code, value in told)


def line(layer: str, points: list, closed: int = 1) -> str:
    told = ((code, value) for point in points for code, value in zip((10, 20), point, strict=True))
    return pairs(
        (0, "LWPOLYLINE"), (5, "A1"), (100, "AcDbEntity"), (8, layer), (100, "AcDbPolyline"), (90, len(points)), (70, closed), *told
    )


def word(text: str, x: float, y: float) -> str:
    return pairs((0, "TEXT"), (5, "B1"), (8, "注记"), (10, x), (20, y), (30, 0), (40, 2.5), (1, text))


def dxf(*entities: str, page: str = "ANSI_936", blocks: str = "") -> str:
    head = pairs((0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, "AC1015"), (9, "$DWGCODEPAGE"), (3, page), (0, "ENDSEC"))
    told = pairs((0, "SECTION"), (2, "BLOCKS")) + blocks + pairs((0, "ENDSEC")) if blocks else ""
    return head + told + pairs((0, "SECTION"), (2, "ENTITIES")) + "".join(entities) + pairs((0, "ENDSEC"), (0, "EOF"))


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("WindowsSimpChinese", "gbk"), ("Neutral", "gbk"), ("WindowsLatin1", "gb18030"), ("UTF-8", "utf-8"), ("Neutral", "utf-8")],
)
def test_a_mif_is_read_in_the_encoding_that_its_texts_are_in(folder: Folder, charset, encoding):
    mif(folder, charset, encoding)
    before = {path: path.read_bytes() for path in folder.path.iterdir()}
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id, project_id FROM raw_parcels") == [("东一", "P1")]
    assert folder.one("SELECT crs FROM source WHERE file = '宗地.mif'") == ("EPSG:4326",)
    assert [(p["file"], p["code"]) for p in folder.problems()] == []
    assert all(path.read_bytes() == data for path, data in before.items()), "what was delivered stays as it is"


def test_a_plane_that_a_layer_does_not_name_is_asked_for(folder: Folder):
    mif(folder, "WindowsSimpChinese", "gbk", PLANE)
    folder.csv("项目.csv", GOOD).load()
    assert folder.one("SELECT crs FROM source WHERE file = '宗地.mif'") == (None,)
    assert [p["code"] for p in folder.problems()] == ["no_crs"]


def tab(folder: Folder, name: str = "宗地") -> None:
    frame = geopandas.GeoDataFrame(
        {"ZDDM": ["东一", "D2"], "XMBH": ["P1", "P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)] * 2, crs=4326
    )
    frame.to_file(folder.path / f"{name}.tab", driver="MapInfo File", encoding="GBK")


def test_a_tab_is_read_with_the_parts_of_its_name(folder: Folder):
    tab(folder)
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id, geometry IS NOT NULL FROM raw_parcels ORDER BY 1") == [("D2", True), ("东一", True)]
    assert folder.rows("SELECT file FROM source ORDER BY 1") == [("宗地.tab",), ("项目.csv",)]
    assert folder.problems() == []


@pytest.mark.parametrize(("kind", "part"), [("tab", ".dat"), ("tab", ".map"), ("tab", ".id"), ("mif", ".mid")])
def test_a_part_that_is_not_there_is_named(folder: Folder, kind, part):
    tab(folder) if kind == "tab" else mif(folder, "Neutral", "gbk")
    (folder.path / f"宗地{part}").unlink()
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [(f"宗地.{kind}", "mapinfo_parts")]
    assert part in folder.one("SELECT what_zh FROM problem")[0]


@pytest.mark.parametrize(
    "text",
    [
        '!table\n!version 100\nOpen Table "{outside}" Hide\nCreate View v As Select * From outside\n',
        '!table\n!version 300\nDefinition Table\n  Type NATIVE Charset "Neutral"\n  Fields 1\n    a Char (9) ;\n'
        'begin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n',
        '!table\n!version 300\nDefinition Table\n  File "{outside}"\n  Type "RASTER"\n',
        '!table\n!version 300\nDefinition Table\n  Type LINKED Charset "Neutral"\n',
    ],
)
def test_a_tab_does_not_lead_to_other_files(folder: Folder, text):
    outside = folder.outside("secret.tab")
    (folder.path / "宗地.tab").write_text(text.format(outside=outside), "utf-8")
    for end in (".dat", ".map", ".id"):
        (folder.path / f"宗地{end}").write_bytes(bytes(600))
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.tab", "layer_file")]
    assert folder.rows("SELECT * FROM raw_parcels") == []


def test_parts_that_are_links_out_are_not_followed(folder: Folder, tmp_path):
    tab(folder)
    (folder.path / "宗地.dat").rename(tmp_path / "outside.dat")
    (folder.path / "宗地.dat").symlink_to(tmp_path / "outside.dat")
    folder.csv("项目.csv", GOOD).load()
    assert {(p["file"], p["code"]) for p in folder.problems()} >= {("宗地.tab", "link_outside")}
    assert folder.rows("SELECT * FROM raw_parcels") == []


@pytest.mark.parametrize(("page", "encoding"), [("ANSI_936", "gbk"), ("ANSI_1252", "utf-8"), ("ANSI_1252", "gbk"), ("UTF-8", "utf-8")])
def test_what_is_closed_in_a_drawing_is_told_with_what_is_written_in_it(folder: Folder, page, encoding):
    other = [(x + 500, y) for x, y in SQUARE]
    text = dxf(
        line("宗地", SQUARE), word("东一", 500050, 3500050), line("宗地", [*other, other[0]], 0), line("道路", SQUARE[:3], 0), page=page
    )
    folder.csv("红线.dxf", text, encoding).csv("项目.csv", GOOD).load()
    seen = folder.rows("SELECT sheet, rows_seen FROM sheet_seen WHERE file = '红线.dxf'")
    assert seen == [("宗地", 2)]
    told = {(p["sheet"], p["code"]): p["what_en"] for p in folder.problems()}
    assert set(told) == {("宗地", "closed_shapes"), ("宗地", "unknown_layer")} and "1 other shapes" in told["宗地", "closed_shapes"]
    assert folder.rows("SELECT table_name FROM unread WHERE file = '红线.dxf'") == [("parcels",)]


def filled(x: float, y: float, **values: str) -> str:
    """A block put in, with what is filled in of it."""
    put = pairs((0, "INSERT"), (5, "C1"), (8, "宗地"), (66, 1), (2, "标注"), (10, x), (20, y), (30, 0))
    told = (
        pairs((0, "ATTRIB"), (5, "C2"), (100, "AcDbEntity"), (8, "宗地"), (100, "AcDbText"), (10, x), (20, y + n), (30, 0), (40, 2.5),
              (1, value), (11, 0), (21, 0), (31, 0), (100, "AcDbAttribute"), (280, 0), (2, tag), (70, 0))
        for n, (tag, value) in enumerate(values.items())
    )  # fmt: skip
    return put + "".join(told) + pairs((0, "SEQEND"), (5, "C3"), (8, "宗地"))


def test_what_is_filled_in_of_a_block_is_told_of_the_shape_that_it_stands_in(folder: Folder):
    other = [(x + 500, y) for x, y in SQUARE]
    text = dxf(
        line("宗地", SQUARE), line("宗地", other), filled(500050, 3500050, 宗地编号="东一", 项目编号="P1", Text="备注"),
        filled(500550, 3500050, 宗地编号="东二", 项目编号="P1"), filled(400000, 3500050, 宗地编号="外面", 项目编号="P1"),
        blocks=block("标注", word("不是宗地", 500050, 3500050)),
    )  # fmt: skip
    folder.csv("红线.dxf", text, "gbk").csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id, project_id, geometry IS NOT NULL FROM raw_parcels ORDER BY 1") == [
        ("东一", "P1", True), ("东二", "P1", True),
    ]  # fmt: skip
    assert "3 other shapes" in folder.problems("closed_shapes")[0]["what_en"], "the blocks themselves are told as left out"


def test_a_drawing_of_more_tags_than_are_read_is_named(folder: Folder):
    folder.csv("红线.dxf", dxf(line("宗地", SQUARE), filled(500050, 3500050, **{f"t{n}": "x" for n in range(2_000)})))
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("红线.dxf", "too_large_file")]


def test_two_fillings_in_one_shape_are_no_code_of_one(folder: Folder):
    text = dxf(line("宗地", SQUARE), filled(500050, 3500050, 宗地编号="D1", 项目编号="P1"), filled(500060, 3500050, 宗地编号="D2"))
    folder.csv("红线.dxf", text, "gbk").csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1 D2",)], "told as they stand, and neither"


def test_a_drawing_without_closed_lines_is_named(folder: Folder):
    folder.csv("红线.dxf", dxf(line("宗地", SQUARE, 0))).csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("红线.dxf", "drawing_file")]


def test_a_drawing_does_not_lead_to_others(folder: Folder, tmp_path):
    (tmp_path / "outside.dxf").write_text(dxf(line("宗地", SQUARE)), "utf-8")
    block = pairs((0, "BLOCK"), (8, "0"), (2, "x"), (70, 4), (10, 0), (20, 0), (3, "x"), (1, tmp_path / "outside.dxf"), (0, "ENDBLK"))
    insert = pairs((0, "INSERT"), (8, "宗地"), (2, "x"), (10, 0), (20, 0))
    folder.csv("红线.dxf", dxf(insert, blocks=block)).csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("红线.dxf", "drawing_file")]


def test_a_shapefile_without_its_index_is_read_and_left_as_it_is(folder: Folder):
    frame = geopandas.GeoDataFrame({"ZDDM": ["D1", "D2"], "XMBH": ["P1", "P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)] * 2, crs=4490)
    frame.to_file(folder.path / "宗地.shp", encoding="utf-8")
    (folder.path / "宗地.shx").unlink()
    before = sorted(folder.path.iterdir())
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id, geometry IS NOT NULL FROM raw_parcels ORDER BY 1") == [("D1", True), ("D2", True)]
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.shp", "restored_index")]
    assert sorted(folder.path.iterdir()) == sorted([*before, folder.path / "项目.csv"])


def block(name: str, body: str) -> str:
    return pairs((0, "BLOCK"), (8, "0"), (2, name), (70, 0), (10, 0), (20, 0), (3, name)) + body + pairs((0, "ENDBLK"))


@pytest.mark.parametrize("bomb", ["array", "nested"])
def test_blocks_do_not_multiply(folder: Folder, bomb):
    put = pairs((0, "INSERT"), (8, "宗地"), (2, "x"), (10, 0), (20, 0))
    blocks = block("x", line("宗地", SQUARE))
    if bomb == "array":
        put += pairs((70, 30000), (71, 30000), (44, 1), (45, 1))
    else:
        blocks += "".join(block(f"x{n}", 2 * put.replace("x\n", f"x{n - 1 or ''}\n")) for n in range(1, 28))
        put = put.replace("x\n", "x27\n")
    folder.csv("红线.dxf", dxf(line("宗地", SQUARE), put, blocks=blocks)).csv("项目.csv", GOOD).load()
    assert folder.one("SELECT rows_seen FROM sheet_seen WHERE file = '红线.dxf'") == (1,)
    assert "other shapes were not" in folder.problems("closed_shapes")[0]["what_en"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process of its own")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_what_ends_the_reader_of_a_layer_is_a_problem_of_the_file(folder: Folder, monkeypatch, how):
    tab(folder)
    monkeypatch.setattr(
        trial, "_bounded", lambda *_: (signal.signal(how, signal.SIG_DFL) if how != signal.SIGKILL else 0, os.kill(os.getpid(), how))
    )
    monkeypatch.setattr(trial._SPAWNED, "tried", lambda *_: -how)  # a process of its own comes to the same
    folder.csv("项目.csv", GOOD).load()
    assert [(p["file"], p["code"]) for p in folder.problems()] == [("宗地.tab", "unreadable_file")]
    assert f"signal {int(how)}" in folder.one("SELECT what_en FROM problem")[0]


def packed(folder: Folder, name: str, below: str) -> None:
    """Everything that is in the folder, in an archive instead."""
    held = [path for path in folder.path.rglob("*") if path.is_file()]
    with zipfile.ZipFile(folder.path / name, "w") as package:
        for path in held:
            package.write(path, below + path.relative_to(folder.path).as_posix())
    for path in folder.path.iterdir():
        if path.name != name:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.parametrize("below", ["", "报送/国土/"])
@pytest.mark.parametrize("form", ["gdb", "tab", "mif"])
def test_layers_of_many_files_are_read_out_of_an_archive(folder: Folder, form, below):
    if form == "mif":
        mif(folder, "Neutral", "gbk")
    elif form == "tab":
        tab(folder)
    else:
        frame = geopandas.GeoDataFrame({"ZDDM": ["东一"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
        frame.to_file(folder.path / "宗地.gdb", driver="OpenFileGDB", layer="宗地")
    packed(folder, "报送.zip", below)
    folder.csv("项目.csv", GOOD).load()
    assert ("东一", True) in folder.rows("SELECT parcel_id, geometry IS NOT NULL FROM raw_parcels")
    assert [p for p in folder.problems() if p["code"] != "missing_column"] == []


@pytest.mark.parametrize("below", ["", "宗地库/"])
def test_a_geodatabase_whose_files_are_packed_without_their_folder(folder: Folder, below):
    """Or in one of another name."""
    frame = geopandas.GeoDataFrame({"ZDDM": ["东一"], "XMBH": ["P1"]}, geometry=[shapely.box(109, 32, 109.1, 32.1)], crs=4490)
    frame.to_file(folder.path / "宗地.gdb", driver="OpenFileGDB", layer="宗地")
    for path in list((folder.path / "宗地.gdb").iterdir()):
        path.rename(folder.path / path.name)
    (folder.path / "宗地.gdb").rmdir()
    packed(folder, "宗地.gdb.zip", below)
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("东一",)]
