"""Connections to a database, and the right to write in it: one writer at a time, who waits as long as it takes and says so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from planning_check.errors import Text, UsageError
from planning_check.store.address import file_of, is_sqlite, no_driver, where
from planning_check.store.meanings import IN_USE, explained, is_busy

Telling = Callable[[Text], None]
#: The advisory lock of PostgreSQL that writers of a database of ours take: the first eight letters of the name.
LOCK = int.from_bytes(b"planning", "big")
_WAITING = Text(
    "数据库正被另一个程序使用，等它用完再继续（Ctrl+C 放弃）",
    "another program is using the database; waiting for it to finish (Ctrl+C gives up)",
)
_SAID_AFTER_SECONDS = 2.0
_EVERY_SECONDS = 0.1
_READERS_WAIT_SECONDS = 30
_ASKED_MS, _WORKING_MS = 500, 600_000  # how long SQLite itself tries: short where it is asked again, long in the middle of the work
_CACHE_KIB = 64 * 1024


def connected(url: URL, *, write: bool, told: Telling | None = None, wait_seconds: float | None = None) -> Engine:
    """An engine for the database. ``told`` hears that a writer has to wait; ``wait_seconds``: the most that it waits,
    without it for ever."""
    options: dict[str, Any] = {}
    if is_sqlite(url):
        options["connect_args"] = {"timeout": _ASKED_MS / 1000 if write else _READERS_WAIT_SECONDS}
        if file_of(url):  # closed as soon as nobody uses it: then SQLite takes its files beside the database away
            options["poolclass"] = NullPool
    try:
        engine = sa.create_engine(url, **options)
    except ImportError:
        raise no_driver(url.drivername) from None
    engine.update_execution_options(told=told, wait_seconds=wait_seconds)
    if is_sqlite(url):
        _sqlite_transactions(engine, write)
    elif engine.dialect.name == "postgresql":
        _postgresql_transactions(engine, write)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the right to write from its start on; whole or not at all."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_ASKED_MS}")
            patiently(engine, connection, "COMMIT")  # without a write-ahead log it waits for readers


@contextmanager
def recording(engine: Engine) -> Iterator[Connection]:
    """The same for what people ask to be recorded. Raises ActionableError with the database's name where it cannot be written: the disk is
    full, no right, the server went away; then nothing of it is there."""
    try:
        with writing(engine) as connection:
            yield connection
    except exc.DBAPIError as error:
        raise explained(error, engine.url) from error


def patiently(engine: Engine, connection: Connection, statement: str) -> Any:
    """The scalar that a statement gives as soon as nobody is in its way."""
    return _waited(engine, lambda: _once(connection, statement))


_BUSY = object()


def _once(connection: Connection, statement: str) -> Any:
    try:
        result = connection.exec_driver_sql(statement)
        return result.scalar() if result.returns_rows else None
    except exc.OperationalError as error:
        if not is_busy(error):
            raise
        return _BUSY


def _waited(engine: Engine, attempt: Callable[[], Any]) -> Any:
    options = engine.get_execution_options()
    begun, said = time.monotonic(), False
    while (found := attempt()) is _BUSY:
        waited = time.monotonic() - begun
        if options["wait_seconds"] is not None and waited >= options["wait_seconds"]:
            what, fix = IN_USE
            raise UsageError(what, where=where(engine.url), fix=fix)
        if not said and waited >= _SAID_AFTER_SECONDS and options["told"]:
            options["told"](_WAITING)
            said = True
        time.sleep(_EVERY_SECONDS)
    return found


def _sqlite_transactions(engine: Engine, write: bool) -> None:
    """Let a transaction begin where it is asked for: Python's sqlite3 begins late and not for CREATE TABLE."""

    @sa.event.listens_for(engine, "connect")
    def _no_implicit_begin(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        if write:
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        else:
            connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            patiently(engine, connection, "BEGIN IMMEDIATE")
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_WORKING_MS}")
        else:
            connection.exec_driver_sql("BEGIN")


def _postgresql_transactions(engine: Engine, write: bool) -> None:
    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            locked = f"SELECT pg_try_advisory_xact_lock({LOCK})"
            _waited(engine, lambda: None if connection.exec_driver_sql(locked).scalar() else _BUSY)
        elif not write:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
