"""Whether a database still holds what was recorded: its pages, its tables, and every run by its root; and reading under that guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from planning_check.errors import ActionableError, Text
from planning_check.record.run import StoredRun
from planning_check.store import root
from planning_check.store.log import is_logged
from planning_check.store.meanings import damaged, explained
from planning_check.store.merkle import TableRoot, root_over
from planning_check.store.models import Run, RunRoot, RunShard
from planning_check.store.opening import look_through, open_store, shape_of
from planning_check.store.runs import runs, shards_told


@dataclass(frozen=True)
class Checked:
    """A run, and in which tables it is not as it was recorded; ``has_root`` is false where nothing was recorded to compare with."""

    run: StoredRun
    has_root: bool
    differs: tuple[str, ...]


def check_runs(engine: Engine) -> Iterator[Checked]:
    """Every run, oldest first, its rows hashed again."""
    for run in runs(engine):
        yield checked(engine, run)


def checked(engine: Engine, run: StoredRun) -> Checked:
    """One run, its rows hashed again."""
    with engine.connect() as connection, connection.begin():
        return _checked(connection, run)


def _checked(connection: Connection, run: StoredRun) -> Checked:
    kept = RunRoot.__table__.c
    rows = connection.execute(sa.select(kept.table_name, kept.rows, kept.sha256).where(kept.run_id == run.id)).all()
    if run.root is None and not rows:
        return Checked(run, False, ())
    recorded = {row.table_name: TableRoot(row.rows, row.sha256) for row in rows}
    place = recorded.pop(root.PLACE, None)
    now = root.recorded_roots(connection, run.id)
    nothing = root_over(())  # in a table that is younger than the run
    differs = {name for name in recorded | now if recorded.get(name, nothing) != now.get(name, nothing)}
    if root.root_of(recorded) != run.root:
        differs.add(RunRoot.__tablename__)
    if (place or is_logged(connection, run.id)) and place != root.place_root(connection, run.id):
        differs.add(Run.__tablename__)
    if shards_of(connection, run) != shards_told(run.digest, run.manifest):
        differs.add(RunShard.__tablename__)
    return Checked(run, True, tuple(sorted(differs)))


def shards_of(connection: Connection, run: StoredRun) -> set[tuple[str, str, str]]:
    """The lines that let the shards of a run in."""
    held = RunShard.__table__.c
    return {tuple(row) for row in connection.execute(sa.select(held.digest, held.shard, held.root).where(held.run_id == run.id))}


@contextmanager
def reading(address: str) -> Iterator[Engine]:
    """The database for reading. What goes wrong meanwhile is told as damage if the database is no longer as it was recorded."""
    engine = open_store(address, write=False)
    try:
        with _guard(engine):
            yield engine
    finally:
        engine.dispose()


def guarded(engine: Engine, rows: Iterable[Any]) -> Iterator[Any]:
    """Rows that are read later, under the same guard."""
    with _guard(engine):
        yield from rows


@contextmanager
def _guard(engine: Engine) -> Iterator[None]:
    try:
        yield
    except ActionableError:
        raise
    except exc.DBAPIError as error:
        raise explained(error, engine.url) from error
    except Exception as error:
        if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno is not None):
            raise
        harm = _harm(engine)
        if harm is None:
            raise
        raise damaged(engine.url, harm) from error


def _harm(engine: Engine) -> Text | None:
    """What is not as it was recorded; none if all of it is."""
    try:
        with engine.connect() as connection, connection.begin():
            look_through(connection)
            shape_of(connection)
        found = next((checked for checked in check_runs(engine) if checked.differs), None)
    except ActionableError as error:
        return error.why or error.what
    except Exception as error:
        return Text(f"记录读不出：{type(error).__name__}", f"its records cannot be read: {type(error).__name__}")
    if found is None:
        return None
    names = ", ".join(found.differs)
    return Text(
        f"第 {found.run.id} 次检查的表 {names} 与当时的记录不同", f"in run {found.run.id} the tables {names} are not as they were recorded"
    )
