"""A finished check is never thrown away because somebody else uses the database: it waits, and says so."""

import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from planning_check.errors import UsageError
from planning_check.store import connecting, findings, load_run, open_store, runs, save_run
from tests.store.tables import TELLINGS, connection, manifest


@pytest.fixture(autouse=True)
def said_soon(monkeypatch):
    monkeypatch.setattr(connecting, "_SAID_AFTER_SECONDS", 0.05)


def held(url, seconds):
    """Another program that holds the right to write for so long."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, other.close)
    timer.start()
    return timer


def test_a_writer_with_the_lock_is_waited_for_with_a_word(engine, url):
    heard = []
    waiting = open_store(url, told=heard.append)
    timer = held(url, 1.5)
    begun = time.monotonic()
    assert save_run(waiting, connection(), manifest(), TELLINGS) == 2
    assert time.monotonic() - begun > 1
    assert [text.en for text in heard] == ["another program is using the database; waiting for it to finish (Ctrl+C gives up)"]
    assert heard[0].zh != heard[0].en
    timer.join()


def test_opening_for_a_check_does_not_wait_for_a_writer(engine, url):
    timer = held(url, 30)
    heard = []
    assert len(runs(open_store(url, told=heard.append))) == 1
    assert len(runs(open_store(url, write=False))) == 1, "reading goes on"
    assert heard == []
    timer.cancel()
    timer.function()


def test_waiting_can_have_an_end(engine, url):
    timer = held(url, 30)
    with pytest.raises(UsageError, match="another program is using the database"):
        save_run(open_store(url, wait_seconds=0.1), connection(), manifest(), TELLINGS)
    timer.cancel()
    timer.function()
    assert save_run(open_store(url), connection(), manifest(), TELLINGS) == 2


def test_a_reader_left_open_stops_nobody(engine, url):
    reader = open_store(url, write=False)
    rows = findings(reader, 1)
    next(rows)
    assert save_run(engine, connection(), manifest(), TELLINGS) == 2
    assert len(list(rows)) == 6, "and it reads on what it began with"
    assert load_run(open_store(url, write=False)).id == 2


def test_without_a_write_ahead_log_a_reader_is_waited_for(engine, url, monkeypatch):
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM run").fetchall()
    monkeypatch.setattr(connecting, "_ASKED_MS", 50)
    heard = []

    def told(word):
        heard.append(word)
        reader.close()

    waiting = open_store(url, told=told)  # the log cannot be made while somebody reads
    assert save_run(waiting, connection(), manifest(), TELLINGS) == 2
    assert len(heard) == 1


def test_only_the_database_is_left_when_nobody_uses_it(engine, url):
    folder = Path(url.removeprefix("sqlite:///")).parent
    assert len(list(findings(open_store(url, write=False), 1))) == 7
    assert [path.name for path in folder.iterdir()] == ["runs.sqlite"]


FOUR = """
    import sys
    from planning_check.store import open_store, save_run
    from tests.store.tables import TELLINGS, connection, manifest

    con = connection()
    sys.stdin.readline()
    print(save_run(open_store(sys.argv[1]), con, manifest(), TELLINGS))
"""


def four_at_once(url):
    """The numbers that four programs get who start together."""
    command = [sys.executable, "-c", textwrap.dedent(FOUR), url]
    root = Path(__file__).parents[2]
    programs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(4)]
    for program in programs:
        program.stdin.write("\n")
        program.stdin.flush()
    return sorted(int(program.communicate(timeout=120)[0]) for program in programs)


def test_four_programs_on_a_database_that_is_not_there_yet(url):
    assert four_at_once(url) == [1, 2, 3, 4]
    engine = open_store(url, write=False)
    assert [run.parent_run_id for run in runs(engine)] == [None, 1, 2, 3]
    assert len({run.root for run in runs(engine)}) == 1
