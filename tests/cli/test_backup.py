"""``db backup``: a whole copy, made while another program writes; never over a file unasked, and of no server."""

import os
import sqlite3
from contextlib import closing

import sqlalchemy as sa

from planning_check.store import open_store
from tests import city, kept
from tests.outside import SERVER, require_postgresql


def test_the_copy_is_whole_while_another_writes_and_holds_what_waits_in_the_log(call, tmp_path):
    url = city.checked(tmp_path)
    with closing(sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("UPDATE run SET tool_version = 'waits' WHERE id = 2")
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE run SET tool_version = 'not' WHERE id = 1")
        code, _, err = call("db", "backup", "--db", url, "-o", "copy.sqlite", "--lang", "en")
        assert (code, err) == (0, "Written to copy.sqlite\n")
        other.execute("ROLLBACK")
    with closing(sqlite3.connect("copy.sqlite")) as copy:
        assert copy.execute("SELECT tool_version FROM run WHERE id = 2").fetchone() == ("waits",)
        assert copy.execute("SELECT tool_version FROM run WHERE id = 1").fetchone() != ("not",)


def test_a_copy_is_a_database_of_runs(call, tmp_path):
    url = city.checked(tmp_path)
    assert call("db", "backup", "--db", url, "-o", "copy.sqlite")[0] == 0
    assert call("db", "check", "--db", "copy.sqlite")[0] == 0
    assert call("runs", "--db", "copy.sqlite", "--lang", "en")[1] == call("runs", "--db", url, "--lang", "en")[1]


def test_a_file_that_is_there_is_overwritten_when_asked_alone(call, tmp_path):
    url = city.checked(tmp_path)
    (tmp_path / "copy.sqlite").write_text("mine", "utf-8")
    code, _, err = call("db", "backup", "--db", url, "-o", "copy.sqlite", "--lang", "zh")
    assert code == 2 and "文件已存在" in err and (tmp_path / "copy.sqlite").read_text("utf-8") == "mine"
    assert call("db", "backup", "--db", url, "-o", "copy.sqlite", "--force")[0] == 0
    assert (tmp_path / "copy.sqlite").read_bytes()[:6] == b"SQLite"


def test_what_is_no_database_is_refused_and_no_copy_is_left(call, tmp_path):
    code, _, err = call("db", "backup", "--db", "none.sqlite", "-o", "copy.sqlite", "--lang", "en")
    assert code != 0 and "none.sqlite" in err
    assert not list(tmp_path.iterdir())


@require_postgresql()
def test_of_a_server_the_tool_is_named_that_copies_it(call, tmp_path):
    server = os.environ[SERVER]
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS planning_check_backup"))
        connection.execute(sa.text("CREATE DATABASE planning_check_backup"))
    url = sa.make_url(server).set(database="planning_check_backup").render_as_string(hide_password=False)
    try:
        kept.record(open_store(url))
        code, _, err = call("db", "backup", "--db", url, "-o", "copy.sqlite", "--lang", "zh")
        assert code == 2 and "pg_dump" in err and not (tmp_path / "copy.sqlite").exists()
    finally:
        with admin.connect() as connection:
            connection.execute(sa.text("DROP DATABASE planning_check_backup WITH (FORCE)"))
