"""The console: its language, its encoding, how fast it answers, what it says to a terminal only."""

import ast
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

import planning_check
from planning_check.cli.console import Console, default_language

PACKAGE = Path(planning_check.__file__).parent
RUN = [sys.executable, "-m", "planning_check"]
HEAVY = ("duckdb", "sqlalchemy", "sqlglot", "pandas", "numpy", "shapely", "pyarrow", "geopandas", "openpyxl", "ruamel")


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_ALL": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh_CN", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_TW", "LC_ALL": ""}, "zh"),
    ],
)
def test_language_of_the_locale(environment, lang):
    assert default_language(environment) == lang


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_answers_at_once(option):
    imported = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "planning_check", option], capture_output=True, text=True, check=True
    )
    modules = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in imported.stderr.splitlines() if "|" in line}
    assert "click" in modules
    assert modules.isdisjoint(HEAVY)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([*RUN, option], capture_output=True, check=True)
        times.append(time.perf_counter() - begun)
    assert min(times) < 0.5, "0.3 s is wanted; the rest is for a busy machine"


def test_fixed_texts_are_within_gbk():
    """Every literal of the rooms that print, so that a cp936 console shows all of it."""
    checked = 0
    for path in (
        PACKAGE / "words.py",
        PACKAGE / "errors.py",
        *(p for room in ("cli", "report/console", "report/tables", "report/told", "store") for p in (PACKAGE / room).rglob("*.py")),
    ):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in ("\ufeff", "\u00a0"):
                node.value.encode("gbk")
                checked += 1
    assert checked > 1000


def test_a_console_that_lacks_a_character_shows_something_else():
    code = "from planning_check.cli.console import forgive_encodings as f; f(); print('㎡ \u2603')"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": "gbk"})
    assert printed.stdout.decode("gbk").strip() == "㎡ ?"


def test_a_closed_pipe_is_no_error(tmp_path):
    reader = subprocess.Popen([*RUN, "rules", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    reader.stdout.close()
    error = reader.stderr.read().decode()
    reader.stderr.close()
    assert reader.wait() in (0, 141)
    assert "Traceback" not in error


def test_no_colour_and_no_progress_where_there_is_no_terminal(capsys):
    console = Console("zh")
    console.progress("read", 0.5)
    console.progress_ends()
    assert console.paint("违规", "head") == "违规"
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_progress_rewrites_one_line_of_a_terminal():
    code = (
        "from planning_check.cli.console import Console; c = Console('en'); c.progress('read', 0.5); c.progress('judge'); c.progress_ends()"
    )
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", code], stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert shown.startswith("\rreading the delivery ...  50%\rjudging ...")
    assert "\n" not in shown
    assert shown.endswith("\r")
