"""Workbooks that ask for more memory or time than there is: one problem each, and the rest of the delivery is read."""

from __future__ import annotations

import os
import signal
import zipfile
from pathlib import Path

import openpyxl
import pytest

from planning_check.ingest import trial
from planning_check.ingest.workbook_package import Package
from tests.ingest.conftest import Folder

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux")
GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
ROWS = [["宗地编号", "项目编号"], ["D1", "P1"]]
HERE = Path(__file__).parent


def told(folder: Folder) -> list[tuple]:
    return [(p["file"], p["code"]) for p in folder.problems() if p["code"] != "missing_column"]


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {entry.filename: package.read(entry) for entry in package.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="B2"', b'r="XFD1048576"'),
        (b'r="B2"', b"r='XFD1048576'"),
        (b'<row r="2"', b'<row r="4294967295"'),
        (b'r="B2"', b'r="B4294967295"'),
        (b'r="B2"', b'r="ZZZZ1048576"'),
        (b'r="A2"', b'r="ZZ1048576"'),
    ],
)
def test_a_cell_far_away(folder: Folder, capfd, old, new):
    folder.workbook("宗地.xlsx", 宗地=ROWS)
    rewritten(folder.path / "宗地.xlsx", "xl/worksheets/sheet1.xml", old, new)
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) in ([("宗地.xlsx", "unreadable_file")], []), "or as one of few rows"
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("extent", [b"A1:XFD1048576", b"A1:ZZZZ4294967295", b"A1"])
def test_the_extent_that_a_sheet_tells_of_itself_is_not_laid_out(folder: Folder, extent):
    folder.workbook("宗地.xlsx", 宗地=ROWS)
    rewritten(folder.path / "宗地.xlsx", "xl/worksheets/sheet1.xml", b'<dimension ref="A1:B2"', b'<dimension ref="' + extent + b'"')
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT parcel_id FROM raw_parcels") == [("D1",)] and told(folder) == []
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


def test_a_far_cell_that_can_be_read_is(folder: Folder, monkeypatch):
    monkeypatch.setattr(trial, "_CELLS", 100)
    book = openpyxl.Workbook()
    book.active.title = "宗地"
    for row in ROWS:
        book.active.append(row)
    book.active["A3000"] = "D2"
    book.active["B3000"] = "P1"
    book.active["BA2"] = "x"
    book.save(folder.path / "宗地.xlsx")
    folder.csv("项目.csv", GOOD).load()
    assert "unreadable_file" not in dict(told(folder)).values()
    assert folder.rows("SELECT parcel_id FROM raw_parcels ORDER BY 1") == [("D1",), ("D2",)]


def ods(folder: Folder, rows: str) -> None:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="宗地">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(folder.path / "宗地.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
        package.writestr(
            "META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )


CELL = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
WIDE = ' table:number-columns-repeated="1000000000"'
HEAD = f"<table:table-row>{CELL.format('', '宗地编号')}{CELL.format('', '项目编号')}</table:table-row>"


@pytest.mark.parametrize(
    "row",
    [
        f"<table:table-row>{CELL.format(WIDE, 'D1')}</table:table-row>",
        f"<table:table-row><table:table-cell{WIDE}/>{CELL.format('', 'D1')}</table:table-row>",
        f"<table:table-row>{CELL.format(WIDE, 'D1').replace('string', 'float')}</table:table-row>",
    ],
)
def test_a_cell_repeated_for_ever(folder: Folder, row):
    ods(folder, HEAD + row)
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT count(*) FROM projects") == [(1,)]


def test_an_xls_that_asks_for_gigabytes_or_panics(folder: Folder, capfd):
    data = (HERE / "shown.xls").read_bytes()
    for number, at in enumerate(range(512, len(data), len(data) // 12)):
        (folder.path / f"宗地{number}.xls").write_bytes(data[:at] + b"\xff\xff\xff\x7f" * 3 + data[at + 12 :])
        (folder.path / f"短{number}.xls").write_bytes(data[:at])
    folder.csv("项目.csv", GOOD).load()
    assert folder.rows("SELECT count(*) FROM projects WHERE project_id = 'P1'") == [(1,)]
    assert "panicked" not in capfd.readouterr().err


def test_what_ends_the_process_is_a_problem_of_the_file(folder: Folder, monkeypatch):
    monkeypatch.setattr(trial, "_bounded", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    (folder.path / "宗地.xls").write_bytes((HERE / "shown.xls").read_bytes())
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [("宗地.xls", "unreadable_file")]
    assert "signal 9" in folder.one("SELECT what_en FROM problem WHERE code = 'unreadable_file'")[0]


def test_what_hangs_is_ended(folder: Folder, monkeypatch):
    real = trial._bounded
    monkeypatch.setattr(trial, "MOST_SECONDS", 1)
    monkeypatch.setattr(trial, "_bounded", lambda *limits: (real(*limits), all(iter(int, 1)), [None for _ in iter(int, 1)]))
    (folder.path / "宗地.xls").write_bytes((HERE / "shown.xls").read_bytes())
    folder.csv("项目.csv", GOOD).load()
    assert told(folder) == [("宗地.xls", "unreadable_file")]


@pytest.mark.parametrize(
    ("cells", "vast"),
    [
        (("A1", "Z99999"), False), (("A1", "CV9999"), False), (("CV1", "A10000"), False), (("CV1", "Z80000"), False),
        (("CV1", "Z80001"), True),
        (("A307692",), False), (("A307693",), True), (("ABCD1",), True), (("B12345678901",), True), (("XFD1",), True), (("IV1",), False),
        (("AZ99999",), False), (("BA1", "A99999"), False), (("CC1", "A99999"), True), (("A999999",), True),
    ],
)  # fmt: skip
def test_the_rectangle_is_counted_to_the_cell(tmp_path, cells, vast):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("sheet.xml", " ".join(f'<c r="{cell}"/>' for cell in cells))
    assert trial._is_vast(Package(tmp_path / "a.xlsx"), "sheet.xml") is vast


BEGUN = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="9999999999"'


@pytest.mark.parametrize(
    ("begun", "doubtful"),
    [
        (f"{BEGUN}>", False), (f'{BEGUN} uniqueCount="1">', False), (f'{BEGUN} uniqueCount="9999999999">', True),
        (f"{BEGUN} a='>' uniqueCount = '9999999999' >", True), (f"<!--{'x' * 70_000}-->{BEGUN}>", True),
    ],
)  # fmt: skip
def test_a_list_of_texts_that_says_it_is_longer_than_there_is_room_for_is_tried_first(folder: Folder, begun, doubtful):
    """The reader takes that many places before it has read one: a few bytes would end the program."""
    book = openpyxl.Workbook()
    book.active.title = "宗地"
    for row in ROWS:
        book.active.append(row)
    book.save(folder.path / "宗地.xlsx")
    with zipfile.ZipFile(folder.path / "宗地.xlsx", "a") as package:
        assert "xl/sharedStrings.xml" not in package.namelist(), "the texts stand in their cells"
        package.writestr("xl/sharedStrings.xml", f"{begun}<si><t>甲</t></si></sst>")
    assert trial._doubtful(Package(folder.path / "宗地.xlsx")) is doubtful
    folder.csv("项目.csv", GOOD).load()
    ends = "uniqueCount" in begun and doubtful
    assert told(folder) == ([("宗地.xlsx", "unreadable_file")] if ends else [])
    assert folder.rows("SELECT count(*) FROM raw_parcels WHERE parcel_id = 'D1'") == [(0 if ends else 1,)]
    assert folder.rows("SELECT project_id FROM projects") == [("P1",)], "and the rest is read"
