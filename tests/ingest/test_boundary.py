"""Whatever is raised over one file, anywhere on its way into the tables, is that file's problem; what is no file's ends the reading."""

from __future__ import annotations

import duckdb
import geopandas
import pyarrow as pa
import pytest
import shapely

from planning_check.engine import opened
from planning_check.ingest import intake, readers, staging, unite
from tests.ingest.conftest import Folder
from tests.widths import load

GOOD = "项目编号,项目名称,区县\nP1,甲,610102\n"
PARCELS = "宗地编号,项目编号\nD1,P1\nD2,P1\n"


@pytest.fixture
def bad(folder: Folder) -> Folder:
    """A ledger beside a workbook of two sheets and a layer."""
    folder.csv("项目.csv", GOOD).workbook(
        "宗地.xlsx", 宗地=[["宗地编号", "项目编号"], ["D1", "P1"]], 宗地二=[["宗地编号", "项目编号"], ["D2", "P1"]]
    )
    shapes = [shapely.box(109, 32, 109.1, 32.1)]
    geopandas.GeoDataFrame({"宗地编号": ["D3"], "项目编号": ["P1"]}, geometry=shapes, crs=4490).to_file(
        folder.path / "红线.gpkg", layer="宗地"
    )
    return folder


def told(folder: Folder) -> list[tuple]:
    return folder.rows("SELECT file, code FROM problem WHERE code IN ('unreadable_file', 'internal_error') ORDER BY ALL")


def parcels(folder: Folder) -> list[str]:
    return [key for (key,) in folder.rows("SELECT parcel_id FROM raw_parcels ORDER BY 1")]


def failing(monkeypatch, where, what: str, error: BaseException, when) -> None:
    real = getattr(where, what)

    def fails(*given, **named):
        if when(*given):
            raise error
        return real(*given, **named)

    monkeypatch.setattr(where, what, fails)


ERRORS = [
    (duckdb.ConversionException("no number"), "unreadable_file"),
    (duckdb.InvalidInputException("Invalid unicode"), "unreadable_file"),
    (pa.ArrowInvalid("no offsets"), "unreadable_file"),
    (OSError(5, "Input/output error"), "unreadable_file"),
    (KeyError("x"), "internal_error"),
    (RecursionError(), "internal_error"),
]


@pytest.mark.parametrize(("error", "code", "half_way"), [(*told, number % 2 == 1) for number, told in enumerate(ERRORS)])
def test_a_sheet_that_cannot_be_staged(bad: Folder, monkeypatch, error, code, half_way):
    """The sheet before it stays; nothing of it does, though its rows were in already."""
    calls = []
    second = lambda *given: not calls.append(given) and len(calls) == 2  # noqa: E731
    failing(monkeypatch, staging.Staging, "_close" if half_way else "add_sheet", error, second)
    bad.load()
    assert [file for file, _ in told(bad)] == ["宗地.xlsx"] and told(bad)[0][1] == code
    assert folder_is_whole(bad) and "D2" not in parcels(bad) and "D3" in parcels(bad)
    assert bad.rows("SELECT count(*) FROM unread WHERE file = '宗地.xlsx'") == [(1,)]


def folder_is_whole(folder: Folder) -> bool:
    """Every row and every heading is of a source, and the rows of each add up."""
    rows = folder.rows("SELECT DISTINCT source_id FROM raw_row") + folder.rows("SELECT DISTINCT source_id FROM source_column")
    rows += folder.rows("SELECT DISTINCT source_id FROM heading_seen WHERE source_id IS NOT NULL")
    sources = folder.rows("SELECT source_id, rows_read, rows_used + rows_quarantined FROM source")
    return {n for (n,) in rows} == {n for n, *_ in sources} and all(read == used for _, read, used in sources)


@pytest.mark.parametrize(("error", "code"), ERRORS[2:5])
def test_a_layer_that_cannot_be_staged(bad: Folder, monkeypatch, error, code):
    failing(monkeypatch, staging.Staging, "_mark_long_numbers", error, lambda *_: True)
    bad.load()
    assert told(bad) == [("红线.gpkg", code)]
    assert parcels(bad) == ["D1", "D2"] and folder_is_whole(bad)


@pytest.mark.parametrize("what", ["kind_of", "see_table", "key_of"])
def test_a_fault_of_the_program_is_told_with_its_place_and_the_rest_is_read(bad: Folder, monkeypatch, what):
    seen = []
    failing(monkeypatch, intake, what, TypeError("of ours"), lambda *given: not seen.append(given) and len(seen) == 1)
    bad.load()
    ((_, code),) = told(bad)
    assert code == "internal_error" and folder_is_whole(bad)
    assert "TypeError, test_boundary.py:" in bad.one("SELECT what_en FROM problem WHERE code = 'internal_error'")[0]


def test_a_reader_that_fails(bad: Folder, monkeypatch):
    failing(monkeypatch, readers, "_notes", ZeroDivisionError(), lambda *_: True)
    bad.load()
    assert told(bad) == [("宗地.xlsx", "unreadable_file")] and parcels(bad) == ["D3"]


@pytest.mark.parametrize(("error", "code"), [ERRORS[0], ERRORS[4]])
def test_where_the_rows_of_a_file_cannot_be_typed_that_file_is_left_out(bad: Folder, monkeypatch, error, code):
    real = unite.build_tables

    def fails(con, tables, *given, **named):
        if con.execute("SELECT count(*) FROM raw_parcels WHERE parcel_id = 'D2'").fetchall() != [(0,)]:
            raise error
        real(con, tables, *given, **named)

    monkeypatch.setattr(unite, "build_tables", fails)
    bad.load()
    assert told(bad) == [("宗地.xlsx", code)] and parcels(bad) == ["D3"] and folder_is_whole(bad)


def test_files_alone_are_read_within_the_limits_of_the_run(bad: Folder, monkeypatch):
    real, seen = unite.build_tables, []

    def fails(con, tables, *given, **named):
        seen.append(con.execute("SELECT current_setting('threads'), current_setting('memory_limit')").fetchall()[0])
        if con.execute("SELECT count(*) FROM raw_parcels WHERE parcel_id = 'D2'").fetchall() != [(0,)]:
            raise TypeError("of ours")
        real(con, tables, *given, **named)

    monkeypatch.setattr(unite, "build_tables", fails)
    with opened(threads=1, memory="300MB") as con:
        load(con, [bad.path])
        assert con.execute("SELECT parcel_id FROM raw_parcels").fetchall() == [("D3",)]
    assert len(seen) > 3 and {(threads, memory[:4]) for threads, memory in seen} == {(1, "286.")}, seen


@pytest.mark.parametrize(
    "error", [MemoryError(), duckdb.OutOfMemoryException("full"), duckdb.IOException("disk full"), duckdb.InternalException("x"),
              RuntimeError("Query interrupted"), KeyboardInterrupt()], ids=lambda error: type(error).__name__,
)  # fmt: skip
def test_what_is_no_files_fault_ends_the_reading(bad: Folder, monkeypatch, error):
    failing(monkeypatch, staging.Staging, "add_layer", error, lambda *_: True)
    with pytest.raises(type(error)):
        bad.load()


def test_an_error_over_all_files_together_is_none_of_one(bad: Folder, monkeypatch):
    def fails(con, tables, *given, **named):
        if con.execute("SELECT count(DISTINCT file) FROM source").fetchall() == [(3,)]:
            raise KeyError("of all")
        real(con, tables, *given, **named)

    real = unite.build_tables
    monkeypatch.setattr(unite, "build_tables", fails)
    with pytest.raises(KeyError, match="of all"):
        bad.load()
