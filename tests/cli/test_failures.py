"""What the machine lacks is told as such, with what to do and the documented exit code; only the unforeseen is a bug."""

import errno
import os
import sqlite3
import subprocess
import sys

import duckdb
import pytest
from sqlalchemy import exc

from planning_check.cli.failures import foreseen


def coded(said, code):
    """An error of SQLite; only its code counts."""
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


FAILURES = [
    (MemoryError(), 4, "not enough memory"),
    (duckdb.OutOfMemoryException("failed to allocate"), 4, "not enough memory"),
    (duckdb.TransactionException("Failed to commit: could not allocate block of size 256.0 KiB"), 4, "not enough memory"),
    (RecursionError("maximum recursion depth exceeded"), 2, "nested too deep"),
    (OSError(errno.ENOSPC, "No space left on device", "a/b.csv"), 4, "a/b.csv: the disk is full"),
    (PermissionError(errno.EACCES, "Permission denied", "x.sqlite"), 4, "x.sqlite: no right"),
    (OSError(errno.EROFS, "Read-only file system", "out"), 4, "out: the place can be read only"),
    (OSError(errno.ENAMETOOLONG, "File name too long", "n" * 300), 4, "the name is too long"),
    (OSError(errno.ENAMETOOLONG, "File name too long", "n" * 5000), 4, "n..."),
    (IsADirectoryError(errno.EISDIR, "Is a directory", "x.yaml"), 2, "x.yaml: this is a folder, not a file"),
    (NotADirectoryError(errno.ENOTDIR, "Not a directory", "a.csv/b"), 2, "a.csv/b: a part of the path is a file"),
    (OSError(errno.ELOOP, "Too many levels of symbolic links", "a"), 2, "a: links lead in a circle"),
    (OSError("the device is gone"), 4, "the device is gone"),
    (duckdb.IOException("Could not write file: No space left on device"), 4, "finds no room"),
    (ImportError("libarrow.so: failed to map segment from shared object"), 4, "not enough memory"),
    (SystemError("error return without exception set"), 4, "not enough memory"),
    (SystemError("<built-in function f> returned NULL without setting an exception"), 4, "not enough memory"),
    (exc.OperationalError("INSERT", {}, coded("full, in any language", 13)), 4, "the disk is full"),
    (exc.OperationalError("INSERT", {}, coded("io", 10 | 4 << 8)), 4, "cannot be read or written"),
    (exc.OperationalError("INSERT", {}, coded("read only", 8)), 4, "cannot be written to"),
    (exc.OperationalError("SELECT 1", {}, coded("locked, in any language", 261)), 2, "another program is using the database"),
]


@pytest.mark.parametrize(("error", "code", "says"), FAILURES, ids=[type(error).__name__ + str(n) for n, (error, *_) in enumerate(FAILURES)])
def test_a_failure_of_the_machine_says_what_and_what_to_do(call, monkeypatch, error, code, says):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("planning_check.pipeline.rules_list", fail)
    found, out, err = call("rules", "list", "--lang", "en")
    assert (found, out) == (code, "") and says in err and "what to do" in err
    _, _, zh = call("rules", "list", "--lang", "zh")
    assert "处理" in zh


def test_a_failure_is_told_shortly(call, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.ENAMETOOLONG, "File name too long", "n/" * 2500)

    monkeypatch.setattr("planning_check.pipeline.rules_list", fail)
    assert len(call("rules", "list", "--lang", "en")[2]) < 400


@pytest.mark.parametrize("command", [("check", "a\0b"), ("findings", "--db", "a\0b"), ("rules", "list", "--rules", "\0"), ("runs", "\0")])
def test_a_nul_in_an_argument(call, command):
    code, out, err = call(*command)
    assert (code, out) == (2, "") and "an argument holds a NUL" in err


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    "command", [("explain", "AR03\udcff", "P1"), ("explain", "AR03", "P1\udcff"), ("findings", "--district", "\udcff")]
)
def test_a_stray_byte_in_a_word(call, command):
    assert call("check", "-q")[0] == 0
    code, out, err = call(*command, "--lang", "en")
    assert (code, out) == (2, "") and err


def test_everything_else_is_a_bug():
    assert foreseen(ValueError("x")) is None and foreseen(KeyError("x")) is None


def test_an_interruption_after_the_recording_says_so(call, monkeypatch, tmp_path):
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "项目.csv").write_text("项目编号,项目名称,区县\nP1,甲,610102\n", "utf-8")
    check = ("check", "报送", "--as-of", "2011-06-30", "--lang", "en", "--select", "AR03")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("planning_check.report.told.summarising.summarise", interrupted)
    code, _, err = call(*check)
    assert code == 130 and "recorded as run 1" in err
    monkeypatch.setattr("planning_check.pipeline.running.measure", interrupted)
    code, _, err = call(*check, "--again")
    assert code == 130 and "leaves no record" in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")  # noqa: PTH110
def test_a_full_stdout_is_a_full_disk():
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "planning_check", "rules", "list", "--lang", "en"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 4 and "the disk is full" in done.stderr and "Exception ignored" not in done.stderr


def test_a_closed_stdout_is_no_bug():
    program = (
        f"import os, sys; os.close(1); os.execv({sys.executable!r}, [{sys.executable!r}, "
        "'-m', 'planning_check', 'rules', 'list', '--lang', 'en'])"
    )
    done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")  # noqa: PTH110
@pytest.mark.parametrize(
    ("command", "code"), [(["rules", "list"], 0), (["findings", "--db", "none.sqlite"], 2), (["bogus"], 2), (["check", "none"], 3)]
)
@pytest.mark.parametrize("out", ["/dev/full", None])
def test_what_cannot_be_said_changes_no_exit_code(tmp_path, command, code, out):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        run = [sys.executable, "-m", "planning_check", *command]
        done = subprocess.run(run, stdout=full if out else subprocess.DEVNULL, stderr=full, check=False, cwd=tmp_path)
    assert done.returncode == (4 if out and not code else code)


def test_with_nothing_open_at_all(tmp_path):
    program = (
        f"import os, sys; [os.close(n) for n in range(3)]; os.execv({sys.executable!r}, [{sys.executable!r}, "
        "'-m', 'planning_check', 'rules', 'page', '-o', 'a.md'])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, cwd=tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "a.md").stat().st_size > 1000
