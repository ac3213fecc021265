"""A damaged, truncated or foreign database is told as such, whatever is read of it: never a bug of the program,
never a changed figure without a word."""

import random
import sqlite3
from pathlib import Path

import pytest

from planning_check import pipeline
from planning_check.errors import ActionableError, UsageError
from planning_check.store import models, open_store, save_run
from tests.store.tables import TELLINGS, connection, manifest


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "runs.sqlite"
    save_run(open_store(str(path)), connection(copies=20), manifest(), TELLINGS)
    return path.read_bytes()


def read_everything(path):
    address = str(path)
    list(pipeline.findings(address).rows)
    pipeline.explain_subject(address, "AR03", "P1")
    for one in (pipeline.balance, pipeline.funds, pipeline.match, pipeline.coverage, pipeline.runs_list, pipeline.check_database):
        one(address)


def tell(path):
    """What is said of it, or none where all can be read."""
    try:
        read_everything(path)
    except ActionableError as error:
        assert error.exit_code == 2
        assert error.render("zh") != error.render("en")
        return error.render("en")
    return None


def test_a_whole_one_is_read(whole, tmp_path):
    (tmp_path / "runs.sqlite").write_bytes(whole)
    assert tell(tmp_path / "runs.sqlite") is None


@pytest.mark.parametrize("seed", range(24))
def test_bytes_changed_anywhere(whole, tmp_path, seed):
    chance = random.Random(seed)
    spoilt = bytearray(whole)
    for _ in range(chance.choice((1, 10, 200))):
        at = chance.randrange(100, len(spoilt))
        spoilt[at] ^= chance.randrange(1, 256)
    path = tmp_path / "runs.sqlite"
    path.write_bytes(spoilt)
    said = tell(path)
    if said is None:  # it can be read: then the roots must tell, unless only pages without a row of the run were hit
        differs = [one for one in pipeline.check_database(str(path)) if one.differs]
        assert differs or _same_rows(path, whole, tmp_path)


def _same_rows(path, whole, tmp_path):
    (tmp_path / "whole.sqlite").write_bytes(whole)
    with sqlite3.connect(path) as one, sqlite3.connect(tmp_path / "whole.sqlite") as other:
        tables = [name for name in models.Record.metadata.tables if name not in ("run", "planning_check_schema")]
        return all(list(one.execute(f"SELECT * FROM {name}")) == list(other.execute(f"SELECT * FROM {name}")) for name in tables)


@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 0.6, 0.9, 0.999])
def test_cut_short(whole, tmp_path, share):
    path = tmp_path / "runs.sqlite"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "the file is damaged or no database" in (tell(path) or "") or "not an SQLite database" in (tell(path) or "")


@pytest.mark.parametrize("table", ["run", "run_rule", "finding", "column_block", "run_facet", "run_root", "balance_line"])
def test_a_table_that_is_gone(whole, tmp_path, table):
    path = tmp_path / "runs.sqlite"
    path.write_bytes(whole)
    with sqlite3.connect(path) as other:
        other.execute(f"DROP TABLE {table}")
    assert "the tables of the database are incomplete" in tell(path)
    assert table in tell(path)
    with pytest.raises(UsageError, match="incomplete"):
        open_store(str(path))


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM planning_check_schema",
        f"INSERT INTO planning_check_schema VALUES ({models.SCHEMA_VERSION + 1})",
        "DROP TABLE planning_check_schema; CREATE TABLE planning_check_schema (version); INSERT INTO planning_check_schema VALUES (NULL)",
        "DROP TABLE planning_check_schema; CREATE TABLE planning_check_schema (version); INSERT INTO planning_check_schema VALUES ('six')",
        "DROP TABLE planning_check_schema; CREATE TABLE planning_check_schema (other)",
        "DROP TABLE planning_check_schema",
        "UPDATE run SET manifest = '{'",
        "UPDATE run SET manifest = '[]'",
        "UPDATE run SET as_of = 'never'",
        "UPDATE run SET manifest = CAST(x'ff' AS TEXT)",
        "UPDATE finding SET outcome = 99",
        "UPDATE finding SET area_dm2 = 'much'",
        "UPDATE column_block SET content = x'00'",
        "UPDATE column_block SET content = substr(content, 1, length(content) - 30)",
        "UPDATE run_rule SET told_sql = 'SELECT nothing'",
        "UPDATE run_rule SET told_sql = 'SELECT'",
        "DELETE FROM run_source",
        "UPDATE run_rule SET text = '{}'",
        "ALTER TABLE finding DROP COLUMN status",
        "ALTER TABLE run RENAME COLUMN digest TO hash",
    ],
)
def test_what_cannot_be_understood(whole, tmp_path, change):
    path = tmp_path / "runs.sqlite"
    path.write_bytes(whole)
    with sqlite3.connect(path) as other:
        other.executescript(change)
    said = tell(path)
    if said is None:
        assert any(one.differs for one in pipeline.check_database(str(path)))
    else:
        assert any(words in said for words in ("damaged", "incomplete", "another program"))


def test_a_bug_is_still_a_bug(whole, tmp_path, monkeypatch):
    """Where the database is as it was recorded, an error is not blamed on it."""
    path = tmp_path / "runs.sqlite"
    path.write_bytes(whole)
    monkeypatch.setattr("planning_check.store.balance_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pipeline.balance(str(path))


def test_it_is_not_changed_by_looking(whole, tmp_path):
    path = Path(tmp_path / "runs.sqlite")
    path.write_bytes(whole)
    read_everything(path)
    assert path.read_bytes() == whole
    assert [one.name for one in tmp_path.iterdir()] == ["runs.sqlite"]
