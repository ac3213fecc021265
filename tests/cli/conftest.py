import sys

import pytest

from planning_check import pipeline
from planning_check.cli.main import run
from planning_check.report.told.summarising import summarise
from planning_check.store import open_store, totals
from tests import kept


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture
def tiny(monkeypatch):
    """``check`` records the tiny run instead of reading a delivery; the rest of the pipeline is real. Gives what it was called with."""
    calls = []

    def check(options, **apart):
        calls.append((options, apart))
        apart["progress"]("read", 0.5)
        engine = open_store(apart["db_url"])
        run_id = kept.record(engine)
        return pipeline.CheckResult(run_id, summarise(totals(engine, run_id)), [("read", 1.5), ("judge", 0.25)])

    monkeypatch.setattr(pipeline, "check", check)
    return calls


@pytest.fixture
def call(capfdbinary):
    """Run a command: its exit code, stdout, stderr."""

    def command(*arguments):
        code = run([str(a) for a in arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return command
