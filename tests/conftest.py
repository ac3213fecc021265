"""Settings of the whole suite."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

# What is kept of rules and plans is found by what it was made from, so that all workers and runs may share one place.
os.environ.setdefault("PLANNING_CHECK_CACHE", str(Path(tempfile.gettempdir()) / "planning_check_tests"))

settings.register_profile("suite", deadline=None)  # a shared machine's first call may take a second; nothing here asserts a time
settings.load_profile("suite")
