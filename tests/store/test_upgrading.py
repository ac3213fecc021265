"""An older database is brought to this version's shape by a command or a check, never by a reader, whole or not at all."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from planning_check.errors import UsageError
from planning_check.store import Filters, check_runs, count, findings, open_store, runs, save_run, since, upgrade, upgrading
from planning_check.store.models import OLDEST_SHAPE, SCHEMA_VERSION, Record
from tests.store.tables import TELLINGS, connection, manifest

SHAPE_5 = Path(__file__).with_name("shape_5.sql")


@pytest.fixture
def older(tmp_path):
    """A database as shape 5 recorded it: two runs of a city, one of another."""
    path = tmp_path / "runs.sqlite"
    with sqlite3.connect(path) as plain:
        plain.executescript(SHAPE_5.read_text("utf-8"))
    plain.close()
    return path


def test_the_steps_lead_to_the_shape_of_the_models():
    config = Config()
    config.set_main_option("script_location", str(upgrading.MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    revisions = [revision.revision for revision in script.walk_revisions()]
    assert revisions == [upgrading.revision_of(shape) for shape in range(SCHEMA_VERSION, OLDEST_SHAPE - 1, -1)]


def sorted_by_key(connection_):
    """The tables without numbers of rows of SQLite's own."""
    return set(connection_.scalars(sa.text("SELECT name FROM pragma_table_list WHERE schema = 'main' AND wr")))


def test_a_new_database_keeps_the_lines_of_subjects_by_their_key(tmp_path, older):
    upgrade(str(older))
    with open_store(str(older)).connect() as upgraded, open_store(str(tmp_path / "new.sqlite")).connect() as new:
        assert sorted_by_key(upgraded) == sorted_by_key(new)


def test_an_upgraded_database_is_made_as_a_new_one(older):
    done = upgrade(str(older))
    assert (done.before, done.after) == (5, SCHEMA_VERSION)
    engine = open_store(str(older))
    with engine.connect() as connection_:
        assert compare_metadata(MigrationContext.configure(connection_, opts={"compare_type": True}), Record.metadata) == []
        assert connection_.scalar(sa.text("SELECT version FROM planning_check_schema")) == SCHEMA_VERSION
        assert sorted_by_key(connection_) == {"finding", "run_subject", "list_line", "balance_line", "fund_line", "register_line"}
        assert "AUTOINCREMENT" in connection_.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = 'run'"))
    assert upgrade(str(older)) is None


def test_it_keeps_what_it_holds_and_knows_more(older):
    upgrade(str(older))
    engine = open_store(str(older))
    assert [(run.id, run.series, run.parent_run_id, run.root) for run in runs(engine)] == [
        (1, "小城（虚构）", None, None), (2, "小城（虚构）", 1, None), (3, "别的城市", None, None),
    ]  # fmt: skip
    assert [len(list(findings(engine, run))) for run in (1, 2, 3)] == [7, 6, 1]
    assert [count(engine, run, Filters()) for run in (1, 2, 3)] == [7, 6, 1]
    assert not any(checked.has_root or checked.differs for checked in check_runs(engine))
    assert save_run(engine, connection(), manifest(), TELLINGS) == 4
    assert since(engine, 4).run_id == 2, "the run before of its own city"
    facets = sa.text("SELECT number, rule_id, outcome, severity, robustness, district_code, findings FROM run_facet WHERE run_id = :run")
    with engine.connect() as connection_:
        assert connection_.execute(facets, {"run": 1}).all() == connection_.execute(facets, {"run": 4}).all()


def test_a_copy_is_kept_and_none_is_written_over(older):
    before = older.read_bytes()
    first = upgrade(str(older)).copy
    assert first.name == "runs.shape5.sqlite"
    with sqlite3.connect(first) as kept, sqlite3.connect(":memory:") as plain:
        plain.executescript(SHAPE_5.read_text("utf-8"))
        assert list(kept.iterdump()) == list(plain.iterdump())
    older.write_bytes(before)
    assert upgrade(str(older)).copy.name == "runs.shape5-1.sqlite"


def test_a_reader_leaves_it_as_it_is_and_says_the_way_out(older):
    before = older.read_bytes()
    with pytest.raises(UsageError, match=r"shape 5(.|\n)*planning-check db upgrade"):
        open_store(str(older), write=False)
    assert older.read_bytes() == before
    assert [path.name for path in older.parent.iterdir()] == ["runs.sqlite"]


def test_a_check_upgrades_and_says_so(older):
    heard = []
    assert save_run(open_store(str(older), told=heard.append), connection(), manifest(), TELLINGS) == 4
    assert "runs.shape5.sqlite" in heard[0].en and "runs.shape5.sqlite" in heard[0].zh


def test_an_upgrade_that_fails_leaves_it_as_it_was(older, monkeypatch):
    monkeypatch.setattr("planning_check.store.series._WHEN", None)
    with pytest.raises(AttributeError):
        upgrade(str(older))
    monkeypatch.undo()
    with sqlite3.connect(older) as plain, sqlite3.connect(":memory:") as fresh:
        fresh.executescript(SHAPE_5.read_text("utf-8"))
        assert list(plain.iterdump()) == list(fresh.iterdump())
    assert upgrade(str(older)).after == SCHEMA_VERSION


def test_no_copy_no_upgrade(older, monkeypatch):
    class Full:
        def __init__(self, *_):
            raise OSError(28, "No space left on device")

    before = older.read_bytes()
    monkeypatch.setattr(upgrading.sqlite3, "connect", Full)
    with pytest.raises(UsageError, match="left as it is"):
        upgrade(str(older))
    monkeypatch.undo()
    assert older.read_bytes() == before


def test_nothing_to_upgrade(tmp_path):
    with pytest.raises(UsageError, match="no check is recorded here"):
        upgrade(str(tmp_path / "none.sqlite"))
    assert list(tmp_path.iterdir()) == []
