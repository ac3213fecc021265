"""Stores that many tests begin from: each is made once a process, and a test gets a file of its own with the same bytes."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy.engine import Engine

from planning_check.store import open_store, runs, save_run
from planning_check.store.address import file_of
from tests.store.tables import TELLINGS, connection, manifest

Make = Callable[[Engine], object]


def tiny(engine: Engine) -> None:
    """The tiny run."""
    save_run(engine, connection(), manifest(), TELLINGS)


def store(path: Path, make: Make = tiny) -> Engine:
    """A new store at this path, with what ``make`` writes into an empty one. ``make`` is a function of a module: it is known by that."""
    path.write_bytes(_made(make))
    return open_store(str(path))


def record(engine: Engine) -> int:
    """Record the tiny run: into a file that holds no run yet, as the bytes of the one that is kept. Gives its number."""
    path = file_of(engine.url)
    if path is None or runs(engine):
        return save_run(engine, connection(), manifest(), TELLINGS)
    engine.dispose()
    path.write_bytes(_made(tiny))
    return 1


@cache
def _made(make: Make) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runs.sqlite"
        engine = open_store(str(path))
        make(engine)
        engine.dispose()
        return whole(path)


def whole(path: Path) -> bytes:
    """The bytes of a database, with what stands beside it in a log of writes."""
    with contextlib.closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()
