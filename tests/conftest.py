"""Settings of the whole suite."""

import os
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import settings

from planning_check.ingest import intake

# What is kept of rules and plans is found by what it was made from, so that all workers and runs may share one place.
os.environ.setdefault("PLANNING_CHECK_CACHE", str(Path(tempfile.gettempdir()) / "planning_check_tests"))

#: Where files are read one after the other: what an earlier test read is not brought back, and nothing is kept for a later one.
READING = ("tests.ingest.", "tests.geo.", "tests.deliveries.")
KEEPING = ("tests.ingest.test_staged", "tests.deliveries.test_renamed_verdicts")  # but where that is what is tested, or saves a check

settings.register_profile("suite", deadline=None)  # a shared machine's first call may take a second; nothing here asserts a time
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _every_file_is_read(request, monkeypatch):
    if request.module.__name__.startswith(READING) and request.module.__name__ not in KEEPING:
        monkeypatch.setattr(intake, "bring_back", lambda *_: False)
        monkeypatch.setattr(intake, "keeping_staged", lambda *_: nullcontext())
