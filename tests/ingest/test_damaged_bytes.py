"""Files of every kind with bytes changed, cut out, doubled or cut off: no error leaves the reading, every row is accounted for,
the rest is read.

A few of each kind here, always the same ones; ``PLANNING_CHECK_DAMAGED=100`` tries so many of each, ``PLANNING_CHECK_DAMAGED_SEED`` others.
"""

from __future__ import annotations

import json
import os
import random
import warnings
import zipfile
import zlib
from pathlib import Path

import geopandas
import pytest
import shapely

from planning_check.engine import opened
from planning_check.ingest.problems import CATALOGUE
from tests.ingest.conftest import Folder
from tests.ingest.test_bad_input import dbf
from tests.ingest.test_formats import row, spreadsheet, xlsb
from tests.ingest.test_layer_forms import POLYGON, kml, topology
from tests.ingest.test_mapinfo_and_drawings import SQUARE, dxf, line, mif, tab, word
from tests.widths import load

HERE = Path(__file__).parent
TIMES = int(os.environ.get("PLANNING_CHECK_DAMAGED", "2"))
SEED = int(os.environ.get("PLANNING_CHECK_DAMAGED_SEED", "11"))
GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
ROWS = [["宗地编号", "项目编号", "宗地面积"], *([f"D{n}", f"P{n % 3}", str(100 + n)] for n in range(40))]
GEODATABASE = tuple(
    f"宗地.gdb/a0000000{number}.{end}"
    for number, ends in ((1, "gdbtable gdbtablx"), (4, "gdbtable"), (9, "gdbtable gdbtablx"))
    for end in ends.split()
)
KINDS = {
    "csv": ("宗地.csv",),
    "tsv": ("宗地.tsv",),
    "xlsx": ("宗地.xlsx",),
    "xls": ("宗地.xls",),
    "ods": ("宗地.ods",),
    "geojson": ("宗地.geojson",),
    "gpkg": ("宗地.gpkg",),
    "dbf": ("宗地.dbf",),
    "kml": ("宗地.kml",),
    "kmz": ("宗地.kmz",),
    "topojson": ("宗地.topojson",),
    "parquet": ("宗地.parquet",),
    "gdb": GEODATABASE,
    "xml": ("宗地.xml",),
    "html": ("宗地.html",),
    "json": ("宗地.json",),
    "xlsb": ("宗地.xlsb",),
    "zip": ("宗地.zip",),
    "mif": ("宗地.mif", "宗地.mid"),
    "tab": ("宗地.tab", "宗地.dat", "宗地.map", "宗地.id"),
    "dxf": ("宗地.dxf",),
    "xlsm": ("宗地.xlsm",),
    "txt": ("宗地.txt",),
    "jsonl": ("宗地.jsonl",),
    "shp": ("宗地.shp", "宗地.dbf", "宗地.shx", "宗地.prj", "宗地.cpg"),
}


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("宗地.csv", "\n".join(",".join(line) for line in ROWS))
        package.writestr("甲/宗地二.csv", "\n".join(";".join(line) for line in ROWS))


