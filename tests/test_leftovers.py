"""What killed programs left is taken away by the next one: however often a program is killed, the disk does not fill."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from planning_check import keeping
from planning_check.cli.writing import write
from planning_check.engine import opened
from planning_check.leftovers import beside, left, mark


@pytest.fixture(scope="module")
def gone():
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.fixture
def running():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


@pytest.mark.skipif(os.name == "nt", reason="there a program cannot be asked for by its number")
def test_only_what_no_program_works_on(tmp_path, gone, running):
    for name in (f"a.{mark(gone)}.new", f"a.{mark(running)}.new", f"a.{mark()}.new", f"b.{mark(gone)}.new", "a.0-x.new", "a.new"):
        (tmp_path / name).touch()
    assert [p.name for p in left(tmp_path, "a")] == [f"a.{mark(gone)}.new"]
    os.utime(tmp_path / f"a.{mark()}.new", (0, 0))  # of an earlier program that had this number
    assert [p.name for p in left(tmp_path, "a")] == sorted([f"a.{mark(gone)}.new", f"a.{mark()}.new"])


def test_two_engines_of_one_program_leave_each_other_their_room():
    with opened() as one:
        folder = Path(one.execute("SELECT current_setting('temp_directory')").fetchone()[0])
        with opened():
            assert folder.is_dir()
        assert folder.is_dir()
    assert not folder.exists()


def test_of_another_computer_only_what_is_old(tmp_path, gone):
    theirs = tmp_path / f"a.ffffff-{gone}.new"
    theirs.touch()
    assert list(left(tmp_path, "a")) == []
    os.utime(theirs, (0, 0))
    assert list(left(tmp_path, "a")) == [theirs]


@pytest.mark.skipif(os.name == "nt", reason="there a program cannot be asked for by its number")
def test_the_next_one_takes_it_away(tmp_path, monkeypatch, gone):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    spilled = tmp_path / f"planning_check_spill.{mark(gone)}.x"
    spilled.mkdir()
    (spilled / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"x" * 1000)
    with opened():
        assert not spilled.exists()
    kept, target = tmp_path / "a.kept", tmp_path / "a.csv"
    half = [tmp_path / f"unfinished.{mark(gone)}.x", tmp_path / f"{beside(target)}.{mark(gone)}.part"]
    for path in half:
        path.touch()
    keeping.write(kept, "key", b"packed")
    write(["a\n"], target, "csv", force=False)
    assert sorted(tmp_path.iterdir()) == [target, kept]
