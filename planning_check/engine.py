"""The one opener of DuckDB: the engine that every check and every reading of a run works in."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planning_check.leftovers import left, mark

if TYPE_CHECKING:
    import duckdb

    Job = Callable[[duckdb.DuckDBPyConnection], None]

#: It reads no file, loads no extension and asks no network, whatever a delivery or a rule makes it run.
_CLOSED = {"enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

_SPILL = "planning_check_spill"


def lacked_memory(error: BaseException) -> bool:
    """Whether it says that the memory was too little: to Python, to the engine, or to the engine at the end of a transaction."""
    duckdb = sys.modules.get("duckdb")
    if isinstance(error, MemoryError) or duckdb is None:
        return isinstance(error, MemoryError)
    return isinstance(error, duckdb.OutOfMemoryException) or (
        isinstance(error, duckdb.TransactionException) and "could not allocate" in str(error)
    )


@contextmanager
def opened(disabled_optimizers: str = "", threads: int | None = None, memory: str | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, closed at the end; what does not fit is spilled into a folder of its own that is removed with it.

    ``threads``: how many cores it may take, None: all. ``memory``: how much of it before it spills, such as ``2GB``, None: four fifths of
    what the machine has. No bar of progress: DuckDB would write it to stdout, into whatever is being exported.
    No setting can be changed afterwards.
    """
    import duckdb

    config: dict[str, Any] = dict(_CLOSED)
    if threads is not None:
        config["threads"] = threads
    if memory is not None:
        config["memory_limit"] = memory
    for path in left(Path(tempfile.gettempdir()), _SPILL):
        shutil.rmtree(path, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_SPILL}.{mark()}.", ignore_cleanup_errors=True) as spill:
        con = duckdb.connect(":memory:", config={**config, "temp_directory": spill})
        try:
            con.execute(
                f"SET enable_progress_bar = false; SET disabled_optimizers = '{disabled_optimizers}'; SET lock_configuration = true"
            )
            yield con
        finally:
            con.close()


@contextmanager
def beside(con: duckdb.DuckDBPyConnection, database: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A second database in the engine of ``con``, within the same memory, and removed at the end. What the connection that is given makes
    is made there; ``con`` reads it as ``database.table``."""
    con.execute(f"ATTACH ':memory:' AS {database}")
    try:
        with con.cursor() as cursor:
            cursor.execute(f"USE {database}")
            yield cursor
    finally:
        con.execute(f"DETACH {database}")


def at_once(con: duckdb.DuckDBPyConnection, jobs: Sequence[Job], each: Callable[[], None] = lambda: None) -> None:
    """Run the jobs side by side, each on its own cursor of the database with the variables of ``con``,
    as many at a time as it may take cores.

    Planning a wide query takes one core, and there are others. The first error is raised. ``each`` hears of
    every job that is done.
    """
    workers = min(len(jobs), int(con.execute("SELECT current_setting('threads')").fetchall()[0][0])) if len(jobs) > 1 else 1
    if workers < 2:
        for job in jobs:
            job(con)
            each()
        return
    kinds = con.execute("SELECT name, type FROM duckdb_variables() ORDER BY name").fetchall()
    variables = [(name, kind, con.execute(f"SELECT getvariable('{name}')").fetchall()[0][0]) for name, kind in kinds]
    database = con.execute("SELECT current_database()").fetchall()[0][0]

    def run(job: Job) -> None:
        with con.cursor() as cursor:
            cursor.execute(f'USE "{database}"')
            for name, kind, value in variables:
                cursor.execute(f"SET VARIABLE {name} = CAST(? AS {kind})", [value])
            job(cursor)

    with ThreadPoolExecutor(workers) as pool:
        try:
            for done in [pool.submit(run, job) for job in jobs]:
                done.result()
                each()
        except BaseException:  # Ctrl+C, too: what has not begun is not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            raise
