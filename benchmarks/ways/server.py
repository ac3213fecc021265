"""A PostgreSQL server with a schema of this benchmark's own, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from benchmarks.ways.answers import NotHereError

#: What a careful user sets for such work: both cores, room to sort, no compiling of each query.
_SETTINGS = {
    "work_mem": "256MB", "maintenance_work_mem": "512MB", "jit": "off", "max_parallel_workers_per_gather": "2", "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0", "min_parallel_table_scan_size": "0", "min_parallel_index_scan_size": "0",
}  # fmt: skip


class Server:
    def __init__(self, url: str) -> None:
        import psycopg

        self.con = psycopg.connect(_plain(url), autocommit=True)
        self.schema = f"planning_check_benchmark_{os.getpid()}"
        self.run(
            f"CREATE SCHEMA {self.schema}", f"SET search_path = {self.schema}, public", *(f"SET {k} = '{v}'" for k, v in _SETTINGS.items())
        )
        version, buffers = (self.columns(f"SHOW {name}")[0][0].split()[0] for name in ("server_version", "shared_buffers"))
        self.about = f"PostgreSQL {version}, shared_buffers {buffers}, work_mem {_SETTINGS['work_mem']}"

    def with_postgis(self) -> str:
        """The versions, once PostGIS is there."""
        try:
            self.run("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
        except self.con.Error as error:
            self.close()
            raise NotHereError("no PostGIS on the server") from error
        return f"{self.about}, PostGIS {self.columns('SELECT postgis_lib_version()')[0][0]}"

    def run(self, *statements: str) -> None:
        for statement in statements:
            if statement.strip():
                self.con.execute(statement)

    def load(self, copy: str, rows: Iterable[Sequence[Any]]) -> None:
        """Rows through COPY."""
        with self.con.cursor() as cursor, cursor.copy(copy) as into:
            for row in rows:
                into.write_row(row)

    def columns(self, query: str) -> list[np.ndarray]:
        """The columns of a query's result."""
        cursor = self.con.execute(query)
        rows = cursor.fetchall()
        return [np.array([row[n] for row in rows]) for n in range(len(cursor.description))]

    def close(self) -> None:
        self.run(f"DROP SCHEMA {self.schema} CASCADE")
        self.con.close()


def _plain(url: str) -> str:
    """The address as libpq reads it: SQLAlchemy's has the driver in it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