def _kmz(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("doc.kml", _placemarks())


def _placemarks() -> str:
    data = '<ExtendedData><Data name="宗地编号"><value>D{n}</value></Data><Data name="项目编号"><value>P1</value></Data></ExtendedData>'
    return kml("".join(f"<Placemark>{data.replace('{n}', str(n))}{POLYGON}</Placemark>" for n in range(20)))


MADE = {
    "mif": lambda path: mif(Folder(path.parent), "Neutral", "gbk"),
    "tab": lambda path: tab(Folder(path.parent)),
    "dxf": lambda path: path.write_text(dxf(line("宗地", SQUARE), word("D1", 500050, 3500050), line("宗地", SQUARE, 0)), "gbk"),
    "xlsm": lambda path: Folder(path.parent).workbook("宗地.xlsm", 宗地=ROWS),
    "txt": lambda path: path.write_text("\n".join("\t".join(line) for line in ROWS), "utf-16"),
    "jsonl": lambda path: path.write_text("\n".join(json.dumps(dict(zip(ROWS[0], line, strict=True))) for line in ROWS[1:]), "utf-8"),
    "dbf": lambda path: path.write_bytes(
        dbf([(b"ZDDM", b"C", 6), (b"XMBH", b"C", 6), (b"ZDMJ", b"N", 8)], [f"D{n:<5}P{n % 3:<5}{100 + n:>8}".encode() for n in range(40)])
    ),
    "kml": lambda path: path.write_text(_placemarks(), "utf-8"),
    "kmz": _kmz,
    "topojson": lambda path: path.write_text(json.dumps(topology(transform=True), ensure_ascii=False), "utf-8"),
    "xml": lambda path: path.write_text(spreadsheet("".join(row(*line) for line in ROWS)), "utf-8"),
    "html": lambda path: path.write_text("<table><tr><td>" + "<tr><td>".join("<td>".join(line) for line in ROWS) + "</table>", "gbk"),
    "json": lambda path: path.write_text(json.dumps([dict(zip(ROWS[0], line, strict=True)) for line in ROWS[1:]]), "utf-8"),
    "xlsb": lambda path: path.write_bytes(xlsb(ROWS)),
    "zip": _zip,
}  # fmt: skip


def made(folder: Folder, kind: str) -> None:
    if kind in ("csv", "tsv"):
        text = "\n".join(("," if kind == "csv" else "\t").join(row) for row in ROWS)
        folder.csv(f"宗地.{kind}", text, "gb18030" if kind == "csv" else "utf-8")
    elif kind in MADE:
        MADE[kind](folder.path / f"宗地.{kind}")
    elif kind == "xlsx":
        folder.workbook("宗地.xlsx", 宗地=ROWS)
    elif kind in ("xls", "ods"):
        (folder.path / f"宗地.{kind}").write_bytes((HERE / f"shown.{kind}").read_bytes())
    else:
        names = ("宗地编号", "项目编号", "宗地面积") if kind != "shp" else ("ZDDM", "XMBH", "ZDMJ")
        columns = dict(zip(names, map(list, zip(*ROWS[1:], strict=True)), strict=True))
        shapes = [shapely.box(109 + n / 100, 32, 109.005 + n / 100, 32.005) for n in range(40)]
        frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs=4490)
        if kind == "parquet":
            frame.to_parquet(folder.path / "宗地.parquet")
        elif kind == "gdb":
            frame.to_file(folder.path / "宗地.gdb", driver="OpenFileGDB", layer="宗地")
        else:
            frame.to_file(folder.path / f"宗地.{kind}", **({"encoding": "utf-8"} if kind == "shp" else {}))


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, length = chance.randrange(len(data) + 1), chance.choice((1, 1, 2, 4, 16, 200))
        piece = data[at : at + length]
        new = chance.choice(
            (b"", piece * 2, bytes(length), b"\xff" * length, chance.randbytes(length), bytes(b ^ 1 << chance.randrange(8) for b in piece))
        )
        data = data[:at] + new + data[at + len(piece) :]
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.1 else data


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_ends_nothing(folder: Folder, kind):
    made(folder, kind)
    folder.csv("项目.csv", GOOD)
    whole = {name: (folder.path / name).read_bytes() for name in KINDS[kind]}
    chance = random.Random(SEED * 1000 + zlib.crc32(kind.encode()))
    for number in range(TIMES):
        name = chance.choice(KINDS[kind])
        for each, data in whole.items():
            (folder.path / each).write_bytes(damaged(data, chance) if each == name else data)
        with opened() as con, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            load(con, [folder.path])
            sources = con.execute("SELECT file, rows_read, rows_used, rows_quarantined FROM source").fetchall()
            problems = con.execute("SELECT file, code, what_zh, fix_zh FROM problem").fetchall()
            projects = con.execute("SELECT project_id FROM projects WHERE project_id = 'P1'").fetchall()
        of = f"{kind} {number} {name}"
        assert all(read == used + aside for _, read, used, aside in sources), of
        assert "项目.csv" in {file for file, *_ in sources} and projects == [("P1",)], of
        assert any(file.startswith("宗地") for file, *_ in [*sources, *problems]), f"{of}: neither read nor a problem"
        assert all(code in CATALOGUE and what and fix for _, code, what, fix in problems), of
