"""Which files are read, the manifest, and what stops a run."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from planning_check.errors import SourceError, Text, UsageError
from tests.ingest.conftest import Folder
from tests.widths import load

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"


def test_a_folder_with_everything_offices_leave_in_it(folder: Folder):
    for name in (
        "README.md",
        "readme.txt",
        "notes.md",
        ".hidden.csv",
        "~$项目.xlsx",
        "a.py",
        "x.yaml",
        "old.sqlite",
        "a.gpkg-wal",
        "b.qmd",
        "c.prj",
    ):
        (folder.path / name).write_text("x")
    (folder.path / "规划局").mkdir()
    (folder.path / "规划局" / "项目.csv").write_text(GOOD, "utf-8")
    folder.csv("区县.csv", "区县代码,区县名称\n610102,东区\n").load()
    assert folder.delivery.files == ("区县.csv", "规划局/项目.csv")
    assert folder.rows("SELECT file, sheet, length(sha256) FROM source") == [("区县.csv", "", 64), ("规划局/项目.csv", "", 64)]
    assert folder.problems() == []


def test_single_files_may_be_named(folder: Folder):
    folder.csv("项目.csv", GOOD)
    steps: list[tuple] = []
    delivery = load(folder.con, [folder.path / "项目.csv"], progress=lambda stage, done: steps.append((stage, done)))
    assert delivery.files == ("项目.csv",) and steps == [("ingest", 0.0), ("ingest", 1.0)]


def test_files_of_one_name_are_told_apart_by_their_folders(folder: Folder):
    paths = []
    for place in ("x/甲", "x/乙", "y/乙"):
        (folder.path / place).mkdir(parents=True)
        paths.append(folder.path / place / "项目.csv")
        paths[-1].write_text(GOOD.replace("P1", f"P{len(paths)}"), "utf-8")
    delivery = load(folder.con, paths)
    assert delivery.files == ("x/乙/项目.csv", "y/乙/项目.csv", "甲/项目.csv")
    assert folder.rows("SELECT count(DISTINCT file), count(*) FROM source") == [(3, 3)]


def test_manifest(folder: Folder):
    folder.csv("项目.csv", GOOD)
    (folder.path / "delivery.yaml").write_text(
        "title: {zh: 某市, en: A city}\nnotice: {zh: 虚构, en: invented}\nas_of: 2011-06-30\n", "utf-8"
    )
    found = folder.load().delivery
    assert (found.title, found.notice, found.as_of) == (Text("某市", "A city"), Text("虚构", "invented"), dt.date(2011, 6, 30))


@pytest.mark.parametrize(
    ("text", "line", "zh", "en"),
    [
        ("title: {zh: a, en: b}\ncity: x\n", 2, "不认识的键 city", "unknown key city"),
        ("title: x\n", 1, "要写 zh 和 en", "needs the two texts zh and en"),
        ("\nas_of: soon\n", 2, "as_of 应为日期", "as_of must be a day"),
        ("title: {zh: a, en: b}\ntitle: {zh: a, en: b}\n", 2, "不是合法的 YAML", "not valid YAML"),
        ("title: [\n", 2, "不是合法的 YAML", "not valid YAML"),
        ("- a\n", 1, "应为“键: 值”", "expected key: value"),
        ("title: {zh: a, en: b}\nas_of: 2011-06-31\n", 2, "没有这样的日期", "no such day"),
        ("title: a\0b\n", 1, "不是合法的 YAML", "not valid YAML"),
        ("title: " + "[" * 400 + "]" * 400, 1, "套叠的层数太多", "nested too deep"),
        ("title:\n" + "".join(" " * n + "a:\n" for n in range(1, 400)), 1, "套叠的层数太多", "nested too deep"),
        ("# 1\ntitle: 甲\n".encode("gbk"), 2, "不是 UTF-8", "not UTF-8"),
        (None, 1, "这是文件夹", "this is a folder"),
    ],
)
def test_a_wrong_manifest_says_where(folder: Folder, text, line, zh, en):
    folder.csv("项目.csv", GOOD)
    manifest = folder.path / "delivery.yaml"
    if text is None:
        manifest.mkdir()
    else:
        manifest.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as error:
        folder.load()
    assert error.value.exit_code == 2
    assert (
        f"delivery.yaml:{line}" in error.value.render("zh")
        and zh in error.value.render("zh")
        and "title、notice" in error.value.render("zh")
    )
    assert en in error.value.render("en") and "the keys are" in error.value.render("en")


def stopped(folder: Folder, *paths) -> tuple[str, str]:
    with pytest.raises(SourceError) as error:
        load(duckdb.connect(), paths or [folder.path])
    assert error.value.exit_code == 3
    return error.value.render("zh"), error.value.render("en")


def test_a_path_that_is_not_there(folder: Folder):
    zh, en = stopped(folder, folder.path / "没有.xlsx")
    assert "没有.xlsx" in zh and "找不到这个文件或文件夹" in zh and "检查路径" in zh
    assert "no such file or folder" in en and "check the path" in en


def test_nothing_in_the_folder(folder: Folder):
    zh, en = stopped(folder)
    assert "没有可核查的表" in zh and "文件夹里没有数据文件" in zh and "data/README.md" in zh
    assert "no table that could be checked" in en and "no data file in the folder" in en


def test_the_only_workbook_is_empty(folder: Folder):
    folder.workbook("空.xlsx", Sheet1=[])
    zh, en = stopped(folder)
    assert "空.xlsx：文件是空的" in zh and "处理：" in zh
    assert "空.xlsx: the file is empty" in en and "what to do: " in en


def test_the_only_file_is_broken(folder: Folder):
    (folder.path / "坏.xls").write_bytes(b"\0\1\2 not a workbook")
    zh, en = stopped(folder)
    assert "坏.xls：文件读不出" in zh and "坏.xls: the file cannot be read" in en


def test_nothing_is_recognised(folder: Folder):
    folder.workbook("a.xlsx", 说明=[["你好", "x"]]).csv("b.csv", "x,y\n1,2\n")
    (folder.path / "c.pdf").write_bytes(b"%PDF")
    zh, en = stopped(folder)
    assert "没有可核查的表" in zh and "a.xlsx > 说明、b.csv：看不出是哪一种表" in zh and "c.pdf：PDF 文件，其中的表格不读" in zh
    assert "a.xlsx > 说明, b.csv: no table of a delivery is recognised" in en
