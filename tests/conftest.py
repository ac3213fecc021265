"""Settings of the whole suite."""

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import settings

from planning_check import following
from planning_check.ingest import intake

# What is kept of rules and plans is found by what it was made from, so that all workers and runs may share one place.
os.environ.setdefault("PLANNING_CHECK_CACHE", str(Path(tempfile.gettempdir()) / "planning_check_tests"))

#: Where files are read one after the other: what an earlier test read is not brought back, and nothing is kept for a later one.
READING = ("tests.ingest.", "tests.geo.", "tests.deliveries.")
KEEPING = ("tests.ingest.test_staged", "tests.deliveries.test_renamed_verdicts")  # but where that is what is tested, or saves a check

# A shared machine's first call may take a second; nothing here asserts a time. The suite tries the same examples in every run, so that what
# passed here passes elsewhere; new ones are looked for with --hypothesis-profile=search.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("suite")


TESTS = Path(__file__).parent
#: Files of which every test is long (tests/long.txt).
LONG = {TESTS / line for line in (TESTS / "long.txt").read_text("utf-8").splitlines() if line and not line.startswith("#")}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Before ``-m`` chooses."""
    for item in items:
        if item.path in LONG:
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def _own_tables_end_with_the_test():
    """A command begins and ends with a test that calls the pipeline itself: own tables of rules and runs before it are not in force."""
    with following.in_force(()):
        yield


@pytest.fixture(autouse=True)
def _every_file_is_read(request, monkeypatch):
    if request.module.__name__.startswith(READING) and request.module.__name__ not in KEEPING:
        monkeypatch.setattr(intake, "bring_back", lambda *_: False)
        monkeypatch.setattr(intake, "keeping_staged", lambda *_: nullcontext())
