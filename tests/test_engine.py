"""DuckDB is opened in one place: closed to files and network, silent on stdout, its settings fixed, its spill folder removed."""

import tempfile
from pathlib import Path

import duckdb
import pytest

import planning_check
from planning_check.engine import opened


def test_nothing_else_opens_duckdb():
    package = Path(planning_check.__file__).parent
    opening = [path.relative_to(package).as_posix() for path in package.rglob("*.py") if "duckdb.connect" in path.read_text("utf-8")]
    assert opening == ["engine.py"]


def test_it_writes_no_bar_and_keeps_its_settings():
    with opened() as con:
        assert con.execute("SELECT current_setting('enable_progress_bar'), current_setting('enable_external_access')").fetchone() == (
            False,
            False,
        )
        with pytest.raises(duckdb.Error, match="locked"):
            con.execute("SET enable_progress_bar = true")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "COPY (SELECT 1) TO '{file}.out'",
        "INSTALL spatial",
        "ATTACH '{file}.db'",
    ],
)
def test_it_reaches_no_file_and_no_network(tmp_path, sql):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with opened() as con, pytest.raises(duckdb.Error):
        con.execute(sql.format(file=(tmp_path / "a.csv").as_posix()))
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_what_it_spills_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with opened() as con:
        (spill,) = tmp_path.iterdir()
        assert Path(con.execute("SELECT current_setting('temp_directory')").fetchone()[0]) == spill
    assert list(tmp_path.iterdir()) == []
