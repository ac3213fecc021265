"""The one opener of DuckDB: the engine that every check and every reading of a run works in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: It reads no file, loads no extension and asks no network, whatever a delivery or a rule makes it run.
_CLOSED = {"enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@contextmanager
def opened(disabled_optimizers: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, closed at the end; what does not fit is spilled into a folder of its own that is removed with it.

    No bar of progress: DuckDB would write it to stdout, into whatever is being exported. No setting can be changed afterwards.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="planning_check_", ignore_cleanup_errors=True) as spill:
        con = duckdb.connect(":memory:", config={**_CLOSED, "temp_directory": spill})
        try:
            con.execute(
                f"SET enable_progress_bar = false; SET disabled_optimizers = '{disabled_optimizers}'; SET lock_configuration = true"
            )
            yield con
        finally:
            con.close()
