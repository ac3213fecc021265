"""What cannot be opened is said in words that help, in both languages, and nothing is changed by trying."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from planning_check.errors import ActionableError, UsageError
from planning_check.store import findings, load_run, open_store, runs, save_run
from planning_check.store.address import parsed, shown
from tests.store.tables import TELLINGS, connection, manifest


def refused(url, *, code=2, **options):
    with pytest.raises(ActionableError) as caught:
        open_store(url, **options)
    error = caught.value
    assert error.exit_code == code
    assert error.render("zh") != error.render("en")
    return error.render("en")


@pytest.mark.parametrize("given", ["", "://x", "sqlite://[", "a\x00b"])
def test_not_an_address(given):
    assert "not a database URL" in refused(given)
    assert "sqlite:///file.sqlite" in refused(given)


@pytest.mark.parametrize("name", ["runs.sqlite", "a b.sqlite", "a?b#c.sqlite", "棠川%20.sqlite", "a@b.sqlite"])
def test_a_path_is_a_file(tmp_path, name):
    engine = open_store(str(tmp_path / name))
    save_run(engine, connection(), manifest(), TELLINGS)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert len(runs(open_store(str(tmp_path / name), write=False))) == 1


def test_what_a_url_would_drop_is_refused(tmp_path):
    assert "the ? of this address is unknown" in refused(f"sqlite:///{tmp_path}/a?b#c")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("sqlite:///runs.sqlite", "runs.sqlite"),
        ("runs.sqlite", "runs.sqlite"),
        ("postgresql+psycopg://me:secret@cityhall:5433/planning", "postgresql cityhall:5433 planning"),
        ("postgresql+psycopg://me:secret@/planning?host=/run/postgresql", "postgresql /run/postgresql planning"),
        ("postgresql+psycopg:///?host=/run/postgresql&dbname=planning&password=secret", "postgresql /run/postgresql planning"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, seen):
    pytest.importorskip("psycopg")
    assert shown(parsed(url)) == seen


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
    assert "damaged or no database" in refused(f"sqlite:///{text}")
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


def test_a_pipe_is_no_database(tmp_path):
    os.mkfifo(tmp_path / "runs.sqlite")
    for write in (True, False):
        assert "not an SQLite database file" in refused(str(tmp_path / "runs.sqlite"), write=write)


def test_read_only_can_be_read_and_not_written(engine, url):
    read_only = f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    assert "cannot be written" in refused(read_only, code=4)
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


def test_opening_leaves_the_locks_of_this_program_alone(engine, url):
    """Closing a file that SQLite has open too would take its locks away, and another program would write between."""
    path = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode = DELETE")
        holder.execute("BEGIN IMMEDIATE")
        assert len(runs(open_store(url, write=False))) == 1
        assert len(runs(open_store(url))) == 1
        tried = f"import sqlite3; sqlite3.connect({path!r}, timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')"
        other = subprocess.run([sys.executable, "-c", tried], capture_output=True, text=True, check=False)
    assert "database is locked" in other.stderr
