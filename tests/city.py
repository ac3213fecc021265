"""The bundled city, checked twice: once for all workers and runs of the suite, and anew when anything that a check depends on has changed.

The databases that tests get of it are copies of their own. What the check says is asserted in ``tests/cli/test_city.py``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import tempfile
from pathlib import Path

from planning_check import keeping, pipeline
from planning_check.pipeline.asking import asked
from planning_check.report.told.summarising import summarise
from planning_check.store import open_store, totals

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
OPTIONS = pipeline.Options([], as_of=None, today=NOW.date())


def checked(folder: Path) -> str:
    """The URL of a database in this folder with two runs on the same input, recorded a day apart."""
    path = folder / "runs.sqlite"
    path.write_bytes(_kept())
    return f"sqlite:///{path.as_posix()}"


def results(url: str) -> list[pipeline.CheckResult]:
    """What the two checks gave."""
    engine = open_store(url, write=False)
    return [pipeline.CheckResult(run, summarise(totals(engine, run)), []) for run in (1, 2)]


def _kept() -> bytes:
    cache = keeping.cache_folder()
    if cache is None:
        return _made()
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _key()
    path = cache / f"{key}.city"
    with contextlib.closing(sqlite3.connect(cache / "city.lock", timeout=600, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")  # one worker makes it, the others wait
        try:
            return keeping.read(path, key)
        except (OSError, ValueError):
            keeping.write(path, key, _made())
            keeping.drop_oldest(cache, ".city", most_files=4)
            return keeping.read(path, key)


def _key() -> str:
    """A hash of the delivery, the rules, the program, what it stands on, and of this file."""
    told = asked(OPTIONS, pipeline.load_rules())
    assert told is not None
    files = [Path(__file__), *sorted(path for path in pipeline.bundled("rules").rglob("*") if path.is_file())]
    return keeping.digest("city", told, *(path.read_bytes() for path in files))


def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.sqlite"
        for days in (0, 1):
            pipeline.check(OPTIONS, created_at=NOW + dt.timedelta(days=days), db_url=f"sqlite:///{path.as_posix()}")
        with contextlib.closing(sqlite3.connect(path)) as whole:
            whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()
