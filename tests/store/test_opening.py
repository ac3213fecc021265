"""What cannot be opened is said in words that help, in both languages, and nothing is changed by trying."""

import sqlite3
from pathlib import Path

import pytest

from planning_check.errors import UsageError
from planning_check.store import findings, load_run, open_store, runs


def refused(url, **options):
    with pytest.raises(UsageError) as caught:
        open_store(url, **options)
    error = caught.value
    assert error.exit_code == 2
    assert error.render("zh") != error.render("en")
    return error.render("en")


def test_not_a_url():
    assert "not a database URL: runs.sqlite" in refused("runs.sqlite")
    assert "sqlite:///file.sqlite" in refused("runs.sqlite")


def test_a_password_is_not_shown():
    assert "secret" not in refused("me:secret@host")
    assert "secret" not in refused("mongodb://me:secret@host/x")
    assert "unknown kind of database" in refused("mongodb://me:secret@host/x")


def test_a_folder_that_is_not_there(tmp_path):
    assert "the folder does not exist" in refused(f"sqlite:///{tmp_path}/none/runs.sqlite")
    assert "a folder, not a database file" in refused(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path):
    text = tmp_path / "runs.sqlite"
    text.write_text("项目编号,项目名称\n", "utf-8")
    assert "not an SQLite database file" in refused(f"sqlite:///{text}")
    assert text.read_text("utf-8") == "项目编号,项目名称\n"


def test_a_damaged_database(tmp_path):
    path = tmp_path / "runs.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    assert "damaged or no database" in refused(f"sqlite:///{path}")


def test_a_database_of_another_program(tmp_path):
    path = tmp_path / "parcels.gpkg"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE gpkg_contents (x)")
    message = refused(f"sqlite:///{path}")
    assert "another program" in message
    assert "gpkg_contents" in message
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("gpkg_contents",)]


def test_a_newer_shape(engine, url):
    with sqlite3.connect(url.removeprefix("sqlite:///")) as other:
        other.execute("UPDATE planning_check_schema SET version = 99")
    assert "shape 99" in refused(url)
    assert "shape 99" in refused(url, write=False)


def test_a_lock(engine, url):
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "another program is using the database" in refused(url, wait_seconds=0.1)
    assert len(runs(open_store(url, write=False))) == 1, "reading goes on"
    other.close()


def test_read_only_can_be_read_and_not_written(engine, url):
    read_only = f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    assert "cannot be written" in refused(read_only)
    assert len(list(findings(open_store(read_only, write=False), 1))) == 7


def test_reading_makes_no_file(tmp_path):
    assert "no check is recorded here" in refused(f"sqlite:///{tmp_path / 'none.sqlite'}", write=False)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_a_new_database(tmp_path):
    (tmp_path / "new.sqlite").touch()
    engine = open_store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert runs(engine) == []
    with pytest.raises(UsageError, match="no check is recorded"):
        load_run(engine)


def test_in_memory_only():
    assert runs(open_store("sqlite://")) == []


@pytest.mark.parametrize("write", [True, False])
def test_an_older_database_is_left_as_it_is(engine, url, write):
    """Neither a reader nor a writer changes it, and both say the way out."""
    path = url.removeprefix("sqlite:///")
    engine.dispose()
    with sqlite3.connect(path) as other:
        other.execute("UPDATE planning_check_schema SET version = 3")
        other.execute("ALTER TABLE finding ADD COLUMN message_zh TEXT")
    before = Path(path).read_bytes()
    said = refused(url, write=write)
    assert "older version (shape 3" in said and "--db" in said
    assert Path(path).read_bytes() == before
