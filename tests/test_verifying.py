"""What was recorded is proved, or what differs is named; nothing that was changed goes unseen."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from planning_check.errors import ActionableError
from planning_check.pipeline.rederiving import DIFFERS, SAME
from planning_check.pipeline.verifying import recorded_points
from planning_check.store import Head, head, load_run, open_store
from planning_check.store.checking import reading
from planning_check.store.models import Record
from tests.tampering import SERIES, TOLD, changed, columns, recorded


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return recorded(tmp_path_factory.mktemp("kept") / "kept.sqlite")


@pytest.fixture
def path(kept, tmp_path):
    return shutil.copy(kept, tmp_path / "runs.sqlite")


def looked_at(path, heads=(), run=2):
    with reading(str(path)) as engine:
        return list(recorded_points(engine, load_run(engine, run), heads))


def differs(path, heads=()):
    """What is said to differ; a database that can no longer be read is told, too."""
    try:
        return [point.said.en for point in looked_at(path, heads) if point.state == DIFFERS]
    except ActionableError as error:
        return [error.what.en]


def test_what_nobody_changed_is_the_same(path):
    assert [point.state for point in looked_at(path)] == [SAME, SAME]
    assert differs(path, [paper(path)]) == []


def paper(path):
    engine = open_store(str(path), write=False)
    return head(engine, SERIES)


#: Tables of every kind: a run, what is laid down beside it in text, numbers and bytes, and the log. The others are long.
EVERY_DAY = ("run", "run_root", "run_rule", "finding", "column_block", "subject_geometry", "register_line", "case_event")
TABLES = [table if table.name in EVERY_DAY else pytest.param(table, marks=pytest.mark.long) for table in Record.metadata.sorted_tables]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_one_value_changed_in_any_column_of_any_table_is_found(kept, tmp_path, table):
    unseen = []
    for column in (column for of, column in columns() if of is table):
        copy = shutil.copy(kept, tmp_path / "copy.sqlite")
        assert changed(copy, table, column), f"{table.name}.{column.name}: there is no row to change"
        if not differs(copy):
            unseen.append(f"{table.name}.{column.name}")
    assert unseen == []


@pytest.mark.parametrize("name", sorted(TOLD))
def test_whatever_a_run_remembers_of_itself_is_found_if_changed(path, name):
    with closing(sqlite3.connect(path)) as plain, plain:
        (text,) = plain.execute("SELECT manifest FROM run WHERE id = 2").fetchone()
        manifest = json.loads(text)
        manifest[name] = "别的"
        plain.execute("UPDATE run SET manifest = ? WHERE id = 2", [json.dumps(manifest, ensure_ascii=False, sort_keys=True)])
    assert differs(path) == ["the tables run of run 2 are not as they were recorded"]


@pytest.mark.parametrize("table", [table for table in Record.metadata.sorted_tables if "run_id" in table.c], ids=lambda table: table.name)
def test_a_row_taken_out_is_found(path, table):
    with closing(sqlite3.connect(path)) as plain, plain:
        assert plain.execute(f"DELETE FROM {table.name} WHERE run_id = 2").rowcount
    assert differs(path)


def statements(path, *told):
    with closing(sqlite3.connect(path)) as plain, plain:
        for trigger in ("case_event_no_update", "case_event_no_delete"):
            plain.execute(f"DROP TRIGGER {trigger}")
        for one in told:
            assert plain.execute(one).rowcount


def test_a_tail_cut_off_is_found_by_the_head_on_paper_alone(path):
    told = paper(path)
    statements(path, "DELETE FROM case_event WHERE seq = 4")
    assert differs(path) == ["somebody took away the triggers by which the database guards the log"]
    assert differs(path, [told])[0] == f"entry 4 of the log of '{SERIES}' is missing: the log is shorter than on paper"


def test_a_head_that_was_never_written_is_none_of_this_log(path):
    told = paper(path)
    assert differs(path, [Head(SERIES, told.seq, "0" * 64)]) == [f"entry 4 of the log of '{SERIES}' is not what was written"]
    assert differs(path, [Head("别的城", 1, told.hash)]) == ["entry 1 of the log of '别的城' is missing: the log is shorter than on paper"]


def test_a_run_that_was_taken_out_whole_is_missed_by_the_log(path):
    with closing(sqlite3.connect(path)) as plain, plain:
        for table in Record.metadata.sorted_tables:
            if "run_id" in table.c:
                plain.execute(f"DELETE FROM {table.name} WHERE run_id = 1")
        plain.execute("UPDATE run SET parent_run_id = NULL WHERE id = 2")
        plain.execute("DELETE FROM run WHERE id = 1")
    assert "run 1, which entry 1 of the log of '小城（虚构）' tells of, is gone" in differs(path)


def test_a_run_that_was_put_in_past_the_log_is_found(path):
    statements(path, f"DELETE FROM case_event WHERE seq > 1 AND series = '{SERIES}'")
    assert differs(path)[1:] == ["run 2 is not in the log"]


def test_a_run_of_an_older_version_is_no_alarm(path):
    """Without a log, or without a root, nothing differs; what that leaves open is said."""
    statements(path, "DELETE FROM case_event", "DELETE FROM run_root WHERE table_name = 'run_place'")
    states = [(point.state, point.said.en.split(":")[0]) for point in looked_at(path)]
    assert states == [
        (DIFFERS, "somebody took away the triggers by which the database guards the log"),
        ("unproved", "recorded by an older version and not in the log"),
        (SAME, "every row, root " + load_run(open_store(str(path), write=False)).root),
    ]
